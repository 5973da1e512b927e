from __future__ import annotations

import hashlib
import io
import os
import threading
import time
from pathlib import Path

import pytest

from aisbom.cache.digests import DigestCache
from aisbom.collect import collectors
from aisbom.collect.executors import Serial
from aisbom.collect.run import gather
from aisbom.examine import digests
from aisbom.model import Observation
from aisbom.source import hashing, resumable
from aisbom.source.tree import Tree

STAMP = "1:1:1"  # settled long ago


class Counting(io.BytesIO):
    """Counts what is read, and stops the reader after `most` bytes."""

    def __init__(self, data: bytes, most: int = 2**60) -> None:
        super().__init__(data)
        self.count, self.most = 0, most

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.count >= self.most:
            raise KeyboardInterrupt
        got = super().readinto(buffer)
        self.count += got
        return got


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DigestCache:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(digests, "_CHUNK", 4096)
    monkeypatch.setattr(digests, "STEP", 8192)
    return DigestCache()


DATA = os.urandom(100_000)
WANTED = hashlib.sha256(DATA).hexdigest()


def test_an_interrupted_digest_goes_on_where_it_was(kept: DigestCache) -> None:
    if resumable.start() is None:
        pytest.skip("the library whose state can be written down is not here")
    with pytest.raises(KeyboardInterrupt):
        digests.full(Counting(DATA, 60_000), "f", STAMP, kept)
    again = Counting(DATA)
    assert digests.full(again, "f", STAMP, kept) == WANTED
    assert again.count <= len(DATA) - 57_000


def test_a_killed_digest_goes_on_from_the_last_step(kept: DigestCache) -> None:
    if resumable.start() is None:
        pytest.skip("the library whose state can be written down is not here")

    class Broken(Counting):
        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            if self.count >= self.most:
                raise OSError("the disk is gone")
            return super().readinto(buffer)

    with pytest.raises(OSError, match="gone"):
        digests.full(Broken(DATA, 60_000), "f", STAMP, kept)
    again = Counting(DATA)
    assert digests.full(again, "f", STAMP, kept) == WANTED
    assert again.count <= len(DATA) - 50_000


def test_a_finished_digest_is_not_computed_again_until_the_file_changes(kept: DigestCache) -> None:
    assert digests.full(Counting(DATA), "f", STAMP, kept) == WANTED
    again = Counting(DATA)
    assert digests.full(again, "f", STAMP, kept) == WANTED
    assert again.count == 0
    for file, stamp in (("f", "2:1:1"), ("g", STAMP)):
        other = Counting(DATA[1:])
        assert digests.full(other, file, stamp, kept) == hashlib.sha256(DATA[1:]).hexdigest()
        assert other.count == len(DATA) - 1


def test_a_file_that_was_just_written_is_not_remembered(kept: DigestCache) -> None:
    stamp = f"{time.time_ns()}:1:1"
    digests.full(Counting(DATA), "f", stamp, kept)
    again = Counting(DATA)
    digests.full(again, "f", stamp, kept)
    assert again.count == len(DATA)


def test_a_broken_store_means_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path))
    (tmp_path / "digests-1.sqlite").write_bytes(b"no database" * 1000)
    kept = DigestCache()
    assert digests.full(io.BytesIO(DATA), "f", STAMP, kept) == WANTED


def test_a_wrong_state_is_not_believed(kept: DigestCache) -> None:
    kept.put("f", STAMP, "sha256", ("", 64, b"x" * 112))
    assert digests.full(Counting(DATA), "f", STAMP, kept) == WANTED


def test_stopping_leaves_the_digest_unfinished(kept: DigestCache) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(digests.Interruption):
        digests.full(Counting(DATA), "f", STAMP, kept, stop)


@pytest.mark.parametrize("cached", [False, True])
def test_digests_of_a_tree_do_not_depend_on_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cached: bool
) -> None:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.gguf").write_bytes(DATA)
    os.utime(tree / "a.gguf", (1, 1))
    rows = gather((Tree(tree),), collectors(), Serial()).rows
    for mode, name in (("", "sha256"), ("full", "sha256"), ("sampled", hashing.SAMPLED)):
        for _ in range(2):
            (row,) = digests.compute_digests((Tree(tree),), rows, mode, 2, cached)
            assert isinstance(row, Observation)
            assert row.fact("hash").startswith(f"{name}:")
            assert name != "sha256" or row.fact("hash") == f"sha256:{WANTED}"
    assert list(digests.compute_digests((Tree(tree),), rows, "none", 1, cached)) == []
