"""The list itself; the figures need the repositories: `python -m tests.truth.by_id DOCUMENTS`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.truth.by_id import KINDS, Label, labels, measure


def test_the_list() -> None:
    rows = labels()
    assert len({row.repository for row in rows}) >= 20
    assert {row.kind for row in rows} == set(KINDS)
    assert {row.role for row in rows} == {"", "product", "tooling"}
    assert all(re.fullmatch(r"[0-9a-f]{40}", row.commit) for row in rows)
    assert all(re.fullmatch(r"[^/\s][^\s]*/[^\s/]+", row.repository) for row in rows)


def test_measure(tmp_path: Path) -> None:
    """On a small stand-in: one found, one missed, one wrong, one that need not be said."""
    row = Label("1", "own/norae", "0" * 40, "model", ("own/a-1",), "product", True, "m.py:1")
    rows = [
        row,
        row._replace(ids=("own/b-1", "b-1"), role=""),
        row._replace(ids=("own/c-1",), role="", required=False),
        row._replace(kind="service", ids=("Hanul",), role=""),
    ]
    parts = [
        {
            "type": "machine-learning-model",
            "name": name,
            "purl": f"pkg:huggingface/{name}",
            "properties": [{"name": "aisbom:component:role", "value": role}],
        }
        for name, role in (("own/a-1", "tooling"), ("own/d-1", "core"))
    ]
    document = {
        "metadata": {"component": {"bom-ref": "r", "name": "norae"}},
        "components": parts,
        "services": [{"name": "Hanul API"}],
    }
    (tmp_path / "own+norae.json").write_text(json.dumps(document))
    assert [line for _, line in measure(tmp_path, rows)] == [
        "own/norae role wrong: own/a-1 is of the product",
        "own/norae model missed: own/b-1 m.py:1",
        "own/norae model wrong: own/d-1",
        "model: found 1 of 2, right 1 of 2",
        "data: found 0 of 0, right 0 of 0",
        "service: found 1 of 1, right 1 of 1",
        "role of models: right 0 of 1",
    ]
