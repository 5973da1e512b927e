"""Whose code it is, through the real program: histories of every kind, and licence files that no
reader would expect.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.codeprint.indexes import code
from tests.collect.git_repository import git, repository
from tests.program import every_component, properties, run
from tests.test_fixtures import FIXTURES, indexed
from tests.test_lineage import BARE

MODEL = "src/haneul/modeling_a.py"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(
        FIXTURES / "copied-code" / "upstream", tmp_path_factory.mktemp("known") / "index"
    )


def document(tree: Path, index: Path, output: Path) -> dict[str, Any]:
    arguments = ("generate", tree, "-o", output, "--quiet", "--no-cache")
    done = run(*arguments, AISBOM_CODE_INDEX=str(index))
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(output.read_text("utf-8"))
    return found


def gaps(found: dict[str, Any]) -> list[str]:
    return [value for value in properties(found["metadata"], "aisbom:gap") if "history" in value]


def bases(found: dict[str, Any]) -> list[str]:
    return [
        value
        for row in every_component(found)
        for value in properties(row, "aisbom:code-from:basis")
    ]


def test_a_history_is_read_and_leaves_no_gap(tmp_path: Path, index: Path) -> None:
    repository(tmp_path / "tree", {MODEL: BARE})
    found = document(tmp_path / "tree", index, tmp_path / "o.json")
    assert (gaps(found), bases(found)) == ([], ["family"])


def test_a_shallow_history_is_a_gap_and_changes_no_answer(tmp_path: Path, index: Path) -> None:
    repository(tmp_path / "whole", {MODEL: BARE})
    git(tmp_path / "whole", "commit", "-q", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path / 'whole'}", "tree")
    found = document(tmp_path / "tree", index, tmp_path / "o.json")
    assert len(gaps(found)) == 1
    assert "shallow" in gaps(found)[0]
    assert bases(found) == ["family"]


def test_no_history_at_all_is_none(tmp_path: Path, index: Path) -> None:
    (tmp_path / "tree" / MODEL).parent.mkdir(parents=True)
    (tmp_path / "tree" / MODEL).write_text(BARE, "utf-8")
    found = document(tmp_path / "tree", index, tmp_path / "o.json")
    assert (gaps(found), bases(found)) == ([], ["family"])


@pytest.mark.parametrize(
    "content",
    [
        b"All work and no play. \n" * (50 * 1024 * 1024 // 23),
        bytes(range(256)) * 4096,
        "\ufeffCopyright (c) 2025 Haneul Compute\n\nAll rights reserved.\n".encode("utf-16-le"),
        b"\xff\xfe" + b"\xd8" * 4001,
        b"",
    ],
    ids=["50 MB", "binary", "UTF-16", "broken UTF-16", "empty"],
)
def test_any_licence_file_leaves_a_document_and_accuses_nobody(
    tmp_path: Path, index: Path, content: bytes
) -> None:
    tree = tmp_path / "tree"
    (tree / MODEL).parent.mkdir(parents=True)
    (tree / MODEL).write_text(BARE, "utf-8")
    (tree / "LICENSE").write_bytes(content)
    found = document(tree, index, tmp_path / "o.json")
    told = [v for row in every_component(found) for v in properties(row, "aisbom:licence:conflict")]
    assert not [value for value in told if value.startswith("no-licence")]
    assert bases(found) == ["family"]


def test_who_empties_or_rewrites_a_file_of_a_release_takes_nobodys_line(tmp_path: Path) -> None:
    head = "# Copyright (c) 2024 Norae Labs Inc.\n"
    upstream = {f"norae/{name}.py": head + code(name) for name in ("a", "b", "c", "d", "e", "f")}
    for path, content in upstream.items():
        (tmp_path / "norae-1.1" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "norae-1.1" / path).write_text(content, "utf-8")
    known = tmp_path / "known"
    known.mkdir()
    done = run(
        *("code", "index", "build", tmp_path / "norae-1.1", "-o", known / "norae.codeindex"),
        *("--project", "norae", "--version", "1.1", "--holder", "Norae Labs Inc."),
    )
    assert done.returncode == 0, done.stderr
    mine = {
        **upstream,
        "norae/d.py": "",
        "norae/e.py": code("my_own"),
        "norae/f.py": code("f") + "\nADDED = 1\n",
    }
    for path, content in mine.items():
        (tmp_path / "tree" / "lib" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / "lib" / path).write_text(content, "utf-8")
    found = document(tmp_path / "tree", known, tmp_path / "o.json")
    claims = {c["bom-ref"]: c for c in found["declarations"]["evidence"]}
    said = [
        claims[ref]["description"]
        for claim in found["declarations"]["claims"]
        if claim["predicate"] == "attribution=missing"
        for ref in claim["evidence"]
    ]
    assert any("f.py" in words for words in said)
    assert not [words for words in said if "d.py" in words or "e.py" in words]
