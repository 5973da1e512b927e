"""`re`, with `compile` put off to the first use of the pattern: the package has some five hundred
of them, and a scan of few files uses a fifth.

    from aisbom import lazy_re as re

Type checkers see the standard `re`. A pattern that is no regular expression fails at its first use:
tests/test_lazy_re.py compiles all that stand in the package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from re import *  # noqa: F403
else:
    import re
    from re import *  # noqa: F403

    class Lazy:
        """A pattern that is compiled when it is first asked for anything."""

        def __init__(self, pattern: str | bytes, flags: int) -> None:
            self.given = pattern, flags
            self.pattern = pattern

        def __getattr__(self, name: str) -> object:
            compiled = re.compile(*self.given)
            for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
                # Found on the instance from now on.
                setattr(self, method, getattr(compiled, method))
            value = getattr(compiled, name)
            setattr(self, name, value)
            return value

    def compile(pattern: str | bytes, flags: int = 0) -> Lazy:  # noqa: A001
        """What `re.compile` gives, compiled when it is used."""
        return Lazy(pattern, flags)
