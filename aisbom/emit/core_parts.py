"""The core of a scan in a few lines: each part with where it stands and what is known of where it
comes from; what is only a hint is called one.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.model import Component, Scan
from aisbom.model.ledger import Ledger
from aisbom.model.plain import plain

_LINES = 26
_WIDTH = 180
_CLASSES = (
    *("backbone-weights", "encoder-weights", "adapter-weights", "tokenizer", "training-data"),
    *("model-code", "training-code"),
)
_LOST = ("replaced", "missing")


def lines(scan: Scan, ledger: Ledger) -> list[str]:
    """A title and a line or more a part, as many as fit; nothing where nothing is core."""
    core = [
        c
        for c in scan.components
        if "core" in ledger.judged(c.ref, "role") and not c.ref.startswith("weights:")
    ]
    if not core:
        return []
    told = [_part(part, ledger) for part in sorted(core, key=lambda c: _rank(c, ledger))]
    shown: list[list[str]] = []
    used = 0
    for rows in told:
        if used + len(rows) > _LINES and len(told) > len(shown):
            break
        shown.append(rows)
        used += len(rows)
    more = f", the first {len(shown)}" if len(shown) < len(told) else ""
    return [
        "",
        f"The core, part by part ({len(told)}{more}):",
        *(row for rows in shown for row in rows),
    ]


def _rank(part: Component, ledger: Ledger) -> tuple[bool, bool, int, str, str]:
    """What something is known of first; what is here before what is only named; weights before
    code.
    """
    kind = next(iter(ledger.judged(part.ref, "class")), "")
    named = all(o.evidence.sees == "reference" for o in part.observations)
    place = _CLASSES.index(kind) if kind in _CLASSES else len(_CLASSES)
    return not list(_known(part, ledger)), named, place, part.name, part.ref


def _part(part: Component, ledger: Ledger) -> list[str]:
    kind = "/".join(ledger.judged(part.ref, "class"))
    every = {o.evidence.at for o in part.observations}
    # Where the product has it, of all its places; a declared role lies in a configuration.
    judged = {e.at for c in ledger.claims(part.ref, "path-role") for e in c.evidence}
    at = f" at {min(judged & every or every)}" if every else ""
    rows = [f"  - {part.name or part.ref} ({kind}){at}"]
    said = "; ".join(_known(part, ledger))
    if said:
        rows.append(f"      {said}")
    for claim in ledger.claims(part.ref, "contradiction")[:2]:
        rows.append(f"      contradiction: {claim.value}")
    return [_cut(_plain(row)) for row in rows]


def _plain(row: str) -> str:
    """A row without characters that steer a terminal, its indentation kept."""
    text = plain(row)
    return row[: len(row) - len(row.lstrip())] + text


def _known(part: Component, ledger: Ledger) -> Iterator[str]:
    trained = ledger.answer(part.ref, "origin.trained")
    if trained.state != "unknown":
        yield f"trained: {' / '.join(trained.values)}"
    designs = ledger.answer(part.ref, "architecture-from")
    if designs.state != "unknown":
        country = ledger.answer(part.ref, "origin.architecture")
        where = f" ({' / '.join(country.values)})" if country.state != "unknown" else ""
        yield f"architecture: {', '.join(designs.values[:4])}{where}"
    hints = [c.value for c in designs.against if c.value not in designs.values]
    if hints:
        yield f"only a hint: {', '.join(hints[:2])}"
    weights = ledger.answer(part.ref, "weights-from")
    if weights.state != "unknown":
        yield f"weights from {', '.join(weights.values[:3])}"
    elif weights.against:
        yield f"weights from {', '.join(c.value for c in weights.against[:2])}? (only a hint)"
    code = ledger.answer(part.ref, "code-from")
    basis = ledger.answer(part.ref, "code-from.basis")
    if code.state != "unknown" and basis.value != "family":
        countries = ledger.answer(part.ref, "code-from.country")
        where = f" ({', '.join(countries.values)})" if countries.state != "unknown" else ""
        yield f"code from {', '.join(code.values[:2])}{where}"
    for holder in ledger.claims(part.ref, "code-from.holder"):
        name, _, word = holder.value.rpartition(" = ")
        if word in _LOST:
            yield f"notice of {name} {word}"


def _cut(row: str) -> str:
    return row if len(row) <= _WIDTH else f"{row[: _WIDTH - 1]}…"
