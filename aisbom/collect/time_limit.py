"""A bound on the time of what reads a file, in seconds of the processor: a busy machine changes
nothing.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Exceeded(BaseException):
    """It takes too long. No reader catches this by mistake: it is no `Exception`."""


@contextmanager
def of(seconds: float) -> Iterator[None]:
    """Raises Exceeded inside the block once it has taken so long. Where signals of time are not to
    be had (Windows, other threads) there is no bound.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _raise)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise Exceeded
