"""The cosine of normalisation weights, printed only beside its shuffled control: it is high for
every pair of models and proves nothing.

These weights start at one and stay near it, so two vectors of them point the same way whoever
trained them; shuffling both changes nothing. No rule reads what this module returns:
`tests/weights/test_not_evidence.py` fails if `verdict` ever does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from aisbom.weights.axes import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray


def not_evidence(
    a: Mapping[str, NDArray[np.float32]], b: Mapping[str, NDArray[np.float32]], seed: str
) -> dict[str, Any]:
    """Mean cosine and Pearson correlation over vectors of equal name (or place) and length, and
    both again after shuffling.
    """
    found = [
        (a[name], b[name]) for name in sorted(a.keys() & b.keys()) if a[name].shape == b[name].shape
    ]
    if not found:
        found = [(x, y) for x, y in zip(a.values(), b.values(), strict=False) if x.shape == y.shape]
    pairs = [
        (x.astype(np.float64), y.astype(np.float64))
        for x, y in found
        if np.isfinite(x).all() and np.isfinite(y).all()
    ]
    pairs = [(x, y) for x, y in pairs if x.any() and y.any()]
    if not pairs:
        return {"tensors": 0, "said": "no normalisation weights of equal length"}
    dice = generator(f"layernorm|{seed}")
    shuffled = [(dice.permutation(x), dice.permutation(y)) for x, y in pairs]
    return {
        "tensors": len(pairs),
        "layernorm_cosine": round(_mean(pairs, centred=False), 6),
        "layernorm_cosine_shuffled": round(_mean(shuffled, centred=False), 6),
        "layernorm_pearson": round(_mean(pairs, centred=True), 6),
        "layernorm_pearson_shuffled": round(_mean(shuffled, centred=True), 6),
        "said": (
            "not evidence: independent models reach the same cosine, and so do these vectors after"
            " shuffling"
        ),
    }


def _mean(pairs: list[tuple[NDArray[np.float64], NDArray[np.float64]]], *, centred: bool) -> float:
    found = []
    for x, y in pairs:
        u, v = (x - x.mean(), y - y.mean()) if centred else (x, y)
        length = float(np.sqrt((u**2).sum() * (v**2).sum()))
        found.append(float((u * v).sum()) / length if length > 0 else 0.0)
    return sum(found) / len(found)
