"""A form fits where the words between its slots stand in order, as the laziest regular expression
would find them.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.emit.html.forms import Form, fill_form, match_cut_form, match_form, parse_form

PIECES = st.text("ab;", max_size=3)
FILLED = st.text("ab;", min_size=1, max_size=3)


def as_expression(form: Form) -> re.Pattern[str]:
    slots = [f"(?P<{slot}>.+?)" for slot in form.slots]
    pieces = map(re.escape, form.pieces)
    return re.compile("".join(a + b for a, b in zip(pieces, [*slots, ""], strict=True)), re.DOTALL)


@given(PIECES, st.lists(FILLED, max_size=2), PIECES, st.text("ab;", max_size=12))
def test_it_fits_what_the_laziest_expression_fits(
    first: str, inner: list[str], last: str, sentence: str
) -> None:
    pieces = (first, *inner, last)
    form = Form(pieces, tuple(f"s{number}" for number in range(len(pieces) - 1)), "")
    found = as_expression(form).fullmatch(sentence)
    assert match_form(form, sentence) == (found and found.groupdict())


@given(st.lists(FILLED, min_size=3, max_size=3), st.lists(st.text("xyz", min_size=1), max_size=2))
def test_what_it_is_filled_with_is_found_again(pieces: list[str], values: list[str]) -> None:
    slots = tuple(f"s{number}" for number in range(len(values)))
    form = Form(tuple(pieces[: len(slots) + 1]), slots, "")
    written = dict(zip(slots, values, strict=True))
    sentence = form.pieces[0] + "".join(
        value + piece for value, piece in zip(values, form.pieces[1:], strict=True)
    )
    assert match_form(form, sentence) == written


def test_a_slot_that_stands_twice_holds_the_same() -> None:
    form = parse_form("{a} and {b} of {a}", "{b}/{a}")
    assert match_form(form, "x and y of x") == {"a": "x", "b": "y"}
    assert match_form(form, "x and y of z") is None


def test_slots_side_by_side_are_refused() -> None:
    with pytest.raises(ValueError, match="no words between two slots"):
        parse_form("{a}{b}", "")


@given(st.integers(21, 60))
def test_what_is_left_of_a_sentence_is_found(length: int) -> None:
    form = parse_form("the folder {folder} bears the name of {name} here", "{name}: {folder}")
    sentence = "the folder src/norae bears the name of haneul here"
    found = match_cut_form(form, sentence[:length])
    assert found is not None
    assert all(
        value and {"folder": "src/norae", "name": "haneul"}[slot].startswith(value)
        for slot, value in found.items()
    )
    assert "…" in fill_form(form, found) or len(found) == 2


@pytest.mark.parametrize("text", ["", "the", "the folder", "a folder src bears the name of b"])
def test_too_little_is_no_form(text: str) -> None:
    form = parse_form("the folder {folder} bears the name of {name}", "")
    assert match_cut_form(form, text) is None
