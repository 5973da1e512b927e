"""What a rule answers: never fail and never pass on what is unknown or contested, and nothing found
is said to be nothing found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.judge.interval import Shares
from aisbom.model import Location, facts
from tests.judge.stack import Part, ask, claim, rule, scan

WEIGHTS: dict[str, Any] = {"class": ["backbone-weights"]}
AT_HOME = rule(about=WEIGHTS, attribute="origin.trained", in_home=True)
RANDOM = rule(about=WEIGHTS, attribute="initialisation", must_be="random")


def weights(name: str = "w", **said: Any) -> Part:
    return Part("backbone-weights", name, **said)


def trained(*values: str) -> Part:
    return weights(**{"origin.trained": values})


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        (("KR",), "pass"),
        (("US",), "fail"),
        (("unknown",), "unknown"),
        ((), "unknown"),  # nobody asked the question
        (("KR", "US"), "unknown"),  # contested
        (("KR,US",), "unknown"),  # both, in unknown parts
        (("CN,US",), "fail"),
        (("international",), "unknown"),
        (("person-undisclosed",), "unknown"),
    ],
)
def test_in_home(values: tuple[str, ...], verdict: str) -> None:
    assert ask(AT_HOME, scan(trained(*values)), "KR").verdict == verdict


def test_without_a_home_nothing_is_foreign() -> None:
    found = ask(AT_HOME, scan(trained("US")))
    assert found.verdict == "unknown"
    assert "--home" in found.message


@pytest.mark.parametrize(
    ("words", "value", "verdict"),
    [
        (["CN"], "CN,US", "fail"),
        (["CN"], "US", "pass"),
        (["CN"], "international", "pass"),
        (["CN"], "person-undisclosed", "unknown"),  # could be anybody, anywhere
        (["CN"], "unknown", "unknown"),
    ],
)
def test_must_not_be_a_country(words: list[str], value: str, verdict: str) -> None:
    assert (
        ask(
            rule(about=WEIGHTS, attribute="origin.trained", must_not_be=words), scan(trained(value))
        ).verdict
        == verdict
    )


def test_home_may_stand_in_a_list() -> None:
    either = rule(about=WEIGHTS, attribute="origin.trained", one_of=["home", "international"])
    assert [
        ask(either, scan(trained(v)), "DE", "FR").verdict for v in ("FR", "international", "US")
    ] == ["pass", "pass", "fail"]


@pytest.mark.parametrize(
    ("value", "verdict"),
    [("random", "pass"), ("frozen", "fail"), ("pretrained", "fail"), ("unknown", "unknown")],
)
def test_a_fixed_word(value: str, verdict: str) -> None:
    assert ask(RANDOM, scan(weights(initialisation=value))).verdict == verdict


def test_a_declared_word_against_a_derived_one_is_contested() -> None:
    both = scan(
        weights(initialisation="frozen"),
        more=[claim("w", "initialisation", "random", status="declared")],
    )
    assert ask(RANDOM, both).verdict == "unknown"


def test_a_hint_is_no_answer() -> None:
    hinted = scan(weights(), more=[claim("w", "initialisation", "frozen", confidence="low")])
    found = ask(RANDOM, hinted)
    assert found.verdict == "unknown"
    assert "only a hint: frozen" in found.message


@pytest.mark.parametrize(
    ("licences", "verdict"),
    [
        (["MIT"], "pass"),
        (["NC"], "fail"),
        (["Odd"], "unknown"),
        (["MIT", "NC"], "unknown"),
        ([], "unknown"),
    ],
)
def test_licence_free(licences: list[str], verdict: str) -> None:
    asked = rule(about=WEIGHTS, licence_free=1.0)
    assert (
        ask(
            asked, scan(weights(**{"licence.declared": licences})), free={"MIT": 1.0, "NC": 0.8}
        ).verdict
        == verdict
    )


def test_a_compound_licence_is_not_guessed_at() -> None:
    found = scan(weights(**{"licence.declared": "MIT OR GPL-3.0-only"}))
    assert ask(rule(about=WEIGHTS, attribute="licence", one_of=["MIT"]), found).verdict == "unknown"
    assert (
        ask(rule(about=WEIGHTS, attribute="licence", must_not_be=["GPL-*"]), found).verdict
        == "unknown"
    )
    assert (
        ask(rule(about=WEIGHTS, attribute="licence", one_of=["MIT OR GPL-3.0-only"]), found).verdict
        == "pass"
    )


def test_every_and_any() -> None:
    parts = [
        weights("a", initialisation="random"),
        weights("b", initialisation="frozen"),
        weights("c"),
    ]
    some = rule(about=WEIGHTS, attribute="initialisation", must_be="random", holds_for="any")
    assert ask(RANDOM, scan(*parts)).verdict == "fail"
    assert ask(RANDOM, scan(parts[0], parts[2])).verdict == "unknown"
    assert ask(some, scan(*parts)).verdict == "pass"
    assert ask(some, scan(*parts[1:])).verdict == "unknown"
    assert ask(some, scan(parts[1])).verdict == "fail"


def test_nothing_in_scope() -> None:
    empty = scan(Part("dependency", "d"), gaps=2)
    found = ask(AT_HOME, empty, "KR")
    assert found.verdict == "unknown"
    assert "2 places could not be looked at" in found.message
    banned = ask(rule(about={"class": ["service"]}, absent=True), empty)
    assert banned.verdict == "pass"
    assert "nothing to hold for" in banned.message
    assert (
        ask(rule(about={"class": ["service"]}, absent=True), scan(Part("service", "api"))).verdict
        == "fail"
    )
    assert ask(rule(about={"class": ["training-data"]}, present=True), empty).verdict == "unknown"
    assert ask(rule(about={"class": ["dependency"]}, present=True), empty).verdict == "pass"


def test_a_part_whose_class_is_contested_neither_fails_nor_binds() -> None:
    torn = scan(
        weights(initialisation="frozen"),
        more=[claim("w", "class", "encoder-weights", status="declared")],
    )
    assert ask(RANDOM, torn).verdict == "unknown"
    assert "class is contested" in ask(RANDOM, torn).message


NOTICES = rule(
    about={"class": ["model-code"], "having": ["code-from"]},
    attribute="attribution",
    one_of=["kept"],
    if_none="pass",
)


def test_having_tells_not_examined_from_examined() -> None:
    def code(**said: Any) -> Any:
        return ask(NOTICES, scan(Part("model-code", "c", **said)))

    assert code().verdict == "unknown"  # nobody compared it
    assert code(code_from="unknown").verdict == "pass"  # compared, nothing found
    family = code(**{"code-from.basis": "family", "attribution": "unknown"})
    assert family.verdict == "unknown"
    assert "came first is open" in family.findings[0].description
    assert code(code_from="pkg:pypi/x", attribution="missing").verdict == "fail"
    assert (
        code(code_from=["pkg:pypi/x", "pkg:pypi/y"], attribution="kept").verdict == "pass"
    )  # two ancestors are no contest


def test_several_values_of_a_repeatable_attribute_all_count() -> None:
    asked = rule(about=WEIGHTS, attribute="weights-from", must_not_be=["hf/b*"])
    assert ask(asked, scan(weights(weights_from=["hf/a", "hf/bee"]))).verdict == "fail"
    assert ask(asked, scan(weights(weights_from=["hf/a", "hf/c"]))).verdict == "pass"


def test_foreign_leaves_out_what_is_ours_and_doubts_what_may_be() -> None:
    asked = rule(
        about={"class": ["backbone-weights"], "foreign": True}, licence_free=1.0, if_none="pass"
    )

    def verdict(*origin: str) -> str:
        part = weights(**{"origin.trained": origin, "licence.declared": "NC"})
        return ask(asked, scan(part), "KR", free={"NC": 0.8}).verdict

    assert [verdict("KR"), verdict("US"), verdict("unknown"), verdict()] == [
        "pass",
        "fail",
        "unknown",
        "unknown",
    ]


def test_declared() -> None:
    asked = rule(declared=True)
    assert ask(asked, scan(Part("backbone-weights", "w", sees="statement"))).verdict == "pass"
    assert ask(asked, scan(Part("backbone-weights", "w"))).verdict == "fail"
    assert (
        ask(asked, scan(Part("backbone-weights", "w", **{"licence.declared": "MIT"}))).verdict
        == "pass"
    )
    assert (
        ask(
            asked, scan(weights(), more=[claim("w", "origin.trained", "KR", status="declared")])
        ).verdict
        == "pass"
    )
    assert ask(asked, scan(Part("model-code", "c", sees="content"))).verdict == "unknown"
    assert (
        ask(asked, scan(Part("model-code", "c", sees="content", path_role="vendored"))).verdict
        == "fail"
    )
    assert (
        ask(
            asked, scan(Part("model-code", "c", sees="content", path_role=["vendored", "product"]))
        ).verdict
        == "unknown"
    )


@pytest.mark.parametrize(
    ("kind", "basis", "verdict"),
    [("model", "", "unknown"), ("submodel", "config", "unknown"), ("submodel", "tensors", "fail")],
)
def test_what_only_a_configuration_describes_is_no_undeclared_part(
    kind: Any, basis: str, verdict: str
) -> None:
    part = Part("encoder-weights", "w")
    (seen,) = part.component.observations
    seen = replace(seen, kind=kind, facts=facts(basis=basis))
    part.component = replace(part.component, observations=(seen,))
    assert ask(rule(declared=True), scan(part)).verdict == verdict


@pytest.mark.parametrize(
    ("project", "verdict"),
    [("norae-vad", "unknown"), ("norae-tts", "fail"), ("w", "fail"), ("", "fail")],
)
def test_weights_that_bear_the_name_of_the_project_may_be_its_own(
    project: str, verdict: str
) -> None:
    part = Part("encoder-weights", "norae_vad_16k.onnx")
    (seen,) = part.component.observations
    seen = replace(seen, kind="submodel", facts=facts(basis="tensors"))
    part.component = replace(part.component, observations=(seen,))
    held = scan(part)
    root = replace(held.component(held.root), name=project)
    others = tuple(c for c in held.components if c.ref != held.root)
    asked = ask(rule(declared=True), replace(held, components=(root, *others)))
    assert asked.verdict == verdict


SHARES = Shares("model@1", {("core", "origin"): (0.2, 0.6), ("core", ""): (0.5, 0.9)})


@pytest.mark.parametrize(
    ("least", "leg", "verdict"),
    [(0.5, "", "pass"), (0.95, "", "fail"), (0.7, "", "unknown"), (0.7, "origin", "fail")],
)
def test_score(least: float, leg: str, verdict: str) -> None:
    table = {"role": "core", "at-least": least, **({"leg": leg} if leg else {})}
    found = ask(rule(score=table), scan(), shares=SHARES)
    assert found.verdict == verdict
    assert "[0." in found.message


def test_the_message_says_what_where_why_and_what_would_settle_it() -> None:
    found = ask(RANDOM, scan(weights(initialisation="frozen")))
    assert (
        found.message == "w at x.toml:3: initialisation is frozen. why What would settle it: settle"
    )
    assert found.components == ("w",)
    assert found.places == (Location("x.toml", 3),)
    assert len(found.claims) == 1 and found.claims[0].startswith("c-")


WORDS = st.lists(
    st.sampled_from(["random", "frozen", "pretrained", "unknown"]), max_size=3, unique=True
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=4), st.sampled_from(["every", "any"]))
def test_unknown_and_contested_never_decide(parts: list[list[str]], holds: str) -> None:
    """A rule over open parts alone is unknown; and an open part never turns a verdict from pass to
    fail or back.
    """
    asked = rule(about=WEIGHTS, attribute="initialisation", must_be="random", holds_for=holds)
    made = [weights(f"w{n}", initialisation=words) for n, words in enumerate(parts)]
    settled = [
        p for p, words in zip(made, parts, strict=True) if len(set(words) - {"unknown"}) == 1
    ]
    whole, part = ask(asked, scan(*made)).verdict, ask(asked, scan(*settled)).verdict
    if not settled:
        assert whole == "unknown"
    assert whole in (part, "unknown")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(["a", "b", "c"]))
def test_order_changes_nothing(names: list[str]) -> None:
    parts = {
        n: weights(n, initialisation=w)
        for n, w in zip("abc", ("random", "frozen", "unknown"), strict=True)
    }
    assert ask(RANDOM, scan(*(parts[n] for n in names))) == ask(
        RANDOM, scan(*(parts[n] for n in "abc"))
    )


def test_a_model_of_which_only_the_name_is_here_decides_nothing_against_anybody() -> None:
    foreign = {"origin.trained": "CN"}
    asked = rule(
        about={"class": ["backbone-weights"], "role": ["core"]},
        attribute="origin.trained",
        in_home=True,
    )
    assert ask(asked, scan(Part("backbone-weights", "w", **foreign)), "KR").verdict == "fail"
    named = ask(asked, scan(Part("backbone-weights", "w", sees="reference", **foreign)), "KR")
    assert named.verdict == "unknown"
    assert "only its name is here" in named.findings[0].description


def test_what_a_test_alone_names_is_nobodys_question() -> None:
    named = Part("backbone-weights", "n", role="tooling", sees="reference", path_role="test")
    asked = rule(about=WEIGHTS, attribute="initialisation", must_be="random")
    assert ask(asked, scan(named)).findings == ()
    # Weights that lie there are here, and a rule that asks for such places gets them.
    held = Part("backbone-weights", "h", role="tooling", path_role="test")
    assert [f.name for f in ask(asked, scan(named, held)).findings] == ["h"]
    wider = rule(
        about={**WEIGHTS, "path-role": ["test"]}, attribute="initialisation", must_be="random"
    )
    assert [f.name for f in ask(wider, scan(named)).findings] == ["n"]
