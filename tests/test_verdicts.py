"""The submissions of fixtures/ under every definition: the golden table, and the document that
tells the same as the tree.

`python -m pytest tests/test_verdicts.py --accept` writes fixtures/verdicts.md anew; read every line
of the difference before committing it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aisbom.judge import profile as profiles
from tests.program import document_of, properties, run, run_once

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = (
    "honest",
    "inherited-family",
    "notice-replaced",
    "notice-replaced-reviewed",
    "encoders-frozen",
    "encoders-tuned",
    "encoders-unknown",
)
WORDS = {"pass": "pass", "fail": "**fail**", "unknown": "unknown"}
HEAD = """# The verdict of every requirement on every submission

Written by `python -m pytest tests/test_verdicts.py --accept` from what the program prints. The submissions are invented, and shaped like
the disputes: a model whose code inherits from a foreign family while its weights are attested from scratch; serving code that was copied
with its notice replaced, without and with the report of a reviewer; encoders of others that are frozen, trained further, or of unknown
origin; and an honest one. *Unknown* is what files cannot tell: no index of code holds what these invented projects copied, so a
replaced notice is unknown until somebody who compared it says so. An aim (a row in brackets) decides nothing.
"""


def told(case: str, *arguments: str | Path, source: Path | None = None) -> Any:
    done = run_once(
        "score", source or FIXTURES / case / "input", "--format", "json", "--no-cache", *arguments
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def scores() -> dict[str, dict[str, Any]]:
    """`{case: {profile: score}}`"""
    return {
        case: {row["profile"].partition("@")[0]: row for row in told(case, "--all-profiles")}
        for case in CASES
    }


def table(scores: dict[str, dict[str, Any]]) -> str:
    lines = [HEAD]
    for name in profiles.by_breadth():
        lines += [
            f"## {name}",
            "",
            f"| requirement | {' | '.join(CASES)} |",
            "|---|" + "---|" * len(CASES),
        ]
        for number, first in enumerate(scores[CASES[0]][name]["requirements"]):
            rows = [scores[case][name]["requirements"][number] for case in CASES]
            shown = f"`{first['id']}` {first['title']}"
            shown = shown if first["severity"] == "error" else f"({shown})"
            lines.append(f"| {shown} | {' | '.join(WORDS[row['verdict']] for row in rows)} |")
        lines.append(
            f"| **verdict** | {' | '.join(scores[case][name]['verdict'] for case in CASES)} |"
        )
        pairs = [scores[case][name]["core"]["total"] for case in CASES]
        lines += [
            (
                "| core, from and to |"
                f" {' | '.join(f'{low:.2f} to {high:.2f}' for low, high in pairs)} |"
            ),
            "",
        ]
    return "\n".join(lines)


def test_the_golden_table(
    scores: dict[str, dict[str, Any]], request: pytest.FixtureRequest
) -> None:
    golden = FIXTURES / "verdicts.md"
    found = table(scores)
    if request.config.getoption("--accept"):
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")


def verdict(score: dict[str, Any], identity: str) -> str:
    return next(str(row["verdict"]) for row in score["requirements"] if row["id"] == identity)


def test_foreign_code_lineage_with_own_attested_weights_meets_the_minimum_condition(
    scores: dict[str, dict[str, Any]],
) -> None:
    score = scores["inherited-family"]["kr-msit-2026-01"]
    assert [
        verdict(score, f"minimum.{name}") for name in ("backbone", "encoders", "trained-at-home")
    ] == ["pass"] * 3
    assert verdict(score, "technical.architecture") == "unknown"


def test_frozen_encoders_of_others_fail_it_and_those_trained_further_are_open(
    scores: dict[str, dict[str, Any]],
) -> None:
    words = {
        case: verdict(scores[case]["kr-msit-2026-01"], "minimum.encoders")
        for case in CASES
        if case.startswith("encoders")
    }
    assert words == {
        "encoders-frozen": "fail",
        "encoders-tuned": "unknown",
        "encoders-unknown": "unknown",
    }


def test_the_boundary_decides_and_the_table_shows_it(scores: dict[str, dict[str, Any]]) -> None:
    """The same facts: whoever counts only the backbone sees a sovereign model, whoever counts the
    encoders does not.
    """
    assert scores["encoders-frozen"]["weights-only"]["verdict"] == "pass"
    assert scores["encoders-frozen"]["weights+encoders"]["verdict"] == "fail"


def test_no_average_hides_a_floor_that_failed(scores: dict[str, dict[str, Any]]) -> None:
    for by in scores.values():
        for score in by.values():
            binding = [
                row["verdict"] for row in score["requirements"] if row["severity"] == "error"
            ]
            assert (score["verdict"] == "fail") == ("fail" in binding)
            assert (score["verdict"] == "pass") == (set(binding) == {"pass"})


@pytest.mark.parametrize("case", CASES)
def test_the_document_alone_is_enough(case: str, scores: dict[str, dict[str, Any]]) -> None:
    """`score document` equals `score tree`, floors included: under the profile it was made with,
    another one, and all of them.
    """
    output = document_of(FIXTURES / case)
    assert {
        row["profile"].partition("@")[0]: row for row in told(case, "--all-profiles", source=output)
    } == scores[case]
    assert told(case, source=output) == scores[case]["model"]
    other = told(case, "--profile", "weights+encoders", source=output)
    assert other == scores[case]["weights+encoders"]
    meta = json.loads(output.read_text("utf-8"))["metadata"]
    assert properties(meta, "aisbom:sovereignty:verdict") == [scores[case]["model"]["verdict"]]


def test_the_table_for_people_names_every_definition_once() -> None:
    done = run("score", FIXTURES / "encoders-frozen" / "input", "--all-profiles")
    rows = [line for line in done.stdout.splitlines() if "  KR    " in line or "  EU    " in line]
    assert [row.split("@")[0] for row in rows] == list(profiles.by_breadth())
    assert max(map(len, rows)) <= 110


def test_renaming_folders_changes_no_number_and_no_verdict(tmp_path: Path) -> None:
    import shutil

    source, target = FIXTURES / "encoders-unknown" / "input", tmp_path / "renamed"
    shutil.copytree(source, target)
    for old, new in (
        ("models/vision-encoder", "models/z-eye"),
        ("models/maru-8b", "models/a-base"),
    ):
        (target / old).rename(target / new)
    config = target / "aisbom.toml"
    config.write_text(config.read_text("utf-8").replace("models/maru-8b", "models/a-base"), "utf-8")
    before, after = (
        told("", "--profile", "kr-msit-2026-01", source=path) for path in (source, target)
    )
    for key in ("core", "peripheral", "overall", "coverage", "verdict", "countries"):
        assert before[key] == after[key]
    assert [row["verdict"] for row in before["requirements"]] == [
        row["verdict"] for row in after["requirements"]
    ]


def test_the_printed_contributions_add_up_to_the_printed_intervals() -> None:
    """Class means by size, classes by weight: from the JSON alone, for the core of a stack whose
    sizes are all known.
    """
    score = told("honest", "--profile", "weights+encoders")
    profile = profiles.load("weights+encoders")
    for leg in ("origin", "control", "attribution"):
        for end in (0, 1):
            rows = [
                row for row in score["contributions"] if (row["role"], row["leg"]) == ("core", leg)
            ]
            classes = {row["class"] for row in rows}
            means = {
                kind: (
                    sum(r["degree"][end] * r["size"] for r in rows if r["class"] == kind)
                    / sum(r["size"] for r in rows if r["class"] == kind)
                )
                for kind in classes
            }
            whole = sum(profile.weights[kind] for kind in classes)
            assert sum(
                means[kind] * profile.weights[kind] for kind in classes
            ) / whole == pytest.approx(score["core"][leg][end], abs=1e-4)


def test_documents_that_cannot_be_scored_are_one_line_each(tmp_path: Path) -> None:
    output, mine = tmp_path / "bom.cdx.json", tmp_path / "mine.toml"
    text = (
        Path(profiles.__file__).parent.parent / "knowledge" / "profiles" / "model.toml"
    ).read_text("utf-8")
    mine.write_text(text.replace('name = "model"', 'name = "mine"'), "utf-8")
    run("generate", FIXTURES / "honest" / "input", "-o", output, "-q", "--profile", mine)
    done = run("score", output)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "'mine', which is not shipped; name its file with --profile" in done.stderr
    assert (
        run("score", output, "--profile", mine, "--format", "json").stdout
        == run("score", FIXTURES / "honest" / "input", "--profile", mine, "--format", "json").stdout
    )
    made = json.loads(output.read_text("utf-8"))
    for row in [made["metadata"], made["metadata"]["component"], *made["components"]]:
        row.pop("properties", None)
        for inner in row.get("components", ()) if isinstance(row.get("components"), list) else ():
            inner.pop("properties", None)
    del made["declarations"]
    output.write_text(json.dumps(made), "utf-8")
    done = run("score", output)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "has no aisbom: properties" in done.stderr
