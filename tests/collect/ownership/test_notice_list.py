from __future__ import annotations

from aisbom.collect.ownership.notice_list import COLLECTOR
from aisbom.model import Observation
from aisbom.model.facts import MENTIONS
from tests.conftest import MakeTree, collect


def test_the_words_of_a_notice(make_tree: MakeTree) -> None:
    (found,) = collect(
        make_tree(
            {
                "NOTICE": (
                    "\nThis product includes software developed elsewhere: the Haneul Parser 2"
                    " library\n"
                )
            }
        ),
        COLLECTOR,
    )
    assert isinstance(found, Observation)
    assert (found.fact("file-kind"), found.evidence.at.line) == ("notice-list", 2)
    assert "haneul" in found.get(MENTIONS)[0].words


def test_short_or_binary_notices_list_nothing(make_tree: MakeTree) -> None:
    assert (
        collect(
            make_tree(
                {"NOTICE": "Copyright 2026 us\n", "a/NOTICE": b"\0" * 100, "b/NOTICE.txt": ""}
            ),
            COLLECTOR,
        )
        == ()
    )
