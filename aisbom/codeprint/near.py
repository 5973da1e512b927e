"""Files of the index that a file is like without standing out from what unrelated files have in
common: more so under another name, less under the same. They are nothing by themselves, and enough
where the file or its tree names their project.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aisbom.codeprint import null
from aisbom.codeprint.corpus import FEATURES, Evidence

LEVELS = (99.95, 99.9, 99.0, 95.0)
"""Percentile among unrelated pairs that is asked for where no, one, two or more parts of the two
paths agree, counted from their ends: many files are called `utils.py`, few lie at
`model/make_delta.py`.
"""

MOST = 4


def rows(path: str, found: Evidence, paths: Sequence[str], besides: Collection[int]) -> list[int]:
    """The rows of the evidence that are near the file at `path`, best first. `paths` are those of
    the rows, `besides` are the rows that stand out.
    """
    import numpy as np

    score = null.score(found.features, FEATURES)
    levels = [null.threshold("score", level) for level in LEVELS]
    chosen = []
    for row in np.flatnonzero(score >= levels[-1]).tolist():
        agree = min(agreement(path, paths[row]), len(levels) - 1)
        if row not in besides and score[row] >= levels[agree]:
            chosen.append(row)
    return sorted(chosen, key=lambda row: (-float(score[row]), row))[:MOST]


def agreement(ours: str, theirs: str) -> int:
    """How many parts of two paths agree, counted from their ends. A name that repeats its folder's
    (`llama/modeling_llama.py`) says as much as both.
    """
    count = 0
    parts = theirs.split("/")
    for a, b in zip(reversed(ours.split("/")), reversed(parts), strict=False):
        if a != b:
            break
        count += 1
    name, folder = parts[-1].partition(".")[0], parts[-2] if len(parts) > 1 else ""
    repeats = len(folder) > 2 and f"_{folder}" in name
    return count + (count == 1 and repeats)
