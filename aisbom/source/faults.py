"""What is wrong with an input, without a word of it: a gap is read by people who must not learn
from it what a file holds, and parsers quote what they read.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_PATH = re.compile(r"[\w.\-/\\]{1,120}")
_KEY = re.compile(r"[\w.\-/:@+<>=]{1,120}")
_MOST = 160


def fault(error: BaseException | str) -> str:
    """The words of an error on one line, with `…` for whatever they quote."""
    words = _QUOTED.sub("…", " ".join(str(error).split()))
    # What is left of a quotation that was never closed.
    words = re.split(r"['\"`]", words, maxsplit=1)[0].strip()
    return words[:_MOST] if re.search(r"\w", words) else type(error).__name__


def length(text: str) -> str:
    """The length of a text that is not shown."""
    return f"{len(text):,} characters"


def shown_key(text: str) -> str:
    """A key of a document, where it may be a name of something."""
    return text if _KEY.fullmatch(text) else "…"


def shown_path(text: str) -> str:
    """A path that a file names, where it is written like one; else its length."""
    return text if _PATH.fullmatch(text) else length(text)
