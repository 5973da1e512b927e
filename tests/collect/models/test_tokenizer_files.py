from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.models.model_config import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.weights.token_sketch import shared, sketch
from tests.conftest import MakeTree, collect
from tests.weights.builders import field

WORDS = {"a": 0, "b": 1, "ab": 2}
BPE = {
    "model": {"type": "BPE", "vocab": WORDS, "merges": [["a", "b"]]},
    "added_tokens": [{"id": 3, "content": "<s>"}, 4],
}


def facts(make_tree: MakeTree, files: dict[str, str | bytes]) -> dict[str, dict[str, str]]:
    rows = collect(make_tree(files), COLLECTOR)
    return {row.evidence.at.path: dict(row.facts) for row in rows if isinstance(row, Observation)}


def test_the_formats_of_one_vocabulary_have_one_digest(make_tree: MakeTree) -> None:
    pieces = b"".join(field(1, field(1, word.encode()) + b"\x15\0\0\0\0") for word in WORDS)
    old = {"model": {"type": "BPE", "vocab": WORDS, "merges": ["a b"]}}
    found = facts(
        make_tree,
        {
            "a/tokenizer.json": json.dumps(old),
            "b/vocab.json": json.dumps(WORDS),
            "b/merges.txt": "#version: 0.2\na b\n",
            "b/config.json": "{}",
            "c/vocab.txt": "a\nb\nab\n",
            "c/tokenizer_config.json": "{}",
            "d/tokenizer.model": pieces,
            "e/tokenizer.json": json.dumps(
                {"model": {"type": "Unigram", "vocab": [["a", -1], ["b", -2], ["ab", -3]]}}
            ),
        },
    )
    paths = (
        "a/tokenizer.json",
        "b/vocab.json",
        "c/vocab.txt",
        "d/tokenizer.model",
        "e/tokenizer.json",
    )
    assert {found[path]["vocabulary-digest"] for path in paths} == {
        found["a/tokenizer.json"]["vocabulary-digest"]
    }
    assert found["b/merges.txt"]["merges-digest"] == found["a/tokenizer.json"]["merges-digest"]


def test_added_tokens_count_and_other_numbers_are_another_vocabulary(make_tree: MakeTree) -> None:
    moved = {"model": {"type": "BPE", "vocab": {"a": 1, "b": 0, "ab": 2}}}
    found = facts(
        make_tree, {"a/tokenizer.json": json.dumps(BPE), "b/tokenizer.json": json.dumps(moved)}
    )
    assert found["a/tokenizer.json"]["vocabulary"] == "4"
    assert (
        found["a/tokenizer.json"]["vocabulary-digest"]
        != found["b/tokenizer.json"]["vocabulary-digest"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"model": 3}',
        '{"model": {"vocab": [1, [], [2]], "merges": {"a": 1}}, "added_tokens": 7}',
        "null",
    ],
)
def test_odd_tokenizers_are_seen_and_hold_nothing(make_tree: MakeTree, text: str) -> None:
    found = facts(make_tree, {"m/tokenizer.json": text})
    assert "vocabulary" not in found["m/tokenizer.json"]


def test_a_deep_tokenizer_is_a_gap(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"m/tokenizer.json": "[" * 200_000}), COLLECTOR)
    assert any(isinstance(row, Gap) for row in rows)


@given(st.sets(st.text(max_size=4), max_size=60), st.sets(st.text(max_size=4), max_size=60))
def test_small_sets_are_compared_exactly(one: set[str], other: set[str]) -> None:
    exact = len(one & other) / len(one | other) if one and other else 0.0
    assert shared(sketch(one), sketch(other)) == pytest.approx(exact)


def test_large_sets_are_estimated() -> None:
    one, other = {str(n) for n in range(40_000)}, {str(n) for n in range(20_000, 60_000)}
    assert shared(sketch(one), sketch(other)) == pytest.approx(1 / 3, abs=0.12)
