"""Rules of the ledger, each quoted by the test that holds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.model import Claim, Confidence, Evidence, Location, Status
from aisbom.model.ledger import resolve

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


def test_one_strong_rule_is_medium_and_two_independent_ones_are_high() -> None:
    assert resolve([claim("KR")]).confidence == "medium"
    assert resolve([claim("KR", "a"), claim("KR", "b")]).confidence == "high"
    assert resolve([claim("KR", "a"), claim("KR", "a")]).confidence == "medium"


def test_two_mediums_do_not_outweigh_a_high() -> None:
    answer = resolve([claim("KR", "a", "high"), claim("US", "b"), claim("US", "c")])
    assert (answer.value, len(answer.against)) == ("KR", 2)


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
