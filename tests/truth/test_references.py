"""The list itself; the figures need the packages: `python -m tests.truth PACKAGE.tar.gz PACKAGE.whl
...`.
"""

from __future__ import annotations

import re
from pathlib import Path

from aisbom.knowledge import load
from tests.truth.references import measured, packages, references, report


def test_the_list() -> None:
    rows = references()
    assert len(rows) >= 600
    assert len({row.package for row in rows}) == 7
    assert sum(not row.expect for row in rows) >= 100, "traps"
    assert {row.kind for row in rows} == {"model", "tokenizer", "dataset", "download", "service"}
    assert not {row.place for row in rows if row.expect} & {
        row.place for row in rows if not row.expect and row.note != "docstring"
    }
    assert all(re.fullmatch(r"[\w./+-]+", row.file) for row in rows)


def test_labels_of_services_are_known_or_said_to_be_missing() -> None:
    known = {row.id for row in load().services}
    labelled = {row.id for row in references() if row.kind == "service"}
    assert len(labelled & known) >= 25


def test_measure(tmp_path: Path) -> None:
    """On a small stand-in: one right, one wrong, one missed."""
    package = tmp_path / "faster_whisper-1.2.1"
    (package / "faster_whisper").mkdir(parents=True)
    lines = [""] * 11 + [
        'A = "Systran/faster-whisper-tiny.en"',
        'B = "own/other"',
        "snapshot_download(A)",
        "snapshot_download(B)",
    ]
    (package / "faster_whisper/utils.py").write_text("\n".join(lines))
    assert packages([package, tmp_path]) == {"faster-whisper": package}
    found = measured("faster-whisper", package)
    assert (found.right, found.wrong) == (1, ("faster_whisper/utils.py:13 own/other",))
    assert 0 < found.recall < 1
    assert "precision 0.500" in report([package])
