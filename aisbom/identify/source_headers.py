"""What the headers of source files say about a code tree: whose it is.

A holder in at least 15 % of a tree's lines speaks for it (measured on model folders of
transformers: 29 of 29 right); less is somebody's file among others. Where the recognised holders
cover less than half of the lines, what they say is a hint.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify.cite import UNKNOWN, cap_confidence, citations, cite_organisation, status
from aisbom.knowledge import Knowledge, Organisation
from aisbom.model import Claim, Component, Confidence, Evidence, Observation, Scan
from aisbom.model.ledger import Ledger

SHARE = 0.15
_PLACES = 3
_LISTED = 50
_INHERITED = {
    "origin.developed": "origin/project-steward",
    "origin.developed.organisation": "origin/project-steward",
}


def holders(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.developed` of a code tree from the copyright holders of its files, weighed by lines;
    each organisation's share beside it.
    """
    sources = [o for o in component.observations if o.kind == "source"]
    total = sum(map(_lines, sources))
    if not total:
        return
    found: dict[str, tuple[Organisation, list[Observation]]] = {}
    known: dict[str, Organisation | None] = {}
    for source in sources:
        rows = set()
        for holder in source.all("copyright-holder"):
            if holder not in known:
                known[holder] = knowledge.by_name(holder)
            if row := known[holder]:
                rows.add(row.id)
                found.setdefault(row.id, (row, []))
        for identity in rows:
            found[identity][1].append(source)
    for row, files in sorted(
        found.values(), key=lambda pair: (-sum(map(_lines, pair[1])), pair[0].id)
    )[:_LISTED]:
        share = sum(map(_lines, files)) / total
        value = (
            f"{row.name}: {row.origin}, {len(files)} of {len(sources)} files, {share:.4f} of the"
            " lines"
        )
        yield Claim(
            component.ref,
            "copyright-organisation",
            value,
            tuple(sorted(_cite_headers(row, files, len(sources), total, "medium"))),
        )
    covered = sum(_lines(o) for o in {o for _, files in found.values() for o in files})
    leading = [
        (row, files) for row, files in found.values() if sum(map(_lines, files)) >= SHARE * total
    ]
    if not leading:
        first = min(sources, key=lambda o: (not o.fact("copyright-holder"), o))
        words = (
            f"{len(known)} holders named in {len(sources)} files, none of an organisation that is"
            f" known and in {SHARE:.0%} of the lines"
        )
        e = first.evidence
        yield Claim(
            component.ref,
            "origin.developed",
            UNKNOWN,
            (Evidence("origin/examined", e.technique, "low", e.at, words),),
        )
        return
    sure: Confidence = "medium" if 2 * covered >= total else "low"
    sure = cap_confidence(sure, *(row for row, _ in leading))
    values = {row.origin for row, _ in leading}
    seats = {value for value in values if len(value) == 2}
    # Several seats are one statement, "both"; a seat and `international` are two statements.
    for value in sorted([",".join(sorted(seats))] * bool(seats) + sorted(values - seats)):
        mine = [
            (row, files)
            for row, files in leading
            if row.origin == value or (row.origin in seats and row.origin in value.split(","))
        ]
        evidence = tuple(
            sorted(
                e
                for row, files in mine
                for e in _cite_headers(row, files, len(sources), total, sure)
            )
        )
        yield Claim(
            component.ref, "origin.developed", value, evidence, status(*(row for row, _ in mine))
        )
        if len(leading) == 1:
            yield Claim(
                component.ref,
                "origin.developed.organisation",
                mine[0][0].name,
                evidence,
                status(mine[0][0]),
            )


def inherit_project_claims(scan: Scan, ledger: Ledger, _: Knowledge) -> Iterator[Claim]:
    """What a project states about itself, as declared claims about the code of its product where no
    header says anything.

    Declared, not derived: whether the code is really the project's own is what code lineage has to
    answer.
    """
    holder = {r.target: r.source for r in scan.relations if r.kind == "contains"}
    for tree in scan.components:
        if not tree.ref.startswith("code:") or "product" not in {
            claim.value for claim in ledger.claims(tree.ref, "path-role")
        }:
            continue
        # One statement in two parts: a country of the headers has no organisation of the project.
        if any(
            claim.value != UNKNOWN
            for attribute in _INHERITED
            for claim in ledger.claims(tree.ref, attribute)
        ):
            continue
        for attribute, rule in _INHERITED.items():
            answer = ledger.answer(holder.get(tree.ref, ""), attribute)
            if answer.state != "agreed":
                continue
            first = answer.carried[0].evidence[0]
            excerpt = f"the project that holds it says {answer.value}: {first.excerpt}"[:200]
            yield Claim(
                tree.ref,
                attribute,
                answer.value,
                (Evidence(rule, first.technique, "medium", first.at, excerpt, first.facts),),
                "declared",
            )


def _cite_headers(
    row: Organisation, files: list[Observation], count: int, total: int, sure: Confidence
) -> Iterator[Evidence]:
    share = sum(map(_lines, files)) / total
    words = (
        f"holder in {len(files)} of {count} files, {share:.0%} of the lines ->"
        f" {cite_organisation(row)} -> {row.origin}"
    )
    for o in sorted(files)[:_PLACES]:
        yield Evidence(
            "origin/source-headers",
            o.evidence.technique,
            sure,
            o.evidence.at,
            f"{o.evidence.excerpt[:60]}; {words}"[:200],
            citations(row),
        )


def _lines(source: Observation) -> int:
    return int(source.fact("lines") or 0)
