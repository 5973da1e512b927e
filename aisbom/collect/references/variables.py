"""What variables of an environment name: models and data sets by their value, services by the name
of a key. Values of keys are never kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from aisbom.collect.models import hub_names as names
from aisbom.collect.references.hosts import host_of, private
from aisbom.collect.references.key_words import KEY, purpose
from aisbom.collect.references.rows import Source
from aisbom.lazy_module import compile_later
from aisbom.model import Location, Row
from aisbom.source.tree import File

_NAME = compile_later(r"[A-Z][A-Z0-9_]{3,60}")
_ANY_KEY = frozenset({"empty", "none", "null", "dummy", "na", "n/a", "not-needed", "fake"})
"""What a server of one's own is given for a key."""
_BASE = compile_later(r"([A-Z0-9]+)_(?:[A-Z0-9_]*_)?(?:BASE|URL|ENDPOINT|HOST|URI)(?:_[A-Z0-9_]*)?")
_OF_MODELS = compile_later(
    r"(?:OPENAI|AZURE|ANTHROPIC|V?LLM|SGLANG|OLLAMA|CHAT|COMPLETIONS?|EMBED\w*|RERANK\w*|INFERENCE"
    r"|MODEL|TGI|TEI|LITELLM|TTS|STT|ASR|VLM)"
)


class Variable(NamedTuple):
    """One variable with its value (empty where it has none here) and its place."""

    name: str
    value: str
    at: Location


_SET = compile_later(r"(?<!\s)\s*+(?:export\s++)?([A-Za-z_]\w{2,60})\s*+=\s*+(.*)")


_OFFERED = compile_later(
    r"(?<![#\s])\s*+#[#\s]*+(?:export\s++)?([A-Z][A-Z0-9_]{2,60})\s*+=\s*+(.*)"
)
"""A variable that an example of an environment leaves to whoever needs it."""
_TAKEN = compile_later(
    r"(?:\$\{\{?\s*(?:env[.:]|secrets\.|oc\.env:)?|\$|os\.environ/|env[.:]|ENV\[['\"])?"
    r"(?P<name>[A-Z][A-Z0-9_]{3,60})(?:['\"]\])?(?:[:,][^}]{0,80})?\s*\}{0,2}"
)
"""How settings take a value from the environment: `${NAME}`, `${oc.env:NAME}`, `os.environ/NAME`; a
key that is called `env_key` holds the name alone.
"""


_NOBODYS = frozenset(
    {"API", "LLM", "VLM", "CHAT", "EMBEDDING", "MODEL", "AUTH", "ACCESS", "SECRET", "CLIENT", "APP"}
)
"""First words of variables that tell of no provider: `LLM_API_KEY`."""


def variables(text: str, file: File) -> list[Variable]:
    """The variables that the text of an environment file sets."""
    return _read(text, file, _SET.match)


def offered(text: str, file: File) -> list[Variable]:
    """The variables that stand in its comments (`# NORAE_API_KEY=`)."""
    return _read(text, file, _OFFERED.match)


def _read(text: str, file: File, find: Callable[[str], re.Match[str] | None]) -> list[Variable]:
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        match = find(line[:400])
        if match:
            value = match[2].split(" #")[0].strip().strip("\"'")
            found.append(Variable(match[1], value, file.at(number)))
    return found


def find_key(key: str, value: str) -> str:
    """The name of the variable with the key of a service that one setting gives or takes; `""` for
    any other setting. `norae_api_key` is the variable of that name in capitals.
    """
    taken = _TAKEN.fullmatch(value.strip())
    for name in (taken["name"] if taken else "", key.upper().replace("-", "_")):
        if KEY.fullmatch(name) and name.partition("_")[0] not in _NOBODYS:
            return name
    return ""


def references(variables: Sequence[Variable], source: Source) -> Iterator[Row]:
    """The rows of the variables of one environment. A base URL (`OPENAI_BASE_URL`) says whose
    server is meant; the key beside it says nothing then.
    """
    elsewhere: set[str] = set()
    for one in variables:
        based = _BASE.fullmatch(one.name)
        host = host_of(one.value) if based else ""
        if based and host:
            elsewhere.add(based[1])
            speaks = _OF_MODELS.fullmatch(based[1]) is not None
            if speaks or not private(host):
                how = "class" if speaks else "host"
                yield from source.service(
                    host.partition(":")[0], how, one.at, one.name, endpoint=host
                )
    for one in variables:
        if purpose(one.name) and names.hub_id(one.value):
            words = f"{one.name}={names.hub_id(one.value)}"
            yield from source.identify_value(one.value, one.at, words, key=one.name)
        elif _NAME.fullmatch(one.name) and one.name.partition("_")[0] not in elsewhere:
            yield from source.service(one.name, "env", one.at, one.name, authenticated="yes")


def keys(variables: Sequence[Variable], source: Source, **more: str) -> Iterator[Row]:
    """The services whose keys a script, an image or an example of use sets. Beside a base URL of
    that name the key says nothing, and neither does one that any server takes (`EMPTY`).
    """
    elsewhere = {based[1] for one in variables if (based := _BASE.fullmatch(one.name))}
    for one in variables:
        given = one.value.strip().strip("\"'").casefold()
        if (
            KEY.fullmatch(one.name)
            and one.name.partition("_")[0] not in elsewhere
            and given not in _ANY_KEY
        ):
            yield from source.service(
                one.name, "env", one.at, one.name, authenticated="yes", **more
            )
