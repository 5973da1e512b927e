"""The cosine of normalisation weights may never raise a finding: by the imports, by the types, and
by trying.
"""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest

import aisbom.weights
from aisbom.weights import layernorm, verdict
from aisbom.weights.compare import compare
from aisbom.weights.side import of_checkpoint
from tests.weights.arrays import Arrays, model

FOLDER = Path(aisbom.weights.__file__).parent


def test_only_compare_may_import_it_and_only_for_one_key():
    users = []
    for path in sorted(FOLDER.parent.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import | ast.ImportFrom)
                else []
            )
            if any("layernorm" in name for name in [*names, getattr(node, "module", None) or ""]):
                users.append(path.name)
    assert users == ["compare.py"]
    uses = [
        node
        for node in ast.walk(ast.parse((FOLDER / "compare.py").read_text("utf-8")))
        if isinstance(node, ast.Name) and node.id == "layernorm"
    ]
    assert len(uses) == 1


def test_a_verdict_cannot_see_it():
    fields = {field.name for field in dataclasses.fields(verdict.Findings)}
    assert not any("norm" in name or "cosine" in name for name in fields)


@pytest.mark.parametrize("cosine", [-1.0, 0.0, 1.0])
def test_no_value_of_it_changes_anything_else(monkeypatch, cosine):
    a, b = of_checkpoint(Arrays(model(1)), "a"), of_checkpoint(Arrays(model(2)), "b")
    plain = compare(a, b).answer
    monkeypatch.setattr(layernorm, "not_evidence", lambda *_: {"layernorm_cosine": cosine})
    told = compare(a, b).answer
    assert {**told, "not_evidence": 0} == {**plain, "not_evidence": 0}


def test_equal_norms_alone_accuse_nobody():
    a, b = model(1), model(2)
    b |= {k: v for k, v in a.items() if v.ndim == 1}
    answer = compare(of_checkpoint(Arrays(a), "a"), of_checkpoint(Arrays(b), "b")).answer
    assert answer["not_evidence"]["layernorm_cosine"] == pytest.approx(1)
    assert answer["verdict"] == "no-common-origin"
