"""One hosted service as a CycloneDX service, and back: provider and seat, endpoints without
anything secret, and the boundary that data crosses.

A service has no `evidence` field in CycloneDX: its places stand in properties,
`aisbom:evidence:occurrence` as `place [who] words`.
"""

from __future__ import annotations

from aisbom.bom import Hosting, Part, Place
from aisbom.emit.cyclonedx.component import read_maker, write_maker
from aisbom.emit.cyclonedx.names import Json, facts_of, rows_of, seen_of, seen_text, split_facts

_PLACE = "evidence.occurrence"


def write_service(part: Part, hosting: Hosting) -> Json:
    """The object."""
    row: Json = {"bom-ref": part.ref}
    if hosting.provider:
        row["provider"] = write_maker(hosting.provider)
    row["name"] = part.name
    if hosting.hosts:
        row["endpoints"] = [f"https://{host}" for host in hosting.hosts]
    if hosting.authenticated:
        row["authenticated"] = True
    row["x-trust-boundary"] = not hosting.own
    if hosting.receives:
        row["data"] = [{"flow": "bi-directional", "classification": "not stated"}]
    places = [(_PLACE, seen_text(place.at, place.by, place.words)) for place in part.places]
    row["properties"] = rows_of((*part.facts, *places))
    return row


def read_service(row: Json) -> Part:
    """The part that `write_service` wrote."""
    facts, places = split_facts(facts_of(row), _PLACE)
    return Part(
        ref=str(row["bom-ref"]),
        kind="service",
        name=str(row["name"]),
        hosting=Hosting(
            read_maker(row.get("provider")),
            tuple(str(url).removeprefix("https://") for url in row.get("endpoints", [])),
            str(row.get("authenticated", "")).lower() == "true",
            bool(row.get("data")),
            str(row.get("x-trust-boundary", "")).lower() == "false",
        ),
        places=tuple(Place(*seen_of(value)) for value in places),
        facts=facts,
    )
