"""A small catalogue of real scans, made once a session without an engine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.question import Question
from aisbom.fleet.sources import submissions
from aisbom.fleet.unit import Outcome, Run, scan_submission
from tests.program import ROOT

EPOCH = "1700000000"
CASES = ("small-stack", "copied-code", "multimodal", "multimodal-honest")


@pytest.fixture(autouse=True)
def _fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Four fixtures in one round. Nobody may change it."""
    folder = tmp_path_factory.mktemp("fleet")
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    made = Catalogue.make(str(folder / "catalogue"), Question())
    listed = write_list(
        folder / "list.csv", {name: ROOT / "fixtures" / name / "input" for name in CASES}
    )
    for outcome in scan_list(listed, made, "1"):
        assert outcome.state == "scanned", outcome
    if before is None:
        del os.environ["SOURCE_DATE_EPOCH"]
    else:
        os.environ["SOURCE_DATE_EPOCH"] = before
    yield made


def write_list(path: Path, rows: Mapping[str, Path | str]) -> Path:
    lines = ["submission,location", *(f"{name},{place}" for name, place in rows.items())]
    path.write_text("\n".join(lines) + "\n")
    return path


def scan_list(
    listed: Path, catalogue: Catalogue, round_: str = "", run: Run | None = None
) -> list[Outcome]:
    found = submissions([str(listed)], round_)
    return [scan_submission(one, catalogue, run or Run("test")) for one in found]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
