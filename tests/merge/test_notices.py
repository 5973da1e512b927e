"""A licence file in a folder without code is kept, and speaks for that folder alone."""

from __future__ import annotations

from aisbom.model.ledger import Ledger
from aisbom.pipeline import Options, scan
from tests.conftest import MakeTree
from tests.licences.texts import apache, mit


def test_a_licence_beside_data(make_tree: MakeTree) -> None:
    root = make_tree(
        {"LICENSE": mit(), "a/x.py": "x = 1\n", "fonts/LICENSE": apache(), "fonts/a.txt": "a\n"}
    )
    found = scan(root, Options(name="whole"))
    ledger = Ledger(found.claims)
    assert ledger.licence(found.root).values == ("MIT",)
    (claim,) = (c for c in ledger.claims(found.root, "licence.observed") if c.value == "Apache-2.0")
    assert {(e.at.path, e.confidence) for e in claim.evidence} == {("fonts/LICENSE", "low")}


def test_a_folder_s_licence_is_not_that_of_a_root_without_one(make_tree: MakeTree) -> None:
    root = make_tree({"a/x.py": "x = 1\n", "fonts/LICENSE": apache(), "fonts/a.txt": "a\n"})
    found = scan(root, Options(name="whole"))
    assert Ledger(found.claims).licence(found.root).values == ()
