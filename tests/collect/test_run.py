"""Which files reach which collector, and that nothing a collector does stops the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from aisbom.collect.collector import Collector
from aisbom.collect.executors import Processes, Serial
from aisbom.collect.run import _Patterns, gather
from aisbom.model import Evidence, Gap, Observation, Row
from aisbom.source.tree import File, Tree
from tests.conftest import MakeTree


def seen(file: File) -> Iterator[Row]:
    yield Observation("source", file.name, "", "", Evidence("seen", "filename", "high", file.at(1)))


def broken(file: File) -> Iterator[Row]:
    yield from seen(file)
    raise ValueError("line one\nline two of /home/alice/x")


def deep(file: File) -> Iterator[Row]:
    yield from deep(file)


def deadly(file: File) -> Iterator[Row]:
    if file.name == "kill.txt":
        os._exit(9)
    yield from seen(file)


@pytest.mark.parametrize(
    ("pattern", "path", "wanted"),
    [
        ("requirements*.txt", "a/requirements-dev.txt", True),
        ("requirements*.txt", "requirements.txt", True),
        ("requirements*.txt", "requirements/x.txt", False),
        ("requirements/*.txt", "a/requirements/x.txt", True),
        ("requirements/*.txt", "requirements/x.txt", True),
        ("requirements/*.txt", "requirements/sub/x.txt", False),
        ("*.dist-info/METADATA", "site-packages/a-1.0.dist-info/METADATA", True),
        ("METADATA", "a/METADATA", True),
        ("METADATA", "a/METADATA.txt", False),
        ("*.py", "a/b.py", True),
        ("*.py", "a/b.pyc", False),
        ("*.py", "a/py", False),
        ("*.safetensors.index.json", "m/model.safetensors.index.json", True),
        ("LICENSE*", "LICENSES/MIT.txt", False),
    ],
)
def test_patterns(pattern: str, path: str, wanted: bool) -> None:
    assert bool(_Patterns([(0, (pattern,))]).wanting(path)) is wanted


def test_rows_before_an_error_are_kept_and_the_error_is_one_redacted_line(
    make_tree: MakeTree,
) -> None:
    rows = gather(
        (Tree(make_tree({"a.txt": ""})),),
        [Collector("broken", 1, ("*.txt",), broken, sees="statement")],
        Serial(),
    ).rows
    assert [type(row) for row in rows] == [Gap, Observation]
    assert rows[0].reason == "cannot be read: line one line two of <path>"  # type: ignore[union-attr]


def test_endless_nesting_is_a_gap(make_tree: MakeTree) -> None:
    rows = gather(
        (Tree(make_tree({"a.txt": ""})),),
        [Collector("deep", 1, ("*.txt",), deep, sees="statement")],
        Serial(),
    ).rows
    assert [row.reason for row in rows if isinstance(row, Gap)] == ["nested too deeply: not read"]


def test_jobs_change_nothing(make_tree: MakeTree) -> None:
    tree = Tree(make_tree({f"d{n % 7}/f{n}.txt": "x" for n in range(300)}))
    collectors = [
        Collector("seen", 1, ("*.txt",), seen, sees="statement"),
        Collector("broken", 1, ("f1*.txt",), broken, sees="statement"),
    ]
    assert gather((tree,), collectors, Serial()) == gather((tree,), collectors, Processes(4))


def test_a_file_that_kills_its_reader_costs_only_itself(make_tree: MakeTree) -> None:
    tree = Tree(make_tree({**{f"f{n:03}.txt": "x" for n in range(200)}, "kill.txt": "x"}))
    rows = gather(
        (tree,), [Collector("deadly", 1, ("*.txt",), deadly, sees="statement")], Processes(2)
    ).rows
    gaps = [row for row in rows if isinstance(row, Gap)]
    assert [(gap.at.path, gap.reason) for gap in gaps] == [
        ("kill.txt", "its reader crashed: not looked at")
    ]
    assert len(rows) == 201


def test_an_environment_is_left_to_the_collectors_that_read_what_is_installed(
    make_tree: MakeTree,
) -> None:
    tree = Tree(make_tree({"lib/python3.11/site-packages/x/a.txt": "", "a.txt": ""}))
    plain, installed = (
        Collector("plain", 1, ("*.txt",), seen, sees="statement"),
        Collector("installed", 1, ("*.txt",), seen, installed=True, sees="statement"),
    )
    assert len(gather((tree,), [plain], Serial()).rows) == 1
    assert len(gather((tree,), [installed], Serial()).rows) == 2


def test_files_of_an_archive_are_read_by_forked_workers(tmp_path: Path) -> None:
    import zipfile

    packed = tmp_path / "x.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for n in range(300):
            archive.writestr(f"f{n}.txt", f"content {n} " * 200)

    def read(file: File) -> Iterator[Row]:
        yield Observation(
            "source", file.text()[:20], "", "", Evidence("read", "filename", "high", file.at(1))
        )

    tree = Tree(packed)
    one = gather((tree,), [Collector("read", 1, ("*.txt",), read, sees="statement")], Serial())
    many = gather(
        (Tree(packed),), [Collector("read", 1, ("*.txt",), read, sees="statement")], Processes(2)
    )
    assert one == many
    assert len({row.name for row in many.rows if isinstance(row, Observation)}) == 300
