"""The state of git folders changes with all that their collector tells of, and opens no tracked
file.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aisbom.collect.repository import git_state
from aisbom.source.tree import Tree
from tests.conftest import MakeTree


def git(root: Path, *words: str) -> None:
    named = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", "-C", str(root), *named, *words], check=True, capture_output=True)


@pytest.fixture
def checkout(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(git_state, "is_settled", lambda stamp: True)
    root = make_tree({"a.py": "x = 1\n", "left-out/b.py": "y = 2\n"})
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return root


def state(root: Path) -> list[str]:
    return list(git_state.states(Tree(root, ("left-out/*",))))


def write(path: str, text: str) -> Callable[[Path], object]:
    return lambda root: (root / path).write_text(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: git(root, "tag", "v1"),
        lambda root: git(root, "checkout", "-q", "-b", "other"),
        lambda root: git(root, "remote", "add", "origin", "https://github.com/acme/demo"),
        lambda root: (root / "a.py").unlink(),
        lambda root: (root / "a.py").chmod(0o755),
        write("a.py", "x = 3\n"),
        write("left-out/b.py", "y = 4\n"),
        write(".git/HEAD", "ref: refs/heads/none\n"),
        write(".git/info/attributes", "*.py filter=x\n"),
    ],
)
def test_it_changes_with_what_the_collector_tells_of(
    checkout: Path, change: Callable[[Path], object]
) -> None:
    before = state(checkout)
    assert state(checkout) == before
    change(checkout)
    assert state(checkout) != before


def test_no_tracked_file_is_opened(checkout: Path) -> None:
    opened: list[str] = []
    watching = True

    def watch(event: str, given: tuple[object, ...]) -> None:
        if watching and event == "open":
            opened.append(str(given[0]))

    state(checkout)  # imports
    sys.addaudithook(watch)
    state(checkout)
    watching = False
    assert not [path for path in opened if path.endswith(".py")]
    assert any(path.endswith("HEAD") for path in opened)


def test_what_may_change_within_a_clock_tick_is_equal_to_nothing(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_state, "is_settled", lambda stamp: False)
    assert state(checkout) != state(checkout)


def test_a_folder_that_cannot_be_read_is_told_by_what_its_collector_says(
    make_tree: MakeTree,
) -> None:
    root = make_tree({"a.py": "x = 1\n", ".git": "gitdir: ../elsewhere\n"})
    assert any("git" in words for words in state(root))
    assert state(root) == state(root)
