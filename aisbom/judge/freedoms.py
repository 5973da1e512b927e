"""What a licence lets one do: the freedoms to use, change and pass on, without fields of use or
imposed names, as a share.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from aisbom.knowledge import load

Freedom = Callable[[str], float | None]
"""Licence expression -> the share of the freedoms to use, change and pass on that it grants; None
where it is not known.
"""


@cache
def freedom(expression: str) -> float | None:
    """The share of the five freedoms that a licence expression grants; None if any licence that
    counts is not in the table.

    `A AND B` grants what both grant, `A OR B` the better choice; an exception (`WITH`) only ever
    grants more.
    """
    from license_expression import ExpressionError, Licensing

    try:
        tree = Licensing().parse(expression)
    except ExpressionError:
        return None
    return None if tree is None else _value(tree)


def _value(node: object) -> float | None:
    name = type(node).__name__
    if name in ("AND", "OR"):
        values = [_value(arg) for arg in node.args]  # type: ignore[attr-defined]
        known = [v for v in values if v is not None]
        if name == "OR":
            return (
                max(known) if len(known) == len(values) or (known and max(known) == 1.0) else None
            )
        return min(known) if len(known) == len(values) else None
    symbol = getattr(node, "license_symbol", node)
    key = getattr(symbol if name == "LicenseWithExceptionSymbol" else node, "key", "")
    row = load().terms(str(key))
    return row.freedom if row else None
