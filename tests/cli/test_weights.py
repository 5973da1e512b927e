from __future__ import annotations

import json

import numpy as np
import pytest

from tests.program import run
from tests.weights.arrays import model, write


@pytest.fixture
def files(tmp_path):
    write(tmp_path / "a.safetensors", model(1))
    dice = np.random.default_rng(1)
    write(
        tmp_path / "b.safetensors",
        {k: (v + dice.normal(size=v.shape) * 0.02).astype(np.float32) for k, v in model(1).items()},
    )
    write(tmp_path / "c.safetensors", model(2))
    return tmp_path


def test_compare_says_json_text_and_draws(files):
    done = run(
        "weights",
        "compare",
        "a.safetensors",
        "b.safetensors",
        "--format",
        "json",
        "--plot",
        "p.svg",
        cwd=files,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["verdict"] == "common-origin"
    assert (files / "p.svg").read_text().startswith("<svg")
    text = run("weights", "compare", "a.safetensors", "c.safetensors", cwd=files).stdout
    assert text.startswith("verdict: no-common-origin")
    assert "not evidence\n  LayerNorm cosine" in text
    assert str(files) not in text + done.stdout


def test_sketch_compare_and_reference(files):
    for name in "abc":
        done = run(
            "weights",
            "sketch",
            f"{name}.safetensors",
            "-o",
            f"{name}.sketch",
            "--name",
            name,
            "--license",
            "MIT",
            cwd=files,
        )
        assert done.returncode == 0
    assert (files / "a.sketch").stat().st_size < 1_000_000
    verdicts = [
        json.loads(run("weights", "compare", x, y, "--format", "json", cwd=files).stdout)["verdict"]
        for x, y in (
            ("a.sketch", "b.sketch"),
            ("a.safetensors", "b.sketch"),
            ("a.sketch", "c.sketch"),
        )
    ]
    assert verdicts == ["common-origin", "common-origin", "inconclusive"]
    kept = {"AISBOM_REFERENCES": str(files / "kept")}
    assert run("weights", "reference", "add", "c.sketch", cwd=files, **kept).returncode == 0
    listed = json.loads(
        run("weights", "reference", "list", "--format", "json", cwd=files, **kept).stdout
    )
    assert [row["licence"] for row in listed if not row["shipped"]] == ["MIT"]
    unrelated = json.loads(
        run(
            "weights", "compare", "a.sketch", "b.sketch", "--format", "json", cwd=files, **kept
        ).stdout
    )
    assert "c" in [row["reference"] for row in unrelated["controls"]["unrelated"]]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("compare", "a.safetensors", "none"), 2),
        (("compare", "a.safetensors", "bad"), 3),
        (("compare", "a.safetensors", "b.safetensors", "--plot", "none/p.svg"), 2),
        (("sketch", "a.safetensors", "-o", "none/s"), 2),
        (("sketch", "bad", "-o", "s"), 3),
        (("reference", "add", "bad"), 2),
    ],
)
def test_wrong_input_is_one_line(files, arguments, code):
    (files / "bad").write_bytes(b"\x1f\x8bnonsense")
    done = run("weights", *arguments, cwd=files)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("aisbom: ")
    assert done.stderr.count("\n") == 1


def test_a_sketch_of_units_alone_reads_no_value_for_equality(files):
    done = run("weights", "sketch", "a.safetensors", "-o", "u.sketch", "--budget", "0", cwd=files)
    assert done.returncode == 0
    answer = json.loads(
        run("weights", "compare", "u.sketch", "b.safetensors", "--format", "json", cwd=files).stdout
    )
    assert answer["verdict"] == "common-origin"
    assert answer["evidential_share"] == 0
    assert "the sketch keeps a sample of the tensor keys" in answer["notes"]
