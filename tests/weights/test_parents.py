from __future__ import annotations

import json

import numpy as np
import pytest

from aisbom.weights.parents import parents
from aisbom.weights.side import of_checkpoint
from tests.program import run
from tests.weights import launder
from tests.weights.arrays import Arrays, model, write

FIRST, SECOND, STRANGER = model(1), model(2), model(3)


def _answer(tables, **candidates):
    named = candidates or {"first": FIRST, "second": SECOND, "stranger": STRANGER}
    sides = [of_checkpoint(Arrays(t), name) for name, t in named.items()]
    return parents(of_checkpoint(Arrays(tables), "model"), sides)


def _mixed(share):
    return {k: (share * FIRST[k] + (1 - share) * SECOND[k]).astype(np.float32) for k in FIRST}


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_weights_of_a_merge_are_solved(share):
    answer = _answer(launder.noisy(_mixed(share), 0.05, 4))
    verdicts = {row["parent"]: row["verdict"] for row in answer["parents"]}
    assert verdicts["first"] == verdicts["second"] == "common-origin"
    assert verdicts["stranger"] not in ("common-origin", "identical")
    assert answer["weights"]["first"]["median"] == pytest.approx(share, abs=0.03)
    assert answer["weights"]["second"]["median"] == pytest.approx(1 - share, abs=0.03)
    assert all(row["explained"] > 0.98 for row in answer["by_layer"])
    assert "stranger" not in answer["weights"]


def test_layers_of_two_parents_are_told_apart():
    mixed = {k: (SECOND if ".layers.1." in k else FIRST)[k] for k in FIRST}
    rows = {row["parent"]: row for row in _answer(launder.noisy(mixed, 0.2, 5))["parents"]}
    assert rows["first"]["layers"] == ["model.layers.0.mlp", "model.layers.2.mlp"]
    assert rows["second"]["layers"] == ["model.layers.1.mlp"]
    assert rows["first"]["share_of_layers"] == pytest.approx(2 / 3, abs=1e-4)


def test_parents_that_are_nearly_the_same_are_not_told_apart():
    answer = _answer(FIRST, one=FIRST, again=launder.noisy(FIRST, 0.01, 6))
    assert answer["weights"] == {}
    assert answer["notes"] == ["parents that are nearly the same are not told apart"]


def test_a_model_of_its_own_has_no_parent():
    answer = _answer(model(9))
    assert all(not row["layers"] for row in answer["parents"])
    assert answer["weights"] == {}


def test_the_command(tmp_path):
    for name, tables in (("m", _mixed(0.5)), ("a", FIRST), ("b", SECOND)):
        write(tmp_path / f"{name}.safetensors", tables)
    files = [f"{name}.safetensors" for name in "mab"]
    done = run("weights", "parents", *files, "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["weights"]["a.safetensors"]["median"] == 0.5
    text = run("weights", "parents", *files, cwd=tmp_path).stdout
    assert "a.safetensors: common-origin" in text
    assert "not who mixed them" in text
    assert (
        run(
            "weights", "parents", "m.safetensors", "a.safetensors", "a.safetensors", cwd=tmp_path
        ).returncode
        == 2
    )
