"""Names with spaces, marks and other scripts change nothing of an answer: what a stage tells the
next is data, whatever stands in it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aisbom.codeprint.build import build
from aisbom.codeprint.plan import Place, Plan
from tests.program import every_component, properties, run
from tests.test_fixtures import FIXTURES, indexed

UPSTREAM = FIXTURES / "copied-code" / "upstream"
NAMES = ("plain", "a b", "a#b", "a: b", 'a"b', "a'b", "가 나", "a -> b", "[1, 2]", "a%20b", "a\\b")


def document(tree: Path, index: Path, output: Path) -> dict[str, Any]:
    done = run(
        "generate", tree, "-o", output, "--quiet", "--no-cache", AISBOM_CODE_INDEX=str(index)
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(output.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(UPSTREAM, tmp_path_factory.mktemp("odd") / "index")


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory, index: Path) -> dict[str, Any]:
    """A release in a folder of each name, and one whose file has it, each with a replaced header."""
    folder = tmp_path_factory.mktemp("copies")
    for number, name in enumerate(NAMES):
        shutil.copytree(UPSTREAM / "1.1/norae", folder / "tree" / str(number) / name / "norae")
        changed = folder / "tree" / str(number) / name / "norae" / "sampling.py"
        text = changed.read_text("utf-8").replace("2024 Norae Labs", "2026 Haneul Compute")
        changed.write_text(text.replace("SPDX-License-Identifier: MIT", "All rights reserved."))
    return document(folder / "tree", index, folder / "o.json")


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_a_replaced_notice_is_found_whatever_the_folder_is_called(
    copies: dict[str, Any], number: int
) -> None:
    place = f"{number}/{NAMES[number]}"
    (row,) = [row for row in every_component(copies) if row["bom-ref"] == f"vendored:{place}/norae"]
    assert properties(row, "aisbom:attribution") == ["replaced"]
    assert properties(row, "aisbom:vendored:modified:path") == [
        f"{place}/norae/sampling.py -> norae/sampling.py"
    ]


@pytest.mark.parametrize("name", NAMES[1:])
def test_an_index_may_hold_paths_of_any_name(tmp_path: Path, name: str) -> None:
    release = tmp_path / "release"
    for file in (UPSTREAM / "1.1" / "norae").iterdir():
        (release / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, release / name / f"{name} {file.name}")
    plan = Plan("norae", "pkg:pypi/norae", "", "MIT", ("Norae Labs",))
    index = tmp_path / "index"
    index.mkdir()
    made = build([Place(release, version="1.1")], plan)
    (index / "norae.codeindex").write_bytes(made.data)
    copy = tmp_path / "tree" / "ours" / "model.py"
    copy.parent.mkdir(parents=True)
    text = (UPSTREAM / "1.1" / "norae" / "modeling_norae.py").read_text("utf-8")
    copy.write_text(text.replace("Norae", "Haneul").replace("Haneul Labs", "Norae Labs"), "utf-8")
    rows = every_component(document(tmp_path / "tree", index, tmp_path / "o.json"))
    (row,) = [row for row in rows if properties(row, "aisbom:code-from:containment")]
    donor = f"pkg:pypi/norae#{name}/{name} modeling_norae.py"
    assert properties(row, "aisbom:code-from") == [donor]
    (ancestor,) = row["pedigree"]["ancestors"]
    assert ancestor["name"] == f"{name} modeling_norae.py"
    assert any("symbol" in o for o in row["evidence"]["occurrences"])


def test_a_name_with_a_line_break_is_a_gap(tmp_path: Path, index: Path) -> None:
    """Nothing prints such a name as it is: what lies under it is said to be not looked at."""
    for place in ("a\nb", "c"):
        (tmp_path / "tree" / place).mkdir(parents=True)
        (tmp_path / "tree" / place / "requirements.txt").write_text("numpy==2.0.0\n", "utf-8")
    found = document(tmp_path / "tree", index, tmp_path / "o.json")
    (gap,) = properties(found["metadata"], "aisbom:gap")
    words = "a name with control characters, or no valid Unicode: not looked at"
    assert gap == f"a\N{REPLACEMENT CHARACTER}b: {words} [walk]"
