"""A tree that somebody else judges has no say over its judgement; what it says is listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import MakeTree
from tests.program import properties, run

CONFIG = """home = "KR"
profile = "weights-only"
exclude = ["bad.pkl"]
[policy]
use = "eu"
[[policy.waiver]]
requirement = "weights-run-nothing"
component = "*"
reason = "because"
owner = "me"
expires = 2099-01-01
[[role]]
component = "."
role = "tooling"
reason = "ours"
[[claim]]
component = "."
declared-by = "me"
origin.developed = "KR"
"""
LINES = (
    "home 'KR'",
    "profile 'weights-only'",
    "exclude 'bad.pkl'",
    "role tooling of '.'",
    "policy 'eu'",
    "waiver of 'weights-run-nothing' for '*'",
)


@pytest.fixture
def tree(make_tree: MakeTree) -> Path:
    return make_tree(
        {"aisbom.toml": CONFIG, "bad.pkl": b"cos\nsystem\n(S'id'\ntR.", "requirements.txt": "x\n"}
    )


def test_a_policy_from_outside(tree: Path) -> None:
    done = run("check", str(tree), "--policy", "unsafe-weights", "--format", "json")
    made = json.loads(done.stdout)
    assert (done.returncode, made["verdict"]) == (1, "fail")
    assert tuple(made["unapplied"]) == LINES
    assert (made["profile"], made["home"], made["waived"]) == ("model@2026.1", [], [])
    for form in ("text", "markdown", "github"):
        told = run("check", str(tree), "--policy", "unsafe-weights", "--format", form).stdout
        assert told.replace("\\", "").count("no say over its judgement") == len(LINES)


def test_a_policy_of_the_tree_and_whoever_asks_for_it(tree: Path, tmp_path: Path) -> None:
    (tree / "own.toml").write_text(
        'name = "own"\nversion = "1"\ntitle = "x"\n[[requirement]]\nid = "weights-run-nothing"\n'
        'leg = "a"\ntitle = "b"\nmessage = "c"\nhelp = "d"\nabout = { having = ["runs-code"] }\n'
        'attribute = "runs-code"\nmust-not-be = ["*"]\nif-none = "pass"\n'
    )
    (tree / "aisbom.toml").write_text(CONFIG.replace('use = "eu"\n', ""))
    own = str(tree / "own.toml")
    inside = json.loads(run("check", str(tree), "--policy", own, "--format", "json").stdout)
    assert (inside["verdict"], inside["unapplied"]) == ("pass", [])
    words = ("--policy", "unsafe-weights", "--tree-says", "everything", "--format", "json")
    assert json.loads(run("check", str(tree), *words).stdout)["verdict"] == "pass"
    (tmp_path / "organiser.toml").write_text('home = "FR"\n')
    words = ("--policy", "unsafe-weights", "--config", str(tmp_path / "organiser.toml"))
    theirs = json.loads(run("check", str(tree), *words, "--format", "json").stdout)
    assert (theirs["verdict"], theirs["home"], theirs["unapplied"]) == ("fail", ["FR"], [])


def test_a_document_says_what_did_not_count(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.json"
    done = run("generate", str(tree), "--tree-says", "declarations", "-o", str(out))
    assert done.returncode == 0
    assert all(line in done.stderr for line in LINES)
    document = json.loads(out.read_text("utf-8"))
    assert tuple(sorted(properties(document["metadata"], "aisbom:unapplied"))) == tuple(
        sorted(LINES)
    )
    made = json.loads(run("check", str(out), "--format", "json").stdout)
    assert sorted(made["unapplied"]) == sorted(LINES)
    assert "developed=KR" in json.dumps(document) or '"KR"' in json.dumps(document)
