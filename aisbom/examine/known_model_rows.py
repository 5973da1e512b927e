"""What is said of values that were held against references: rows with figures, chance and controls,
in words for a reader.
"""

from __future__ import annotations

from collections.abc import Iterable

from aisbom.model import (
    Confidence,
    Evidence,
    Location,
    Observation,
    Row,
    Sighting,
    Technique,
    facts,
)
from aisbom.model.facts import WEIGHTS_REFERENCES, References
from aisbom.weights.recognise import WHOLE, Alike, Equal
from aisbom.weights.references import Reference

NAME = "weights-values"


def ancestor(reference: Reference) -> str:
    """What a claim calls a reference: the purl that its source begins with, else its name."""
    first = reference.source.partition(" ")[0]
    return first if first.startswith("pkg:") else reference.name


def describe_examination(
    at: Location, count: tuple[int, int, int], budget: int | None, known: References
) -> Row:
    """How much of a file was looked at: (bytes read, bytes of values there, tensors left out), and
    what it was held against.
    """
    read, size, left = count
    excerpt = f"{read:,} of {size:,} bytes of values read, held against {known.number} references"
    found = facts(
        ("weights-read", f"{read}"),
        ("weights-bytes", f"{size}"),
        ("weights-budget", "all" if budget is None else f"{budget}"),
        ("weights-left", f"{left}" if left else ""),
        WEIGHTS_REFERENCES(known),
    )
    return _row("values", found, _build_evidence("binary-analysis", "high", at, excerpt))


def describe_match(at: Location, reference: Reference, found: Equal, controls: str) -> Row:
    """Values equal to those of a reference."""
    about = facts(
        ("weights-from", ancestor(reference)),
        ("reference", reference.name),
        ("reference-digest", reference.digest),
    )
    return _match(
        at, (*about, *_of_equal(found, controls)), _words(found, reference.name, controls), found
    )


def same(at: Location, path: str, found: Equal, name: str) -> Row:
    """Values equal to those of another file of the tree, called `name`."""
    return _match(
        at, (*facts(("same-values", path)), *_of_equal(found, "")), _words(found, name, ""), found
    )


def _of_equal(found: Equal, controls: str) -> tuple[tuple[str, str], ...]:
    return facts(
        ("share-there", f"{found.there:.4f}"),
        ("share-here", f"{found.here:.4f}"),
        ("how", ",".join(found.hows)),
        ("equal-tensors", str(found.tensors)),
        ("log10-chance", f"{found.log10_chance:.1f}"),
        ("controls", controls),
    )


def _words(found: Equal, name: str, controls: str) -> str:
    """Figures first: the end is cut where a name is long."""
    chance = f"one tensor by chance < 10^{found.log10_chance:.0f}"
    told = [
        (
            f"{found.there:.1%} of its and {found.here:.1%} of these evidential values equal"
            f" ({', '.join(found.hows)})"
        ),
        chance,
    ]
    return "; ".join([*told, *([controls] if controls else []), f"model: {name}"])


def _match(at: Location, found: Iterable[tuple[str, str]], excerpt: str, equal: Equal) -> Row:
    digest_equal = max(equal.there, equal.here) >= WHOLE and not {"cast", "signs"} & set(equal.hows)
    sure: Confidence = "high" if digest_equal else "medium"
    return _row("match", found, _build_evidence("hash-comparison", sure, at, excerpt))


def similar(at: Location, reference: Reference, row: Alike) -> Row:
    """Units of a file in the places of those of a reference: a likeness with its null, no
    identity.
    """
    control = (
        "no unrelated reference had units to compare"
        if row.unrelated_most < 0
        else f"unrelated references {row.unrelated_most}"
    )
    excerpt = (
        f"{row.verdict} with {reference.name}: {row.in_place} of {row.of} units in place, p <"
        f" 10^{row.log10_p:.0f}; relabelled 1,000 times {row.null_most} at most; {control}; seed"
        f" {row.seed}"
    )
    found = facts(
        ("similar-to", ancestor(reference)),
        ("reference", reference.name),
        ("reference-digest", reference.digest),
        ("verdict", row.verdict),
        ("log10-p", f"{row.log10_p:.1f}"),
        ("in-place", row.in_place),
        ("units", row.of),
        ("null-mean", f"{row.null_mean}"),
        ("null-most", row.null_most),
    )
    return _row("match", found, _build_evidence("binary-analysis", "medium", at, excerpt))


def _row(kind: Sighting, found: Iterable[tuple[str, str]], evidence: Evidence) -> Row:
    name = evidence.at.path.rpartition("/")[2]
    return Observation(kind, name, "", "", evidence, facts(*found))


def _build_evidence(technique: Technique, sure: Confidence, at: Location, excerpt: str) -> Evidence:
    return Evidence(NAME, technique, sure, at, excerpt, sees="content")
