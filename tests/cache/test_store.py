"""One way to open what is kept; a store that cannot be used keeps nothing, and says nothing."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from aisbom.cache.store import Store, is_settled

TABLE = "things (name TEXT PRIMARY KEY, size INTEGER)"
PUT, ALL = "INSERT OR REPLACE INTO things VALUES (?, ?)", "SELECT name, size FROM things"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_written_is_read_by_the_next_process_and_by_every_thread(folder: Path) -> None:
    store = Store("things", 1, TABLE)
    threads = [
        threading.Thread(target=store.write, args=((PUT, [(f"t{n}", n)]),)) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert sorted(Store("things", 1, TABLE).read(ALL, ())) == [(f"t{n}", n) for n in range(8)]
    assert Store("things", 2, TABLE).read(ALL, ()) == []
    assert folder.stat().st_mode & 0o077 == 0


def test_statements_that_are_written_together_are_all_done_or_none() -> None:
    store = Store("things", 1, TABLE)
    store.write((PUT, [("a", 1)]), ("DELETE FROM nothing WHERE name = ?", [("a",)]))
    assert store.read(ALL, ()) == []


@pytest.mark.parametrize("odd", ["no folder", "no file", "no database", "locked away"])
def test_a_store_that_cannot_be_used_keeps_nothing(
    odd: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if odd == "no folder":
        folder.write_text("a file where the folder should be")
    elif odd == "locked away":
        monkeypatch.delenv("AISBOM_CACHE_DIR")
        monkeypatch.setattr("aisbom.cache.store.cache_folder", lambda: None)
    else:
        folder.mkdir()
        if odd == "no file":
            (folder / "things-1.sqlite").mkdir()
        else:
            (folder / "things-1.sqlite").write_bytes(b"nothing of the kind" * 1000)
    store = Store("things", 1, TABLE)
    store.write((PUT, [("a", 1)]))
    assert store.read(ALL, ()) == []
    store.close()
    store.close()


def test_a_store_that_is_locked_by_another_is_waited_for_and_given_up(folder: Path) -> None:
    store = Store("things", 1, TABLE)
    other = sqlite3.connect(folder / "things-1.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    store.write((PUT, [("a", 1)]))
    other.rollback()
    other.close()
    assert store.read(ALL, ()) == []


@pytest.mark.parametrize("stamp", ["", "x", "1:x:3", ":"])
def test_a_stamp_that_is_none_is_never_settled(stamp: str) -> None:
    assert not is_settled(stamp)


def test_a_file_of_long_ago_is_settled() -> None:
    assert is_settled("1:2:3")
    assert not is_settled(f"1:{2**62}:3")
