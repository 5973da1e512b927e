"""Near identity of aligned rows, and the shape of what is left between them: cast, quantised, low
rank, sparse, or changed throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aisbom.weights import grids
from aisbom.weights.read import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS = 256
COLUMNS = 4096
"""What is sampled of one matrix at most."""


@dataclass(frozen=True, slots=True)
class Residual:
    """`r` is the correlation after centring rows, `relative` the length of B - A over that of A,
    `equal` the share of values that are equal as bfloat16, `zeros` the share of B that is zero.
    `shape` is one of equal, cast, quantised, low-rank, sparse, dense.
    """

    shape: str
    r: float
    relative: float
    equal: float
    zeros: float
    detail: str


def residual(
    rows_a: NDArray[np.float32], rows_b: NDArray[np.float32], dtype_b: str
) -> Residual | None:
    """What became of the rows of A in those of B, of equal shape. None where nothing finite is left
    to compare.
    """
    finite = np.isfinite(rows_a).all(axis=1) & np.isfinite(rows_b).all(axis=1)
    a, b = rows_a[finite].astype(np.float64), rows_b[finite].astype(np.float64)
    norm = float(np.sqrt((a**2).sum()))
    if a.shape[0] < 2 or norm == 0 or not b.any():
        return None
    codes = dtype_b in ("I8", "U8")
    if codes:
        b = _fit_codes(a, b)
    r = _correlation(a, b)
    rest = b - a
    relative = float(np.sqrt((rest**2).sum())) / norm
    equal = float((values.bf16(_bits(a)) == values.bf16(_bits(b))).mean())
    zeros = float((b == 0).mean())
    shape, detail = _shape(a, b, codes=codes, r=r, equal=equal, zeros=zeros)
    return Residual(shape, r, relative, equal, zeros, detail)


def _shape(  # noqa: PLR0911, PLR0913
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    *,
    codes: bool,
    r: float,
    equal: float,
    zeros: float,
) -> tuple[str, str]:
    rest = b - a
    if not rest.any():
        return "equal", ""
    if equal == 1 or np.array_equal(
        values.f16(a.astype(np.float32)), values.f16(b.astype(np.float32))
    ):
        return "cast", "equal after rounding to 16 bits"
    small = np.abs(rest) <= 2.0**-7 * np.abs(a) + 1e-7  # the second term: small halves
    if bool(small.all()):
        return "cast", "every difference is below one step of bfloat16"
    if codes:
        return ("quantised", "8-bit codes with a scale per row") if r > 0.9 else ("dense", "")
    untouched = rest == 0
    if zeros > 0.05 and bool((untouched | (b == 0)).all()):
        return "sparse", f"{zeros:.0%} set to zero, the rest equal"
    grid = grids.grid(b)
    if grid is not None and r > 0.6 and grids.grid(a) is None:
        return (
            "quantised",
            f"{grid}, residual correlation with the values {_correlation(a, rest):.2f}",
        )
    if float(untouched.mean()) > 0.5:
        return "sparse", f"{float(untouched.mean()):.0%} of the values untouched"
    rank = _rank(rest)
    if rank and rank <= min(rest.shape) // 4:
        return "low-rank", f"99 % of the difference has rank {rank}"
    return "dense", ""


def _rank(rest: NDArray[np.float64]) -> int:
    # Squared singular values by way of the small Gram matrix: ten times faster than the SVD, and
    # exact enough for the share of 99 %.
    part = rest[:ROWS, :1024]
    gram = part @ part.T if part.shape[0] <= part.shape[1] else part.T @ part
    energy = np.maximum(np.linalg.eigvalsh(gram)[::-1], 0)
    total = float(energy.sum())
    return int(np.searchsorted(np.cumsum(energy) / total, 0.99) + 1) if total > 0 else 0


def _fit_codes(a: NDArray[np.float64], codes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Codes times the scale, plus the offset, per row, that bring them closest to `a`: scales are
    stored in many ways.
    """
    x = codes - codes.mean(axis=1, keepdims=True)
    power = (x**2).sum(axis=1, keepdims=True)
    scale = (x * a).sum(axis=1, keepdims=True) / np.where(power > 0, power, 1)
    fitted: NDArray[np.float64] = a.mean(axis=1, keepdims=True) + scale * x
    return fitted


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    x, y = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    length = math.sqrt(float((x**2).sum()) * float((y**2).sum()))
    return float((x * y).sum()) / length if length > 0 else 0.0


def _bits(x: NDArray[np.float64]) -> NDArray[np.uint32]:
    return np.ascontiguousarray(x.astype(np.float32)).view(np.uint32)
