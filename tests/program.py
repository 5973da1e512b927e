"""The real program in a scrubbed environment, and what matters of a document."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_ALSO = (
    *(
        "aisbom:initialisation",
        "aisbom:attribution",
        "aisbom:declared",
        "aisbom:contradiction",
        "aisbom:weights-from",
        "aisbom:model:part",
    ),
    *(
        "aisbom:model:observation",
        "aisbom:tokenizer:comparison",
        "aisbom:training",
        "aisbom:licence:scope",
    ),
    *("aisbom:code-from", "aisbom:vendored"),
)
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "COVERAGE_PROCESS_START")


def run(
    *arguments: str | Path, cwd: Path | None = None, cache: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `python -m aisbom ...`: no variables of the caller but what a process needs, and a cache
    of its own or none.
    """
    environment = {key: value for key, value in os.environ.items() if key in _KEPT}
    environment["AISBOM_CACHE_DIR"] = str(cache) if cache else os.devnull
    # The program under test is this one, wherever the command is started and whatever else is
    # installed.
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    # What the user of this machine added to the indexes and references is no part of a test.
    environment["AISBOM_CODE_INDEX"] = environment["AISBOM_REFERENCES"] = os.devnull
    environment.update(more)
    command = [sys.executable, "-m", "aisbom", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def every_component(document: dict[str, Any]) -> list[dict[str, Any]]:
    """All components of a document, nested ones too, the root first."""
    found = [document["metadata"]["component"]]
    stack = list(document.get("components", []))
    while stack:
        row = stack.pop(0)
        found.append(row)
        stack = [*row.get("components", []), *stack]
    return found


def properties(row: dict[str, Any], name: str) -> list[str]:
    """The values of a property, in order."""
    return [p["value"] for p in row.get("properties", []) if p["name"] == name]


def essence(document: dict[str, Any]) -> dict[str, Any]:
    """What a reader would check by eye: parts, where they were seen, how they were judged, edges
    and gaps.
    """
    parts = []
    for row in every_component(document):
        part: dict[str, Any] = {"ref": row["bom-ref"], "type": row["type"], "name": row["name"]}
        for key in ("version", "purl", "scope"):
            if key in row:
                part[key] = row[key]
        licences = [
            choice.get("expression") or choice["license"].get("id") or choice["license"]["name"]
            for choice in row.get("licenses", [])
        ]
        if licences:
            part["licences"] = licences
        if "manufacturer" in row:
            part["maker"] = row["manufacturer"]
        parents = [
            (a.get("purl", a["name"]), *properties(a, "aisbom:model:base_model_relation"))
            for a in row.get("pedigree", {}).get("ancestors", [])
        ]
        if parents:
            part["parents"] = [list(parent) for parent in parents]
        part["seen"] = [
            f"{o['location']}:{o.get('line', 0)}" for o in row["evidence"]["occurrences"]
        ]
        for p in row.get("properties", []):
            shown = p["name"].startswith(
                (
                    "aisbom:component:role",
                    "aisbom:component:class",
                    "aisbom:component:path_role",
                    "aisbom:origin",
                    *_ALSO,
                )
            )
            if shown and not p["name"].endswith(("claim", "cdx2_origins")):
                part.setdefault(p["name"], []).append(p["value"])
        if "components" in row:
            part["parts"] = [inner["bom-ref"] for inner in row["components"]]
        parts.append(part)
    meta = document["metadata"]
    return {
        "components": parts,
        "edges": {
            row["ref"]: row["dependsOn"] for row in document["dependencies"] if row["dependsOn"]
        },
        "gaps": properties(meta, "aisbom:gap"),
        "score": {
            p["name"]: p["value"]
            for p in meta["properties"]
            if p["name"].startswith("aisbom:sovereignty")
            and not p["name"].endswith(("digest", ":requirement", ":override"))
        },
        "floors": properties(meta, "aisbom:sovereignty:requirement"),
        "overrides": properties(meta, "aisbom:sovereignty:override"),
    }
