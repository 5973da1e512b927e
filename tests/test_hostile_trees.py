"""The hostile trees that are small, all of them in the real program: the document is there, the
harmless neighbour too, and what was cut is said. `benchmarks/hostile.py` runs the large ones too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.hostile import CASES, archives, files, parsers, repositories
from tests.program import every_component, properties, run

GROUPS = (archives, files, parsers, repositories)
SMALL = sorted(name for name, case in CASES.items() if not case.large)


@pytest.mark.skipif(os.name != "posix", reason="pipes and links of POSIX")
@pytest.mark.parametrize("name", SMALL)
def test_a_hostile_tree_costs_only_itself(tmp_path: Path, name: str) -> None:
    case, tree = CASES[name], tmp_path / "tree"
    (tree / "neighbour").mkdir(parents=True)
    (tree / "neighbour" / "requirements.txt").write_text("neighbour==1\n")
    case.build(tree)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = run("generate", tree, "-q", "-o", tmp_path / "out.json", TMPDIR=str(temporary))
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "executed").exists()
    assert list(temporary.iterdir()) == []
    text = (tmp_path / "out.json").read_text("utf-8")
    document = json.loads(text)
    names = {row["name"] for row in every_component(document)}
    assert {"neighbour", *case.seen} <= names
    gaps = properties(document["metadata"], "aisbom:gap")
    assert [p for p in case.gaps if not any(gap.startswith(p) for gap in gaps)] == []
    assert [word for word in case.unsaid if word in text] == []
