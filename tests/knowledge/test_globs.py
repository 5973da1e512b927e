"""Rule: a glob fits exactly the names that `fnmatchcase` says it fits."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hypothesis import example, given
from hypothesis import strategies as st

from aisbom.knowledge.globs import fits


@given(st.text("ab-\n", max_size=6), st.text("ab-*?[]!", max_size=6))
@example("ab", "ab*b")
@example("a\nb", "a*")
@example("", "*")
def test_as_fnmatch(name: str, glob: str) -> None:
    assert fits(name, glob) == fnmatchcase(name, glob)
