"""A tree in one piece: files of which nothing changed are not opened, and nothing else depends on
whether the piece is there.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from aisbom.cache import store, tree_rows
from aisbom.collect.collector import Collector
from aisbom.collect.executors import Serial
from aisbom.collect.run import gather
from aisbom.model import Gap, Row
from aisbom.source import tree as trees
from aisbom.source.tree import File, Tree
from tests.conftest import MakeTree


def reader(file: File) -> Iterator[Row]:
    beside = file.sibling("beside.dat")
    yield Gap("reader", file.at(), file.text() + (beside.text() if beside else ""))


READER = Collector("reader", 1, ("*.txt",), reader, sees="statement")
FILES = {f"d/f{n}.txt": f"text {n}" for n in range(5)}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(store, "SETTLED", 0.0)
    return tmp_path / "cache"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files of trees that are opened, in their order."""
    found: list[str] = []
    whole = trees.open_regular

    def noting(path: str, *arguments: object) -> object:
        found.append(os.path.basename(path))  # noqa: PTH119
        return whole(path, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(trees, "open_regular", noting)
    return found


def scan(root: Path) -> tuple[Row, ...]:
    return gather((Tree(root),), (READER,), Serial(), None, cached=True).rows


def read(root: Path) -> tuple[Row, ...]:
    return gather((Tree(root),), (READER,), Serial()).rows


def test_only_what_changed_is_opened(make_tree: MakeTree, opened: list[str]) -> None:
    root = make_tree(FILES)
    scan(root)
    opened.clear()
    first = scan(root)
    assert opened == []
    assert first == read(root)
    opened.clear()
    (root / "d/f3.txt").write_text("other")
    second = scan(root)
    assert set(opened) == {"f3.txt"}
    assert second == read(root)


def test_what_is_looked_at_beside_a_file_counts_still(make_tree: MakeTree) -> None:
    root = make_tree({**FILES, "d/beside.dat": "1"})
    scan(root)
    (root / "d/beside.dat").write_text("2")
    assert scan(root) == read(root)
    (root / "d/beside.dat").unlink()
    assert scan(root) == read(root)


def test_a_file_that_was_only_touched_is_the_same(make_tree: MakeTree, opened: list[str]) -> None:
    root = make_tree(FILES)
    first = scan(root)
    opened.clear()
    (root / "d/f3.txt").touch()
    assert scan(root) == first
    assert opened == ["f3.txt"]
    assert scan(root) == first
    assert opened == ["f3.txt"]


def test_a_file_that_changed_a_moment_ago_is_opened_again(
    make_tree: MakeTree, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_tree(FILES)
    scan(root)
    monkeypatch.setattr(store, "SETTLED", 60.0)
    (root / "d/f3.txt").write_text("other")
    scan(root)
    opened.clear()
    scan(root)
    assert set(opened) == {"f3.txt"}


@pytest.mark.parametrize(
    "files", [b"", b"[", b"[1]", b"{}", b'[["d/f1.txt"]]', b'[["d/f1.txt","s","t",[[[],[[1]]]]]]']
)
def test_a_damaged_piece_is_none(make_tree: MakeTree, own_cache: Path, files: bytes) -> None:
    root = make_tree(FILES)
    first = scan(root)
    (path,) = own_cache.glob("trees-*.sqlite")
    for digest in (tree_rows.hashlib.sha256(files).hexdigest(), ""):
        with sqlite3.connect(path) as database:
            database.execute("UPDATE trees SET files = ?, digest = ?", (files, digest))
        database.close()
        assert scan(root) == first


def test_trees_together_have_a_bound(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scan_another(name: str) -> None:
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("x" * 1000)
        scan(tmp_path / name)

    for name in ("one", "two", "three"):
        scan_another(name)
    (path,) = own_cache.glob("trees-*.sqlite")

    def count() -> int:
        with sqlite3.connect(path) as database:
            (found,) = database.execute("SELECT COUNT(*) FROM trees").fetchone()
        database.close()
        return int(found)

    assert count() == 3
    monkeypatch.setattr(tree_rows, "_IN_ALL", 2500)
    scan_another("four")
    assert count() == 2


def test_the_cache_does_not_say_where_a_tree_lies(make_tree: MakeTree, own_cache: Path) -> None:
    root = make_tree(FILES)
    scan(root)
    for path in own_cache.iterdir():
        assert str(root).encode() not in path.read_bytes()
