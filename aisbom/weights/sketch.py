"""A small side file that stands for a checkpoint in comparisons: keys of its tensors, its
structure, and sampled units.

The file is gzip (level 9, no time, no name) around one JSON object:

    format     "aisbom-weights-sketch", version 5; read are also 4, the keys of which are of form
               3, 3, where they are of form 2, and 2, which has no tables either
    label      what the maker called it; source, licence: where it comes from, may be empty
    digest     what `side.content` gives; parameters, tensors: counts before sampling
    structure  sorted [name grammar, dimensions, count] rows, at most MAX_STRUCTURE
    keys       rows of `identity.Keys`, at most MAX_KEYS: those with the smallest multiset, so that
               two sketches keep the same ones
    axes       label, index, units, and per matrix its kind, width and sampled values: 4-bit codes
               of units x columns, base64
    tables     products of sampled units with LABELS labelled vectors per table (`products`): hashes
               and rows of the labels, cosines of the labels with each other in 8 bits, and 4-bit
               codes of units x labels per matrix, for as many axes as fit
    norms      sampled normalisation weights, 8-bit codes; described only, never evidence

Two sketches are enough for value identity and for units in place, through rotations too. They do
not see through a reordering of units: that needs the whole layer. Its SHA-256 is the digest that an
SBOM can carry.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aisbom.weights import axes as axes_of
from aisbom.weights import four_bits, sketch_tables
from aisbom.weights.axes import Axis, Part
from aisbom.weights.identity import FORM, Keys
from aisbom.weights.read.stored import TensorInfo
from aisbom.weights.side import MAX_NORMS, SKETCHED, Side, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "aisbom-weights-sketch"
VERSION = 5
_FORMS = {2: 2, 3: 2, 4: 3, VERSION: FORM}
"""The form of the keys in sketches of each version that is read."""

READ = tuple(_FORMS)
MAX_KEYS = 3000
MAX_STRUCTURE = 400
MAX_BYTES = 1_000_000
MAX_READ = 16_000_000
"""Bytes: a written sketch stays below the first; the second bounds what a file that calls itself
one may unpack to.
"""

_KEY_FIELDS = ("id", "id_t", "flat", "multiset", "magnitudes", "cast_bf16", "cast_f16", "total")
_START = b"\x1f\x8b"
_NORM_VALUES = 256
_MOST = (
    (96, 48),
    (96, 24),
    (96, 12),
    (96, 6),
    (64, 32),
    (48, 24),
    (32, 16),
    (16, 8),
    (8, 4),
    (0, 0),
)
"""How many axes are kept, and of how many the products: the first that fits."""


def write(side: Side, source: str = "", licence: str = "", units: int = SKETCHED.count) -> bytes:
    """The sketch of a checkpoint, the same bytes every time, below MAX_BYTES: with fewer axes where
    all would not fit.

    `units` below SKETCHED.count leaves out the values of the rest (shipped references keep few).
    Raises ValueError as the reader does.
    """
    if side.checkpoint is None:
        raise ValueError("a sketch of a sketch would hold nothing new")
    for most in _MOST:
        data = _pack_table(_table(side, most, source, licence, units))
        if len(data) <= MAX_BYTES:
            return data
    raise ValueError("cannot be sketched within a megabyte")


def is_sketch(path: Path) -> bool:
    """Whether the file begins like one."""
    with path.open("rb") as stream:
        return stream.read(2) == _START


def read(data: bytes) -> Side:
    """The sketch in a file. Raises ValueError with a one-line reason for anything else."""
    return read_labelled(data)[1]


def read_labelled(data: bytes) -> tuple[dict[str, str], Side]:
    """`label`, `source`, `licence` and `digest` of a sketch, and the sketch. Raises ValueError as
    `read` does.
    """
    try:
        text = zlib.decompressobj(31).decompress(data, MAX_READ)
        table = json.loads(text)
    except (zlib.error, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"not a sketch: {error}") from error
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        raise ValueError("not a sketch of weights")
    if table.get("version") not in READ:
        raise ValueError(
            f"a sketch of version {str(table.get('version'))[:20]}; this program reads"
            f" {' and '.join(map(str, READ))}"
        )
    about = {name: str(table.get(name, "")) for name in ("label", "source", "licence", "digest")}
    try:
        return about, _side(table)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError) as error:
        raise ValueError(f"a damaged sketch: {type(error).__name__} {error}") from error


def _table(
    side: Side, most: tuple[int, int], source: str, licence: str, units: int
) -> dict[str, Any]:
    keys = sorted(side.keys, key=lambda k: (k.multiset or k.flat, k.name))[:MAX_KEYS]
    assert side.checkpoint is not None  # noqa: S101 - write() looked
    shapes = Counter((re.sub(r"\d+", "#", t.name), t.shape) for t in side.checkpoint.tensors)
    return {
        "format": FORMAT,
        "version": VERSION,
        "label": side.label,
        "source": source,
        "licence": licence,
        "digest": side.digest,
        "parameters": side.parameters,
        "tensors": len(side.checkpoint.tensors),
        "structure": [
            [name, list(shape), count] for (name, shape), count in sorted(shapes.items())
        ][:MAX_STRUCTURE],
        "keys": [_key_row(key) for key in keys],
        "axes": (
            list(_axis_rows(side, spread(list(side.axes), most[0]), units)) if most[0] else []
        ),
        "tables": sketch_tables.rows(side, most, units),
        "norms": {
            name: _norm_row(side.norms[name]) for name in spread(sorted(side.norms), MAX_NORMS)
        },
    }


def _pack_table(table: Mapping[str, Any]) -> bytes:
    text = json.dumps(table, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
    out = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, out, 0) as stream:
        stream.write(text)
    return out.getvalue()


def _key_row(key: Keys) -> list[Any]:
    digests = base64.b64encode(
        b"".join(bytes.fromhex(getattr(key, name) or "00" * 12) for name in _KEY_FIELDS)
    ).decode()
    return [
        key.name,
        key.dtype,
        list(key.shape),
        digests,
        key.entropy,
        key.distinct,
        key.log10_chance,
        key.why_not,
    ]


def _axis_rows(side: Side, axes: Sequence[Axis], units: int) -> Iterator[dict[str, Any]]:
    """Those whose values can be read: a sparse tensor has a shape, and no value to sample."""
    for axis in axes:
        try:
            yield _axis_row(side, axis, units)
        except ValueError:
            continue


def _axis_row(side: Side, axis: Axis, units: int) -> dict[str, Any]:
    rows = []
    for group, parts in (("in", axis.ins), ("out", axis.outs)):
        for part in parts:
            values = side.sample(axis, part, SKETCHED, axis.units)[:units]
            rows.append(
                [
                    group,
                    part.kind,
                    part.across,
                    *values.shape,
                    base64.b64encode(four_bits.encode(values)).decode(),
                ]
            )
    return {"label": axis.label, "index": list(axis.index), "units": axis.units, "parts": rows}


def _norm_row(values: NDArray[np.float32]) -> list[Any]:
    x = np.nan_to_num(values[:_NORM_VALUES].astype(np.float64))
    low, high = float(x.min(initial=0)), float(x.max(initial=0))
    step = (high - low) / 255 or 1.0
    return [
        float(f"{low:.9g}"),
        float(f"{step:.9g}"),
        base64.b64encode(np.round((x - low) / step).astype(np.uint8).tobytes()).decode(),
    ]


def _side(table: Mapping[str, Any]) -> Side:
    keys, form = [], _FORMS[table["version"]]
    for name, dtype, shape, digests, entropy, distinct, chance, why_not in table["keys"]:
        raw = base64.b64decode(digests, validate=True).hex()
        cut = [raw[i * 24 : (i + 1) * 24] for i in range(len(_KEY_FIELDS))]
        if len(raw) != len(_KEY_FIELDS) * 24 or not all(
            isinstance(n, int) and n >= 0 for n in shape
        ):
            raise ValueError("a damaged sketch: keys")
        a, b, c, d, e, f, g, h = ("" if not digest.strip("0") else digest for digest in cut)
        worth = float(entropy), int(distinct), float(chance), str(why_not), form
        keys.append(Keys(str(name), str(dtype), tuple(shape), a, b, c, d, e, f, g, h, *worth))
    axes, samples = [], {}
    for row in table["axes"]:
        axis, held = _axis(row)
        axes.append(axis)
        samples.update(held)
    norms = {}
    for name, (low, step, codes) in table["norms"].items():
        norms[str(name)] = (
            np.frombuffer(base64.b64decode(codes), np.uint8) * float(step) + float(low)
        ).astype(np.float32)
    notes = []
    if int(table["tensors"]) > len(keys):
        notes.append("the sketch keeps a sample of the tensor keys")
    if form < FORM:
        notes.append(
            "the sketch is of an older form: whether values are equal after rounding or without"
            " their signs could not be compared with newer ones"
        )
    if table["version"] == 2:
        notes.append("the sketch is of an older form: it does not see through rotations")
    return Side(
        str(table["label"]),
        str(table["digest"]),
        keys,
        int(table["parameters"]),
        axes,
        norms,
        notes,
        None,
        samples,
        tables=sketch_tables.read(table.get("tables", [])),
    )


def _axis(row: Mapping[str, Any]) -> tuple[Axis, dict[tuple[str, str], NDArray[np.float32]]]:
    label, units = str(row["label"]), int(row["units"])
    parts: dict[str, list[Part]] = {"in": [], "out": []}
    samples = {}
    for group, kind, across, height, length, codes in row["parts"]:
        data = base64.b64decode(codes, validate=True)
        if (
            not (0 < height <= SKETCHED.count and 0 < length <= max(SKETCHED.inner, SKETCHED.outer))
            or len(data) != (height * length + 1) // 2
        ):
            raise ValueError("a damaged sketch: sampled units")
        parts[group].append(
            Part(
                TensorInfo(label, "", (int(across),), 0, False), str(kind), 0, units, int(across), 0
            )
        )
        samples[label, str(kind)] = four_bits.decode(data, height, length)
    if not parts["in"] or units < axes_of.MIN_UNITS:
        raise ValueError("a damaged sketch: an axis without units")
    return (
        Axis(
            label,
            tuple(int(n) for n in row["index"]),
            units,
            tuple(parts["in"]),
            tuple(parts["out"]),
        ),
        samples,
    )
