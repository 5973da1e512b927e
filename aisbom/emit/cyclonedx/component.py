"""One part as a CycloneDX component, and back: standard fields first, registered properties second,
`aisbom:` ones last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from aisbom.bom import (
    Digest,
    Identity,
    Licence,
    Link,
    Maker,
    Method,
    Part,
    Place,
)
from aisbom.emit.cyclonedx import model_card, pedigree, training
from aisbom.emit.cyclonedx.names import CONFIDENCE, TOOL, Json, facts_of, rows_of
from aisbom.model import Confidence, Location, Technique

_WORDS: dict[float, Confidence] = {share: word for word, share in CONFIDENCE.items()}


def write_component(part: Part, spdx: Collection[str]) -> Json:
    """The object without its nested parts; `spdx` are the licence ids that the schema knows."""
    row: Json = {"type": part.kind, "bom-ref": part.ref}
    for key, organisation in (("manufacturer", part.maker), ("supplier", part.supplier)):
        if organisation:
            row[key] = write_maker(organisation)
    if part.authors:
        row["authors"] = [{"name": name} for name in part.authors]
    row |= _name(part)
    for key, value in (
        ("version", part.version),
        ("description", part.description),
        ("scope", part.scope),
        ("hashes", [_digest(digest) for digest in part.digests]),
        ("licenses", _licences(part.licences, spdx)),
        ("purl", part.purl),
        (
            "externalReferences",
            [*map(_link, part.links), *map(training.write_reference, part.logs)],
        ),
        ("pedigree", pedigree.write_pedigree(part.pedigree, spdx)),
        ("modelCard", model_card.write_card(part.card)),
    ):
        if value:
            row[key] = value
    evidence = _evidence(part, spdx)
    if any(evidence.values()):
        row["evidence"] = evidence
    row["properties"] = rows_of(part.facts)
    return row


def read_component(row: Json) -> Part:
    """The part that `write_component` wrote, but for what workflows say of its logs."""
    name = f"{row['group']}/{row['name']}" if row.get("group") else str(row["name"])
    evidence = row.get("evidence", {})
    links = row.get("externalReferences", [])
    identities = evidence.get("identity", [])
    identities = [identities] if isinstance(identities, dict) else identities
    return Part(
        ref=str(row["bom-ref"]),
        kind=str(row["type"]),
        name=name,
        version=str(row.get("version", "")),
        purl=str(row.get("purl", "")),
        description=str(row.get("description", "")),
        scope=str(row.get("scope", "")),
        maker=read_maker(row.get("manufacturer")),
        supplier=read_maker(row.get("supplier")),
        authors=tuple(str(author["name"]) for author in row.get("authors", [])),
        digests=tuple(map(_read_digest, row.get("hashes", []))),
        licences=tuple(map(read_licence, row.get("licenses", []))),
        links=tuple(_read_link(link) for link in links if link["type"] not in training.KINDS),
        logs=tuple(
            training.read_reference(link) for link in links if link["type"] in training.KINDS
        ),
        pedigree=pedigree.read_pedigree(row.get("pedigree", {})),
        card=model_card.read_card(row.get("modelCard", {})),
        methods=tuple(map(_read_method, identities[0]["methods"])) if identities else (),
        identity=_read_identity(identities[1]) if len(identities) > 1 else None,
        places=tuple(map(_read_place, evidence.get("occurrences", []))),
        observed=tuple(read_licence(choice).value for choice in evidence.get("licenses", [])),
        holders=tuple(str(holder["text"]) for holder in evidence.get("copyright", [])),
        facts=tuple(facts_of(row)),
    )


def _name(part: Part) -> Json:
    group, _, name = part.name.rpartition("/")
    if group and part.purl.startswith("pkg:huggingface/"):
        return {"group": group, "name": name}
    return {"name": part.name}


def write_maker(maker: Maker) -> Json:
    """An organisation with the country of its seat."""
    row: Json = {"name": maker.name}
    if maker.country:
        row["address"] = {"country": maker.country}
    if maker.urls:
        row["url"] = list(maker.urls)
    return row


def read_maker(row: Json | None) -> Maker | None:
    """The organisation, None where there is none."""
    if not row:
        return None
    country = str(row.get("address", {}).get("country", ""))
    return Maker(str(row["name"]), country, tuple(map(str, row.get("url", []))))


def _digest(digest: Digest) -> Json:
    return {"alg": digest.algorithm, "content": digest.hex}


def _read_digest(row: Json) -> Digest:
    return Digest(str(row["alg"]), str(row["content"]))


def _licences(licences: Sequence[Licence], spdx: Collection[str]) -> list[Json]:
    """One expression, or licences side by side. A `LicenseRef-` alone is an expression too: readers
    take it as it is, and put another `LicenseRef-` before a name.
    """
    if len(licences) == 1:
        (only,) = licences
        own = only.value.startswith("LicenseRef-") and not only.text
        if own or only.is_expression:
            return [{"expression": only.value, "acknowledgement": only.acknowledgement}]
    return [write_licence(licence, spdx) for licence in licences]


def write_licence(licence: Licence, spdx: Collection[str]) -> Json:
    """A licence by its id where the schema knows it, else by its name."""
    row: Json = {"id" if licence.value in spdx else "name": licence.value}
    if licence.acknowledgement:
        row["acknowledgement"] = licence.acknowledgement
    if licence.text:
        row["text"] = {"contentType": "text/plain", "content": licence.text}
    return {"license": row}


def read_licence(row: Json) -> Licence:
    """The licence of a choice of licences."""
    said = row.get("license", row)
    value = said.get("id") or said.get("name") or said["expression"]
    text = str(said.get("text", {}).get("content", ""))
    return Licence(str(value), cast(Any, str(said.get("acknowledgement", ""))), text)


def _link(link: Link) -> Json:
    row: Json = {"type": link.kind, "url": link.url}
    if link.comment:
        row["comment"] = link.comment
    if link.digests:
        row["hashes"] = [_digest(digest) for digest in link.digests]
    return row


def _read_link(row: Json) -> Link:
    digests = tuple(map(_read_digest, row.get("hashes", [])))
    return Link(str(row["type"]), str(row["url"]), str(row.get("comment", "")), digests)


def _evidence(part: Part, spdx: Collection[str]) -> Json:
    row: Json = {}
    if part.methods:
        row["identity"] = _identities(part)
    row["occurrences"] = [_place(place) for place in part.places]
    if part.observed:
        row["licenses"] = [write_licence(Licence(value), spdx) for value in part.observed]
    if part.holders:
        row["copyright"] = [{"text": holder} for holder in part.holders]
    return row


def _identities(part: Part) -> list[Json]:
    methods = [
        {
            "technique": method.technique,
            "confidence": CONFIDENCE[method.confidence],
            "value": _describe(method.by, method.words),
        }
        for method in part.methods
    ]
    rows: list[Json] = [
        {
            "field": "purl" if part.purl else "name",
            "confidence": max(CONFIDENCE[method.confidence] for method in part.methods),
            "concludedValue": part.purl or part.name,
            "methods": methods,
            "tools": [TOOL],
        }
    ]
    if part.identity:
        value = part.identity.value
        method = {
            "technique": "hash-comparison",
            "confidence": 1,
            "value": f"{part.identity.by}: {part.identity.words}",
        }
        rows.append(
            {
                "field": "purl" if value.startswith("pkg:") else "name",
                "confidence": 1,
                "concludedValue": value,
                "methods": [method],
                "tools": [TOOL],
            }
        )
    return rows


def _read_method(row: Json) -> Method:
    by, words = _by_and_words(row["value"])
    confidence = _WORDS[float(row["confidence"])]
    return Method(cast(Technique, str(row["technique"])), by, confidence, words)


def _read_identity(row: Json) -> Identity:
    by, words = _by_and_words(row["methods"][0]["value"])
    return Identity(str(row["concludedValue"]), by, words)


def _place(place: Place) -> Json:
    row: Json = {"location": place.at.path or "."}
    if place.at.line:
        row["line"] = place.at.line
    if place.symbol:
        row["symbol"] = place.symbol
    row["additionalContext"] = _describe(place.by, place.words)
    return row


def _read_place(row: Json) -> Place:
    path = str(row["location"])
    by, words = _by_and_words(row.get("additionalContext", ""))
    at = Location("" if path == "." else path, int(row.get("line", 0)))
    return Place(at, by, words, str(row.get("symbol", "")))


def _describe(by: str, words: str) -> str:
    return f"{by}: {words}" if words else by


def _by_and_words(text: object) -> tuple[str, str]:
    by, _, words = str(text).partition(": ")
    return by, words
