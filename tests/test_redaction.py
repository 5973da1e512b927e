"""No path, user or token of the machine in a document, whatever format it stands in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program import run

USER = "zq7jdoe"
PATHS = (
    f"/mnt/weird/{USER}/models/qwen",
    f"/home/{USER}",
    f"C:\\Users\\{USER}\\models\\qwen",
    f"D:/{USER}/x",
    f"\\\\nas\\share\\{USER}\\lib",
    f"file:///srv/{USER}/a-1.0-py3-none-any.whl",
    f"~{USER}/models/qwen",
)
TOKEN = "hf_" + "AbCdEfGh" * 4
FORMATS: dict[str, Callable[[str], str]] = {
    "requirements.txt": lambda p: f"x @ {p}\n-e {p}\n--find-links {p}\n",
    "Pipfile.lock": lambda p: json.dumps({"_meta": {}, "default": {"x": {"path": p}}}),
    "Pipfile": lambda p: f"[packages]\nx = {{path = {json.dumps(p)}}}\n",
    "pyproject.toml": lambda p: (
        f'[project]\nname = "a"\nversion = "1"\ndependencies = [{json.dumps("x @ " + p)}]\n'
        f"[tool.uv.sources]\ny = {{ path = {json.dumps(p)} }}\n"
    ),
    "poetry.lock": lambda p: (
        '[[package]]\nname = "x"\nversion = "1"\n[package.source]\ntype = "directory"\n'
        f"url = {json.dumps(p)}\n"
    ),
    "uv.lock": lambda p: (
        'version = 1\n[[package]]\nname = "x"\nversion = "1"\n'
        f"source = {{ path = {json.dumps(p)} }}\n"
    ),
    "pylock.toml": lambda p: (
        'lock-version = "1.0"\n[[packages]]\nname = "x"\nversion = "1"\n'
        f"[packages.directory]\npath = {json.dumps(p)}\n"
    ),
    "environment.yml": lambda p: f"name: a\nprefix: {p}\ndependencies:\n- pip:\n  - {p}\n",
    "adapter_config.json": lambda p: json.dumps(
        {"peft_type": "LORA", "r": 4, "base_model_name_or_path": p, "token": TOKEN}
    ),
    "config.json": lambda p: json.dumps({"model_type": "llama", "_name_or_path": p}),
    "README.md": lambda p: f"---\nbase_model: {json.dumps(p)}\n---\n# A\nTrained in `{p}`.\n",
    "train.yaml": lambda p: f"model_name_or_path: {json.dumps(p)}\ntoken: {TOKEN}\n",
    "train.py": lambda p: (
        f"from transformers import AutoModel\nAutoModel.from_pretrained({p!r}, token={TOKEN!r})\n"
    ),
    "run.sh": lambda p: f"python train.py --model_name_or_path '{p}' --hub_token {TOKEN}\n",
    "Dockerfile": lambda p: f"FROM python:3.12\nENV MODEL_PATH={p}\nRUN pip install {p}\n",
    "x-1.0.dist-info/direct_url.json": lambda p: json.dumps({"url": p, "dir_info": {}}),
}


@pytest.mark.parametrize("name", FORMATS)
def test_no_user_and_no_token_leaves_a_file(
    make_tree: Callable[[dict[str, str | bytes]], Path], name: str
) -> None:
    files: dict[str, str | bytes] = {}
    for number, path in enumerate(PATHS):
        files[f"p{number}/{name}"] = FORMATS[name](path)
        if name.startswith("x-1.0"):
            metadata = "Metadata-Version: 2.1\nName: x\nVersion: 1.0\n"
            files[f"p{number}/x-1.0.dist-info/METADATA"] = metadata
    done = run("generate", ".", "-o", "-", "--verbose", cwd=make_tree(files))
    assert done.returncode == 0, done.stderr
    for said in (done.stdout, done.stderr):
        assert USER not in said, said[max(0, said.find(USER) - 300) :][:400]
        assert TOKEN not in said
