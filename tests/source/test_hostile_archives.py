"""Archives made to break their reader: a gap, within bounds, and the neighbours are read."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from aisbom.source import archive, scratch
from aisbom.source.scratch import Scratch
from aisbom.source.tree import Tree


def header(name: str, size: int, kind: bytes = b"0") -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf()


def member(name: str, data: bytes) -> bytes:
    return header(name, len(data)) + data + bytes(-len(data) % 512)


def listed(root: Path) -> tuple[set[str], list[str]]:
    entries, gaps = Tree(root).listing
    return {entry.path for entry in entries}, [f"{gap.at}: {gap.reason}" for gap in gaps]


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"])
def test_a_header_that_would_fill_memory(tmp_path: Path, kind: bytes) -> None:
    data = member("ok.py", b"x = 1\n") + header("x", 100 << 20, kind) + bytes(100 << 20)
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(data, 1))
    (tmp_path / "b.py").write_text("")
    tracemalloc.start()
    paths, gaps = listed(tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()
    # The header is refused, and what came before it is there.
    assert (paths, len(gaps)) == ({"a.tar.gz", "a.tar.gz!/ok.py", "b.py"}, 1)
    (tmp_path / "a.tar.gz").unlink()
    (tmp_path / "a.tar").write_bytes(data)
    paths, gaps = listed(tmp_path)
    assert "a.tar!/ok.py" in paths
    assert "extended header" in gaps[0]


@pytest.mark.parametrize(
    "data",
    [
        header("s", 512, b"S") + bytes(1024),
        header("d", 0, b"3"),
        header("l", 0, b"2"),
        header("../out.py", 0),
        header("/abs.py", 0),
        header("big.py", 2**40),
        b"\xff" * 512,
    ],
)
def test_odd_members_are_said(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(member("ok.py", b"x = 1\n") + data + bytes(1024))
    paths, gaps = listed(tmp_path)
    assert (paths, len(gaps)) == ({"a.tar", "a.tar!/ok.py"}, 1)


def test_a_sparse_member_of_pax(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        info = tarfile.TarInfo("s.py")
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": str(1 << 60)}
        tar.addfile(info)
    assert "sparse" in listed(tmp_path)[1][0]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_names_in_every_form(tmp_path: Path, form: int) -> None:
    names = ["한글/모델.py", "a/" * 40 + "long.py", "b.py"]
    with tarfile.open(tmp_path / "a.tar", "w", format=form) as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 6
            tar.addfile(info, io.BytesIO(b"x = 1\n"))
    tree = Tree(tmp_path)
    assert {entry.path for entry in tree.listing[0]} == {"a.tar", *(f"a.tar!/{n}" for n in names)}
    found = tree.get("a.tar!/한글/모델.py")
    assert found is not None
    assert found.text() == "x = 1\n"


def test_names_of_korean_systems(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w", encoding="cp949", format=tarfile.GNU_FORMAT) as tar:
        tar.addfile(tarfile.TarInfo("모델.py"))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as zipped:
        info = zipfile.ZipInfo("model.py")
        zipped.writestr(info, "x")
    raw = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(raw.replace(b"model.py", "모델.py".encode("cp949") + b"x"))
    paths, gaps = listed(tmp_path)
    assert gaps == []
    assert {"a.tar!/모델.py", "b.zip!/모델.pyx"} <= paths


def test_members_of_one_name_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(member("m.py", b"1") + member("m.py", b"2") + bytes(1024))
    tree = Tree(tmp_path)
    found = tree.get("a.tar!/m.py")
    assert found is not None
    assert found.read() == b"2"
    assert "same name" in tree.listing[1][0].reason


def test_a_bomb_is_cut_by_its_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FREE", 1 << 20)
    data = header("x.py", 50 << 20) + bytes(50 << 20)
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(data, 9))
    (reason,) = listed(tmp_path)[1]
    assert "bomb" in reason


def test_archives_have_one_budget_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aisbom.source.tree.Scratch", lambda: Scratch(3 << 20))
    packed = gzip.compress(member("x.py", bytes(1 << 20)) + bytes(1024), 1)
    for number in range(5):
        (tmp_path / f"{number}.tar.gz").write_bytes(packed)
    paths, gaps = listed(tmp_path)
    assert sum("!" in path for path in paths) == 2
    assert sum("unpack to more" in gap for gap in gaps) == 3


def test_nested_archives_cost_no_memory(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as zipped:
        zipped.writestr("x.bin", bytes(20 << 20))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        for number in range(10):
            zipped.writestr(f"{number}.zip", inner.getvalue())
    del inner
    tracemalloc.start()
    paths, gaps = listed(tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert gaps == []
    assert sum(path.endswith("x.bin") for path in paths) == 10


def test_late_members_of_a_packed_tar_are_read_at_once(tmp_path: Path) -> None:
    data = b"".join(member(f"{n:03}.py", b"# x\n" * 500_000) for n in range(30)) + bytes(1024)
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(data, 1))
    tree = Tree(tmp_path)
    for number in reversed(range(30)):
        found = tree.get(f"a.tar.gz!/{number:03}.py")
        assert found is not None
        assert found.head(4) == b"# x\n"


def test_what_is_not_opened_is_said(tmp_path: Path) -> None:
    for name in ("a.7z", "b.rar", "c.tar.zst", "d.csv.gz", "e.lz4"):
        (tmp_path / name).write_bytes(b"x")
    for folder in ("__pycache__", ".eggs", ".hg", "x/__pycache__"):
        (tmp_path / folder).mkdir(parents=True)
    _, gaps = listed(tmp_path)
    assert sum("not opened" in gap for gap in gaps) == 5
    assert "__pycache__: folders called __pycache__ are not looked at (2 of them)" in gaps
    assert len(gaps) == 8


def test_only_folders_of_that_name_are_environments(tmp_path: Path) -> None:
    from aisbom.source.tree import in_environment

    assert in_environment("lib/site-packages/x/setup.py")
    assert in_environment("site-packages/x.py")
    assert not in_environment("my-site-packages/setup.py")


def test_pieces_read_by_place() -> None:
    held = Scratch().store(iter([b"abc", b"defgh"]), lambda size: None)
    piece = held.piece(2, 4)
    stream = piece.open()
    assert (stream.read(), piece.read_at(1, 99), held.read_at(7, 9)) == (b"cdef", b"def", b"h")
    assert scratch.MAX_UNPACKED > archive.MAX_TAR
