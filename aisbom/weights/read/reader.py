"""Open any checkpoint: which reader a file needs is told by its content first, by its name second.

Only headers are read; nothing is executed, unpickled or imported, and memory follows what the
headers hold, never what they declare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from aisbom.weights.read.source import Disk, Source, Window
from aisbom.weights.read.stored import Place, StoredCheckpoint, TensorInfo

__all__ = [
    "Checkpoint",
    "Place",
    "StoredCheckpoint",
    "TensorInfo",
    "open_checkpoint",
    "open_source",
]

Beside = Callable[[str], Source | None]
"""The file of that relative name in the same folder or below it, None if there is none."""

MAX_SHARDS = 2000
_MAX_INDEX = 64 * 1024 * 1024
_SHARD = re.compile(
    r"(?P<stem>.+?)[-_.]?(?P<number>\d{5})-of-(?P<count>\d{5})(?P<rest>(?:\.[A-Za-z0-9]+)+)"
)
_FAMILIES: tuple[tuple[str, ...], ...] = (
    (".safetensors",),
    (".gguf",),
    (".bin", ".pt", ".pth", ".ckpt"),
    (".onnx",),
    (".keras", ".h5", ".hdf5"),
    (".tflite",),
    (".xml",),
    (".pdmodel", ".pdiparams"),
    (".npz", ".npy"),
    (".jit",),
)
"""Formats in which one folder may hold one model several times; the first family that is there is
the checkpoint.
"""
_PICKLED = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".bin", ".ckpt", ".jit")


class Checkpoint(Protocol):
    """The tensors of one model as they are stored, sorted by name; `notes` say what was odd or
    refused.
    """

    format: str
    tensors: tuple[TensorInfo, ...]
    metadata: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    def read(self, name: str, start: int = 0, count: int | None = None) -> bytes:
        """The bytes of elements `start` to `start + count` in stored order, for exact tensors.

        Raises ValueError (one line) where they cannot be had, KeyError for an unknown name.
        """
        ...

    def read_f32(self, name: str, start_row: int, rows: int) -> bytes:
        """`rows` rows of the last dimension as little-endian f32, dequantised where needed. Raises
        ValueError, KeyError as `read`.
        """
        ...

    def close(self) -> None:
        """Close the files behind it."""
        ...


def open_checkpoint(path: Path) -> StoredCheckpoint:
    """The checkpoint in a file, or the one that the shards in a folder (or named by an index) make
    up.

    Raises ValueError with a one-line reason.
    """
    if path.is_dir():
        return _folder(path)
    if path.name.endswith(".index.json"):
        return _index(path)
    if not path.is_file():
        raise ValueError("no regular file or folder")
    return _single(path)


def open_source(source: Source, name: str, beside: Beside) -> StoredCheckpoint:
    """The checkpoint in `source`, which is closed with it, or when this raises ValueError (a
    one-line reason).
    """
    try:
        return _open_by_content(source, name, beside)
    except ValueError:
        source.close()
        raise
    except (RecursionError, MemoryError) as error:
        source.close()
        raise ValueError(
            f"its header takes more than can be read ({type(error).__name__})"
        ) from error


def _open_by_content(source: Source, name: str, beside: Beside) -> StoredCheckpoint:  # noqa: C901, PLR0911, PLR0912
    from aisbom.weights.read import (
        arrays,
        gguf,
        hdf5,
        onnx,
        openvino,
        paddle,
        safetensors,
        tflite,
        torch,
    )

    if source.size == 0:
        raise ValueError("an empty file: no weights in it")
    start = source.read_at(0, min(64, source.size))
    low = name.lower()
    if start[:4] == b"GGUF":
        return gguf.open_gguf(source)
    if start[:6] == b"\x93NUMPY":
        return arrays.open_npy(source, name)
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _open_zip(source)
    if start[4:8] == b"TFL3":
        return tflite.open_tflite(source)
    if low.endswith(".safetensors") or (
        start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= source.size - 8
    ):
        return safetensors.open_safetensors(source)
    if start[:8] == hdf5.SIGNATURE or (
        low.endswith((".h5", ".hdf5", ".keras")) and hdf5.starts(source)
    ):
        return hdf5.open_hdf5(source)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<?xml", b"<net")):
        return openvino.open_openvino(source, name, beside)
    if start[:1] == b"\x80" and start[1:2] in b"\x02\x03\x04\x05":
        return torch.open_pickle(source)
    if low.endswith(".onnx"):
        return onnx.open_onnx(source, beside)
    if low.endswith(".pdmodel"):
        return paddle.open_program(source, name, beside)
    if paddle.is_parameters(source):
        return paddle.open_parameters(source, name, beside)
    if start[:1] == b"\x08":
        return onnx.open_onnx(source, beside)
    if low.endswith(_PICKLED):
        # The first pickle formats have no mark of their own.
        return torch.open_pickle(source)
    raise ValueError("no weight format that is known begins like this")


def _open_zip(source: Source) -> StoredCheckpoint:
    from aisbom.weights.read import arrays, hdf5, torch
    from aisbom.weights.read.source import IN_MEMORY, Memory
    from aisbom.weights.read.zips import Zip

    directory = Zip(source)
    names = [name.rpartition("/")[2] for name in directory.members]
    if "data.pkl" in names:
        return torch.open_zip(source, directory)
    if "model.weights.h5" in directory.members:
        member = directory.members["model.weights.h5"]
        inner: Source
        if directory.plain(member):
            inner = Window(source, directory.begin(member), member.size)
        else:
            inner = Memory(directory.read(member.name, IN_MEMORY))
        opened = hdf5.open_hdf5(inner, "keras")
        return StoredCheckpoint(
            "keras",
            [(info, opened.place(info.name) if info.exact else None) for info in opened.tensors],
            opened.metadata,
            opened.notes,
            (source,),
        )
    if any(name.endswith(".npy") for name in names):
        return arrays.open_npz(source, directory)
    if "model.json" in names and any("tensors/" in name for name in directory.members):
        raise ValueError("TorchScript of before version 1.4: not read")
    raise ValueError(
        "a zip that holds no checkpoint: neither data.pkl, model.weights.h5 nor arrays"
    )


def _single(path: Path) -> StoredCheckpoint:
    files = [path]

    def beside(name: str) -> Source | None:
        found = _beside(path.parent, name)
        if found is not None:
            files.append(path.parent / name)
        return found

    opened = open_source(Disk(path), path.name, beside)
    opened.files = tuple(files)
    return opened


def _beside(folder: Path, name: str) -> Source | None:
    """A file in or below `folder`. Raises ValueError for a name, or a link, that leaves it."""
    parts = name.replace("\\", "/").split("/")
    if not name or "\0" in name or name.startswith("/") or ".." in parts or ":" in parts[0]:
        raise ValueError("its name leaves the folder: not opened")
    target = folder / name
    if not target.is_file():
        return None
    real, home = target.resolve(), folder.resolve()
    # A hub cache keeps the bytes in `blobs`, two folders up, and links to them.
    if not real.is_relative_to(home) and not real.is_relative_to(home.parent.parent / "blobs"):
        raise ValueError("a link that leaves the folder: not followed")
    return Disk(target)


def _index(path: Path) -> StoredCheckpoint:
    """The shards that a table of tensors and files names."""
    try:
        if path.stat().st_size > _MAX_INDEX:
            raise ValueError(f"an index of more than {_MAX_INDEX:,} bytes")
        table = json.loads(path.read_bytes())
    except (OSError, RecursionError) as error:
        raise ValueError(f"the index cannot be read: {error}") from error
    weights = table.get("weight_map") if isinstance(table, dict) else None
    if not isinstance(weights, dict) or not all(
        isinstance(shard, str) for shard in weights.values()
    ):
        raise ValueError("no table of tensors and shards in it")
    shards = sorted(set(weights.values()))
    if len(shards) > MAX_SHARDS:
        raise ValueError(f"more than {MAX_SHARDS:,} shards")
    missing, paths = [], []
    for shard in shards:
        found = _beside(path.parent, shard)
        if found is None:
            missing.append(shard)
        else:
            found.close()
            paths.append(path.parent / shard)
    notes = (
        [f"{len(missing)} of {len(shards)} shards are not here, the first is {missing[0][:100]}"]
        if missing
        else []
    )
    if not paths:
        raise ValueError(f"none of its {len(shards):,} shards is here")
    joined = _join_files(paths, notes)
    held = {tensor.name for tensor in joined.tensors}
    if not missing and held != set(weights):
        joined.notes += (
            f"the index and the shards differ in {len(held ^ set(weights)):,} names of tensors",
        )
    joined.files = (path, *joined.files)
    return joined


def _folder(folder: Path) -> StoredCheckpoint:
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise ValueError(f"the folder cannot be listed: {error.strerror}") from error
    # The values of an OpenVINO model are a .bin beside its .xml.
    described = {path.with_suffix(".bin") for path in paths if path.suffix.lower() == ".xml"}
    paths = [path for path in paths if path not in described]
    indexes = [
        path for path in paths if path.name.endswith((".safetensors.index.json", ".bin.index.json"))
    ]
    if indexes:
        first = min(
            indexes, key=lambda path: (not path.name.endswith(".safetensors.index.json"), path.name)
        )
        return _index(first)
    for family in _FAMILIES:
        chosen = [path for path in paths if path.name.lower().endswith(family) and not _aside(path)]
        if family == (".pdmodel", ".pdiparams"):
            programs = [path for path in chosen if path.suffix.lower() == ".pdmodel"]
            chosen = programs or chosen
        if chosen:
            return _group(chosen)
    raise ValueError("no weight file of a known format in this folder")


def _aside(path: Path) -> bool:
    """Files that training leaves beside a checkpoint under the same endings."""
    return path.name in (
        "training_args.bin",
        "optimizer.pt",
        "scheduler.pt",
        "optimizer.bin",
        "scheduler.bin",
        "rng_state.pth",
    )


def _group(paths: list[Path]) -> StoredCheckpoint:
    """One file, or the shards of one; of several checkpoints in a folder nobody can say which one
    is meant.
    """
    groups: dict[str, list[Path]] = {}
    for path in paths:
        match = _SHARD.fullmatch(path.name)
        groups.setdefault(match["stem"] + match["rest"] if match else path.name, []).append(path)
    if len(groups) > 1:
        raise ValueError(
            f"holds {len(groups):,} checkpoints ({', '.join(sorted(groups)[:3])}, ...): name one of"
            " them"
        )
    (members,) = groups.values()
    notes = []
    match = _SHARD.fullmatch(members[0].name)
    if match and int(match["count"]) != len(members):
        notes.append(f"{len(members)} of {int(match['count'])} shards are here")
    return _join_files(members, notes)


def _join_files(paths: list[Path], notes: list[str]) -> StoredCheckpoint:
    """The tensors of several files as one checkpoint."""
    opened: list[StoredCheckpoint] = []
    try:
        for path in paths:
            try:
                opened.append(_single(path))
            except ValueError as error:
                raise ValueError(f"{path.name}: {error}") from error
        if len(opened) == 1:
            opened[0].notes += tuple(notes)
            return opened[0]
        rows = [
            (info, part.place(info.name) if part.has_place(info.name) else None)
            for part in opened
            for info in part.tensors
        ]
        metadata = dict(pair for part in reversed(opened) for pair in part.metadata)
        found = [
            *notes,
            *(
                f"{path.name}: {note}"
                for path, part in zip(paths, opened, strict=True)
                for note in part.notes
            ),
        ]
        forms = sorted({part.format for part in opened})
        joined = StoredCheckpoint(
            "+".join(forms),
            rows,
            metadata.items(),
            found,
            [source for part in opened for source in part.sources],
        )
        joined.files = tuple(file for part in opened for file in part.files)
        return joined
    except ValueError:
        for part in opened:
            part.close()
        raise
