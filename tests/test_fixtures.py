"""Every folder of fixtures/ is a case: `input/` is scanned by the real program, `expected.json` is
what must come out.

`python -m pytest tests/test_fixtures.py --accept` writes the expectations anew; read the difference
before committing it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aisbom.codeprint.build import build
from aisbom.codeprint.plan import Place, Plan
from tests.program import essence, every_component, properties, run

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = sorted(path.parent for path in FIXTURES.glob("*/input"))


def indexed(upstream: Path, folder: Path) -> Path:
    """A folder with an index of the releases below `upstream`, one folder a version."""
    places = [Place(release, version=release.name) for release in sorted(upstream.iterdir())]
    plan = Plan(
        "norae", "pkg:pypi/norae", "https://github.com/norae-labs/norae", "MIT", ("Norae Labs",)
    )
    folder.mkdir()
    (folder / "norae.codeindex").write_bytes(build(places, plan).data)
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_case(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    arguments = (
        json.loads((case / "arguments.json").read_text("utf-8"))
        if (case / "arguments.json").exists()
        else []
    )
    output = tmp_path / "out.json"
    upstream = case / (
        (case / "index-of").read_text("utf-8").strip()
        if (case / "index-of").exists()
        else "upstream"
    )
    more = (
        {"AISBOM_CODE_INDEX": str(indexed(upstream, tmp_path / "index"))}
        if upstream.exists()
        else {}
    )
    done = run(
        "generate", case / "input", "-o", output, "--quiet", "--no-cache", *arguments, **more
    )
    assert done.stderr == ""
    assert done.returncode == 0
    found = essence(json.loads(output.read_text("utf-8")))
    expected = case / "expected.json"
    if request.config.getoption("--accept"):
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    assert found == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize(
    "case", sorted(path.parent for path in FIXTURES.glob("*/parts.txt")), ids=lambda p: p.name
)
def test_the_core_is_what_a_reader_finds(case: Path, tmp_path: Path) -> None:
    """`parts.txt` was written before the program was run: class and name of every part of the
    core but code, and of no other.
    """
    output = tmp_path / "out.json"
    run("generate", case / "input", "-o", output, "--quiet", "--no-cache")
    found = []
    for one in every_component(json.loads(output.read_text("utf-8"))):
        kind = properties(one, "aisbom:component:class")
        core = properties(one, "aisbom:component:role") == ["core"]
        if core and kind != ["model-code"] and not one["bom-ref"].startswith("weights:"):
            found.append(f"{kind[0]} {one['name']}")
    assert sorted(found) == sorted((case / "parts.txt").read_text("utf-8").split("\n")[:-1])


def test_there_are_cases() -> None:
    assert CASES
