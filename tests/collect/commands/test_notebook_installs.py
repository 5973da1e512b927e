"""What the cells of a notebook install."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aisbom.collect.commands.notebook_installs import collect
from aisbom.model import Observation
from aisbom.source.tree import Tree


def found(
    root: Path, source: object, path: str = "a.ipynb", kind: str = "code"
) -> list[Observation]:
    cell = {"cell_type": kind, "source": source, "outputs": [{"text": "!pip install seen"}]}
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(json.dumps({"cells": [cell]}), "utf-8")
    file = Tree(root).get(path)
    assert file
    return [row for row in collect(file) if isinstance(row, Observation)]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("!pip install norae==1.2 gayo", ["norae", "gayo"]),
        (["import os\n", "%pip install -q norae\n", "x = 1"], ["norae"]),
        ("!python -m pip install norae && echo done", ["norae"]),
        ("!uv pip install norae", ["norae"]),
        ("if here:\n    !{sys.executable} -m pip install norae", ["norae"]),
        ("%conda install -c lab norae -y", ["norae"]),
        ("%%bash\npip install norae\n", ["norae"]),
        ("!pip install \\\n  norae \\\n  gayo\nprint(1)", ["norae", "gayo"]),
        # What is no command, or installs what lies here.
        ("print('!pip install norae')", []),
        ("# !pip install norae", []),
        ("pip install norae", []),
        ("!pip install -r requirements.txt", []),
        ("!echo pip install norae", []),
        ("%%writefile set-up.sh\npip install norae", []),
    ],
)
def test_cells(source: object, names: list[str], tmp_path: Path) -> None:
    assert [o.name for o in found(tmp_path, source)] == names


def test_text_and_outputs_are_no_cells(tmp_path: Path) -> None:
    assert not found(tmp_path, "!pip install norae", kind="markdown")


@pytest.mark.parametrize(
    ("path", "beside", "group"),
    [
        ("a.ipynb", "", "runtime"),
        ("a.ipynb", "requirements.txt", "group:notebook"),
        ("docs/a.ipynb", "", "group:notebook"),
    ],
)
def test_a_notebook_is_the_project_where_nothing_else_is(
    path: str, beside: str, group: str, tmp_path: Path
) -> None:
    if beside:
        (tmp_path / beside).write_text("", "utf-8")
    (one,) = found(tmp_path, "!pip install norae", path)
    assert one.fact("group") == group
    assert (one.evidence.at.path, one.evidence.at.line) == (f"{path}!/cell-1", 1)


@pytest.mark.parametrize("text", ["", "[", "{}", '{"cells": 1}', '{"cells": [1, {}]}', "[" * 9999])
def test_what_is_no_notebook_installs_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(f"{text} pip install", "utf-8")
    file = Tree(tmp_path).get("a.ipynb")
    assert file
    assert list(collect(file)) == []
