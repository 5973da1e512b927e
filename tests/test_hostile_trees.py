"""The hostile trees that are small, all of them in the real program: the document is there, the
harmless neighbour too, and what was cut is said. `benchmarks/hostile.py` runs the large ones too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.hostile import CASES, archives, files, judged, models, parsers, repositories, words
from tests.hostile.outcome import plant, shortfalls
from tests.program import run

GROUPS = (archives, files, judged, models, parsers, repositories, words)
SMALL = sorted(name for name, case in CASES.items() if not case.large)


@pytest.mark.skipif(os.name != "posix", reason="pipes and links of POSIX")
@pytest.mark.parametrize("name", SMALL)
def test_a_hostile_tree_costs_only_itself(tmp_path: Path, name: str) -> None:
    case, tree = CASES[name], tmp_path / "tree"
    plant(tree)
    case.build(tree)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    given = ("generate", tree, "-q", "-o", tmp_path / "out.json", *case.words)
    done = run(*given, TMPDIR=str(temporary))
    short = shortfalls(case, tmp_path, done.returncode, done.stdout, done.stderr)
    assert list(short) == []
    if case.verdict:
        asked = ("check", tree, "--policy", case.policy, "--format", "json")
        assert json.loads(run(*asked).stdout)["verdict"] == case.verdict
