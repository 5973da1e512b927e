"""What copied code was made from, and the figures of the comparison.

A family is a measurement without a direction: it names no parent, and stands in the notes and the
facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from aisbom.bom import Parent, Pedigree, Place
from aisbom.model import Component, Location, Observation
from aisbom.model.facts import FUNCTION, MEMBER, MODIFIED_FILE, Member

MAX_FUNCTIONS = 50
_LISTS = (("added-file", "added"), ("missing-file", "missing"))


def pedigree(subject: Component) -> Pedigree:
    """Parents, changed files and notes of copied code; empty for anything else."""
    for o in subject.observations:
        if o.kind == "release":
            return _of_release(o)
    files = [o for o in subject.observations if o.fact("lineage")]
    parents = {
        (m.project, m.path) for o in files if o.fact("lineage") != "family" for m in _best(o)
    }
    return Pedigree(
        tuple(_of_file(project, path) for project, path in sorted(parents)),
        notes="; ".join(f"{o.evidence.at.path}: {o.evidence.excerpt}" for o in files[:20]),
    )


def figures(subject: Component) -> Iterator[tuple[str, str]]:
    """Counts of a release, or containment and percentile of the file that agrees most."""
    for o in subject.observations:
        if o.kind == "release":
            yield from _counts(o)
    measured = [
        (m, o.fact("percentile"))
        for o in subject.observations
        for m in _best(o)
        if m.containment > 0
    ]
    if measured:
        member, percentile = max(measured, key=lambda pair: (pair[0].containment, pair[1]))
        yield "code-from.containment", f"{member.containment:.2f}"
        yield "code-from.percentile", percentile


def _counts(o: Observation) -> Iterator[tuple[str, str]]:
    for key in ("identical", "modified", "added", "missing"):
        yield f"vendored.{key}", o.fact(key) or "0"
    for pair in o.get(MODIFIED_FILE):
        yield "vendored.modified.path", f"{pair.path} -> {pair.original}"
    for key, name in _LISTS:
        for value in o.all(key):
            yield f"vendored.{name}.path", value
    for key in ("commit", "date", "also"):
        for value in o.all(key):
            yield f"vendored.{key}", value


def functions(subject: Component) -> list[Place]:
    """Places of identical rare functions: their line and symbol here, and where the same one stands
    upstream.
    """
    rows = [
        Place(
            Location(o.evidence.at.path, f.line),
            "lineage",
            f"lines {f.line}-{f.end} are {f.their_path}:{f.their_line} {f.their_name}, apart from"
            " names and comments",
            f.name,
        )
        for o in subject.observations
        for f in o.get(FUNCTION)
    ]
    return sorted(rows, key=lambda row: row.at)[:MAX_FUNCTIONS]


def _of_release(o: Observation) -> Pedigree:
    tag = f"tag {o.fact('tag')}" if o.fact("tag") else ""
    parent = Parent(
        "library",
        o.name,
        version=o.fact("release"),
        purl=o.purl,
        licence=o.fact("upstream-licence"),
        repository=o.fact("repository"),
        comment=", ".join(words for words in (tag, f"commit {o.fact('commit')}") if words)
        if o.fact("repository")
        else "",
    )
    patches = tuple(pair.path for pair in o.get(MODIFIED_FILE))
    return Pedigree((parent,), patches, o.evidence.excerpt)


def _of_file(project: str, path: str) -> Parent:
    name = project.partition("/")[2].rpartition("/")[2].partition("@")[0]
    return Parent(
        "file" if path else "library",
        path.rpartition("/")[2] or name,
        purl=f"{project}#{quote(path)}" if path else project,
    )


def _best(o: Observation) -> tuple[Member, ...]:
    """The file that it agrees with most, if any."""
    return o.get(MEMBER)[:1]
