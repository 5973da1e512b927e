"""What somebody states about vulnerabilities of a product: VEX, as OpenVEX or CycloneDX writes
it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aisbom.errors import UsageError

MAX_VEX = 32 * 1024 * 1024
_STATES = {
    "not_affected": "not_affected",
    "affected": "exploitable",
    "fixed": "resolved",
    "under_investigation": "in_triage",
}
CYCLONEDX = (
    "resolved",
    "resolved_with_pedigree",
    "exploitable",
    "in_triage",
    "false_positive",
    "not_affected",
)
EXCUSES = frozenset({"not_affected", "false_positive", "resolved", "resolved_with_pedigree"})


@dataclass(frozen=True, slots=True)
class Statement:
    """`purl` is the product (empty: any), `state` a word of CycloneDX, `detail` why."""

    id: str
    purl: str
    state: str
    detail: str


def read(path: Path) -> tuple[Statement, ...]:
    """The statements of a file. Raises UsageError."""
    try:
        if path.stat().st_size > MAX_VEX:
            raise UsageError(f"--vex {path.name}: larger than {MAX_VEX:,} bytes")
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"--vex {path.name}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--vex {path.name}: not JSON") from error
    found = tuple(_openvex(document) or _cyclonedx(document)) if isinstance(document, dict) else ()
    if not found:
        raise UsageError(f"--vex {path.name}: holds no statements of OpenVEX or CycloneDX")
    return found


def _openvex(document: dict[str, Any]) -> list[Statement]:
    rows = []
    for row in _rows(document, "statements"):
        about = row.get("vulnerability")
        name = about.get("name") if isinstance(about, dict) else about
        state = _STATES.get(str(row.get("status")))
        why = str(row.get("impact_statement") or row.get("justification") or "")
        products = [
            str(product.get("@id", "")) if isinstance(product, dict) else str(product)
            for product in row.get("products") or ()
        ]
        if name and state:
            rows += [Statement(str(name), purl, state, why[:300]) for purl in products]
    return rows


def _cyclonedx(document: dict[str, Any]) -> Iterator[Statement]:
    purls = {
        str(row.get("bom-ref")): str(row.get("purl", "")) for row in _rows(document, "components")
    }
    for row in _rows(document, "vulnerabilities"):
        analysis = row.get("analysis")
        state = analysis.get("state") if isinstance(analysis, dict) else None
        if state not in CYCLONEDX or not isinstance(analysis, dict):
            continue
        why = str(analysis.get("detail") or analysis.get("justification") or "")[:300]
        refs = [str(affected.get("ref", "")) for affected in _rows(row, "affects")]
        for ref in refs or [""]:
            yield Statement(str(row.get("id", "")), purls.get(ref, ref), str(state), why)


def _rows(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = document.get(key)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
