"""What a document of another tool states, whatever its format: parts, services and edges.

Nothing in it is trusted. Every value may be of any type, references may dangle, repeat or run in
circles; nothing here walks a graph or recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from packageurl import PackageURL

from aisbom.collect.python.metadata import clean, hash_fact, pypi
from aisbom.source.faults import fault, length

_LOCAL = re.compile(r"file:|[./]|[A-Za-z]:\\", re.IGNORECASE)
_HUB = re.compile(r"pkg:huggingface/(?!datasets/)([\w.\-]+/[\w.\-]+)(?:[@?#]|$)")
_PAGE = re.compile(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(datasets/)?([\w.\-]+)/([\w.\-]+)(?:[/?#]|$)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A component as the document states it.

    `purl` is normalised (`pkg:generic/...` where none is stated); `above` is the ref of the part it
    is nested in.
    """

    ref: str
    name: str
    version: str
    purl: str
    facts: tuple[tuple[str, str], ...]
    pointer: str
    stated_purl: str = ""
    above: str = ""
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` depends on, or contains, `target`; both are refs of the document.

    The `nth` entry (from 0) about the ref `about` states it: that is how its line is found.
    """

    source: str
    target: str
    kind: Literal["depends-on", "contains"]
    about: str
    nth: int = 0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A hosted service as the document states it. `urls` are its endpoints, `provider` who operates
    it, at `address`.
    """

    ref: str
    name: str
    pointer: str
    urls: tuple[str, ...] = ()
    provider: str = ""
    address: str = ""
    authenticated: bool = False


@dataclass(slots=True)
class Document:
    """What one document states. `format` is such as `CycloneDX 1.6`; `faults` are (JSON pointer,
    reason).
    """

    format: str
    tools: tuple[str, ...] = ()
    parts: list[Part] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def text(stated: Any, key: str, limit: int = 500) -> str:
    """The text under a key, cleaned; `""` where there is none."""
    value = stated.get(key) if isinstance(stated, dict) else None
    return clean(value, limit) if isinstance(value, str) else ""


def get_list(found: Document, stated: Any, key: str, pointer: str) -> list[Any]:
    """The list under a key; anything else there is a fault."""
    value = stated.get(key) if isinstance(stated, dict) else None
    if value is None or isinstance(value, list):
        return value or []
    found.faults.append((f"{pointer}/{key}", f"{key} is not a list: skipped"))
    return []


def dicts(
    found: Document, stated: Any, key: str, pointer: str
) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a list with their JSON pointers; what is no object is one fault for
    the list.
    """
    wrong = []
    for number, value in enumerate(get_list(found, stated, key, pointer)):
        if isinstance(value, dict):
            yield value, f"{pointer}/{key}/{number}"
        else:
            wrong.append(number)
    if wrong:
        found.faults.append(
            (f"{pointer}/{key}/{wrong[0]}", f"{len(wrong)} of the {key} are not objects: skipped")
        )


def some(value: Any) -> list[Any]:
    """A list's first entries; anything else is no entry."""
    return value[:30] if isinstance(value, list) else []


def hash_facts(algorithm: str, value: str) -> list[tuple[str, str]]:
    """The fact of a digest, none for an algorithm or a value that is none."""
    return hash_fact(re.sub(r"^sha-(?=\d)", "sha", algorithm.lower()), value)


def purl_of(found: Document, pointer: str, text: str, version: str) -> tuple[str, str] | None:
    """(normalised purl, its version); None where there is none, or none that can be read."""
    try:
        return normal(text, version) if text else None
    except ValueError as error:
        found.faults.append((pointer, f"not a purl ({length(text)}): {fault(error)}"))
        return None


def generic(group: str, name: str, version: str) -> str:
    """The purl of what has only a name."""
    parts = [
        quote(part, safe="")
        for part in (*(group.strip("/").split("/") if group.strip("/") else []), name)
    ]
    return f"pkg:generic/{'/'.join(parts)}" + (f"@{quote(version, safe=':')}" if version else "")


def normal(text: str, version: str = "") -> tuple[str, str]:
    """A purl normalised, without qualifiers that hold a path of the machine that wrote it, and its
    version.

    `version` is taken where the purl has none. Raises ValueError.
    """
    purl = PackageURL.from_string(text)
    exact = purl.version or version
    if purl.type == "pypi":
        return pypi(purl.name, exact) + (f"#{purl.subpath}" if purl.subpath else ""), exact
    pairs = purl.qualifiers.items() if isinstance(purl.qualifiers, dict) else ()
    kept = {key: value for key, value in pairs if not (_LOCAL.match(value) or key == "file_name")}
    return purl._replace(version=exact or None, qualifiers=kept).to_string(), exact


def page_purl(url: str, version: str) -> str:
    """The purl of the model or the data set of the hub whose page this is, `""` for any other."""
    match = _PAGE.match(url)
    if match is None:
        return ""
    kind, owner, name = match.groups()
    space = f"datasets/{owner}" if kind else owner
    return PackageURL("huggingface", space, name, version or None).to_string()


def hub_model(purl: str) -> str:
    """The id of the model of the hub that a purl names, `""` for any other."""
    match = _HUB.match(purl)
    return match[1] if match else ""
