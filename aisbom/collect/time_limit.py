"""A bound on the time of what reads a file, in seconds of the processor: a busy machine changes
nothing.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType


class TimeLimitError(BaseException):
    """It takes too long. No reader catches this by mistake: it is no `Exception`."""


class Limit:
    """Raises Exceeded inside each of its blocks once that has taken so many seconds, until it is
    closed. Where signals of time are not to be had (Windows, other threads) there is no bound.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._usable = (
            hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        )
        # Once for many blocks: for each of them it costs more than most readers of a file.
        self._before = signal.signal(signal.SIGVTALRM, _raise) if self._usable else None

    def __enter__(self) -> None:
        if self._usable:
            signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._usable:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def close(self) -> None:
        """Leave the signal to whoever had it before."""
        if self._usable:
            signal.signal(signal.SIGVTALRM, self._before)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise TimeLimitError
