"""How often the table is right: what the tool counts, from a report of pip."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def measure(tmp_path: Path, *metadata: dict[str, object]) -> subprocess.CompletedProcess[str]:
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"install": [{"metadata": one} for one in metadata]}), "utf-8")
    return subprocess.run(
        [sys.executable, str(ROOT / "tools" / "package_accuracy.py"), str(report)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_disagreement_is_named_and_counted(tmp_path: Path) -> None:
    done = measure(
        tmp_path,
        {"name": "quart", "version": "0.20", "license_expression": "Zlib"},
        {"name": "a-name-that-nobody-has", "version": "1", "license_expression": "MIT"},
    )
    assert "wrong licence" in done.stdout and "quart: declares Zlib" in done.stdout
    assert "0 of 1 right (0.000, 95 % interval 0.000 to 0.793)" in done.stdout
    assert "1 not in the table" in done.stdout


def test_a_steward_is_right_where_the_owner_is_the_same(tmp_path: Path) -> None:
    done = measure(
        tmp_path,
        {
            "name": "Contextily",
            "version": "1.6",
            "project_url": ["Source, https://github.com/geopandas/contextily"],
        },
    )
    assert done.returncode == 0
    assert "1 of 1 right (1.000, 95 % interval 0.207 to 1.000)" in done.stdout
