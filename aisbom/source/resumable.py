"""SHA-256 whose state can be written down, so that the digest of a large file continues where it
was interrupted.

hashlib has no way to do that. OpenSSL's own functions have: their state is a plain structure. It is
used where that library can be loaded and gives the digest of a known text, through a state that was
written down; elsewhere `start` says None, and hashlib starts over.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
from functools import cache
from typing import Any

_SIZE = 112
"""Bytes of SHA256_CTX: eight words of state, two of length, sixteen of data, and two counts; all of
32 bits.
"""

BLOCK = 64
"""A state is written down only at a multiple of this many bytes, where no data wait in it."""

_WORDS = _SIZE // 4


class Running:
    """One digest under way."""

    def __init__(self, library: Any, state: bytes = b"") -> None:
        self._library = library
        self._context = ctypes.create_string_buffer(_SIZE)
        if state:
            self._context.raw = state
        else:
            library.SHA256_Init(self._context)

    def update(self, data: bytes | bytearray | memoryview) -> None:
        """Take in more bytes; lets go of the interpreter's lock meanwhile."""
        view = memoryview(data)
        at = (ctypes.c_char * len(view)).from_buffer(view) if not view.readonly else bytes(view)
        self._library.SHA256_Update(self._context, at, len(view))

    def state(self) -> bytes:
        """What `start` can continue from; meant for a multiple of BLOCK bytes."""
        return bytes(self._context.raw)

    def hexdigest(self) -> str:
        """The digest, as hashlib would give it."""
        last = ctypes.create_string_buffer(self._context.raw, _SIZE)
        out = ctypes.create_string_buffer(32)
        self._library.SHA256_Final(out, last)
        return out.raw.hex()


def start() -> Running | None:
    """A digest that can be interrupted, None where the library for it is not there."""
    library = _library()
    return Running(library) if library is not None else None


def resume_digest(state: bytes, done: int) -> Running | None:
    """The digest that had taken in `done` bytes. None for a state that is none: nothing out of
    range reaches the library.
    """
    library = _library()
    if library is None or len(state) != _SIZE or done % BLOCK or not 0 <= done < 2**60:
        return None
    words = [int.from_bytes(state[at : at + 4], sys.byteorder) for at in range(0, _SIZE, 4)]
    bits = done * 8
    if (
        words[8] != bits & 0xFFFFFFFF
        or words[9] != bits >> 32
        or words[_WORDS - 2]
        or words[_WORDS - 1] != 32
    ):
        return None
    return Running(library, state)


@cache
def _library() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    for name in ("libcrypto.so.3", "libcrypto.so.1.1"):
        try:
            library = ctypes.CDLL(name)
            library.SHA256_Update.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
            library.SHA256_Init.argtypes = (ctypes.c_void_p,)
            library.SHA256_Final.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        except (OSError, AttributeError):
            continue
        if _proven(library):
            return library
    return None


def _proven(library: Any) -> bool:
    """Whether a digest through a written-down state is the right one."""
    known = bytes(range(256)) * 3
    first = Running(library)
    first.update(known[:192])
    second = Running(library, first.state())
    second.update(known[192:])
    return second.hexdigest() == hashlib.sha256(known).hexdigest()
