from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from aisbom.collect.python.poetry_constraint import pep440, python_marker


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("^1.2.3", "<2.0.0,>=1.2.3"),
        ("^1.2", "<2.0,>=1.2"),
        ("^1", "<2,>=1"),
        ("^0.2.3", "<0.3.0,>=0.2.3"),
        ("^0.0.3", "<0.0.4,>=0.0.3"),
        ("^0.0", "<0.1,>=0.0"),
        ("^0", "<1,>=0"),
        ("~1.2.3", "<1.3.0,>=1.2.3"),
        ("~1", "<2,>=1"),
        ("*", ""),
        ("1.2.*", "==1.2.*"),
        (">=1.2, <1.5", "<1.5,>=1.2"),
        (">=1.2 <1.5", "<1.5,>=1.2"),
        ("~=1.4", "~=1.4"),
        ("= 1.0", "==1.0"),
        ("!=1.5", "!=1.5"),
        ("^2.0b1", "<3.0,>=2.0b1"),
    ],
)
def test_what_the_documentation_says(constraint: str, specifier: str) -> None:
    assert pep440(constraint) == (specifier, True)


@pytest.mark.parametrize(
    "constraint", ["^1 || ^2", "nonsense here", "^x", ">=1.*", "^" + "9" * 5000]
)
def test_what_cannot_be_said_stays_as_it_is(constraint: str) -> None:
    assert pep440(constraint) == (constraint, False)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=4))
def test_the_caret_keeps_the_first_number_that_is_not_zero(release: list[int]) -> None:
    """Poetry: an update is allowed if it does not modify the left-most non-zero digit."""
    version = ".".join(map(str, release))
    allowed = SpecifierSet(pep440(f"^{version}")[0])
    assert version in allowed
    first = next((n for n, part in enumerate(release) if part), len(release) - 1)
    above = ".".join(map(str, [*release[:first], release[first] + 1]))
    assert above not in allowed


def test_python_as_a_marker() -> None:
    assert python_marker(">=3.8,<3.11") == 'python_version < "3.11" and python_version >= "3.8"'
    assert python_marker("*") == ""
