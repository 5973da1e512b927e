from __future__ import annotations

import json

import pytest

from aisbom.collect.references.unsafe_code import COLLECTOR
from aisbom.model import Observation
from aisbom.model.facts import HAZARD
from tests.conftest import MakeTree, collect


def found(make_tree: MakeTree, line: str) -> list[str]:
    rows = collect(make_tree({"a.py": f"\n{line}\n"}), COLLECTOR)
    hazards = [h for row in rows if isinstance(row, Observation) for h in row.get(HAZARD)]
    assert {hazard.line for hazard in hazards} <= {2}
    return [hazard.what for hazard in hazards]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("M.from_pretrained('a/b', trust_remote_code=True)", "trust_remote_code=True"),
        ("x = torch.load('m.pt', map_location='cpu')", "torch.load without weights_only"),
        ("x = torch.load('m.pt', weights_only=False)", "weights_only=False"),
        ("x = np.load('m.npy', allow_pickle=True)", "allow_pickle=True"),
        ("m = load_model('m.keras', safe_mode=False)", "safe_mode=False"),
    ],
)
def test_calls_that_trust_what_they_load(make_tree: MakeTree, line: str, what: str) -> None:
    assert found(make_tree, line) == [what]


@pytest.mark.parametrize(
    "line",
    [
        "M.from_pretrained('a/b', trust_remote_code=False)",
        "M.from_pretrained('a/b', trust_remote_code=args.trust)",
        "x = torch.load('m.pt', weights_only=True)",
        "x = torch.load('m.pt', **options)",
        "# torch.load('m.pt'), trust_remote_code=True",
        "text = 'trust_remote_code=True'",
        "x = (",
    ],
)
def test_calls_that_do_not(make_tree: MakeTree, line: str) -> None:
    assert found(make_tree, line) == []


def test_cells_of_a_notebook_are_code(make_tree: MakeTree) -> None:
    cells = [
        {"cell_type": "code", "source": ["%pip install x\n", "M.load(trust_remote_code=True)"]},
        {"cell_type": "code", "source": "x = ("},
        {"cell_type": "markdown", "source": "`np.load('a', allow_pickle=True)`"},
        {"cell_type": "code", "source": "torch.load('a')", "outputs": ["weights_only=False"]},
    ]
    root = make_tree({"a.ipynb": json.dumps({"cells": cells}), "b.ipynb": "torch.load [" * 9})
    rows = [row for row in collect(root, COLLECTOR) if isinstance(row, Observation)]
    hazards = [(h.what, h.line) for row in rows for h in row.get(HAZARD)]
    assert hazards == [("torch.load without weights_only", 0), ("trust_remote_code=True", 0)]
