"""The products in a sketch, written and read: what rotations do not change, for labels that two
sketches of one vocabulary choose alike.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights import four_bits
from aisbom.weights.anchors import LEAST
from aisbom.weights.held import LABELS, LabelledProducts
from aisbom.weights.products import GROUPS, Products, Table, tables
from aisbom.weights.side import SKETCHED, Side, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aisbom.weights.axes import Axis


def rows(side: Side, most: tuple[int, int], units: int) -> list[dict[str, Any]]:
    """The tables of a checkpoint: products of `units` units for `most[1]` of the `most[0]` axes
    that a sketch keeps. Places of units are no labels here: a sketch has no room for them.
    """
    kept = {axis.label for axis in spread(spread(list(side.axes), most[0] or 1), most[1] or 1)}
    found = []
    for table in tables(side) if most[1] else ():
        if table.kind.startswith("units"):
            continue
        labels = table.labels(table.texts)
        chosen = sorted(labels)[:LABELS]
        if len(chosen) < LEAST:
            continue
        numbers = np.array([labels[name] for name in chosen], np.int64)
        try:
            products = table.products(numbers)
        except ValueError:
            continue
        here = [axis for axis in table.axes if axis.label in kept]
        if np.isfinite(products.alike).all():
            found.append(_row(table, chosen, numbers.tolist(), products, (here, units)))
    return found


def read(found: Sequence[Mapping[str, Any]]) -> list[LabelledProducts]:
    """The tables of a sketch. Raises ValueError, KeyError or TypeError for damaged ones."""
    return [_parse_products(row) for row in found]


def _row(
    table: Table,
    chosen: Sequence[str],
    numbers: list[int],
    products: Products,
    kept: tuple[Sequence[Axis], int],
) -> dict[str, Any]:
    values, known = [], []
    for axis in kept[0]:
        count = min(SKETCHED.count, axis.units)
        block = axes_of.start(SKETCHED.seed, axis.units, count), min(count, kept[1])
        for group in GROUPS:
            try:
                raw = products.raw(axis, group, block)
            except ValueError:
                continue
            for kind, table_of in raw.items():
                data = base64.b64encode(four_bits.encode(table_of)).decode()
                values.append([axis.label, kind, table_of.shape[0], data])
        if products.is_known(axis):
            known.append(axis.label)
    upper = products.alike[np.triu_indices(len(chosen), 1)]
    codes = np.round(np.clip(upper, -1, 1) * 127).astype(np.int8)
    return {
        "kind": table.kind,
        "texts": table.texts,
        "hashes": "".join(chosen),
        "numbers": numbers,
        "alike": base64.b64encode(codes.tobytes()).decode(),
        "structured": products.is_structured,
        "known": known,
        "values": values,
    }


def _parse_products(row: Mapping[str, Any]) -> LabelledProducts:
    text, numbers = str(row["hashes"]), tuple(int(n) for n in row["numbers"])
    n = len(numbers)
    if not LEAST <= n <= LABELS or len(text) != 12 * n or set(text) - set("0123456789abcdef"):
        raise ValueError("a damaged sketch: labels")
    codes = np.frombuffer(_bytes(row["alike"]), np.int8)
    if codes.size != n * (n - 1) // 2:
        raise ValueError("a damaged sketch: cosines of labels")
    alike = np.eye(n)
    alike[np.triu_indices(n, 1)] = codes / 127
    alike = np.triu(alike, 1) + np.triu(alike, 1).T + np.eye(n)
    values: dict[tuple[str, str], NDArray[np.float32]] = {}
    for label, kind, units, codes_of in row["values"]:
        data = _bytes(codes_of)
        if not 0 < units <= SKETCHED.count or len(data) != (units * n + 1) // 2:
            raise ValueError("a damaged sketch: products")
        values[str(label), str(kind)] = four_bits.decode(data, units, n)
    return LabelledProducts(
        str(row["kind"]),
        bool(row["texts"]),
        tuple(text[at : at + 12] for at in range(0, 12 * n, 12)),
        numbers,
        alike,
        bool(row["structured"]),
        frozenset(str(label) for label in row["known"]),
        values,
    )


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"a damaged sketch: {error}") from error
