"""What a training log shows, in words: evidence of a beginning, never a proof of one."""

from __future__ import annotations

import math
from collections.abc import Mapping

NEAR = 0.1
"""Within a tenth of ln(vocabulary) a loss is that of a network that has learned nothing yet."""


BELOW = 0.75


EARLY = 200
"""A curve whose first step is later than this was not logged from the start."""


def level(first_step: int, loss: float, vocabulary: int) -> str:
    """What the height at which a curve begins says, in words. It is evidence of a beginning, never
    a proof of one.
    """
    if vocabulary < 2:
        return ""
    height = math.log(vocabulary)
    words = f"ln of a vocabulary of {vocabulary:,} is {height:.2f}"
    if first_step > EARLY:
        return (
            f"the log begins at step {first_step:,}, so it does not show how the weights began;"
            f" {words}"
        )
    if abs(loss - height) <= NEAR * height:
        return f"the loss begins at the level of random weights: {words}"
    if loss < BELOW * height:
        return f"the loss begins below the level of random weights: {words}"
    if loss > height:
        return f"the loss begins above the level of random weights for this vocabulary: {words}"
    return f"the loss begins neither at the level of random weights nor clearly below it: {words}"


def told(facts: Mapping[str, str], vocabulary: int) -> str:
    """One sentence about a log from its facts; `""` where they are not those of a log."""
    if "first-step" not in facts:
        return ""
    first, last = int(facts["first-step"]), int(facts["last-step"])
    sentence = f"steps {first:,} to {last:,}, loss {facts['loss-start']} to {facts['loss-end']}"
    if facts.get("started"):
        sentence += f", {facts['started'][:10]} to {facts['ended'][:10]}"
    height = level(first, float(facts["loss-start"]), vocabulary)
    return sentence + (f"; {height}" if height else "")
