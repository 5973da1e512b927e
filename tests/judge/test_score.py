"""What the score promises (docs/score.md), each sentence a property over random stacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.classify import under
from aisbom.judge import judge
from aisbom.judge import profile as profiles
from aisbom.judge.freedoms import freedom
from aisbom.judge.requirements import outcome
from aisbom.judge.score import Home, Score
from aisbom.judge.table import SCORED
from aisbom.model import Claim, Component, Confidence, Evidence, Location, Observation, Scan, facts

PROFILE = profiles.load("model")
LOADED = {name: profiles.load(name) for name in profiles.list_profiles()}
HOME = Home(("KR",), "given")
FACET = {
    "backbone-weights": "trained",
    "encoder-weights": "trained",
    "model-code": "developed",
    "dependency": "developed",
}


@dataclass(frozen=True)
class Part:
    """One component of a random stack; `origin`, `licence` and `parent` may be unknown (empty) or
    several (contested).
    """

    kind: str
    origin: tuple[str, ...]
    licence: tuple[str, ...]
    size: int
    parent: tuple[str, ...] = ()
    notices: str = ""
    began: str = ""


def evidence(by: str, confidence: Confidence = "medium") -> tuple[Evidence, ...]:
    return (Evidence(by, "manifest-analysis", confidence, Location("x", 1)),)


def stack(parts: Sequence[Part]) -> Scan:
    root = Component("root", "application", "root", "", "", ())
    components, claims = [root], []
    for number, part in enumerate(parts):
        ref = f"part:{number:03}"
        kind = (
            "weights"
            if part.kind.endswith("weights")
            else "source"
            if part.kind.endswith("code")
            else "requirement"
        )
        sizes = facts(parameters=part.size) if kind == "weights" else facts(lines=part.size)
        seen = Observation(kind, ref, "", "", evidence("test")[0], sizes)
        components.append(Component(ref, "library", ref, "", "", (seen,)))
        claims.append(Claim(ref, "class", part.kind, evidence("class")))
        claims.append(Claim(ref, "role", PROFILE.roles[part.kind], evidence("role")))
        claims.append(Claim(ref, "path-role", "product", evidence("path")))
        claims += [
            Claim(ref, f"origin.{FACET[part.kind]}", value, evidence(f"rule-{value}"))
            for value in part.origin
        ]
        claims += [
            Claim(ref, "licence.declared", value, evidence(f"field-{value}"))
            for value in part.licence
        ]
        claims += [
            Claim(ref, "control", value, evidence(f"parent-{value}")) for value in part.parent
        ]
        claims += (
            [Claim(ref, "attribution", part.notices, evidence("notices"))] if part.notices else []
        )
        claims += (
            [Claim(ref, "initialisation", part.began, evidence("attested"))] if part.began else []
        )
    return Scan("root", tuple(components), (), tuple(claims))


def measured(parts: Sequence[Part]) -> Score:
    return judge(stack(parts), PROFILE, HOME, freedom).score


def verdicts(parts: Sequence[Part], name: str) -> dict[str, str]:
    """The floors of a shipped profile over a stack: id -> word."""
    profile = LOADED[name]
    scan = under(stack(parts), profile)
    rows = judge(scan, profile, HOME, freedom).requirements
    return {row.id: row.verdict for row in rows}


def nothing_in_scope(parts: Sequence[Part], name: str, identity: str) -> bool:
    """Whether a floor holds only because it has nothing to hold for, or leaves out what is ours."""
    rule = next(rule for rule in LOADED[name].requirements if rule.id == identity)
    return rule.about.foreign or not any(part.kind in rule.about.classes for part in parts)


ORIGINS = st.lists(
    st.sampled_from(["KR", "US", "CN", "international", "KR,US", "person-undisclosed"]),
    unique=True,
    max_size=2,
).map(tuple)
LICENCES = st.lists(
    st.sampled_from(["MIT", "Apache-2.0", "CC-BY-NC-4.0", "LicenseRef-Odd"]),
    unique=True,
    max_size=2,
).map(tuple)
PARENTS = st.lists(st.sampled_from(["KR", "US"]), unique=True, max_size=2).map(tuple)
NOTICES = st.sampled_from(["", "kept", "replaced", "repository-level"])
BEGAN = st.sampled_from(["", "random", "pretrained", "frozen"])
PARTS = st.lists(
    st.builds(
        Part,
        st.sampled_from(sorted(FACET)),
        ORIGINS,
        LICENCES,
        st.sampled_from([0, 1, 5, 1000]),
        PARENTS,
        NOTICES,
        BEGAN,
    ),
    max_size=6,
)
CORE = st.sampled_from(["backbone-weights", "encoder-weights", "model-code"])
DEFINITIONS = st.sampled_from(
    [name for name in profiles.list_profiles() if not name.startswith("eu")]
)
KNOWABLE: dict[str, list[tuple[str, ...] | str]] = {
    "origin": [("KR",), ("US",), ("international",)],
    "licence": [("MIT",), ("CC-BY-NC-4.0",)],
    "parent": [("KR",), ("US",)],
    "notices": ["kept", "replaced"],
    "began": ["random", "pretrained", "frozen"],
}
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
    """What nobody knew of one component becomes known, whatever was asked: no interval grows at
    either end.
    """
    silent = [
        (n, name) for n, part in enumerate(parts) for name in KNOWABLE if not getattr(part, name)
    ]
    if not silent:
        return
    number, name = data.draw(st.sampled_from(silent))
    told = [*parts]
    told[number] = replace(parts[number], **{name: data.draw(st.sampled_from(KNOWABLE[name]))})
    before, after = measured(parts), measured(told)
    for role in SCORED:
        for leg in ("origin", "control", "attribution"):
            assert after.legs[role][leg][0] >= before.legs[role][leg][0] - CLOSE
            assert after.legs[role][leg][1] <= before.legs[role][leg][1] + CLOSE
    assert after.coverage >= before.coverage - CLOSE


@given(PARTS, st.data(), DEFINITIONS)
def test_more_evidence_never_turns_a_verdict_around(
    parts: list[Part], data: st.DataObject, name: str
) -> None:
    """Unknown may become pass or fail; a floor that failed or held on what was known does
    so still.
    """
    silent = [
        (n, key) for n, part in enumerate(parts) for key in KNOWABLE if not getattr(part, key)
    ]
    if not silent:
        return
    number, key = data.draw(st.sampled_from(silent))
    told = [*parts]
    told[number] = replace(parts[number], **{key: data.draw(st.sampled_from(KNOWABLE[key]))})
    before, after = verdicts(parts, name), verdicts(told, name)
    for identity, word in before.items():
        if word == "fail" or (word == "pass" and not nothing_in_scope(parts, name, identity)):
            assert after[identity] == word


@given(PARTS, DEFINITIONS, CORE)
def test_an_undisclosed_part_never_makes_a_floor_hold_and_a_domestic_one_never_undoes_a_failure(
    parts: list[Part], name: str, kind: str
) -> None:
    before = verdicts(parts, name)
    hidden = verdicts([*parts, Part(kind, (), (), 1)], name)
    ours = verdicts([*parts, Part(kind, ("KR",), ("MIT",), 1, ("KR",), "kept", "random")], name)
    for identity, word in before.items():
        if word == "fail":
            assert hidden[identity] == ours[identity] == "fail"
        if (
            word == "unknown" and identity != "ethical.declared"
        ):  # which asks whether the part is written down, and it is
            assert hidden[identity] != "pass"


@given(PARTS, DEFINITIONS)
def test_no_average_hides_a_floor_that_failed(parts: list[Part], name: str) -> None:
    profile = LOADED[name]
    scan = under(stack(parts), profile)
    rows = judge(scan, profile, HOME, freedom).requirements
    binding = {row.verdict for row in rows if row.severity == "error"}
    assert outcome(rows) == (
        "fail" if "fail" in binding else "pass" if binding == {"pass"} else "undetermined"
    )


@given(PARTS, st.sampled_from(["llama", "own", "none"]))
def test_code_lineage_alone_decides_nothing_under_the_korean_criteria(
    parts: list[Part], family: str
) -> None:
    """The designer of the architecture and the ancestor of the code change no binding verdict."""
    profile = LOADED["kr-msit-2026-01"]
    plain = stack(parts)
    lineage = [
        Claim(c.ref, attribute, value, evidence("lineage"))
        for c in plain.components[1:]
        for attribute, value in (
            ("origin.architecture", {"llama": "US", "own": "KR", "none": "CN"}[family]),
            ("code-from", f"pkg:{family}"),
        )
    ]
    answers = []
    for claims in (plain.claims, (*plain.claims, *lineage)):
        scan = under(replace(plain, claims=claims), profile)
        rows = judge(scan, profile, HOME, freedom).requirements
        answers.append([row.verdict for row in rows if row.severity == "error"])
    assert answers[0] == answers[1]


@given(PARTS, CORE, st.sampled_from([0, 1, 1000]))
def test_an_undisclosed_component_never_raises_the_low_end(
    parts: list[Part], kind: str, size: int
) -> None:
    before, after = measured(parts), measured([*parts, Part(kind, (), (), size)])
    for leg in ("origin", "control", "attribution"):
        assert after.legs["core"][leg][0] <= before.legs["core"][leg][0] + CLOSE


@given(PARTS, CORE, st.sampled_from([1, 7, 100000]))
def test_adding_a_foreign_core_component_never_raises_core_origin(
    parts: list[Part], kind: str, size: int
) -> None:
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
    """A role's total is the mean of its legs by the profile's weights; every share of origin sums
    to one.
    """
    result = measured(parts)
    whole = sum(PROFILE.legs.values())
    for role in ("overall", *SCORED):
        for end in (0, 1):
            mean = (
                sum(result.legs[role][leg][end] * PROFILE.legs[leg] for leg in PROFILE.legs) / whole
            )
            assert result.totals[role][end] == pytest.approx(mean)
    assert all(
        sum(shares.values()) == pytest.approx(1) for shares in result.countries.values() if shares
    )


def test_what_nobody_looked_at_is_the_whole_interval() -> None:
    result = measured([])
    assert result.totals["core"] == (0.0, 1.0)
    assert result.coverage == 0
    assert result.missing == PROFILE.expected


def test_contested_is_the_span_of_what_is_contested() -> None:
    result = measured([Part("model-code", ("KR", "US"), ("MIT",), 10)])
    row = next(c for c in result.contributions if c.leg == "origin")
    assert (row.low, row.high) == (0.0, 1.0)
    row = next(
        c
        for c in measured([Part("model-code", ("US", "CN"), (), 10)]).contributions
        if c.leg == "origin"
    )
    assert (row.low, row.high) == (0.0, 0.0)


def test_without_a_home_origin_is_not_scored_but_shares_are_shown() -> None:
    parts = stack([Part("dependency", ("US",), ("MIT",), 1)])
    result = judge(parts, PROFILE, Home(), freedom).score
    assert result.legs["peripheral"]["origin"] == (0.0, 1.0)
    assert result.countries["peripheral"] == {"US": 1.0}


def test_size_decides_inside_a_class() -> None:
    result = measured(
        [
            Part("backbone-weights", ("KR",), ("MIT",), 900),
            Part("backbone-weights", ("US",), ("MIT",), 100),
        ]
    )
    weight = PROFILE.weights["backbone-weights"] / (
        PROFILE.weights["backbone-weights"] + PROFILE.weights["training-data"]
    )
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


@pytest.mark.parametrize(
    ("parent", "interval", "why"),
    [
        ((), (0.8, 1.0), "ultimate parent unknown"),
        (("KR",), (1.0, 1.0), "and so is the ultimate parent"),
        (("US",), (0.8, 0.8), "ultimate parent in US"),
        (("KR", "US"), (0.8, 1.0), "ultimate parent unknown"),
    ],
)
def test_who_owns_a_domestic_maker_decides_whether_a_licence_can_bind_us(
    parent: tuple[str, ...], interval: tuple[float, float], why: str
) -> None:
    (row,) = (
        c
        for c in measured(
            [Part("model-code", ("KR",), ("CC-BY-NC-4.0",), 10, parent)]
        ).contributions
        if c.leg == "control"
    )
    assert (row.low, row.high) == interval
    assert why in row.why


@pytest.mark.parametrize(
    ("notices", "interval"),
    [
        ("kept", (1.0, 1.0)),
        ("replaced", (0.0, 0.0)),
        ("missing", (0.0, 0.0)),
        ("repository-level", (0.0, 1.0)),
    ],
)
def test_notices_decide_the_attribution_of_code(
    notices: str, interval: tuple[float, float]
) -> None:
    (row,) = (
        c
        for c in measured([Part("model-code", ("US",), ("MIT",), 10, (), notices)]).contributions
        if c.leg == "attribution"
    )
    assert (row.low, row.high) == interval
