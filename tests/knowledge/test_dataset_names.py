"""Names of data sets inside longer names."""

from __future__ import annotations

import pytest

from aisbom.knowledge.dataset_names import find_within, is_known


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("kilt_triviaqa", "TriviaQA"),
        ("alce_asqa_700", "ASQA"),
        ("multi_lexsum_130372", "Multi-LexSum"),
        ("dolma_common-crawl", "Dolma"),  # the first of two
        ("triviaqa", ""),  # a name of its own, and no piece of one
        ("norae_set_700", ""),
        ("my_mme_x", ""),  # three letters
        ("xtriviaqa", ""),
        ("drop_all_rows", ""),  # a word of every day
    ],
)
def test_a_name_inside_a_longer_one(name: str, inside: str) -> None:
    assert find_within(name) == inside


def test_a_word_with_one_capital_is_none_in_capitals() -> None:
    assert is_known("MATH")
    assert is_known("math")
    assert not is_known("Math")


def test_letters_of_other_scripts_are_letters() -> None:
    assert is_known("τ-bench")
    assert is_known("Touche2020")
    assert is_known("touché-2020")
    assert not is_known("bench")
    assert not find_within("norae-bench")
