"""What a sketch holds of the products of hidden units with labelled vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABELS = 80
"""How many labels a sketch keeps: those of the smallest hashes, so that two keep the same ones."""


@dataclass(frozen=True, slots=True)
class LabelledProducts:
    """Products with one table of labelled vectors. `texts` says whether the labels are hashes of
    texts; `numbers` are their rows. `alike` holds the cosines of the labels with each other,
    `structured` whether the table shows more than chance would; `known` names the axes before which
    the normalisation was recognised; `values` gives units x labels by axis and kind of matrix.
    """

    kind: str
    texts: bool
    hashes: tuple[str, ...]
    numbers: tuple[int, ...]
    alike: NDArray[np.float64]
    structured: bool
    known: frozenset[str]
    values: Mapping[tuple[str, str], NDArray[np.float32]]
