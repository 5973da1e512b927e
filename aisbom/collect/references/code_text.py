"""The text of a source file that is not parsed: where its lines are, which of them are comments,
and what of services and served models stands in its quotes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from aisbom.collect.models.hub_names import HOSTED
from aisbom.collect.references.hosts import host_of, private
from aisbom.collect.references.key_words import KEY
from aisbom.collect.references.rows import Source
from aisbom.lazy_module import compile_later
from aisbom.model import Location, Row
from aisbom.source.text import decode
from aisbom.source.tree import File

MAX_READ = 512 * 1024
MAX_LINE = 2_000
"""A file with longer lines is the output of a bundler: what it holds belongs to its packages."""
MAX_MODELS = 24

_QUOTED = compile_later(r"['\"`](?P<text>https?://[^'\"`\s]{4,300})")
_REGION = compile_later(r"(?<=//)(?:%[sv]|\{\w*\}|\$\{\w+\})-")
"""Where code fills in a region: `https://%s-aiplatform.googleapis.com`."""
_SERVED = compile_later(
    rf"['\"`](?:(?P<router>[a-z][\w\-]{{1,30}})/)?(?P<name>{HOSTED.pattern})['\"`]"
)
"""Names of models that are only served, alone or behind the name of whose they are."""
_COMMENT = compile_later(r"[ \t]*(?://|\*|/\*)")

Seen = tuple[Location, str]
"""A place and the words of its line."""


class CodeText:
    """The text of one file, in a language whose comments begin with `//` or `*`."""

    def __init__(self, text: str, starts: list[int], file: File) -> None:
        self.text = text
        self._starts = starts
        self._file = file

    def at(self, offset: int) -> Seen:
        """The line that holds a position."""
        line = bisect_right(self._starts, offset)
        words = self.text[self._starts[line - 1] :].partition("\n")[0]
        return self._file.at(line), words.strip()

    def is_comment(self, offset: int) -> bool:
        """Whether the line that holds a position is a comment."""
        start = self._starts[bisect_right(self._starts, offset) - 1]
        return _COMMENT.match(self.text, start) is not None

    def keys(self, variable: re.Pattern[str]) -> Iterator[tuple[str, Seen]]:
        """The variables that hold a key, each once: what the one group of `variable` that fits
        names.
        """
        found: dict[str, Seen] = {}
        for match in variable.finditer(self.text):
            name = next(filter(None, match.groups()))
            if KEY.fullmatch(name) and not self.is_comment(match.start()):
                found.setdefault(name, self.at(match.end()))
        yield from found.items()

    def hosts(self, source: Source) -> Iterator[Row]:
        """Addresses in quotes; the knowledge knows which are interfaces of a service."""
        found: dict[str, Seen] = {}
        for match in _QUOTED.finditer(self.text):
            host = host_of(_REGION.sub("", match["text"]).partition("$")[0])
            if host and not private(host) and not self.is_comment(match.start()):
                found.setdefault(host, self.at(match.start()))
        for host, at in found.items():
            yield from source.service(host.partition(":")[0], "host", *at, endpoint=host)

    def served_models(self, source: Source) -> Iterator[Row]:
        """Models that are only served: behind the name of whose they are they name the service,
        alone the rest of the scan says whether it is reached.
        """
        found: dict[str, tuple[Seen, bool]] = {}
        for match in _SERVED.finditer(self.text):
            if not self.is_comment(match.start()):
                found.setdefault(match["name"], (self.at(match.start()), bool(match["router"])))
        for name, ((at, words), routed) in list(found.items())[:MAX_MODELS]:
            by = "" if routed else "word"
            yield from source.service(name, "model", at, words, model=name, named_by=by)


def list_services(
    code: CodeText,
    source: Source,
    clients: Mapping[str, Seen],
    bases: Mapping[str, Seen],
    keys: Iterable[tuple[str, Seen]],
) -> Iterator[Row]:
    """What the clients, base URLs, keys, hosts and served models of one file say of services.

    `clients` are those that name their provider, `bases` the hosts of base URLs by name, `""` for
    one that is not settled, and `keys` the variables of those keys that tell a provider.
    """
    for host, (at, words) in bases.items():
        if host:
            yield from source.service(host.partition(":")[0], "class", at, words, endpoint=host)
    for client, (at, words) in clients.items():
        yield from source.service(client, "class", at, words)
    for name, (at, words) in keys:
        yield from source.service(name, "env", at, words, authenticated="yes")
    yield from code.hosts(source)
    yield from code.served_models(source)


def read_code(file: File) -> CodeText | None:
    """The text of a file; None where it is too large, or no source that somebody wrote."""
    if file.size > MAX_READ:
        return None
    text = without_inline_tests(decode(file.read(MAX_READ)), file)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    if any(end - start > MAX_LINE for start, end in pairwise([*starts, len(text)])):
        return None
    return CodeText(text, starts, file)


_INLINE_TESTS = compile_later(r"^#\[cfg\(test\)\]\s{0,80}mod \w+ \{", re.MULTILINE)


def without_inline_tests(text: str, file: File) -> str:
    """The text of a Rust file before the module of its tests, which stands at its end: what only
    tests name is no part of the product. The text of any other file as it is.
    """
    tests = _INLINE_TESTS.search(text) if file.name.endswith(".rs") else None
    return text[: tests.start()] if tests else text
