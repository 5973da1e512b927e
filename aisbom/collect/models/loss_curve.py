"""What a training log comes to: first and last steps and losses, dates, hardware; and at what level
the loss began.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

_GPU = re.compile(
    r"\b(?:NVIDIA[ -])?(?:(?:A|H|B|V|L|T)(?:4|10|40|40S|100|200|800)|GB200|GH200|RTX"
    r" ?[A-Z]?\d{3,4}(?: ?Ti)?|"
    r"MI(?:250X?|300[AX]?|325X|355X)|TPU ?v\d[a-z]?|Gaudi ?[23]?|Ascend ?910[A-C]?|ATOM|RNGD)"
    r"(?:[- ](?:SXM\d?|PCIe|NVL))?(?:[- ]\d{2,3}GB)?\b"
)
_WORLD = re.compile(r"world[_ -]?size[\"']?(?: is)?[ :=]+(\d{1,6})\b", re.IGNORECASE)


@dataclass(slots=True)
class Curve:
    """`add` takes the points in the order of the file; the first and the last step count, whatever
    their order.
    """

    first: tuple[int, float] | None = None
    last: tuple[int, float] | None = None
    points: int = 0
    started: str = ""
    ended: str = ""
    hardware: set[str] = field(default_factory=set)
    world: int = 0

    def add(self, step: int, loss: float) -> None:
        """A point; losses that are no number are left out."""
        if not math.isfinite(loss) or not 0 <= step < 2**53:
            return
        self.points += 1
        if self.first is None or step < self.first[0]:
            self.first = (step, loss)
        if self.last is None or step >= self.last[0]:
            self.last = (step, loss)

    def when(self, moment: str) -> None:
        """A date in ISO form."""
        self.started = min(self.started or moment, moment)
        self.ended = max(self.ended, moment)

    def words(self, line: str) -> None:
        """What a line says of machines."""
        if len(self.hardware) < 8:
            self.hardware.update(" ".join(name.split()) for name in _GPU.findall(line[:2000]))
        found = _WORLD.search(line[:2000])
        if found:
            self.world = max(self.world, int(found[1]))

    def facts(self) -> list[tuple[str, str | int | None]]:
        """What an observation says of it; empty without a single point."""
        if self.first is None or self.last is None:
            return []
        return [
            ("points", self.points),
            ("first-step", self.first[0]),
            ("last-step", self.last[0]),
            ("loss-start", f"{self.first[1]:.4g}"),
            ("loss-end", f"{self.last[1]:.4g}"),
            ("started", self.started),
            ("ended", self.ended),
            *(("hardware", name) for name in sorted(self.hardware)),
            ("world-size", self.world or None),
        ]


def moment(value: object) -> str:
    """`2026-03-01T10:00:00Z` from seconds since 1970 or from a text that begins with a date; `""`
    for anything else.
    """
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 10**9 <= value < 5 * 10**9
    ):
        return datetime.fromtimestamp(int(value), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    match = (
        re.match(r"(20\d\d-[01]\d-[0-3]\d)(?:[T ]([0-2]\d:[0-5]\d:[0-5]\d))?", value.strip())
        if isinstance(value, str)
        else None
    )
    return f"{match[1]}T{match[2] or '00:00:00'}Z" if match else ""
