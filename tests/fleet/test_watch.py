"""What changed is scanned again; what did not is not even opened."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from aisbom.fleet import cluster, watch
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.cluster import Workers
from aisbom.fleet.question import Question
from aisbom.fleet.sources import Submission, submissions
from aisbom.fleet.unit import Outcome, Run, scan_submission
from tests.fleet.conftest import write_list

GIT = {
    **{f"GIT_{who}_{what}": "t" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
}


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of what was handed to an engine; this process does the work."""
    names: list[str] = []

    def here(
        found: Sequence[Submission],
        catalogue: Catalogue,
        workers: Workers,
        run: Run,
        report: Callable[[Outcome, int, int], None],
    ) -> list[Outcome]:
        names.extend(one.name for one in found)
        return [scan_submission(one, catalogue, run) for one in found]

    monkeypatch.setattr(cluster, "scan", here)
    return names


def look(listed: Path, catalogue: Catalogue) -> None:
    watch.watch(submissions([str(listed)]), catalogue, Workers(), Run("r"), lambda *_: None)


def commit(folder: Path, text: str) -> None:
    (folder / "requirements.txt").write_text(text)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-C", folder, *words], env=GIT, check=True)


def test_only_what_changed_is_scanned_again(tmp_path: Path, scanned: list[str]) -> None:
    folder, repository = tmp_path / "folder", tmp_path / "repository"
    folder.mkdir()
    repository.mkdir()
    (folder / "requirements.txt").write_text("numpy==2.1.0\n")
    commit(repository, "torch==2.5.0\n")
    listed = write_list(
        tmp_path / "list.csv", {"folder": folder, "repository": f"file://{repository}"}
    )
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    look(listed, catalogue)
    assert scanned == ["folder", "repository"]
    look(listed, catalogue)
    assert scanned == ["folder", "repository"]
    commit(repository, "torch==2.6.0\n")
    look(listed, catalogue)
    assert scanned[2:] == ["repository"]
    (folder / "more.txt").write_text("x")
    look(listed, catalogue)
    assert scanned[3:] == ["folder"]


def test_what_lost_its_answer_is_scanned_again(tmp_path: Path, scanned: list[str]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n")
    listed = write_list(tmp_path / "list.csv", {"folder": folder})
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    look(listed, catalogue)
    (unit,) = [entry.unit for entry in catalogue.entries()]
    (tmp_path / "c" / "done" / f"{unit}.json").unlink()
    look(listed, catalogue)
    assert scanned == ["folder", "folder"]


def test_what_cannot_be_asked_is_scanned(tmp_path: Path, scanned: list[str]) -> None:
    listed = write_list(tmp_path / "list.csv", {"gone": "https://127.0.0.1:9/r.git"})
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    for _ in range(2):
        look(listed, catalogue)
    assert scanned == ["gone", "gone"]
    assert [one.kind for one in catalogue.failures()] == ["refused"]


def test_objects_are_told_by_their_listing(tmp_path: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe_file("/watched/sub/a.txt", b"1")
    (one,) = submissions(["memory://watched/sub"])
    first = watch.revision(one)
    assert first
    assert first == watch.revision(one)
    memory.pipe_file("/watched/sub/b.txt", b"1")
    assert watch.revision(one) != first
