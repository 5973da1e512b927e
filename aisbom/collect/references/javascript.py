"""Hosted services that TypeScript and JavaScript reach: clients by the package that is imported,
keys by the variable of the environment, hosts of interfaces, and models that are only served; and
models that transformers.js loads.

As in Python, a client that speaks to any server of OpenAI's interface names no provider where its
base URL is not settled, and neither does the key beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.references.client_packages import SCRIPT_CLIENTS
from aisbom.collect.references.code_text import CodeText, Seen, list_services, read_code
from aisbom.collect.references.hosts import host_of
from aisbom.collect.references.rows import LINK, Source
from aisbom.lazy_module import compile_later
from aisbom.model import Row
from aisbom.source.tree import File

NAME = "javascript-references"

_IMPORT = compile_later(
    r"(?:^|[;\n])[ \t]*+(?:import\s++(?!type\b)[^'\";]{1,600}?\bfrom\s*+|import\s*+)"
    r"['\"](?P<module>[@\w][\w@./\-]{1,80})['\"]"
    r"|\b(?:require|import)\(\s*['\"](?P<called>[@\w][\w@./\-]{1,80})['\"]\s*\)"
)
_VARIABLE = compile_later(
    r"(?:process\.env|import\.meta\.env|Bun\.env)(?:\.|\[\s*['\"])(?P<name>[A-Z][A-Z0-9_]{3,60})"
    r"|\benv(?:\.get)?\(\s*['\"](?P<asked>[A-Z][A-Z0-9_]{3,60})['\"]"
    r"|^[ \t]*(?P<schema>[A-Z][A-Z0-9_]{3,60})\s*:\s*z\."
    r"|['\"](?P<quoted>[A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{2,40})['\"]",
    re.MULTILINE,
)
_BASE = compile_later(r"\b(?:baseURL|basePath|baseUrl|apiBase)\s*:\s*(?P<value>[^,}\n]{1,200})")
_ANYBODYS = frozenset({"openai", "@langchain/openai", "@ai-sdk/openai"})
"""Clients that speak to any server of OpenAI's interface."""
_LOADS = compile_later(
    r"(?:\bpipeline\(\s*['\"`][a-z0-9\-]{3,50}['\"`]\s*,\s*|\.from_pretrained\(\s*)"
    r"['\"`](?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95})['\"`]",
    re.ASCII,
)
"""transformers.js: `pipeline("feature-extraction", "owner/name")`."""


_TOKENIZER = compile_later(
    r"\btokenizer(?:_?[iI]d|_?[nN]ame|_?[pP]ath)?['\"]?\s{0,2}[:=]\s{0,2}"
    r"['\"`](?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95})['\"`]",
    re.ASCII,
)


def collect(file: File) -> Iterator[Row]:
    """The services that one file of TypeScript or JavaScript reaches."""
    code = read_code(file)
    if code is None:
        return
    source = Source(NAME)
    packages = dict(_packages(code))
    bases = dict(_bases(code))
    clients = {
        f"npm:{package}": seen
        for package, seen in packages.items()
        if package not in _ANYBODYS or not bases
    }
    keys = (
        (name, seen)
        for name, seen in code.keys(_VARIABLE)
        if not ("" in bases and name.startswith("OPENAI"))
    )
    yield from list_services(code, source, clients, bases, keys)
    yield from _find_loaded_models(code, source)


def _packages(code: CodeText) -> Iterator[tuple[str, Seen]]:
    """The clients that are imported, each once; of `openai/resources` it is `openai`."""
    for match in _IMPORT.finditer(code.text):
        group = "module" if match["module"] else "called"
        parts = match[group].split("/")
        package = "/".join(parts[: 2 if parts[0].startswith("@") else 1])
        if package in SCRIPT_CLIENTS and not code.is_comment(match.start(group)):
            yield package, code.at(match.start(group))


def _bases(code: CodeText) -> Iterator[tuple[str, Seen]]:
    """The hosts of base URLs that clients are given; `""` is one that is not settled."""
    for match in _BASE.finditer(code.text):
        if not code.is_comment(match.start()):
            yield host_of(match["value"].strip(" '\"`")), code.at(match.start())


def _find_loaded_models(code: CodeText, source: Source) -> Iterator[Row]:
    """Models that transformers.js loads, and those whose tokenizer or page the code names."""
    for match in _LOADS.finditer(code.text):
        if not code.is_comment(match.start()):
            at, words = code.at(match.start("id"))
            yield from source.model(match["id"], at, words, loader="transformers.js")
    for match in _TOKENIZER.finditer(code.text):
        if not code.is_comment(match.start()):
            at, words = code.at(match.start("id"))
            more = {"loader": "tokenizer", "named_by": "key", "part": "tokenizer"}
            yield from source.model(match["id"], at, words, **more)
    for match in LINK.finditer(code.text) if "huggingface.co/" in code.text else ():
        if not code.is_comment(match.start()):
            yield from source.link(match, *code.at(match.start("id")))


COLLECTOR = get_collector(NAME)
