"""Hosted services that Go, Java, Kotlin, Scala, C# and Rust code reaches: clients by the package
that is imported, keys by the variable of the environment, hosts of interfaces, and models that are
only served; and models of the hub that code asks for which reaches no service.

As in Python, a client that speaks to any server of OpenAI's interface names no provider where it is
given a base URL, and neither does the key beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.collect import get_collector
from aisbom.collect.models import hub_names as names
from aisbom.collect.references.client_packages import COMPILED_CLIENTS
from aisbom.collect.references.code_text import CodeText, Seen, list_services, read_code
from aisbom.collect.references.hosts import host_of, private
from aisbom.collect.references.rows import Source
from aisbom.lazy_module import compile_later
from aisbom.model import Row
from aisbom.source.tree import File

NAME = "compiled-clients"


class _Language(NamedTuple):
    """How a language imports: `imports` finds the dotted name of a package, whose parts `between`
    stands between.
    """

    name: str
    imports: re.Pattern[str]
    between: str


_GO = _Language(
    "go",
    compile_later(
        r"^[ \t]*+(?:import[ \t]+)?(?:[\w.]{1,40}[ \t]+)?"
        r"\"(?P<module>[a-z][\w\-]*\.[\w.\-]{2,60}/[\w./\-]{2,150})\"[ \t]*$",
        re.MULTILINE,
    ),
    "/",
)
_JAVA = _Language(
    "java",
    compile_later(
        r"^[ \t]*+import[ \t]+(?:static[ \t]+)?(?P<module>[a-z][\w.]{3,200})", re.MULTILINE
    ),
    ".",
)
_CSHARP = _Language(
    "cs",
    compile_later(
        r"^[ \t]*+(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?"
        r"(?P<module>[A-Z][\w.]{3,200})[ \t]*;",
        re.MULTILINE,
    ),
    ".",
)
_RUST = _Language(
    "rust",
    compile_later(r"(?<![\w:])(?P<module>[a-z][\w]{2,40}(?:::[a-z]\w{2,40}){0,4})(?=::|;)"),
    "::",
)
_LANGUAGES = {
    "go": _GO,
    "java": _JAVA,
    "kt": _JAVA,
    "kts": _JAVA,
    "scala": _JAVA,
    "cs": _CSHARP,
    "rs": _RUST,
}

_VARIABLE = compile_later(
    r"\"(?:\$\{)?(?P<name>[A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{2,40})(?::[^\"}]{0,60})?\}?\""
)
"""A text that is the name of a variable, also as Spring has it filled in: `"${X_API_KEY}"`."""
_BASE = compile_later(
    r"\b(?:(?:With|with_|set)?(?:[Bb]ase_?U[Rr][Ll]|base_url|api_base|ApiBase)|Endpoint)"
    r"\s*(?:\(|:?=(?!=)|:)\s*(?P<value>[^,;\n]{1,200})"
)
_QUOTED_URL = compile_later(r"\"(?P<url>(?:https?|wss)://[^\"\s]{3,300})\"")
_ASKED = compile_later(
    r"\b(?:With(?:Embedding|Chat)?Model|modelName|modelId|model_name|ModelName|ModelID?|model)"
    r"\s*(?:\(|:?=(?!=)|:)\s*\"(?P<id>[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95})\"",
    re.ASCII,
)
"""What a library is asked for: `.modelName("owner/name")`, `WithModel("owner/name")`."""


_TAGGED = compile_later(
    r"(?i:model)\w{0,12}\s*(?:\(|:?=(?!=)|:)\s*"
    r"\"(?P<name>[a-z][a-z0-9]*(?:[.\-][a-z0-9]+)*+)(?::(?P<tag>latest|[a-z0-9.\-]*\d[\w.\-]*))?\""
)
"""What Ollama is asked for: `.model("norae3:2b")`, `defaultModel = "norae3"`."""


def collect(file: File) -> Iterator[Row]:
    """The services that one file reaches, and the models that it asks for where it reaches none."""
    code = read_code(file)
    if code is None:
        return
    source = Source(NAME)
    language = _LANGUAGES[file.name.rpartition(".")[2]]
    clients = dict(_clients(code, language))
    bases = dict(_bases(code))
    telling = {
        client: seen
        for client, seen in clients.items()
        if not bases or "openai" not in client.lower() or "azure" in client.lower()
    }
    keys = (
        (name, seen)
        for name, seen in code.keys(_VARIABLE)
        if not (bases and name.startswith("OPENAI"))
    )
    yield from list_services(code, source, telling, bases, keys)
    public = any(host and not private(host) for host in bases)
    if not clients and not public:
        yield from _find_models(code, source)


def _clients(code: CodeText, language: _Language) -> Iterator[tuple[str, Seen]]:
    """The known clients that are imported, by the longest name that is known (`go:` and the path of
    a module), each once.
    """
    for match in language.imports.finditer(code.text):
        parts = match["module"].split(language.between)
        known = next(
            (
                name
                for end in range(len(parts), 0, -1)
                if (name := f"{language.name}:{language.between.join(parts[:end])}")
                in COMPILED_CLIENTS
            ),
            "",
        )
        if known and not code.is_comment(match.start("module")):
            yield known, code.at(match.start("module"))


def _bases(code: CodeText) -> Iterator[tuple[str, Seen]]:
    """The hosts of base URLs that clients are given; `""` is one that is not settled."""
    for match in _BASE.finditer(code.text):
        if not code.is_comment(match.start()):
            url = _QUOTED_URL.search(match["value"])
            yield host_of(url["url"]) if url else "", code.at(match.start())


def _find_models(code: CodeText, source: Source) -> Iterator[Row]:
    """Models of the hub that a library is asked for."""
    for match in _ASKED.finditer(code.text):
        if names.hub_id(match["id"]) and not code.is_comment(match.start()):
            at, words = code.at(match.start("id"))
            yield from source.model(match["id"], at, words, loader="model", named_by="key")
    for match in _TAGGED.finditer(code.text) if "llama" in code.text else ():
        if "ollama" in code.text.lower() and not code.is_comment(match.start()):
            at, words = code.at(match.start("name"))
            more = {"loader": "model", "named_by": "key", "tag": match["tag"] or "latest"}
            yield from source.model(match["name"], at, words, space="ollama", **more)


COLLECTOR = get_collector(NAME)
