"""What the configuration declares, as claims that meet the others in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aisbom.config.declarations import Declaration
from aisbom.errors import UsageError
from aisbom.model import (
    Claim,
    Component,
    Confidence,
    Evidence,
    Gap,
    Location,
    Observation,
    Scan,
    facts,
    redact,
)
from aisbom.model.select import select_components
from aisbom.source import hashing
from aisbom.source.tree import Tree, Unreadable

RULE = "declared"


def claims(
    rows: Iterable[Declaration],
    scan: Scan,
    tree: Tree,
    logs: Mapping[str, Observation] | None = None,
) -> tuple[list[Claim], list[Gap]]:
    """The claims of these declarations, and a gap for each that names no component. `logs` are the
    training logs of the tree by path: what one says goes with the evidence that names it.

    Raises UsageError, one line, for supporting files that the tree does not hold and for overrides
    that contradict each other.
    """
    made: list[Claim] = []
    gaps: list[Gap] = []
    overrides: dict[tuple[str, str], Declaration] = {}
    digests: dict[str, str] = {}
    for row in rows:
        for path in row.evidence:
            if path not in digests:
                digests[path] = _digest(tree, path, row.at)
        subjects = select_components(scan, row.component)
        if not subjects:
            gaps.append(
                Gap(
                    RULE,
                    row.at,
                    f"{row.attribute} is declared of {row.component!r}, which names no component",
                )
            )
        for subject in subjects:
            if row.override:
                other = overrides.setdefault((subject.ref, row.attribute), row)
                if other.value != row.value:
                    raise UsageError(
                        f"{row.at}: contradictory overrides: {row.attribute} of {subject.ref} is"
                        f" {row.value!r} here and {other.value!r} at {other.at}; keep one"
                    )
            made.append(_make_claim(row, subject, digests, logs or {}))
    return made, gaps


def _make_claim(
    row: Declaration,
    subject: Component,
    digests: Mapping[str, str],
    logs: Mapping[str, Observation],
) -> Claim:
    # A judgement with a reason counts; a fact without a file that supports it is a hint.
    sure: Confidence = "medium" if row.override or row.evidence else "low"
    words = f"{row.attribute} = {row.value}"
    if row.by:
        words += f", declared by {row.by}"
    if row.reason:
        words += f": {row.reason}"
    if not row.override and not row.evidence:
        words += " (no supporting file is named)"
    evidence = [Evidence(RULE, "attestation", sure, row.at, redact.text(words)[:400])]
    for path in row.evidence:
        log = logs[path].facts if path in logs else ()
        evidence.append(
            Evidence(
                RULE,
                "attestation",
                sure,
                Location(path),
                f"supports it; sha256:{digests[path]}",
                facts(*log, sha256=digests[path], declared_by=redact.text(row.by)),
            )
        )
    return Claim(subject.ref, row.attribute, row.value, tuple(sorted(evidence)), "declared")


def _digest(tree: Tree, path: str, at: Location) -> str:
    file = tree.get(path)
    if file is None:
        raise UsageError(
            f"{at}: evidence {path!r} is not in the tree; name a file of it, relative to its root"
        )
    try:
        with file.open() as stream:
            return hashing.sha256(stream)
    except (OSError, Unreadable) as error:
        raise UsageError(f"{at}: evidence {path!r} cannot be read: {error}") from error
