"""Since when a project has its licence: what it had before may be under another one."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from aisbom.codeprint import days, identity
from aisbom.codeprint.copies import VendoredRelease
from aisbom.codeprint.index import load
from aisbom.codeprint.known import key_of
from aisbom.codeprint.project import Project
from tests.codeprint import indexes, made

TABLE = Path(days.__file__).parent / "projects.csv"


def project(name: str) -> Project:
    return next(p for p in load()[0].projects if p.name == name)


@pytest.mark.parametrize(
    ("name", "day", "licence"),
    [
        ("Bert-VITS2", "2023-09-30", "AGPL-3.0-only"),
        ("Bert-VITS2", "2023-08-30", ""),  # MIT, then GPL-3.0 for a day
        ("Bert-VITS2", "", ""),
        ("dinov2", "2023-08-30", ""),  # CC-BY-NC-4.0
        ("dinov2", "2023-09-30", "Apache-2.0"),
        ("vits", "2021-06-01", "MIT"),
        ("vits", "", "MIT"),
    ],
)
def test_a_licence_holds_since_it_is_there(name: str, day: str, licence: str) -> None:
    assert days.licence_on(project(name), day) == licence


def test_an_added_index_says_its_licence_itself() -> None:
    assert days.licence_on(made.project("norae", {"a.py": "x = 1\n"}), "") == "Apache-2.0"


def test_a_content_is_dated_by_the_first_release_that_has_it(tmp_path: Path) -> None:
    first, second = indexes.code("nn"), indexes.code("nn", 59)
    releases = {"v1": {"nn.py": first}, "v2": {"nn.py": second}, "v3": {"nn.py": first}}
    norae = indexes.project(tmp_path, "norae", releases)
    keys = [frozenset({key_of(identity.blob(text.encode()))}) for text in (first, second)]
    assert [days.of_content(norae, "nn.py", key) for key in keys] == ["2023-11-14", "2023-12-14"]
    assert days.of_content(norae, "other.py", keys[0]) == ""
    assert days.of_content(norae, "nn.py", frozenset({1})) == ""


def test_the_table_has_days_and_projects_of_the_index() -> None:
    purls = {project.purl for project in load()[0].projects}
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert {row["purl"] for row in rows} <= purls
    for row in rows:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["born"])
        assert row["licensed"] == "" or row["born"] <= row["licensed"]


@pytest.mark.parametrize(
    ("date", "differ", "version"),
    [
        ("2023-12-11", 50, ""),
        ("2023-12-11", 2, "0.4.0"),
        ("2024-02-26", 50, "0.4.0"),
    ],
    ids=["the first that is known", "all but the same", "a later one"],
)
def test_what_is_like_the_first_release_that_is_known_may_be_older(
    date: str, differ: int, version: str
) -> None:
    """Megatron-LM is from 2019, and the index begins with a release of December 2023."""
    same = tuple(f"megatron/{n}.py" for n in range(100))
    changed = tuple((f"megatron/x{n}.py",) * 2 for n in range(differ))
    found = VendoredRelease(
        "pkg:pypi/megatron-core", "0.4.0", "", "", date, "", "", same, changed, (), (), (), False
    )
    assert days.not_before_the_first(found, project("megatron-core")).version == version


def test_what_a_project_says_it_is_built_on() -> None:
    purl = "pkg:github/stability-ai/stablediffusion"
    assert days.is_built_on(purl, "compvis/stable-diffusion")
    assert not days.is_built_on(purl, "norae-labs/norae")
    assert not days.is_built_on("pkg:github/norae-labs/norae", "compvis/stable-diffusion")
