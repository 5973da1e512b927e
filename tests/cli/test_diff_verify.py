"""`diff` between documents, `verify` of a document against a tree."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.program import ROOT, run

INPUT = ROOT / "fixtures" / "honest" / "input"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(INPUT, folder / "tree")
    done = run("generate", "tree", "-o", "tree/bom.json", "--home", "KR", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "elsewhere")
    return tmp_path / "elsewhere"


def verify(folder: Path, *more: str) -> tuple[int, dict[str, Any]]:
    done = run("verify", "tree", "--sbom", "tree/bom.json", "--format", "json", *more, cwd=folder)
    assert done.returncode in (0, 5), done.stderr
    return done.returncode, json.loads(done.stdout)


def document(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "tree/bom.json").read_bytes())
    return found


def every(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [row, *(one for inner in row.get("components", []) for one in every(inner))]


def parts(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for row in data["components"] for one in every(row)]


def write(folder: Path, data: dict[str, Any], name: str = "tree/bom.json") -> None:
    (folder / name).write_text(json.dumps(data), "utf-8")


def test_a_document_holds_for_its_tree_wherever_it_lies(folder: Path) -> None:
    code, answer = verify(folder)
    assert (code, answer["differences"]) == (0, [])
    assert answer["parts"] > 3


def test_a_file_that_was_added_is_undeclared(folder: Path) -> None:
    (folder / "tree" / "requirements-extra.txt").write_text("leftpadding==1.0\n")
    code, answer = verify(folder)
    assert code == 5
    assert ("undeclared", "leftpadding") in {
        (row["kind"], row["part"]) for row in answer["differences"]
    }


def test_weights_that_were_changed_in_place_are_changed(folder: Path) -> None:
    weights = sorted((folder / "tree").rglob("*.safetensors"))[0]
    stamp = weights.stat()
    data = bytearray(weights.read_bytes())
    data[-1] ^= 0xFF
    weights.write_bytes(data)
    import os

    os.utime(weights, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    code, answer = verify(folder)
    assert code == 5
    assert "changed" in {row["kind"] for row in answer["differences"]}


def test_weights_that_were_removed_are_missing(folder: Path) -> None:
    for weights in (folder / "tree").rglob("*.safetensors"):
        weights.unlink()
    code, answer = verify(folder)
    assert code == 5
    assert "missing" in {row["kind"] for row in answer["differences"]}


@pytest.mark.parametrize(
    ("name", "value", "topic"),
    [
        ("aisbom:component:role", "peripheral", "role"),
        ("aisbom:component:class", "dependency", "role"),
    ],
)
def test_a_property_that_was_rewritten_contradicts(
    folder: Path, name: str, value: str, topic: str
) -> None:
    data = document(folder)
    row = next(
        prop
        for part in parts(data)
        for prop in part.get("properties", [])
        if prop["name"] == name and prop["value"] != value
    )
    row["value"] = value
    write(folder, data)
    code, answer = verify(folder)
    assert code == 5
    assert ("contradicting", topic) in {
        (row["kind"], row["topic"]) for row in answer["differences"]
    }


def test_a_licence_that_was_rewritten_contradicts(folder: Path) -> None:
    data = document(folder)
    part = next(one for one in parts(data) if one.get("licenses"))
    part["licenses"] = [{"license": {"id": "WTFPL", "acknowledgement": "declared"}}]
    write(folder, data)
    code, answer = verify(folder)
    assert code == 5
    assert "licence" in {row["topic"] for row in answer["differences"]}


def test_a_component_that_was_cut_out_is_undeclared(folder: Path) -> None:
    data = document(folder)
    leaf = next(row for row in data["components"] if not row.get("components"))
    data["components"].remove(leaf)
    data["dependencies"] = [
        {**row, "dependsOn": [one for one in row.get("dependsOn", []) if one != leaf["bom-ref"]]}
        for row in data["dependencies"]
        if row["ref"] != leaf["bom-ref"]
    ]
    write(folder, data)
    code, answer = verify(folder)
    assert code == 5
    assert "undeclared" in {row["kind"] for row in answer["differences"]}


def test_a_score_that_was_rewritten_contradicts(folder: Path) -> None:
    data = document(folder)
    for prop in data["metadata"]["properties"]:
        if prop["name"] == "aisbom:sovereignty:core_low":
            prop["value"] = "0.9999"
        if prop["name"] == "aisbom:sovereignty:core_high":
            prop["value"] = "1.0000"
    write(folder, data)
    code, answer = verify(folder)
    assert code == 5
    assert "score" in {row["topic"] for row in answer["differences"]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("verify", "tree", "--sbom", "none.json"), "cannot be read"),
        (("verify", "none", "--sbom", "tree/bom.json"), "no such file or folder"),
        (("verify", "tree", "--sbom", "tree"), "is a folder"),
        (("diff", "tree/bom.json", "tree"), "is a folder"),
        (("diff", "tree/bom.json", "tree/LICENSE"), "LICENSE"),
    ],
)
def test_usage_errors_are_one_line(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2, done.stdout
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_same_documents_have_no_difference_in_any_form(folder: Path) -> None:
    done = run("diff", "tree/bom.json", "tree/bom.json", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.startswith("no difference")
    again = run("diff", "tree/bom.json", "tree/bom.json", "--format", "json", cwd=folder)
    assert json.loads(again.stdout)["changes"] == []
    run("generate", "tree", "-o", "bom.xml", "--home", "KR", cwd=folder)
    xml = run("diff", "tree/bom.json", "bom.xml", "--format", "json", cwd=folder)
    assert json.loads(xml.stdout)["changes"] == []


def test_what_changed_is_told_by_topic(folder: Path) -> None:
    shutil.copy(folder / "tree/bom.json", folder / "old.json")
    (folder / "tree" / "requirements-extra.txt").write_text("leftpadding==1.0\n")
    run("generate", "tree", "-o", "tree/bom.json", "--home", "CN", cwd=folder)
    done = run("diff", "old.json", "tree/bom.json", "--format", "json", cwd=folder)
    topics = {row["topic"] for row in json.loads(done.stdout)["changes"]}
    assert {"added", "profile", "score"} <= topics
    shown = run("diff", "old.json", "tree/bom.json", cwd=folder).stdout
    assert "leftpadding 1.0" in shown
    assert "home KR -> " in shown.replace("model@2026.1, ", "")


def test_a_name_of_a_stranger_stays_text_in_a_comment(folder: Path) -> None:
    data = document(folder)
    parts(data)[0]["name"] = "[x](http://evil.example) | <script>alert(1)</script> @maintainers"
    write(folder, data, "other.json")
    done = run("diff", "tree/bom.json", "other.json", "--format", "markdown", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("<!-- aisbom diff -->")
    rest = done.stdout.split("\n", 1)[1]
    assert "<script>" not in rest
    assert "](http" not in rest
