"""Lines of keys and tables in a TOML text, for who has read it with `tomllib`."""

from __future__ import annotations

from aisbom.config.strict_toml import find_lines


def headers(text: str, *keys: str) -> tuple[int, ...]:
    """The line of each `[[a.b]]` header in a TOML text, in order."""
    lines = find_lines(text)
    return tuple(
        line for path, line in lines.items() if path[:-1] == keys and isinstance(path[-1], int)
    )


def line_of(text: str, key: str) -> int:
    """The line where a key or table of this name stands first, 1 where none does."""
    return min((line for keys, line in find_lines(text).items() if keys[-1] == key), default=1)
