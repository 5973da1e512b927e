"""What can be done to a model without any change of what it computes, and whether a comparison
would have seen through it.

A model is cleared only where each of these was tested, or is none of its architecture's; otherwise
the answer names what could still hide a copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aisbom.weights import units
from aisbom.weights.anchored import AnchoredTest
from aisbom.weights.placing import Cell, Placement
from aisbom.weights.recover import Recovery

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DETECTABLE = 0.5
"""A test that needs more similarity than this is no clearance."""

_NO_LABELS = (
    "no table was read whose rows both models label alike (token embedding, pixels of a patch,"
    " places)"
)


@dataclass(frozen=True, slots=True)
class Symmetry:
    """`what` may be changed for nothing, `id` in one word; `detectable` is the least similarity
    that a copy would have had to keep to be seen all the same, None where that was not tested.
    """

    id: str
    what: str
    status: Literal["tested", "excluded", "assumed", "untested"]
    how: str
    detectable: float | None = None

    @property
    def hides(self) -> bool:
        """Whether a copy could still be hidden so."""
        return self.status == "untested" or (
            self.detectable is not None and self.detectable > DETECTABLE
        )

    def row(self) -> Mapping[str, Any]:
        """For JSON."""
        held = {} if self.detectable is None else {"detectable_r": self.detectable}
        return {"id": self.id, "what": self.what, "status": self.status, "how": self.how, **held}


def symmetries(
    placed: Placement,
    anchored: AnchoredTest,
    recovered: Recovery,
    factor: float,
    heads: bool = False,
) -> list[Symmetry]:
    """Those of the architecture that the two share, as far as it was compared; `heads`: whether
    attention heads were, too.
    """
    kinds = {cell.kind for cell in [*placed.cells, *anchored.placed.cells]}
    found = []
    if "channel" in kinds:
        found.append(
            Symmetry(
                "channels",
                "channels of convolutions in another order",
                "untested",
                "channels are compared where they stand",
            )
        )
    if "hidden" in kinds:
        found += [*_list_hidden(placed, anchored, recovered, factor), _heads(heads)]
    return found


def _list_hidden(
    placed: Placement,
    anchored: AnchoredTest,
    recovered: Recovery,
    factor: float,
) -> list[Symmetry]:
    plain = units.effect(_tables(placed.cells), factor)
    through = units.effect(_tables(anchored.placed.cells), factor)
    rotated = "residual stream rotated, permuted or with signs flipped"
    moved = "gains of normalisations and scales of channels moved into other matrices"
    order = "hidden units in another order"
    found = [
        Symmetry(
            "signs",
            "signs and scales of hidden units",
            "tested",
            "units are compared by direction, whatever their length and sign",
            plain.detectable if plain else None,
        ),
    ]
    if through is None:
        return [
            *found,
            Symmetry("rotated", rotated, "untested", _NO_LABELS),
            Symmetry("moved", moved, "untested", _NO_LABELS),
            Symmetry("order", order, "untested", _NO_LABELS),
        ]
    found.append(
        Symmetry(
            "rotated",
            rotated,
            "tested",
            "units are described by products with vectors that turn with the residual stream",
            through.detectable,
        )
    )
    found.append(
        Symmetry("moved", moved, "tested", "gains are folded on both sides", through.detectable)
        if anchored.gains
        else Symmetry(
            "moved", moved, "untested", "the normalisation before some layers was not recognised"
        )
    )
    agreed = [a.detectable for a in recovered.agreements]
    found.append(
        Symmetry(
            "order",
            order,
            "tested",
            "units are matched by what feeds them and again by what they feed",
            sorted(agreed)[len(agreed) // 2],
        )
        if agreed
        else Symmetry("order", order, "untested", "matching units needs both kinds of matrices")
    )
    found.append(_labels(anchored))
    return found


def _heads(tested: bool) -> Symmetry:
    what = "attention heads in another order, turned or scaled inside"
    if tested:
        how = "heads are described by the circuits they form, and matched by two of them"
        return Symmetry("heads", what, "tested", how)
    return Symmetry(
        "heads", what, "excluded", "hidden units are compared, which attention does not touch"
    )


def _labels(anchored: AnchoredTest) -> Symmetry:
    what = "labels given in another order (tokens renumbered, a tokenizer that is not the model's)"
    how = f"paired {anchored.pairing}; " if anchored.pairing else ""
    return Symmetry("labels", what, anchored.labels.status, how + anchored.labels.how)


def _tables(cells: Sequence[Cell]) -> list[NDArray[np.float32]]:
    return [c.table for c in cells if c.paired and c.table is not None and c.kind == "hidden"]
