"""When files came into a history: renamed, changed, cut off, of no history at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.codeprint import identity
from aisbom.source.git_history import Came, history
from aisbom.source.tree import Unreadable
from tests.collect.git_repository import git, repository

DAY = 86_400
START = 1_700_000_000  # 2023-11-14
TEXT = "".join(f"value_{n} = {n}\n" for n in range(60))


def commit(folder: Path, message: str, when: int, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8", newline="")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message, when=when)


def blob(text: str) -> str:
    return identity.blob(text.encode()).hex()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A file added on the first day, changed on the second, moved and changed on the third."""
    folder = tmp_path / "tree"
    repository(folder, {"a b.py": TEXT, "other.py": "x = 1\n"})
    commit(folder, "changed", START + DAY, {"a b.py": TEXT + "more = 1\n"})
    git(folder, "mv", "a b.py", "moved.py")
    commit(folder, "moved", START + 2 * DAY, {"moved.py": TEXT + "more = 2\n"})
    return folder


def test_a_path_came_when_it_was_added_and_its_content_when_it_was_written(checkout: Path) -> None:
    now = TEXT + "more = 2\n"
    found = history(checkout, {"moved.py": blob(now), "other.py": blob("x = 1\n")})
    first, last = Came("2023-11-14", "2023-11-14"), Came("2023-11-16", "2023-11-16")
    assert found.paths == {"moved.py": first, "other.py": first}
    assert found.contents == {blob(now): last, blob("x = 1\n"): first}
    assert not found.cut


def test_a_relative_path_is_read_as_an_absolute_one(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"moved.py": blob(TEXT + "more = 2\n")}
    monkeypatch.chdir(checkout)
    assert history(Path(), wanted) == history(checkout, wanted)


def test_a_content_came_when_it_was_first_there_under_any_name(checkout: Path) -> None:
    commit(checkout, "copied", START + 9 * DAY, {"copy.py": TEXT})
    found = history(checkout, {"copy.py": blob(TEXT)})
    assert found.contents[blob(TEXT)].most == "2023-11-14"
    assert found.paths["copy.py"].most == "2023-11-23"


def test_what_is_in_no_commit_has_no_day(checkout: Path) -> None:
    found = history(checkout, {"new.py": blob("new = 1\n")})
    assert (found.paths, found.contents) == ({}, {})


def test_a_walk_is_bounded_and_then_no_day_is_the_least(checkout: Path) -> None:
    found = history(checkout, {"moved.py": blob(TEXT + "more = 2\n")}, most=1)
    assert found.cut
    assert found.paths == {"moved.py": Came("", "2023-11-16")}
    assert found.contents[blob(TEXT + "more = 2\n")] == Came("", "2023-11-16")


def test_a_time_that_never_was_is_no_day(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    repository(folder, {"a.py": TEXT})
    commit(folder, "long ago", 200_000_000, {"b.py": TEXT + "b = 1\n"})
    found = history(folder, {"b.py": blob(TEXT + "b = 1\n")})
    assert (found.paths, found.contents) == ({}, {})


def test_a_shallow_history_says_nothing(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{checkout}", "shallow")
    with pytest.raises(Unreadable, match="shallow"):
        history(tmp_path / "shallow", {"moved.py": blob(TEXT)})


def test_an_empty_repository_and_none_at_all_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    git(tmp_path, "init", "-q", "empty")
    for name in ("none", "empty"):
        with pytest.raises(Unreadable):
            history(tmp_path / name, {"a.py": blob(TEXT)})


def test_hooks_and_settings_of_the_repository_have_no_part(checkout: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    config = checkout / ".git" / "config"
    config.write_text(
        config.read_text("utf-8")
        + f"[core]\n\tfsmonitor = touch {mark}\n[diff]\n\texternal = touch {mark}\n"
        + "[log]\n\tshowSignature = true\n[diff]\n\trenames = false\n",
        "utf-8",
    )
    found = history(checkout, {"moved.py": blob(TEXT)})
    assert found.paths["moved.py"].most == "2023-11-14"
    assert not mark.exists()
