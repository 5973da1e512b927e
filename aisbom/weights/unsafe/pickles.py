"""The pickles in a file or a piece of one: one after the other, and those inside their values."""

from __future__ import annotations

from aisbom.weights.read import pickle_harm, pickled
from aisbom.weights.read.pickle_arguments import Stream
from aisbom.weights.read.pickle_records import PickleWalk
from aisbom.weights.read.source import Memory, Source, open_buffered
from aisbom.weights.unsafe.examined import Dive, Examination

LEGACY = 0x1950A86A20F9469CFC6C
"""The first value of a checkpoint of PyTorch before 1.6: four more pickles follow, and storages."""

_PROTOCOLS = (b"\x02", b"\x03", b"\x04", b"\x05")
_MAX_STREAMS = 64
_MAX_NESTED_BYTES = 64 * 1024 * 1024
_MAX_DEPTH = 4


def starts(head: bytes) -> bool:
    """Whether a file that begins like this is a pickle of protocol 2 or later: a protocol, and an
    opcode.
    """
    return head[:1] == b"\x80" and head[1:2] in _PROTOCOLS and pickled.is_opcode(head[2:3])


def examine_pickles(
    source: Source, found: Examination, dive: Dive, depth: int, certain: bool
) -> None:
    """Follow every pickle of a source, one behind the other.

    `certain` says that it is one: then what cannot be followed is noted. Of anything else only a
    pickle that calls something counts.
    """
    stream = open_buffered(source)
    walked = PickleWalk()
    error = _walk(stream, walked, found)
    if not certain and not _speaks(walked):
        if not error:
            walked.hazards.clear()
            walked.unread.clear()
            _note(walked, found, dive, depth)
        elif _is_exhausted(found):
            found.miss(f"it may be a pickle, and has {error}")
        return
    _note(walked, found, dive, depth)
    if error:
        found.miss(f"a pickle that cannot be followed to its end ({error})")
        return
    if walked.value == LEGACY:
        for _ in range(4):
            part = PickleWalk()
            error = _walk(stream, part, found)
            _note(part, found, dive, depth)
            if error:
                found.miss(f"a pickle that cannot be followed to its end ({error})")
                return
        return  # storages: plain values
    _behind(stream, source, found, dive, depth)


def _behind(stream: Stream, source: Source, found: Examination, dive: Dive, depth: int) -> None:
    """What stands after the end of a pickle: `pickle.load`, called again, goes on there."""
    for _ in range(_MAX_STREAMS):
        at = stream.tell()
        if at >= source.size:
            return
        walked = PickleWalk()
        error = _walk(stream, walked, found)
        if error and not walked.hazards and not _is_exhausted(found):
            found.miss(f"{source.size - at:,} bytes behind the end of the pickle are none")
            return
        _note(walked, found, dive, depth)
        if error:
            found.miss(f"a second pickle that cannot be followed to its end ({error})")
            return
    found.miss(f"more than {_MAX_STREAMS} pickles, one behind the other")


def _walk(stream: Stream, walked: PickleWalk, found: Examination) -> str:
    walked.opcodes = found.opcodes
    try:
        pickled.walk(stream, walked)
    except ValueError as error:
        return str(error).removeprefix("broken pickle: ")
    finally:
        found.opcodes = walked.opcodes
    return ""


def _is_exhausted(found: Examination) -> bool:
    """Whether a file has more opcodes than are followed: what comes after them is not known."""
    return found.opcodes >= pickled.MAX_OPCODES


def _speaks(walked: PickleWalk) -> bool:
    """Whether a file that may be no pickle at all would have called something as one."""
    return any(what.startswith(("calls", "changes")) for what in walked.hazards)


def _note(walked: PickleWalk, found: Examination, dive: Dive, depth: int) -> None:
    called = {what.removeprefix("calls ") for what in walked.hazards if what.startswith("calls ")}
    for what in walked.hazards:
        if not (what.startswith("names ") and what.removeprefix("names ") in called):
            found.add("pickle", what)
    for why in walked.unread:
        found.miss(why)
    if len(walked.hazards) >= pickle_harm.MAX_HAZARDS:
        found.miss("more ways to run code than are listed")
    left = _MAX_NESTED_BYTES - sum(map(len, (*walked.loaded, *walked.nested)))
    if (walked.loaded or walked.nested) and (depth >= _MAX_DEPTH or left < 0):
        found.miss("pickles inside its values, deeper or more than are followed")
        return
    for value in walked.loaded:
        dive(Memory(value), "value.pkl", found, depth + 1)
    for value in walked.nested:
        examine_pickles(Memory(value), found, dive, depth + 1, certain=False)


def examine_text(source: Source, found: Examination, dive: Dive) -> None:
    """A file of plain text that may be a pickle: protocol 0 is text too."""
    walked = PickleWalk()
    error = _walk(open_buffered(source), walked, found)
    if not error or _speaks(walked):
        _note(walked, found, dive, 0)
    elif _is_exhausted(found):
        found.miss(f"it may be a pickle, and has {error}")
