"""A fork whose metadata name nobody: its README says what it is built on, and its history holds
branches of that project. Where either is missing, nothing is said.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.collect.git_repository import git, repository
from tests.program import properties, run

README = "# Lantern Next\n\nLantern Next is based on [Lantern](https://github.com/older-works/lantern).\n"
PULL = "Merge pull request #12 from older-works/fix-wick"
BRANCH = "Merge branch 'main' of https://github.com/older-works/lantern into main"


def made(
    folder: Path, remote: str = "new-works/lantern-next", merge: str = PULL, readme: str = README
) -> Path:
    repository(folder, {"README.md": readme, "lantern.py": "x = 1\n"})
    git(folder, "remote", "add", "origin", f"https://github.com/{remote}")
    git(folder, "checkout", "-q", "-b", "side")
    git(folder, "commit", "-q", "--allow-empty", "-m", "more")
    git(folder, "checkout", "-q", "-")
    git(folder, "merge", "-q", "--no-ff", "-m", merge, "side")
    return folder


def fork(folder: Path) -> list[str]:
    done = run("generate", folder, "-o", folder / "o.json", "--quiet", "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    root = json.loads((folder / "o.json").read_text("utf-8"))["metadata"]["component"]
    return [*properties(root, "aisbom:fork:of"), *properties(root, "aisbom:fork:by")]


@pytest.mark.parametrize("merge", [PULL, BRANCH])
def test_branches_of_the_project_that_it_is_built_on_make_a_fork(
    tmp_path: Path, merge: str
) -> None:
    assert fork(made(tmp_path / "tree", merge=merge)) == [
        "https://github.com/older-works/lantern",
        "new-works (github)",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"merge": "Merge pull request #12 from somebody-else/fix-wick"},
        {"merge": "Merge branch 'side'"},
        {"remote": "new-works/candle"},
        {"remote": "older-works/lantern-next"},
        {"remote": "new-works/superlantern"},
        {"readme": "# Lantern Next\n\nhttps://github.com/older-works/lantern is another one.\n"},
    ],
    ids=[
        "branches of a third",
        "branches of its own",
        "another name",
        "the same account",
        "a name that only contains it",
        "not built on it",
    ],
)
def test_no_fork(tmp_path: Path, changed: dict[str, str]) -> None:
    assert fork(made(tmp_path / "tree", **changed)) == []
