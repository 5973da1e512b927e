"""Lines of keys and tables in a TOML text, which `tomllib` does not tell."""

from __future__ import annotations

import re


def headers(text: str, *path: str) -> tuple[int, ...]:
    """The line of each `[[a.b]]` header in a TOML text, in order."""
    names = r"\s*\.\s*".join(f"[\"']?{re.escape(name)}[\"']?" for name in path)
    pattern = re.compile(rf"\s*\[\[\s*{names}\s*\]\]")
    return tuple(number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line))


def line_of(text: str, key: str) -> int:
    """The line where a key or table of this name stands first, 1 where none does."""
    for number, line in enumerate(text.splitlines(), 1):
        if (
            line.split("=")[0].strip().strip("\"'") == key
            or line.strip().strip("[]").strip() == key
        ):
            return number
    return 1
