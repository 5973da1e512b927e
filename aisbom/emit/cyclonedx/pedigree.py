"""What a component was made from, in CycloneDX's `pedigree`, and the figures of the comparison as
properties.

A family is a measurement without a direction: it names no ancestor, and stands in `notes` and
properties alone.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from aisbom.model import Component, Observation

Json = dict[str, Any]

MAX_FUNCTIONS = 50
_LISTS = (("modified-file", "modified"), ("added-file", "added"), ("missing-file", "missing"))


def pedigree(subject: Component, spdx: frozenset[str]) -> Json:
    """`ancestors`, `patches` and `notes` of copied code; empty for anything else."""
    for o in subject.observations:
        if o.kind == "release":
            return _of_release(o, spdx)
    files = [o for o in subject.observations if o.fact("lineage")]
    if not files:
        return {}
    made: Json = {}
    ancestors = sorted({_first(o) for o in files if o.fact("lineage") != "family" and _first(o)})
    if ancestors:
        made["ancestors"] = [_ancestor(purl) for purl in ancestors]
    made["notes"] = "; ".join(f"{o.evidence.at.path}: {o.evidence.excerpt}" for o in files[:20])
    return made


def figures(subject: Component) -> list[tuple[str, str]]:
    """Counts of a release, or containment and percentile of the file that agrees most."""
    rows: list[tuple[str, str]] = []
    for o in subject.observations:
        if o.kind == "release":
            rows += [
                (f"aisbom:vendored:{key}", o.fact(key) or "0")
                for key in ("identical", "modified", "added", "missing")
            ]
            rows += [
                (f"aisbom:vendored:{name}:path", value)
                for key, name in _LISTS
                for value in o.all(key)
            ]
            rows += [
                (f"aisbom:vendored:{key}", value)
                for key in ("commit", "date", "also")
                for value in o.all(key)
            ]
    measured = [
        (o.fact("member").split(" "), o.fact("percentile"))
        for o in subject.observations
        if o.fact("lineage") and o.fact("member")
    ]
    if measured:
        member, percentile = max(measured, key=lambda pair: (float(pair[0][2]), pair[1]))
        rows += [
            ("aisbom:code-from:containment", member[2]),
            ("aisbom:code-from:percentile", percentile),
        ]
    return rows


def functions(subject: Component) -> list[Json]:
    """Occurrences of identical rare functions: their line and symbol here, and where the same one
    stands upstream.
    """
    rows = []
    for o in subject.observations:
        for value in o.all("function"):
            lines, name, _, theirs = value.partition(" ")[2].split(" ", 3)
            row = {
                "location": o.evidence.at.path,
                "line": int(lines.partition("-")[0]),
                "symbol": name,
            }
            rows.append(
                {
                    **row,
                    "additionalContext": (
                        f"lineage: lines {lines} are {theirs}, apart from names and comments"
                    ),
                }
            )
    return sorted(rows, key=lambda row: (str(row["location"]), int(str(row["line"]))))[
        :MAX_FUNCTIONS
    ]


def _of_release(o: Observation, spdx: frozenset[str]) -> Json:
    ancestor: Json = {"type": "library", "name": o.name, "purl": o.purl}
    if o.fact("release"):
        ancestor["version"] = o.fact("release")
    licence = o.fact("upstream-licence")
    if licence:
        ancestor["licenses"] = (
            [{"license": {"id": licence}}] if licence in spdx else [{"license": {"name": licence}}]
        )
    if o.fact("repository"):
        comment = ", ".join(
            words
            for words in (
                f"tag {o.fact('tag')}" * bool(o.fact("tag")),
                f"commit {o.fact('commit')}",
            )
            if words
        )
        ancestor["externalReferences"] = [
            {"type": "vcs", "url": o.fact("repository"), "comment": comment}
        ]
    made: Json = {"ancestors": [ancestor]}
    patches = [value.partition(" -> ")[0] for value in o.all("modified-file")]
    if patches:
        made["patches"] = [{"type": "unofficial", "diff": {"url": quote(path)}} for path in patches]
    made["notes"] = o.evidence.excerpt
    return made


def _first(o: Observation) -> str:
    """purl#path of the file that it agrees with most."""
    return next((value.split(" ")[1] for value in o.all("member") if value.startswith("0 ")), "")


def _ancestor(purl: str) -> Json:
    project, _, path = purl.partition("#")
    name = project.partition("/")[2].rpartition("/")[2].partition("@")[0]
    return {
        "type": "file" if path else "library",
        "name": path.rpartition("/")[2] or name,
        "purl": f"{project}#{quote(path)}" if path else purl,
    }
