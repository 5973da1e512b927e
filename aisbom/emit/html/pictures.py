"""Pictures of a bill as inline SVG: the stack by origin, and what parts were made from.

Origins are told apart by colour and by pattern, so that neither is needed alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from aisbom.bom import Part
from aisbom.emit.html.words import Words
from aisbom.emit.lines import columns
from aisbom.model.plain import plain

Row = dict[str, Any]

_PATTERNS = 8
"""Origins that have a pattern of their own, the largest; the others share one."""

_UNKNOWN = ("unknown", "ZZ")
"""What always looks the same."""

_MOST_EDGES = 40
_RADII = {"core": (34.0, 78.0), "peripheral": (84.0, 116.0)}
_HEIGHT = 34


def stack(shares: Iterable[tuple[str, str, float]], text: Words) -> Row:
    """Two rings: the core inside, the periphery around it; an arc a country, as long as its share
    of the weight.

    Returns `arcs` (path, number of the pattern, title) and `legend` (pattern, words).
    """
    rows = [row for row in shares if row[2] > 0]
    order = list(dict.fromkeys(word for _, word, _ in sorted(rows, key=lambda row: -row[2])))
    known = [word for word in order if word not in _UNKNOWN]
    pattern = dict.fromkeys(known, "other") | dict.fromkeys(_UNKNOWN, "unknown")
    pattern |= {word: str(number) for number, word in enumerate(known[:_PATTERNS])}
    arcs = []
    for role, (inner, outer) in _RADII.items():
        at = 0.0
        here = [(word, share) for name, word, share in rows if name == role]
        whole = sum(share for _, share in here) or 1.0
        for word, share in sorted(here, key=lambda row: order.index(row[0])):
            part = share / whole
            arcs.append(
                {
                    "path": _arc(inner, outer, at, at + part),
                    "pattern": pattern[word],
                    "title": (
                        f"{text.get(f'role.{role}', role)}: {text.country(word)} {percent(part)}"
                    ),
                }
            )
            at += part
    legend: dict[str, list[str]] = {}
    for word in order:
        legend.setdefault(pattern[word], []).append(text.country(word))
    rows_of = [{"pattern": name, "words": ", ".join(words)} for name, words in legend.items()]
    return {"arcs": arcs, "legend": rows_of}


def percent(share: float) -> str:
    """A share in [0, 1] in hundredths; what is there is never none."""
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def _arc(inner: float, outer: float, start: float, end: float) -> str:
    """A piece of a ring around (0, 0) from `start` to `end`, shares of a turn."""
    if end - start >= 0.9999:
        return (
            f"M 0 {-outer:.1f} A {outer:.1f} {outer:.1f} 0 1 1 -0.01 {-outer:.1f} Z"
            f" M 0 {-inner:.1f} A {inner:.1f} {inner:.1f} 0 1 0 0.01 {-inner:.1f} Z"
        )
    points = [
        (radius * math.sin(2 * math.pi * turn), -radius * math.cos(2 * math.pi * turn))
        for radius, turn in ((outer, start), (outer, end), (inner, end), (inner, start))
    ]
    (a, b), (c, d), (e, f), (g, h) = points
    large = int(end - start > 0.5)
    return (
        f"M {a:.2f} {b:.2f} A {outer:.1f} {outer:.1f} 0 {large} 1 {c:.2f} {d:.2f}"
        f" L {e:.2f} {f:.2f} A {inner:.1f} {inner:.1f} 0 {large} 0 {g:.2f} {h:.2f} Z"
    )


_KINDS = ("weights-from", "code-from", "architecture-from")


def lineage(parts: Sequence[Part], text: Words) -> Row:
    """Sources on the left, parts on the right, an edge for what was taken. Core parts first;
    `more` counts the edges that do not fit.

    Returns `edges` (y of both ends, words), `sources` and `parts` (y, words), `height`, and how
    many units of the picture the words on both sides need (`left`, `right`).
    """
    edges = [
        (source, part, kind)
        for part in sorted(parts, key=lambda one: (one.value("component.role") != "core", one.ref))
        if not part.ref.startswith("weights:") and part.value("component.role") != "tooling"
        for kind in _KINDS
        for source in part.values(kind)
        if source and source != "unknown"
    ]
    shown = edges[:_MOST_EDGES]
    left = {
        name: _HEIGHT * (number + 1)
        for number, name in enumerate(dict.fromkeys(source for source, _, _ in shown))
    }
    right = {
        ref: _HEIGHT * (number + 1)
        for number, ref in enumerate(dict.fromkeys(part.ref for _, part, _ in shown))
    }
    names = {part.ref: text.name(part.name or part.ref) for _, part, _ in shown}
    return {
        "edges": [
            {
                "from": left[source],
                "to": right[part.ref],
                "kind": kind,
                "title": (f"{names[part.ref]} – {text(f'lineage.{kind}')}: {source_name(source)}"),
            }
            for source, part, kind in shown
        ],
        "sources": [{"y": y, "words": _short(source_name(name))} for name, y in left.items()],
        "parts": [{"y": y, "words": _short(names[ref])} for ref, y in right.items()],
        "height": _HEIGHT * (max(len(left), len(right), 1) + 1),
        "left": _broadest(map(source_name, left)),
        "right": _broadest(names[ref] for ref in right),
        "more": len(edges) - len(shown),
    }


_PURL = re.compile(r"pkg:(?P<type>[a-z]+)/(?P<name>[^@#?]+)(?:@(?P<version>[^#?]+))?")


def source_name(source: str) -> str:
    """The name of a source without the type of its package URL, and the name of a file in it."""
    found = _PURL.match(source)
    name = f"{found['name']} {found['version'] or ''}".strip() if found else source
    file = source.partition("#")[2].rpartition("/")[2] if found else ""
    return plain(f"{name} {file}".strip())


_COLUMN = 8.5
"""Units that a column of a name seldom goes beyond, in letters of 12."""


def _broadest(words: Iterable[str]) -> int:
    return round(_COLUMN * max((columns(_short(one)) for one in words), default=0))


def _short(words: str) -> str:
    line = plain(words)
    return line if len(line) <= 44 else f"…{line[-43:]}"
