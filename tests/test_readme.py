"""The README shows what the program prints: its examples are run, and `--accept` writes what came
out.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.program import run

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
EXAMPLE = re.compile(r"```console\n\$ aisbom (?P<command>[^\n]+)\n(?P<output>.*?)\n```", re.DOTALL)


def test_the_examples_are_real(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = README.read_text("utf-8")
    examples = list(EXAMPLE.finditer(text))
    assert len(examples) >= 2
    for example in examples:
        arguments = [
            word.replace("small.cdx.json", str(tmp_path / "small.cdx.json"))
            for word in example["command"].split()
        ]
        done = run(*arguments, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        if request.config.getoption("--accept"):
            text = text.replace(example["output"], done.stdout.strip("\n"), 1)
        else:
            assert done.stdout.strip("\n") == example["output"]
    if request.config.getoption("--accept"):
        README.write_text(text, "utf-8")


def test_there_are_two_set_up_commands() -> None:
    assert len(re.findall(r"^python -m pip install ", README.read_text("utf-8"), re.MULTILINE)) == 2


def test_every_link_leads_to_a_file() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text("utf-8")):
        assert (ROOT / target).exists(), target
