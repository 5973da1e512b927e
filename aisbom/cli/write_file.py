"""A finished document to its place: written beside it and renamed, so that nobody ever sees half of
one.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aisbom.cli import output
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.emit.html.words import Words


def write(path: Path, data: bytes) -> None:
    """Put `data` at `path`. Raises OSError; the old file stays whole then, and nothing is left
    beside it.

    A device or a pipe takes the bytes and stays what it is. A link is replaced, and what it points
    to stays as it was.
    """
    if _takes_bytes(path):
        _pour(path, data)
        return
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def deliver(file: Path | None, target: str, page: bytes, say: Words | None = None) -> None:
    """Write a finished page to `file` (None: standard output) and say so. Raises UsageError where
    what `--output` named as `target` cannot be written.
    """
    if file is None:
        output.write_bytes(page)
        return
    try:
        write(file, page)
    except OSError as error:
        raise UsageError(f"--output {target}: cannot be written: {error.strerror}") from error
    wrote = f"wrote {file.name}: {len(page):,} bytes"
    output.write(say.error(wrote) if say else wrote)


def _takes_bytes(path: Path) -> bool:
    """Whether something is there that is no file, no folder and no link to one of these."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _pour(path: Path, data: bytes) -> None:
    # Not blocking: a pipe that nobody reads is an error, not a wait without end.
    handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "set_blocking"):
        os.set_blocking(handle, True)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
