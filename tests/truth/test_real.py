"""The labels of real repositories are consistent, and the measure counts what it should."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.truth import real

TABLES = sorted(real.LABELS.glob("*.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_rows_speak_of_known_repositories_and_places(table: Path) -> None:
    known = {row["repository"] for row in rows(real.LABELS / "repositories.csv")}
    for row in rows(table):
        assert row["repository"] in known
        if at := row.get("at"):
            path, _, line = at.rpartition(":")
            assert path
            assert line.isdigit()
            assert not path.startswith("/")


def document(*components: dict[str, object]) -> real.Document:
    return real.Document({"metadata": {"component": {"name": "x"}}, "components": list(components)})


def model(name: str, path: str, line: int) -> dict[str, object]:
    return {
        "type": "machine-learning-model",
        "name": name.rsplit("/", maxsplit=1)[-1],
        "purl": f"pkg:huggingface/{name}",
        "evidence": {"occurrences": [{"location": path, "line": line}]},
    }


def test_a_model_counts_at_its_place_only(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = {
        "models": [
            {"repository": "o/r", "at": "a.py:10", "id": "owner/Model"},
            {"repository": "o/r", "at": "b.py:10", "id": "owner/Model"},
        ],
        "not_models": [{"repository": "o/r", "text": "cache/folder"}],
        "repositories": [{"repository": "o/r", "unread": "old/*"}],
    }
    monkeypatch.setattr(real, "_read", lambda name: labels[name])
    said = document(model("owner/model", "a.py", 12), model("cache/folder", "a.py", 3))
    tally = real.measure_models(said, "o/r")
    assert (tally.found, tally.labelled, tally.right, tally.said) == (1, 2, 1, 2)
    assert tally.missed == ("b.py:10 owner/Model",)
    assert tally.wrong[0].startswith("cache/folder")


def test_an_accusation_that_no_reader_makes_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = {"donors": [{"repository": "o/r", "path": "a.py", "attribution": "Org=replaced"}]}
    monkeypatch.setattr(real, "_read", lambda name: labels[name])
    sighting = '{"at": "%s:1"}'
    said = real.Document(
        {
            "metadata": {"component": {}},
            "declarations": {
                "claims": [
                    {"target": "x", "predicate": "attribution=replaced", "evidence": ["1", "2"]}
                ],
                "evidence": [
                    {
                        "bom-ref": str(number),
                        "data": [{"contents": {"attachment": {"content": sighting % path}}}],
                    }
                    for number, path in enumerate(("a.py", "b.py"), start=1)
                ],
            },
        }
    )
    tally = real.measure_accusations(said, "o/r")
    assert (tally.right, tally.said, tally.wrong) == (1, 2, ("b.py replaced",))


def test_a_project_is_one_under_all_its_names() -> None:
    names = ["pkg:pypi/timm@1.0#timm/layers.py", "huggingface/pytorch-image-models"]
    assert {real.project(name) for name in names} == {"pytorch-image-models"}


def package(name: str, scope: str, role: str, line: int) -> dict[str, object]:
    return {
        "type": "library",
        "name": name,
        "scope": scope,
        "evidence": {"occurrences": [{"location": "requirements.txt", "line": line}]},
        "properties": [
            {"name": "aisbom:requirement:group", "value": "runtime"},
            {"name": "aisbom:component:path_role", "value": role},
        ],
    }


def test_a_package_is_right_with_its_scope_only(monkeypatch: pytest.MonkeyPatch) -> None:
    labels: dict[str, list[dict[str, str]]] = {
        "repositories": [],
        "dependencies": [
            {"repository": "o/r", "name": "Py_YAML", "scope": "product"},
            {"repository": "o/r", "name": "pytest", "scope": "other"},
            {"repository": "o/r", "name": "torch", "scope": "product"},
        ],
    }
    monkeypatch.setattr(real, "_read", lambda name: labels[name])
    said = document(
        package("py-yaml", "required", "product", 1),
        package("pytest", "required", "product", 2),
        package("sphinx", "excluded", "docs", 3),
    )
    tally = real.measure_dependencies(said, "o/r")
    assert (tally.found, tally.labelled, tally.right, tally.said) == (2, 3, 1, 3)
    assert tally.missed == ("torch (product)",)
