"""Restrictions that somebody wrote into, before or after a known licence text: those which the
known text does not hold at that place.
"""

from __future__ import annotations

from collections.abc import Iterable

from aisbom.licences.common import runs
from aisbom.licences.matcher import LicenceMatch
from aisbom.licences.reference import load
from aisbom.licences.restrictions import Restriction, restrictions
from aisbom.licences.words import SIZE, SPARSE, shingles, words

_AROUND = 12
"""Words on either side that are looked at where only a sample of a known text is kept."""


def own_terms(text: str, found: Iterable[LicenceMatch]) -> list[Restriction]:
    """The restrictions in `text` that none of the licences found in it holds."""
    rows_found = list(found)
    if any(one.basis in ("exact", "phrases") for one in rows_found):
        return []
    rows = restrictions(text)
    if not rows:
        return []
    hashes = shingles(words(text).words)
    keys = [one.key for one in rows_found if one.key]
    return [row for row in rows if not any(_in_known_text(row, hashes, key) for key in keys)]


def _in_known_text(row: Restriction, hashes: list[int], key: str) -> bool:
    """Whether the known text has these words too; of a text that is kept as a sample: whether
    nothing speaks against it.
    """
    whole = runs(key)
    if row.start < 0:
        return whole is None
    if whole is not None:
        near = hashes[max(0, row.start - SIZE // 2) : max(1, row.end - SIZE // 2)]
        return 2 * sum(value in whole for value in near) >= len(near)
    known = load()
    number = next(number for number, one in enumerate(known.texts) if one.key == key)
    rate = known.texts[number].rate
    width = _AROUND if rate == SPARSE else SIZE // 2
    near = [
        value
        for value in hashes[max(0, row.start - width) : row.end + width - SIZE + 1]
        if value % rate == 0
    ]
    return 2 * sum(number in known.shingles.holders(value) for value in near) >= len(near)
