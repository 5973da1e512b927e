"""The two walks of docs/architecture.md lead through functions that exist, in the order in which a
run of the program enters them.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from types import CodeType, FrameType

import pytest

from aisbom import cli
from tests.conftest import MakeTree

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
STEP = re.compile(
    r"^\d+\. \[`(?P<name>[\w.]+)`\]\(\.\./(?P<file>aisbom/[\w/]+\.py)\)", re.MULTILINE
)
WALKS = {"One file's way": "generate", "One claim's way": "check"}
MOST = 12


def steps(title: str) -> list[tuple[str, str]]:
    """(file, qualified name) of each step under a heading."""
    section = PAGE[PAGE.index(f"## {title}\n") :]
    section = section[: section.index("\n## ", 4)]
    assert len(re.findall(r"^\d+\. ", section, re.MULTILINE)) == len(STEP.findall(section))
    return [(match["file"], match["name"]) for match in STEP.finditer(section)]


def defined(file: str) -> set[str]:
    names = set()
    for node in ast.parse((ROOT / file).read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{n.name}" for n in node.body if isinstance(n, ast.FunctionDef)}
    return names


@pytest.mark.parametrize("title", WALKS)
def test_every_step_is_a_function_that_exists(title: str) -> None:
    found = steps(title)
    assert 1 < len(found) <= MOST
    for file, name in found:
        assert name in defined(file), f"{file}: {name}"


@pytest.mark.parametrize(("title", "command"), WALKS.items())
def test_the_steps_are_entered_in_that_order(
    title: str, command: str, make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_tree({"requirements.txt": "numpy==2.0.0\n"}))
    wanted = steps(title)
    codes: dict[CodeType, tuple[str, str] | None] = {}
    entered: list[tuple[str, str]] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        code = frame.f_code
        if code not in codes:
            path = Path(code.co_filename)
            inside = path.is_relative_to(ROOT)
            step = (path.relative_to(ROOT).as_posix() if inside else "", code.co_qualname)
            codes[code] = step if step in wanted else None
        step_ = codes[code]
        # Of a step that is entered often the first counts that follows the step before it.
        if step_ is not None and len(entered) < len(wanted) and step_ == wanted[len(entered)]:
            entered.append(step_)

    sys.setprofile(watch)
    try:
        cli.main([command, ".", "--no-cache", "--jobs", "1", "-q"])
    finally:
        sys.setprofile(None)
    assert entered == wanted
