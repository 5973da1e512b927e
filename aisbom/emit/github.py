"""Annotations as workflow commands of GitHub Actions, escaped so that no name in a tree can become
a command.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.emit.artifact_location import Repository, StatedPaths
from aisbom.emit.findings import asides, counts, list_telling, order, sentence
from aisbom.emit.html.words import Words, words
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


def commands(
    result: Result,
    repository: Repository | StatedPaths,
    strict: bool = False,
    say: Words | None = None,
) -> str:
    """One line for each finding, at most ten of a level, in the words of a language; a last notice
    sums up.
    """
    say = say or words("en")
    on_unknown = "fail" if strict else result.policy.on_unknown
    rows: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for v in order(result):
        for name, line in _lines(v, repository, on_unknown, say):
            rows[name].append(line)
    for expired in result.expired:
        said = say(
            "annotation.expired",
            requirement=expired.requirement,
            part=expired.component,
            until=expired.expires.isoformat(),
            place=expired.place,
        )
        title = _property(say("annotation.expired-title"))
        rows["warning"].append(f"::warning title={title}::{_data(said)}")
    out = []
    for name, found in rows.items():
        out += found if len(found) <= MAX_PER_LEVEL else found[: MAX_PER_LEVEL - 1]
        if len(found) > MAX_PER_LEVEL:
            more = say("annotation.more", count=len(found) - MAX_PER_LEVEL + 1)
            out.append(f"::{name} title=aisbom::{_data(more)}")
    total = say(
        "annotation.total",
        policy=result.policy.name,
        verdict=say(f"annotation.word.{result.verdict}"),
        counts=counts(result, say),
    )
    return "\n".join([*out, plain(total), *asides(result, say)])


def _lines(
    v: Verdict, repository: Repository | StatedPaths, on_unknown: str, say: Words
) -> Iterator[tuple[str, str]]:
    if v.verdict == "pass":
        return
    title = _property(plain(f"aisbom: {say.rule(v.title)}"))
    for f in list_telling(v):
        name = LEVELS[level(v.severity, f.verdict, on_unknown)]
        place = repository.first(f.places)
        at = f"file={_property(place[0])},line={place[1]}," if place else ""
        yield name, f"::{name} {at}title={title}::{_data(sentence(v, f, say))}"
    if not list_telling(v):
        name = LEVELS[level(v.severity, v.verdict, on_unknown)]
        yield name, f"::{name} title={title}::{_data(sentence(v, None, say))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
