"""`!pip install`, `%pip install` and `%conda install` in the cells of notebooks.

A notebook shows the project or tries it out: what it installs is in the group `group:notebook`,
except at the top of a tree that has no manifest, where the notebook is the project.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from aisbom.collect import get_collector
from aisbom.collect.commands.install_commands import MANIFEST, list_commands, read_command
from aisbom.model import Gap, Location, Observation, Row
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "notebook-installs"
MAX_READ = 32 * 1024 * 1024
MAX_CELLS = 5_000
MAX_PACKAGES = 500

_SHELL = re.compile(r"%%(?:bash|sh|shell|script\s+(?:bash|sh))\b")
_LINE = re.compile(
    r"\s{0,40}[!%]\s{0,8}(?=(?:pip|uv|conda|mamba|python|sudo|[^\s/]{0,80}/\S{0,80}pip"
    r"|\{sys\.executable\}\s{1,8}-m\s{1,8}pip)\b)"
)


def collect(file: File) -> Iterator[Row]:
    """The packages that the cells of a notebook install, each once."""
    if file.size > MAX_READ:
        return  # said where references are looked for
    data = file.read(MAX_READ)
    if b"install" not in data or not (b"pip" in data or b"conda" in data or b"mamba" in data):
        return
    try:
        notebook = json.loads(decode(data))
    except (ValueError, RecursionError):
        return  # likewise
    alone = not file.folder and not any(MANIFEST.fullmatch(name) for name in file.siblings())
    group = "runtime" if alone else "group:notebook"
    seen: set[str] = set()
    for at, command in _commands(file, notebook):
        for row in read_command(command, NAME, file.folder, at, group):
            if isinstance(row, Observation):
                if len(seen) >= MAX_PACKAGES:
                    yield Gap(NAME, at, f"more than {MAX_PACKAGES} packages: not read")
                    return
                seen.add(row.purl)
            yield row


def _commands(file: File, notebook: Any) -> Iterator[tuple[Location, str]]:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    for number, cell in enumerate(cells[:MAX_CELLS] if isinstance(cells, list) else (), 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source")
        parts = source if isinstance(source, list) else [source]
        lines = "".join(part for part in parts if isinstance(part, str)).split("\n")
        shell = bool(_SHELL.match(lines[0]))
        shown = [
            line if shell else _plain(line) if _goes_on(lines, n) else ""
            for n, line in enumerate(lines)
        ]
        for line, command in list_commands(shown):
            yield Location(f"{file.path}!/cell-{number}", line), command.strip()


def _plain(line: str) -> str:
    """A command without the mark before it; `{sys.executable}` is the interpreter."""
    return _LINE.sub("", line.replace("!{sys.executable}", "!python"))


def _goes_on(lines: list[str], number: int) -> bool:
    """Whether a line is a command, or goes on with one."""
    while number and lines[number - 1].rstrip().endswith("\\"):
        number -= 1
    return _LINE.match(lines[number]) is not None


COLLECTOR = get_collector(NAME)
