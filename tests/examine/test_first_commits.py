"""What is remembered of a history says the same as a walk over its commits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.codeprint import identity
from aisbom.examine import first_commits
from aisbom.model import Evidence, Location, Observation, Row, facts
from aisbom.source import git_history
from tests.collect.git_repository import git, repository

TEXTS = ["".join(f"value_{n} = {n * m}\n" for n in range(20)) for m in range(1, 5)]
NAMES = ["a.py", "b c.py", "d/e.py"]


@pytest.fixture(autouse=True)
def walks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The checkouts whose commits are walked over, in their order."""
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    found: list[Path] = []
    whole = git_history.history

    def noting(top: Path, *more: Any) -> git_history.History:
        found.append(top)
        return whole(top, *more)

    monkeypatch.setattr(git_history, "history", noting)
    return found


def sightings(files: Mapping[str, str]) -> list[Row]:
    return [
        Observation(
            "content",
            path,
            "",
            "",
            Evidence("lineage", "hash-comparison", "high", Location(path)),
            facts(blob=identity.blob(text.encode()).hex(), known="yes"),
        )
        for path, text in files.items()
    ]


def dates(top: Path, files: Mapping[str, str], cached: bool) -> list[Row]:
    return list(first_commits.add_dates(top, sightings(files), cached))


def test_a_history_is_walked_once(tmp_path: Path, walks: list[Path]) -> None:
    top = tmp_path / "tree"
    files = {"a.py": TEXTS[0], "d/e.py": TEXTS[1]}
    repository(top, files)
    first = dates(top, files, cached=True)
    assert dates(top, files, cached=True) == first
    assert len(walks) == 1
    # Changed and not committed: its content is in no commit, which needs no walk.
    changed = {**files, "a.py": TEXTS[2]}
    told = dates(top, changed, cached=True)
    assert len(walks) == 1
    assert told == dates(top, changed, cached=False)
    # Put among the objects it may be in one; a path that nobody has asked for is not known.
    (top / "a.py").write_text(TEXTS[2])
    git(top, "add", "a.py")
    walks.clear()
    assert dates(top, changed, cached=True) == told
    assert dates(top, {**changed, "b c.py": TEXTS[0]}, cached=True)
    assert len(walks) == 2


def test_a_content_that_a_partial_clone_lacks_may_be_in_a_commit(
    tmp_path: Path, walks: list[Path]
) -> None:
    top = tmp_path / "tree"
    files = {"a.py": TEXTS[0]}
    repository(top, files)
    git(top, "gc", "-q")
    (pack,) = (top / ".git/objects/pack").glob("*.pack")
    pack.with_suffix(".promisor").touch()
    dates(top, files, cached=True)
    dates(top, files, cached=True)
    assert len(walks) == 1
    dates(top, {"a.py": TEXTS[2]}, cached=True)
    assert len(walks) == 2


def test_what_could_not_be_followed_or_was_cut_is_not_remembered(tmp_path: Path) -> None:
    top = tmp_path / "tree"
    files = {"a.py": TEXTS[0]}
    repository(top, files)
    for found in (git_history.History(cut=True), git_history.History(followed=False)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(git_history, "history", lambda *_, found=found: found)
            dates(top, files, cached=True)
        assert first_commits._load_days(git_history.describe_state(top)) is None
    dates(top, files, cached=True)
    assert first_commits._load_days(git_history.describe_state(top)) is not None


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["write", "commit", "move", "ask"]),
            st.sampled_from(NAMES),
            st.sampled_from(TEXTS),
        ),
        min_size=2,
        max_size=8,
    )
)
def test_any_history(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    top = tmp_path_factory.mktemp("any") / "tree"
    files = {NAMES[0]: TEXTS[0]}
    repository(top, files)
    for number, (what, name, text) in enumerate(steps):
        if what == "move":
            last = next(reversed(files))
            files = {name if one == last else one: text for one, text in files.items()}
            (top / last).rename(top / name) if (top / name).parent.exists() else None
        if what in ("write", "commit"):
            files[name] = text
        for path, content in files.items():
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_text(content)
        if what in ("commit", "move"):
            git(top, "add", "-A")
            when = 1_700_000_000 + 86_400 * number
            git(top, "commit", "-q", "--allow-empty", "-m", what, when=when)
        assert dates(top, files, cached=True) == dates(top, files, cached=False)
