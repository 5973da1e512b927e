"""References in Jupyter notebooks: the code cells as one module, shell lines as command lines;
magics are taken out, outputs not read.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from aisbom.collect import get_collector
from aisbom.collect.references import (
    loader_signs,
    mentions,
    prose,
    python_references,
    python_trees,
)
from aisbom.collect.references.command_lines import Locator, logical, references
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.python_names import Names
from aisbom.collect.references.rows import Source
from aisbom.model import Gap, Location, Row
from aisbom.source.faults import fault
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

NAME = "notebook-references"
MAX_READ = 32 * 1024 * 1024
MAX_CELLS = 5000
MAX_CODE = 1024 * 1024

_SIGNS = re.compile(rb"ollama|--model|huggingface[.]co/|hf download|model|dataset", re.IGNORECASE)
_WRITES = re.compile(r"%%writefile\s+(?:-a\s+)?\S*?(?P<kind>\.py|\.sh|\.bash)\s*")
_ASSIGNS = re.compile(r"(\s*)[A-Za-z_]\w*\s*=\s*[!%](?=[A-Za-z])")
"""`files = !ls`, `out = %time f()`."""
_OTHER_LANGUAGE = re.compile(r"%%(?!time|timeit|capture|prun|memit|skip)(\w+)")


def collect(file: File) -> Iterator[Row]:
    """The models, data sets and services that the cells of a notebook name."""
    data = file.read(MAX_READ)
    if not (python_references.is_relevant(data) or _SIGNS.search(data)):
        return
    try:
        notebook = json.loads(decode(data))
    except ValueError as error:
        raise Unreadable(f"not JSON: {fault(error)}: references not looked for") from error
    except RecursionError as error:
        raise Unreadable("nested too deeply: references not looked for") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if (
        cells is None
        and isinstance(notebook, dict)
        and isinstance(notebook.get("worksheets"), list)
    ):
        cells = [
            c
            for sheet in notebook["worksheets"][:50]
            if isinstance(sheet, dict)
            for c in sheet.get("cells") or []
        ]
    if not isinstance(cells, list):
        raise Unreadable("no list of cells: references not looked for")
    yield from _cells(file, cells, data)


def _cells(file: File, cells: list[Any], data: bytes) -> Iterator[Row]:
    body: list[ast.stmt] = []
    offsets: list[tuple[int, int, list[str]]] = []
    line = size = 0
    for number, cell in enumerate(cells[:MAX_CELLS], 1):
        text = _code(cell)
        place = Location(f"{file.path}!/cell-{number}")
        yield from _read_cell_text(cell, place)
        size += len(text)
        if size > MAX_CODE:
            yield Gap(
                NAME, file.at(), f"more than {MAX_CODE:,} characters of code: the rest was not read"
            )
            break
        if not text.strip():
            continue
        python, shell = _split_cells(text)
        if shell:
            yield from dict.fromkeys(
                references(logical(shell), Source(NAME), Locator(place, 1, text.split("\n")))
            )
        try:
            tree = python_trees.parse_python(python)
        except Unreadable as error:
            yield Gap(NAME, place, str(error))
            continue
        for node in ast.walk(tree):
            if hasattr(node, "lineno"):
                node.lineno += line
        body += tree.body
        offsets.append((line, number, text.split("\n")))
        line += text.count("\n") + 1

    def where(at: int) -> tuple[Location, str]:
        start, number, lines = next((o for o in reversed(offsets) if o[0] < at), (0, 1, [""]))
        inner = at - start
        return Location(f"{file.path}!/cell-{number}", inner), lines[inner - 1].strip()[
            :400
        ] if 0 < inner <= len(lines) else ""

    if body:
        downloads = any(word in data for word in loader_signs.DOWNLOADS)
        yield from python_references.read_module(
            Module(Names(ast.Module(body, []))), Source(NAME), where, downloads=downloads
        )


def python_cells(document: object) -> Iterator[str]:
    """The Python of each code cell of a notebook, its magics blanked out."""
    cells = document.get("cells") if isinstance(document, dict) else None
    for cell in cells[:MAX_CELLS] if isinstance(cells, list) else ():
        if (python := _split_cells(_code(cell))[0]).strip():
            yield python


def _read_cell_text(cell: Any, place: Location) -> Iterator[Row]:
    """What the text of a cell names, whether code or prose."""
    markdown = isinstance(cell, dict) and cell.get("cell_type") == "markdown"
    yield from mentions.mentions(
        _source(cell),
        Source(NAME, "other"),
        lambda line: Location(place.path, line, place.member),
        document=markdown,
    )
    source = Source(NAME, "other")
    if markdown:
        yield from prose.of_document(_source(cell), source, lambda line: Location(place.path, line))
    elif text := _code(cell):
        yield from prose.of_comments(
            text, source, lambda line: Location(place.path, line), place.path
        )


def _code(cell: Any) -> str:
    return _source(cell) if isinstance(cell, dict) and cell.get("cell_type") == "code" else ""


def _source(cell: Any) -> str:
    text = cell.get("source", cell.get("input", "")) if isinstance(cell, dict) else ""
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else ""


def _split_cells(text: str) -> tuple[str, str]:
    """(Python with magics blanked out, shell lines with the rest blanked out): the lines keep their
    numbers.
    """
    first = next((row for row in text.split("\n") if row.strip()), "")
    if match := _WRITES.match(first):
        rest = text.replace(first, "", 1)
        return (rest, "") if match["kind"] == ".py" else ("", rest)
    if match := _OTHER_LANGUAGE.match(first):
        return "", text.replace(first, "", 1) if match[1] in ("bash", "sh", "script") else ""
    python, shell = [], []
    continued = False
    for row in text.split("\n"):
        stripped = row.lstrip()
        if assigned := _ASSIGNS.match(row):
            python.append(f"{assigned[1]}pass")
            shell.append(row[assigned.end() :])
            continue
        magic = continued or stripped.startswith(("!", "%", "?")) or stripped.endswith("?")
        inside = row[: len(row) - len(stripped)]
        python.append(
            f"{inside}pass" if magic and inside and not continued else "" if magic else row
        )
        shell.append(stripped.lstrip("!%") if magic else "")
        continued = magic and row.rstrip().endswith("\\")
    return "\n".join(python), "\n".join(shell) if any(shell) else ""


COLLECTOR = get_collector(NAME)
