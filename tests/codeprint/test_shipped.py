"""The shipped index: every file is sound, small, says where it comes from, and carries no code and
no path of a machine.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from aisbom.codeprint.container import Container
from aisbom.codeprint.file_header import organisations
from aisbom.codeprint.index import CATALOGUE, SHIPPED, Index, catalogue, check
from aisbom.codeprint.project import Project
from aisbom.codeprint.releases import trees
from tests.codeprint.indexes import code, identities

FILES = sorted(SHIPPED.glob("*.codeindex"))
LISTED = {
    row["project"]: row
    for row in tomllib.loads(
        (Path(__file__).parents[2] / "tools" / "code_index.toml").read_text(encoding="utf-8")
    )["project"]
}


def _packed(row: dict[str, Any]) -> set[str]:
    """The versions that are listed as published packages."""
    return {version for source in row.get("packages", ()) for version in source["versions"].split()}


def test_it_is_what_the_list_says_and_a_few_megabytes() -> None:
    assert {path.stem for path in FILES} == set(LISTED)
    assert sum(path.stat().st_size for path in FILES) <= 21_000_000


def test_the_catalogue_says_what_the_files_say() -> None:
    assert (SHIPPED / CATALOGUE).read_text("utf-8") == catalogue(SHIPPED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_sound_and_states_its_source(path: Path) -> None:
    project = Project(Container(path), shipped=True)
    check(project)
    row = LISTED[project.name]
    assert (project.purl, project.licence, project.repository) == (
        row["purl"],
        row["licence"],
        row["repository"],
    )
    assert all(
        len(release.commit) == (0 if release.version in _packed(row) else 40)
        for release in project.releases
    )
    assert all(len(release.date) == 10 for release in project.releases)
    assert (
        {release.version for release in project.releases if not release.commit}
        <= _packed(row)
        <= {r.version for r in project.releases}
    )
    assert project.covers and project.made == "tools/code_index.py"
    holders = {
        holder
        for number in range(len(project.paths))
        if (told := project.notice(number))
        for holder in told.holders
    }
    assert all(holder in project.holders or organisations(holder) for holder in holders)


def test_ordinary_code_is_no_copy_of_anything() -> None:
    index = Index(Project(Container(path)) for path in FILES)
    own = {
        f"app/{part}/page_{n}.py": code(f"app_{part}_{n}")
        for part in ("web", "store")
        for n in range(40)
    }
    own |= {
        "setup.py": "from setuptools import setup\n\nsetup()\n",
        "app/__init__.py": "",
        "tests/__init__.py": "",
        ".pre-commit-config.yaml": "repos: []\n",
    }
    assert trees(identities(own), index) == []
