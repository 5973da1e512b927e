"""What a maker took over from a project of their own is nobody else's, and is told by accounts."""

from __future__ import annotations

import pytest

from aisbom.identify.attribution import ScannedTree
from aisbom.identify.own_projects import claim_own_projects
from aisbom.knowledge import load
from aisbom.model import Claim, Evidence, Location

OLDER = "pkg:github/haneul-labs/norae#norae/model.py"
GIVEN = {"code-from", "code-from.member"}


def claim(purl: str, by: str = "lineage/derived", attribute: str = "code-from") -> Claim:
    evidence = Evidence(by, "ast-fingerprint", "medium", Location("norae2/model.py", 7), "agrees")
    return Claim("part", attribute, purl, (evidence,))


def more(published: str, *claims: Claim, origin: str = "KR") -> set[tuple[str, str]]:
    tree = ScannedTree(repositories=frozenset({published}), origin=origin)
    found = claim_own_projects(claims, tree, load())
    return {(c.attribute, c.value) for c in found if c.attribute not in GIVEN}


def test_an_earlier_project_of_the_same_account() -> None:
    expected = {("code-from.own", OLDER), ("origin.developed", "KR")}
    assert more("haneul-labs/norae2", claim(OLDER)) == expected
    whole = claim("pkg:github/haneul-labs/norae@1.0", "lineage/identical-files")
    assert ("origin.developed", "KR") in more("haneul-labs/norae2", whole)


def test_another_account_of_the_same_organisation() -> None:
    file = "pkg:github/naver/dust3r#dust3r/model.py"
    assert ("code-from.own", file) in more("naver-ai/norae", claim(file))


@pytest.mark.parametrize(
    ("published", "claims"),
    [
        ("somebody/norae", (claim(OLDER),)),
        ("", (claim(OLDER),)),
        ("haneul-labs/norae2", (claim(OLDER, "lineage/declared"),)),
        ("somebody/norae", (claim("pkg:pypi/transformers#src/x.py"),)),
        ("haneul-labs/norae2", (claim("pkg:pypi/transformers#src/x.py"),)),
    ],
    ids=["of-others", "unpublished", "a-comment-alone", "a-package", "a-package-of-others"],
)
def test_anything_else_is_from_elsewhere(published: str, claims: tuple[Claim, ...]) -> None:
    assert more(published, *claims) == set()


def test_beside_another_source_it_says_nothing_of_the_whole() -> None:
    other = claim("pkg:pypi/timm#timm/layers/x.py")
    assert more("haneul-labs/norae2", claim(OLDER), other) == {("code-from.own", OLDER)}
    family = claim("pkg:pypi/timm#timm/layers/x.py", "lineage/family", "code-from.member")
    assert more("haneul-labs/norae2", claim(OLDER), family) == {("code-from.own", OLDER)}


def test_where_the_tree_was_developed_is_not_known() -> None:
    assert more("haneul-labs/norae2", claim(OLDER), origin="") == {("code-from.own", OLDER)}
