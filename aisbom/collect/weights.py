"""Weight files: what a safetensors header says, and of other formats that they are there. No tensor is read, nothing is unpickled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from aisbom.collect import hub
from aisbom.collect.collector import Collector
from aisbom.model import Confidence, Evidence, Gap, Observation, Row, Technique, facts
from aisbom.walk import File, Unreadable
from aisbom.weights import safetensors

NAME = "weights"
MAX_PREFIXES = 40
MAX_SHARDS = 2000
MAX_INDEX = 64 * 1024 * 1024

_FORMATS = {
    ".safetensors": "safetensors",
    ".gguf": "gguf",
    ".onnx": "onnx",
    ".pt": "pytorch",
    ".pth": "pytorch",
    ".ckpt": "checkpoint",
    ".bin": "pytorch",
    ".h5": "hdf5",
    ".keras": "keras",
    ".tflite": "tflite",
    ".pdmodel": "paddle",
    ".pdiparams": "paddle",
}
_PICKLED = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_STARTS = {"gguf": (b"GGUF",), "hdf5": (b"\x89HDF\r\n\x1a\n",), "keras": (b"PK\x03\x04", b"\x89HDF\r\n\x1a\n"), "pytorch": _PICKLED}

Found = list[tuple[str, str | int | None]]


def _collect(file: File) -> Iterator[Row]:
    if file.name.endswith(".index.json"):
        yield from _index(file)
        return
    kind = _FORMATS["." + file.name.lower().rpartition(".")[2]]
    found: Found = [("format", kind), ("model-id", hub.snapshot(file.path)[0])]
    pointed = hub.pointer(file)
    if pointed:
        found += [("lfs", "yes"), ("hash", f"sha256:{pointed[0]}"), ("size", pointed[1])]
        yield _observation(file, found, "filename", "high", f"oid sha256:{pointed[0]}")
        yield Gap(NAME, file.at(), "only a pointer is here: weights not examined")
        return
    if file.size == 0:
        yield Gap(NAME, file.at(), "an empty file: no weights in it")
        return
    found.append(("size", file.size))
    if kind == "safetensors":
        yield from _safetensors(file, found)
        return
    start = file.head(16)
    fits = _fits(kind, start)
    if kind == "pytorch" and not fits and _is_text(file.head(512)):
        # Python's path files are called .pth too, and .pt is a language.
        return
    if not fits:
        yield Gap(NAME, file.at(), f"its name says {kind}, its first bytes do not")
    yield _observation(file, found, "filename", "medium" if fits else "low", file.name)
    yield Gap(NAME, file.at(), "header of this format is not read by this version: contents unknown")


def _safetensors(file: File, found: Found) -> Iterator[Row]:
    try:
        with file.open() as stream:
            header = safetensors.read_header(stream, file.size)
    except ValueError as error:
        yield _observation(file, found, "filename", "low", file.name)
        raise Unreadable(f"not a sound safetensors file: {error}") from error
    tensors = header.tensors
    parameters = sum(tensor.numel for tensor in tensors)
    found += [
        ("tensors", len(tensors)),
        ("parameters", parameters),
        ("tensor-digest", safetensors.digest(tensors)),
        ("framework", dict(header.metadata).get("format", "")[:40]),
        *(("dtype", dtype) for dtype in sorted({tensor.dtype for tensor in tensors})),
        *_prefixes(tensor.name for tensor in tensors),
    ]
    yield _observation(file, found, "binary-analysis", "high", f"{len(tensors)} tensors, {parameters} parameters")


def _index(file: File) -> Iterator[Row]:
    """A table of which tensor lies in which shard."""
    try:
        table = json.loads(file.text(MAX_INDEX))
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from error
    weights = table.get("weight_map") if isinstance(table, dict) else None
    if not isinstance(weights, dict) or not all(isinstance(shard, str) for shard in weights.values()):
        raise Unreadable("no table of tensors and shards in it")
    metadata = table.get("metadata")
    size = metadata.get("total_size") if isinstance(metadata, dict) else None
    shards = sorted(set(weights.values()))[:MAX_SHARDS]
    found: Found = [
        ("format", "safetensors-index"),
        ("model-id", hub.snapshot(file.path)[0]),
        ("tensors", len(weights)),
        ("total-size", int(size) if isinstance(size, (int, float)) and 0 <= size < 2**63 else None),
        *(("shard", shard) for shard in shards),
        *_prefixes(weights),
    ]
    yield _observation(file, found, "manifest-analysis", "high", f"{len(weights)} tensors in {len(shards)} shards")
    missing = [shard for shard in shards if file.sibling(shard) is None]
    if missing:
        yield Gap(NAME, file.at(), f"{len(missing)} of {len(shards)} shards named here are not in the tree, the first is {missing[0]}")


def _prefixes(names: Iterable[str]) -> Found:
    """The first parts of tensor names, which tell a language model from an encoder beside it."""
    return [("prefix", prefix[:120]) for prefix in sorted({name.partition(".")[0] for name in names})[:MAX_PREFIXES]]


def _fits(kind: str, start: bytes) -> bool:
    if kind == "tflite":
        return start[4:8] == b"TFL3"
    return start.startswith(_STARTS[kind]) if kind in _STARTS else True


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 4:
            return False
        text = data[: error.start].decode("utf-8")
    return all(character.isprintable() or character in "\t\r\n\f" for character in text)


def _observation(file: File, found: Found, technique: Technique, confidence: Confidence, excerpt: str) -> Observation:
    _, commit, _, _ = hub.identity(file)
    return Observation("weights", file.name, commit, "", Evidence(NAME, technique, confidence, file.at(), excerpt), facts(*found))


COLLECTOR = Collector(
    NAME,
    1,
    (
        "*.safetensors",
        "*.safetensors.index.json",
        "*.gguf",
        "*.onnx",
        "*.pt",
        "*.pth",
        "*.ckpt",
        "*pytorch_model*.bin",
        "adapter_model.bin",
        "*.h5",
        "*.keras",
        "*.tflite",
        "*.pdmodel",
        "*.pdiparams",
    ),
    _collect,
    installed=True,
)
