"""A home as the user names it: codes, groups, and what was probably meant."""

from __future__ import annotations

import pytest

from aisbom.config.home import expand
from aisbom.errors import UsageError
from aisbom.knowledge import load


def test_codes_and_groups() -> None:
    assert expand([" kr ", "JP"], load()) == ["JP", "KR"]
    union = expand(["EU"], load())
    assert {"DE", "FR"} <= set(union)
    assert "GB" not in union
    assert expand([], load()) == []


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("UK", "did you mean GB (United Kingdom)?"),
        ("USA", "did you mean US (United States of America)?"),
        ("UAE", "did you mean AE (United Arab Emirates)?"),
        ("Korea", "did you mean KP (Korea, Democratic People's Republic of) or KR (Korea, Rep"),
        ("south korea", "or KR (Korea, Republic of)?"),
        ("Germny", "did you mean DE (Germany)?"),
        ("Japan", "did you mean JP (Japan)?"),
        ("S", "for example --home KR"),  # one beginning, many countries
        ("XX", "for example --home KR"),
        ("", "for example --home KR"),
    ],
)
def test_what_is_no_code_is_refused_with_what_was_meant(word: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        expand([word], load())
    assert meant in str(caught.value)
    assert str(caught.value).startswith(f"--home {word}: not an ISO 3166-1 alpha-2 code")
