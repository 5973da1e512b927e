"""Weight files: what their headers say. No tensor is read, and nothing is unpickled."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence

from packageurl import PackageURL

from aisbom.collect import get_collector
from aisbom.collect.models import header_facts, hub, packed, weight_data, weight_parts
from aisbom.model import Confidence, Evidence, Gap, Observation, Row, Technique, facts
from aisbom.source.faults import fault, shown_path
from aisbom.source.tree import File, Unreadable
from aisbom.weights import structure
from aisbom.weights.read import safetensors
from aisbom.weights.read.reader import open_source
from aisbom.weights.read.source import IN_MEMORY, Disk, Forward, Memory, Source
from aisbom.weights.read.stored import StoredCheckpoint, TensorInfo, about

NAME = "weights"
MAX_PREFIXES = 40
MAX_SHARDS = 2000
MAX_INDEX = 64 * 1024 * 1024
MAX_NOTES = 20

_FORMATS = {
    "safetensors": "safetensors",
    "gguf": "gguf",
    "onnx": "onnx",
    "pt": "pytorch",
    "pth": "pytorch",
    "ckpt": "checkpoint",
    "bin": "pytorch",
    "th": "pytorch",
    "jit": "torchscript",
    "h5": "hdf5",
    "hdf5": "hdf5",
    "keras": "keras",
    "tflite": "tflite",
    "pdmodel": "paddle",
    "pdiparams": "paddle",
    "xml": "openvino",
    "npz": "npz",
    "pkl": "pickle",
    "pickle": "pickle",
    "joblib": "joblib",
}
_QUIET = frozenset({"openvino", "npz", "pickle", "joblib"})
"""Endings that mostly hold other things: such a file is a sighting only where weights are in it."""

_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x5d\0\0": "lzma",
    b"\x04\x22\x4d\x18": "lz4",
    b"ZF": "zlib",
}
"""`ZF` is how joblib began its files before version 0.10."""

_LAYERED = re.compile(
    r"[./]|weight|kernel|bias|embed(?!s(?![a-z]))|param|gamma|beta|conv|dense|layer|lstm|gru|^arr_[3-9]|^arr_\d\d|^[wb]_?\d*$",
    re.IGNORECASE,
)
"""What arrays of a network are called in a file that may hold any arrays; without names, four of
them and more. `audio_embeds` is what a network computed.
"""

_MANY = 6
"""So many arrays are taken for a network's whatever they are called: a copy may rename them. A data
set has up to four.
"""

MAX_NUMBERS = 1024 * 1024
"""Bytes of a checkpoint that holds no tensor, but numbers, boxes or points of a face."""
MAX_UNLAYERED = 32_000_000
"""Values that a latent, a voice or a table of statistics may have; a model in one tensor has more.
"""

_OLD_GGML = (b"lmgg", b"tjgg", b"fmgg")
"""Before GGUF, and still in whisper.cpp: `ggml`, `ggjt` and `ggmf`, as little-endian numbers."""

_FORWARD = (b"GGUF", b"\x80", b"\0\0\0\0")

Found = list[tuple[str, str | int | None]]


def collect(file: File) -> Iterator[Row]:
    """A sighting of a weight file, from its header alone."""
    if file.name.endswith(".index.json"):
        yield from _index(file)
        return
    low = file.name.lower()
    kind = "joblib" if ".joblib." in low else _FORMATS[low.rpartition(".")[2]]
    found: Found = [("model-id", hub.snapshot(file.hub_path)[0])]
    pointed = hub.pointer(file)
    if pointed and kind not in _QUIET:
        found += [
            ("format", kind),
            ("lfs", "yes"),
            ("hash", f"sha256:{pointed[0]}"),
            ("size", pointed[1]),
        ]
        yield _observation(file, found, "filename", "high", f"oid sha256:{pointed[0]}")
        yield Gap(NAME, file.at(), "only a pointer is here: weights not examined")
        return
    if file.size == 0:
        if kind not in _QUIET:
            yield Gap(NAME, file.at(), "an empty file: no weights in it")
        return
    found.append(("size", file.size))
    start = file.head(512)
    closed = _say_why_closed(kind, start)
    if closed is not None:
        form, why = closed
        if form:
            yield _observation(file, [*found, ("format", form)], "filename", "low", file.name)
        yield Gap(NAME, file.at(), why)
        return
    quiet = kind in _QUIET or _something_else(kind, start)
    if kind == "openvino" and b"<net" not in start:
        return
    asked = weight_data.SiblingFiles(file)
    try:
        opened = open_source(source_of(file), file.name, lambda name: beside(asked, name))
    except ValueError as error:
        if not quiet or asked.found:
            yield _observation(file, [*found, ("format", kind)], "filename", "low", file.name)
            if kind in weight_data.FORMATS:
                yield from asked.rows(NAME, kind)
            raise Unreadable(f"not a sound {kind} file: {error}") from error
        return
    try:
        yield from _describe(file, quiet, opened, found)
        if opened.format in weight_data.FORMATS:
            yield from asked.rows(NAME, opened.format)
    finally:
        opened.close()


def _say_why_closed(kind: str, start: bytes) -> tuple[str, str] | None:
    """(format, why its tensors are not listed) of a file that is not opened; the format is empty
    where it may be anything.
    """
    if start.startswith(_OLD_GGML):
        return "ggml", "an old GGML file, which has no table of tensors: not listed"
    packed = compression(start) if kind in ("pickle", "joblib") else ""
    if packed:
        form = kind if kind == "joblib" else ""
        return form, f"compressed with {packed}: its arrays are not listed"
    return None


def _describe(file: File, quiet: bool, opened: StoredCheckpoint, found: Found) -> Iterator[Row]:
    tensors = opened.tensors
    if quiet and not tensors:
        return
    if (
        (opened.format == "npz" or file.name.lower().endswith(".th"))
        and len(tensors) < _MANY
        and not any(_LAYERED.search(tensor.name) for tensor in tensors)
    ):
        return  # arrays of anything: a table of filters, a data set
    absent = about(opened.notes, "absent")
    program = file.name.lower().endswith(".pdmodel") and not absent
    counted = packed.count(tensors, packed.settings(file) if _packs(tensors) else None)
    parameters = counted.parameters
    found += [
        ("format", opened.format),
        ("examined", "header"),
        *(("note", note[:200]) for note in opened.notes[:MAX_NOTES]),
    ]
    if program:
        # Its parameters lie in the file beside it, which is a sighting of its own.
        yield _observation(
            file,
            [*found, ("format", "paddle-index")],
            "binary-analysis",
            "high",
            f"names {len(tensors)} parameters",
        )
        return
    found += [
        ("tensors", len(tensors)),
        ("unlayered", "yes" if _holds_numbers(file, opened) or _has_no_layers(tensors) else None),
        ("parameters", parameters),
        ("quantisation", counted.method),
        ("tensor-digest", safetensors.digest(tensors)),
        ("names-digest", structure.names_digest(tensors)),
        ("structure-digest", structure.digest(tensors)),
        *(("dtype", dtype) for dtype in sorted({tensor.dtype for tensor in tensors})),
        *(
            ("submodel", f"{part.role}: {part.prefix}")
            for part in structure.submodels(tensors)
            if part.role
        ),
        *_prefixes(tensor.name for tensor in tensors),
        *weight_parts.shapes(tensors),
        *header_facts.read_header_facts(opened),
    ]
    yield _observation(
        file, found, "binary-analysis", "high", f"{len(tensors)} tensors, {parameters} parameters"
    )
    yield from _datasets(file, opened)
    for part in weight_parts.group_tensors(tensors):
        excerpt = f"{len(part.tensors)} tensors under {part.prefix}"
        at = Evidence(NAME, "binary-analysis", "high", file.at(0, part.prefix), excerpt)
        yield Observation(
            "submodel", part.part, "", "", at, facts(*part.facts(), format=opened.format)
        )
    for note in absent:
        yield Gap(NAME, file.at(), str(note))


def _holds_numbers(file: File, opened: StoredCheckpoint) -> bool:
    """Whether a file holds no tensor and is too small for any: a mean, a step, a name."""
    pickled = opened.format in ("pytorch", "pickle")
    return pickled and not opened.tensors and file.size <= MAX_NUMBERS


def _has_no_layers(tensors: Sequence[TensorInfo]) -> bool:
    """Whether the tensors make no network: one or two of which none is called as a layer is (a
    latent, a prompt, a voice, a mean and a variance), or heads of one output each, which weigh
    what another network gives (the linear layers of LPIPS: `lin0.model.1.weight`, 1 x 64 x 1 x 1;
    a row of weights and one bias), or one number each, as the scales of what is quantised are.
    """
    if not tensors or sum(math.prod(t.shape) for t in tensors) > MAX_UNLAYERED:
        return False
    heads = all(len(t.shape) > 1 and t.shape[0] == 1 for t in tensors)
    layered = any(_LAYERED.search(tensor.name) for tensor in tensors)
    if all(math.prod(t.shape) == 1 for t in tensors):
        return True
    flat = all(len(t.shape) < 2 for t in tensors)
    return heads or (len(tensors) < 3 and (flat or not layered))


def _datasets(file: File, opened: StoredCheckpoint) -> Iterator[Observation]:
    """What the header says that the model was trained on."""
    for name in header_facts.datasets(opened):
        at = file.at(0, "header")
        owner, _, last = name.partition("/")
        purl = PackageURL("huggingface", f"datasets/{owner}", last).to_string()
        told = facts(used_for="training", of_model="yes", dataset_id=name, loader="header")
        seen = Evidence(NAME, "binary-analysis", "high", at, name)
        yield Observation("dataset", name, "", purl, seen, told)


def source_of(file: File) -> Source:
    """The bytes of a file: where it lies on disk at any place, in an archive from front to back, or
    in memory where a format needs more.
    """
    stream = file.open()
    try:
        return Disk(stream)
    except OSError:
        stream.close()
    start = file.head(16)
    if start.startswith(_FORWARD) or start[8:9] == b"{":
        return Forward(file.open, file.size)
    if file.size > IN_MEMORY:
        raise ValueError(
            f"inside an archive and larger than {IN_MEMORY:,} bytes: this format cannot be read"
            " from front to back"
        )
    return Memory(file.read(IN_MEMORY))


def beside(asked: weight_data.SiblingFiles, name: str) -> Source | None:
    """A file in or below the same folder. Raises ValueError for a name that leaves it."""
    parts = name.replace("\\", "/").split("/")
    if not name or name.startswith("/") or ".." in parts or ":" in parts[0]:
        raise ValueError("its name leaves the folder: not opened")
    found = asked.sibling(name)
    return source_of(found) if found is not None else None


def compression(start: bytes) -> str:
    """What a file that begins like this is compressed with, `""` if it is not: joblib writes all of
    these.
    """
    if start[:1] == b"\x78" and int.from_bytes(start[:2], "big") % 31 == 0:
        return "zlib"
    return next((word for magic, word in _COMPRESSED.items() if start.startswith(magic)), "")


def _something_else(kind: str, start: bytes) -> bool:
    """Endings that weights share with other files: Python's path files are called .pth too, and .pt
    is a language.
    """
    return (
        kind in ("pytorch", "torchscript")
        and not start.startswith((b"PK", b"\x80"))
        and _is_text(start)
    )


def _index(file: File) -> Iterator[Row]:
    """A table of which tensor lies in which shard."""
    try:
        table = json.loads(file.text(MAX_INDEX))
    except ValueError as error:
        raise Unreadable(f"not JSON: {fault(error)}") from error
    weights = table.get("weight_map") if isinstance(table, dict) else None
    if not isinstance(weights, dict) or not all(
        isinstance(shard, str) for shard in weights.values()
    ):
        raise Unreadable("no table of tensors and shards in it")
    metadata = table.get("metadata")
    size = metadata.get("total_size") if isinstance(metadata, dict) else None
    shards = sorted(set(weights.values()))[:MAX_SHARDS]
    found: Found = [
        ("format", "safetensors-index"),
        ("model-id", hub.snapshot(file.hub_path)[0]),
        ("tensors", len(weights)),
        ("total-size", int(size) if isinstance(size, (int, float)) and 0 <= size < 2**63 else None),
        *(("shard", shard) for shard in shards),
        *_prefixes(weights),
    ]
    yield _observation(
        file, found, "manifest-analysis", "high", f"{len(weights)} tensors in {len(shards)} shards"
    )
    missing = [shard for shard in shards if file.sibling(shard) is None]
    if missing:
        yield Gap(
            NAME,
            file.at(),
            f"{len(missing)} of {len(shards)} shards named here are not in the tree, the first is"
            f" {shown_path(missing[0])}",
        )


def _packs(tensors: Iterable[TensorInfo]) -> bool:
    return any(tensor.dtype in ("U8", "I8", "I32", "U32") for tensor in tensors)


def _prefixes(names: Iterable[str]) -> Found:
    """The first parts of tensor names, which tell a language model from an encoder beside it."""
    return [
        ("prefix", prefix[:120])
        for prefix in sorted({name.partition(".")[0] for name in names})[:MAX_PREFIXES]
    ]


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 4:
            return False
        text = data[: error.start].decode("utf-8")
    return all(character.isprintable() or character in "\t\r\n\f" for character in text)


def _observation(
    file: File, found: Found, technique: Technique, confidence: Confidence, excerpt: str
) -> Observation:
    _, commit, _, _ = hub.identity(file)
    return Observation(
        "weights",
        file.name,
        commit,
        "",
        Evidence(NAME, technique, confidence, file.at(), excerpt),
        facts(*found),
    )


COLLECTOR = get_collector(NAME)
