"""`pip install` and `conda install` in shell scripts and in the README at the top: what the set-up
of the project installs.

Beside a manifest a README repeats it and shows alternatives: what it names there is in the group
`shown`, and is kept only where nothing else asks for it and the product's code imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.lazy_module import Function, compile_later
from aisbom.model import Gap, Location, Observation, Row
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "install-commands"
MAX_READ = 1024 * 1024
MAX_PACKAGES = 2_000

_read_pip = Function("aisbom.collect.commands.installed_packages", "read_pip")
_read_conda = Function("aisbom.collect.commands.installed_packages", "read_conda")
_join_lines = Function("aisbom.collect.commands.joined_lines", "join_lines")
_here_documents = Function("aisbom.collect.references.here_documents", "here_documents")
_BEFORE = r"\s*(?:(?:then|do|else|sudo|time|[A-Za-z_]\w{0,40}=\S{0,200})\s+)*"
_CONDA = compile_later(rf"{_BEFORE}(?:\S{{0,200}}/)?(?:conda|mamba|micromamba)\s+install\s")
_PIP = compile_later(
    rf"{_BEFORE}"
    r"(?:(?:\S{0,200}/)?python[\d.]{0,5}\s+-m\s+|uv\s+|conda\s+run\s+(?:-n\s+\S{1,60}\s+)?)?"
    r"(?:\S{0,200}/)?pip[\d.]{0,5}\s+install\s"
)
_PROMPT = compile_later(r"\s*(?:[$%!>]\s*)?")
_FENCE = compile_later(r"\s{0,3}(?:[-*+\d.]{0,3}\s{0,4})(?:`{3,}|~{3,})")
MANIFEST = compile_later(
    r"(?:requirements?[^/]{0,60}\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|pipfile"
    r"|environment[^/]{0,60}\.ya?ml|conda[^/]{0,60}\.ya?ml|dockerfile.{0,60}|[^/]{1,60}\.lock)",
    re.IGNORECASE,
)


def collect(file: File) -> Iterator[Row]:
    """The packages that a script or a README installs."""
    script = file.name.endswith((".sh", ".bash"))
    if file.size > MAX_READ or (file.folder and not script):
        return  # others say what is too large
    data = file.head(MAX_READ)
    if b"install" not in data or b"\0" in data:
        return
    beside = not script and any(MANIFEST.fullmatch(name) for name in file.siblings())
    group = "shown" if beside else "runtime"
    lines = decode(data).split("\n")
    found = 0
    for number, command in list_commands(lines) if script else _list_shown(lines):
        for row in read_command(command, NAME, file.folder, file.at(number), group):
            found += isinstance(row, Observation)
            if found > MAX_PACKAGES:
                yield Gap(NAME, file.at(number), f"more than {MAX_PACKAGES:,} packages: not read")
                return
            yield row


def read_command(
    command: str, collector: str, folder: str, at: Location, group: str
) -> Iterator[Row]:
    """What one command installs, if it is one of pip or conda."""
    if _PIP.match(command):
        yield from _read_pip(command, collector, folder, at, group)
    elif _CONDA.match(command):
        yield from _read_conda(command, collector, at, group)


def list_commands(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(line, command) of a script; what here-documents hold is no command."""
    for number, joined in _join_lines(_without_documents(lines)):
        yield from ((number, part) for part in re.split(r"&&|\|\||[;|]", joined)[:200])


def _without_documents(lines: list[str]) -> list[str]:
    """The lines with those of here-documents emptied."""
    text, left = "\n".join(lines), list(lines)
    for one in _here_documents(text) if "<<" in text else ():
        count = one.body.count("\n") + 1
        left[one.first - 1 : one.first - 1 + count] = [""] * count
    return left


def _list_shown(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(line, command) of the code blocks of a README."""
    inside = False
    block: list[str] = []
    first = 0
    for number, line in enumerate([*lines, "```"], 1):
        fence = _FENCE.match(line[:200]) is not None
        words = line.strip().strip("`~").strip()
        if fence and not inside and words and line.rstrip().endswith(("```", "~~~")):
            # A command and its fences in one line.
            shown = list_commands([_PROMPT.sub("", words[:4_000], count=1)])
            yield from ((number, one) for _, one in shown)
            continue
        if fence:
            if inside:
                yield from ((first + n - 1, words) for n, words in list_commands(block))
            inside, block, first = not inside, [], number + 1
        elif inside:
            block.append(_PROMPT.sub("", line[:4_000], count=1))


COLLECTOR = get_collector(NAME)
