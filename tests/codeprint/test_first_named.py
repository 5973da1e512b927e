"""Since when a head names its holders: told of every content, also of those between two releases,
and of none that could not be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from aisbom.codeprint.build import build
from aisbom.codeprint.container import Container, as_json, write
from aisbom.codeprint.first_named import add_since
from aisbom.codeprint.git_releases import Clone
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.project import ALWAYS, Project
from tests.codeprint.indexes import cloned, code

PLAN = Plan("alpha", "pkg:pypi/alpha", holders=("Norae Labs",))
PATH = "src/a.py"
BARE = code("a")
NORAE = f"# Copyright 2021 Norae Labs. All rights reserved.\n{BARE}"


def since(data: bytes, path: str = PATH) -> tuple[int, ...]:
    project = Project(Container(data))
    notice = project.notice(project.number[path])
    assert notice is not None
    return notice.since


def made(tmp_path: Path, *texts: str, tags: str = "*") -> tuple[Path, bytes]:
    clone = cloned(tmp_path / "alpha", {f"v{n}": {PATH: text} for n, text in enumerate(texts, 1)})
    return clone, build([Place(clone, tags=tags)], PLAN).data


def retold(clone: Path, data: bytes, *, all_of_it: bool = True) -> bytes:
    with Clone(clone) as opened:

        def read(keys: Sequence[int]) -> Iterator[tuple[int, bytes]]:
            starts = {key.to_bytes(8, "big") for key in keys} if all_of_it else set()
            for start, content in opened.find_contents(starts):
                yield int.from_bytes(start, "big"), content

        return add_since(data, opened.list_changes(), read)[0]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ((BARE, NORAE, f"{NORAE}x = 1\n"), (1,)),
        ((NORAE, f"{NORAE}x = 1\n"), (ALWAYS,)),
        ((NORAE,), (ALWAYS,)),
        # Gone for one release: what counts is since when it is always there.
        ((NORAE, BARE, NORAE), (2,)),
        # The same organisation under another name, and another spelling of one.
        (
            (
                f"# Copyright (c) Facebook, Inc. and its affiliates.\n{BARE}",
                f"# Copyright (c) Meta Platforms, Inc. and affiliates.\n{BARE}",
            ),
            (ALWAYS,),
        ),
        ((f"# Copyright (c) The Norae-Labs Team\n{BARE}", NORAE), (ALWAYS,)),
        # Of two holders each has a day of its own.
        (
            (
                f"# Copyright 2021 NVIDIA CORPORATION.\n{BARE}",
                f"# Copyright 2022 Norae Labs.\n# Copyright 2021 NVIDIA CORPORATION.\n{BARE}",
            ),
            (1, ALWAYS),
        ),
    ],
)
def test_from_which_release_on_every_content_names_a_holder(
    tmp_path: Path, texts: tuple[str, ...], found: tuple[int, ...]
) -> None:
    clone, data = made(tmp_path, *texts)
    assert since(data) == found
    assert retold(clone, data) == data


def test_a_bare_content_between_two_releases_or_before_the_first_counts(tmp_path: Path) -> None:
    clone, data = made(tmp_path, BARE, NORAE, tags="v2")
    assert since(data) == (ALWAYS,)
    assert since(retold(clone, data)) == (0,)


def test_what_a_file_was_before_it_was_moved_counts(tmp_path: Path) -> None:
    files = {"v1": {"a.py": BARE}, "v2": {PATH: BARE}, "v3": {PATH: NORAE}}
    clone = cloned(tmp_path / "alpha", files)
    data = build([Place(clone, tags="v3")], PLAN).data
    assert since(retold(clone, data)) == (0,)


def test_contents_that_cannot_be_had_leave_it_open(tmp_path: Path) -> None:
    clone, data = made(tmp_path, BARE, NORAE)
    assert since(retold(clone, data, all_of_it=False)) == ()


def test_an_index_of_before_says_nothing_and_becomes_one_that_does(tmp_path: Path) -> None:
    clone, data = made(tmp_path, BARE, NORAE)
    packed = Container(data)
    told = {name: packed.json("notices.json")[name] for name in ("notices", "of")}
    members = {name: packed.read(name) for name in ("about.json", "paths.txt")}
    old = write(members | {"notices.json": as_json(told)}, packed.arrays())
    assert since(old) == ()
    assert retold(clone, old) == data
    project = Project(Container(old))
    assert project.holders_in(project.number[PATH], 0) == ()
    assert Project(Container(data)).holders_in(0, 1) == ("Norae Labs",)
    assert Project(Container(data)).holders_in(0, 0) == ()
