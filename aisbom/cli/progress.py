"""One line on a terminal while files are read; nothing anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(enabled: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A callback (done, all) that redraws at most ten times a second, and a clean line when it is
    over.
    """
    if not enabled:
        yield None
        return
    last = 0.0

    def show(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= 0.1 or done == total:
            last = now
            filled = 24 * done // max(total, 1)
            print(
                f"\r  reading [{'=' * filled}{' ' * (24 - filled)}] {done:,}/{total:,}",
                end="",
                file=sys.stderr,
                flush=True,
            )

    try:
        yield show
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
