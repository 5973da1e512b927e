from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from tests.program import run
from tests.weights.read.test_safetensors import entry, written

SAMPLES = Path(__file__).parent / "samples"


def test_what_a_file_is_as_json_and_as_text() -> None:
    done = run("weights", "inspect", SAMPLES / "state.pt", "--format", "json", "--hash", "full")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["format"], answer["tensors"], answer["name"]) == ("pytorch", 10, "state.pt")
    assert (
        answer["files"][0]["sha256"]
        == hashlib.sha256((SAMPLES / "state.pt").read_bytes()).hexdigest()
    )
    assert {row["dtype"] for row in answer["dtypes"]} == {"F32", "F16", "BF16", "I64", "BOOL"}
    assert sum(row["parameters"] for row in answer["dtypes"]) == answer["parameters"]
    text = run("weights", "inspect", SAMPLES / "state.pt").stdout
    assert "10 tensors" in text
    assert "tied weights" in text
    assert (
        "sha256-sampled"
        in run("weights", "inspect", SAMPLES / "state.pt", "--hash", "sampled").stdout
    )


def test_the_name_and_place_of_a_file_do_not_change_its_digests(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "kquants.gguf", tmp_path / "other.bin")
    answers = [
        json.loads(run("weights", "inspect", path, "--format", "json").stdout)
        for path in (SAMPLES / "kquants.gguf", tmp_path / "other.bin")
    ]
    assert answers[0]["tensor-digest"] == answers[1]["tensor-digest"]
    assert answers[0]["structure-digest"] == answers[1]["structure-digest"]


def test_what_cannot_be_read_is_one_line_and_an_exit_code(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF\3\0\0\0")
    for path, code in ((tmp_path / "m.gguf", 3), (tmp_path, 3), (tmp_path / "none", 2)):
        done = run("weights", "inspect", path)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (code, "", 1)


def test_names_in_a_file_do_not_reach_the_terminal_raw(tmp_path: Path) -> None:
    (tmp_path / "m.safetensors").write_bytes(written({"\x1b[2Jx.w": entry("U8", [2], 0, 2)}, 2))
    assert "\x1b" not in run("weights", "inspect", tmp_path / "m.safetensors").stdout


def test_shards_are_digested_side_by_side_to_the_same_digests(tmp_path: Path) -> None:
    for at in range(1, 4):
        shard = tmp_path / f"model-0000{at}-of-00003.safetensors"
        shard.write_bytes(written({f"x{at}.w": entry("U8", [2], 0, 2)}, 2))
    answers = [
        run("weights", "inspect", tmp_path, "--hash", "full", "--format", "json", *jobs).stdout
        for jobs in ((), ("--jobs", "1"), ("--jobs", "3"))
    ]
    assert len(set(answers)) == 1
    assert {row["name"]: row["sha256"] for row in json.loads(answers[0])["files"]} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()
    }
