"""Small repositories in many styles (fixtures/styles): which models, data sets and services the real
program sees in each, and where; what is not in the list must not be said.

A line of `expected.txt` is `model|dataset|service NAME PLACE`; a notebook has no lines of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.program import run

STYLES = Path(__file__).parent.parent / "fixtures" / "styles"
CASES = sorted(path.parent for path in STYLES.glob("*/expected.txt"))


def said(document: dict[str, Any]) -> set[str]:
    """The lines of a document."""
    found: set[str] = set()
    for one in document.get("components", []):
        kind = {"machine-learning-model": "model", "data": "dataset"}.get(one["type"])
        name = one.get("purl", "").split("@")[0].split("?")[0]
        name = name.removeprefix("pkg:huggingface/").removeprefix("datasets/")
        if "pkg:" in name or not name:
            name = "/".join(filter(None, (one.get("group"), one["name"])))
        for place in one.get("evidence", {}).get("occurrences", []) if kind else ():
            found.add(f"{kind} {name} {_place(place['location'], place.get('line'))}")
    for one in document.get("services", []):
        for row in one["properties"]:
            if row["name"] == "aisbom:evidence:occurrence":
                path, _, line = row["value"].split(" ")[0].rpartition(":")
                found.add(f"service {one['name']} {_place(path, line)}")
    return found


def _place(path: str, line: object) -> str:
    file = path.partition("!")[0]
    return file if file.endswith(".ipynb") else f"{file}:{line}"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_style(case: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    done = run("generate", case / "input", "-o", output, "--quiet", "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    expected = set((case / "expected.txt").read_text("utf-8").splitlines())
    assert said(json.loads(output.read_text("utf-8"))) == expected
