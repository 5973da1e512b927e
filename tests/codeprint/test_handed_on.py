"""What the shipped table says one project has from another."""

from __future__ import annotations

import csv
from pathlib import Path

from aisbom.codeprint import handed_on
from aisbom.codeprint.index import load

TABLE = Path(handed_on.__file__).with_suffix(".csv")


def test_every_row_is_of_projects_and_contents_of_the_index() -> None:
    projects = {project.purl: project for project in load()[0].projects}
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert rows == sorted(rows, key=lambda row: (list(projects).index(row["project"]), row["path"]))
    for row in rows:
        project = projects[row["project"]]
        held = project.array("blob_path") == project.number[row["path"]]
        keys = sorted(set(project.array("blob")[held].tolist()))
        assert [int(key, 16) for key in row["contents"].split()] == keys
        assert all(map(handed_on.is_known, keys))
        sources = set(row["sources"].split())
        assert sources <= set(projects) - {project.purl}
        assert handed_on.sources(project.purl, row["path"]) == sources


def test_anything_else_is_not_in_it() -> None:
    assert not handed_on.is_known(0)
    assert not handed_on.sources("pkg:pypi/norae", "norae/nn.py")
