"""Two files, or two trees, to one answer: what A has in common with B, with B taken as the
ancestor. Nothing here says who copied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aisbom.codeprint import compare_holders, credit, functions, inheritance, null
from aisbom.codeprint.derivation import Order
from aisbom.codeprint.fingerprints import FunctionPrint, Prints, of_file
from aisbom.codeprint.tokens import MAX_BYTES, language, tokenize_file
from aisbom.identify.holders import holders
from aisbom.licences import adapted_from
from aisbom.source import archive
from aisbom.source.text import decode
from aisbom.source.tree import Tree, Unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aisbom.codeprint.corpus import Corpus
    from aisbom.knowledge import Knowledge

MAX_FILES = 20_000
SHOWN = 40

LONG = 30
"""A function of so many tokens, rare and alike, counts as an independent agreement."""

RENAMED = 3
"""So many of them if they are alike in all but their names."""

WIDE = 99.9
"""Percentile of containment from which it speaks alone; beside it one long rare function does from
NARROW.
"""

NARROW = 99.0
LEAST_SHARED = 12
"""Fingerprints that two files have in common at the least, for their share to count."""

AMPLE = 60
"""The same where nothing but the share speaks: of short files a large share is soon reached."""

_CREDITS = (
    "license",
    "licence",
    "notice",
    "copying",
    "authors",
    "copyright",
    "credits",
    "third_party",
    "thirdparty",
    "acknowledg",
)


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of a comparison: its source files by path, what its LICENSE and NOTICE files say,
    and what could not be read.
    """

    label: str
    files: Mapping[str, Prints]
    digests: Mapping[str, str]
    credits: str
    notes: tuple[str, ...]


class Pair(NamedTuple):
    """A file of A and the file of B that holds most of it; `share` of its `total` fingerprints,
    `back` of B's.
    """

    a: str
    b: str
    shared: int
    total: int
    share: float
    back: float


class Agreement(NamedTuple):
    """A function of A and one of B that are alike."""

    a: str
    ours: FunctionPrint
    b: str
    theirs: FunctionPrint
    renamed: bool


class Measurement(NamedTuple):
    """What an answer rests on: share of A in B, percentile of the nearest files, functions alike,
    what shows an order.
    """

    containment: float
    percentile: float
    same: tuple[Agreement, ...]
    order: tuple[Order, ...]


def side(path: Path) -> Side:
    """Read one side. Raises ValueError with one line where there is nothing to compare."""
    files: dict[str, Prints] = {}
    digests: dict[str, str] = {}
    said: list[str] = []
    notes: list[str] = []
    if not path.is_dir() and not path.is_file():
        raise ValueError("neither a file nor a folder")
    if path.is_file() and not archive.is_archive(path.name):
        with path.open("rb") as stream:
            contents = [(path.name, stream.read(MAX_BYTES))]
    else:
        contents = []
        tree = Tree(path)
        entries, gaps = tree.listing
        notes += [f"{gap.at.path}: {gap.reason}" for gap in gaps[:20]]
        wanted = [
            e
            for e in entries
            if language(e.path) or e.path.rpartition("/")[2].lower().startswith(_CREDITS)
        ]
        if len(wanted) > MAX_FILES:
            notes.append(f"more than {MAX_FILES:,} source files: the others were not compared")
        for entry in wanted[:MAX_FILES]:
            file = tree.get(entry.path)
            try:
                data = file.head(MAX_BYTES) if file else b""
            except Unreadable as error:
                notes.append(f"{entry.path}: {error}")
                continue
            if language(entry.path):
                contents.append((entry.path, data))
            else:
                said.append(decode(data[:262_144]))
    for name, data in contents:
        prints = of_file(name, data, 1, 4)
        if prints is not None:
            files[name] = prints
            digests[name] = hashlib.sha256(data).hexdigest()
    if not files:
        raise ValueError(
            "no source file that says enough to be compared (an empty one, data, or a language that"
            " is not read)"
        )
    return Side(path.name, files, digests, "\n".join(said), tuple(notes))


def compare(a: Side, b: Side, knowledge: Knowledge, known: Corpus | None = None) -> dict[str, Any]:
    """The answer of the contract. `knowledge` says which spellings are one organisation; `known` is
    the index of known code: functions that it often holds are not counted as rare.
    """
    pairs = _pairs(a, b)
    same = _functions(a, b, known)
    total = sum(pair.total for pair in pairs)
    containment = sum(pair.shared for pair in pairs) / total if total else 0.0
    files = [pair for pair in pairs if pair.shared >= LEAST_SHARED]
    best = max((max(pair.share, pair.back) for pair in files), default=0.0)
    percentile = null.percentile("containment", best if len(a.files) == 1 or files else 0.0)
    order = _order(a, b, knowledge)
    measured = Measurement(containment, percentile, tuple(same), order)
    basis = _basis(a, b, pairs, measured)
    related = {(pair.a, pair.b) for pair in files if pair.share >= 0.3} | {
        (one.a, one.b) for one in same
    }
    wanted = sorted(related) if basis != "none" else ()
    fates = compare_holders.fates(
        ((a.files[ours], b.files[theirs]) for ours, theirs in wanted), a.credits, knowledge
    )
    return {
        "basis": basis,
        "containment": round(containment, 4),
        "percentile": percentile,
        "functions": [_row(one) for one in same[:SHOWN]] if basis != "none" else [],
        "attribution": compare_holders.answer(fates),
        "holders": compare_holders.rows(fates)[:SHOWN],
        "summary": " ".join(
            part
            for part in (_summary(a, b, basis, measured), compare_holders.sentence(fates))
            if part
        ),
        "order": [sign.sentence for sign in order],
        "files": [
            {"a": pair.a, "b": pair.b, "containment": round(pair.share, 4)}
            for pair in sorted(files, key=lambda p: -p.shared)[:SHOWN]
        ],
        "counts": {"files_a": len(a.files), "files_b": len(b.files), "functions": len(same)},
        "null": null.of(),
        "notes": [*(f"A: {note}" for note in a.notes), *(f"B: {note}" for note in b.notes)],
    }


def _pairs(a: Side, b: Side) -> list[Pair]:
    """For every file of A the file of B with which it has most fingerprints in common."""
    import numpy as np

    names = sorted(b.files)
    held = [np.unique(b.files[name].runs) for name in names]
    hashes = np.concatenate(held)
    owner = np.repeat(np.arange(len(held)), [len(one) for one in held])
    order = np.argsort(hashes, kind="stable")
    hashes, owner = hashes[order], owner[order]
    rows = []
    for name in sorted(a.files):
        mine = np.unique(a.files[name].runs)
        low, high = np.searchsorted(hashes, mine, "left"), np.searchsorted(hashes, mine, "right")
        # What very many files of B hold says nothing about which of them is the nearest.
        few = high - low <= 500
        counts = np.bincount(owner[_ranges(low[few], high[few])], minlength=len(names))
        at = int(counts.argmax())
        shared = int((high > low).sum())
        rows.append(
            Pair(
                name,
                names[at],
                shared,
                len(mine),
                int(counts[at]) / max(1, len(mine)),
                int(counts[at]) / max(1, len(held[at])),
            )
        )
    return rows


def _ranges(low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    count = high - low
    return np.repeat(low - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))


def _functions(a: Side, b: Side, known: Corpus | None) -> list[Agreement]:
    """Functions of A that B holds and that are rare: in few files of B, and in few of the index.
    Longest first.
    """
    import numpy as np

    from aisbom.codeprint.corpus import RARE

    found: list[Agreement] = []
    done: set[tuple[str, int]] = set()
    for renamed in (False, True):
        there: dict[int, list[tuple[str, FunctionPrint]]] = {}
        for name in sorted(b.files):
            for one in b.files[name].functions:
                there.setdefault(one.renamed if renamed else one.hash, []).append((name, one))
        for name in sorted(a.files):
            for ours in a.files[name].functions:
                hash_ = ours.renamed if renamed else ours.hash
                hits = there.get(hash_, [])
                if (
                    not hits
                    or (name, ours.line) in done
                    or len({path for path, _ in hits}) > RARE
                    or (renamed and ours.tokens < LONG)
                ):
                    continue
                if known is not None:
                    held = known.bare if renamed else known.functions
                    wanted = np.array([hash_], np.uint64)
                    if held.is_common(wanted)[0] or len(held.rows(wanted)[0]) > RARE:
                        continue
                path, theirs = next((hit for hit in hits if hit[1].name == ours.name), hits[0])
                done.add((name, ours.line))
                found.append(Agreement(name, ours, path, theirs, renamed))
    return sorted(found, key=lambda one: (one.renamed, -one.ours.tokens, one.a, one.ours.line))


def _basis(a: Side, b: Side, pairs: Sequence[Pair], measured: Measurement) -> str:
    _, percentile, same, order = measured
    if all(a.digests[p.a] == b.digests[p.b] or _alike(a.files[p.a], b.files[p.b]) for p in pairs):
        return "identical"
    if any(sign.kind == "inherits" for sign in order):
        return "declared"
    long = sum(one.ours.tokens >= LONG and not one.renamed for one in same)
    renamed = sum(one.renamed for one in same)
    most = max(pair.shared for pair in pairs)
    share = (percentile >= WIDE and most >= AMPLE) or (
        percentile >= NARROW and most >= LEAST_SHARED and long > 0
    )
    if not (long >= 2 or long + renamed >= RENAMED or share):
        return "none"
    return "derived" if order else "family"


def _alike(a: Prints, b: Prints) -> bool:
    """Whether two files hold the same tokens in the same order, the names of their classes among
    them.
    """
    import numpy as np

    return a.tokens == b.tokens and np.array_equal(a.runs, b.runs) and _classes(a) == _classes(b)


def _classes(prints: Prints) -> list[bytes]:
    file = tokenize_file(prints.path, prints.data)
    return functions.classes(file) if file else []


def _order(a: Side, b: Side, knowledge: Knowledge) -> tuple[Order, ...]:
    """What in A names B, or keeps B's notice beside one of its own."""
    modules = {path.rpartition(".")[0].rpartition("/")[2]: path for path in sorted(b.files)}
    theirs = {key for prints in b.files.values() for key in _holder_lines(prints, knowledge)}
    signs = []
    for path in sorted(a.files):
        data = a.files[path].data
        own = modules.get(path.rpartition(".")[0].rpartition("/")[2])
        for one in inheritance.find_ancestors(data):
            if modules.get(one.module.rpartition(".")[2]) not in (None, own):
                sentence = f"{path}:{one.line}: {one.what}"
                signs.append(Order(one.line, "inherits", sentence, one.module))
        for one in inheritance.generated_from(data):
            if one.module.rpartition("/")[2].rpartition(".")[0] in modules:
                signs.append(Order(one.line, "generated", f"{path}:{one.line}: {one.what}"))
        for said in adapted_from.find_source_comments(data, data.lower()):
            parts = set(said.source.replace("/", ".").replace("#", ".").split("."))
            if parts & set(modules) - {"__init__", "main", "utils", "model"}:
                sentence = f"{path}:{said.line}: says the code is from {said.source}"
                signs.append(Order(said.line, "comment", sentence))
        # Where B has a holder of its own too, both may have taken the others from a third.
        mine = _holder_lines(a.files[path], knowledge)
        if theirs and theirs < mine.keys():
            line = next(line for holder, line in mine.items() if holder in theirs)
            kept = "keeps every notice of B beside its own"
            signs.append(Order(line, "notice", f"{path}:{line}: {kept}"))
    return tuple(dict.fromkeys(signs))[:20]


def _holder_lines(prints: Prints, knowledge: Knowledge) -> dict[str, int]:
    """The holders that a file names by key, and the line of each."""
    found: dict[str, int] = {}
    for row in credit.holders(prints.data):
        for one in holders(row.name, knowledge):
            found.setdefault(one.key, row.line)
    return found


def _row(one: Agreement) -> dict[str, Any]:
    return {
        "name": one.ours.name,
        "a": {"path": one.a, "line": one.ours.line, "end": one.ours.end},
        "b": {"path": one.b, "line": one.theirs.line, "end": one.theirs.end},
        "their_name": one.theirs.name,
        "renamed": one.renamed,
        "tokens": one.ours.tokens,
    }


def _summary(a: Side, b: Side, basis: str, measured: Measurement) -> str:
    containment, percentile, same, order = measured
    if basis == "none":
        return (
            f"Of the code of A ({a.label}), {containment:.0%} also stands in B ({b.label}):"
            " no more than files without a common origin share."
            " That is no proof of originality; it says that this measurement found nothing."
        )
    functions = (
        f"{len(same)} function{'s' * (len(same) != 1)} that few other files hold"
        f" {'are' if len(same) != 1 else 'is'} alike in both"
    )
    renamed = sum(one.renamed for one in same)
    but = f" ({renamed} of them but for renamed identifiers)" if renamed else ""
    first = (
        "A and B hold the same code, apart from comments and layout."
        if basis == "identical"
        else (
            f"Of the code of A ({a.label}), {containment:.0%} also stands in B ({b.label}), and"
            f" {functions}{but}; of pairs of unrelated files, {percentile:g} % have less in common"
            " than the nearest two files here."
        )
    )
    if order:
        second = f"A itself points to B ({order[0].sentence})."
    else:
        second = (
            "This is a measurement of likeness: it does not show which of the two came first, or"
            " whether both stem from a third."
        )
    return f"{first} {second}"
