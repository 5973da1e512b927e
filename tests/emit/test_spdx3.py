"""SPDX 3.0.1: read by the official bindings, whole but for what it says that it lacks."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from aisbom.bom import Bom
from aisbom.emit import emit
from aisbom.emit.cyclonedx.read import read
from aisbom.emit.spdx3 import LACKS
from aisbom.emit.spdx3.profiles import conformance
from tests.emit.cyclonedx.bills import bills
from tests.program import document_of, run

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = ("honest", "multimodal", "small-stack", "copied-code", "encoders-frozen")


def objects(data: bytes) -> Any:
    model = pytest.importorskip("spdx_python_model", reason="spdx-python-model is not installed")
    found = model.v3_0_1.SHACLObjectSet()
    model.v3_0_1.JSONLDDeserializer().read(io.BytesIO(data), found)
    assert found.missing_ids == set()
    return found


def named(found: Any, kind: str) -> list[str]:
    return sorted(row.name for row in found.foreach() if type(row).__name__ == kind)


@pytest.mark.parametrize("case", CASES)
def test_the_official_bindings_read_every_part(case: str) -> None:
    bom = read(document_of(FIXTURES / case))
    data = emit(bom, "spdx3")
    found = objects(data)
    # Writing holds every class against its shape: which fields it must have, how many, which kind.
    pytest.importorskip("spdx_python_model").v3_0_1.JSONLDSerializer().write(found, io.BytesIO())
    kinds = {"machine-learning-model": "ai_AIPackage", "data": "dataset_DatasetPackage"}
    expected: dict[str, list[str]] = {"software_Package": [], **{k: [] for k in kinds.values()}}
    for part in bom.parts:
        expected[kinds.get(part.kind, "software_Package")].append(part.name)
    only_named = {d.name for part in bom.parts for d in part.card.datasets if not d.ref}
    expected["dataset_DatasetPackage"] += only_named
    for kind, names in expected.items():
        assert named(found, kind) == sorted(names)
    assert data == emit(read(document_of(FIXTURES / case)), "spdx3")


@settings(
    max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
)
@given(bom=bills())
def test_any_bill_is_read(bom: Bom) -> None:
    objects(emit(bom, "spdx3"))


def test_what_it_lacks_is_said(tmp_path: Path) -> None:
    tree = FIXTURES / "honest" / "input"
    target = tmp_path / "bom.spdx3.json"
    done = run("generate", tree, "--format", "spdx3", "-o", target, "--no-cache")
    assert (done.returncode, LACKS in done.stdout) == (0, True)
    rows = json.loads(target.read_text("utf-8"))["@graph"]
    (document,) = (row for row in rows if row["type"] == "SpdxDocument")
    assert document["comment"].startswith(LACKS)
    assert "does not conform to the ai profile" in document["comment"]
    assert document["profileConformance"] == ["core", "software", "simpleLicensing"]
    (model,) = (row for row in rows if row.get("name") == "onnuri-3b")
    assert model["type"] == "ai_AIPackage"
    assert "trained: KR" in model["comment"]


AI = {
    "type": "ai_AIPackage",
    "suppliedBy": "s",
    "software_downloadLocation": "https://example.org",
    "software_packageVersion": "1",
    "software_primaryPurpose": "model",
    "releaseTime": "2026-01-01T00:00:00Z",
}


def test_a_profile_is_declared_where_every_package_has_its_fields() -> None:
    assert conformance([AI])[0] == ["core", "software", "simpleLicensing", "ai"]
    assert conformance([])[0] == ["core", "software", "simpleLicensing"]
    for field in set(AI) - {"type"}:
        profiles, lacks = conformance([AI, {k: v for k, v in AI.items() if k != field}])
        assert "ai" not in profiles
        assert f"of 2 packages some lack {field} (1)" in lacks
