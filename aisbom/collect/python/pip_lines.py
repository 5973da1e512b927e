"""The line grammar of pip's requirements files: continued lines, comments, options; also used for
the pip list of conda.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aisbom.collect.python import requirement
from aisbom.collect.python.requirement import ParsedRequirement
from aisbom.source.faults import length
from aisbom.source.tree import Unreadable

_COMMENT = re.compile(r"(?:^|\s)#.*$")
_OPTION = re.compile(r"(--[A-Za-z][A-Za-z0-9-]*|-[A-Za-z])")
_QUOTED = re.compile(r"""\s*+=?\s*+(?:"([^"]*)"|'([^']*)')(?:\s+|$)""")
_WORD = re.compile(r"\s*+=?\s*+(\S+)(?:\s+|$)")
_OWN_OPTIONS = re.compile(r"\s(?=--?[A-Za-z])")
_HASH = re.compile(r"--hash(?:\s*=\s*|\s+)[\"']?(\w+):([0-9a-fA-F]+)")

_INCLUDE = {
    "-r": "requirement",
    "--requirement": "requirement",
    "-c": "constraint",
    "--constraint": "constraint",
}
_INDEX = {
    "-i": "index",
    "--index-url": "index",
    "--pypi-url": "index",
    "--extra-index-url": "extra-index",
}
_EDITABLE = frozenset({"-e", "--editable"})
_FLAGS = frozenset(
    {
        "--no-index",
        "--pre",
        "--prefer-binary",
        "--require-hashes",
        "--no-deps",
        "--use-wheel",
        "--no-use-wheel",
        "-Z",
        "--always-unzip",
    }
)
_VALUED = frozenset(
    {
        "-f",
        "--trusted-host",
        "--no-binary",
        "--only-binary",
        "--use-feature",
        "--find-links",
        "--config-settings",
        "--uploaded-prior-to",
    }
)

DEFAULT_INDEX = re.compile(r"https?://pypi\.(?:org|python\.org)/simple/?")


@dataclass(frozen=True, slots=True)
class Include:
    """`-r` (kind `requirement`) or `-c` (kind `constraint`) of another file."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Index:
    """Where pip looks besides or instead of PyPI: kind `index` or `extra-index`."""

    kind: str
    url: str


def logical(text: str) -> Iterator[tuple[int, str]]:
    """(line number, words) of every line that says something: continued lines joined at the first,
    comments removed.
    """
    joined: list[str] = []
    start = 0
    for number, row in enumerate(text.split("\n"), 1):
        comment = row.lstrip().startswith("#")
        if not joined:
            start = number
        if row.endswith("\\") and not comment:
            joined.append(row[:-1])
            continue
        if not comment:
            joined.append(row)
        words = _COMMENT.sub("", "".join(joined)).strip()
        joined = []
        if words:
            yield start, words
    if words := _COMMENT.sub("", "".join(joined)).strip():
        yield start, words


def read(words: str, folder: str) -> Iterator[Include | Index | ParsedRequirement]:
    """What one logical line says; paths of requirements are relative to `folder`. Raises Unreadable
    for a bad line.
    """
    if "\0" in words:
        raise Unreadable("a null byte in the line: not read")
    if len(words) > 1_000_000:
        raise Unreadable("a line of more than a million characters: not read")
    if words.startswith("-"):
        if len(words) > 20_000:
            raise Unreadable("an option of more than 20,000 characters: not read")
        yield from _options(words, folder)
    else:
        yield _requirement(words, folder, editable=False)


def _requirement(words: str, folder: str, editable: bool) -> ParsedRequirement:
    parts = _OWN_OPTIONS.split(words, maxsplit=1)
    if editable:
        # What pip takes here is always a place: a bare name is a folder.
        plain = parts[0].strip("\"'")
        named = re.match(r"[A-Za-z0-9._-]+\s*+(?:\[[^\]]*\])?\s*+@\s", plain)
        asked = (
            requirement.read(plain, folder).having(("editable", "yes"))
            if named
            else requirement.direct(
                plain if requirement.is_direct(plain) else f"./{plain}", folder, editable=True
            )
        )
    else:
        asked = requirement.read(parts[0], folder)
    if len(parts) > 1:
        asked = asked.having(
            *(
                ("hash", f"{kind.lower()}:{value.lower()}")
                for kind, value in _HASH.findall(parts[1])
            )
        )
    return asked


def _options(words: str, folder: str) -> Iterator[Include | Index | ParsedRequirement]:
    rest = words
    while rest:
        found = _OPTION.match(rest)
        if not found:
            raise Unreadable(f"not an option of pip ({length(rest)})")
        name, rest = found[1], rest[found.end() :]
        if name in _FLAGS:
            rest = rest.lstrip()
            continue
        if name in _EDITABLE:
            place = rest.lstrip(" \t=")
            if not place:
                raise Unreadable(f"{name} without a value")
            yield _requirement(place, folder, editable=True)
            return
        if name not in _INCLUDE and name not in _INDEX and name not in _VALUED:
            raise Unreadable(f"an option that is not known: {name}")
        value = _QUOTED.match(rest) or _WORD.match(rest)
        if not value:
            raise Unreadable(f"{name} without a value")
        rest = rest[value.end() :]
        words = next(group for group in value.groups() if group is not None)
        if name in _INCLUDE:
            yield Include(_INCLUDE[name], words)
        elif name in _INDEX:
            yield Index(_INDEX[name], words)
