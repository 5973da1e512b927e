"""The index put together: kept once, read by the next process only if it is as it was written."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from aisbom.codeprint import array_file, compiled, known
from aisbom.codeprint.index import Index, load

ARRAYS = {
    "a": np.arange(5, dtype=np.uint64),
    "b": np.zeros(0, np.float64),
    "c": np.array([7], np.int32),
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    known._keys.cache_clear()
    return tmp_path / "cache"


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    array_file.save(tmp_path / "x.arrays", ARRAYS)
    found = array_file.load(tmp_path / "x.arrays")
    assert found is not None
    for name, array in ARRAYS.items():
        back = np.asarray(found[name])
        assert (back.dtype, back.tolist(), back.flags.writeable) == (
            array.dtype,
            array.tolist(),
            False,
        )
    assert [path.name for path in tmp_path.glob("*")] == ["x.arrays"]


def test_a_file_that_is_not_as_it_was_written_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.arrays"
    assert array_file.load(path) is None
    array_file.save(path, ARRAYS)
    data = path.read_bytes()
    for broken in (
        b"",
        data[:40],
        data[:-1],
        data + b"x",
        data[:-8] + b"\1" + data[-7:],
        b"x" + data[1:],
    ):
        path.write_bytes(broken)
        assert array_file.load(path) is None, broken[:20]


def test_a_sound_file_is_digested_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Again only after somebody wrote it, whatever he wrote and however he set its time."""
    digest, digested = array_file._digest, []

    def counted(body: memoryview) -> bytes:
        digested.append(1)
        return digest(body)

    monkeypatch.setattr(array_file, "_digest", counted)
    path = tmp_path / "x.arrays"
    array_file.save(path, ARRAYS)
    assert array_file.load(path) is not None
    assert array_file.load(path) is not None
    assert len(digested) == 2  # just written: it could change within a tick
    monkeypatch.setattr(array_file, "is_settled", lambda stamp: True)
    for _ in range(3):
        assert array_file.load(path) is not None
    assert len(digested) == 3
    status, data = path.stat(), path.read_bytes()
    path.write_bytes(data[:-8] + b"\1" + data[-7:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert array_file.load(path) is None
    path.write_bytes(data)
    assert array_file.load(path) is not None
    assert len(digested) == 5
    array_file.forget(path)
    assert not list(tmp_path.iterdir())


def test_the_next_process_reads_what_the_first_put_together(cache: Path) -> None:
    index, made = load()[0], []

    def make(given: Index) -> dict[str, np.ndarray]:
        made.append(given.digest)
        return ARRAYS

    first = compiled.arrays(index, "exact", make)
    again = compiled.arrays(index, "exact", make)
    assert made == [index.digest]
    assert first["a"].tolist() == again["a"].tolist() == ARRAYS["a"].tolist()
    (kept,) = (cache / "code-index").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert compiled.arrays(index, "exact", make)["a"].tolist() == ARRAYS["a"].tolist()
    assert len(made) == 2


def test_whoever_verifies_reads_nothing_that_was_kept(cache: Path) -> None:
    index, made = load()[0], []
    compiled.arrays(index, "exact", lambda _: ARRAYS)
    compiled.believe(False)
    try:
        compiled.arrays(index, "exact", lambda _: made.append(1) or ARRAYS)
    finally:
        compiled.believe(True)
    assert made == [1]


def test_without_a_cache_folder_the_answers_are_the_same(cache: Path) -> None:
    index = load()[0]
    key = int(index.projects[0].array("blob")[0]).to_bytes(8, "big") + bytes(12)
    kept = known.holders(index, key)
    known._keys.cache_clear()
    cache_file = cache / "code-index"
    for path in cache_file.iterdir():
        path.unlink()
    cache_file.rmdir()
    cache_file.write_text("no folder")
    assert known.holders(index, key) == kept >= 1
    assert known.holders(index, bytes(20)) == 0


def test_few_files_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_MOST", 2)
    projects = load()[0].projects
    for count in (1, 2, 3):
        compiled.arrays(Index(projects[:count]), "exact", lambda _: ARRAYS)
    assert len(list((cache / "code-index").iterdir())) == 2


def test_what_is_used_is_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long ago it was made: the index that every other repository is compared with."""
    monkeypatch.setattr(compiled, "_MOST", 2)
    monkeypatch.setattr(array_file, "is_settled", lambda stamp: True)
    projects = load()[0].projects
    for count in (1, 2, 1, 3):
        compiled.arrays(Index(projects[:count]), "exact", lambda _: ARRAYS)
        if count == 2:
            for path in (cache / "code-index").iterdir():
                os.utime(path, (1, 1))
    names = {path.name[:32] for path in (cache / "code-index").glob("*.arrays")}
    assert names == {Index(projects[:count]).digest[:32] for count in (1, 3)}
