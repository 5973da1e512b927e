"""Base images, Python packages of `pip install`, and what is listed but not read."""

from __future__ import annotations

import pytest

from aisbom.collect.containers.dockerfile import COLLECTOR
from aisbom.model import Observation
from tests.collect.rows import gaps
from tests.conftest import MakeTree, collect

TEXT = """\
# syntax=docker/dockerfile:1
ARG BASE=nvcr.io/nvidia/pytorch:24.01-py3
FROM python:3.11-slim AS build
FROM --platform=linux/amd64 ${BASE}
FROM build AS last
FROM scratch
FROM ghcr.io/a/b@sha256:{digest}
RUN apt-get update && apt-get install -y --no-install-recommends git \\
    # a comment inside
    curl && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir "numpy==1.26.4" torch -r requirements.txt \\
    --index-url https://example.org/simple ./local /opt/w.whl $EXTRA
RUN python3 -m pip install einops && uv pip install 'xformers>=0.0.20'
"""


def test_what_a_dockerfile_builds_on(make_tree: MakeTree) -> None:
    text = TEXT.replace("{digest}", "a" * 64)
    rows = list(collect(make_tree({"docker/app.dockerfile": text}), COLLECTOR))
    images = {
        (o.purl, o.evidence.at.line)
        for o in rows
        if isinstance(o, Observation) and o.kind == "image"
    }
    assert images == {
        ("pkg:docker/python@3.11-slim", 3),
        ("pkg:docker/nvidia/pytorch@24.01-py3?repository_url=nvcr.io", 4),
        ("pkg:docker/a/b@sha256:" + "a" * 64 + "?repository_url=ghcr.io", 7),
    }
    packages = {
        (o.name, o.fact("specifier"))
        for o in rows
        if isinstance(o, Observation) and o.kind == "requirement"
    }
    assert packages == {
        ("numpy", "==1.26.4"),
        ("torch", ""),
        ("einops", ""),
        ("xformers", ">=0.0.20"),
    }
    assert gaps(rows) == [
        "docker/app.dockerfile:8: packages of apt-get, listed but not read: git, curl",
        "docker/app.dockerfile:11: pip install: a computed word (6 characters), not read",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FROM ${UNKNOWN}", "the name of a base image is computed"),
        ("FROM a\0b", "a null byte: no Dockerfile"),
        ("RUN pip install 'x", ""),
        ("FROM", ""),
        ("RUN pip install ???", ""),
        ("", ""),
    ],
)
def test_bad_input(make_tree: MakeTree, text: str, said: str) -> None:
    found = gaps(list(collect(make_tree({"Dockerfile": text}), COLLECTOR)))
    assert [row.partition(": ")[2] for row in found] == ([said] if said else [])
