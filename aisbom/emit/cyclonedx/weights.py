"""What the values of weight files showed, in the document: how much was read, identity by equal
digests, and notes on similarity.

Similarity is no identity: it stands in `declarations` with its null, and in words as an annotation.
"""

from __future__ import annotations

from typing import Any

from aisbom.__version__ import __version__
from aisbom.identify.weights_from import SIMILAR, entire
from aisbom.model import Component, Scan, digest
from aisbom.model.facts import WEIGHTS_REFERENCES

NOT_IDENTITY = frozenset({"values", "match"})
"""Kinds of sighting that say something of a file without saying what it is."""

_NO_TIME = "1970-01-01T00:00:00Z"
"""The schemas of CycloneDX 1.5 to 1.7 require a time in every annotation: without SOURCE_DATE_EPOCH
it is the start of that epoch.
"""


def identities(subject: Component, tool: str) -> list[dict[str, Any]]:
    """`evidence.identity` of a model or file all of whose values are those of a known model;
    certain, since digests are equal.
    """
    match = entire(subject)
    if match is None:
        return []
    value = match.fact("weights-from")
    method = {
        "technique": "hash-comparison",
        "confidence": 1,
        "value": f"{match.evidence.by}: {match.evidence.excerpt}",
    }
    field = "purl" if value.startswith("pkg:") else "name"
    return [
        {
            "field": field,
            "confidence": 1,
            "concludedValue": value,
            "methods": [method],
            "tools": [tool],
        }
    ]


def examined(subject: Component) -> list[tuple[str, str]]:
    """The properties that say how much was read, under which budget, and what it was held
    against.
    """
    looked = [o for o in subject.observations if o.kind == "values"]
    if not looked:
        return []
    read, size = (
        sum(int(o.fact(key)) for o in looked) for key in ("weights-read", "weights-bytes")
    )
    rows = [
        ("aisbom:weights:examined", f"{read} of {size} bytes ({read / size if size else 0:.4f})")
    ]
    rows += [
        ("aisbom:weights:budget", value)
        for value in sorted({o.fact("weights-budget") for o in looked})
    ]
    rows += [
        ("aisbom:weights:references", f"{held.count} sha256:{held.digest}")
        for held in sorted({held for o in looked for held in o.get(WEIGHTS_REFERENCES)})
    ]
    left = sum(int(o.fact("weights-left") or 0) for o in looked)
    if left:
        rows.append(("aisbom:weights:left", f"{left} tensors beyond the budget"))
    same = {o.fact("same-values") for o in subject.observations if o.kind == "match"} - {""}
    rows += [("aisbom:weights:same_values", path) for path in sorted(same)]
    return rows


def similarities(scan: Scan, stamp: str) -> list[dict[str, Any]]:
    """One note in words for each similarity that was found: what it is, and what it does
    not show.
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
        rows.append(
            {
                "bom-ref": f"annotation-{digest([claim.ref, text])[:12]}",
                "subjects": [claim.subject],
                "annotator": {
                    "component": {"type": "application", "name": "aisbom", "version": __version__}
                },
                "timestamp": stamp or _NO_TIME,
                "text": text,
            }
        )
    return sorted(rows, key=lambda row: str(row["bom-ref"]))
