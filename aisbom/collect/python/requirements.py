"""pip's requirements and constraints files, with what they include.

Sources of the format: pip's documentation, "Requirements File Format" and "Constraints Files".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.python import pip_lines, requirement
from aisbom.model import Gap, Row
from aisbom.source.faults import length, shown_path
from aisbom.source.tree import File, Unreadable

NAME = "requirements"
MAX_FILES = 256
MAX_BAD = 200

_NAMED = re.compile(r"requirements?|requirments?|constraints|^reqs?\.")
_WORDS = frozenset(
    (
        *("dev", "devel", "development", "test", "tests", "testing", "lint", "style", "typing"),
        *("mypy", "doc", "docs", "readthedocs", "rtd", "build", "release", "ci", "coverage"),
        *("example", "examples", "demo", "demos", "bench", "benchmark", "benchmarks"),
        *("notebook", "notebooks", "tutorial", "tutorials"),
    )
)


def collect(file: File) -> Iterator[Row]:
    """A requirement for every line of this file and of the files that it includes."""
    # the pattern of the folder also matches what lies deeper below it
    if _NAMED.search(file.name) or file.folder.rpartition("/")[2] == "requirements":
        yield from read(file, constraint=file.name.startswith("constraints"))


def read(top: File, constraint: bool = False) -> Iterator[Row]:
    """Rows of a requirements file and of its includes; every row stands at the line of the file
    that states it.
    """
    done: set[tuple[str, bool]] = set()
    waiting: list[tuple[File, bool, tuple[str, ...]]] = [(top, constraint, ())]
    while waiting:
        file, constraint, above = waiting.pop()
        if (file.path, constraint) in done:
            continue
        if len(done) >= MAX_FILES:
            yield Gap(
                NAME, top.at(), f"includes more than {MAX_FILES} files: the rest was not read"
            )
            return
        done.add((file.path, constraint))
        chain = (*above, file.path)
        try:
            text = file.text()
        except Unreadable as error:
            yield Gap(NAME, file.at(), str(error))
            continue
        for found in _lines(file, text, constraint):
            if not isinstance(found, tuple):
                yield found
                continue
            number, include = found
            included = target(file, include.target)
            if isinstance(included, str):
                yield Gap(NAME, file.at(number), included)
            elif included.path in chain:
                shown = shown_path(include.target)
                reason = f"{shown} includes this file again: the circle was read once"
                yield Gap(NAME, file.at(number), reason)
            else:
                waiting.append((included, include.kind == "constraint", chain))


def _lines(
    file: File, text: str, constraint: bool
) -> Iterator[Row | tuple[int, pip_lines.Include]]:
    groups = ("constraint",) if constraint else (group(file),)
    lines = tuple(pip_lines.logical(text))
    places = tuple(_indexes(lines))
    bad = 0
    for number, words in lines:
        try:
            for said in pip_lines.read(words, file.folder):
                if isinstance(said, pip_lines.Include):
                    yield number, said
                elif isinstance(said, requirement.ParsedRequirement):
                    yield from requirement.rows(
                        said.having(*places), NAME, file.at(number), words, groups
                    )
        except Unreadable as error:
            bad += 1
            if bad <= MAX_BAD:
                yield Gap(NAME, file.at(number), str(error))
    if bad > MAX_BAD:
        yield Gap(NAME, file.at(), f"{bad - MAX_BAD:,} more lines that are no requirements")


def _indexes(lines: tuple[tuple[int, str], ...]) -> Iterator[tuple[str, str]]:
    """The package indexes that the file names anywhere: they hold for all of its lines."""
    for _, words in lines:
        if words.startswith("-") and re.search(r"index|-i|url", words):
            try:
                for said in pip_lines.read(words, ""):
                    if isinstance(said, pip_lines.Index) and not pip_lines.DEFAULT_INDEX.fullmatch(
                        said.url
                    ):
                        yield said.kind, said.url
            except Unreadable:
                continue  # said once, where the lines are read


def target(file: File, named: str) -> File | str:
    """The included file, or why it cannot be read."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", named):
        return f"includes a URL: not fetched ({length(named)})"
    if requirement.inside(file.folder, named) is None:
        return (
            "includes a file outside of the tree: not read:"
            f" {shown_path(named.replace(chr(92), '/').rpartition('/')[2])}"
        )
    found = file.sibling(named)
    return found or f"includes a file that does not exist: {shown_path(named)}"


def group(file: File) -> str:
    """What the lines are for, by the words of the file name: `group:dev` for requirements-dev.txt,
    else `runtime`.
    """
    for word in re.split(r"[^a-z0-9]+", file.name.lower()):
        if word in _WORDS:
            return f"group:{word}"
    return "runtime"


COLLECTOR = get_collector(NAME)
