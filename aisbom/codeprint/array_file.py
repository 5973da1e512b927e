"""Arrays in one file that is mapped into memory: opening it unpacks nothing, and processes share
its pages.

    magic, length of the header (8 bytes), SHA-256 of all that follows; header (JSON); arrays

Only this program writes such a file, into the cache folder of its user. One that is cut short,
damaged or of another layout is no file of this kind: it is made anew. Its digest is computed once
for each state that the file was in: a note beside it says which state was found sound, by the
stamp of the file, which no process can write without changing it.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aisbom.cache.store import is_settled

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAGIC = b"aisbom arrays 2\n"
_START = len(_MAGIC) + 8 + 32
_ALIGNED = 64


def save(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the arrays (one row of plain numbers each) to `path`, whole or not at all,
    whoever else is writing it. Raises OSError.
    """
    rows: dict[str, tuple[str, int, int]] = {}
    end = 0
    for name, array in arrays.items():
        rows[name] = (array.dtype.char, end, array.nbytes)
        end += -(-array.nbytes // _ALIGNED) * _ALIGNED
    header = json.dumps(rows, separators=(",", ":")).encode()
    header += b" " * (-(_START + len(header)) % _ALIGNED)
    body = [header]
    for array in arrays.values():
        data = array.tobytes()
        body += [data, b"\0" * (-len(data) % _ALIGNED)]
    digest = hashlib.sha256()
    for part in body:
        digest.update(part)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(_MAGIC + len(header).to_bytes(8, "little") + digest.digest())
            file.writelines(body)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> dict[str, memoryview] | None:
    """The arrays of a file of `save`, none of them writable; None where there is no such file, or
    it is not as it was written. Their numbers are those of this machine, which wrote them.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            stamp = _stamp(os.fstat(file.fileno()))
    except (OSError, ValueError):
        return None
    length = int.from_bytes(mapped[_START - 40 : _START - 32], "little")
    body = memoryview(mapped)[_START:]
    if mapped[: len(_MAGIC)] != _MAGIC:
        return None
    if not _found_sound(path, stamp):
        if _digest(body) != mapped[_START - 32 : _START]:
            return None
        _note_sound(path, stamp)
    with suppress(OSError):
        os.utime(_note(path))
    rows: dict[str, tuple[Any, int, int]] = json.loads(bytes(body[:length]))
    return {
        name: body[length + start : length + start + size].cast("B").cast(kind)
        for name, (kind, start, size) in rows.items()
    }


def get_last_use(path: Path) -> int:
    """When a file of `save` was loaded last, or else made, in nanoseconds: the note beside it bears
    that time, since the file itself is not to change. Raises OSError.
    """
    note = _note(path)
    return max(one.stat().st_mtime_ns for one in (path, note) if one.exists())


def forget(path: Path) -> None:
    """Remove a file of `save` and the note beside it. Raises OSError."""
    path.unlink(missing_ok=True)
    _note(path).unlink(missing_ok=True)


def _digest(body: memoryview) -> bytes:
    return hashlib.sha256(body).digest()


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}:{status.st_size}"


def _note(path: Path) -> Path:
    return path.with_suffix(".sound")


def _found_sound(path: Path, stamp: str) -> bool:
    try:
        return _note(path).read_text("ascii") == stamp
    except (OSError, ValueError):
        return False


def _note_sound(path: Path, stamp: str) -> None:
    """Note the state of a file that has not changed within the tick of a clock."""
    if is_settled(stamp):
        try:
            _note(path).write_text(stamp, "ascii")
        except OSError:
            return  # the digest is computed again the next time
