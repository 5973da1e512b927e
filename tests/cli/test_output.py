"""What is printed survives every console, closed pipes and full disks; what a program reads is
UTF-8 everywhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeTree
from tests.program import ROOT, run, run_bytes

ENCODINGS = ("cp949", "euc-kr", "cp1252", "ascii", "latin-1")
COMMANDS = (
    "generate . -o ../other.json",
    "generate . -o ../other.json -v",
    "generate . -o -",
    "generate 없는-폴더",
    "generate . --home 한국",
    "score bom.json",
    "score . --all-profiles",
    "score bom.json --format json",
    "check bom.json",
    "check . --format json",
    "check bom.json --format sarif",
    "check bom.json --format markdown",
    "check bom.json --format github",
    "explain bom.json 모델/한국어",
    "explain . 한국없음",
    "code index info",
    "code index info --format json",
    "code compare 모델/가중치.py 모델/가중치.py",
    "code index build 모델 --project demo --version 1 -o ../demo.codeindex",
    "weights inspect 모델/가중치.py",
    "weights reference list",
    "knowledge show KR",
    "knowledge show 삼성",
    "knowledge check",
    "generate --help",
    "--help",
    "--version",
    "gener\u2026",
)
FILES = {
    "requirements.txt": "numpy==1.0\n# \u2192 \u682a\u5f0f\u4f1a\u793e \U0001f600\n",
    "모델/README.md": "---\nlicense: mit\nbase_model: 한국/어\n---\n# 모델 \u00e9\n",
    "모델/config.json": '{"model_type": "llama"}',
    "모델/가중치.py": "# Copyright 2024 \u682a\u5f0f\u4f1a\u793e \u2192 \u00c9cole\nimport numpy\n",
    "깨진/uv.lock": "[[package]\n",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("encodings") / "tree"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    assert run("generate", ".", "-q", "-o", "bom.json", cwd=root).returncode == 0
    return root


@pytest.fixture(scope="module")
def plain(tree: Path) -> dict[str, subprocess.CompletedProcess[bytes]]:
    """What each command says under UTF-8."""
    return {command: run_bytes(*command.split(), cwd=tree) for command in COMMANDS}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_command_ends_as_it_does_under_utf_8(
    tree: Path, plain: dict[str, subprocess.CompletedProcess[bytes]], encoding: str
) -> None:
    for command in COMMANDS:
        words = command.split()
        other = run_bytes(*words, cwd=tree, PYTHONIOENCODING=encoding)
        assert other.returncode == plain[command].returncode, (command, other.stderr)
        assert b"Traceback" not in other.stderr, command
        assert b"defect" not in other.stderr, command
        if words[-1] in ("json", "sarif", "markdown", "github", "-"):
            # A program reads it: the same bytes, which are UTF-8.
            assert other.stdout == plain[command].stdout, command
            assert "모델".encode() in other.stdout or words[0] == "code" or "github" in words
        else:
            other.stdout.decode(encoding)
            lines = plain[command].stdout.count(b"\n")
            assert other.stdout.count(b"\n") == lines, command


def test_what_cannot_be_shown_is_replaced_and_bars_are_drawn_in_ascii(tree: Path) -> None:
    told = run_bytes("score", "bom.json", cwd=tree, PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert "+" in told
    assert "#" in told or "." in told
    assert (
        "모델".encode("cp949")
        in run_bytes("explain", "bom.json", "모델", cwd=tree, PYTHONIOENCODING="cp949").stdout
    )


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A script that runs the program as `$aisbom`."""
    program = f"{sys.executable} -m aisbom"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "AISBOM_CACHE_DIR": os.devnull,
        "aisbom": program,
        "violating": str(ROOT / "fixtures" / "gate-violating" / "input"),
    }
    return subprocess.run(
        ["bash", "-c", script],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


POSIX = pytest.mark.skipif(os.name != "posix", reason="the shell of POSIX")


@POSIX
@pytest.mark.parametrize(
    ("script", "code", "says"),
    [
        # Whoever read our output has seen enough: the verdict still counts.
        ("set -o pipefail; $aisbom check $violating --format json | true", 1, ""),
        ("set -o pipefail; $aisbom --help | true", 0, ""),
        ("set -o pipefail; $aisbom knowledge show KR | true", 0, ""),
        ("$aisbom generate tree -q -o - >&-", 2, "standard output is closed"),
        ("$aisbom score tree >&-", 2, "standard output is closed"),
        ("$aisbom score tree > /dev/full", 2, "standard output cannot be written: No space left"),
        ("$aisbom generate tree -o - > /dev/full", 2, "cannot be written: No space left"),
        ("$aisbom generate --help > /dev/full", 2, "no room to write: No space left"),
        ("$aisbom generate tree -q -o out.json 2>&-", 0, ""),
        ("$aisbom generate nothing 2>&-", 2, ""),
        ("mkdir gone && cd gone && rmdir ../gone && $aisbom generate", 2, "working folder is gone"),
        ("mkdir gone && cd gone && rmdir ../gone && $aisbom score .", 2, "working folder is gone"),
        ("mkdir gone && cd gone && rmdir ../gone && $aisbom --version", 0, ""),
        ("unset HOME; $aisbom generate tree -q -o out.json", 0, ""),
        ("unset HOME AISBOM_CACHE_DIR; $aisbom code index info > /dev/null", 0, ""),
        ("HOME= $aisbom weights reference list > /dev/null", 0, ""),
        ("$aisbom generate tree -q -o - | $aisbom score - > /dev/null", 0, ""),
        ("$aisbom score <($aisbom generate tree -q -o -) > /dev/null", 0, ""),
        ("$aisbom generate <(true)", 2, "neither a folder nor a regular file"),
        ("$aisbom score <(true)", 2, "it is empty"),
        (
            "printf x > broken.zip; $aisbom generate broken.zip 2> log; tail -1 log >&2",
            0,
            "nothing",
        ),
    ],
)
def test_odd_streams_and_places_end_without_a_traceback(
    tmp_path: Path, script: str, code: int, says: str
) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "requirements.txt").write_text("numpy==1.0\n")
    done = shell(script, tmp_path)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.stderr.count("\n") <= 1, done.stderr


def test_json_of_a_document_is_read_from_standard_input_and_from_a_pipe(tree: Path) -> None:
    document = (tree / "bom.json").read_bytes()
    for command in (["score"], ["check"], ["explain"]):
        query = ["numpy"] if command == ["explain"] else ["--format", "json"]
        by_name = run_bytes(*command, "bom.json", *query, cwd=tree)
        by_stream = run_bytes(*command, "-", *query, cwd=tree, stdin=document)
        assert (by_stream.returncode, by_stream.stdout) == (by_name.returncode, by_name.stdout)
    assert json.loads(run_bytes("score", "-", "--format", "json", stdin=document).stdout)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "standard input is empty"),
        (b"{}", "not a CycloneDX document"),
        (b"\xff", "neither a JSON"),
    ],
)
def test_a_stream_that_is_no_document_is_one_line(
    make_tree: MakeTree, given: bytes, says: str
) -> None:
    done = run_bytes("score", "-", cwd=make_tree({"a.txt": ""}), stdin=given)
    told = done.stderr.decode()
    assert (done.returncode, done.stdout, told.count("\n")) == (2, b"", 1)
    assert says in told
