"""Digests of weight and tokenizer files: computed side by side, kept for the next scan, and
continued where one was interrupted.

A finished digest is kept as long as size, times and inode of its file are those it was made of. A
full digest under way is written down every STEP bytes and when the program is interrupted, where
`resumable` can do that; elsewhere an interrupted file starts over.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from aisbom.cache.digests import DigestCache
from aisbom.model import Evidence, Gap, Location, Observation, Row, facts
from aisbom.source import hashing, resumable
from aisbom.source.tree import File, Tree, Unreadable

STEP = 1024**3
"""Bytes of a file after which the state of its digest is written down."""

_CHUNK = 4 * 1024 * 1024


class Interruption(Exception):
    """The program is being stopped; what was done so far has been written down."""


def compute_digests(
    trees: Sequence[Tree], rows: Iterable[Row], mode: str, jobs: int, cached: bool = False
) -> Iterator[Row]:
    """A digest for every weight and tokenizer file that was seen, as a further sighting of it.

    `mode` is `none`, `sampled` or `full`; empty means full up to `hashing.FULL_UP_TO` bytes,
    sampled above.
    """
    if mode == "none":
        return
    seen = [
        r
        for r in rows
        if isinstance(r, Observation)
        and r.kind in ("weights", "weight-data", "tokenizer")
        and not r.fact("lfs")
    ]
    # Several models may keep their values in one file.
    seen = list({(o.evidence.at.path, o.name, o.version, o.purl, o.kind): o for o in seen}.values())
    # An archive has one position to read from; files on disk are hashed side by side (hashing lets
    # go of the lock).
    if not seen:
        return
    packed = [o for o in seen if "!/" in o.evidence.at.path or trees[0].packed]
    kept = DigestCache() if cached else None
    stop = threading.Event()
    from concurrent.futures import ThreadPoolExecutor

    try:
        with ThreadPoolExecutor(jobs) as pool:
            try:
                yield from pool.map(
                    lambda sighting: _digest(trees, sighting, mode, kept, stop),
                    [o for o in seen if o not in packed],
                )
            except BaseException:
                stop.set()
                raise
        yield from (_digest(trees, sighting, mode, None, stop) for sighting in packed)
    finally:
        if kept is not None:
            kept.close()


def of_paths(paths: Sequence[Path], mode: str, jobs: int) -> list[dict[str, str]]:
    """`of_path` for each of these files, side by side on so many threads; what was done so far is
    kept when the program is interrupted. Raises ValueError if one cannot be read.
    """
    stop = threading.Event()
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(jobs) as pool:
        try:
            return list(pool.map(lambda path: of_path(path, mode, stop=stop), paths))
        except BaseException:
            stop.set()
            raise


def of_path(
    path: Path, mode: str, cached: bool = True, stop: threading.Event | None = None
) -> dict[str, str]:
    """{name of the digest: value} of one file on disk; `mode` is never empty. Raises ValueError if
    it cannot be read, Interrupted when `stop` is set.
    """
    if mode == "none":
        return {}
    kept = DigestCache() if cached else None
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            stamp = f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
            if mode == "sampled":
                return {hashing.SAMPLED: hashing.compute_sampled_digest(stream, status.st_size)}
            return {"sha256": full(stream, str(path.resolve()), stamp, kept, stop)}
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    finally:
        if kept is not None:
            kept.close()


def full(
    stream: BinaryIO,
    file: str,
    stamp: str,
    kept: DigestCache | None,
    stop: threading.Event | None = None,
) -> str:
    """SHA-256 (hex) of a stream that can seek, continued from what was kept of `file` under `stamp`
    (as of `walk.Entry`).

    Raises Interrupted when `stop` is set.
    """
    value, done, state = kept.get(file, stamp, "sha256") if kept is not None else ("", 0, b"")
    if value:
        return value
    running = resumable.resume_digest(state, done) if state else None
    if running is None:
        running, done = resumable.start(), 0
    digest = running or hashlib.sha256()
    stream.seek(done)
    buffer = bytearray(_CHUNK)
    view = memoryview(buffer)
    written = done
    try:
        while count := _fill_view(stream, view):
            digest.update(view[:count])
            done += count
            if stop is not None and stop.is_set():
                raise Interruption
            if (
                kept is not None
                and running is not None
                and done - written >= STEP
                and not done % resumable.BLOCK
            ):
                kept.put(file, stamp, "sha256", ("", done, running.state()))
                written = done
    except (Interruption, KeyboardInterrupt):
        if kept is not None and running is not None and not done % resumable.BLOCK:
            kept.put(file, stamp, "sha256", ("", done, running.state()))
        raise
    value = digest.hexdigest()
    if kept is not None:
        kept.put(file, stamp, "sha256", (value, 0, b""))
    return value


def _fill_view(stream: BinaryIO, view: memoryview) -> int:
    """Fill the view as far as the stream goes: a state is written down at whole blocks only."""
    count = 0
    while count < len(view):
        got: int = stream.readinto(view[count:])  # type: ignore[attr-defined]
        if not got:
            break
        count += got
    return count


def _digest(
    trees: Sequence[Tree],
    sighting: Observation,
    mode: str,
    kept: DigestCache | None,
    stop: threading.Event,
) -> Row:
    path = sighting.evidence.at.path
    file = next((found for tree in trees if (found := tree.get(path)) is not None), None)
    at = Location(path)
    if file is None:
        return Gap("digest", at, "vanished while it was read")
    complete = mode == "full" or (mode != "sampled" and file.size <= hashing.FULL_UP_TO)
    complete = (
        complete or file.local is None
    )  # nothing to gain inside an archive: it has to be unpacked to be sampled
    try:
        with file.open() as stream:
            value = _value(file, stream, complete, kept, stop)
    except (OSError, Unreadable) as error:
        return Gap("digest", at, f"cannot be digested: {error}")
    name = "sha256" if complete else hashing.SAMPLED
    evidence = Evidence("digest", "hash-comparison", "high", at, f"{name}:{value}", sees="content")
    return Observation(
        "digest",
        sighting.name,
        sighting.version,
        sighting.purl,
        evidence,
        facts(hash=f"{name}:{value}", of=sighting.kind),
    )


def _value(
    file: File, stream: BinaryIO, complete: bool, kept: DigestCache | None, stop: threading.Event
) -> str:
    if not complete:
        return hashing.compute_sampled_digest(stream, file.size)
    if file.local is None or file.size < resumable.BLOCK:
        return hashing.sha256(stream)
    return full(stream, str(file.local.resolve()), file.entry.stamp, kept, stop)
