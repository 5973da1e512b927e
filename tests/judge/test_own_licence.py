"""A project without code whose own licence restricts is not called free for that."""

from __future__ import annotations

import pytest

from aisbom.judge import policy_file
from aisbom.judge.evaluate import Case, evaluate
from aisbom.judge.freedoms import freedom
from aisbom.model.ledger import Ledger
from aisbom.pipeline import Options, scan
from tests.conftest import MakeTree
from tests.licences.texts import apache

RULES = {rule.id: rule for rule in policy_file.load("submission-licences").rules}


@pytest.mark.parametrize(
    ("before", "code", "verdict"),
    [
        ("For research only. Commercial use needs a licence from us.\n\n", {}, "fail"),
        ("For research only. Commercial use needs a licence from us.\n\n", {"a/b.py": ""}, "fail"),
        ("", {}, "pass"),
        ("", {"a/b.py": "x = 1\n"}, "pass"),
    ],
)
def test_code_allows_every_use(
    make_tree: MakeTree, before: str, code: dict[str, str], verdict: str
) -> None:
    found = scan(make_tree({"LICENSE": before + apache(), **code}), Options(name="whole"))
    case = Case(found, Ledger(found.claims), (), {}, freedom)
    assert evaluate(RULES["code-allows-every-use"], case).verdict == verdict
