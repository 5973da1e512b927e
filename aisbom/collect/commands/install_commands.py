"""`pip install` and `conda install` in shell scripts, and in the README of a project that has no
manifest: what the set-up of the project installs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.lazy_module import Function, compile_later
from aisbom.model import Gap, Row
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "install-commands"
MAX_READ = 1024 * 1024
MAX_ROWS = 2_000

_read_pip = Function("aisbom.collect.commands.installed_packages", "read_pip")
_read_conda = Function("aisbom.collect.commands.installed_packages", "read_conda")
_BEFORE = r"\s*(?:(?:then|do|else|sudo|time|[A-Za-z_]\w{0,40}=\S{0,200})\s+)*"
_CONDA = compile_later(rf"{_BEFORE}(?:\S{{0,200}}/)?(?:conda|mamba|micromamba)\s+install\s")
_PIP = compile_later(
    rf"{_BEFORE}"
    r"(?:(?:\S{0,200}/)?python[\d.]{0,5}\s+-m\s+|uv\s+|conda\s+run\s+(?:-n\s+\S{1,60}\s+)?)?"
    r"(?:\S{0,200}/)?pip[\d.]{0,5}\s+install\s"
)
_PROMPT = compile_later(r"\s*(?:[$%!>]\s*)?")
_FENCE = compile_later(r"\s{0,3}(?:[-*+\d.]{0,3}\s{0,4})(?:`{3,}|~{3,})")
_HERE = compile_later(r"<<-?\s{0,4}(['\"]?)([A-Za-z_]\w{0,40})\1")
_MANIFEST = compile_later(
    r"(?:requirements?[^/]{0,60}\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|pipfile"
    r"|environment[^/]{0,60}\.ya?ml|conda[^/]{0,60}\.ya?ml|dockerfile.{0,60}|[^/]{1,60}\.lock)",
    re.IGNORECASE,
)


def collect(file: File) -> Iterator[Row]:
    """The packages that a script, or a README without a manifest beside it, installs."""
    if file.size > MAX_READ:
        return  # others say so
    data = file.head(MAX_READ)
    if b"install" not in data or b"\0" in data:
        return
    script = file.name.endswith((".sh", ".bash"))
    if not script and (file.folder or any(_MANIFEST.fullmatch(name) for name in file.siblings())):
        return
    lines = decode(data).split("\n")
    found = 0
    for number, command in _commands(lines) if script else _shown(lines):
        for row in _rows(command, file, number):
            found += 1
            yield row
        if found > MAX_ROWS:
            yield Gap(NAME, file.at(number), f"more than {MAX_ROWS:,} packages: not read")
            return


def _rows(command: str, file: File, number: int) -> Iterator[Row]:
    if _PIP.match(command):
        yield from _read_pip(command, NAME, file, number)
    elif _CONDA.match(command):
        yield from _read_conda(command, NAME, file, number)


def _commands(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(line, command) of a script: continued lines joined; comments and here-documents left out."""
    joined, first, ends = "", 0, ""
    for number, line in enumerate(lines, 1):
        if ends:
            ends = "" if line.strip() == ends else ends
            continue
        if not joined and line.lstrip().startswith("#"):
            continue
        first = first if joined else number
        joined += line.rstrip().removesuffix("\\") + " "
        if line.rstrip().endswith("\\") and len(joined) < 20_000:
            continue
        yield from ((first, part) for part in re.split(r"&&|\|\||[;|]", joined[:20_000])[:200])
        opened = _HERE.search(joined[:4_000])
        joined, ends = "", opened[2] if opened and opened[2] in map(str.strip, lines) else ""


def _shown(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(line, command) of the code blocks of a README."""
    inside = False
    block: list[str] = []
    first = 0
    for number, line in enumerate([*lines, "```"], 1):
        if _FENCE.match(line[:200]):
            if inside:
                yield from ((first + n - 1, words) for n, words in _commands(block))
            inside, block, first = not inside, [], number + 1
        elif inside:
            block.append(_PROMPT.sub("", line[:4_000], count=1))


COLLECTOR = get_collector(NAME)
