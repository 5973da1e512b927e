"""The order that a whole tree shows of two files that agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from aisbom.codeprint import handed_on
from aisbom.codeprint.copies import VendoredRelease
from aisbom.codeprint.project import slug
from aisbom.merge.copy_order import settle_order
from aisbom.merge.owners import Owners
from aisbom.model import Evidence, Location, Observation, facts
from aisbom.model.facts import (
    IN_TREE,
    MEMBER,
    NEAR,
    ORDER_SIGN,
    THEIR_HOLDER,
    THEIR_REPOSITORY,
    Member,
    NearFile,
    OfMember,
    OrderSign,
)

NORAE, BARAM = "pkg:pypi/norae", "pkg:pypi/baram"


def content(path: str = "src/x.py", basis: str = "family", *signs: OrderSign) -> Observation:
    rows = [
        MEMBER(Member(0, BARAM, "baram/nn.py", 0.8, 0.7)),
        MEMBER(Member(1, NORAE, "norae/nn.py", 0.7, 0.6)),
        THEIR_HOLDER(OfMember(0, "Baram Inc.")),
        THEIR_HOLDER(OfMember(1, "Norae Labs")),
        THEIR_REPOSITORY(OfMember(0, "https://github.com/baram/baram")),
        THEIR_REPOSITORY(OfMember(1, "https://github.com/norae-labs/norae")),
    ]
    e = Evidence("lineage", "ast-fingerprint", "medium", Location(path, 3), "")
    told = facts(("lineage", basis), *rows, *map(ORDER_SIGN, signs))
    return Observation("content", "x.py", "", "", e, told)


def text(kind: str, path: str, name: str = "", **told: str) -> Observation:
    e = Evidence("notices", "source-code-analysis", "high", Location(path, 1), name)
    return Observation(
        kind, name, "", "", e, facts(**{k.replace("_", "-"): v for k, v in told.items()})
    )  # type: ignore[arg-type]


def release(
    project: str, root: str, *identical: str, added: tuple[str, ...] = ()
) -> VendoredRelease:
    return VendoredRelease(
        project,
        "1.1",
        "v1.1",
        "0" * 40,
        "2025-01-01",
        root,
        "",
        identical,
        (),
        added,
        (),
        (),
        False,
    )


def test_a_file_of_a_release_in_the_tree_is_the_original() -> None:
    found = release(BARAM, "third_party/baram", "third_party/baram/baram/nn.py")
    (made,) = settle_order([content()], [found], [])
    assert made.fact("lineage") == "derived"
    assert [row.text for row in made.get(IN_TREE)] == ["third_party/baram/baram/nn.py"]
    assert [sign.kind for sign in made.get(ORDER_SIGN)] == ["in-tree"]


def test_a_file_that_differs_from_the_release_is_no_original() -> None:
    assert not list(settle_order([content()], [release(BARAM, "third_party/baram")], []))
    assert not list(settle_order([content()], [release(NORAE, "norae", "norae/norae/nn.py")], []))


def test_a_credited_project_is_the_donor_and_comes_first() -> None:
    said = text("credit", "README.md", "https://github.com/Norae-Labs/norae", credit="built-on")
    (made,) = settle_order([content()], [], [said])
    assert made.fact("lineage") == "derived"
    assert [member.project for member in made.get(MEMBER)] == [NORAE, BARAM]
    assert [row.text for row in made.get(THEIR_HOLDER) if not row.rank] == ["Norae Labs"]
    (sign,) = made.get(ORDER_SIGN)
    assert (sign.kind, sign.sentence) == ("credit", "README.md:1 credits norae-labs/norae")


def test_thanks_and_credits_of_another_folder_show_nothing() -> None:
    for path, how in (("README.md", "thanks"), ("other/NOTICE", "address")):
        said = text("credit", path, "https://github.com/norae-labs/norae", credit=how)
        assert not list(settle_order([content()], [], [said]))


def test_a_notice_that_the_tree_bears_everywhere_shows_no_order() -> None:
    sign = OrderSign(0, "notice", 2, "Baram Inc.", "line 2 keeps the notice of Baram Inc.")
    derived = content("src/x.py", "derived", sign)
    own = [text("source", f"src/{n}.py", copyright_holder="Baram, Inc.") for n in range(3)]
    (made,) = settle_order([derived], [], own)
    assert (made.fact("lineage"), made.get(ORDER_SIGN)) == ("family", ())
    assert not list(settle_order([derived], [], own[:2]))


def test_the_address_of_a_repository() -> None:
    assert slug("https://github.com/O/r.git") == slug("https://www.github.com/o/R/tree/x") == "o/r"
    assert slug("https://host.example/o/r") == ""


def near(path: str, *more: tuple[str, str]) -> Observation:
    """A file that is near to one of Norae, and like none."""
    row = NearFile(
        0,
        NORAE,
        "norae/model/make_delta.py",
        0.33,
        0.27,
        99.5,
        "https://github.com/norae-labs/norae",
        "Apache-2.0",
        ("Norae Labs",),
        (),
    )
    e = Evidence("lineage", "hash-comparison", "high", Location(path), "swh:1:cnt:0")
    return Observation("content", "make_delta.py", "", "", e, facts(NEAR(row), *more))


def test_a_near_file_of_a_credited_project_was_made_from_it() -> None:
    said = text("credit", "README.md", "https://github.com/Norae-Labs/norae", credit="built-on")
    (made,) = settle_order([near("haneul/model/make_delta.py")], [], [said])
    assert made.fact("lineage") == "derived"
    assert [member.path for member in made.get(MEMBER)] == ["norae/model/make_delta.py"]
    assert [row.text for row in made.get(THEIR_HOLDER)] == ["Norae Labs"]
    assert not made.get(NEAR)
    assert made.evidence.technique == "ast-fingerprint"


def test_a_near_file_says_nothing_by_itself_nor_where_its_project_is_thanked() -> None:
    thanked = text("credit", "README.md", "https://github.com/norae-labs/norae", credit="thanks")
    below = text(
        "credit", "docs/README.md", "https://github.com/norae-labs/norae", credit="built-on"
    )
    assert not list(settle_order([near("haneul/model/make_delta.py")], [], [thanked, below]))


def test_a_folder_with_the_name_of_the_project_shows_where_its_files_are_from() -> None:
    (made,) = settle_order([near("third_party/norae/model/make_delta.py")], [], [])
    assert [sign.kind for sign in made.get(ORDER_SIGN)] == ["folder"]
    (made,) = settle_order([content("vendor/norae/nn.py")], [], [])
    assert made.fact("lineage") == "derived"
    assert [member.project for member in made.get(MEMBER)] == [NORAE, BARAM]


def test_a_folder_of_that_name_with_another_inside_shows_nothing() -> None:
    assert not list(settle_order([content("norae/layers/nn.py"), content("vendor/nn.py")], [], []))


def test_a_readme_does_not_speak_for_a_project_in_it_with_a_manifest_of_its_own() -> None:
    """Where the project around has none, the README is that of what lies in it."""
    said = text("credit", "README.md", "https://github.com/norae-labs/norae", credit="built-on")
    inner = text(
        "credit", "sub/README.md", "https://github.com/norae-labs/norae", credit="built-on"
    )

    def of(*manifests: str) -> Callable[[str], str | None]:
        around = Owners(manifests)
        return lambda folder: place if (place := around.of(folder)) in manifests else None

    below = content("sub/src/x.py")
    assert list(settle_order([below], [], [said], project=of("sub")))
    assert list(settle_order([below], [], [said], project=of("")))
    assert not list(settle_order([below], [], [said], project=of("", "sub")))
    assert list(settle_order([below], [], [inner], project=of("", "sub")))


def test_a_credit_does_not_outweigh_a_kept_notice_whose_file_holds_far_more() -> None:
    said = text("credit", "README.md", "https://github.com/norae-labs/norae", credit="built-on")
    kept = OrderSign(0, "notice", 1, "Baram Inc.", "keeps the notice")

    def first(share: float) -> str:
        o = content("src/x.py", "derived", kept)
        rows = [(key, value) for key, value in o.facts if key != MEMBER.name]
        rows += [
            MEMBER(Member(0, BARAM, "baram/nn.py", 0.9, 0.9)),
            MEMBER(Member(1, NORAE, "norae/nn.py", share, share)),
        ]
        made = list(settle_order([replace(o, facts=tuple(sorted(rows)))], [], [said]))
        return (made[0] if made else o).get(MEMBER)[0].project

    assert first(0.3) == BARAM
    assert first(0.8) == NORAE


def test_a_project_that_has_files_of_another_is_named_alone_where_that_one_holds_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The README names Norae; the file is far more like one of Baram than like any of Norae."""
    said = text("credit", "README.md", "https://github.com/norae-labs/norae", credit="built-on")
    (near_to,) = near("src/x.py").get(NEAR)
    o = content()
    rows = [row for row in o.facts if row[0] not in (MEMBER.name, THEIR_REPOSITORY.name)]
    rows += [
        MEMBER(Member(0, BARAM, "baram/nn.py", 0.9, 0.9)),
        THEIR_REPOSITORY(OfMember(0, "https://github.com/baram/baram")),
        NEAR(near_to),
    ]
    like_baram = replace(o, facts=tuple(sorted(rows)))
    assert not list(settle_order([like_baram], [], [said]))
    monkeypatch.setattr(handed_on, "givers", lambda purl: {BARAM} if purl == NORAE else set())
    (made,) = settle_order([like_baram], [], [said])
    assert made.get(MEMBER)[0].purl == NORAE
    assert not [row for row in made.get(THEIR_HOLDER) if not row.rank]
