"""Profiles as data: each shipped one is held to the schema, and a mistake in a user's own is one
line that names it.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from aisbom.judge import profile as profiles
from aisbom.model.vocabulary import CLASSES
from tests.program import run

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "aisbom" / "knowledge" / "profiles"
NAMES = (
    "eu-csf-1.2.1",
    "full-stack",
    "kr-msit-2025-07",
    "kr-msit-2026-01",
    "model",
    "weights+encoders",
    "weights-only",
)


def schema() -> dict[str, Any]:
    """The schema with the definitions of the policy schema, which it shares, put inside it."""
    text = (
        (ROOT / "schemas" / "profile.schema.json")
        .read_text("utf-8")
        .replace("policy.schema.json#/$defs/requirement", "#/$defs/requirement")
    )
    made: dict[str, Any] = json.loads(text)
    other = json.loads((ROOT / "schemas" / "policy.schema.json").read_text("utf-8"))
    made["$defs"] = {**other["$defs"], **made["$defs"]}
    return made


def written(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def test_these_are_shipped() -> None:
    assert profiles.list_profiles() == NAMES
    assert set(profiles.by_breadth()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_obeys_the_schema_and_says_what_it_is_modelled_on(name: str) -> None:
    data = written(name)
    jsonschema_rs.validator_for(schema()).validate(data)
    profile = profiles.load(name)
    assert profile.name == name
    assert profile.modelled_on
    assert profile.source
    assert set(profile.roles) == set(CLASSES)


@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith("eu")])
def test_a_shipped_profile_has_a_binding_floor(name: str) -> None:
    assert any(rule.severity == "error" for rule in profiles.load(name).requirements)


def test_boundaries_hold_each_other() -> None:
    """Whoever draws the line further out keeps what was inside."""
    core = {
        name: {kind for kind, role in profiles.load(name).roles.items() if role == "core"}
        for name in NAMES
    }
    assert core["weights-only"] < core["weights+encoders"] < core["model"] < core["full-stack"]


def test_the_framework_s_objectives_and_weights() -> None:
    profile = profiles.load("eu-csf-1.2.1")
    assert [objective.weight for objective in profile.objectives] == [15, 10, 10, 15, 20, 15, 10, 5]
    assert profile.home == ("EU",)
    # The framework leaves the minimum to the tender: none is made up here.
    assert {objective.minimum for objective in profile.objectives} == {None}


def test_code_lineage_alone_never_decides_under_the_korean_definitions() -> None:
    for name in ("kr-msit-2025-07", "kr-msit-2026-01"):
        for rule in profiles.load(name).requirements:
            if rule.condition.attribute in (
                "origin.architecture",
                "architecture-from",
                "code-from",
            ):
                assert rule.severity == "note"


RULE = {
    "id": "x",
    "leg": "t",
    "title": "t",
    "message": "m",
    "help": "h",
    "attribute": "licence",
    "known": True,
}
MISTAKES = [
    ({"nmae": "x"}, "unknown key 'nmae'; did you mean 'name'?"),
    ({"name": 3}, "'name' must be a text"),
    ({"name": "a b"}, "letters, digits"),
    ({"home": "KR"}, "'home' must be a list"),
    ({"international": 2}, "international is 2"),
    ({"expected": ["backbone-weigths"]}, "did you mean 'backbone-weights'?"),
    ({"legs": {"origin": 1}}, "[legs]"),
    ({"class": {"dependency": {}}}, "[class.*]"),
    ({"class": []}, "[class.*]"),
    ({"objective": [{"id": "A", "title": "a", "weight": 1, "leg": "origin"}]}, "'leg' and 'classes' go together"),
    ({"objective": [{"id": "A", "title": "a", "weight": 1, "minimum": 5}]}, "a level from 0 to 4"),
    ({"objective": [{"id": "A", "title": "a", "weight": 1, "wieght": 5}]}, "did you mean 'weight'?"),
    ({"objective": {}}, "[[objective]]"),
    ({"requirement": [{**RULE, "atribute": "licence"}]}, "did you mean 'attribute'?"),
    ({"requirement": [{**RULE, "undecided": ["*"]}]}, "'undecided' goes with must-be"),
    ({"requirement": {}}, "[[requirement]]"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), MISTAKES)
def test_a_mistake_is_named(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    data = {**written("model"), **change}
    if "undecided" not in says:  # what goes with what is beyond the schema
        assert not jsonschema_rs.validator_for(schema()).is_valid(data), (
            "the schema must refuse it too"
        )
    target = tmp_path / "mine.toml"
    target.write_text(toml(data), "utf-8")
    with pytest.raises(ValueError, match=r"^--profile mine\.toml: ") as caught:
        profiles.load(str(target))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_profile_of_one_s_own_is_used_and_its_mistake_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy==2.0.0\n", "utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(toml({**written("model"), "name": "mine"}), "utf-8")
    assert (
        json.loads(run("score", tmp_path, "--profile", mine, "--format", "json").stdout)["profile"]
        == "mine@2026.1"
    )
    mine.write_text(toml({**written("model"), "nmae": "mine"}), "utf-8")
    done = run("score", tmp_path, "--profile", mine)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "did you mean 'name'?" in done.stderr


def toml(value: dict[str, Any]) -> str:
    """The object as TOML, every table inline."""
    return "".join(f"{json.dumps(key)} = {inline(item)}\n" for key, item in value.items())


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key)} = {inline(item)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
