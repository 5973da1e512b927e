from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from aisbom.weights import tokens
from aisbom.weights.compare import compare
from aisbom.weights.side import of_checkpoint
from tests.program import run
from tests.weights.arrays import Arrays, model, write

WORDS = [f"word{at}" for at in range(300)]
ORDER = np.random.default_rng(5).permutation(300)
OTHER = [WORDS[at] for at in ORDER]


def _permuted(tables, seed=4):
    """The same function with its residual dimensions and its hidden units in another order, and a
    little further trained.
    """
    dice = np.random.default_rng(seed)
    wide, found = dice.permutation(32), {}
    units = [dice.permutation(64) for _ in range(3)]
    for name, value in tables.items():
        moved = (
            value[wide]
            if value.ndim == 1 or "down_proj" in name or "o_proj" in name
            else value[:, wide]
        )
        if ".mlp." in name:
            order = units[int(name.split(".")[2])]
            moved = moved[:, order] if "down_proj" in name else moved[order]
        found[name] = (moved + dice.normal(size=moved.shape) * moved.std() * 0.05).astype(
            np.float32
        )
    return found


def _reordered(tables):
    return {k: v[ORDER] if "embed_tokens" in k else v for k, v in tables.items()}


def _answer(b, words_b=None, words_a=None, a=None):
    left = of_checkpoint(Arrays(model(1) if a is None else a), "A")
    right = of_checkpoint(Arrays(b), "B")
    left.vocabulary = tokens.number_texts(words_a or [])
    right.vocabulary = tokens.number_texts(words_b or [])
    return compare(left, right).answer


def test_a_copy_with_its_tokens_in_another_order_is_found_with_their_texts_and_without():
    child = _reordered(_permuted(model(1)))
    by_text = _answer(child, OTHER, WORDS)
    assert by_text["verdict"] == "common-origin"
    assert by_text["recovered"]["residual_dimensions_matched"] == 32
    assert any("300 texts are in both" in note for note in by_text["notes"])
    by_number = _answer(child)
    assert by_number["verdict"] == "common-origin"
    assert by_number["recovered"]["residual_dimensions_matched"] < 32
    assert any("paired by token number" in note for note in by_number["notes"])


def test_a_vocabulary_that_was_extended_in_front_keeps_its_texts():
    dice = np.random.default_rng(8)
    child = _permuted(model(1))
    rows = dice.normal(size=(50, 32)).astype(np.float32) * 0.05
    child["model.embed_tokens.weight"] = np.concatenate([rows, child["model.embed_tokens.weight"]])
    added = [f"new{at}" for at in range(50)]
    assert _answer(child, added + WORDS, WORDS)["verdict"] == "common-origin"


@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("words", [WORDS, OTHER])
def test_an_independent_model_with_the_same_tokenizer_is_cleared(seed, words):
    answer = _answer(model(seed), words, WORDS)
    assert answer["verdict"] == "no-common-origin"
    assert answer["p_value"] > 1e-3


def test_which_side_comes_first_makes_no_difference():
    child = _reordered(model(2))
    one = _answer(child, OTHER, WORDS)
    other = _answer(model(1), WORDS, OTHER, child)
    assert (one["verdict"], one["controls"]["seed"]) == (
        other["verdict"],
        other["controls"]["seed"],
    )


def test_tokenizers_without_a_common_text_are_not_paired():
    others = [f"other{at}" for at in range(300)]
    answer = _answer(_reordered(_permuted(model(1))), others, WORDS)
    assert answer["recovered"]["residual_dimensions_matched"] == 0
    assert answer["verdict"] == "common-origin"  # by what the models make of their tokens
    assert _answer(_reordered(model(2)), others, WORDS)["verdict"] == "inconclusive"


def test_numbers_outside_the_embedding_are_left_out():
    left, right = of_checkpoint(Arrays(model(1)), "A"), of_checkpoint(Arrays(model(1)), "B")
    left.vocabulary = {**tokens.number_texts(WORDS), "far": 10**9, "before": -1}
    right.vocabulary = {**tokens.number_texts(WORDS), "far": 10**9, "before": -1}
    assert any("300 texts" in note for note in compare(left, right).answer["notes"])


def _tokenizer(words):
    return json.dumps(
        {
            "model": {"type": "BPE", "vocab": dict(zip(words, range(300), strict=True))},
            "added_tokens": [],
        }
    )


def test_tokenizers_beside_the_weights_are_read_by_the_command(tmp_path):
    for name, tables, words in (
        ("a", model(1), WORDS),
        ("b", _reordered(_permuted(model(1))), OTHER),
    ):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "model.safetensors", tables)
        (tmp_path / name / "tokenizer.json").write_text(_tokenizer(words))
    done = run("weights", "compare", "a", "b", "--format", "json", cwd=tmp_path)
    assert json.loads(done.stdout)["verdict"] == "common-origin"
    (tmp_path / "b" / "tokenizer.json").write_text("[" * 100_000)
    done = run("weights", "compare", "a", "b", "--format", "json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["verdict"]) == (0, "common-origin")
    assert any("tokenizer.json: its tokens are not read" in note for note in answer["notes"])


def _gguf(words, kind=8, count=None):
    def text(value):
        data = value.encode()
        return struct.pack("<Q", len(data)) + data

    pairs = [
        text("general.name") + struct.pack("<I", 8) + text("x"),
        text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 2) + struct.pack("<ff", 1, 2),
        text("tokenizer.ggml.tokens")
        + struct.pack("<IIQ", 9, kind, len(words) if count is None else count)
        + b"".join(text(word) for word in words),
    ]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + b"".join(pairs)


def test_the_token_list_of_a_gguf_file(tmp_path):
    path = tmp_path / "m.gguf"
    path.write_bytes(_gguf(["a", "", "ü", "a b"]))
    assert tokens.beside([path], "gguf") == ({"a": 0, "": 1, "ü": 2, "a b": 3}, "m.gguf")


@pytest.mark.parametrize(
    "data",
    [
        _gguf(["a"], count=10**12),
        _gguf(["a"], kind=4),
        _gguf(["a"] * 9, count=90),
        _gguf(["a"])[:90],
        b"",
    ],
)
def test_a_lying_token_list_is_said(tmp_path, data):
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    found, why = tokens.beside([path], "gguf")
    assert found == {}
    assert why.startswith("m.gguf: its tokens are not read")


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("vocab.txt", "a\nb\n\nc", {"a": 0, "b": 1, "c": 3}),
        ("vocab.json", '{"a": 0, "b": true, "c": "x", "d": 4}', {"a": 0, "d": 4}),
        ("vocab.json", "[1]", {}),
        (
            "tokenizer.json",
            (
                '{"model": {"vocab": [["x", 0.5], ["y", 1], 3]}, "added_tokens": [{"content": "z",'
                ' "id": 9}]}'
            ),
            {"x": 0, "y": 1, "z": 9},
        ),
        ("tokenizer.json", '{"model": []}', {}),
    ],
)
def test_vocabularies_in_files(tmp_path, name, data, found):
    (tmp_path / name).write_text(data)
    assert tokens.beside([tmp_path / "model.safetensors"], "safetensors")[0] == found


def test_no_vocabulary_is_nothing_to_say(tmp_path):
    assert tokens.beside([tmp_path / "model.safetensors"], "safetensors") == ({}, "")
    assert tokens.beside([], "safetensors") == ({}, "")
