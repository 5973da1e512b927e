"""Inputs made to hurt whoever reads references, through the real program: it ends soon, says what it
could not read, and still finds what lies beside them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MakeTree
from tests.program import run

MB = 1024 * 1024
GOOD = "model_name: own/llm-7b\n"


def _yaml_of_100_mb(root: Path) -> None:
    with (root / "bad.yaml").open("w") as stream:
        for number in range(100):
            stream.write(f"model_{number}: own/llm-{number}b\n" + f"x{number}: {'y' * MB}\n")


def _readme_of_10_mb(root: Path) -> None:
    line = "Trained on COCO data, built on Qwen2.5-7B, judged by GPT-4, see own/llm-7b. | a | b |\n"
    (root / "README.md").write_text("# x\n" + line * (10 * MB // len(line)), "utf-8")


def _anchors(root: Path) -> None:
    rows = ["a0: &a0 [own/llm-1b, own/llm-2b]"]
    rows += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    (root / "bad.yaml").write_text("\n".join([*rows, "model: *a39", "me: &me [*me]"]), "utf-8")


def _keys_of_every_type(root: Path) -> None:
    text = "1: own/a-1b\n2.5: own/b-1b\ntrue: own/c-1b\nnull: own/d-1b\n2024-01-01: own/e-1b\n"
    text += "? [model, encoder]\n: own/f-1b\n? {model: x}\n: own/g-1b\n'': own/h-1b\nmodel: {1: {2: own/i-1b}}\n"
    (root / "bad.yaml").write_text(text, "utf-8")
    (root / "bad.toml").write_text(
        '"" = "own/a-1b"\n"model name" = ["own/b-1b", 1, 2.5]\n', "utf-8"
    )


def _broken_notebooks(root: Path) -> None:
    cells = [
        None,
        7,
        "text",
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": "code", "source": [1, None, "model = 'own/llm-1b'\n"]},
        {"cell_type": "code", "source": "(" * 5000},
        {"cell_type": "code", "source": "\0x = 1"},
        {"cell_type": "markdown", "source": ["built on Qwen2.5-7B\n", 3]},
        {"cell_type": "code", "source": "!huggingface-cli download own/enc-1b"},
    ]
    (root / "bad.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    (root / "worse.ipynb").write_text('{"cells": [{"source": ["model', "utf-8")
    (root / "deep.ipynb").write_text('{"model":' + "[" * 100_000, "utf-8")


def _here_documents(root: Path) -> None:
    (root / "bad.sh").write_text("python - <<PY\n" * 40_000 + "cat <<'" + "A" * MB, "utf-8")
    (root / "Dockerfile").write_text(
        "FROM x\nRUN python - <<PY\nif (\nPY\nCOPY <<E a.yaml\n", "utf-8"
    )


def _environment_files(root: Path) -> None:
    files = [
        "../../../etc/passwd",
        "/etc/passwd",
        "loop.yml",
        {"path": 7},
        None,
        "~/.ssh/id",
        "x" * 9000,
    ]
    text = json.dumps({"services": {"a": {"env_file": files, "image": "vllm"}}})
    (root / "docker-compose.yml").write_text(text, "utf-8")
    (root / "loop.yml").write_text(
        "services: {a: {env_file: loop.yml, model: own/x-1b}}\n", "utf-8"
    )


@pytest.mark.parametrize(
    "spoil",
    [
        _yaml_of_100_mb,
        _readme_of_10_mb,
        _anchors,
        _keys_of_every_type,
        _broken_notebooks,
        _here_documents,
        _environment_files,
    ],
)
def test_hostile_input(make_tree: MakeTree, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    root = make_tree({"good.yaml": GOOD})
    spoil(root)
    start = time.monotonic()
    output = tmp_path / "out.json"
    done = run("generate", root, "-o", output, "--quiet", "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - start < 180
    document = json.loads(output.read_text("utf-8"))
    assert "pkg:huggingface/own/llm-7b" in {c.get("purl") for c in document["components"]}
    assert output.stat().st_size < 4 * MB
    assert "root:" not in output.read_text("utf-8")


@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (_yaml_of_100_mb, "bad.yaml"),
        (_broken_notebooks, "worse.ipynb"),
        (_here_documents, "Dockerfile"),
    ],
)
def test_what_was_not_read_is_said(
    make_tree: MakeTree, tmp_path: Path, spoil: Callable[[Path], None], path: str
) -> None:
    root = make_tree({"good.yaml": GOOD})
    spoil(root)
    output = tmp_path / "out.json"
    run("generate", root, "-o", output, "--quiet", "--no-cache")
    document = json.loads(output.read_text("utf-8"))
    gaps = [
        row["value"]
        for row in document["metadata"].get("properties", [])
        + document["metadata"]["component"].get("properties", [])
        if row["name"] == "aisbom:gap"
    ]
    assert any(path in value for value in gaps), gaps
