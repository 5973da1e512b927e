"""Checkpoints whose parts do not fit together: each is told in a sentence, none is a traceback, and
nobody is accused or cleared for it.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from aisbom.weights import misfits
from aisbom.weights.axes import axes
from tests.program import run
from tests.weights.arrays import Arrays, model, write

A = model(1)
STEM = "model.layers.1."


def _told(tables):
    tensors = Arrays(tables).tensors
    return misfits.of_layers(tensors, axes(tensors))


def test_a_model_that_fits_together_has_nothing_to_tell():
    assert _told(A) == []
    tensors = Arrays(A).tensors
    assert misfits.of_heads(tensors, {32: 8}) == []
    assert misfits.of_tokens(tensors, {f"word{at}": at for at in range(300)}, "vocab.json") == []


def test_a_matrix_of_another_shape_is_named():
    lying = A | {STEM + "mlp.gate_proj.weight": np.ones((48, 32), np.float32)}
    (told,) = _told(lying)
    assert "gate_proj.weight (48 x 32) does not fit" in told


def test_missing_halves_are_named_and_counted():
    (told,) = _told({k: v for k, v in A.items() if k != STEM + "mlp.down_proj.weight"})
    assert told == "model.layers.1.mlp: the matrix that its units feed is missing"
    many = model(1, layers=9)
    told = _told({k: v for k, v in many.items() if "gate_proj" not in k and "up_proj" not in k})
    assert len(told) == 4
    assert told[-1].startswith("6 more like: ")


def test_heads_that_the_matrices_do_not_make_up_are_told():
    (told, *more) = misfits.of_heads(Arrays(A).tensors, {32: 5})
    assert "do not make up 5 attention heads" in told
    assert len(more) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({f"word{at}": at for at in range(400)}, "100 of its 400 tokens have numbers beyond"),
        ({f"word{at}": at - 1 for at in range(300)}, "1 of its 300 tokens have numbers beyond"),
        ({f"word{at}": at // 2 for at in range(300)}, "150 of its tokens share a number"),
    ],
)
def test_a_tokenizer_that_does_not_fit_is_told(words, told):
    (found,) = misfits.of_tokens(Arrays(A).tensors, words, "vocab.json")
    assert told in found


def test_a_tokenizer_without_an_embedding_is_told():
    bare = {k: v for k, v in A.items() if "embed" not in k}
    (told,) = misfits.of_tokens(Arrays(bare).tensors, {"word": 1}, "vocab.json")
    assert "no embedding" in told


BROKEN = {
    "shapes": A | {STEM + "mlp.up_proj.weight": np.ones((7, 3), np.float32)},
    "half": {k: v for k, v in A.items() if "down_proj" not in k},
    "no embedding": {k: v for k, v in A.items() if "embed" not in k},
    "no numbers": A | {STEM + "mlp.up_proj.weight": np.full((64, 32), np.inf, np.float32)},
    "one dimension": {k: v.ravel() for k, v in A.items()},
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_program_says_so_and_neither_accuses_nor_breaks(tmp_path, name):
    for folder, tables in (("a", model(2)), ("b", BROKEN[name])):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "model.safetensors", tables)
        (tmp_path / folder / "config.json").write_text('{"n_head": 5, "hidden_size": 32}')
        words = {f"word{at}": at for at in range(400)}
        (tmp_path / folder / "vocab.json").write_text(json.dumps(words))
    done = run("weights", "compare", tmp_path / "a", tmp_path / "b", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    answer = json.loads(done.stdout)
    assert answer["verdict"] in ("no-common-origin", "inconclusive", "not-comparable")
    assert any("vocab.json" in note for note in answer["notes"])
