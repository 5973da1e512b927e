"""Rules of the ledger, each quoted by the test that holds it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.model import Claim, Confidence, Evidence, Location, Status
from aisbom.model.ledger import Ledger, resolve
from aisbom.model.vocabulary import GRADED

PLACE = Location("METADATA", 3)


def claim(
    value: str, by: str = "rule", confidence: Confidence = "medium", status: Status = "derived"
) -> Claim:
    return Claim(
        "c",
        "origin.developed",
        value,
        (Evidence(by, "manifest-analysis", confidence, PLACE),),
        status,
    )


def test_a_claim_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs evidence"):
        Claim("c", "origin.developed", "KR", ())


def test_nothing_said_is_unknown() -> None:
    assert resolve([]).state == "unknown"
    assert resolve([claim("unknown")]).value == "unknown"


@given(
    st.sampled_from(["origin.developed", "class", *GRADED]),
    st.sampled_from(["unknown", "KR", *(word for words in GRADED.values() for word in words)]),
    st.sampled_from(["low", "medium", "high"]),
    st.sampled_from(["derived", "declared", "withdrawn"]),
)
def test_a_claim_said_twice_says_what_it_says_once(
    attribute: str, value: str, confidence: Confidence, status: Status
) -> None:
    one = replace(claim(value, "a", confidence, status), attribute=attribute)
    assert resolve([one]) == resolve([one, one])


def test_one_strong_rule_is_medium_and_two_independent_ones_are_high() -> None:
    assert resolve([claim("KR")]).confidence == "medium"
    assert resolve([claim("KR", "a"), claim("KR", "b")]).confidence == "high"
    assert resolve([claim("KR", "a"), claim("KR", "a")]).confidence == "medium"


def test_two_mediums_do_not_outweigh_a_high() -> None:
    answer = resolve([claim("KR", "a", "high"), claim("US", "b"), claim("US", "c")])
    assert (answer.value, len(answer.against)) == ("KR", 2)


def test_the_surest_source_does_not_outweigh_another() -> None:
    """Where values stand side by side (a file is made from two projects), the surest does not
    outweigh the others; a hint stays one."""
    rows = [
        replace(claim(value, by, sure), attribute="code-from")
        for value, by, sure in (
            ("pkg:github/a/b", "one", "high"),
            ("pkg:github/c/d", "two", "medium"),
            ("pkg:github/e/f", "three", "low"),
        )
    ]
    assert resolve(rows).values == ("pkg:github/a/b", "pkg:github/c/d")


def test_a_tie_between_different_values_is_contested() -> None:
    answer = resolve([claim("KR", "a"), claim("US", "b")])
    assert (answer.state, answer.values) == ("contested", ("KR", "US"))


def test_a_hint_never_answers() -> None:
    answer = resolve([claim("KR", confidence="low")])
    assert answer.state == "unknown"
    assert [c.value for c in answer.against] == ["KR"]


def test_a_declared_claim_never_overwrites_a_derived_one() -> None:
    answer = resolve(
        [claim("KR", "aisbom.toml", "high", "declared"), claim("US", "repository-owner")]
    )
    assert (answer.state, answer.values) == ("contested", ("KR", "US"))


def test_a_withdrawn_claim_counts_for_nothing_and_is_kept() -> None:
    answer = resolve([claim("CN", "similarity", "high", "withdrawn"), claim("KR")])
    assert answer.value == "KR"
    assert [c.value for c in answer.withdrawn] == ["CN"]


CLAIMS = st.lists(
    st.builds(
        claim,
        st.sampled_from(["KR", "US", "CN", "unknown"]),
        st.sampled_from("abc"),
        st.sampled_from(["low", "medium", "high"]),
    ),
    max_size=8,
)


@given(CLAIMS, st.randoms())
def test_the_order_of_claims_changes_nothing(claims: list[Claim], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(claims) == resolve(shuffled)


@given(CLAIMS)
def test_every_claim_is_kept_on_one_side_or_says_nothing(claims: list[Claim]) -> None:
    answer = resolve(claims)
    kept = {*answer.carried, *answer.against, *answer.withdrawn}
    assert kept == {c for c in claims if c.value != "unknown"}


def said(attribute: str, value: str, confidence: Confidence = "medium", **more: Any) -> Claim:
    seen = Evidence(f"rule/{value}", "other", confidence, Location("x.toml", 1))
    return Claim(more.pop("subject", "x"), attribute, value, (seen,), **more)


def test_a_question_that_nobody_looked_at_is_unknown_and_not_examined() -> None:
    ledger = Ledger([said("control", "unknown")])
    assert ledger.answer("x", "control").state == ledger.answer("x", "role").state == "unknown"
    assert ledger.is_examined("x", "control")
    assert not ledger.is_examined("x", "role")
    assert not ledger.is_examined("y", "control")
    assert ledger.attributes("x") == ("control",)
    assert ledger.attributes("y") == ()


def test_the_licence_that_counts() -> None:
    """Concluded, else declared, else observed; one without an answer is passed over, and what is
    declared does not outweigh another text.
    """
    ledger = Ledger([said("licence.observed", "MIT")])
    assert ledger.answer("x", "licence").value == "MIT"
    for unknown in (False, True):
        ledger = Ledger([said("licence.observed", "MIT"), said("licence.declared", "Apache-2.0")])
        ledger.add([said("licence.concluded", "unknown")] * unknown)
        assert ledger.licence("x").values == ("Apache-2.0", "MIT")
        assert ledger.licence("x").state == "contested"
    ledger = Ledger([said("licence.declared", "Apache-2.0")])
    assert ledger.licence("x").value == "Apache-2.0"
    ledger.add([said("licence.concluded", "ISC")])
    assert ledger.licence("x").value == "ISC"
    assert ledger.is_examined("x", "licence")
    assert ledger.licence("y").state == "unknown"
    assert not ledger.is_examined("y", "licence")


def test_a_weak_judgement_counts_and_a_contested_one_has_several_values() -> None:
    ledger = Ledger([said("class", "dependency", "low")])
    assert ledger.list_judgements("x", "class") == ("dependency",)
    ledger.add([said("role", "core"), said("role", "tooling")])
    assert ledger.list_judgements("x", "role") == ("core", "tooling")
    assert ledger.list_judgements("x", "path-role") == ()


def test_claims_by_what_they_are_about() -> None:
    mine, other = said("control", "KR", status="declared"), said("control", "US", subject="y")
    ledger = Ledger([other, mine, mine])
    assert list(ledger) == [mine, other]
    assert ledger.by_attribute("control") == (other, mine, mine)
    assert ledger.claims("x", "role", "control") == (mine, mine)
    assert ledger.list_declarations("x") == (mine,)
    assert ledger.list_declarations("y") == ()


def test_what_is_added_may_be_made_from_the_answers_so_far() -> None:
    ledger = Ledger([said("control", "KR")])
    ledger.add(said("role", ledger.answer("x", "control").value) for _ in range(2))
    assert ledger.answer("x", "role").value == "KR"


CLAIMS = st.lists(
    st.builds(
        said,
        st.sampled_from(["class", "licence.declared", "licence.observed", "control"]),
        st.sampled_from(["unknown", "MIT", "KR", "a"]),
        st.sampled_from(["low", "medium", "high"]),
        subject=st.sampled_from(["x", "y"]),
        status=st.sampled_from(["derived", "declared", "withdrawn"]),
    )
)


@given(CLAIMS, CLAIMS)
def test_an_answer_does_not_depend_on_the_order_or_on_when_it_was_asked(
    first: list[Claim], then: list[Claim]
) -> None:
    grown, whole = Ledger(first), Ledger([*then, *first])
    for ref in "xy":
        grown.licence(ref)
    grown.add(then)
    assert list(grown) == list(whole) == sorted({*first, *then})
    for ref in "xy":
        for attribute in ("class", "licence", "licence.declared", "control"):
            assert grown.answer(ref, attribute) == whole.answer(ref, attribute)
            rows = [c for c in (*first, *then) if (c.subject, c.attribute) == (ref, attribute)]
            if attribute != "licence":
                assert grown.answer(ref, attribute) == resolve(rows)
                assert grown.is_examined(ref, attribute) is bool(rows)
