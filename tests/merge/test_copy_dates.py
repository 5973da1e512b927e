"""What the days of a history and of an index show of two files that agree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aisbom.codeprint import handed_on
from aisbom.merge.copy_dates import CopyDates
from aisbom.merge.copy_order import settle_order
from aisbom.model import Evidence, Location, Observation, facts
from aisbom.model.facts import (
    CAME,
    MEMBER,
    ORDER_SIGN,
    SAID_SOURCE,
    CameOn,
    Member,
    OrderSign,
    SaidSource,
)
from tests.codeprint.indexes import code, index, project

FIRST = date(2023, 11, 14)
"""The first release of a made-up project; the others follow every thirty days."""

NORAE, BARAM = "pkg:pypi/norae", "pkg:pypi/baram"
ADDRESS = "https://github.com/norae-labs/norae"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """Norae has nn.py from its second release on, Baram from its fifth: that is not older than a
    month before its fourth.
    """
    folder = tmp_path_factory.mktemp("known")
    nn, other = {"nn.py": code("nn")}, {"other.py": code("other")}
    norae = {"v1": other, "v2": other | nn}
    more = [other | {f"more_{n}.py": code(f"more_{n}")} for n in range(4)]
    baram = {"v1": other, "v2": more[1], "v3": more[2], "v4": more[3], "v5": other | nn}
    return index(project(folder, "norae", norae, ADDRESS), project(folder, "baram", baram))


def day(days: int) -> str:
    return (FIRST + timedelta(days=days)).isoformat()


def content(
    came: str, *members: Member, path: str = "x.py", signs: tuple[OrderSign, ...] = ()
) -> Observation:
    e = Evidence("lineage", "ast-fingerprint", "medium", Location(path, 3), "")
    rows = facts(
        ("lineage", "derived" if signs else "family"),
        *map(MEMBER, members),
        *map(ORDER_SIGN, signs),
        *([CAME(CameOn(came, came, came))] if came else []),
    )
    return Observation("content", path, "", "", e, rows)


BOTH = (Member(0, BARAM, "nn.py", 0.97, 0.9), Member(1, NORAE, "nn.py", 0.95, 0.9))


def test_who_alone_had_it_before_is_where_it_is_from(known) -> None:  # type: ignore[no-untyped-def]
    (made,) = settle_order([content(day(45), *BOTH)], [], [], known)
    assert made.fact("lineage") == "derived"
    assert [member.project for member in made.get(MEMBER)] == [NORAE, BARAM]
    (sign,) = made.get(ORDER_SIGN)
    assert sign.kind == "dates"
    assert f"by {day(30)}" in sign.sentence and day(45) in sign.sentence


@pytest.mark.parametrize(
    "came",
    ["", day(10), day(30), day(75), day(400)],
    ids=["no history", "before both", "the same day", "Baram may have had it", "after both"],
)
def test_days_that_leave_a_choice_name_nobody(known, came: str) -> None:  # type: ignore[no-untyped-def]
    assert not list(settle_order([content(came, *BOTH)], [], [], known))


@pytest.mark.parametrize(
    ("share", "named"), [(0.97, [NORAE]), (0.95, [])], ids=["all that the younger has", "less"]
)
def test_who_had_all_of_it_first_is_where_it_is_from(  # type: ignore[no-untyped-def]
    known, share: float, named: list[str]
) -> None:
    both = (Member(0, BARAM, "nn.py", 0.97, 0.9), Member(1, NORAE, "nn.py", share, 0.9))
    made = list(settle_order([content(day(400), *both)], [], [], known))
    assert [o.get(MEMBER)[0].project for o in made] == named


def test_a_smaller_share_may_come_from_a_third(known) -> None:  # type: ignore[no-untyped-def]
    weak = Member(0, NORAE, "nn.py", 0.8, 0.8)
    assert not list(settle_order([content(day(45), weak)], [], [], known))


@pytest.mark.parametrize(
    ("share", "readme", "how", "named"),
    [
        (0.7, "README.md", "thanks", True),
        (0.5, "README.md", "thanks", False),
        (0.7, "other/README.md", "thanks", False),
    ],
)
def test_thanks_and_days_together_show_a_source(  # type: ignore[no-untyped-def]
    known, share: float, readme: str, how: str, named: bool
) -> None:
    e = Evidence("readme-credits", "manifest-analysis", "low", Location(readme, 9), "Thanks")
    thanks = Observation("credit", ADDRESS, "", "", e, facts(("credit", how)))
    file = content(day(45), Member(0, NORAE, "nn.py", share, share))
    made = list(settle_order([file], [], [thanks], known))
    assert [o.get(ORDER_SIGN)[0].kind for o in made] == (["dates"] if named else [])
    assert all("README.md:9 thanks" in o.get(ORDER_SIGN)[0].sentence for o in made)
    # Thanks alone, or days that leave a choice, still show nothing.
    assert not list(settle_order([content("", *file.get(MEMBER))], [], [thanks], known))


def test_a_file_of_the_tree_that_is_older_may_be_the_source(known) -> None:  # type: ignore[no-untyped-def]
    old = content(day(20), Member(0, NORAE, "nn.py", 0.9, 0.9), path="old.py")
    new = content(day(45), Member(0, NORAE, "nn.py", 0.95, 0.9))
    assert [o.evidence.at.path for o in settle_order([new], [], [], known)] == ["x.py"]
    assert not list(settle_order([old, new], [], [], known))


@pytest.mark.parametrize("kind", ["notice", "credit", "folder"])
def test_who_had_it_later_is_not_where_it_is_from(known, kind: str) -> None:  # type: ignore[no-untyped-def]
    sign = OrderSign(0, kind, 1, "Baram Inc." if kind == "notice" else "", "")
    baram = BOTH[0]
    (made,) = settle_order([content(day(45), baram, signs=(sign,))], [], [], known)
    assert made.fact("lineage") == "family"
    assert not list(settle_order([content(day(200), baram, signs=(sign,))], [], [], known))


def test_the_files_own_words_outweigh_days(known) -> None:  # type: ignore[no-untyped-def]
    sign = OrderSign(0, "comment", 1, "", "line 1 says the file is from baram")
    assert not list(settle_order([content(day(45), BOTH[0], signs=(sign,))], [], [], known))


def test_without_an_index_nothing_is_younger() -> None:
    assert not CopyDates(None).younger(content(day(1), BOTH[0]), BOTH[0])


def test_what_came_with_a_folder_of_a_third_is_from_there(known) -> None:  # type: ignore[no-untyped-def]
    e = Evidence("notices", "source-code-analysis", "high", Location("third/LICENSE", 1), "")
    licence = Observation("notice", "LICENSE", "", "", e, facts(("file-kind", "licence")))
    inside = content(day(45), *BOTH, path="third/x.py")
    assert not list(settle_order([inside], [], [licence], known))
    assert len(list(settle_order([content(day(45), *BOTH)], [], [licence], known))) == 1


def test_a_file_that_was_moved_is_as_old_as_before(tmp_path) -> None:  # type: ignore[no-untyped-def]
    other, nn = {"other.py": code("other")}, code("nn")
    releases = {f"v{n}": other | {f"more_{n}.py": code(f"more_{n}")} for n in range(2, 6)}
    moved = {"v1": other | {"src/nn.py": nn}, **releases, "v6": {"lib/nn.py": nn, **other}}
    moved_ = index(project(tmp_path, "baram", moved))
    member = Member(0, BARAM, "lib/nn.py", 0.97, 0.9)
    assert not CopyDates(moved_).younger(content(day(20), member), member)


def test_the_day_of_a_content_is_that_of_the_release_that_has_it(known) -> None:  # type: ignore[no-untyped-def]
    """A project has many contents of one path, and copies are made of each."""
    early, late = (Member(0, NORAE, "nn.py", 0.97, 0.9, day(days)) for days in (5, 50))
    (made,) = settle_order([content(day(10), early)], [], [], known)
    assert [sign.kind for sign in made.get(ORDER_SIGN)] == ["dates"]
    assert not list(settle_order([content(day(45), late)], [], [], known))


def test_of_two_that_had_it_the_one_that_has_it_from_the_other_is_left_out(  # type: ignore[no-untyped-def]
    known, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not list(settle_order([content(day(400), *BOTH)], [], [], known))
    monkeypatch.setattr(
        handed_on,
        "sources",
        lambda project, path: {NORAE} if (project, path) == (BARAM, "nn.py") else set(),
    )
    (made,) = settle_order([content(day(400), *BOTH)], [], [], known)
    assert made.get(MEMBER)[0].project == NORAE


def test_days_do_not_name_the_source_of_a_file_that_names_one_itself(known) -> None:  # type: ignore[no-untyped-def]
    """What it names is in no index, and had it before."""
    e = Evidence("notices", "source-code-analysis", "high", Location("x.py", 1), "")

    def head(whole: bool) -> Observation:
        said = SAID_SOURCE(SaidSource(1, "https://github.com/haneul/haneul", whole))
        return Observation("source", "x.py", "", "", e, facts(said))

    rows = [content(day(45), *BOTH)]
    assert list(settle_order(rows, [], [head(whole=False)], known))
    assert not list(settle_order(rows, [], [head(whole=True)], known))
