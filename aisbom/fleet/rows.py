"""A scanned submission as rows of the catalogue's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aisbom.bom import Bom, Licence, Part
from aisbom.codeprint import index as indexes
from aisbom.codeprint.candidates import corpus
from aisbom.codeprint.fingerprints import of_file
from aisbom.codeprint.tokens import MAX_BYTES, language
from aisbom.document import ScannedDocument
from aisbom.judge import Judgement
from aisbom.model import Scan
from aisbom.source.tree import Tree, Unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Row = dict[str, Any]
MAX_SOURCES = 20_000
"""Source files of one submission whose functions are kept."""

_ORIGINS = ("developed", "trained", "collected", "operated")


def of_document(made: ScannedDocument) -> dict[str, list[Row]]:
    """The rows of the tables that say what the document says, without their unit."""
    scan = made.scan
    return {
        "components": [_component(part) for part in made.bill.parts],
        "claims": list(_claims(scan)),
        "relations": [
            {
                **{"source": r.source, "target": r.target, "kind": r.kind},
                **{"path": r.at.path, "line": r.at.line, "specifier": r.fact("specifier")},
            }
            for r in scan.relations
        ],
        "gaps": [
            {"rule": g.by, "path": g.at.path, "line": g.at.line, "reason": g.reason}
            for g in scan.gaps
        ],
        **judgement_rows(made.judgement),
    }


def judgement_rows(judgement: Judgement) -> dict[str, list[Row]]:
    """The rows of `scores` and `requirements` of a judgement, without their unit."""
    score = judgement.score
    every = {
        **{(role, ""): interval for role, interval in score.totals.items()},
        **{(role, leg): i for role, legs in score.legs.items() for leg, i in legs.items()},
    }
    home = ",".join(score.home)
    return {
        "scores": [
            {
                **{"profile": score.profile, "profile_digest": score.profile_digest, "home": home},
                **{"role": role, "leg": leg, "low": float(low), "high": float(high)},
                **{"coverage": float(score.coverage), "verdict": judgement.verdict},
            }
            for (role, leg), (low, high) in sorted(every.items())
        ],
        "requirements": [
            {
                **{"profile": score.profile, "requirement": row.id},
                **{"severity": row.severity, "verdict": row.verdict, "message": row.description},
            }
            for row in judgement.requirements
        ],
    }


def code(tree: Tree, bill: Bom) -> tuple[list[Row], list[Row]]:
    """Every function of the tree's source files that is long enough to say something, with whether
    a known project explains it: its file was shown to come from one, or the index of known code
    holds the function. And of each file that no known project explains the fingerprints that the
    index does not hold either.
    """
    copied = _list_copied_paths(bill)
    functions: list[Row] = []
    files: list[tuple[str, NDArray[np.uint32]]] = []
    sources = [entry for entry in tree.listing[0] if language(entry.path)]
    for entry in sources[:MAX_SOURCES]:
        file = tree.get(entry.path)
        try:
            data = file.head(MAX_BYTES) if file else b""
        except Unreadable:
            continue  # the scan has said so: a gap
        prints = of_file(entry.path, data)
        if prints is None:
            continue
        known = any(entry.path == k or entry.path.startswith(f"{k}/") for k in copied)
        if not known:
            files.append((entry.path, prints.runs))
        for one in prints.functions:
            functions.append(
                {
                    **{"path": entry.path, "name": one.name, "line": one.line, "end": one.end},
                    **{"tokens": one.tokens, "hash": one.hash, "renamed": one.renamed},
                    "known": known,
                }
            )
    explained = _known_functions([row["hash"] for row in functions])
    return (
        [{**row, "known": row["known"] or row["hash"] in explained} for row in functions],
        [_prints(path, runs) for path, runs in files],
    )


def _prints(path: str, runs: NDArray[np.uint32]) -> Row:
    """The distinct fingerprints of a file without those that a known project has, and how many
    there are in all.
    """
    import numpy as np

    every = np.unique(runs)
    known = indexes.load()[0]
    own = every
    if known.projects and len(every):
        held = corpus(known).runs
        there = held.is_common(every)
        there[held.rows(every)[0]] = True
        own = every[~there]
    return {"path": path, "total": len(every), "runs": own.astype("<u4").tobytes()}


def _known_functions(hashes: Sequence[int]) -> set[int]:
    """Those of the hashes that a project of the index of known code has."""
    known = indexes.load()[0]
    if not hashes or not known.projects:
        return set()
    import numpy as np

    held = corpus(known).functions
    wanted = np.unique(np.array(hashes, np.uint64))
    there = held.is_common(wanted)
    there[held.rows(wanted)[0]] = True
    return set(wanted[there].tolist())


def with_unit(unit: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The rows, each with the unit that it is of."""
    return [{"unit": unit, **row} for row in rows]


def _component(part: Part) -> Row:
    stage = next((s for s in _ORIGINS if part.value(f"origin.{s}.country")), "developed")
    origin = f"origin.{stage}"
    path = part.value("component.path") or next((place.at.path for place in part.places), "")
    return {
        **{"ref": part.ref, "kind": part.kind, "name": part.name, "version": part.version},
        "purl": part.purl,
        "class": part.value("component.class"),
        "role": part.value("component.role"),
        "path_role": part.value("component.path_role"),
        "path": path,
        "licence": _licence(part.licences),
        "country": part.value(f"{origin}.country"),
        "organisation": part.maker.name if part.maker else part.value(f"{origin}.organisation"),
        "confidence": part.value(f"{origin}.confidence"),
        "code_from": part.value("code-from"),
    }


def _licence(licences: Sequence[Licence]) -> str:
    for word in ("concluded", "declared", ""):
        for licence in licences:
            if licence.acknowledgement == word:
                return licence.value
    return ""


def _claims(scan: Scan) -> Iterator[Row]:
    """A row for every piece of evidence."""
    for claim in scan.claims:
        ref = claim.ref
        for one in claim.evidence:
            yield {
                **{"claim": ref, "subject": claim.subject, "attribute": claim.attribute},
                **{"value": claim.value, "status": claim.status, "rule": one.by},
                **{"technique": one.technique, "confidence": one.confidence},
                **{"path": one.at.path, "line": one.at.line, "member": one.at.member},
                "excerpt": one.excerpt,
            }


def _list_copied_paths(bill: Bom) -> list[str]:
    """Where code lies that the scan itself has shown to come from a known project."""
    return [
        path
        for part in bill.parts
        if part.values("code-from") or part.values("vendored.identical")
        for path in part.values("component.path")
        if path
    ]
