"""A second scan gives the same rows, reads only what changed, and survives a broken cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from aisbom.cache import rows as stored
from aisbom.cache import store
from aisbom.collect import run
from aisbom.collect.collector import Collector
from aisbom.collect.executors import Serial
from aisbom.collect.run import gather
from aisbom.model import Evidence, Gap, Location, Observation, Relation, Row
from aisbom.source.tree import File, Tree
from tests.conftest import MakeTree

READ: list[str] = []


def reader(file: File) -> Iterator[Row]:
    READ.append(file.path)
    beside = file.sibling("beside.dat")
    text = file.text() + (beside.text() if beside else "")
    yield Observation(
        "source", text.strip(), "", "", Evidence("reader", "filename", "high", file.at(1), "x")
    )
    yield Relation("project:", "pkg:pypi/x", "depends-on", file.at(2), (("specifier", ">=1"),))
    yield Gap("reader", file.at(3), "odd")


def local(file: File) -> Iterator[Row]:
    READ.append(file.path)
    assert file.local is not None
    yield Gap("local", file.at(), "seen")


READER = Collector("reader", 1, ("*.txt",), reader, sees="statement")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(store, "SETTLED", 0.0)
    READ.clear()
    return tmp_path / "cache"


def scan(root: Path, *collectors: Collector) -> tuple[Row, ...]:
    READ.clear()
    return gather((Tree(root),), collectors or (READER,), Serial(), None, cached=True).rows


def test_unchanged_files_are_not_read_again_and_the_rows_are_the_same(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1", "b/c.txt": "2"})
    first = scan(root)
    assert READ == ["a.txt", "b/c.txt"]
    assert (scan(root), READ) == (first, [])


def test_a_changed_file_is_read_again(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1", "b.txt": "2"})
    scan(root)
    status = (root / "b.txt").stat()
    (root / "b.txt").write_text("3")
    os.utime(
        root / "b.txt", ns=(status.st_atime_ns, status.st_mtime_ns)
    )  # same size and time: the change time tells
    assert any(isinstance(row, Observation) and row.name == "3" for row in scan(root))
    assert READ == ["b.txt"]


def test_a_changed_sibling_counts_as_a_change(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1"})
    scan(root)
    (root / "beside.dat").write_text("new")
    assert any(isinstance(row, Observation) and row.name == "1new" for row in scan(root))


def plain(file: File) -> Iterator[Row]:
    READ.append(f"plain {file.path}")
    yield Gap("plain", file.at(), "seen")


def shared(file: File) -> Iterator[Row]:
    READ.append(f"shared {file.path}")
    yield Gap("shared", file.at(), file.once(_beside))


def _beside(file: File) -> str:
    beside = file.sibling("beside.dat")
    return beside.text() if beside else ""


PLAIN = Collector("plain", 1, ("*.txt",), plain, sees="statement")


def test_a_changed_sibling_counts_for_those_that_looked_at_it(make_tree: MakeTree) -> None:
    """What the other collectors of the file said holds, and is kept for the next time, too."""
    root = make_tree({"a.txt": "1", "beside.dat": "old"})
    scan(root, PLAIN, READER)
    (root / "beside.dat").write_text("new")
    rows = scan(root, PLAIN, READER)
    assert READ == ["a.txt"]
    assert any(isinstance(row, Observation) and row.name == "1new" for row in rows)
    assert any(isinstance(row, Gap) and row.by == "plain" for row in rows)
    assert (scan(root, PLAIN, READER), READ) == (rows, [])
    assert gather((Tree(root),), (PLAIN, READER), Serial()).rows == rows


def test_what_collectors_share_counts_for_all_of_them(make_tree: MakeTree) -> None:
    """The second of two collectors finds made what the first looked at a sibling for."""
    second = Collector("second", 1, ("*.txt",), shared, sees="statement")
    root = make_tree({"a.txt": "1", "beside.dat": "old"})
    both = (Collector("first", 1, ("*.txt",), shared, sees="statement"), second)
    scan(root, *both)
    (root / "beside.dat").write_text("new")
    rows = scan(root, *both)
    assert READ == ["shared a.txt", "shared a.txt"]
    assert {row.reason for row in rows if isinstance(row, Gap)} == {"new"}


def asks(file: File) -> Iterator[Row]:
    READ.append(file.path)
    there = "yes" if file.sibling("beside.dat") else "no"
    yield Gap("asks", file.at(), f"{there} {' '.join(file.siblings())}")


def test_whether_a_sibling_is_there_does_not_rest_on_its_bytes(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1", "beside.dat": "x"})
    asking = Collector("asks", 1, ("a.txt",), asks, sees="statement")
    first = scan(root, asking)
    (root / "beside.dat").write_text("y")
    assert (scan(root, asking), READ) == (first, [])
    (root / "beside.dat").unlink()
    assert [row.reason for row in scan(root, asking) if isinstance(row, Gap)] == ["no a.txt"]


def near(file: File) -> Iterator[Row]:
    READ.append(file.path)
    beside = file.sibling("beside.dat")
    assert beside is not None
    assert beside.local is not None
    yield Gap("near", file.at(), "seen")


def test_what_goes_to_the_disk_by_a_sibling_is_not_kept(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1", "beside.dat": "x"})
    asking = Collector("near", 1, ("a.txt",), near, sees="statement")
    scan(root, asking)
    scan(root, asking)
    assert READ == ["a.txt"]


def test_another_checkout_of_the_same_bytes_is_not_read_again(
    make_tree: MakeTree, tmp_path: Path
) -> None:
    root = make_tree({"a.txt": "1", "b/c.txt": "2", "b/beside.dat": "3"})
    first = scan(root)
    other = tmp_path / "another" / "checkout"
    for path in ("b/c.txt", "b/beside.dat", "a.txt"):
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        (other / path).write_bytes((root / path).read_bytes())
    assert (scan(other), READ) == (first, [])
    (other / "a.txt").rename(other / "d.txt")
    scan(other)
    assert READ == ["d.txt"]


def test_only_the_files_read_last_are_kept(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "_MOST", 2)
    root = make_tree({"a.txt": "1", "b.txt": "2", "c.txt": "3"})
    scan(root)
    scan(root.rename(tmp_path / "elsewhere"))
    assert READ == ["a.txt"]


def test_a_file_that_changed_since_it_was_listed_is_not_kept(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1"})
    tree = Tree(root)
    assert tree.listing[0]
    (root / "a.txt").write_text("2")
    told = gather((tree,), (READER,), Serial(), None, cached=True).rows
    assert any(isinstance(row, Observation) and row.name == "2" for row in told)
    (root / "a.txt").write_text("1")
    assert any(isinstance(row, Observation) and row.name == "1" for row in scan(root))


def test_a_file_that_changes_while_it_is_read_is_not_kept(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1"})

    def meddling(file: File) -> Iterator[Row]:
        (root / "a.txt").write_text("2")
        yield from reader(file)

    told = scan(root, Collector("reader", 1, ("*.txt",), meddling, sees="statement"))
    assert any(isinstance(row, Observation) and row.name == "2" for row in told)
    (root / "a.txt").write_text("1")
    assert any(isinstance(row, Observation) and row.name == "1" for row in scan(root))


def test_rows_are_written_a_batch_at_a_time(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is held of files under way does not grow with the tree; the rows do not depend on it."""
    files = {f"d{n % 3}/f{n}.txt": str(n) for n in range(20)}
    root = make_tree(files)
    whole = scan(root)
    monkeypatch.setattr(run, "_BATCH", 6)
    written: list[int] = []
    keep = stored.RowCache.store
    monkeypatch.setattr(
        stored.RowCache,
        "store",
        lambda self, fresh: written.append(len(fresh)) or keep(self, fresh),
    )
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "another"))
    beside = tmp_path / "beside"
    beside.mkdir()
    (beside / "x.txt").write_text("x")
    trees = [Tree(root), Tree(beside, label="beside")]
    found = gather(trees, (READER,), Serial(), None, cached=True)
    assert written == [6, 6, 6, 3]
    assert set(whole) < set(found.rows)
    assert (found.files, found.read) == (21, 21)
    assert len(set(found.rows)) == 3 * 21


def test_a_newer_collector_reads_again(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1"})
    scan(root)
    scan(root, Collector("reader", 2, ("*.txt",), reader, sees="statement"))
    assert READ == ["a.txt"]


def test_what_was_found_on_disk_itself_is_never_kept(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": "1"})
    collector = Collector("local", 1, ("*.txt",), local, sees="statement")
    scan(root, collector)
    scan(root, collector)
    assert READ == ["a.txt"]


def test_a_file_touched_just_now_is_not_trusted(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SETTLED", 60.0)
    root = make_tree({"a.txt": "1"})
    scan(root)
    scan(root)
    assert READ == ["a.txt"]


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_a_broken_cache_is_no_cache(make_tree: MakeTree, own_cache: Path, content: bytes) -> None:
    root = make_tree({"a.txt": "1"})
    first = scan(root)
    for path in own_cache.iterdir():
        path.write_bytes(content)
    assert scan(root) == first


def test_a_cache_that_cannot_be_made_is_no_cache(make_tree: MakeTree, own_cache: Path) -> None:
    own_cache.write_text("a file where the folder should be")
    assert len(scan(make_tree({"a.txt": "1"}))) == 3


def test_rows_survive_the_way_there_and_back() -> None:
    at = Location("a/b.py", 7, "/x/0")
    found: tuple[Row, ...] = (
        Gap("g", at, "reason"),
        Observation(
            "source",
            "n",
            "1",
            "pkg:pypi/n@1",
            Evidence("e", "filename", "low", at, "…"),
            (("a", "1"), ("a", "2")),
        ),
        Relation("s", "t", "contains", at, (("k", "v"),)),
    )
    assert stored.load_rows(stored.dump_rows(found)) == found
