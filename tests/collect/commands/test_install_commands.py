"""What the set-up of a project installs, where a script or its README alone says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.collect.commands.install_commands import collect
from aisbom.model import Gap, Observation
from aisbom.source.tree import Tree


def _names(root: Path, path: str, text: str, *beside: str) -> list[str]:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")
    for name in beside:
        (root / name).write_text("", "utf-8")
    file = Tree(root).get(path)
    assert file
    return [f"{o.name} {o.version}".strip() for o in collect(file) if isinstance(o, Observation)]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("pip install norae==1.2 'gayo[fast]>=2'", ["norae 1.2", "gayo"]),
        ("python3 -m pip install -U norae", ["norae"]),
        ("sudo HTTPS_PROXY=x uv pip install norae  # gayo", ["norae"]),
        ("cd a && pip3 install norae; pip install gayo", ["norae", "gayo"]),
        ("if true; then pip install norae; fi", ["norae"]),
        ("pip install \\\n  norae \\\n  gayo", ["norae", "gayo"]),
        ("pip install -r requirements.txt -i https://x.test/simple norae", ["norae"]),
        ("conda install -y norae=1.2 gayo -c lab -c conda-forge", ["norae", "gayo"]),
        # What is no command, or installs what lies here.
        ('echo "pip install norae"', []),
        ("# pip install norae", []),
        ("pip install -e . ./gayo dist/norae-1.0-py3-none-any.whl", []),
        ("cat <<EOF\npip install norae\nEOF\npip install gayo", ["gayo"]),
        ("pip uninstall norae", []),
        ("conda install -c lab norae (only for gayo or x)", ["norae"]),
        ("my-pip install-norae norae", []),
    ],
)
def test_commands_of_a_script(line: str, names: list[str], tmp_path: Path) -> None:
    assert _names(tmp_path, "setup.sh", f"#!/bin/sh\n{line}\n") == names


README = "# Norae\n\nRun `pip install gayo` first.\n\n```bash\n$ pip install norae==1.2\n```\n\npip install x\n"


def test_a_readme_speaks_where_no_manifest_does(tmp_path: Path) -> None:
    assert _names(tmp_path, "README.md", README) == ["norae 1.2"]


@pytest.mark.parametrize("manifest", ["requirements-dev.txt", "pyproject.toml", "environment.yml"])
def test_beside_a_manifest_a_readme_shows(manifest: str, tmp_path: Path) -> None:
    (tmp_path / manifest).write_text("", "utf-8")
    (tmp_path / "README.md").write_text(README, "utf-8")
    file = Tree(tmp_path).get("README.md")
    assert file
    assert [row.fact("group") for row in collect(file) if isinstance(row, Observation)] == ["shown"]


def test_a_command_between_marks_in_one_line(tmp_path: Path) -> None:
    text = "# Norae\n\n```pip install gayo```\n\n```\npip install norae\n```\n"
    assert _names(tmp_path, "README.md", text) == ["gayo", "norae"]


def test_a_readme_of_a_folder_says_nothing(tmp_path: Path) -> None:
    assert _names(tmp_path, "docs/README.md", README) == []


def test_a_command_of_any_length_is_read_so_far(tmp_path: Path) -> None:
    (tmp_path / "setup.sh").write_text("pip install " + "norae " * 50_000, "utf-8")
    file = Tree(tmp_path).get("setup.sh")
    assert file
    rows = list(collect(file))
    assert sum(isinstance(row, Observation) for row in rows) == 2_000
    assert isinstance(rows[-1], Gap)
