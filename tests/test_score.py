"""What the score promises (docs/score.md), each sentence a property over random stacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.classify import profile as profiles
from aisbom.knowledge.freedoms import freedom
from aisbom.model import Claim, Component, Confidence, Evidence, Location, Observation, Scan, facts
from aisbom.score import SCORED, Score, score

PROFILE = profiles.load("model")
FACET = {"backbone-weights": "trained", "encoder-weights": "trained", "model-code": "developed", "dependency": "developed"}


@dataclass(frozen=True)
class Part:
    """One component of a random stack; `origin` and `licence` may be unknown (empty) or several (contested)."""

    kind: str
    origin: tuple[str, ...]
    licence: tuple[str, ...]
    size: int


def evidence(by: str, confidence: Confidence = "medium") -> tuple[Evidence, ...]:
    return (Evidence(by, "manifest-analysis", confidence, Location("x", 1)),)


def stack(parts: Sequence[Part]) -> Scan:
    root = Component("root", "application", "root", "", "", ())
    components, claims = [root], []
    for number, part in enumerate(parts):
        ref = f"part:{number:03}"
        kind = "weights" if part.kind.endswith("weights") else "source" if part.kind.endswith("code") else "requirement"
        sizes = facts(parameters=part.size) if kind == "weights" else facts(lines=part.size)
        seen = Observation(kind, ref, "", "", evidence("test")[0], sizes)
        components.append(Component(ref, "library", ref, "", "", (seen,)))
        claims.append(Claim(ref, "class", part.kind, evidence("class")))
        claims.append(Claim(ref, "role", PROFILE.roles[part.kind], evidence("role")))
        claims += [Claim(ref, f"origin.{FACET[part.kind]}", value, evidence(f"rule-{value}")) for value in part.origin]
        claims += [Claim(ref, "licence.declared", value, evidence(f"field-{value}")) for value in part.licence]
    return Scan("root", tuple(components), (), tuple(claims))


def measured(parts: Sequence[Part]) -> Score:
    return score(stack(parts), PROFILE, ["KR"], "given", freedom)


ORIGINS = st.lists(st.sampled_from(["KR", "US", "CN", "international", "KR,US", "person-undisclosed"]), unique=True, max_size=2).map(tuple)
LICENCES = st.lists(st.sampled_from(["MIT", "Apache-2.0", "CC-BY-NC-4.0", "LicenseRef-Odd"]), unique=True, max_size=2).map(tuple)
PARTS = st.lists(st.builds(Part, st.sampled_from(sorted(FACET)), ORIGINS, LICENCES, st.sampled_from([0, 1, 5, 1000])), max_size=6)
CORE = st.sampled_from(["backbone-weights", "encoder-weights", "model-code"])
CLOSE = 1e-9


@given(PARTS)
def test_every_interval_is_ordered_and_within_zero_and_one(parts: list[Part]) -> None:
    result = measured(parts)
    for role in ("overall", *SCORED):
        for low, high in (*result.legs[role].values(), result.totals[role]):
            assert 0 <= low <= high <= 1
    assert -CLOSE <= result.coverage <= 1 + CLOSE


@given(PARTS, st.data())
def test_more_evidence_never_widens_an_interval(parts: list[Part], data: st.DataObject) -> None:
    """An origin that nobody knew becomes known: no interval grows at either end."""
    silent = [n for n, part in enumerate(parts) if not part.origin]
    if not silent:
        return
    number = data.draw(st.sampled_from(silent))
    value = data.draw(st.sampled_from(["KR", "US", "international"]))
    told = [*parts]
    told[number] = Part(parts[number].kind, (value,), parts[number].licence, parts[number].size)
    before, after = measured(parts), measured(told)
    for role in SCORED:
        for leg in ("origin", "control", "attribution"):
            assert after.legs[role][leg][0] >= before.legs[role][leg][0] - CLOSE
            assert after.legs[role][leg][1] <= before.legs[role][leg][1] + CLOSE


@given(PARTS, CORE, st.sampled_from([0, 1, 1000]))
def test_an_undisclosed_component_never_raises_the_low_end(parts: list[Part], kind: str, size: int) -> None:
    before, after = measured(parts), measured([*parts, Part(kind, (), (), size)])
    for leg in ("origin", "control", "attribution"):
        assert after.legs["core"][leg][0] <= before.legs["core"][leg][0] + CLOSE


@given(PARTS, CORE, st.sampled_from([1, 7, 100000]))
def test_adding_a_foreign_core_component_never_raises_core_origin(parts: list[Part], kind: str, size: int) -> None:
    before, after = measured(parts), measured([*parts, Part(kind, ("US",), ("MIT",), size)])
    assert after.legs["core"]["origin"][0] <= before.legs["core"]["origin"][0] + CLOSE
    assert after.legs["core"]["origin"][1] <= before.legs["core"]["origin"][1] + CLOSE


@given(PARTS, st.randoms())
@settings(max_examples=50)
def test_renaming_and_reordering_change_nothing(parts: list[Part], random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = measured(parts), measured(shuffled)
    for role in ("overall", *SCORED):
        assert after.totals[role] == pytest.approx(before.totals[role])


@given(PARTS)
def test_the_numbers_add_up_to_what_is_printed(parts: list[Part]) -> None:
    """A role's total is the mean of its legs by the profile's weights; every share of origin sums to one."""
    result = measured(parts)
    whole = sum(PROFILE.legs.values())
    for role in ("overall", *SCORED):
        for end in (0, 1):
            mean = sum(result.legs[role][leg][end] * PROFILE.legs[leg] for leg in PROFILE.legs) / whole
            assert result.totals[role][end] == pytest.approx(mean)
    assert all(sum(shares.values()) == pytest.approx(1) for shares in result.countries.values() if shares)


def test_what_nobody_looked_at_is_the_whole_interval() -> None:
    result = measured([])
    assert result.totals["core"] == (0.0, 1.0)
    assert result.coverage == 0
    assert result.missing == PROFILE.expected


def test_contested_is_the_span_of_what_is_contested() -> None:
    result = measured([Part("model-code", ("KR", "US"), ("MIT",), 10)])
    row = next(c for c in result.contributions if c.leg == "origin")
    assert (row.low, row.high) == (0.0, 1.0)
    row = next(c for c in measured([Part("model-code", ("US", "CN"), (), 10)]).contributions if c.leg == "origin")
    assert (row.low, row.high) == (0.0, 0.0)


def test_without_a_home_origin_is_not_scored_but_shares_are_shown() -> None:
    result = score(stack([Part("dependency", ("US",), ("MIT",), 1)]), PROFILE, [], "", freedom)
    assert result.legs["peripheral"]["origin"] == (0.0, 1.0)
    assert result.countries["peripheral"] == {"US": 1.0}


def test_size_decides_inside_a_class() -> None:
    result = measured([Part("backbone-weights", ("KR",), ("MIT",), 900), Part("backbone-weights", ("US",), ("MIT",), 100)])
    weight = PROFILE.weights["backbone-weights"] / (PROFILE.weights["backbone-weights"] + PROFILE.weights["training-data"])
    assert result.legs["core"]["origin"] == pytest.approx((0.9 * weight, 0.9 * weight + 1 - weight))


@pytest.mark.parametrize(
    ("expression", "share"),
    [
        ("MIT", 1.0),
        ("MIT OR CC-BY-NC-4.0", 1.0),
        ("MIT AND CC-BY-NC-4.0", 0.8),
        ("GPL-2.0-only WITH Classpath-exception-2.0", 1.0),
        ("LicenseRef-Nobody-Knows", None),
        ("LicenseRef-Llama-3.1", 0.6),
        ("LicenseRef-Kanana", None),  # one of its freedoms is not settled
        ("LicenseRef-OpenMDW-1.0", 1.0),
        ("MIT AND LicenseRef-Nobody-Knows", None),
        ("((", None),
    ],
)
def test_freedoms_of_an_expression(expression: str, share: float | None) -> None:
    assert freedom(expression) == share
