"""Fingerprints made again: exact contents stay, and nothing that was printed is lost without a
word.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aisbom.codeprint.build import build
from aisbom.codeprint.container import Container
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.reprint import reprint
from tests.codeprint.indexes import cloned, code

PLAN = Plan("alpha", "pkg:pypi/alpha", licence="Apache-2.0", printed=("src/a*",))


def files(*names: str) -> dict[str, str]:
    return {f"src/{name}.py": code(name) for name in names}


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    place = Place(cloned(tmp_path / "alpha", {"v1": files("a", "b"), "v2": files("a", "ab")}))
    made = build([place], PLAN)
    again, lacking = reprint(made.data, [place], PLAN)
    assert (again.data, lacking, again.prints) == (made.data, 0, made.prints)


def test_another_plan_changes_fingerprints_and_nothing_else(tmp_path: Path) -> None:
    place = Place(cloned(tmp_path / "alpha", {"v1": files("a", "b"), "v2": files("a", "b", "c")}))
    plan = replace(PLAN, printed=("src/*",))
    wider, _ = reprint(build([place], PLAN).data, [place], plan)
    assert wider.data == build([place], plan).data


def test_what_is_not_there_any_more_is_counted_and_an_earlier_content_stands_for_it(
    tmp_path: Path,
) -> None:
    old, new = {"src/a.py": code("old")}, {"src/a.py": code("new"), "src/ab.py": code("ab")}
    whole = Place(cloned(tmp_path / "alpha", {"v1": old, "v2": new}))
    part = Place(cloned(tmp_path / "part", {"v1": old}))
    again, lacking = reprint(build([whole], PLAN).data, [part], PLAN)
    assert (lacking, again.prints) == (2, 1)
    packed = Container(again.data)
    assert packed.read("paths.txt") == b"src/a.py\nsrc/ab.py"
    assert (
        packed.array("print_total").tolist()
        == Container(build([part], PLAN).data).array("print_total").tolist()
    )


def test_what_is_no_index_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no sound index"):
        reprint(b"PK", [], PLAN)
