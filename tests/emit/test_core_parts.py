"""The core in a few lines: what is known of each part, hints as hints, what does not fit counted."""

from __future__ import annotations

from aisbom.emit import core_parts
from aisbom.model import Claim, Scan
from aisbom.model.ledger import Ledger
from tests.judge.stack import Part, claim, evidence, scan


def _lines(scanned: Scan) -> list[str]:
    return core_parts.lines(scanned, Ledger(scanned.claims))


def test_what_is_known_stands_below_the_part() -> None:
    hint = Claim("eye", "weights-from", "their-7b", evidence("folder", confidence="low"))
    shown = _lines(
        scan(
            Part(
                "encoder-weights",
                "eye",
                **{"architecture-from": "their", "origin_architecture": "CN"},
            ),
            more=[
                hint,
                claim("eye", "code-from.holder", "Their Lab = replaced"),
                claim("eye", "code-from.holder", "Our Lab = kept"),
                claim("eye", "contradiction", "one says this, the other that"),
            ],
        )
    )
    text = "\n".join(shown)
    assert "- eye (encoder-weights) at eye/file:1" in text
    assert "architecture: their" in text
    assert "weights from their-7b? (only a hint)" in text
    assert "notice of Their Lab replaced" in text
    assert "Our Lab" not in text
    assert "contradiction: one says this, the other that" in text


def test_nothing_core_is_no_line() -> None:
    assert _lines(scan(Part("dependency", "d", role="peripheral"))) == []


def test_many_parts_fit() -> None:
    shown = _lines(scan(*(Part("model-code", f"c{n:03}") for n in range(100))))
    assert len(shown) <= 30
    assert "(100, the first " in shown[1]


def test_names_of_strangers_stay_on_their_line() -> None:
    shown = _lines(scan(Part("model-code", "a\n\x1b[31mb" + "x" * 500)))
    assert all("\n" not in row and "\x1b" not in row and len(row) <= 180 for row in shown)
