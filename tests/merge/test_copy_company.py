"""What the files around a copied one show of where it is from."""

from __future__ import annotations

import pytest

from aisbom.merge.copy_order import settle_order
from aisbom.model import Evidence, Location, Observation, facts
from aisbom.model.facts import (
    MEMBER,
    ORDER_SIGN,
    SAID_SOURCE,
    THEIR_REPOSITORY,
    Member,
    OfMember,
    OrderSign,
    SaidSource,
)

NORAE, BARAM = "pkg:pypi/norae", "pkg:pypi/baram"
ADDRESS = "https://github.com/norae-labs/norae"
SAYS = OrderSign(0, "comment", 1, "", f"line 1 says the file is from {ADDRESS}")


def content(
    path: str, *members: tuple[str, str, float], signs: tuple[OrderSign, ...] = ()
) -> Observation:
    e = Evidence("lineage", "ast-fingerprint", "medium", Location(path, 3), "")
    rows = [
        row
        for rank, (project, theirs, share) in enumerate(members)
        for row in (
            MEMBER(Member(rank, project, theirs, share, share)),
            THEIR_REPOSITORY(OfMember(rank, ADDRESS if project == NORAE else f"{ADDRESS}-other")),
        )
    ]
    basis = ("lineage", "derived" if signs else "family")
    return Observation("content", path, "", "", e, facts(basis, *rows, *map(ORDER_SIGN, signs)))


def source(path: str, said: str, *, whole: bool = True) -> Observation:
    e = Evidence("notices", "source-code-analysis", "high", Location(path, 1), "")
    return Observation("source", path, "", "", e, facts(SAID_SOURCE(SaidSource(4, said, whole))))


def sign_of(o: Observation) -> str:
    return " ".join(sign.kind for sign in o.get(ORDER_SIGN))


DERIVED = content("tts/vocoder/gan.py", (NORAE, "norae/gan.py", 0.9), signs=(SAYS,))


def test_a_file_that_lies_beside_another_as_in_the_project_is_from_there() -> None:
    both = content("tts/vocoder/act.py", (BARAM, "baram/act.py", 1.0), (NORAE, "norae/act.py", 1.0))
    (made,) = settle_order([DERIVED, both], [], [])
    assert (made.fact("lineage"), sign_of(made)) == ("derived", "beside")
    assert [member.project for member in made.get(MEMBER)] == [NORAE, BARAM]


@pytest.mark.parametrize(
    ("path", "theirs", "share"),
    [
        ("tts/vocoder/act.py", "norae/layers/act.py", 1.0),
        ("tts/other/act.py", "norae/act.py", 1.0),
        ("tts/vocoder/act.py", "norae/acts.py", 1.0),
        ("tts/vocoder/act.py", "norae/act.py", 0.4),
    ],
    ids=["another folder there", "another folder here", "another name", "little of it"],
)
def test_one_that_lies_otherwise_shows_nothing(path: str, theirs: str, share: float) -> None:
    both = content(path, (BARAM, "baram/act.py", share), (NORAE, theirs, share))
    assert not list(settle_order([DERIVED, both], [], []))


def test_who_has_far_less_of_it_is_not_meant() -> None:
    both = content("tts/vocoder/act.py", (BARAM, "baram/x.py", 1.0), (NORAE, "norae/act.py", 0.7))
    assert not list(settle_order([DERIVED, both], [], []))


def test_a_file_called_as_the_project_that_alone_holds_most_of_it() -> None:
    (made,) = settle_order([content("blocks/norae.py", (NORAE, "norae/modules.py", 0.5))], [], [])
    assert (made.fact("lineage"), sign_of(made)) == ("derived", "folder")
    assert not list(settle_order([content("blocks/act.py", (NORAE, "norae/act.py", 0.5))], [], []))
    two = content("blocks/norae.py", (NORAE, "norae/act.py", 0.9), (BARAM, "baram/act.py", 0.8))
    assert not list(settle_order([two], [], []))


def test_a_tree_that_says_of_another_file_that_it_is_from_there() -> None:
    mine = content("tts/fsq.py", (NORAE, "norae/fsq.py", 0.7))
    said = source("tts/vq.py", f"{ADDRESS}/blob/main/norae/vq.py")
    (made,) = settle_order([mine], [], [said])
    assert (made.fact("lineage"), sign_of(made)) == ("derived", "beside")
    assert "tts/vq.py:4" in made.get(ORDER_SIGN)[0].sentence
    little = content("tts/fsq.py", (NORAE, "norae/fsq.py", 0.5))
    assert not list(settle_order([little], [], [said]))


def test_who_names_a_source_of_its_own_has_it_from_there() -> None:
    mine = content("tts/norae.py", (NORAE, "norae/fsq.py", 0.9))
    theirs = source("tts/norae.py", "https://github.com/haneul/haneul")
    assert not list(settle_order([mine], [], [source("tts/vq.py", ADDRESS), theirs]))


def test_what_another_project_in_the_tree_says_is_said_of_itself() -> None:
    mine = content("tts/fsq.py", (NORAE, "norae/fsq.py", 0.9))
    said = source("third_party/x/vq.py", ADDRESS)

    def project(folder: str) -> str | None:
        return "third_party/x" if folder.startswith("third_party/x") else None

    assert not list(settle_order([mine], [], [said], None, project))
