"""One GET over HTTP, with bounds on everything: bytes, seconds, tries, hosts."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from aisbom.__version__ import __version__

TRIES = 3
_SECONDS = 10.0
_WAIT = 0.5
_LONGEST_WAIT = 5.0
_CHUNK = 64 * 1024
_AGAIN = frozenset({429, 500, 502, 503, 504})


class FetchError(Exception):
    """Nothing usable came back; the words say why, in one line without the server's own."""


@dataclass(slots=True)
class Clock:
    """The time that all questions of a run have together, in seconds."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    @property
    def remaining(self) -> float:
        """Seconds that are left, never less than 0."""
        return max(0.0, self.seconds - (time.monotonic() - self.started))


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect inside its host, over the same protocol, and no other."""

    def redirect_request(self, *words: Any) -> urllib.request.Request | None:
        """The request that follows, for the same host only. `words`: the request first, the new
        address last, as the base class has them.
        """
        old, new = urlsplit(words[0].full_url), urlsplit(words[-1])
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            raise FetchError("redirects to another host: not followed")
        return super().redirect_request(*words)


_OPENER = urllib.request.build_opener(_SameHost)


def get(url: str, clock: Clock, most: int, headers: Mapping[str, str]) -> tuple[bytes, str]:
    """The body of an answer and its content type. Raises Refused.

    `most` is the number of bytes after which an answer is refused. A server that is busy is asked
    again, later each time; one that never ends is left when the clock has run out.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise FetchError("not an address of the web")
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        url, headers={"User-Agent": f"aisbom/{__version__}", **headers}
    )
    wait = _WAIT
    for attempt in range(1, TRIES + 1):
        if not clock.remaining:
            raise FetchError("the time for all questions is over")
        try:
            return _once(request, clock, most)
        except urllib.error.HTTPError as error:
            if error.code not in _AGAIN or attempt == TRIES:
                raise FetchError(f"answers {error.code}") from error
            wait = _asked_to_wait(error, wait)
        except (OSError, HTTPException, ValueError) as error:
            if attempt == TRIES:
                raise FetchError(f"cannot be reached: {type(error).__name__}") from error
        time.sleep(min(wait, _LONGEST_WAIT, clock.remaining))
        wait *= 2
    raise FetchError("cannot be reached")


def _once(request: urllib.request.Request, clock: Clock, most: int) -> tuple[bytes, str]:
    with _OPENER.open(request, timeout=min(_SECONDS, max(0.1, clock.remaining))) as answer:
        body = _body(answer, clock, most)
        return body, str(answer.headers.get("Content-Type", ""))


def _body(answer: Any, clock: Clock, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    until = time.monotonic() + _SECONDS
    while part := answer.read1(_CHUNK):
        size += len(part)
        if size > most:
            raise FetchError(f"answers with more than {most:,} bytes")
        if not clock.remaining or time.monotonic() > until:
            raise FetchError("does not come to an end")
        parts.append(part)
    return b"".join(parts)


def _asked_to_wait(error: urllib.error.HTTPError, wait: float) -> float:
    stated = error.headers.get("Retry-After", "") if error.headers else ""
    return float(stated) if stated.isascii() and stated.isdigit() else wait
