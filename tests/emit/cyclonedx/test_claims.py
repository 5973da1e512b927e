from __future__ import annotations

from dataclasses import replace

import pytest

from aisbom.bom import Bom, Part, Sovereignty
from aisbom.emit.cyclonedx.claims import declarations, read_claims
from aisbom.errors import UsageError
from aisbom.model import Claim, Evidence, Location, facts

TOTALS = tuple((role, 0.0, 1.0) for role in ("overall", "core", "peripheral"))
NOTHING = Sovereignty("model", "1", "0" * 64, (), "", TOTALS, 0.0, "undetermined")


def bill(*claims: Claim) -> Bom:
    return Bom("r", (Part("r", "application", "r"),), (), tuple(sorted(claims)), (), (), 0, NOTHING)


def claim(attribute: str, value: str, words: str, fact: str = "") -> Claim:
    seen = Evidence("rule/x", "other", "medium", Location("a", 1), words, facts(cites=fact or None))
    return Claim("r", attribute, value, (seen,))


def test_nothing_claimed_and_nothing_asked_is_nothing() -> None:
    assert declarations(bill()) == {}


def test_another_answer_to_one_question_speaks_against_it() -> None:
    ours, theirs = claim("control", "KR", "a"), claim("control", "CN", "b")
    rows = {row["bom-ref"]: row for row in declarations(bill(ours, theirs))["claims"]}
    assert rows[ours.ref]["counterEvidence"] == rows[theirs.ref]["evidence"]
    assert rows[theirs.ref]["counterEvidence"] == rows[ours.ref]["evidence"]


@pytest.mark.parametrize("attribute", ["code-from", "contradiction"])
def test_values_that_stand_side_by_side_do_not(attribute: str) -> None:
    rows = declarations(bill(claim(attribute, "x", "a"), claim(attribute, "y", "b")))["claims"]
    assert not any("counterEvidence" in row for row in rows)


def test_unknown_speaks_against_nothing() -> None:
    rows = declarations(bill(claim("control", "unknown", "a"), claim("control", "KR", "b")))
    assert not any("counterEvidence" in row for row in rows["claims"])


def test_the_same_words_on_other_facts_are_two_pieces_of_evidence() -> None:
    one, two = claim("control", "KR", "a", "x"), claim("control", "CN", "a", "y")
    made = declarations(bill(one, two))
    assert len(made["evidence"]) == 2
    assert set(read_claims(made)) == {one, two}


def test_a_claim_without_a_status_is_refused() -> None:
    made = declarations(bill(claim("control", "KR", "a")))
    made["claims"][0]["reasoning"] = "because"
    with pytest.raises(UsageError, match="has no status"):
        list(read_claims(made))


def test_evidence_says_which_program_found_it() -> None:
    (row,) = declarations(replace(bill(claim("control", "KR", "a")), program="9"))["evidence"]
    assert row["author"] == {"name": "aisbom 9"}
