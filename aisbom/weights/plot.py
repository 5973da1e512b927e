"""The comparison as an SVG: how many units of each axis of A sit in place in each axis of B, and
what relabelling leaves of it.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aisbom.weights.compare import Comparison

_SIDE = 420
_MOST = 96


def plot(found: Comparison) -> str:
    """A self-contained drawing, the same text every time."""
    answer = found.answer
    lines = [
        (
            '<svg xmlns="http://www.w3.org/2000/svg" width="1040" height="600" viewBox="0 0 1040'
            ' 600" font-family="sans-serif" font-size="12">'
        ),
        '<rect width="1040" height="600" fill="#ffffff"/>',
        _text(
            40, 30, f"{answer['a']['label']} and {answer['b']['label']}: {answer['verdict']}", 16
        ),
        *_matrix(found),
        *_null(found),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _matrix(found: Comparison) -> list[str]:
    cells = found.placed.at("in")
    rows = list(dict.fromkeys(c.a for c in cells))[:_MOST]
    columns = list(dict.fromkeys(c.b for c in cells))[:_MOST]
    if not rows:
        return [_text(60, 120, "no axes of units that could be compared")]
    size = min(40.0, _SIDE / max(len(rows), len(columns)))
    lines = [_text(60, 60, "share of units in place (rows: A, columns: B)")]
    at_row, at_column = (
        {name: i for i, name in enumerate(rows)},
        {name: i for i, name in enumerate(columns)},
    )
    for cell in cells:
        if cell.a not in at_row or cell.b not in at_column:
            continue
        shade = 255 - round(225 * cell.hits / max(1, cell.units))
        x, y = 60 + at_column[cell.b] * size, 80 + at_row[cell.a] * size
        lines.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{size:.1f}" height="{size:.1f}"'
            f' fill="rgb({shade},{shade},255)" stroke="#dddddd"'
            f' stroke-width="0.5"><title>{escape(cell.a)} / {escape(cell.b)}: {cell.hits} of'
            f" {cell.units}</title></rect>"
        )
    return lines


def _null(found: Comparison) -> list[str]:
    observed = found.observed
    counts = Counter(int(n) for n in found.null)
    top = max([*counts, 1])
    left, right, floor, height = 580, 1000, 500, 400
    span = max(top * 1.15, 1.0)
    most = max(counts.values(), default=1)
    width = (right - left) / (span + 1)
    lines = [_text(left, 60, f"units in place after relabelling B, {found.null.size:,} times")]
    for value, count in sorted(counts.items()):
        tall = height * count / most
        lines.append(
            f'<rect x="{left + value * width:.1f}" y="{floor - tall:.1f}"'
            f' width="{max(1.0, width - 1):.1f}" height="{tall:.1f}" fill="#8888aa"/>'
        )
    lines.append(f'<line x1="{left}" y1="{floor}" x2="{right}" y2="{floor}" stroke="#000000"/>')
    ticks = sorted({0, top // 2, top})
    lines += [_text(round(left + tick * width), floor + 18, str(tick)) for tick in ticks]
    beyond = observed > span
    x = right if beyond else left + (observed + 0.5) * width
    lines.append(
        f'<line x1="{x:.1f}" y1="80" x2="{x:.1f}" y2="{floor}" stroke="#cc2222" stroke-width="2"/>'
    )
    share = float(np.mean(found.null >= observed)) if found.null.size else 1.0
    lines.append(
        _text(
            left,
            floor + 44,
            f"observed: {observed}{' (beyond the edge)' if beyond else ''}; relabellings that reach"
            f" it: {share:.1%}",
        )
    )
    return lines


def _text(x: int, y: int, words: str, size: int = 12) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}">{escape(words)}</text>'
