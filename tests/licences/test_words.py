from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.licences.words import MAX_WORDS, SIZE, shingles, words


@pytest.mark.parametrize(
    "text",
    [
        "Copyright (c) 2020 Some Company\nthe words",
        "  © 2020-2024, Some Company. All rights reserved.\nTHE WORDS",
        "Copyright by the Authors\nAll rights reserved.\nthe, words!",
        "Portions Copyright 2019 A\n1. the words",
        "(c) 2019 A and B\n(a) the\n  words",
        "// Copyright 2019 A\n// the\n// words",
        "* the\n* words",
    ],
)
def test_what_does_not_count(text: str) -> None:
    assert words(text).words == ["the", "words"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("THE COPYRIGHT HOLDERS", ["the", "copyright", "holders"]),
        ("copyright holders and contributors", ["copyright", "holders", "and", "contributors"]),
        ("copyright notice, this list", ["copyright", "notice", "this", "list"]),
        ("Public License,\nv. 2.0. If", ["public", "license", "v", "2", "0", "if"]),
        ("Licence 许可 협약서", ["license", "许", "可", "협약서"]),
    ],
)
def test_what_counts(text: str, kept: list[str]) -> None:
    assert words(text).words == kept


@given(st.text(max_size=500))
def test_every_word_has_a_line(text: str) -> None:
    found = words(text)
    assert len(found.words) == len(found.lines)
    assert all(1 <= line <= text.lower().count("\n") + 1 for line in found.lines)


@given(st.lists(st.text("abc", min_size=1, max_size=3), max_size=40))
def test_a_shingle_for_each_place(given_: list[str]) -> None:
    expected = max(len(given_) - SIZE + 1, 1 if given_ else 0)
    assert len(shingles(given_)) == expected


def test_no_more_than_the_limit() -> None:
    assert len(words("word " * (MAX_WORDS + 10)).words) == MAX_WORDS
