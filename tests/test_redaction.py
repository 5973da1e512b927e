"""No path, user or token of the machine in a document, whatever format it stands in."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from aisbom.collect import COLLECTORS
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
    "client.go": lambda p: (
        f'package x\nimport "github.com/openai/openai-go"\n// see {p}\nvar base = "{p}"\n'
    ),
    "client.ts": lambda p: (
        f"import OpenAI from 'openai'\nnew OpenAI({{ baseURL: {json.dumps(p)} }})\n"
    ),
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
    "conan.lock": lambda p: json.dumps({"version": "0.5", "requires": [f"x/1.0#{p}", p]}),
    "pixi.toml": lambda p: (
        f'[workspace]\nname = "a"\nchannels = [{json.dumps(p)}]\nplatforms = ["linux-64"]\n'
        f"[dependencies]\nx = {{ path = {json.dumps(p)} }}\n"
    ),
    "conda-meta/x-1-0.json": lambda p: json.dumps(
        {"name": "x", "version": "1", "url": p, "channel": p, "files": [p], "link": {"source": p}}
    ),
    "pixi.lock": lambda p: (
        f"version: 6\nenvironments: {{}}\npackages:\n- conda: {json.dumps(p)}\n- pypi: {json.dumps(p)}\n"
        "  name: x\n  version: '1'\n"
    ),
    "pdm.lock": lambda p: (
        f'[metadata]\nlock_version = "4.5"\n[[package]]\nname = "x"\nversion = "1"\npath = {json.dumps(p)}\n'
    ),
    "setup.cfg": lambda p: (
        f"[metadata]\nname = a\nurl = {p}\nlicense_files = {p}\n[options]\ninstall_requires =\n    x @ {p}\n"
    ),
    "setup.py": lambda p: (
        f"from setuptools import setup\nsetup(name='a', url={p!r}, install_requires=['x @ ' + {p!r}])\n"
    ),
    "vendor.txt": lambda p: f"x==1.0  # from {p}\n",
    "package.json": lambda p: json.dumps({"name": "a", "dependencies": {"x": f"file:{p}"}}),
    "bom.cdx.json": lambda p: json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "components": [
                {
                    "type": "library",
                    "name": "x",
                    "version": "1",
                    "purl": "pkg:pypi/x@1",
                    "properties": [{"name": "path", "value": p}],
                    "externalReferences": [{"type": "distribution", "url": p}],
                }
            ],
        }
    ),
    ".gitmodules": lambda p: f'[submodule "x"]\n\tpath = third_party/x\n\turl = {p}\n',
    "model.sig": lambda p: json.dumps(
        {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"x": p},
        }
    ),
    "compose.yaml": lambda p: (
        f"services:\n  a:\n    image: vllm/vllm-openai\n    command: --model '{p}'\n    volumes: ['{p}:/x']\n"
    ),
    "serve.ini": lambda p: f"[a]\nmodel_name_or_path = {p}\nhf_token = {TOKEN}\n",
    ".env": lambda p: f"MODEL_PATH={p}\nHF_TOKEN={TOKEN}\n",
    "cog.yaml": lambda p: f"build:\n  python_packages:\n    - {p}\n  run:\n    - pip install {p}\n",
    "Modelfile": lambda p: f"FROM {p}\nADAPTER {p}\n",
    "a.ipynb": lambda p: json.dumps(
        {
            "nbformat": 4,
            "metadata": {},
            "cells": [
                {
                    "cell_type": "code",
                    "source": [
                        "from transformers import AutoModel\n",
                        f"AutoModel.from_pretrained({p!r}, token={TOKEN!r})\n",
                    ],
                    "outputs": [{"output_type": "stream", "text": [f"Traceback in {p}\n"]}],
                }
            ],
        }
    ),
    "trainer_state.json": lambda p: json.dumps(
        {
            "best_model_checkpoint": p,
            "global_step": 3,
            "log_history": [{"loss": 1.0, "step": 1}, {"loss": 0.5, "step": 2}],
        }
    ),
    "train.log": lambda p: f"step 1 loss 2.0 saved to {p}\nstep 2 loss 1.0 saved to {p}\n",
    "tokenizer_config.json": lambda p: json.dumps(
        {"tokenizer_class": "LlamaTokenizer", "name_or_path": p, "auto_map": {"AutoTokenizer": p}}
    ),
    "NOTICE": lambda p: f"This product includes x from {p}\nCopyright 2024 X in {p}\n",
    "REUSE.toml": lambda p: (
        f'version = 1\n[[annotations]]\npath = {json.dumps(p)}\nSPDX-License-Identifier = "MIT"\n'
        f"SPDX-FileCopyrightText = {json.dumps('2024 X ' + p)}\n"
    ),
    "a.bin.license": lambda p: (
        f"SPDX-FileCopyrightText: 2024 X {p}\nSPDX-License-Identifier: MIT\n"
    ),
    "model/modeling_x.py": lambda p: (
        f"# Copied from {p}\n# Copyright 2024 X, {p}\nimport pickle\npickle.load(open({p!r}, 'rb'))\n"
        f"class XConfig:\n    vision_tower = {p!r}\n"
    ),
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


def test_every_collector_reads_one_of_these_formats() -> None:
    binary = {"git", "weights", "unsafe-files"}
    names = [*FORMATS, "x-1.0.dist-info/METADATA"]
    unread = {
        collector.name
        for collector in COLLECTORS
        if not any(
            fnmatchcase(name, pattern) or fnmatchcase(name.rpartition("/")[2], pattern)
            for name in names
            for pattern in collector.patterns
        )
    }
    assert unread <= binary


@pytest.mark.parametrize(
    "address",
    [
        f"git+ssh://{USER}:s3cr3tword@host.example/o/x.git@v1",
        f"git+ssh://{USER}@host.example/o/x.git@v1",
        f"git+https://{USER}:s3cr3tword@host.example/o/x.git@v1",
        f"ssh://{USER}@host.example:2222/o/x.git",
        f"{USER}@host.example:o/x.git",
        f"git+ssh://git:s3cr3tword@host.example/o/{'x'}.git@v1",
    ],
)
@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml", ".gitmodules", "uv.lock"])
def test_addresses_of_ssh_keep_their_host_and_nobody(
    make_tree: Callable[[dict[str, str | bytes]], Path], address: str, name: str
) -> None:
    lock = (
        'version = 1\n[[package]]\nname = "x"\nversion = "1"\n'
        f"source = {{ git = {json.dumps(address + '?rev=v1#' + 'a' * 40)} }}\n"
    )
    text = lock if name == "uv.lock" else FORMATS[name](address)
    done = run("generate", ".", "-o", "-", "--verbose", cwd=make_tree({name: text}))
    assert done.returncode == 0, done.stderr
    for said in (done.stdout, done.stderr):
        assert USER not in said, said[max(0, said.find(USER) - 300) :][:400]
        assert "s3cr3tword" not in said
