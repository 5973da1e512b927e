"""The weights of a submission as rows: keys of its tensors, a sketch and sign bits of each
checkpoint.
"""

from __future__ import annotations

import hashlib
import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aisbom.collect.models.weight_data import SiblingFiles
from aisbom.collect.models.weights import beside, source_of
from aisbom.fleet import sign_bits
from aisbom.model import Scan, redact
from aisbom.source.tree import File, Tree, Unreadable
from aisbom.weights import identity, sketch
from aisbom.weights.identity import Keys
from aisbom.weights.read.reader import open_checkpoint, open_source
from aisbom.weights.read.shards import shard_stem
from aisbom.weights.read.source import IN_MEMORY, Forward, Memory
from aisbom.weights.read.stored import StoredCheckpoint
from aisbom.weights.side import with_keys

BUDGET = 256 * 1024 * 1024
"""Bytes of values read of one checkpoint for its keys, smaller tensors first; with `--hash full`
all."""

_FAULTS = (
    *(ValueError, OSError, struct.error, Unreadable, ArithmeticError, LookupError, TypeError),
    *(MemoryError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class Weights:
    """One checkpoint: its row in `sketches`, its rows in `tensors`, and the sketch itself."""

    summary: dict[str, Any]
    tensors: tuple[dict[str, Any], ...]
    sketch: bytes


def weights(tree: Tree, scan: Scan, mode: str) -> Iterator[Weights]:
    """Every checkpoint of a scanned tree whose header was read. `mode` is that of `Options.hash`:
    no values for `none`, all for `full`.
    """
    if mode == "none":
        return
    groups: dict[str, list[File]] = defaultdict(list)
    for path in sorted(_paths(scan)):
        file = tree.get(path)
        if file is not None:
            folder, _, name = path.rpartition("/")
            stem = shard_stem(name)
            groups[f"{folder}/{stem}" if folder else stem].append(file)
    for label, files in sorted(groups.items()):
        yield _checkpoint(label, files, None if mode == "full" else BUDGET)


def _paths(scan: Scan) -> set[str]:
    return {
        o.evidence.at.path
        for component in scan.components
        for o in component.observations
        if o.kind == "weights" and o.fact("examined") == "header" and o.fact("tensors")
    }


def _checkpoint(label: str, files: Sequence[File], budget: int | None) -> Weights:
    row: dict[str, Any] = {
        **{"path": label, "digest": "", "sketch": "", "parameters": 0, "tensors": 0},
        **{"signature": "", "bits": b"", "note": ""},
    }
    try:
        opened = _open_weights(files)
    except _FAULTS as error:
        return Weights({**row, "note": _words(error)}, (), b"")
    try:
        row["tensors"] = len(opened.tensors)
        row["parameters"] = sum(info.numel for info in opened.tensors)
        chosen, omitted = identity.within(opened.tensors, budget)
        keys, notes = identity.of(opened, chosen, transposed=False)
        if omitted:
            notes.append(f"the values of the {omitted} largest tensors were not read")
        side = with_keys(opened, label.rpartition("/")[2], keys, notes)
        data = sketch.write(side)
        signature, bits = sign_bits.bits(side)
        row |= {"digest": side.digest, "signature": signature, "bits": bits}
        row["sketch"] = hashlib.sha256(data).hexdigest()
        row["note"] = redact.text("; ".join(sorted(set(notes))))[:500]
        return Weights(row, tuple(_tensor(label, key) for key in keys), data)
    except _FAULTS as error:
        return Weights({**row, "note": _words(error)}, (), b"")
    finally:
        opened.close()


def _open_weights(files: Sequence[File]) -> StoredCheckpoint:
    """The file, or the shards by their index or folder."""
    file = files[0]
    local = file.local
    if local is not None:
        if len(files) == 1:
            return open_checkpoint(local)
        index = next(
            (
                name
                for name in file.siblings()
                if name.endswith(".index.json") and shard_stem(name) == shard_stem(file.name)
            ),
            "",
        )
        return open_checkpoint(local.parent / index if index else local.parent)
    if len(files) > 1:
        raise ValueError("shards inside an archive: their values are not read")
    source = source_of(file)
    if isinstance(source, Forward):
        source.close()
        if file.size > IN_MEMORY:
            raise ValueError(
                f"inside an archive and larger than {IN_MEMORY:,} bytes: its values are not read"
            )
        return open_source(
            Memory(file.read(IN_MEMORY)), file.name, lambda name: beside(SiblingFiles(file), name)
        )
    return open_source(source, file.name, lambda name: beside(SiblingFiles(file), name))


def _tensor(path: str, key: Keys) -> dict[str, Any]:
    return {
        "path": path,
        "tensor": redact.text(key.name)[:300],
        "dtype": key.dtype,
        "shape": list(key.shape),
        "numel": key.numel,
        "flat": _key(key.flat),
        "multiset": _key(key.multiset),
        "magnitudes": _key(key.magnitudes),
        "cast": _key(key.cast_bf16),
        "chance": key.log10_chance,
        "why_not": key.why_not,
    }


def _key(text: str) -> int | None:
    """The first 64 of 96 bits."""
    return int(text[:16], 16) if text else None


def _words(error: BaseException) -> str:
    return redact.text(" ".join(str(error).split())[:300]) or type(error).__name__
