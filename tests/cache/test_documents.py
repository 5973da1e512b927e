"""A finished document is served only while everything it rests on is as it was; whatever changes,
the tree is scanned again.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aisbom import cli, pipeline
from aisbom.cache import documents, store
from aisbom.cache.documents import Document, DocumentCache
from aisbom.collect.repository.git_state import states
from aisbom.model import Gap, Location, Scan
from aisbom.source.tree import Tree
from tests.conftest import MakeTree

MADE = Document(b'{"bomFormat": "CycloneDX"}\n', "a summary", ("gap: a.txt: odd [reader]",))
FILES = {"pyproject.toml": '[project]\nname = "thing"\nversion = "1"\n', "a/b.py": "import torch\n"}


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache, an index and a program of its own, where files count as left alone at once."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "code.py").write_text("1")
    monkeypatch.setattr(documents, "_PACKAGE", program)
    monkeypatch.setattr(store, "SETTLED", 0.0)
    for name, value in (
        ("AISBOM_CACHE_DIR", "cache"),
        ("AISBOM_CODE_INDEX", "index"),
        ("XDG_DATA_HOME", "data"),
        ("AISBOM_REFERENCES", "refs"),
    ):
        monkeypatch.setenv(name, str(tmp_path / value))
    return tmp_path


def kept(root: Path, *asked: str, outside: tuple[Path, ...] = ()) -> DocumentCache:
    return DocumentCache(Tree(root), asked, outside, states)


def git(root: Path, *arguments: str) -> None:
    who = {
        "GIT_AUTHOR_NAME": "x",
        "GIT_AUTHOR_EMAIL": "x@example.org",
        "GIT_COMMITTER_NAME": "x",
        "GIT_COMMITTER_EMAIL": "x@example.org",
    }
    clean = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=clean)


def test_what_was_stored_is_served_while_nothing_changed(make_tree: MakeTree) -> None:
    root = make_tree(FILES)
    assert kept(root).load() is None
    kept(root).store(MADE)
    assert kept(root).load() == MADE


def touched(root: Path) -> None:
    os.utime(root / "a/b.py", ns=(1, 1))


def same_size_and_time(root: Path) -> None:
    before = (root / "a/b.py").stat()
    (root / "a/b.py").write_text(
        "import numpy"[: before.st_size - 1].ljust(before.st_size - 1) + "\n"
    )
    os.utime(root / "a/b.py", ns=(before.st_atime_ns, before.st_mtime_ns))


def added(root: Path) -> None:
    (root / "new.bin").write_bytes(b"")


def removed(root: Path) -> None:
    (root / "a/b.py").unlink()


def broken_link(root: Path) -> None:
    (root / "link").symlink_to("nowhere")


@pytest.mark.parametrize("change", [touched, same_size_and_time, added, removed, broken_link])
def test_any_change_of_the_tree_means_a_scan(
    make_tree: MakeTree, change: Callable[[Path], None]
) -> None:
    root = make_tree(FILES)
    kept(root).store(MADE)
    change(root)
    assert kept(root).load() is None


@pytest.mark.parametrize(
    "path",
    [
        "program/code.py",
        "program/data/new.csv",
        "index/own.codeindex",
        "data/aisbom/code-index/x",
        "refs/x.sketch",
    ],
)
def test_a_change_of_the_program_or_of_what_a_user_added_to_it_means_a_scan(
    make_tree: MakeTree, alone: Path, path: str
) -> None:
    root = make_tree(FILES)
    kept(root).store(MADE)
    (alone / path).parent.mkdir(parents=True, exist_ok=True)
    (alone / path).write_text("other")
    assert kept(root).load() is None


def test_a_change_of_what_was_named_outside_of_the_tree_means_a_scan(
    make_tree: MakeTree, tmp_path: Path
) -> None:
    root, rows = make_tree(FILES), tmp_path / "rows"
    rows.mkdir()
    (rows / "organisations.csv").write_text("id\n")
    kept(root, outside=(rows,)).store(MADE)
    assert kept(root, outside=(rows,)).load() == MADE
    (rows / "organisations.csv").write_text("id,name\n")
    assert kept(root, outside=(rows,)).load() is None


def test_another_question_version_or_variable_means_a_scan(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_tree(FILES)
    kept(root, "json").store(MADE)
    assert kept(root, "xml").load() is None
    assert kept(root, "jso", "n").load() is None
    assert kept(root, "json").load() == MADE
    with monkeypatch.context() as changed:
        changed.setenv("SOURCE_DATE_EPOCH", "1700000000")
        assert kept(root, "json").load() is None
    monkeypatch.setattr(documents, "__version__", "0.0.0")
    assert kept(root, "json").load() is None


def test_what_changed_while_the_scan_ran_is_not_taken_for_what_was_scanned(
    make_tree: MakeTree,
) -> None:
    root = make_tree(FILES)
    before = kept(root)
    added(root)
    before.store(MADE)
    assert kept(root).load() is None


def test_a_repository_that_says_something_else_means_a_scan(make_tree: MakeTree) -> None:
    root = make_tree(FILES)
    git(root, "init", "-q", "-b", "one")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "x")
    first = kept(root)
    first.store(MADE)
    assert kept(root).load() == MADE
    git(root, "checkout", "-q", "-b", "two")
    assert kept(root).load() is None
    # And what it says by now is not what the scan saw.
    first.store(MADE)
    git(root, "checkout", "-q", "one")
    (root / ".git/HEAD").write_text("ref: refs/heads/none\n")
    assert kept(root).load() is None


def test_a_file_written_a_moment_ago_may_still_be_changing(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SETTLED", 3600.0)
    root = make_tree(FILES)
    kept(root).store(MADE)
    assert kept(root).load() is None


def test_what_a_crash_left_out_is_looked_for_again(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, target = make_tree(FILES), tmp_path / "out.json"
    seen = scans(monkeypatch)
    counted = pipeline.scan

    def crashed(path: Path, *more: object) -> Scan:
        found = counted(path, *more)  # type: ignore[arg-type]
        gap = Gap("pipeline", Location("a.bin"), "gone", "crashed")
        return replace(found, gaps=(*found.gaps, gap))

    monkeypatch.setattr(pipeline, "scan", crashed)
    for _ in range(2):
        assert cli.main(["generate", str(root), "-o", str(target), "--jobs", "1", "-q"]) == 0
    assert len(seen) == 2


def test_a_damaged_store_is_no_store(make_tree: MakeTree, alone: Path) -> None:
    root = make_tree(FILES)
    kept(root).store(MADE)
    where = alone / "cache/documents-2.sqlite"
    with sqlite3.connect(where) as database:
        database.execute("UPDATE documents SET data = ?", (b"{}",))
    assert kept(root).load() is None
    where.write_bytes(b"nothing of the kind" * 1000)
    kept(root).store(MADE)
    assert kept(root).load() is None


def test_only_the_latest_documents_of_a_tree_are_kept(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_FOR_ONE_TREE", 2)
    root, other = make_tree(FILES), tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text("import torch\n")
    kept(other, "a").store(MADE)
    for asked in ("a", "b", "a", "c"):
        kept(root, asked).store(MADE)
    assert [kept(root, asked).load() for asked in ("a", "b", "c")] == [MADE, None, MADE]
    assert kept(other, "a").load() == MADE


def test_the_documents_of_all_trees_together_have_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_IN_ALL", 2 * len(MADE.data))
    roots = [tmp_path / name for name in "abc"]
    for root in roots:
        root.mkdir()
        (root / "a.py").write_text("import torch\n")
        kept(root).store(MADE)
    assert [kept(root).load() for root in roots] == [None, MADE, MADE]


def scans(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that are scanned from now on."""
    seen: list[Path] = []
    real = pipeline.scan

    def counted(path: Path, *more: object) -> object:
        seen.append(path)
        return real(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "scan", counted)
    return seen


def test_the_second_run_of_the_program_says_and_writes_the_same_without_a_scan(
    make_tree: MakeTree,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root, target = make_tree({**FILES, "uv.lock": "[[package]\n"}), tmp_path / "out.json"
    seen = scans(monkeypatch)
    command = ["generate", str(root), "-o", str(target), "--jobs", "1", "-v"]
    first = (cli.main(command), target.read_bytes(), capsys.readouterr())
    target.unlink()
    second = (cli.main(command), target.read_bytes(), capsys.readouterr())
    assert second == first
    assert "gap: uv.lock" in first[2].err
    assert len(seen) == 1
    assert cli.main([*command, "--strict"]) == 3
    assert len(seen) == 1


@pytest.mark.parametrize(
    "more",
    [
        ["--no-cache"],
        ["--hash", "full"],
        ["--home", "KR"],
        ["--profile", "full-stack"],
        ["--spec-version", "1.7"],
        ["--format", "xml"],
    ],
)
def test_every_option_of_a_scan_asks_another_question(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    root = make_tree(FILES)
    command = ["generate", str(root), "-o", str(tmp_path / "out.json"), "--jobs", "1", "-q"]
    assert cli.main(command) == 0
    seen = scans(monkeypatch)
    assert cli.main([*command, *more]) == 0
    assert len(seen) == 1


def test_a_configuration_that_says_something_else_is_read(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, config = make_tree(FILES), tmp_path / "other.toml"
    command = [
        "generate",
        str(root),
        "-o",
        str(tmp_path / "out.json"),
        "--jobs",
        "1",
        "-q",
        "--config",
        str(config),
    ]
    config.write_text('home = ["KR"]\n')
    assert cli.main(command) == 0
    seen = scans(monkeypatch)
    assert (cli.main(command), len(seen)) == (0, 0)
    config.write_text('home = ["JP"]\n')
    assert (cli.main(command), len(seen)) == (0, 1)
    config.write_text("nonsense = 1\n")
    assert (cli.main(command), len(seen)) == (2, 1)
