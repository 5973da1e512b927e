"""What the pages and the docstrings show as output is what the program prints."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.program import run

ROOT = Path(__file__).parent.parent
SHOWN = re.findall(
    r"<!-- output of: aisbom (.*?) -->\n```\n(.*?)\n```",
    (ROOT / "docs" / "score.md").read_text("utf-8"),
    re.DOTALL,
)


@pytest.mark.parametrize(("command", "block"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_worked_example_is_what_the_command_prints(command: str, block: str) -> None:
    done = run(
        *(str(ROOT / word) if word.startswith("fixtures/") else word for word in command.split())
    )
    printed = done.stdout.splitlines()
    missing = [line for line in block.splitlines() if line not in printed]
    assert (done.returncode, missing) == (0, [])


def test_there_is_a_worked_example() -> None:
    assert len(SHOWN) == 2


EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "aisbom").rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("module", EXAMPLES)
def test_examples_of_docstrings_are_true(module: str) -> None:
    done = doctest.testmod(import_module(module))
    assert (done.attempted > 0, done.failed) == (True, 0)
