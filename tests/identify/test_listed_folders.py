"""Folders of models that the tree lists by an id of their name."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify.listed_folders import claim_listed_folders
from aisbom.knowledge import load
from aisbom.model import Claim, Component, Evidence, Location, Observation, Scan, facts
from aisbom.model.ledger import Ledger


def named(name: str, by: str = "key") -> Observation:
    at = Evidence("settings-references", "manifest-analysis", "medium", Location("m.json", 3), name)
    return Observation("reference", name, "", "", at, facts(named_by=by))


def claims(ref: str, *rows: Observation) -> Iterator[Claim]:
    held = Component(ref, "machine-learning-model", "x", "", "", ())
    other = Component("o", "machine-learning-model", "o", "", "", tuple(rows))
    return claim_listed_folders(Scan("", (held, other), ()), Ledger(), load())


def test_a_folder_called_after_an_id_that_the_tree_lists_is_declared_and_a_hint() -> None:
    for ref in ("model:bert/Norae-Base", "model:bert/norae-base#projector"):
        (claim,) = claims(ref, named("lab/norae-base"))
        said = (claim.attribute, claim.value, claim.status, claim.evidence[0].confidence)
        assert said == ("weights-from", "lab/norae-base", "declared", "low")


def test_two_owners_a_mention_or_another_name_say_nothing() -> None:
    ref = "model:bert/norae-base"
    assert not list(claims(ref, named("lab/norae-base"), named("other/norae-base")))
    assert not list(claims(ref, named("lab/norae-base", "text")))
    assert not list(claims(ref, named("lab/norae-large")))
    assert not list(claims("code:bert/norae-base", named("lab/norae-base")))
