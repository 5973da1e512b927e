"""What a component was made from, in CycloneDX's `pedigree`, and the figures of the comparison as
properties.

A family is a measurement without a direction: it names no ancestor, and stands in `notes` and
properties alone.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from aisbom.model import Component, Observation
from aisbom.model.facts import FUNCTION, MEMBER, MODIFIED_FILE, Member

Json = dict[str, Any]

MAX_FUNCTIONS = 50
_LISTS = (("added-file", "added"), ("missing-file", "missing"))


def pedigree(subject: Component, spdx: frozenset[str]) -> Json:
    """`ancestors`, `patches` and `notes` of copied code; empty for anything else."""
    for o in subject.observations:
        if o.kind == "release":
            return _of_release(o, spdx)
    files = [o for o in subject.observations if o.fact("lineage")]
    if not files:
        return {}
    made: Json = {}
    ancestors = {
        (m.project, m.path) for o in files if o.fact("lineage") != "family" for m in _best(o)
    }
    if ancestors:
        made["ancestors"] = [_ancestor(project, path) for project, path in sorted(ancestors)]
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
                ("aisbom:vendored:modified:path", f"{pair.path} -> {pair.original}")
                for pair in o.get(MODIFIED_FILE)
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
    measured = [(m, o.fact("percentile")) for o in subject.observations for m in _best(o)]
    if measured:
        member, percentile = max(measured, key=lambda pair: (pair[0].containment, pair[1]))
        rows += [
            ("aisbom:code-from:containment", f"{member.containment:.2f}"),
            ("aisbom:code-from:percentile", percentile),
        ]
    return rows


def functions(subject: Component) -> list[Json]:
    """Occurrences of identical rare functions: their line and symbol here, and where the same one
    stands upstream.
    """
    rows = []
    for o in subject.observations:
        for f in o.get(FUNCTION):
            theirs = f"{f.their_path}:{f.their_line} {f.their_name}"
            rows.append(
                {
                    "location": o.evidence.at.path,
                    "line": f.line,
                    "symbol": f.name,
                    "additionalContext": (
                        f"lineage: lines {f.line}-{f.end} are {theirs}, apart from names and"
                        " comments"
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
    patches = [pair.path for pair in o.get(MODIFIED_FILE)]
    if patches:
        made["patches"] = [{"type": "unofficial", "diff": {"url": quote(path)}} for path in patches]
    made["notes"] = o.evidence.excerpt
    return made


def _best(o: Observation) -> tuple[Member, ...]:
    """The file that it agrees with most, if any."""
    return o.get(MEMBER)[:1]


def _ancestor(project: str, path: str) -> Json:
    name = project.partition("/")[2].rpartition("/")[2].partition("@")[0]
    return {
        "type": "file" if path else "library",
        "name": path.rpartition("/")[2] or name,
        "purl": f"{project}#{quote(path)}" if path else project,
    }
