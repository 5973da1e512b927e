from __future__ import annotations

import json
from pathlib import Path

from aisbom.collect.python.vendor_txt import COLLECTOR
from aisbom.model import Observation
from tests.collect.rows import gaps, relations
from tests.conftest import MakeTree, collect
from tests.program import every_component, properties, run

VENDOR = (
    "CacheControl==0.14.3  # via host\nrich==14.0.0\n    pygments==2.19.1\n\nsetuptools==70.3.0\n"
)


def test_a_vendored_list_is_what_the_project_contains(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"host/_vendor/vendor.txt": VENDOR}), COLLECTOR)
    found = {r.purl: r.evidence.at.line for r in rows if isinstance(r, Observation)}
    assert found == {
        "pkg:pypi/cachecontrol@0.14.3": 1,
        "pkg:pypi/rich@14.0.0": 2,
        "pkg:pypi/pygments@2.19.1": 3,
        "pkg:pypi/setuptools@70.3.0": 5,
    }
    assert {(r.kind, r.source) for r in relations(rows)} == {("contains", "project:host/_vendor")}


def test_what_is_no_requirement_is_a_gap(make_tree: MakeTree) -> None:
    assert len(gaps(collect(make_tree({"vendored.txt": "?? !!\n\0\n"}), COLLECTOR))) == 2


def test_the_document_shows_them_inside_the_project(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree(
        {
            "pyproject.toml": '[project]\nname = "host"\nversion = "1"\n',
            "host/_vendor/vendor.txt": VENDOR,
        }
    )
    done = run("generate", tree, "-o", tmp_path / "o.json", "--quiet", "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    rows = {
        row["bom-ref"]: row
        for row in every_component(json.loads((tmp_path / "o.json").read_text("utf-8")))
    }
    assert rows["pkg:pypi/rich@14.0.0"]["version"] == "14.0.0"
    assert properties(rows["pkg:pypi/rich@14.0.0"], "aisbom:component:path_role") == ["vendored"]
