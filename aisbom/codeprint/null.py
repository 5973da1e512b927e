"""What unrelated files have in common: the weights of the score, and where a value stands among
pairs of files known to be unrelated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FILE = Path(__file__).parent / "null.json"


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return data


def of() -> str:
    """What pairs the null is made of."""
    return str(_data()["of"])


def score(features: NDArray[np.float64], names: Sequence[str]) -> NDArray[np.float64]:
    """The score of each row of features: a logistic combination of them and their squares, on the
    scale of log odds.
    """
    import numpy as np

    table = _data()["features"]
    weights = np.array([table[name] for name in names], np.float64)
    return np.asarray(
        features @ weights[:, 0] + features**2 @ weights[:, 1] + _data()["constant"], np.float64
    )


def percentile(kind: str, value: float) -> float:
    """Of the unrelated pairs, how many in a hundred lie below this `score` or `containment`. Never
    100: the null is finite.

    For `renamed` the value is a number of functions.
    """
    rows = _data()[kind]
    if kind == "renamed":
        return float(max((share for least, share in rows if value >= least), default=0.0))
    before = (0.0, rows[0][1])
    for level, at in rows:
        if value < at:
            low_level, low = before
            return (
                float(low_level + (level - low_level) * (value - low) / (at - low))
                if at > low and value > low
                else float(low_level)
            )
        before = (level, at)
    return float(rows[-1][0])


def threshold(kind: str, level: float) -> float:
    """The value that so many in a hundred unrelated pairs do not reach; `level` is one of those in
    the table.
    """
    return float(next(at for row, at in _data()[kind] if row == level))
