"""One hosted service as a CycloneDX service: provider and seat, endpoints without anything secret,
and the boundary that data crosses.

A service has no `evidence` field in CycloneDX: its places stand in properties,
`aisbom:evidence:occurrence` as `place [who] words`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aisbom.emit.cyclonedx.component import MAX_OCCURRENCES, Answers, Json, properties
from aisbom.model import Component, Evidence, Location, Observation, Sees

_OCCURRENCE = re.compile(
    r"(?P<path>.*?)(?::(?P<line>\d+))? \[(?P<by>[^\]]*)\] ?(?P<words>.*)", re.DOTALL
)


def service(subject: Component, answers: Answers) -> Json:
    """The object. `authenticated` is true where a client is given a key, else left out: nothing
    says that there is none.
    """
    row: Json = {"bom-ref": subject.ref}
    provider = _provider(subject, answers)
    if provider:
        row["provider"] = provider
    row["name"] = subject.name
    hosts = sorted(
        {value for value, _ in subject.facts("endpoint")}
        or {value for value, _ in subject.facts("service-host")}
    )
    if hosts:
        row["endpoints"] = [f"https://{host}" for host in hosts]
    if subject.facts("authenticated"):
        row["authenticated"] = True
    row["x-trust-boundary"] = True
    # What a client sends is its users' words or files, and what comes back is used: that much every
    # such client does.
    if any(value in ("class", "model") for value, _ in subject.facts("how")):
        row["data"] = [{"flow": "bi-directional", "classification": "not stated"}]
    rows = properties(subject, answers, ())
    rows += [{"name": "aisbom:service:id", "value": subject.ref.removeprefix("service:")}]
    rows += [
        {"name": "aisbom:service:model", "value": value}
        for value in sorted({v for v, _ in subject.facts("model")})
    ]
    places = sorted(
        {(str(o.evidence.at), o.evidence.by, o.evidence.excerpt) for o in subject.observations}
    )
    rows += [
        {"name": "aisbom:evidence:occurrence", "value": f"{at} [{by}] {words}".rstrip()}
        for at, by, words in places[:MAX_OCCURRENCES]
    ]
    row["properties"] = rows
    return row


def _provider(subject: Component, answers: Answers) -> Json:
    names, seat = answers.get("origin.operated.organisation"), answers.get("origin.operated")
    urls = sorted({value for value, _ in subject.facts("service-url")})
    row: Json = {}
    if names is not None and names.state == "agreed":
        row["name"] = names.value
        if seat is not None and seat.state == "agreed" and re.fullmatch("[A-Z]{2}", seat.value):
            row["address"] = {"country": seat.value}
    if urls:
        row.setdefault("name", subject.name)
        row["url"] = urls
    return row


def read(row: Json, readers: Mapping[str, Sees]) -> Component:
    """The component that `service` wrote; `readers` says what each reader sees."""
    ref, name = str(row["bom-ref"]), str(row["name"])
    seen = []
    for item in row.get("properties", []):
        match = (
            _OCCURRENCE.fullmatch(str(item["value"]))
            if item.get("name") == "aisbom:evidence:occurrence"
            else None
        )
        if match:
            at = Location("" if match["path"] == "." else match["path"], int(match["line"] or 0))
            seen.append(
                Observation(
                    "service",
                    name,
                    "",
                    "",
                    Evidence(
                        match["by"],
                        "other",
                        "medium",
                        at,
                        match["words"],
                        sees=readers.get(match["by"], "statement"),
                    ),
                )
            )
    return Component(ref, "service", name, "", "", tuple(sorted(set(seen))))
