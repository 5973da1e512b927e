"""What was found of a requirement, in parts: English spells them, a document carries them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.emit.html.words import words
from aisbom.model.phrases import FORMS, Phrase, from_json, join, phrase, spell, to_json
from aisbom.model.vocabulary import ATTRIBUTES, LEGS


def test_a_phrase_is_spelled_by_its_form() -> None:
    said = phrase("is", phrase("attribute", "licence.declared"), join("versus", ["MIT", "X"]))
    assert spell(said) == "licence.declared is MIT / X"
    assert words("ko").phrase(said) == "명시된 라이선스: MIT / X"
    assert words("en").phrase(said) == spell(said)


def test_countries_are_named_each() -> None:
    said = phrase("is", phrase("attribute", "origin.trained"), phrase("country", "KR,US"))
    assert words("ko").phrase(said) == "학습 국가: 대한민국, 미국"
    assert spell(said) == "origin.trained is KR,US"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PHRASES = st.recursive(
    texts,
    lambda inner: st.builds(
        lambda key, values: Phrase(key, tuple(values)),
        st.sampled_from(["with", "doubted", "part", "or", "rows"]),
        st.lists(inner, min_size=2, max_size=2),
    ),
    max_leaves=8,
)


@given(PHRASES)
def test_a_document_gives_it_back(said: Phrase | str) -> None:
    """Whatever stands in a name: braces, brackets and quotes are text."""
    assert from_json(to_json(said), spell(said)) == said
    assert isinstance(words("ko").phrase(said), str)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "[1]",
        '["is"]',
        '["is",1,2]',
        '["no form","x"]',
        '["attribute"]',
        json.dumps("other words"),
        "[" * 20 + '"is"' + "]" * 20,
        "[" * 100_000,
    ],
)
def test_parts_of_somebody_else_count_only_where_they_spell_the_sentence(text: str) -> None:
    assert from_json(text, "the sentence") == "the sentence"


def test_every_word_of_a_rule_has_a_korean_one() -> None:
    korean: Any = words("ko")
    for name, fixed in ATTRIBUTES.items():
        assert korean.get(f"attribute.{name}", name) != name
        table = name if name in ("class", "role", "path-role") else "word"
        assert [one for one in fixed if korean.get(f"{table}.{one}", one) == one] == []
    for name in (*LEGS, "technical", "policy", "ethical", "objective"):
        assert korean.get(f"leg.{name}", name) != name
    assert len(set(FORMS.values())) == len(FORMS)
