"""SBOMs that the tree already holds: inside distributions (PEP 770, `*.dist-info/sboms/`) and
beside code. Models and data sets in them keep their type.

Their components are sightings like any other, at the line that states them. A distribution contains
what its own SBOM lists at the first level. Documents that this program wrote are not read: they
would only repeat it.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator
from typing import Any

from aisbom.collect import get_collector
from aisbom.collect.python import metadata
from aisbom.collect.references.hosts import host_of, private
from aisbom.collect.sbom import tag_value
from aisbom.collect.sbom.foreign import Document, Part
from aisbom.collect.sbom.sbom_document import document
from aisbom.model import Evidence, Gap, Observation, Relation, Row, facts, foreign_xml
from aisbom.source.faults import fault
from aisbom.source.tree import File, Unreadable

NAME = "embedded-sbom"

_INSIDE = re.compile(r"(?:^|/)[^/]+\.dist-info/sboms/(?P<below>(?:[^/]+/)*)[^/]+$")
_OURS = re.compile(r"aisbom(?:[ /-]v?\d[\w.]*)?", re.IGNORECASE)
_LIBRARY = re.compile(r"(?:^|/)(?:site|dist)-packages/(?P<first>[^/]+)/")
# Names that other files may have: silent where they hold no SBOM.
_ANY = frozenset({"bom.json", "sbom.json", "aibom.json"})
_PAIR = re.compile(
    r'"(bom-ref|ref|purl|SPDXID|spdxId|spdxElementId|name)"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)"',
    re.DOTALL,
)
_TAGGED = re.compile(r"(?m)^(SPDXID|PackageName|Relationship):[ \t]*(\S+)(?: [^\n]*)?$")
"""The same in the tag-value form; a relationship begins with what it is about."""
_KEYS = {"SPDXID": "SPDXID", "PackageName": "name", "Relationship": "spdxElementId"}


def collect(file: File) -> Iterator[Row]:
    """Rows of one document. Raises Unreadable for formats and versions that are not read, and for
    what is no JSON.
    """
    inside = _INSIDE.search(file.path)
    stated, text = _parse_document(file, inside=bool(inside))
    if stated is None:
        return
    found = document(stated)
    if found is None:
        if inside or file.name not in _ANY:
            raise Unreadable("neither a CycloneDX nor an SPDX document")
        return
    # Our own document beside the code would only repeat this scan; one that a distribution ships is
    # its maker's statement, and tools may have names that begin like ours.
    if not inside and any(_OURS.fullmatch(tool) for tool in found.tools):
        return
    owner = ""
    if inside:
        owner, missing = _owner(file, "../" * (1 + inside["below"].count("/")))
        if missing:
            yield Gap(NAME, file.at(), missing)
    yield from _rows(file, found, _Lines(text), owner)


def _parse_document(file: File, inside: bool) -> tuple[Any, str]:
    """(what the file holds as JSON has it, its text); (None, "") for a file that is no SBOM and
    bears no name of one. Raises Unreadable.
    """
    name = file.name
    if name.endswith((".json", ".jsonld")):
        if name.endswith(".jsonld") and b"spdx" not in file.head(4096).lower():
            return None, ""
        text = file.text()
        try:
            return json.loads(text), text
        except ValueError as error:
            raise Unreadable(f"not valid JSON: {fault(error)}") from error
    if name.endswith(".xml"):
        if not inside and b"cyclonedx" not in file.head(4096).lower():
            return None, ""
        try:
            root, version = foreign_xml.parse_bom(file.read())
            if not version:
                raise Unreadable("neither a CycloneDX nor an SPDX document")
            document = foreign_xml.to_dict(root, version)
        except ValueError as error:
            raise Unreadable(fault(error)) from error
        return {"bomFormat": "CycloneDX", **document}, file.text()
    if name.endswith(".spdx") or inside:
        text = file.text()
        if tag_value.is_tag_value(text[:4096]):
            return tag_value.to_dict(text), text
    raise Unreadable("an SBOM that is neither JSON, XML nor tag-value: not read by this version")


def _owner(file: File, up: str) -> tuple[str, str]:
    """(purl of the distribution that ships the document, what is wrong with it)."""
    stated = file.sibling(f"{up}METADATA")
    headers = metadata.read(stated) if stated else metadata.Headers(())
    name, version = (
        metadata.clean(headers.value("name"), 200),
        metadata.clean(headers.value("version"), 100),
    )
    if not name:
        return (
            "",
            (
                "the distribution that ships this SBOM states no name: its components are shown"
                " without it"
            ),
        )
    return metadata.pypi(name, version), ""


def _rows(file: File, found: Document, lines: _Lines, owner: str) -> Iterator[Row]:
    keys: dict[str, str] = {}
    yield from _parts(file, found, lines, owner, keys)
    yield from _edges(file, found, lines, keys)
    yield from _services(file, found, lines)
    for pointer, reason in found.faults[:20]:
        yield Gap(NAME, file.at(0, pointer), reason)
    if len(found.faults) > 20:
        yield Gap(
            NAME,
            file.at(),
            f"{len(found.faults) - 20} more parts of this document could not be read",
        )


def _parts(
    file: File, found: Document, lines: _Lines, owner: str, keys: dict[str, str]
) -> Iterator[Row]:
    """A sighting for every part that is not seen elsewhere already. `keys` takes the key of every
    reference of the document.
    """
    subject = next((part.ref for part in found.parts if part.subject), "")
    twice = 0
    for part in found.parts:
        if part.ref == subject and part.ref in keys:
            # Some writers list what the document is about among its components too.
            continue
        key, seen = _key(file, part, owner, keys.get(part.above, ""))
        at = file.at(lines.of_part(part), part.pointer)
        if part.subject and owner and key == owner and part.version and _differ(part, owner):
            ships = owner.partition("@")[2]
            words = f"this SBOM is about version {part.version} of what ships it as {ships}"
            yield Gap(NAME, at, words)
        twice += keys.get(part.ref, key) != key
        keys.setdefault(part.ref, key)
        if part.stated_purl:
            keys.setdefault(part.stated_purl, key)
        if seen:
            continue
        more = (
            ("owner", owner),
            ("format", found.format),
            ("subject", "yes" if part.subject else ""),
        )
        excerpt = part.stated_purl or f"{part.name} {part.version}".strip()
        evidence = Evidence(NAME, "manifest-analysis", "medium", at, excerpt)
        yield Observation(
            "bom-component", part.name, part.version, key, evidence, facts(*part.facts, *more)
        )
        above = keys.get(part.above, "") if part.above else owner
        if above and above != key:
            yield Relation(above, key, "contains", at)
    if twice:
        yield Gap(
            NAME,
            file.at(),
            f"{twice} components repeat the reference of another: dependencies were taken to mean"
            " the first",
        )


def _edges(file: File, found: Document, lines: _Lines, keys: dict[str, str]) -> Iterator[Row]:
    dangling = 0
    for edge in found.edges:
        at = file.at(lines.of_edge(edge.about, edge.nth))
        source, target = keys.get(edge.source, ""), keys.get(edge.target, "")
        if source and target:
            if source != target:
                yield Relation(source, target, edge.kind, at, facts(group=edge.group))
        elif edge.kind == "depends-on" and not (
            lines.declares(edge.source) and lines.declares(edge.target)
        ):
            dangling += 1
    if dangling:
        yield Gap(
            NAME, file.at(), f"{dangling} dependencies refer to nothing in the document: left out"
        )


def _services(file: File, found: Document, lines: _Lines) -> Iterator[Row]:
    """A sighting of each service, at the host of its first endpoint, else of its provider."""
    for service in found.services:
        hosts = [host for url in service.urls if (host := host_of(url))]
        address = host_of(service.address)
        host = next(iter(hosts), address)
        at = file.at(lines.of(("bom-ref", service.ref), ("name", service.name)), service.pointer)
        told = facts(
            how="own" if hosts and all(map(private, hosts)) else "stated",
            endpoint=host,
            supplier=service.provider,
            authenticated="yes" if service.authenticated else "",
            format=found.format,
        )
        evidence = Evidence(NAME, "manifest-analysis", "medium", at, service.name)
        yield Observation("service", service.name, "", "", evidence, told)


def _key(file: File, part: Part, owner: str, above: str) -> tuple[str, bool]:
    """(the key of a part in relations, whether that key is seen elsewhere already so that the part
    is no sighting of its own).

    What is a piece of the owner, or of the part it is nested in (a target of a crate, an extension
    module), is that package.
    """
    bare = _bare(part.purl)
    if owner and (
        bare == owner or (part.subject and bare.partition("@")[0] == owner.partition("@")[0])
    ):
        return owner, True
    if above and bare == _bare(above):
        return above, True
    if part.subject and not part.stated_purl and not owner:
        # A library's own list of what it bundles, kept in the folder that it is imported from: the
        # installed package of that name.
        library = _LIBRARY.search(file.path)
        named = metadata.pypi(part.name)
        if library and metadata.pypi(library["first"]) == named:
            return named, True
    return part.purl, False


def _bare(purl: str) -> str:
    return purl.partition("#")[0].partition("?")[0]


def _differ(part: Part, owner: str) -> bool:
    return (
        _bare(part.purl).startswith("pkg:pypi/")
        and "@" in _bare(part.purl)
        and _bare(part.purl) != owner
    )


class _Lines:
    """Where the references of a document stand in its text; found in one pass."""

    def __init__(self, text: str) -> None:
        breaks = [match.start() for match in re.finditer("\n", text)]
        self._lines: dict[tuple[str, str], list[int]] = {}
        for match in _TAGGED.finditer(text) if not text.lstrip().startswith("{") else ():
            line = bisect.bisect_left(breaks, match.start()) + 1
            key = (_KEYS[match[1]], metadata.clean(match[2], 500))
            self._lines.setdefault(key, []).append(line)
        for match in _PAIR.finditer(text):
            value = match[2]
            if "\\" in value:
                try:
                    value = json.loads(f'"{value}"', strict=False)
                except ValueError:
                    continue
            found = self._lines.setdefault((match[1], metadata.clean(value, 500)), [])
            found.append(bisect.bisect_left(breaks, match.start()) + 1)

    def of_part(self, part: Part) -> int:
        """The line of its reference, its purl or its name; 0 where none is found."""
        return self.of(
            ("bom-ref", part.ref),
            ("SPDXID", part.ref),
            ("spdxId", part.ref),
            ("purl", part.stated_purl),
            ("name", part.name),
            ("name", part.name.rpartition("/")[2]),
        )

    def of(self, *pairs: tuple[str, str]) -> int:
        """The line of the first of these keys and values that stands in the text, else 0."""
        return next((self._lines[pair][0] for pair in pairs if pair in self._lines), 0)

    def of_edge(self, about: str, nth: int) -> int:
        """The line of the `nth` entry that states what `about` depends on or contains; 0 where none
        is found.
        """
        found = self._lines.get(("ref", about)) or self._lines.get(("spdxElementId", about)) or [0]
        return found[min(nth, len(found) - 1)]

    def declares(self, ref: str) -> bool:
        """Whether anything in the document, a build tool for instance, carries this reference."""
        return any((key, ref) in self._lines for key in ("bom-ref", "SPDXID", "spdxId"))


COLLECTOR = get_collector(NAME)
