"""An index file: the same content gives the same bytes, and a hostile one is one ValueError."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.codeprint.container import Container, write
from aisbom.codeprint.contents import Blobs
from aisbom.codeprint.index import Index, add, check, load
from aisbom.codeprint.project import Notice, Project
from tests.codeprint.indexes import package, project

ABOUT = (
    b'{"layout": 1, "project": "p", "purl": "pkg:pypi/p", "releases": [{"version": "1", "tag":'
    b' "v1", "commit": "", "date": ""}]}'
)
ROWS = {
    "blob": np.array([5, 9], np.uint64),
    "blob_path": np.array([0, 1], np.uint32),
    "blob_first": np.array([0, 0], np.uint16),
    "blob_last": np.array([0, 0], np.uint16),
    "blob_size": np.array([2, 2], np.uint8),
}
MEMBERS = {"about.json": ABOUT, "paths.txt": b"a.py\nb.py"}


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return target.getvalue()


def _npy(header: str, data: bytes) -> bytes:
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def test_what_is_written_is_read_and_the_same_content_gives_the_same_bytes() -> None:
    data = write(MEMBERS, ROWS)
    assert data == write(dict(reversed(MEMBERS.items())), dict(reversed(ROWS.items())))
    container = Container(data)
    assert container.read("about.json") == ABOUT
    assert all(
        (container.array(name) == array).all() and container.array(name).dtype == array.dtype
        for name, array in ROWS.items()
    )
    with pytest.raises(ValueError, match="plain numbers"):
        write({}, {"x": np.array([[1]])})
    with pytest.raises(ValueError, match="plain numbers"):
        write({}, {"x": np.array(["text"], object)})


@pytest.mark.parametrize("at", [0, 1, 10, 200, -1, -30])
def test_a_truncated_file_is_no_index(at: int) -> None:
    with pytest.raises(ValueError, match=r"no sound index|layout"):
        check(Project(Container(write(MEMBERS, ROWS)[:at])))


BROKEN = {
    "object": _npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", b"\x80\x04N."),
    "structured": _npy(
        "{'descr': [('a', '<u8')], 'fortran_order': False, 'shape': (2,), }", bytes(16)
    ),
    "big": _npy("{'descr': '>u8', 'fortran_order': False, 'shape': (2,), }", bytes(16)),
    "square": _npy("{'descr': '<u8', 'fortran_order': False, 'shape': (1, 2), }", bytes(16)),
    "longer": _npy(
        "{'descr': '<u8', 'fortran_order': False, 'shape': (10000000000000,), }", bytes(16)
    ),
    "negative": _npy("{'descr': '<u8', 'fortran_order': False, 'shape': (-2,), }", bytes(16)),
    "code": _npy(
        "{'descr': __import__('os').getcwd(), 'fortran_order': False, 'shape': (2,), }", bytes(16)
    ),
    "nested": _npy("(" * 100, bytes(16)),
    "empty": b"",
    "text": b"this is no array",
    "version": b"\x93NUMPY\x09\x00" + bytes(100),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_hostile_array_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="no sound index: array blob"):
        Container(_zip({**MEMBERS, "blob.npy": BROKEN[kind]})).array("blob")


GROUPS = {
    "no head": b"",
    "no line": b'{"blob": ["<u8", 0]}',
    "list": b"[]\n",
    "object": b'{"blob": ["|O", 2]}\n' + bytes(16),
    "big": b'{"blob": [">u8", 2]}\n' + bytes(16),
    "longer": b'{"blob": ["<u8", 3]}\n' + bytes(16),
    "shorter": b'{"blob": ["<u8", 1]}\n' + bytes(16),
    "negative": b'{"blob": ["<u8", -2]}\n' + bytes(16),
    "endless": b'{"blob": ["<u8", Infinity]}\n' + bytes(16),
    "name": b'{"../blob": ["<u8", 2]}\n' + bytes(16),
    "deep": b"[" * 10_000 + b"\n",
    "another": b'{"blobs": ["<u8", 2]}\n' + bytes(16),
}


@pytest.mark.parametrize("kind", GROUPS)
def test_hostile_arrays_of_one_member_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=r"no sound index: (?:it holds no )?arrays? \S+"):
        Container(_zip({**MEMBERS, "blob.arrays": GROUPS[kind]})).array("blob")


def test_an_index_with_a_member_for_each_array_is_read_as_before() -> None:
    members = dict(MEMBERS)
    for name, array in ROWS.items():
        kind = f"{{'descr': '{array.dtype.str}', 'fortran_order': False, 'shape': (2,), }}"
        members[f"{name}.npy"] = _npy(kind, array.tobytes())
    old, new = Container(_zip(members)), Container(write(MEMBERS, ROWS))
    assert old.arrays("blob").keys() == new.arrays("blob").keys() == ROWS.keys()
    assert old.arrays("print_") == new.arrays("print_") == {}
    assert all((old.array(name) == new.array(name)).all() for name in ROWS)


def test_a_member_that_claims_more_than_it_packs_is_not_unpacked() -> None:
    data = bytearray(_zip({"about.json": b"x" * 100}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 200 * 1024 * 1024)
    with pytest.raises(ValueError, match="claims 209,715,200 bytes"):
        Container(bytes(data)).read("about.json")


def test_other_compressions_double_names_and_absent_members_are_refused() -> None:
    with pytest.raises(ValueError, match="not read"):
        Container(_zip({"about.json": b"x"}, zipfile.ZIP_LZMA)).read("about.json")
    with pytest.raises(ValueError, match="holds no"):
        Container(_zip({})).read("about.json")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("about.json", b"{}")
        packed.writestr("about.json", b"{}")
    with pytest.raises(ValueError, match="two of one name"):
        Container(target.getvalue())


@pytest.mark.parametrize(
    "about",
    [
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"layout": 2}',
        b"\xff\xfe",
        ABOUT.replace(b'"p"', b"[1]"),
        ABOUT.replace(b'"v1"', b"7"),
        ABOUT.replace(b'[{"version"', b'["version", {"version"'),
        ABOUT.replace(b'"pkg:pypi/p"', b'"a\\nb"'),
        b'{"layout": 1, "project": "p", "purl": "pkg:pypi/p", "releases": []}',
    ],
)
def test_an_about_that_is_not_what_it_should_be_is_refused(about: bytes) -> None:
    with pytest.raises(ValueError, match=r"no sound index|no index"):
        Project(Container(_zip({**MEMBERS, "about.json": about})))


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("blob_path", np.array([0, 7], np.uint32)),
        ("blob_path", np.array([1, 0], np.uint32)),
        ("blob_path", np.array([0], np.uint32)),
        ("blob_last", np.array([0, 3], np.uint16)),
        ("blob_first", np.array([1, 1], np.uint16)),
        ("blob", np.array([], np.uint64)),
    ],
)
def test_arrays_that_do_not_fit_one_another_are_refused(name: str, array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"its arrays"):
        Blobs(Project(Container(write(MEMBERS, {**ROWS, name: array}))))


@given(st.binary(max_size=400), st.integers(0, 400))
def test_bytes_of_any_kind_are_an_index_or_a_value_error(noise: bytes, at: int) -> None:
    data = write(MEMBERS, ROWS)
    try:
        check(Project(Container(data[:at] + noise + data[at + len(noise) :])))
    except ValueError as error:
        assert "\n" not in str(error)


def test_added_indexes_take_part_and_broken_ones_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AISBOM_CODE_INDEX", str(tmp_path / "own"))
    before, _ = load()
    kept = add(write(MEMBERS, ROWS))
    (tmp_path / "own" / "bad.codeindex").write_bytes(b"PK")
    after, notes = load()
    assert kept.name == "p.codeindex" and len(after.projects) == len(before.projects) + 1
    assert [note.partition(":")[0] for note in notes] == ["code index bad.codeindex"]
    assert after.digest != before.digest and "added by the user" in after.coverage()
    for name in ("../x", "a/b", "", "."):
        if name:
            with pytest.raises(ValueError, match="plain file name"):
                add(write(MEMBERS, ROWS), name)
    with pytest.raises(ValueError, match="no sound index"):
        add(b"")


def test_an_index_says_what_it_covers(tmp_path: Path) -> None:
    known = Index(
        [project(tmp_path, "alpha", {"v1.0": package("alpha", 6), "v2.0": package("alpha", 9)})]
    )
    assert known.coverage().startswith("The index of known code holds 2 releases of 1 project")
    assert "2023-11-" in known.coverage()
    assert Index(()).coverage() == "The index of known code is empty."


def test_a_notice_knows_a_name_it_does_not_carry() -> None:
    notice = Notice(("Some Company",), "MIT", ("0" * 16,))
    assert notice.names("some company") and not notice.names("Another")
