"""What a reader is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.knowledge import load
from aisbom.knowledge.show import report, show

K = load()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "arm",
            [
                "origin   GB",
                "ultimate parent SoftBank Group (JP)",
                "to 2016-09-05",
                "source   https://arm.com (as of 2026-01",
            ],
        ),
        ("Tencent Inc.", ["[tencent]", "legal KY, effective CN"]),
        ("docs.upstage.ai", ["[upstage]"]),
        ("LGAI-EXAONE", ["[lgai]"]),
        ("kr", ["country KR", "upstage"]),
        ("EU", ["group EU", "FR"]),
        ("qwen2_audio", ["[alibaba] -> CN", "names Microsoft"]),
        ("TheBloke", ["never an origin"]),
        ("tqdm", ["run by one person; no country"]),
        ("torch", ["[pytorch] -> international, seat US"]),
        ("pytorch", ["origin   international", "seats    legal US"]),
        ("BSD", ["unknown", "which BSD licence is not said"]),
        ("deepmind", ["parents  google"]),
    ],
)
def test_show(query: str, words: list[str]) -> None:
    text = show(K, query)
    assert all(word in text for word in words), text


def test_show_nothing() -> None:
    assert show(K, " nobody-knows ") == ""


def test_report(tmp_path: Path) -> None:
    assert report() == ("no problem found", True)
    text, good = report(tmp_path / "none.csv")
    assert not good and "none.csv: cannot be read" in text and text.endswith("1 problem(s)")
