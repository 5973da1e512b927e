"""A file's own class prefix, taken from the file itself, so that `Olmo2MoeMLP` and `olmo2_moe_x`
are the same names as another file's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

PLACEHOLDER = b"\x01"
_SHORTEST = 3
_LONGEST = 100
_MOST = 0.5

_BREAK = re.compile(rb"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])")


Replacer = re.Pattern[bytes]


def own_prefix(classes: Sequence[bytes]) -> bytes:
    """The longest prefix that at least half of the class names share and that ends where a new
    capital begins; b"" if there is none.

    >>> own_prefix([b"Olmo2MoeMLP", b"Olmo2MoeAttention", b"Rotary"])
    b'Olmo2Moe'
    """
    names = list(dict.fromkeys(name.lstrip(b"_")[:_LONGEST] for name in classes))
    if len(names) < 2:
        return b""
    counts: Counter[bytes] = Counter()
    for name in names:
        counts.update(name[:end] for end in range(_SHORTEST, len(name)) if 65 <= name[end] <= 90)
    need = max(2, len(names) * _MOST)
    shared = sorted((len(prefix), prefix) for prefix, count in counts.items() if count >= need)
    return shared[-1][1] if shared else b""


def replacer(prefix: bytes) -> Replacer | None:
    """What finds the prefix inside a name, in its written, lower, upper and snake forms; None where
    there is no prefix.
    """
    if not prefix:
        return None
    snake = _BREAK.sub(b"_", prefix)
    forms = {prefix, prefix.lower(), prefix.upper(), snake.lower(), snake.upper(), _letters(snake)}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    one = b"|".join(re.escape(form) for form in longest_first)
    # At the start of a name or of a part of it; lower forms must end there too, or `gpt` would be
    # found in `gpts`.
    return re.compile(
        rb"(?:(?<=_)|^)(?:" + one + rb")(?=[A-Z_0-9]|$)|" + re.escape(prefix) + rb"(?=[A-Z_]|$)",
        re.MULTILINE,
    )


def _letters(snake: bytes) -> bytes:
    """`olmo_2_moe` as `olmo2_moe`: digits are mostly not set apart."""
    return re.sub(rb"_(?=\d)", b"", snake).lower()
