"""Whom a copy may have been made before: nobody is told to have lost a line that the original did
not have yet.
"""

from __future__ import annotations

from pathlib import Path

from aisbom.codeprint.derive import derive
from aisbom.codeprint.fingerprints import of_file
from aisbom.codeprint.index import Index
from tests.codeprint.indexes import project as made_project
from tests.codeprint.made import sample

PATH = "src/lantern/lantern.py"
HEAD = "# Copyright 2024 Lantern Works Ltd. All rights reserved.\n"
BARE = sample("lantern").split("\n", 1)[1]


def more(name: str) -> str:
    """A function that no other name gives."""
    lines = "".join(f"    value = value * {n} + {name}_{n}(value)\n" for n in range(12))
    return f"\n\ndef {name}(value, other):\n{lines}    return value, other\n"


def later(tmp_path: Path, copy: str, *contents: str) -> tuple[str, ...]:
    releases = {f"v{n}": {PATH: text} for n, text in enumerate(contents, 1)}
    known = Index([made_project(tmp_path, "lantern", releases)])
    found = derive(of_file("entry.py", copy.encode()), known)  # type: ignore[arg-type]
    assert found is not None
    assert found.members[0].path == PATH
    return found.members[0].later


def grown(text: str, *names: str) -> str:
    return text + "".join(map(more, names))


def test_a_copy_of_a_version_without_a_head_lost_nobody_s_line(tmp_path: Path) -> None:
    assert later(tmp_path, BARE, BARE, HEAD + BARE) == ("Lantern Works Ltd",)


def test_a_head_that_was_always_there_is_lost(tmp_path: Path) -> None:
    assert later(tmp_path, BARE, HEAD + BARE, HEAD + grown(BARE, "a")) == ()


def test_what_came_in_with_the_head_may_have_come_before_it(tmp_path: Path) -> None:
    big = grown(BARE, *"abcdefgh")
    assert later(tmp_path, big, BARE, HEAD + big) == ("Lantern Works Ltd",)


def test_what_came_in_after_the_head_was_copied_with_it(tmp_path: Path) -> None:
    old, with_head = sample("harbour"), HEAD + sample("settings")
    assert later(tmp_path, BARE, old, with_head, HEAD + BARE) == ()


def test_of_contents_whose_functions_are_not_kept_nothing_is_shown(tmp_path: Path) -> None:
    first, last = grown(BARE, "a"), grown(BARE, *"abcdefghijkl")
    assert later(tmp_path, last, BARE, HEAD + first, HEAD + last) == ("Lantern Works Ltd",)
