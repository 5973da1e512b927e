"""Every pattern that the package puts off is a regular expression, and behaves like one."""

from __future__ import annotations

import importlib
import pkgutil
import re

import aisbom
from aisbom import lazy_re


def test_every_pattern_of_the_package_compiles() -> None:
    found = 0
    for module in pkgutil.walk_packages(aisbom.__path__, "aisbom."):
        if module.name == "aisbom.__main__":
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, lazy_re.Lazy):
                assert re.compile(*value.given)
                found += 1
    assert found > 300


def test_a_pattern_is_compiled_when_it_is_used() -> None:
    pattern = lazy_re.compile(r"(a)(b)?", lazy_re.IGNORECASE)
    assert set(vars(pattern)) == {"given", "pattern"}
    assert pattern.sub(r"\1-", "AB ab") == "A- a-"
    assert "search" in vars(pattern)
    assert (pattern.groups, pattern.flags & re.IGNORECASE) == (2, re.IGNORECASE)
    assert pattern.fullmatch("ab") and not pattern.fullmatch("abc")
