"""The base score of a CVSS 3 vector (first.org/cvss/v3.1/specification-document, section 7.1)."""

from __future__ import annotations

import math

_WEIGHTS = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}


def score(vector: str) -> float | None:
    """0 to 10 in steps of 0.1, None for a vector of another version or a broken one."""
    if not vector.startswith(("CVSS:3.0/", "CVSS:3.1/")):
        return None
    found = dict(part.partition(":")[::2] for part in vector.split("/")[1:])
    try:
        weights = {key: table[found[key]] for key, table in _WEIGHTS.items()}
        changed = {"U": False, "C": True}[found["S"]]
        privileges = _PRIVILEGES[found["S"]][found["PR"]]
    except KeyError:
        return None
    loss = 1 - (1 - weights["C"]) * (1 - weights["I"]) * (1 - weights["A"])
    impact = 7.52 * (loss - 0.029) - 3.25 * (loss - 0.02) ** 15 if changed else 6.42 * loss
    ease = 8.22 * weights["AV"] * weights["AC"] * privileges * weights["UI"]
    if impact <= 0:
        return 0.0
    return _up(min((1.08 if changed else 1.0) * (impact + ease), 10))


def _up(value: float) -> float:
    """Rounded up to one decimal, as the standard says how."""
    whole = round(value * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (math.floor(whole / 10_000) + 1) / 10


def level(value: float) -> str:
    """The word for a score."""
    for least, word in ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low")):
        if value >= least:
            return word
    return "none"
