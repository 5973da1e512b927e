"""Checkpoints of PyTorch: the zip form, TorchScript, and the bare pickles of before version 1.6.
Nothing is unpickled.
"""

from __future__ import annotations

import io
import math
import posixpath

from aisbom.weights.read import pickle_tensors, pickled, pickled_arrays
from aisbom.weights.read.pickle_records import PickleWalk, Storage, Tensor
from aisbom.weights.read.source import Cursor, Source, open_buffered
from aisbom.weights.read.stored import (
    BITS,
    MAX_NOTES,
    MAX_TENSORS,
    Place,
    StoredCheckpoint,
    TensorInfo,
    apart,
    check_shape,
)
from aisbom.weights.read.strided import CODES, StridedSource
from aisbom.weights.read.zips import Zip

_MAGIC = 0x1950A86A20F9469CFC6C
_LARGEST = 2**40
Row = tuple[TensorInfo, Place | None]


def open_zip(source: Source, directory: Zip) -> StoredCheckpoint:
    """A zip with a `data.pkl`, or TorchScript with its `constants.pkl` too. Raises ValueError."""
    mains = sorted(name for name in directory.members if posixpath.basename(name) == "data.pkl")
    if not mains:
        raise ValueError("no data.pkl in it")
    folder = mains[0][: -len("data.pkl")]
    notes = [f"more than one data.pkl: {mains[0][:80]!r} was read"] if len(mains) > 1 else []
    metadata = []
    order = directory.members.get(f"{folder}byteorder")
    swapped = order is not None and directory.read(order.name, 64).strip() not in (b"little", b"")
    if swapped:
        notes.append("big-endian: values are not read")
    scripted = f"{folder}constants.pkl" in directory.members
    rows: list[Row] = []
    spans: dict[str, tuple[TensorInfo, Place]] = {}
    for name, inside in (("data.pkl", "data"), ("constants.pkl", "constants")):
        if f"{folder}{name}" not in directory.members:
            continue
        walked = PickleWalk()
        pickled.walk(io.BytesIO(directory.read(f"{folder}{name}", pickled.MAX_PICKLE)), walked)
        prefix = "constants." if name == "constants.pkl" else ""
        for tensor_name, tensor in pickle_tensors.tensors(walked.value, MAX_TENSORS):
            place = _member(directory, f"{folder}{inside}/", tensor, spans)
            rows.append(
                _row(
                    prefix + tensor_name,
                    tensor,
                    None if swapped else place,
                    place is not None,
                    notes,
                )
            )
    apart("zip", spans.values())
    for name in ("version", ".data/serialization_id"):
        member = directory.members.get(folder + name)
        if member is not None and member.size <= 100:
            metadata.append(
                (
                    name.rpartition("/")[2],
                    directory.read(member.name, 100).decode("latin-1").strip(),
                )
            )
    return _checkpoint("torchscript" if scripted else "pytorch", rows, metadata, notes, source)


def open_pickle(source: Source) -> StoredCheckpoint:
    """The form of before 1.6: five pickles, then the storages one after the other; or any other
    single pickle. Raises ValueError.
    """
    bounded = open_buffered(source)
    first = PickleWalk()
    notes: list[str] = []
    pickled.walk(bounded, first)
    if first.value != _MAGIC:
        if pickle_tensors.tensors(first.value, MAX_TENSORS):
            notes.append("a pickle with tensors whose storages are not in this file")
        rows = pickled_arrays.arrays(first.value, source)
        if rows:
            return StoredCheckpoint(
                "pickle",
                rows,
                (),
                _cut(
                    [*notes, "a pickle of NumPy arrays: listed from its opcodes, never unpickled"]
                ),
                (source,),
            )
        return StoredCheckpoint(
            "pickle",
            (),
            (),
            _cut(
                [*notes, "a pickle that is no checkpoint of PyTorch: no tensors are read from it"]
            ),
            (source,),
        )
    parts = [PickleWalk() for _ in range(4)]
    for part in parts:
        pickled.walk(bounded, part)
        if bounded.tell() > pickled.MAX_PICKLE:
            raise ValueError(f"its pickles are larger than {pickled.MAX_PICKLE:,} bytes")
    system, content, keys = parts[1].value, parts[2].value, parts[3].value
    found = pickle_tensors.tensors(content, MAX_TENSORS)
    little = not (isinstance(system, dict) and system.get("little_endian") is False)
    if not little:
        notes.append("big-endian: values are not read")
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise ValueError("no list of storages behind its pickles")
    places = _storages(source, bounded.tell(), keys, parts[2].storages)
    rows = []
    for name, tensor in found:
        place = places.get(tensor.storage.key)
        rows.append(_row(name, tensor, place if little else None, place is not None, notes))
    return _checkpoint("pytorch-legacy", rows, (), notes, source)


def _storages(
    source: Source, at: int, keys: list[str], known: dict[str, Storage]
) -> dict[str, Place]:
    """Each storage is its count of elements (8 bytes), then its values."""
    places = {}
    cursor = Cursor(source, at, 8)
    for key in keys:
        storage = known.get(key)
        if storage is None:
            # Its type, and so its length, is written nowhere else.
            raise ValueError(
                f"storage {key[:40]!r} belongs to no tensor that was understood: the ones behind it"
                " cannot be found"
            )
        count = cursor.read_unsigned(8)
        if count != storage.count:
            raise ValueError(
                f"storage {key[:40]!r} has {count:,} elements, its description {storage.count:,}"
            )
        places[key] = Place(source, cursor.at)
        cursor.skip(count * BITS.get(storage.dtype, 8) // 8)
    return places


def _member(
    directory: Zip, folder: str, tensor: Tensor, spans: dict[str, tuple[TensorInfo, Place]]
) -> Place | None:
    storage = tensor.storage
    member = directory.members.get(folder + storage.key)
    if member is None:
        return None
    size = storage.count * BITS.get(storage.dtype, 8) // 8
    if member.size < size:
        raise ValueError(
            f"storage {storage.key[:40]!r} has {member.size:,} bytes, {size:,} were promised"
        )
    if not directory.plain(member):
        return Place(directory.open(member), 0)
    if member.name not in spans:
        place = Place(directory.source, directory.begin(member))
        spans[member.name] = (
            TensorInfo(member.name, "U8", (member.size,), member.size, True),
            place,
        )
    return spans[member.name][1]


def _row(name: str, tensor: Tensor, place: Place | None, there: bool, notes: list[str]) -> Row:
    """A tensor and where its values are read from; its reach is checked against its storage."""
    check_shape(name, tensor.shape)
    bits, unit = BITS.get(tensor.dtype, 8), BITS.get(tensor.storage.dtype, 8)
    count = math.prod(tensor.shape)
    reach = (
        0
        if not count
        else 1
        + tensor.offset
        + sum((n - 1) * s for n, s in zip(tensor.shape, tensor.strides, strict=True))
    )
    if reach * bits > tensor.storage.count * unit:
        raise ValueError(f"tensor {name[:80]!r} reaches behind its storage")
    if count * bits > tensor.storage.count * unit and count > _LARGEST:
        raise ValueError(
            f"tensor {name[:80]!r} declares {count:,} elements over a storage of"
            f" {tensor.storage.count:,}"
        )
    if not there:
        notes.append(f"tensor {name[:80]!r}: its storage is not in the file")
    strides, step = [], 1
    for n in reversed(tensor.shape):
        strides.append(step)
        step *= n
    straight = all(
        n <= 1 or have == want
        for n, have, want in zip(tensor.shape, tensor.strides, reversed(strides), strict=True)
    )
    info = TensorInfo(
        name,
        tensor.dtype or "UNKNOWN",
        tensor.shape,
        count * bits // 8,
        place is not None and tensor.dtype in BITS,
    )
    if place is None or not info.exact:
        return info, None
    at = place.offset + tensor.offset * bits // 8
    if straight or not count:
        return info, Place(place.source, at)
    if bits // 8 not in CODES:
        notes.append(f"tensor {name[:80]!r} is not stored row by row: its values are not read")
        return TensorInfo(info.name, info.dtype, info.shape, info.nbytes, False), None
    return info, Place(StridedSource(place.source, at, tensor.shape, tensor.strides, bits // 8), 0)


def _checkpoint(
    form: str, rows: list[Row], metadata: object, notes: list[str], source: Source
) -> StoredCheckpoint:
    named: dict[str, Row] = {}
    for info, place in rows:
        name, number = info.name, 1
        while name in named:
            number += 1
            name = f"{info.name}~{number}"
        named[name] = (TensorInfo(name, info.dtype, info.shape, info.nbytes, info.exact), place)
    where = [
        (place.offset, id(place.source), info.nbytes)
        for info, place in named.values()
        if place is not None and info.nbytes
    ]
    if len(where) > len(set(where)):
        notes.append(
            f"{len(where) - len(set(where))} tensors share their values with another one (tied"
            " weights): counted each time"
        )
    if not named:
        notes.append("no tensors in it")
    pairs = metadata if isinstance(metadata, list) else []
    return StoredCheckpoint(form, named.values(), pairs, _cut(notes), (source,))


def _cut(notes: list[str]) -> list[str]:
    once = list(dict.fromkeys(notes))
    return (
        once
        if len(once) <= MAX_NOTES
        else [*once[:MAX_NOTES], f"and {len(once) - MAX_NOTES:,} more notes"]
    )
