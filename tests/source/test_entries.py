"""Entries of a large tree say the same as a list of them, in less memory and in the same order."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.source import tree as trees
from aisbom.source import walk
from aisbom.source.entries import PackedEntries
from aisbom.source.entry import Entry
from aisbom.source.tree import Tree

NUMBERS = st.integers(-(2**63), 2**63 - 1)
STAMPS = st.one_of(
    st.just(""),
    st.builds(lambda m, c, i: f"{m}:{c}:{i}", NUMBERS, NUMBERS, st.integers(1, 2**64 - 1)),
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.text(max_size=12),
        st.integers(0, 2**60),
        st.sampled_from(["", "a.zip", "b/c.tar!/d.zip", "한.whl"]),
        STAMPS,
    ),
    max_size=20,
)


@given(ENTRIES)
def test_what_is_packed_comes_out(entries: list[Entry]) -> None:
    packed = PackedEntries(entries)
    assert list(packed) == entries
    assert [packed[at] for at in range(-len(entries), len(entries))] == entries * 2
    assert packed[1:9:2] == entries[1:9:2]
    assert [packed.path_at(at) for at in range(len(packed))] == [one.path for one in entries]
    paths = [one.path for one in entries]
    assert packed.in_order == (paths == sorted(set(paths)))
    for at in (len(entries), -len(entries) - 1):
        with pytest.raises(IndexError):
            packed[at]


def test_an_entry_takes_less_than_a_hundred_bytes() -> None:
    tracemalloc.start()
    try:
        packed = PackedEntries(
            Entry(f"package/module_{n // 1000:03}/sample_file_{n:06}.dat", n, "", f"{n}:{n}:{n}")
            for n in range(20_000)
        )
        assert tracemalloc.get_traced_memory()[0] / len(packed) < 110
    finally:
        tracemalloc.stop()


# Names that sort otherwise than the folders of these names: before and behind a slash, and an
# exclamation mark.
NAMES = ["a", "a b", "a!b", "a-b", "a.b", "a0", "b", ".git", ".git-x", "z.zip", "z.zip x", "z.zip!"]
SHAPES = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=1, max_size=12)


@given(shapes=SHAPES, few=st.integers(1, 6))
def test_a_large_tree_is_listed_as_a_small_one(
    tmp_path_factory: pytest.TempPathFactory, shapes: list[list[str]], few: int
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for parts in shapes:
        target = root.joinpath(*parts)
        if target.exists() or any(above.is_file() for above in target.parents):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.name == "z.zip":
            with zipfile.ZipFile(target, "w") as archive:
                archive.writestr("a", "1")
                archive.writestr("!", "2")
        else:
            target.write_text("x")
    small = Tree(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "FEW", few)
        patch.setattr(trees, "_INDEXED", 0)
        large = Tree(root)
        assert list(large.listing[0]) == list(small.listing[0])
        assert large.listing[1] == small.listing[1]
        assert isinstance(large.listing[0], PackedEntries) == (len(small.listing[0]) >= few)
        for entry in small.listing[0]:
            assert large._find(entry.path) == entry
            folder = entry.path.rpartition("/")[0]
            assert large.names(folder) == small.names(folder)
        assert large._find("a/none") is None


def test_a_path_names_one_file(tmp_path: Path) -> None:
    """A folder may be called as what an archive holds is shown: the file in it is read, and that
    the member of the archive is not read is said.
    """
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("a", "1")
        archive.writestr("b", "2")
    (tmp_path / "z.zip!").mkdir()
    (tmp_path / "z.zip!" / "a").write_text("3")
    tree = Tree(tmp_path)
    entries, gaps = tree.listing
    assert [(entry.path, entry.outer) for entry in entries] == [
        ("z.zip", ""),
        ("z.zip!/a", ""),
        ("z.zip!/b", "z.zip"),
    ]
    assert [(gap.at.path, gap.reason) for gap in gaps] == [
        ("z.zip!/a", "a member of an archive has this path, too: not looked at")
    ]
    found = tree.get("z.zip!/a")
    assert found is not None and found.head(9) == b"3"


def test_an_archive_in_a_folder_called_as_an_archive_is_opened(tmp_path: Path) -> None:
    for place, text in (("inner.zip", "1"), ("outer.zip!/inner.zip", "22")):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(tmp_path / place, "w") as archive:
            archive.writestr("a", text)
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "inner.zip")
    (tmp_path / "inner.zip").unlink()
    tree = Tree(tmp_path)
    entries, gaps = tree.listing
    assert [entry.path for entry in entries] == [
        "outer.zip",
        "outer.zip!/inner.zip",
        "outer.zip!/inner.zip!/a",
    ]
    assert [gap.at.path for gap in gaps] == ["outer.zip!/inner.zip"]
    found = tree.get("outer.zip!/inner.zip!/a")
    assert found is not None and found.head(9) == b"22"


def test_links_caches_and_what_is_no_file(tmp_path: Path) -> None:
    """Walked in the order of paths, a folder says what it always said."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "f.txt").write_text("x")
    (tmp_path / "a-b").write_text("x")
    (tmp_path / "link").symlink_to("a/f.txt")
    (tmp_path / "folder-link").symlink_to("a")
    (tmp_path / "out").symlink_to("/")
    (tmp_path / "broken").symlink_to("nothing")
    for name in ("__pycache__", "node_modules", ".git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f.txt").write_text("x")
    entries, gaps = Tree(tmp_path, skip=tmp_path / "a-b").listing
    assert [entry.path for entry in entries] == [".git", "a/f.txt", "link"]
    assert [(gap.at.path, gap.reason) for gap in gaps] == [
        ("__pycache__", "folders called __pycache__ are not looked at"),
        ("broken", "broken link"),
        ("node_modules", "npm packages are not read by this version"),
        ("out", "link out of the tree: not followed"),
    ]
