"""Where a user's files lie, and that a user without a home has none."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from aisbom import user_folders
from aisbom.codeprint import index
from aisbom.weights import references


def test_the_folders_of_this_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AISBOM_CACHE_DIR", raising=False)
    assert user_folders.cache_folder() == platformdirs.user_cache_path("aisbom", False)
    assert user_folders.data_folder() == platformdirs.user_data_path("aisbom", False)
    monkeypatch.setenv("AISBOM_CACHE_DIR", "somewhere")
    assert user_folders.cache_folder() == Path("somewhere")


def test_a_user_without_a_home_has_no_folders_and_can_add_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AISBOM_CACHE_DIR", "AISBOM_CODE_INDEX", "AISBOM_REFERENCES"):
        monkeypatch.delenv(name, raising=False)
    nowhere = Path("~/.local/share/aisbom")  # what stays where `~` stands for nothing
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_: nowhere)
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_: nowhere)

    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    assert user_folders.cache_folder() is None
    assert user_folders.data_folder() is None
    assert not user_folders.is_home(Path("/"))
    assert index.folder() is None
    assert references.folder() is None
    assert index.load()[0].projects
    assert references.load()[0]


def test_the_name_of_a_home_is_known() -> None:
    assert user_folders.is_home(Path.home())
    assert not user_folders.is_home(Path.home() / "x")
