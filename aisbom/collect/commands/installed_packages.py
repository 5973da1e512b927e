"""The packages that one `pip install` or `conda install` names."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise

from aisbom.collect.conda import conda_spec
from aisbom.collect.python import requirement
from aisbom.model import Gap, Location, Row
from aisbom.source.faults import length
from aisbom.source.tree import Unreadable

_TOOLS = frozenset({"pip", "setuptools", "wheel"})
# Options of pip that take a value of their own.
_VALUED = frozenset(
    (
        *("-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url"),
        *("-f", "--find-links", "-t", "--target", "--prefix", "--root", "--python", "-p"),
        *("--platform", "--python-version", "--only-binary", "--no-binary", "--trusted-host"),
        *("--cache-dir", "--timeout", "--retries", "--proxy", "--cert", "--index", "--src"),
        *("--default-index", "--index-strategy", "--torch-backend", "--build-constraint"),
        *("--config-settings", "--global-option", "--install-option", "--log", "--progress-bar"),
    )
)
_VALUED_BY_CONDA = frozenset(
    {"-c", "--channel", "-n", "--name", "-p", "--prefix", "--file", "--revision", "--solver"}
)
_PATH = re.compile(r"\.{0,2}/|\.$|\.\.?[\\/]|.*\.(?:whl|tar\.gz|zip)(?:\[[\w,]*\])?$|.*[*<>]\S*/")


def read_pip(
    command: str, collector: str, folder: str, at: Location, group: str = "runtime"
) -> Iterator[Row]:
    """The requirements among the words of one `pip install` at this place of a file in `folder`;
    files, folders and `-r` have readers of their own.
    """
    for word in _arguments(command, _VALUED):
        if "$" in word:
            words_ = f"pip install: a computed word ({length(word)}), not read"
            yield Gap(collector, at, words_)
            continue
        try:
            asked = requirement.read(word, folder)
        except Unreadable:
            continue
        scope = "build" if asked.name.lower() in _TOOLS else group
        yield from requirement.rows(asked, collector, at, command[:200], (scope,))


def read_conda(command: str, collector: str, at: Location, group: str = "runtime") -> Iterator[Row]:
    """The packages of one `conda install` at this place, with the channels that it names."""
    words = command.split()
    channels = tuple(
        ("channel", conda_spec.channel_name(value))
        for option, value in pairwise(words)
        if option in ("-c", "--channel") and value not in ("defaults", "nodefaults")
    )
    for word in _arguments(command, _VALUED_BY_CONDA):
        try:
            asked = conda_spec.read(word)
        except Unreadable:
            continue
        chosen = any(key == "channel" and value for key, value in asked.facts)
        yield from requirement.rows(
            asked if chosen else asked.having(*channels),
            collector,
            at,
            conda_spec.without_token(command[:200]),
            (group,),
        )


def _arguments(command: str, valued: frozenset[str]) -> Iterator[str]:
    """The words behind `install` that are no option, value of one, or path."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        words = command.split()
    start = words.index("install") + 1 if "install" in words else len(words)
    skip = False
    for word in words[start:]:
        if word.startswith("("):
            return  # `dlib (only for faces)`: words about it
        if skip or word.startswith("-"):
            skip = not skip and word in valued
        elif not _PATH.match(word) and word not in ("\\", "2>&1"):
            yield word
