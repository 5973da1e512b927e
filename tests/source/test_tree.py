"""The walk: one order, no link out, nothing but regular files opened, archives in place."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.model import Gap
from aisbom.source.text import decode
from aisbom.source.tree import Entry, Tree, Unreadable
from tests.conftest import MakeTree


def paths(tree: Tree) -> list[str]:
    return [entry.path for entry in tree.listing[0]]


def reasons(tree: Tree) -> dict[str, str]:
    return {gap.at.path: gap.reason for gap in tree.listing[1]}


def test_files_come_in_path_order_and_caches_are_left_out(make_tree: MakeTree) -> None:
    root = make_tree({"b.txt": "", "a/z.txt": "", "a/__pycache__/z.pyc": "", "A.txt": ""})
    assert paths(Tree(root)) == ["A.txt", "a/z.txt", "b.txt"]


def test_git_folders_are_one_entry(make_tree: MakeTree) -> None:
    root = make_tree({".git/HEAD": "ref: refs/heads/main", "x/.git": "gitdir: ../.git/modules/x"})
    assert paths(Tree(root)) == [".git", "x/.git"]


def test_links_inside_are_files_and_links_out_are_gaps(make_tree: MakeTree, tmp_path: Path) -> None:
    root = make_tree({"blobs/1": "x"})
    (tmp_path / "secret.txt").write_text("secret")
    (root / "in.txt").symlink_to("blobs/1")
    (root / "out.txt").symlink_to("../secret.txt")
    (root / "loop").symlink_to(".")
    (root / "gone.txt").symlink_to("nowhere")
    tree = Tree(root)
    assert paths(tree) == ["blobs/1", "in.txt"]
    assert reasons(tree) == {
        "out.txt": "link out of the tree: not followed",
        "gone.txt": "broken link",
    }


def test_a_link_of_an_environment_to_its_interpreter_is_no_gap_but_a_lookalike_is(
    make_tree: MakeTree, tmp_path: Path
) -> None:
    root = make_tree({"bin/x": ""})
    (tmp_path / "python3.11").write_text("")
    (root / "bin/python3").symlink_to("../../python3.11")
    (root / "bin/python_evil.py").symlink_to("../../python3.11")
    assert list(reasons(Tree(root))) == ["bin/python_evil.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_opened(make_tree: MakeTree) -> None:
    root = make_tree({"a.txt": ""})
    os.mkfifo(root / "requirements.txt")
    assert reasons(Tree(root)) == {"requirements.txt": "not a regular file: not opened"}


def test_excluded_paths_are_gaps(make_tree: MakeTree) -> None:
    tree = Tree(make_tree({"data/a": "", "src/b": ""}), exclude=("data",))
    assert (paths(tree), list(reasons(tree))) == (["src/b"], ["data"])


def test_the_output_and_our_own_documents_at_the_top_are_not_input(make_tree: MakeTree) -> None:
    root = make_tree({"aisbom.cdx.json": "{}", "out.json": "{}", "sub/aisbom.cdx.json": "{}"})
    assert paths(Tree(root, skip=root / "out.json")) == ["sub/aisbom.cdx.json"]


def test_siblings_stay_inside_the_tree(make_tree: MakeTree) -> None:
    tree = Tree(make_tree({"a/b.txt": "", "c.txt": "see"}))
    file = tree.get("a/b.txt")
    assert file is not None
    found = file.sibling("../c.txt")
    assert found is not None
    assert found.text() == "see"
    assert file.sibling("../../c.txt") is None
    assert file.sibling("/etc/passwd") is None


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w:gz") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def test_archives_in_the_tree_are_read_in_place(make_tree: MakeTree) -> None:
    inner = zipped({"m.txt": b"deep"})
    root = make_tree(
        {
            "dist/a.whl": zipped({"a/x.py": b"1", "in.zip": inner}),
            "b.tar.gz": tarred({"b-1/y.py": b"2"}),
        }
    )
    tree = Tree(root)
    assert paths(tree) == [
        "b.tar.gz",
        "b.tar.gz!/b-1/y.py",
        "dist/a.whl",
        "dist/a.whl!/a/x.py",
        "dist/a.whl!/in.zip",
        "dist/a.whl!/in.zip!/m.txt",
    ]
    assert [tree.get(p).read() for p in paths(tree) if p.endswith((".py", ".txt"))] == [
        b"2",
        b"1",
        b"deep",
    ]  # type: ignore[union-attr]


def test_what_is_left_out_of_an_archive_is_said(make_tree: MakeTree) -> None:
    members = {"a/.hg/r.txt": b"x", "a/.hg/s.txt": b"x", "a/b.py": b"1", "a/__pycache__/c": b"2"}
    root = make_tree({"x.zip": zipped({**members, "no/1.py": b"1", "no/2.py": b"2"})})
    tree = Tree(root, exclude=("x.zip!/no",))
    assert paths(tree) == ["x.zip", "x.zip!/a/b.py"]
    assert [(gap.at.path, gap.reason) for gap in tree.listing[1]] == [
        ("x.zip!/a/.hg", "folders called .hg are not looked at"),
        ("x.zip!/a/__pycache__", "folders called __pycache__ are not looked at"),
        (
            "x.zip!/no/1.py",
            "excluded on request: not looked at (and 1 more members of this archive)",
        ),
    ]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_packed_root_is_shown_without_its_single_folder(tmp_path: Path, mode: str) -> None:
    packed = tmp_path / f"x-1.0.tar{mode[1:].replace(':', '.')}"
    packed.write_bytes(tarred({"x-1.0/PKG-INFO": b"Name: x", "x-1.0/x/a.py": b"#"}, mode))
    tree = Tree(packed)
    assert paths(tree) == ["PKG-INFO", "x/a.py"]
    assert tree.get("PKG-INFO").read() == b"Name: x"  # type: ignore[union-attr]


def test_members_that_leave_the_archive_or_link_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind in (
            ("ok.txt", tarfile.REGTYPE),
            ("../up.txt", tarfile.REGTYPE),
            ("/abs.txt", tarfile.REGTYPE),
        ):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
            assert kind == tarfile.REGTYPE
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    packed = tmp_path / "evil.tar"
    packed.write_bytes(stream.getvalue())
    tree = Tree(packed)
    assert paths(tree) == ["ok.txt"]
    assert set(reasons(tree)) == {"../up.txt", "/abs.txt", "link.txt"}


def test_many_members_refused_for_one_reason_are_one_gap(tmp_path: Path) -> None:
    packed = tmp_path / "up.tar"
    packed.write_bytes(tarred({f"../up{n}.txt": b"" for n in range(300)} | {"ok.txt": b""}, "w"))
    gaps = Tree(packed).listing[1]
    assert [gap.reason for gap in gaps] == [
        "path that leaves the archive: not opened (and 299 more members of this archive)"
    ]


def test_an_archive_in_an_environment_is_not_opened(make_tree: MakeTree) -> None:
    tree = Tree(make_tree({"lib/python3.11/site-packages/x/data.tar": tarred({"a.txt": b""}, "w")}))
    assert paths(tree) == ["lib/python3.11/site-packages/x/data.tar"]


@pytest.mark.parametrize("name", ["x.zip", "x.whl", "x.tar.gz", "x.tar.xz", "x.tar"])
def test_a_broken_archive_is_a_gap_that_names_it(make_tree: MakeTree, name: str) -> None:
    tree = Tree(make_tree({name: b"PK\x03\x04 this is no archive at all" * 20, "ok.txt": ""}))
    assert paths(tree) == ["ok.txt", name]
    assert "archive cannot be read" in reasons(tree)[name]


def test_a_truncated_tar_keeps_what_came_before_the_damage(tmp_path: Path) -> None:
    whole = tarred({f"m{n}.txt": os.urandom(4000) for n in range(20)})
    packed = tmp_path / "cut.tar.gz"
    packed.write_bytes(whole[: len(whole) // 2])
    tree = Tree(packed)
    assert len(paths(tree)) >= 5
    assert any("damaged" in gap.reason for gap in tree.listing[1])


def test_a_zip_bomb_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    packed = tmp_path / "bomb.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("requirements.txt", b"\0" * 200_000_000)
    file = Tree(packed).get("requirements.txt")
    assert file is not None
    with pytest.raises(Unreadable, match="larger than"):
        file.read()


def test_a_listing_does_not_depend_on_who_asks(make_tree: MakeTree) -> None:
    root = make_tree({f"d{n}/f{n}.txt": "" for n in range(30)})
    assert Tree(root).listing == Tree(root).listing
    assert all(isinstance(gap, Gap) for gap in Tree(root).listing[1])


@pytest.mark.parametrize(
    "codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949", "utf-8"]
)
def test_text_is_decoded(codec: str) -> None:
    assert decode(
        "요구 사항\r\nnumpy==1.0\n".encode(codec)
    ) == "요구 사항\nnumpy==1.0\n" or codec.startswith("utf-16-")
    assert "numpy==1.0" in decode("numpy==1.0\r\n".encode(codec))


def test_latin_1_is_the_last_resort() -> None:
    assert decode(b"# caf\xe9\nnumpy\n") == "# café\nnumpy\n"


@given(st.binary(max_size=2000))
def test_decoding_never_fails(data: bytes) -> None:
    assert isinstance(decode(data), str)


def test_what_is_kept_of_a_file_is_read_once(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = Tree(make_tree({"a.txt": "one\r\ntwo", "b.txt": "beside", "big.bin": b"x" * 200_000}))
    opened: list[str] = []
    real = Tree.open

    def count(self: Tree, entry: Entry) -> BinaryIO:
        opened.append(entry.path)
        return real(self, entry)

    monkeypatch.setattr(Tree, "open", count)
    file = tree.get("a.txt", keep=True)
    assert file is not None
    assert (file.head(3), file.read(), file.text()) == (b"one", b"one\r\ntwo", "one\ntwo")
    for _ in range(2):
        beside = file.sibling("b.txt")
        assert beside is not None
        assert beside.text() == "beside"
    assert opened == ["a.txt", "b.txt"]
    file.close()

    big = tree.get("big.bin", keep=True)
    assert big is not None
    assert (len(big.head(10)), len(big.head(60_000))) == (10, 60_000)
    with big.open() as stream:  # the stream of the first look, from its beginning
        assert len(stream.read()) == 200_000
    assert opened == ["a.txt", "b.txt", "big.bin"]
    assert len(big.read()) == 200_000
    assert opened[3:] == ["big.bin"]
    with pytest.raises(Unreadable, match="larger than 100 bytes"):
        big.read(100)
    big.close()

    plain = tree.get("a.txt")
    assert plain is not None
    assert (plain.read(), plain.read()) == (b"one\r\ntwo", b"one\r\ntwo")
    assert opened[4:] == ["a.txt", "a.txt"]


@pytest.mark.parametrize("what", ["link", "folder", "other file", "pipe"])
def test_what_takes_the_place_of_a_file_after_it_was_listed_is_not_read(
    make_tree: MakeTree, tmp_path: Path, what: str
) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.txt").write_text("secret")
    root = make_tree({"sub/a.txt": "x", "b.txt": "kept"})
    tree = Tree(root)
    assert len(tree.listing[0]) == 2
    if what == "folder":
        (root / "sub").rename(tmp_path / "moved")
        (root / "sub").symlink_to(tmp_path / "secret")
    else:
        (root / "sub" / "a.txt").rename(tmp_path / "moved")
        if what == "link":
            (root / "sub" / "a.txt").symlink_to(tmp_path / "secret" / "a.txt")
        elif what == "pipe":
            os.mkfifo(root / "sub" / "a.txt")
        else:
            (root / "sub" / "a.txt").write_text("secret")
    found = tree.get("sub/a.txt")
    assert found is not None
    with pytest.raises(Unreadable):
        found.read()
    kept = tree.get("b.txt")
    assert kept is not None
    assert kept.text() == "kept"


@pytest.mark.parametrize("most", [0, 50_000])
def test_files_and_names_are_found_with_and_without_a_table(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """A table of a million files would be a third of the memory of their list."""
    monkeypatch.setattr("aisbom.source.tree._INDEXED", most)
    paths = ["a.txt", "a/b.txt", "a/c/d.txt", "a/e.txt", "a-b/f.txt", "a0/g.txt", "b/h.txt"]
    tree = Tree(make_tree(dict.fromkeys(paths, "x")))
    for path in paths:
        found = tree.get(path)
        assert found is not None
        assert found.path == path
    assert [tree.get(path) for path in ("", "a", "a/c", "a/b", "zzz", "a/z.txt")] == [None] * 6
    for folder in ("", "a", "a/c", "a-b", "a0", "b", "none", "a/"):
        beside = [path.rpartition("/") for path in paths]
        assert tree.names(folder) == tuple(sorted(n for f, _, n in beside if f == folder))
