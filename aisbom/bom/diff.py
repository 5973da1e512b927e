"""What differs between two bills of materials: parts, what is said of them, and what it comes to.

A part is the same in both where its package URL is the same apart from the version, or, for what
has none, where it lies at the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from aisbom.bom import Bom, Part
from aisbom.bom.compact import compact

Topic = Literal[
    "added",
    "removed",
    "version",
    "content",
    "licence",
    "origin",
    "lineage",
    "attribution",
    "role",
    "finding",
    "profile",
    "score",
    "requirement",
    "verdict",
    "gaps",
]

TOPICS: tuple[Topic, ...] = (
    *("verdict", "requirement", "score", "profile", "added", "removed", "version", "content"),
    *("licence", "origin", "lineage", "attribution", "role", "finding", "gaps"),
)
"""In the order in which a reader wants them."""

_LINEAGE = ("code-from", "code-from.basis", "weights-from", "architecture-from", "initialisation")
_FINDINGS = ("contradiction", "licence.conflict", "runs-code")
_ROLES = ("component.role", "component.class", "component.path_role")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `part` is the name of the part, empty where it is about the whole; `ref` is
    its ref in the bill that has it, the newer one where both do. `before` and `after` are values in
    order.
    """

    topic: Topic
    part: str
    ref: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def diff(old: Bom, new: Bom) -> tuple[Change, ...]:
    """Every difference, in the order of TOPICS, then by part. Where one is compact, the other is
    compared as a compact one.
    """
    if old.compact != new.compact:
        old, new = compact(old), compact(new)
    found = [*_of_parts(old, new), *_of_the_whole(old, new)]
    return tuple(
        sorted(found, key=lambda one: (TOPICS.index(one.topic), one.part, one.ref, one.after))
    )


def _of_parts(old: Bom, new: Bom) -> Iterator[Change]:
    before, after = _by_key(old.parts, old.root), _by_key(new.parts, new.root)
    for key in sorted(before.keys() | after.keys()):
        was, now = list(before.get(key, ())), list(after.get(key, ()))
        for one in [one for one in was if any(one.ref == other.ref for other in now)]:
            other = next(other for other in now if other.ref == one.ref)
            yield from _of_part(one, other)
            was.remove(one)
            now.remove(other)
        while was and now:
            yield from _of_part(was.pop(0), now.pop(0))
        for one in was:
            yield Change("removed", one.name, one.ref, (one.version,), ())
        for one in now:
            yield Change("added", one.name, one.ref, (), (one.version,))


def _by_key(parts: Iterable[Part], root: str) -> dict[str, list[Part]]:
    """The root is the root in both, whatever it is called."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        purl = part.purl.partition("?")[0].partition("#")
        base = f"{purl[0].rpartition('@')[0] or purl[0]}#{purl[2]}" if part.purl else part.ref
        key = "" if part.ref == root else f"{part.kind} {base}"
        found.setdefault(key, []).append(part)
    return found


def _of_part(was: Part, now: Part) -> Iterator[Change]:
    values: tuple[tuple[Topic, tuple[str, ...], tuple[str, ...]], ...] = (
        ("version", _some(was.version), _some(now.version)),
        ("content", _digests(was), _digests(now)),
        ("licence", _licences(was), _licences(now)),
        ("origin", _origins(was), _origins(now)),
        ("lineage", _facts(was, _LINEAGE), _facts(now, _LINEAGE)),
        (
            "attribution",
            _facts(was, ("attribution", "code-from.holder")),
            _facts(now, ("attribution", "code-from.holder")),
        ),
        ("role", _facts(was, _ROLES), _facts(now, _ROLES)),
        ("finding", _facts(was, _FINDINGS), _facts(now, _FINDINGS)),
    )
    for topic, before, after in values:
        if before != after:
            yield Change(topic, now.name, now.ref, before, after)


def _of_the_whole(old: Bom, new: Bom) -> Iterator[Change]:
    was, now = old.sovereignty, new.sovereignty
    for role, low, high in now.totals:
        before = [_interval(*rest) for name, *rest in was.totals if name == role]
        after = _interval(low, high)
        if before != [after]:
            yield Change("score", role, "", tuple(before), (after,))
    profiles = [
        (f"{one.profile}@{one.version}", f"home {','.join(one.home) or 'not given'}")
        for one in (was, now)
    ]
    if profiles[0] != profiles[1]:
        yield Change("profile", "", "", profiles[0], profiles[1])
    if was.verdict != now.verdict:
        yield Change("verdict", "", "", (was.verdict,), (now.verdict,))
    answers = {one.id: one.verdict for one in was.requirements}
    for one in now.requirements:
        before_it = answers.pop(one.id, "")
        if before_it != one.verdict:
            yield Change("requirement", one.id, "", _some(before_it), (one.verdict,))
    for key, verdict in answers.items():
        yield Change("requirement", key, "", (verdict,), ())
    if old.gap_count != new.gap_count:
        yield Change("gaps", "", "", (str(old.gap_count),), (str(new.gap_count),))


def _some(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _digests(part: Part) -> tuple[str, ...]:
    """Digests of the file, or of all tensors of it."""
    rows = [f"{one.algorithm} {one.hex}" for one in part.digests]
    return tuple(sorted({*rows, *part.values("tensor.manifest_digest")}))


def _licences(part: Part) -> tuple[str, ...]:
    return tuple(sorted({one.value for one in part.licences if one.acknowledgement}))


def _origins(part: Part) -> tuple[str, ...]:
    return tuple(
        f"{name.removeprefix('origin.').removesuffix('.country')} {value}"
        for name, value in part.facts
        if name.startswith("origin.") and name.endswith(".country")
    )


def _facts(part: Part, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for name in names for value in part.values(name))


def _interval(low: float, high: float) -> str:
    return f"[{low:.2f}, {high:.2f}]"
