"""Hosted services that TypeScript and JavaScript reach: clients by the package that is imported,
keys by the variable of the environment, hosts of interfaces, and models that are only served; and
models that transformers.js loads.

As in Python, a client that speaks to any server of OpenAI's interface names no provider where its
base URL is not settled, and neither does the key beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from aisbom.collect import get_collector
from aisbom.collect.models.hub_names import HOSTED
from aisbom.collect.references.client_packages import SCRIPT_CLIENTS
from aisbom.collect.references.key_words import KEY
from aisbom.collect.references.rows import Source, host_of, private
from aisbom.lazy_module import compile_later
from aisbom.model import Location, Row
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "javascript-references"
MAX_READ = 512 * 1024
MAX_LINE = 2_000
"""A file with longer lines is the output of a bundler: what it holds belongs to its packages."""
MAX_MODELS = 24

_IMPORT = compile_later(
    r"(?:^|[;\n])[ \t]*+(?:import\s++(?!type\b)[^'\";]{1,600}?\bfrom\s*+|import\s*+)"
    r"['\"](?P<module>[@\w][\w@./\-]{1,80})['\"]"
    r"|\b(?:require|import)\(\s*['\"](?P<called>[@\w][\w@./\-]{1,80})['\"]\s*\)"
)
_VARIABLE = compile_later(
    r"(?:process\.env|import\.meta\.env|Bun\.env)(?:\.|\[\s*['\"])(?P<name>[A-Z][A-Z0-9_]{3,60})"
    r"|\benv(?:\.get)?\(\s*['\"](?P<asked>[A-Z][A-Z0-9_]{3,60})['\"]"
    r"|^[ \t]*(?P<schema>[A-Z][A-Z0-9_]{3,60})\s*:\s*z\.",
    re.MULTILINE,
)
_BASE = compile_later(r"\b(?:baseURL|basePath|baseUrl|apiBase)\s*:\s*(?P<value>[^,}\n]{1,200})")
_QUOTED = compile_later(r"['\"`](?P<text>https?://[^'\"`\s]{4,300})")
_SERVED = compile_later(
    rf"['\"`](?:(?P<router>[a-z][\w\-]{{1,30}})/)?(?P<name>{HOSTED.pattern})['\"`]"
)
"""Names of models that are only served, alone or behind the name of whose they are."""
_ANYBODYS = frozenset({"openai", "@langchain/openai", "@ai-sdk/openai"})
"""Clients that speak to any server of OpenAI's interface."""
_LOADS = compile_later(
    r"(?:\bpipeline\(\s*['\"`][a-z0-9\-]{3,50}['\"`]\s*,\s*|\.from_pretrained\(\s*)"
    r"['\"`](?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95})['\"`]",
    re.ASCII,
)
"""transformers.js: `pipeline("feature-extraction", "owner/name")`."""
_COMMENT = re.compile(r"[ \t]*(?://|\*|/\*)")


def collect(file: File) -> Iterator[Row]:
    """The services that one file of TypeScript or JavaScript reaches."""
    if file.size > MAX_READ:
        return
    text = decode(file.read(MAX_READ))
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    if any(end - start > MAX_LINE for start, end in pairwise([*starts, len(text)])):
        return
    read = _File(text, starts, file)
    source = Source(NAME)
    packages = dict(read.packages())
    bases = dict(read.bases())
    open_base = "" in bases
    for host, (at, words) in bases.items():
        if host:
            yield from source.service(host.partition(":")[0], "class", at, words, endpoint=host)
    for package, (at, words) in packages.items():
        if package not in _ANYBODYS or not bases:
            yield from source.service(f"npm:{package}", "class", at, words)
    for name, (at, words) in read.variables():
        if not (open_base and name.startswith("OPENAI")):
            yield from source.service(name, "env", at, words, authenticated="yes")
    yield from read.hosts(source)
    yield from read.models(source)
    yield from read.find_loaded_models(source)


Seen = tuple[Location, str]
"""A place and the words of its line."""


class _File:
    """The text of a file, and where its lines are."""

    def __init__(self, text: str, starts: list[int], file: File) -> None:
        self._text = text
        self._starts = starts
        self._file = file

    def _at(self, offset: int) -> Seen:
        line = bisect_right(self._starts, offset)
        words = self._text[self._starts[line - 1] :].partition("\n")[0]
        return self._file.at(line), words.strip()

    def _is_comment(self, offset: int) -> bool:
        start = self._starts[bisect_right(self._starts, offset) - 1]
        return _COMMENT.match(self._text, start) is not None

    def packages(self) -> Iterator[tuple[str, Seen]]:
        """The clients that are imported, each once; of `openai/resources` it is `openai`."""
        for match in _IMPORT.finditer(self._text):
            group = "module" if match["module"] else "called"
            parts = match[group].split("/")
            package = "/".join(parts[: 2 if parts[0].startswith("@") else 1])
            if package in SCRIPT_CLIENTS and not self._is_comment(match.start(group)):
                yield package, self._at(match.start(group))

    def variables(self) -> Iterator[tuple[str, Seen]]:
        """The variables that hold a key."""
        found: dict[str, Seen] = {}
        for match in _VARIABLE.finditer(self._text):
            name = match["name"] or match["asked"] or match["schema"]
            if KEY.fullmatch(name) and not self._is_comment(match.start()):
                found.setdefault(name, self._at(match.end()))
        yield from found.items()

    def bases(self) -> Iterator[tuple[str, Seen]]:
        """The hosts of base URLs that clients are given; `""` is one that is not settled."""
        for match in _BASE.finditer(self._text):
            if not self._is_comment(match.start()):
                yield host_of(match["value"].strip(" '\"`")), self._at(match.start())

    def hosts(self, source: Source) -> Iterator[Row]:
        """Addresses in quotes; the knowledge knows which are interfaces of a service."""
        found: dict[str, Seen] = {}
        for match in _QUOTED.finditer(self._text):
            host = host_of(match["text"].partition("$")[0])
            if host and not private(host) and not self._is_comment(match.start()):
                found.setdefault(host, self._at(match.start()))
        for host, at in found.items():
            yield from source.service(host.partition(":")[0], "host", *at, endpoint=host)

    def models(self, source: Source) -> Iterator[Row]:
        """Models that are only served: behind the name of whose they are they name the service,
        alone the rest of the scan says whether it is reached.
        """
        found: dict[str, tuple[Seen, bool]] = {}
        for match in _SERVED.finditer(self._text):
            if not self._is_comment(match.start()):
                found.setdefault(match["name"], (self._at(match.start()), bool(match["router"])))
        for name, ((at, words), routed) in list(found.items())[:MAX_MODELS]:
            by = "" if routed else "word"
            yield from source.service(name, "model", at, words, model=name, named_by=by)

    def find_loaded_models(self, source: Source) -> Iterator[Row]:
        """Models that transformers.js loads."""
        for match in _LOADS.finditer(self._text):
            if not self._is_comment(match.start()):
                at, words = self._at(match.start("id"))
                yield from source.model(match["id"], at, words, loader="transformers.js")


COLLECTOR = get_collector(NAME)
