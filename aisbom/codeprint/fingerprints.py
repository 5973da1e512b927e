"""Fingerprints of a file: hashes of short runs of tokens, and of whole functions, in the file's own
words and with its own names taken out.

Two channels. The first keeps names (the file's own class prefix is a placeholder). The second
replaces every name that the file itself defines by how far back it was last used, so that a
consistent renaming changes nothing; it needs longer runs to say as much.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aisbom.codeprint import class_prefix
from aisbom.codeprint import functions as functions_of
from aisbom.codeprint.own_names import own_names
from aisbom.codeprint.tokens import NAME, NUMBER, SIGN, STRING, TokenStream, tokenize_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RUN = 9
"""Tokens of one fingerprint: names, numbers, strings and operators (brackets, commas and dots are
none: about 18 as other lexers count).
"""

RENAMED_RUN = 18
"""The same where the file's own names are taken out."""

SAMPLE = 4
RENAMED_SAMPLE = 16
"""One in so many fingerprints is kept: those whose hash is divisible by it, so that two files keep
the same ones.
"""

FUNCTION = 20
"""Functions of fewer tokens are accessors and constructors: they are alike everywhere (about 40
tokens as other lexers count).
"""

LEAST = 40
"""A file of fewer tokens says too little."""

HALF = 0xFFFFFFFF
"""The lower half of a function's hash. Where it is zero, only the upper half is known: an index
made before both were kept has no more.
"""

_MIX = 0x9E3779B97F4A7C15
_BASE = 0x100000001B3
_WORDS = {NAME, NUMBER, STRING, SIGN}


@dataclass(frozen=True, slots=True)
class FunctionPrint:
    """One function: where it is, how many tokens it has, its hash in both channels, and which
    fingerprints of the file are its own.
    """

    name: str
    line: int
    end: int
    tokens: int
    hash: int
    renamed: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """What is known of one file. `runs` are the kept fingerprints in its order (repeats included),
    `lines` where each begins.
    """

    path: str
    family: str
    tokens: int
    runs: NDArray[np.uint32]
    lines: NDArray[np.int32]
    renamed: NDArray[np.uint32]
    functions: tuple[FunctionPrint, ...]
    names: frozenset[int]
    data: bytes


def of_file(
    path: str, data: bytes, sample: int = SAMPLE, renamed_sample: int = RENAMED_SAMPLE
) -> Prints | None:
    """Fingerprints of a file; None for a language that is not read, for what is no text, and for a
    file that says too little.
    """
    import numpy as np

    file = tokenize_file(path, data)
    if file is None:
        return None
    kept = np.flatnonzero(
        (file.kinds == NAME)
        | (file.kinds == NUMBER)
        | (file.kinds == STRING)
        | (file.kinds == SIGN)
    )
    kinds = file.kinds[kept]
    # Strings one behind the other are one string, however they were broken.
    again = np.zeros(len(kept), bool)
    again[1:] = (kinds[1:] == STRING) & (kinds[:-1] == STRING)
    kept = kept[~again]
    if len(kept) < LEAST:
        return None
    classes = functions_of.classes(file)
    prefix = class_prefix.replacer(class_prefix.own_prefix(classes))
    values = np.fromiter(map(_hash, _neutral(file, prefix)), np.uint64, len(file.words))
    string = np.uint64(_hash(b'"'))
    codes = file.codes[kept]
    kinds = file.kinds[kept]
    plain: NDArray[np.uint64] = np.where(kinds == STRING, string, values[codes])
    rolled = _hash_runs(plain, RUN)
    chosen = np.flatnonzero(rolled % np.uint64(sample) == 0)
    runs = (rolled[chosen] >> np.uint64(32)).astype(np.uint32)
    distance = _distance(codes, own_names(file, kept)[codes])
    stripped = _renamed_runs(plain, distance)
    picked = stripped[stripped % np.uint64(renamed_sample) == 0]
    renamed = distinct((picked >> np.uint64(32)).astype(np.uint32))
    spans = functions_of.spans(file)
    powers = np.cumprod(np.full(len(plain), _BASE, np.uint64))
    bare: NDArray[np.uint64] = np.where(
        distance >= 0, (distance + 1).astype(np.uint64) * np.uint64(_MIX), plain
    )
    found = []
    for span in spans:
        low, high = np.searchsorted(kept, (span.start, span.stop)).tolist()
        if high - low < FUNCTION:
            continue
        inside: NDArray[np.uint64] = np.where(
            distance[low:high] > np.arange(high - low), np.uint64(_MIX), bare[low:high]
        )
        first, last = np.searchsorted(chosen, (low, max(low, high - RUN + 1))).tolist()
        found.append(
            FunctionPrint(
                span.name,
                span.line,
                span.end,
                high - low,
                _whole(plain[low:high], powers),
                _whole(inside, powers),
                first,
                last,
            )
        )
    defined = [*classes, *(span.name.encode("utf-8", "replace") for span in spans)]
    names = frozenset(
        _hash(prefix.sub(class_prefix.PLACEHOLDER, name) if prefix else name) & 0xFFFFFFFF
        for name in defined
    )
    lines = file.lines[kept[chosen]]
    return Prints(path, file.family, len(kept), runs, lines, renamed, tuple(found), names, data)


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Each value once, sorted: `numpy.unique`, which imports `numpy.ma`, and whose hash table takes
    several times as long for millions of nearly sorted numbers.
    """
    import numpy as np

    rising = np.sort(values, kind="stable")
    first = np.ones(len(rising), bool)
    first[1:] = rising[1:] != rising[:-1]
    return rising[first]


def are_among(values: NDArray[Any], others: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each value is one of the others: `numpy.isin`, which imports `numpy.ma`, too."""
    import numpy as np

    if not len(others):
        return np.zeros(len(values), bool)
    rising = np.sort(others)
    at = np.minimum(np.searchsorted(rising, values), len(rising) - 1)
    return np.asarray(rising[at] == values, bool)


_HASHES: dict[bytes, int] = {}
_REMEMBERED = 100_000


def _hash(word: bytes) -> int:
    """64 bits for a word; the same in every process."""
    value = _HASHES.get(word)
    if value is None:
        value = (
            zlib.crc32(word) + (zlib.crc32(word, 0x5BD1E995) << 32)
        ) * _MIX & 0xFFFFFFFFFFFFFFFF
        if len(word) < 60:
            if len(_HASHES) > _REMEMBERED:
                _HASHES.clear()
            _HASHES[word] = value
    return value


def _neutral(file: TokenStream, prefix: class_prefix.Replacer | None) -> list[bytes]:
    """The distinct words: numbers in one spelling, nothing of what is no token, the file's own
    prefix taken out of names.
    """
    words = [
        b""
        if 10 in word[:1]
        else word
        if not 48 <= word[0] <= 57
        else word.lower().replace(b"_", b"")
        for word in file.words
    ]
    if prefix is None:
        return words
    # One search over all words together; what holds a line break is no name.
    return prefix.sub(
        class_prefix.PLACEHOLDER, b"\n".join(b"" if b"\n" in word else word for word in words)
    ).split(b"\n")


def _mix_bits(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    import numpy as np

    values = (values ^ (values >> np.uint64(31))) * np.uint64(_MIX)
    values = (values ^ (values >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return values ^ (values >> np.uint64(32))


def _hash_runs(values: NDArray[np.uint64], run: int) -> NDArray[np.uint64]:
    """A hash of each run of so many values."""
    import numpy as np

    count = len(values) - run + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    total = values[:count].copy()
    for step in range(1, run):
        total *= np.uint64(_BASE)
        total += values[step : step + count]
    return _mix_bits(total)


def _whole(values: NDArray[Any], powers: NDArray[Any]) -> int:
    """One hash (64 bits) of all values in order; its lower half is never zero (`HALF`)."""
    total = int((values * powers[: len(values)]).sum()) * _MIX & 0xFFFFFFFFFFFFFFFF
    mixed = (total ^ total >> 29) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return mixed if mixed & HALF else mixed | 1


def _distance(codes: NDArray[np.int32], own: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Per token: how far back the same own name stood before (0: nowhere), -1 for what keeps its
    name.
    """
    import numpy as np

    order = np.argsort(codes, kind="stable")
    back = np.zeros(len(codes), np.int64)
    same = codes[order][1:] == codes[order][:-1]
    back[order[1:][same]] = (order[1:] - order[:-1])[same]
    return np.where(own, back, -1)


def _renamed_runs(plain: NDArray[np.uint64], distance: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each longer run, own names told by their distances inside the run."""
    import numpy as np

    count = len(plain) - RENAMED_RUN + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    near = np.where(distance >= 0, (distance + 1).astype(np.uint64) * np.uint64(_MIX), plain)
    first = np.uint64(_MIX)
    total = np.zeros(count, np.uint64)
    for step in range(RENAMED_RUN):
        here = near[step : step + count]
        total *= np.uint64(_BASE)
        total += np.where(distance[step : step + count] > step, first, here)
    return _mix_bits(total)
