"""What a training log comes to: first and last steps and losses, dates, hardware; and at what level the loss began."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

NEAR = 0.1
"""Within a tenth of ln(vocabulary) a loss is that of a network that has learned nothing yet."""
BELOW = 0.75
EARLY = 200
"""A curve whose first step is later than this was not logged from the start."""

_GPU = re.compile(
    r"\b(?:NVIDIA[ -])?(?:(?:A|H|B|V|L|T)(?:4|10|40|40S|100|200|800)|GB200|GH200|RTX ?[A-Z]?\d{3,4}(?: ?Ti)?|"
    r"MI(?:250X?|300[AX]?|325X|355X)|TPU ?v\d[a-z]?|Gaudi ?[23]?|Ascend ?910[A-C]?|ATOM|RNGD)"
    r"(?:[- ](?:SXM\d?|PCIe|NVL))?(?:[- ]\d{2,3}GB)?\b"
)
_WORLD = re.compile(r"world[_ -]?size[\"']?(?: is)?[ :=]+(\d{1,6})\b", re.IGNORECASE)


@dataclass(slots=True)
class Curve:
    """`add` takes the points in the order of the file; the first and the last step count, whatever their order."""

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
    """`2026-03-01T10:00:00Z` from seconds since 1970 or from a text that begins with a date; `""` for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 10**9 <= value < 5 * 10**9:
        return datetime.fromtimestamp(int(value), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    match = re.match(r"(20\d\d-[01]\d-[0-3]\d)(?:[T ]([0-2]\d:[0-5]\d:[0-5]\d))?", value.strip()) if isinstance(value, str) else None
    return f"{match[1]}T{match[2] or '00:00:00'}Z" if match else ""


def level(first_step: int, loss: float, vocabulary: int) -> str:
    """What the height at which a curve begins says, in words. It is evidence of a beginning, never a proof of one."""
    if vocabulary < 2:
        return ""
    height = math.log(vocabulary)
    words = f"ln of a vocabulary of {vocabulary:,} is {height:.2f}"
    if first_step > EARLY:
        return f"the log begins at step {first_step:,}, so it does not show how the weights began; {words}"
    if abs(loss - height) <= NEAR * height:
        return f"the loss begins at the level of random weights: {words}"
    if loss < BELOW * height:
        return f"the loss begins below the level of random weights: {words}"
    if loss > height:
        return f"the loss begins above the level of random weights for this vocabulary: {words}"
    return f"the loss begins neither at the level of random weights nor clearly below it: {words}"


def told(facts: dict[str, str], vocabulary: int) -> str:
    """One sentence about a log from its facts."""
    first, last = int(facts["first-step"]), int(facts["last-step"])
    sentence = f"steps {first:,} to {last:,}, loss {facts['loss-start']} to {facts['loss-end']}"
    if facts.get("started"):
        sentence += f", {facts['started'][:10]} to {facts['ended'][:10]}"
    height = level(first, float(facts["loss-start"]), vocabulary)
    return sentence + (f"; {height}" if height else "")
