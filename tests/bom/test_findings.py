"""Which findings stand together where there is room for few."""

from __future__ import annotations

from aisbom.bom.findings import Finding, by_kind


def of(kind: str, part: str, whose: str = "") -> Finding:
    return Finding(kind, part, part, "core", "w", whose)  # type: ignore[arg-type]


def names(found: list[Finding], least: int) -> list[list[str]]:
    return [[one.part for one in group] for group in by_kind(found, least)]


def test_kinds_stand_together() -> None:
    found = [of("foreign-part", "a", "X"), of("foreign-part", "b", "Y"), of("code-from", "c")]
    assert names([*found, of("runs-code", "d")], 3) == [["a", "b"], ["c"], ["d"]]


def test_few_kinds_are_told_apart_by_whose_they_are() -> None:
    """A hundred parts of one organisation, or of nobody known, are one thing to know."""
    found = [
        of("foreign-part", "a", "X"),
        of("foreign-part", "b", "Y"),
        of("foreign-part", "c", "X"),
    ]
    unknown = [of("unknown-origin", f"m{n}") for n in range(100)]
    assert names([*found, *unknown], 3) == [["a", "c"], ["b"], [one.part for one in unknown]]


def test_what_fits_stands_by_itself() -> None:
    assert names([of("unknown-origin", name) for name in "ab"], 3) == [["a"], ["b"]]
    assert names([], 3) == []
