"""Words of somebody's own in, before or after a known text: what restricts is found, and a text as
it stands restricts nothing that it does not say itself.
"""

from __future__ import annotations

import pytest

from aisbom.licences import match
from aisbom.licences.own_terms import own_terms
from aisbom.licences.restrictions import restrictions
from aisbom.model.vocabulary import RESTRICTIONS
from tests.licences.texts import INSTALLED, apache, installed, mit


def kinds(text: str) -> set[str]:
    return {row.kind for row in own_terms(text, match(text).found)}


@pytest.mark.parametrize(("name", "end", "identifier"), INSTALLED)
def test_a_known_text_as_it_stands_says_nothing_of_its_own(
    name: str, end: str, identifier: str
) -> None:
    text = installed(name, end)
    for changed in (text, f"Our Licence\n\n{text}\nThank you.\n", text.replace("\n\n", "\n \n")):
        assert kinds(changed) == set(), identifier


SENTENCES = [
    ("Commercial use needs a separate licence from us.", "non-commercial"),
    ("It is just for research purpose.", "research-only"),
    ("You may not use the Work in any military system.", "field-of-use"),
    ("You must not use its outputs to train other language models.", "no-training"),
    ("You must prominently display the logo of Haneul on every page.", "naming"),
    ("If you have more than 700 million monthly active users, ask us.", "user-threshold"),
    ("No right is granted in the European Union.", "territory"),
    ("본 모델은 비상업적 목적으로만 사용할 수 있습니다.", "non-commercial"),
    ("本模型仅供学术研究使用。", "research-only"),
]


@pytest.mark.parametrize(("sentence", "kind"), SENTENCES)
@pytest.mark.parametrize("text", [apache(), mit()], ids=["Apache-2.0", "MIT"])
def test_a_sentence_before_in_and_after_a_known_text(text: str, sentence: str, kind: str) -> None:
    lines = text.split("\n")
    middle = len(lines) // 2
    while lines[middle].strip():
        middle += 1
    for changed in (
        f"{sentence}\n\n{text}",
        "\n".join([*lines[:middle], "", sentence, "", *lines[middle:]]),
        f"{text}\n\n{sentence}\n",
    ):
        assert kind in kinds(changed)


def test_words_put_into_a_sentence_of_the_text() -> None:
    words = "obtaining a copy for non-commercial purposes only"
    text = mit().replace("obtaining a copy", words, 1)
    assert kinds(text) == {"non-commercial"}


@pytest.mark.parametrize(
    "sentence",
    [
        "This software may be used for commercial and non-commercial purposes alike.",
        "We thank the research community.",
        "Use it to train models, display it, sell it.",
        "The software is provided as is, for any purpose.",
    ],
)
def test_words_that_restrict_nothing(sentence: str) -> None:
    assert kinds(f"{sentence}\n\n{mit()}") == set()


def test_every_kind_of_phrase_is_a_word_of_policies() -> None:
    from aisbom.licences.restrictions import _patterns

    found = {kind for where in ("words", "text") for kind, _ in _patterns(where)}
    assert found <= set(RESTRICTIONS)
    assert {kind for kind, _ in _patterns("words")} == set(RESTRICTIONS)


def test_a_text_made_to_be_slow_is_read_in_time() -> None:
    assert restrictions("not for " * 40_000) == []
    restrictions("for commercial use " * 5_000)
    restrictions("you may not use the " * 20_000)
