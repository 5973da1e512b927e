"""Annotations as workflow commands of GitHub Actions, escaped so that no name in a tree can become
a command.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.emit.artifact_location import Repository, StatedPaths
from aisbom.emit.findings import asides, counts, list_telling, order, sentence
from aisbom.judge.policy import Result
from aisbom.judge.rule import Verdict
from aisbom.model.plain import plain

MAX_PER_LEVEL = 10
"""What GitHub shows of each level for one step; the last place is kept for the count of the others.
"""

LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
_UNDECIDED = {"fail": "error", "warn": "warning", "pass": "note"}


def level(severity: str, word: str, on_unknown: str) -> str:
    """`error`, `warning` or `note` for a finding: what is undecided is as grave as the policy says,
    and never graver than its rule.
    """
    if word == "fail":
        return severity
    order = ("note", "warning", "error")
    return min(severity, _UNDECIDED[on_unknown], key=order.index)


def commands(result: Result, repository: Repository | StatedPaths, strict: bool = False) -> str:
    """One line for each finding, at most ten of a level; a last notice sums up."""
    on_unknown = "fail" if strict else result.policy.on_unknown
    rows: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for v in order(result):
        for name, line in _lines(v, repository, on_unknown):
            rows[name].append(line)
    for expired in result.expired:
        said = (
            f"the waiver of {expired.requirement} for {expired.component} ended on"
            f" {expired.expires.isoformat()} and waives nothing"
        )
        rows["warning"].append(
            f"::warning title=aisbom%3A expired waiver::{_data(f'{said} ({expired.place})')}"
        )
    out = []
    for name, found in rows.items():
        out += found if len(found) <= MAX_PER_LEVEL else found[: MAX_PER_LEVEL - 1]
        if len(found) > MAX_PER_LEVEL:
            more = f"and {len(found) - MAX_PER_LEVEL + 1} more of this level: see the job summary"
            out.append(f"::{name} title=aisbom::{_data(more)}")
    total = f"policy {result.policy.name}: {result.verdict} ({counts(result)})"
    return "\n".join([*out, plain(total), *asides(result)])


def _lines(
    v: Verdict, repository: Repository | StatedPaths, on_unknown: str
) -> Iterator[tuple[str, str]]:
    if v.verdict == "pass":
        return
    for f in list_telling(v):
        name = LEVELS[level(v.severity, f.verdict, on_unknown)]
        place = repository.first(f.places)
        at = f"file={_property(place[0])},line={place[1]}," if place else ""
        yield (
            name,
            f"::{name} {at}title={_property(plain(f'aisbom: {v.title}'))}::{_data(sentence(v, f))}",
        )
    if not list_telling(v):
        name = LEVELS[level(v.severity, v.verdict, on_unknown)]
        yield (
            name,
            f"::{name} title={_property(plain(f'aisbom: {v.title}'))}::{_data(plain(v.message))}",
        )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
