"""Arrays that joblib writes between the opcodes of a pickle: after a wrapper that says type, shape
and order come the plain values.

Since joblib 0.10; from 1.2 on a byte and as much padding as it says stand before the values. Arrays
of objects are a pickle of their own.
"""

from __future__ import annotations

import math
import re

from aisbom.weights.read.pickle_records import CallRecord, Global

WRAPPER = Global("joblib.numpy_pickle", "NumpyArrayWrapper")


def size(shape: object, kind: object) -> int | None:
    """How many bytes the values take; None for objects. Raises ValueError where the wrapper does
    not say it.
    """
    if not isinstance(shape, tuple) or not all(
        isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 2**63 for n in shape
    ):
        raise ValueError("an array of joblib without a sound shape")
    code = (
        kind.arguments[0]
        if isinstance(kind, CallRecord) and isinstance(kind.arguments, tuple) and kind.arguments
        else None
    )
    match = re.fullmatch(r"[<>=|]?([a-zA-Z?])(\d{0,9})", code) if isinstance(code, str) else None
    if match is None:
        raise ValueError("an array of joblib without a sound type")
    if match[1] == "O":
        return None
    return math.prod(shape) * int(match[2] or 1) * (4 if match[1] == "U" else 1)
