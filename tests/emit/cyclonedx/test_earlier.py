"""Documents of CycloneDX 1.5: valid, whole but for what that version lacks, and nothing to decide
from.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aisbom.emit.cyclonedx.schema import errors
from tests.program import document_of, every_component, run

FIXTURES = Path(__file__).parents[3] / "fixtures"
CASES = ("honest", "multimodal", "copied-code", "small-stack", "conan-lock")


@pytest.mark.parametrize("case", CASES)
def test_it_is_valid_and_names_the_same_parts(case: str) -> None:
    made = json.loads(document_of(FIXTURES / case, "--spec-version", "1.5").read_bytes())
    later = json.loads(document_of(FIXTURES / case).read_bytes())
    assert made["specVersion"] == "1.5"
    assert errors(made, "1.5") == []
    ours, theirs = every_component(made), every_component(later)
    for field in ("bom-ref", "name", "version", "purl", "hashes", "properties", "supplier"):
        assert [_plain(row.get(field)) for row in ours] == [
            _plain(row.get(field)) for row in theirs
        ]


def _plain(value: object) -> object:
    """A supplier without its seat, which 1.5 has no place for."""
    return {k: v for k, v in value.items() if k != "address"} if isinstance(value, dict) else value


def test_what_it_lacks_is_said(tmp_path: Path) -> None:
    tree = FIXTURES / "honest" / "input"
    words = ("--no-cache", "--spec-version", "1.5")
    done = run("generate", tree, "-o", tmp_path / "bom.json", *words)
    assert "1.5 has no place for claims" in done.stdout
    refused = run("score", tmp_path / "bom.json")
    assert (refused.returncode, "no place for claims" in refused.stderr) == (2, True)
    wrong = run("generate", tree, "-o", tmp_path / "bom.xml", *words)
    assert (wrong.returncode, "is written as JSON" in wrong.stderr) == (2, True)
