from __future__ import annotations

import string

import pytest
from lxml import html

from aisbom.weights.compare import compare
from aisbom.weights.page import page
from aisbom.weights.page_words import EN, KO
from aisbom.weights.side import of_checkpoint
from aisbom.weights.verdict import VERDICTS
from tests.weights import launder
from tests.weights.arrays import Arrays, model


def _answer(b):
    sides = [of_checkpoint(Arrays(t), name) for t, name in ((model(1), "<base>"), (b, "b & c"))]
    return compare(*sides).answer


def test_both_languages_have_the_same_words_and_places():
    assert EN.keys() == KO.keys()
    for key in EN:
        names = [{f for _, f, _, _ in string.Formatter().parse(t[key]) if f} for t in (EN, KO)]
        assert names[0] == names[1], key
    assert set(VERDICTS) <= EN.keys()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_accusation_comes_with_odds_controls_and_what_is_not_said(language):
    answer = _answer(launder.rotate(launder.noisy(model(1), 0.3, 2), launder.orthogonal(32, 3)))
    text = page(answer, language)
    assert text == page(answer, language)
    words = {"en": EN, "ko": KO}[language]
    shown = html.fromstring(text).text_content()
    for key in ("common-origin", "exact", "direction", "seed", "distilled", "unrelated-none"):
        assert words[key] in shown
    assert "<base>" in shown
    assert answer["controls"]["seed"][:16] in shown
    assert str(int(-answer["log10_p"]) + 1) in shown


def test_a_clearance_names_what_was_seen_through_and_gives_no_odds():
    shown = html.fromstring(page(_answer(model(2)), "en")).text_content()
    assert EN["no-common-origin"] in shown
    assert EN["odds-none"] in shown
    assert EN["hide-rotated"] in shown


def test_what_settles_nothing_is_called_neither():
    bare = {k: v for k, v in model(2).items() if "embed" not in k}
    shown = html.fromstring(page(_answer(bare), "en")).text_content()
    assert EN["inconclusive"] in shown
    assert "NO" in shown
