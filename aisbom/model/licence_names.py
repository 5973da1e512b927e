"""What licence files are called."""

from __future__ import annotations

import re

from aisbom.lazy_module import compile_later

_PLAIN = compile_later(r"(?:licen[cs]e|copying)(?:\.(?:md|txt|rst))?", re.IGNORECASE)


def is_plain(name: str) -> bool:
    """Whether a file bears the name that stands for the licence of all beside it: `LICENSE`,
    `COPYING.txt`, and not `LICENSE-MODEL`.
    """
    return _PLAIN.fullmatch(name) is not None
