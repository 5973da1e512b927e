from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.models import tokenizer_files
from aisbom.collect.models.tokenizers import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.weights.token_sketch import jaccard, sketch
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


def test_the_same_bytes_are_worked_out_once(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[int] = []
    facts_of = tokenizer_files._facts
    monkeypatch.setattr(
        tokenizer_files, "_facts", lambda *given: worked.append(1) or facts_of(*given)
    )
    monkeypatch.setattr(tokenizer_files, "_READ", {})
    copies = {f"{folder}/vocab.json": json.dumps(WORDS) for folder in "abc"}
    copies |= {f"{folder}/config.json": "{}" for folder in "abcd"}
    found = facts(make_tree, {**copies, "d/vocab.json": json.dumps({"x": 0})})
    assert len(worked) == 2
    assert found["a/vocab.json"] == found["c/vocab.json"] != found["d/vocab.json"]


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
    assert jaccard(sketch(one), sketch(other)) == pytest.approx(exact)


def test_large_sets_are_estimated() -> None:
    one, other = {str(n) for n in range(40_000)}, {str(n) for n in range(20_000, 60_000)}
    assert jaccard(sketch(one), sketch(other)) == pytest.approx(1 / 3, abs=0.12)


def ranks(count: int) -> str:
    rows = (bytes([number % 256, 65 + number // 256]) for number in range(count))
    return "".join(f"{base64.b64encode(raw).decode()} {n}\n" for n, raw in enumerate(rows))


PIECES = b"".join(
    field(1, field(1, f"w{number}".encode()) + b"\x15\0\0\0\0") for number in range(20)
)
SHAPE = {"version": "1.0", "truncation": None, "padding": None, "normalizer": None, **BPE}


@pytest.mark.parametrize(
    ("name", "content", "form", "count"),
    [
        ("assets/mix.tiktoken", ranks(300), "tiktoken", "300"),
        ("assets/bpe.model", PIECES, "sentencepiece", "20"),
        ("assets/ko.spm", PIECES, "sentencepiece", "20"),
        ("data/tokenizers/ours_v2.json", json.dumps(SHAPE), "tokenizers", "4"),
        ("vocab.bpe", "#version: 0.2\na b\n", "merges", ""),
        (
            "clip/bpe_16e6.txt.gz",
            gzip.compress(b"#version: 0.2\na b\nc d\n", mtime=0),
            "merges",
            "",
        ),
    ],
)
def test_a_tokenizer_of_another_name(
    make_tree: MakeTree, name: str, content: str | bytes, form: str, count: str
) -> None:
    found = facts(make_tree, {name: content})[name]
    assert (found["format"], found["file-kind"]) == (form, "tokenizer")
    assert found.get("vocabulary", "") == count


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("forest.model", b"\n\x10binary of another"),
        ("net.model", field(1, b"\x08\x01") * 5),
        ("settings.json", '{"decoder": 1, "padding": 2, "vocab": {}}'),
        ("list.json", "[1, 2]"),
        ("book.txt", ranks(300)),
        ("words.vocab", "the 1\nof 2\n"),
        ("a.spm", ""),
        ("bpe.txt.gz", gzip.compress(b"the words of a book", mtime=0)),
        ("bpe_2.txt.gz", b"no gzip"),
        ("b.model", "text of something\n"),
    ],
)
def test_what_only_looks_like_one(make_tree: MakeTree, name: str, content: str | bytes) -> None:
    assert not collect(make_tree({name: content}), COLLECTOR)


def test_tiktoken_and_byte_level_bpe_of_the_same_tokens_are_equal(make_tree: MakeTree) -> None:
    words = {"\u0120a": 0, **{f"a{letter}": n for n, letter in enumerate("bcdefghi", 1)}}
    coded = "".join(
        f"{base64.b64encode(word.replace(chr(0x120), ' ').encode()).decode()} {number}\n"
        for word, number in words.items()
    )
    found = facts(
        make_tree,
        {"a.tiktoken": coded, "m/vocab.json": json.dumps(words), "m/config.json": "{}"},
    )
    assert found["a.tiktoken"]["vocabulary-digest"] == found["m/vocab.json"]["vocabulary-digest"]


def test_a_bomb_is_a_gap(make_tree: MakeTree) -> None:
    bomb = gzip.compress(b"#version: 0.2\n" + b"a b\n" * 10_000_000)
    (row,) = collect(make_tree({"bpe.txt.gz": bomb}), COLLECTOR)
    assert isinstance(row, Gap)
    assert "once it is unpacked" in row.reason
