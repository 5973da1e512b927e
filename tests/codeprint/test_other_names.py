"""A repository is one under all names that it had."""

from __future__ import annotations

import csv

import pytest

from aisbom.codeprint import other_names
from aisbom.codeprint.index import load
from aisbom.codeprint.project import slug


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/Lightning-AI/lit-gpt", "lightning-ai/litgpt"),
        ("https://github.com/ggerganov/llama.cpp.git", "ggml-org/llama.cpp"),
        ("https://github.com/norae-labs/lit-gpt", "norae-labs/lit-gpt"),
    ],
)
def test_an_address_is_that_of_the_index(address: str, name: str) -> None:
    assert slug(address) == name


def test_every_row_leads_to_a_project_of_the_index() -> None:
    known = {slug(project.repository) for project in load()[0].projects}
    with (other_names._FILE).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert [row["name"] for row in rows] == sorted({row["name"] for row in rows})
    assert {row["project"] for row in rows} <= known
    assert not {row["name"] for row in rows} & known
