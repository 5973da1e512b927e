"""The profile as a standard and the floors as an attestation: valid in both versions and forms, and
every reference leads somewhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.program import run

FIXTURES = Path(__file__).parents[3] / "fixtures"


def document(case: str, *arguments: str) -> Any:
    done = run(
        "generate",
        FIXTURES / case / "input",
        "-o",
        "-",
        "-q",
        "--profile",
        "kr-msit-2026-01",
        *arguments,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", ["1.6", "1.7"])
def test_the_library_s_strict_validator_agrees(version: str) -> None:
    text = json.dumps(document("encoders-frozen", "--spec-version", version))
    assert JsonStrictValidator(SchemaVersion.from_version(version)).validate_str(text) is None


@pytest.mark.parametrize("version", ["1.6", "1.7"])
def test_the_xml_form_carries_it(version: str) -> None:
    done = run(
        *(
            "generate",
            FIXTURES / "encoders-frozen" / "input",
            "-o",
            "-",
            "-q",
            "--profile",
            "kr-msit-2026-01",
        ),
        *("--format", "xml", "--spec-version", version),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert 'bom-ref="standard-kr-msit-2026-01"' in done.stdout
    assert "minimum.encoders" in done.stdout


def test_every_requirement_is_mapped_to_claims_that_exist() -> None:
    made = document("encoders-frozen")
    (standard,) = made["definitions"]["standards"]
    (attestation,) = made["declarations"]["attestations"]
    asked = [row["bom-ref"] for row in standard["requirements"]]
    assert [row["requirement"] for row in attestation["map"]] == asked
    claims = {row["bom-ref"]: row for row in made["declarations"]["claims"]}
    for row in attestation["map"]:
        assert {*row.get("claims", ()), *row.get("counterClaims", ())} <= set(claims)
    levels = {row["identifier"]: row["requirements"] for row in standard["levels"]}
    assert levels["minimum"] == [
        "requirement-minimum.backbone",
        "requirement-minimum.encoders",
        "requirement-minimum.trained-at-home",
    ]
    assert levels["all"] == asked
    assert attestation["assessor"] in {row["bom-ref"] for row in made["declarations"]["assessors"]}


def test_a_failed_requirement_is_0_with_counter_claims_and_an_unknown_one_says_nothing_of_conformance() -> (
    None
):
    made = document("encoders-frozen")
    rows = {row["requirement"]: row for row in made["declarations"]["attestations"][0]["map"]}
    claims = {row["bom-ref"]: row["predicate"] for row in made["declarations"]["claims"]}
    failed = rows["requirement-minimum.encoders"]
    assert failed["conformance"]["score"] == 0
    assert {claims[ref] for ref in failed["counterClaims"]} == {"initialisation=frozen"}
    held = rows["requirement-minimum.backbone"]
    assert (held["conformance"]["score"], held["confidence"]["score"]) == (1, 0.6)
    assert {claims[ref] for ref in held["claims"]} == {"initialisation=random"}
    unknown = rows["requirement-ethical.notices"]
    assert "conformance" not in unknown
    assert (
        unknown["confidence"]["score"],
        unknown["confidence"]["rationale"].partition(":")[0],
    ) == (0, "unknown")


def test_the_standard_says_whose_definition_it_is() -> None:
    (standard,) = document("honest")["definitions"]["standards"]
    assert (standard["name"], standard["version"]) == ("aisbom profile kr-msit-2026-01", "2026.1")
    assert "no official text" in standard["description"]
    assert standard["externalReferences"]
