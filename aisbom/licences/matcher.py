"""Match a text against the known ones: the whole first, then by shared shingles, both ways; near
twins are told apart by phrases.

A reference is found where most of its shingles stand in the text. Of references that claim the same
words the one that explains most of them wins: its length times a high power of its share, so that a
twin which lacks a clause loses to the one that lacks none. The rest of the text is then matched
again, so that a file which strings licences together yields all of them, in their order.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from aisbom.lazy_module import compile_later
from aisbom.licences.reference import Reference, References, Version, load
from aisbom.licences.words import SIZE, shingles, words

SHARE = 0.78
"""The least share of a reference's shingles that a text has to hold. An Apache-2.0 without its
appendix has 0.88.
"""

RARE = 0.9
"""The same for licences that are hardly ever met: most of them are a common one with a word more.
"""

_COMMON = compile_later(
    r"(?:MIT|MIT-0|MIT-CMU|X11|HPND|ISC|Zlib|Apache-2\.0|BSL-1\.0|BSD-[234]-Clause|(?:A|L)?GPL-.*|MPL-[12].*|EPL-.*|CC-?BY.*|CC0.*|PSF-2\.0|Python-2\..*"
    r"|Unlicense|0BSD|OFL-1\.1|NCSA|Artistic-2\.0|CDDL-1\..*|LicenseRef-.*)$"
)

HEAD = 120
"""Words at the top of a text in which its title stands."""

_TITLED = 100
"""A text known by its phrases alone has at least so many words: less is a mention of it."""

_MANY = 50
_GAP = 60
"""Words between two shingles of one copy of a reference that is kept whole; so many times more
where it is sampled.
"""

_STUB = 450
_NOTICED = 1000
_TAG = compile_later(
    r"^[ \t#/*;<!\-]*SPDX-License-Identifier:[ \t]*([A-Za-z0-9.+\-() ]+)", re.MULTILINE
)

# What an exception is one to, where that is not a GNU licence.
_BASES = {"LLVM-exception": "Apache-", "fmt-exception": "MIT", "Swift-exception": "Apache-"}

_GNU = compile_later(
    r"gnu (?P<kind>lesser |library |affero )?general public license (?:as published by the free"
    r" software foundation )?"
    r"(?:either )?(?:v(?:ersion)? ?)?(?P<major>\d)(?: (?P<minor>[01]))?\b(?P<later>.{0,60}?any"
    r" later version|.{0,30}?or later)?"
)
_UNDER = r"(?:licensed|released|distributed|available) under (?:the terms of )?the "
_STUBS = (
    (
        compile_later(r"licensed under (?:the terms of )?the apache license version 2 0"),
        "Apache-2.0",
    ),
    (
        compile_later(r"subject to the terms of the mozilla public license v(?:ersion)? ?2 0"),
        "MPL-2.0",
    ),
    (compile_later(_UNDER + "mit license"), "MIT"),
    (compile_later(_UNDER + "(?:bsd 3 clause|3 clause bsd) license"), "BSD-3-Clause"),
)


class LicenceMatch(NamedTuple):
    """A licence in a text: `share` of its own text that is there, the `line` where it starts, how
    it was recognised, the line where it `end`s (0: unknown), and the `key` of the known text.
    """

    id: str
    share: float
    basis: Literal["exact", "similar", "phrases", "notice", "tag"]
    line: int
    end: int = 0
    key: str = ""


class Match(NamedTuple):
    """What a text holds. `altered` are terms that take from or add to the one licence found, which
    it is therefore not.

    `rest` counts words that no licence explains. `near` is the licence whose text this is but for
    words that it may not hold, where nothing else is found.
    """

    found: tuple[LicenceMatch, ...]
    altered: tuple[str, ...] = ()
    rest: int = 0
    near: str = ""


class _Copy(NamedTuple):
    """One copy of a reference in a text: how much of it is there, and the positions of its
    shingles.
    """

    share: float
    places: list[int]


def match(text: str) -> Match:
    """The licences of a text, in the order in which they start; empty where nothing known is
    recognised.
    """
    known = load()
    given = words(text)
    line = f" {' '.join(given.words)} "
    if not given.words:
        return Match(_match_tags(text))
    exact = known.exact.get(hashlib.sha256(line[1:-1].encode()).hexdigest()[:16])
    if exact is not None and _fits(known.versions.get(known.texts[exact].id, ()), line, ""):
        whole = known.texts[exact]
        row = LicenceMatch(
            _family(whole.id), 1.0, "exact", given.lines[0], given.lines[-1], whole.key
        )
        return Match((row,))
    head = f" {' '.join(given.words[:HEAD])} "
    titled = _match_title(known, line, head, len(given.words))
    if titled:
        return Match((LicenceMatch(titled, 1.0, "phrases", given.lines[0]),))
    found, covered, near = _similar(line)
    if not found:
        told = _match_tags(text) or _stub(line, given.lines, len(given.words))
        return Match(told, near="" if told else near)
    rows = [
        LicenceMatch(
            name,
            share,
            "similar",
            given.lines[at],
            given.lines[min(last, len(given.lines) - 1)],
            known.texts[number].key,
        )
        for name, number, share, at, last in _compose_identifiers(known, found)
    ]
    if len(given.words) <= _NOTICED and not any("GPL" in row.id or "MPL" in row.id for row in rows):
        # A notice beside a text: "parts of this are subject to ...".
        rows += [
            LicenceMatch(name, 1.0, "notice", 0)
            for pattern, name in _STUBS[:2]
            if name not in {row.id for row in rows} and pattern.search(line)
        ]
    named: list[LicenceMatch] = []
    for row in rows:
        if row.id not in {other.id for other in named}:
            named.append(row)
    altered: tuple[str, ...] = ()
    if len(named) == 1:
        own = {term for number, *_ in found for term in known.texts[number].terms}
        altered = tuple(
            term for n, term in enumerate(known.terms) if n not in own and f" {term} " in line
        )
    return Match(tuple(named), altered, max(0, len(given.words) - covered))


@lru_cache(maxsize=128)  # half of the packages of an environment have the text of another one
def _similar(line: str) -> tuple[Sequence[tuple[int, float, int, int]], int, str]:
    """(reference, share, first position, last one of the first copy) of what is found in these
    words, in order of position, how many words that explains, and the licence that is nearest of
    those that the text does not fit.
    """
    known = load()
    given = line[1:-1].split(" ")
    hashes = shingles(given)
    head = f" {' '.join(given[:HEAD])} "
    holders = {value: known.shingles.holders(value) for value in set(hashes)}
    counts = Counter(chain.from_iterable(holders.values()))
    hits, near = _hits(known, counts, line, head)
    if hits:
        for at, value in enumerate(hashes):
            for number in holders[value]:
                if number in hits:
                    hits[number].append(at)
    left = {
        number: copies
        for number, places in hits.items()
        if (copies := list(_copies(known.texts[number], places, hashes)))
    }
    chosen: list[tuple[int, float, int, int]] = []
    covered = 0
    while left and len(chosen) < _MANY:
        weights = {
            number: max(copies).share ** 6 * known.texts[number].words
            for number, copies in left.items()
        }
        best = min(weights, key=lambda number: (-weights[number], number))
        reference = known.texts[best]
        most = max(left[best]).share
        # Copies as good as the best one are this licence too; a worse one may be a twin.
        mine = [copy for copy in left[best] if copy.share >= most - 0.01]
        taken: set[int] = set()
        for copy in mine:
            taken.update(
                copy.places if reference.rate == 1 else range(copy.places[0], copy.places[-1] + 1)
            )
        first = min(mine, key=lambda copy: copy.places[0]).places
        chosen.append((best, most, first[0], first[-1] + SIZE - 1))
        covered += sum(round(copy.share * reference.words) for copy in mine)
        for number in list(left):
            if any(not taken.isdisjoint(copy.places) for copy in left[number]):
                places = [at for copy in left[number] for at in copy.places if at not in taken]
                left[number] = list(_copies(known.texts[number], places, hashes))
                if not left[number]:
                    del left[number]
    return sorted(chosen, key=lambda row: row[2]), covered, near


def _hits(
    known: References, counts: Mapping[int, int], line: str, head: str
) -> tuple[dict[int, list[int]], str]:
    """The references of which enough stands in the text, and the nearest one that it does not fit.

    A rare licence that is a common one with a clause more is not found by what the two share.
    """
    hits: dict[int, list[int]] = {}
    barred, near = 0.0, ""
    for number, count in sorted(counts.items()):
        reference = known.texts[number]
        if count < _least(reference) * reference.kept:
            continue
        if _fits(known.versions.get(reference.id, ()), line, head):
            hits[number] = []
        elif count / reference.kept > barred:
            barred, near = count / reference.kept, _family(reference.id)
    for number in list(hits):
        reference = known.texts[number]
        if not _COMMON.match(reference.id) and counts[number] / reference.kept < barred:
            del hits[number]
    return hits, near


def _copies(reference: Reference, places: list[int], hashes: list[int]) -> Iterator[_Copy]:
    """The copies of a reference among the places where its shingles stand: stretches of about its
    length that hold enough of it.
    """
    least = _least(reference)
    enough = least * reference.kept
    if len(places) < enough:
        return
    gap = _GAP * reference.rate
    start = 0
    runs = []
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] - places[end - 1] > gap:
            runs.append((start, end))
            start = end
    while runs:
        start, end = runs.pop()
        if end - start < enough:
            continue
        first, last = start, end
        width = reference.words * 5 // 4 + _GAP
        if places[end - 1] - places[start] > width:
            first, last = _densest(places, start, end, width, hashes)
            runs += [(start, first), (last, end)]
        run = _without_repeats(places[first:last], hashes)
        share = len({hashes[at] for at in run}) / reference.kept
        if share >= least:
            yield _Copy(share, run)


def _without_repeats(run: list[int], hashes: list[int]) -> list[int]:
    """A stretch up to its last new shingle: what only repeats one, another licence may begin with
    or end on.
    """
    seen: set[int] = set()
    last = 0
    for number, at in enumerate(run, 1):
        if hashes[at] not in seen:
            seen.add(hashes[at])
            last = number
    return run[:last]


def _densest(
    places: list[int], start: int, end: int, width: int, hashes: list[int]
) -> tuple[int, int]:
    """The first stretch, no longer than `width`, that holds the most of the reference, without what
    follows its last new shingle.
    """
    counts: dict[int, int] = {}
    best = (start, start)
    most = 0
    last = start
    for first in range(start, end):
        grown = 0
        while last < end and places[last] - places[first] <= width:
            value = hashes[places[last]]
            if value not in counts:
                grown = last + 1
            counts[value] = counts.get(value, 0) + 1
            last += 1
        if len(counts) > most and grown:
            best, most = (first, grown), len(counts)
        value = hashes[places[first]]
        counts[value] -= 1
        if not counts[value]:
            del counts[value]
    return best


def _least(reference: Reference) -> float:
    return SHARE if _COMMON.match(reference.id) else RARE


def _compose_identifiers(
    known: References, found: Sequence[tuple[int, float, int, int]]
) -> Iterator[tuple[str, int, float, int, int]]:
    """Identifiers of what was found; an exception is joined to the licence before it that it is
    for, and says nothing alone.
    """
    joined: dict[int, str] = {}
    for number, _, at, _ in found:
        if known.texts[number].exception:
            base = _BASES.get(known.texts[number].id, "GPL-")
            before = [
                row
                for row in found
                if base in known.texts[row[0]].id
                and row[2] <= at <= row[2] + known.texts[row[0]].words + 300
            ]
            if before:
                joined[before[-1][0]] = (
                    f"{known.texts[before[-1][0]].id} WITH {known.texts[number].id}"
                )
    for number, share, at, last in found:
        if not known.texts[number].exception:
            name = joined.get(number, _family(known.texts[number].id))
            yield name, number, share, at, last


def _family(name: str) -> str:
    """The text of a GNU licence does not say whether later versions are admitted: the identifier
    without that.
    """
    return (
        name.removesuffix("-only").removesuffix("-or-later")
        if "GPL-" in name or name.startswith("GFDL")
        else name
    )


def _fits(versions: Iterable[Version], line: str, head: str) -> bool:
    """Whether a text holds the phrases that its version asks for; an identifier without rows asks
    for none.
    """
    rows = tuple(versions)
    return not rows or any(_holds(row, line, head or line) for row in rows)


def _holds(row: Version, line: str, head: str) -> bool:
    place = head if row.place == "head" else line
    return all(f" {phrase} " in place for phrase in row.needed) and not any(
        f" {phrase} " in line for phrase in row.refused
    )


def _match_title(known: References, line: str, head: str, count: int) -> str:
    """The one identifier without a reference text whose title and phrases the text bears."""
    if count < _TITLED:
        return ""
    with_text = {reference.id for reference in known.texts}
    named = {
        name
        for name, versions in known.versions.items()
        if name not in with_text
        and any(row.place == "head" and _holds(row, line, head) for row in versions)
    }
    return named.pop() if len(named) == 1 else ""


def _match_tags(text: str) -> tuple[LicenceMatch, ...]:
    tags = {
        tag.strip(): text.count("\n", 0, found.start()) + 1
        for found in _TAG.finditer(text)
        if (tag := found[1])
    }
    return (
        tuple(LicenceMatch(tag, 1.0, "tag", line) for tag, line in tags.items())
        if len(tags) == 1
        else ()
    )


def _stub(line: str, lines: list[int], count: int) -> tuple[LicenceMatch, ...]:
    """A short notice that names a licence instead of giving it; nothing where it names several,
    which may be a choice or a sum.
    """
    if count > _STUB:
        return ()
    names = {name for pattern, name in _STUBS if pattern.search(line)}
    for gnu in _GNU.finditer(line):
        kind = {"lesser ": "LGPL", "library ": "LGPL", "affero ": "AGPL"}.get(
            gnu["kind"] or "", "GPL"
        )
        names.add(
            f"{kind}-{gnu['major']}.{gnu['minor'] or '0'}" + ("-or-later" if gnu["later"] else "")
        )
    later = {name for name in names if name.endswith("-or-later")}
    names -= {name.removesuffix("-or-later") for name in later}
    if (
        len(names) != 1
        or re.search(r" (?:dual|dually|either of) ", line)
        or ("GPL" in min(names) and " exception " in line)
    ):
        return ()
    return (LicenceMatch(names.pop(), 1.0, "notice", lines[0]),)
