"""A scan and its judgement as one bill of materials.

All that a reader will see is decided here and in the files beside it: which maker, licence, digest,
parent and size, what is complete, and what every number rests on. Formats only spell it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from aisbom.__version__ import __version__
from aisbom.bom import Bom, Note, models
from aisbom.bom.answers import Answers
from aisbom.bom.hub_repository import add_repository
from aisbom.bom.parts import part, service
from aisbom.bom.sovereignty import sovereignty
from aisbom.errors import UsageError
from aisbom.identify.weights_from import SIMILAR
from aisbom.judge import Judgement
from aisbom.model import Claim, Component, Evidence, Location, Relation, Scan, Sees, digest
from aisbom.model.facts import VULNERABILITY
from aisbom.model.ledger import Ledger

MAX_GAPS = 2000

_SECONDS = "%Y-%m-%dT%H:%M:%SZ"

_JUDGED = frozenset({"class", "role", "path-role"})
"""Attributes on which the program gives a judgement of its own."""


def build(scan: Scan, judgement: Judgement) -> Bom:
    """The bill of a classified scan. Its time is SOURCE_DATE_EPOCH, else that of the commit which
    is checked out, else now. Raises UsageError where SOURCE_DATE_EPOCH is no time.
    """
    ledger = Ledger(scan.claims)
    data = models.data_refs(scan)
    claims = _once(c for c in scan.claims if c.attribute not in _JUDGED or c.status != "derived")
    judged = (c for c in scan.claims if c.attribute in _JUDGED and c.status == "derived")

    def answers(component: Component) -> Answers:
        ref = component.ref
        return {name: ledger.answer(ref, name) for name in ledger.attributes(ref)}

    parts = [
        service(c, answers(c)) if c.kind == "service" else part(c, answers(c), data.get(c.ref, {}))
        for c in scan.components
    ]
    return Bom(
        root=scan.root,
        parts=tuple(sorted(add_repository(parts, scan.root), key=lambda part: part.ref)),
        relations=_relations(scan),
        claims=claims,
        judgements=_once(claim for claim in judged if claim.attribute != "role"),
        gaps=tuple(sorted(scan.gaps)[:MAX_GAPS]),
        gap_count=len(scan.gaps),
        sovereignty=sovereignty(judgement, {claim.ref: claim for claim in claims}),
        vulnerabilities=tuple(
            sorted({(c.ref, one) for c in scan.components for one, _ in c.get(VULNERABILITY)})
        ),
        notes=_notes(scan),
        complete=_complete(scan),
        readers=_readers(scan),
        files=scan.fact("files") or "0",
        knowledge=scan.fact("knowledge"),
        index=scan.fact("index") or "not stated",
        unapplied=tuple(sorted(value for key, value in scan.facts if key == "unapplied")),
        phase=_phase(scan),
        time=_time(scan.component(scan.root)),
        program=__version__,
    )


def _time(root: Component) -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        checked_out = next(
            (
                o.fact("commit-time")
                for o in root.observations
                if o.kind == "repository" and o.evidence.at.path == ".git"
            ),
            "",
        )
        return checked_out or datetime.now(UTC).strftime(_SECONDS)
    try:
        return datetime.fromtimestamp(int(epoch), UTC).strftime(_SECONDS)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH={epoch}: not a number of seconds since 1970"
        ) from error


def _once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Every claim once, with its evidence once and in order."""
    rows: dict[str, Claim] = {}
    for claim in claims:
        evidence = tuple(sorted({_plain(e) for e in claim.evidence}))
        if claim.ref not in rows:
            same = evidence == claim.evidence
            rows[claim.ref] = claim if same else replace(claim, evidence=evidence)
    return tuple(sorted(rows.values()))


def _plain(evidence: Evidence) -> Evidence:
    """What its reader sees is said of sightings, not of claims."""
    return evidence if evidence.sees == "statement" else replace(evidence, sees="statement")


def _relations(scan: Scan) -> tuple[Relation, ...]:
    """What stands inside what, and everything else that is held or needed as `depends-on`."""
    inside = _holders(scan)
    rows = {Relation(holder, part, "contains", Location("")) for part, holder in inside.items()}
    rows |= {
        Relation(r.source, r.target, "depends-on", Location(""))
        for r in scan.relations
        if inside.get(r.target) != r.source
    }
    return tuple(sorted(rows))


def _holders(scan: Scan) -> dict[str, str]:
    """`{part: holder}`: a part stands inside its holder once; the parts of the root stand at the
    top.
    """
    holder: dict[str, str] = {}
    for relation in scan.relations:
        if relation.kind == "contains" and relation.source != scan.root:
            holder.setdefault(relation.target, relation.source)
    # A cycle of holders cannot be nested; whoever closes it stays at the top.
    for ref in sorted(holder):
        seen = {ref}
        above = holder.get(ref)
        while above is not None:
            if above in seen:
                del holder[ref]
                break
            seen.add(above)
            above = holder.get(above)
    return holder


def _complete(scan: Scan) -> tuple[str, ...]:
    """The refs whose needs are all there. Nothing is complete unless a tool that installed or
    locked it said all of it.
    """
    installed = {
        c.ref
        for c in scan.components
        if any(o.kind == "distribution" and o.fact("installed") for o in c.observations)
    }
    locked = {c.ref for c in scan.components if "locked" in c.kinds} - installed
    unmet = any(gap.kind == "unmet" for gap in scan.gaps)
    return tuple(sorted(locked if unmet else installed | locked))


def _phase(scan: Scan) -> str:
    kinds = {kind for c in scan.components for kind in c.kinds}
    root = scan.component(scan.root)
    if "distribution" in root.kinds:
        return "post-build"
    if "distribution" in kinds and not kinds & {"project", "source"}:
        return "operations"
    return "pre-build"


def _readers(scan: Scan) -> tuple[tuple[Sees, str], ...]:
    """Who of those that saw something saw content, or only names; the others saw statements."""
    seen = {(o.evidence.sees, o.evidence.by) for c in scan.components for o in c.observations}
    return tuple(sorted(row for row in seen if row[0] != "statement"))


def _notes(scan: Scan) -> tuple[Note, ...]:
    """One note in words for each similarity that was found: what it is, and what it does not
    show.
    """
    rows = []
    for claim in scan.claims:
        if claim.attribute != SIMILAR or claim.status == "withdrawn":
            continue
        words = "; ".join(e.excerpt for e in claim.evidence)
        text = (
            f"Weights of {scan.component(claim.subject).name}: {words}. Similar, not identical: a"
            " common start from one random seed shows the same, weights do not tell which of the"
            " two came first, and the claim may be contested (docs/weights.md)."
        )
        ref = f"annotation-{digest([claim.ref, text])[:12]}"
        rows.append(Note(ref, claim.subject, text))
    return tuple(sorted(rows, key=lambda row: row.ref))
