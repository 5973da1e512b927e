"""Streaming digests whose names encode their parameters: a sampled digest can never be taken for a
full one.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO

FULL_UP_TO = 2 * 1024**3
"""Weight files up to this many bytes get a full digest by default; larger ones a sampled one
(`--hash full` reads them all).
"""

_BLOCK = 1024 * 1024
_WINDOW = 64 * 1024
_WINDOWS = 64
SAMPLED = f"sha256-sampled-{_WINDOWS}x{_WINDOW // 1024}k"


def sha256(stream: BinaryIO) -> str:
    """SHA-256 (hex) of everything in the stream, in constant memory."""
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def compute_sampled_digest(stream: BinaryIO, size: int) -> str:
    """SHA-256 (hex) over the size and 64 windows of 64 KiB spread evenly, first and last included:
    evidence of change, not identity.
    """
    digest = hashlib.sha256(f"{SAMPLED}:{size}:".encode())
    span = max(size - _WINDOW, 0)
    for number in range(_WINDOWS):
        stream.seek(span * number // (_WINDOWS - 1))
        digest.update(stream.read(_WINDOW))
    return digest.hexdigest()
