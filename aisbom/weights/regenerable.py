"""Tensors that anybody can write down again from a formula, found by writing them down: equality of
these says nothing.

Each check recomputes the table from its own first values and compares; none trusts a name.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.read.reader import Checkpoint
    from aisbom.weights.read.stored import TensorInfo

MAX_ELEMENTS = 1 << 18
"""Larger tables are judged by their first rows."""

_CLOSE = 2e-3
_COLUMNS, _ROWS = 32, 16
"""Columns of a wide table that are looked at before all are: as many as can exclude it; and rows of
these that are looked at first.
"""


def regenerable(checkpoint: Checkpoint, info: TensorInfo) -> str:
    """Which formula gives this tensor, as words for a reader; `""` if none of those known does.
    Raises ValueError as the reader does.
    """
    shape = tuple(n for n in info.shape if n != 1)
    if not shape:
        return "a single number"
    width = shape[-1]
    whole = info.numel <= MAX_ELEMENTS
    count = info.numel if whole else max(1, MAX_ELEMENTS // width) * width
    if width > MAX_ELEMENTS:
        return ""
    data = values.elements(checkpoint, info, 0, count)
    if len(shape) == 1:
        return explain(data, whole)
    return explain(data.reshape(shape[0], -1) if whole else data.reshape(-1, width), whole)


def explain(table: NDArray[np.floating[Any]], whole: bool = True) -> str:
    """The same for values at hand, 1-D or 2-D; `whole` says that no rows are missing.

    Nearly every table is none of these: each check first looks for what excludes it, and computes
    with all values, in double precision, only where nothing does.
    """
    if not table.size:
        return "a constant"
    high, low = float(table.max()), float(table.min())
    if not (math.isfinite(high) and math.isfinite(low)):
        return ""
    if high == low:
        return "a constant"
    size = max(high, -low)
    if table.ndim == 1:
        return _line(table.astype(np.float64), size)
    for known in (_identity, _waves, _fourier, _mel):
        if known is _mel and low < 0:
            continue
        for view in (table, table.T):
            words = known(view, size)
            if words:
                return words
    return _match_untrained(table) if whole else ""


def _line(row: NDArray[np.float64], size: float) -> str:
    steps = np.diff(row)
    if np.abs(steps - steps.mean()).max(initial=0.0) < 1e-6 * size:
        return "numbers at equal steps"
    if (row > 0).all() and row.size > 2:
        logs = np.diff(np.log(row))
        if np.abs(logs - logs.mean()).max() < 1e-4 * max(1.0, abs(float(logs.mean()))):
            return "a geometric series (rotary frequencies)"
    for window in (np.hanning, np.hamming, np.blackman, np.bartlett):
        for n, cut in ((row.size, row.size), (row.size + 1, row.size)):
            if np.abs(row / size - window(n)[:cut]).max() < _CLOSE:
                return "a window function"
    return ""


def _identity(table: NDArray[np.floating[Any]], size: float) -> str:
    n = min(table.shape)
    if table[0, 1:n].any():
        return ""
    return (
        "an identity matrix"
        if n > 1 and np.abs(table[:n, :n] - size * np.eye(n)).max() == 0
        else ""
    )


def _waves(table: NDArray[np.floating[Any]], _size: float) -> str:
    """Sine and cosine tables of any scale: along a column x[t+1] + x[t-1] = 2 cos(w) x[t], with one
    w per column, to what half precision leaves of the largest value of that column.
    """
    if table.shape[0] < 8:
        return ""
    table = table[:512, :512]
    few = table[:, :: max(1, table.shape[1] // _COLUMNS)]
    # One column in twenty may be off: rotary tables hold half-precision frequencies.
    most = 0.05 * table.shape[1] + 1
    bound = _bound(few)
    if np.count_nonzero(_have_no_factor(few[:_ROWS], bound)) > most:
        return ""
    if np.count_nonzero(_recurrence(few)[0] > bound) > most:
        return ""
    error, factor = _recurrence(table)
    return (
        "a sine and cosine table"
        if (error <= _bound(table)).mean() > 0.95 and (np.abs(factor) <= 2.001).all()
        else ""
    )


def _bound(table: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """What three values of each column may be off together."""
    largest: NDArray[np.float64] = np.abs(table).max(axis=0).astype(np.float64)
    return largest * (_CLOSE * 4)


def _have_no_factor(
    table: NDArray[np.floating[Any]], bound: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Columns where no 2 cos(w) leaves two neighbouring rows as close as `bound`: where a = f m + e
    and b = f n + d, a n - b m is e n - d m.
    """
    table = table.astype(np.float64)
    middle, around = table[1:-1], table[2:] + table[:-2]
    size = np.abs(middle)
    apart = np.abs(around[1:] * middle[:-1] - around[:-1] * middle[1:])
    found: NDArray[np.bool_] = np.any(apart > bound * (size[1:] + size[:-1]), axis=0)
    return found


def _recurrence(
    table: NDArray[np.floating[Any]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far the best 2 cos(w) of each column is off at most, and this factor."""
    table = table.astype(np.float64)
    middle, around = table[1:-1], table[2:] + table[:-2]
    power = (middle**2).sum(axis=0)
    factor = np.divide(
        (around * middle).sum(axis=0), power, out=np.zeros_like(power), where=power > 0
    )
    return np.abs(around - factor * middle).max(axis=0), factor


def _fourier(given: NDArray[np.floating[Any]], size: float) -> str:
    """Rows k (cosines) and then k (sines) of a Fourier basis of n points under any window: the
    first row is the window itself.
    """
    rows, n = given.shape
    if n < 8 or rows < 4:
        return ""
    window = given[0].astype(np.float64)
    if (window < -_CLOSE * size).any() or float(window.max()) < 0.1 * size:
        return ""
    table = given.astype(np.float64)
    phase = 2 * math.pi * np.arange(n) / n
    for half in (n // 2 + 1, rows // 2, rows):
        if half > rows or half < 3:
            continue
        k = np.arange(half)[:, None]
        if np.abs(table[1] - window * np.cos(phase)).max() >= _CLOSE * size:
            continue
        if np.abs(table[:half] - window * np.cos(k * phase)).max() < _CLOSE * size:
            rest = table[half : 2 * half]
            sines = window * np.sin(k[: rest.shape[0]] * phase)
            if (
                not rest.size
                or min(np.abs(rest - sines).max(), np.abs(rest + sines).max()) < _CLOSE * size
            ):
                return "a Fourier basis"
    return ""


def _mel(given: NDArray[np.floating[Any]], size: float) -> str:
    """Triangular filters, of a table without negative values: mostly zeros, each row rises and
    falls once along straight lines, peaks in order.
    """
    if given.shape[0] < 8 or (given > 0).mean() > 0.3:
        return ""
    table = given.astype(np.float64)
    peaks = []
    for row in table:
        support = np.flatnonzero(row)
        if support.size == 0:
            continue
        if support[-1] - support[0] + 1 != support.size:
            return ""
        peak = int(row.argmax())
        peaks.append(peak)
        for side in (row[support[0] : peak + 1], row[peak : support[-1] + 1]):
            if side.size > 3:
                steps = np.diff(side)[1:-1] if side.size > 4 else np.diff(side)[:1]
                if np.abs(steps - steps.mean()).max(initial=0.0) > 0.02 * size:
                    return ""
    return (
        "a filter bank (triangular filters)"
        if len(peaks) >= 4 and (np.diff(peaks) >= 0).all()
        else ""
    )


def _match_untrained(table: NDArray[np.floating[Any]]) -> str:
    """Kaiming-uniform with the framework's default bound 1 / sqrt(fan in), or normal of deviation 1
    or 0.02, nothing learned yet.
    """
    flat = table.ravel()[: 1 << 16].astype(np.float64)
    n = flat.size
    mean = float(flat.mean())
    squares = (flat - mean) ** 2
    variance = float(squares.mean())
    bound = 1 / math.sqrt(table.shape[1])
    close = 4 / math.sqrt(n)
    top = float(np.abs(flat).max())
    if abs(mean) > close * math.sqrt(variance) * 1.5:
        return ""
    if (
        bound * (1 - 20 / n) <= top <= bound * (1 + 1e-3)
        and abs(variance * 3 / bound**2 - 1) < close
    ):
        return "an untrained layer (uniform default initialisation)"
    kurtosis = float((squares**2).mean()) / variance**2
    for deviation in (1.0, 0.02):
        if abs(math.sqrt(variance) / deviation - 1) < close and abs(kurtosis - 3) < 5 * math.sqrt(
            24 / n
        ):
            return "an untrained layer (normal default initialisation)"
    return ""
