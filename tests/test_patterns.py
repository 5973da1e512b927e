"""No regular expression of the package takes more than linear time, whatever it is given: each is
driven with lines made for it, in the way it is used (`benchmarks/patterns.py`).
"""

from __future__ import annotations

import re

import pytest

from benchmarks.patterns import Used, attacks, cost, steep, used

EVERY = used()

BOUNDED = {
    "aisbom.collect.models.card_prose:": 4000,  # cut before
    "aisbom.collect.parsed.lines.": 600,  # of what a parser took: no string in it is left open
    "aisbom.collect.python.distribution._FOLDER": 300,  # longer names are not looked at
    "aisbom.collect.references.command_lines._WORD": 20_000,  # longer lines are not looked at
    "aisbom.collect.references.other_modules._LIKE_A_NAME": 100,  # cut before
    "aisbom.config.strict_toml._TOKEN": 600,  # of what tomllib took
    "aisbom.identify.model_names:": 80,  # names of the shipped table
    "aisbom.knowledge.check.": 200,  # rows of a table, held against as a whole
    "aisbom.licences.adapted_from._SOURCE": 200,  # 500 letters, runs of blanks made one
}
"""Expressions that are worse than linear, and how long what they are given can be."""

SECONDS = 5


def bound(one: Used) -> int:
    return next((length for name, length in BOUNDED.items() if one.name.startswith(name)), 0)


def test_each_is_found_with_how_it_is_used() -> None:
    assert len(EVERY) > 600
    assert sum(bool(one.methods) for one in EVERY) > 0.8 * len(EVERY)
    assert all(any(one.name.startswith(name) for one in EVERY) for name in BOUNDED)


@pytest.mark.parametrize("part", range(8))
def test_none_is_worse_than_linear(part: int) -> None:
    found = {one.name: steep(one) for one in EVERY[part::8] if not bound(one)}
    assert {name: what for name, what in found.items() if what} == {}


def test_those_whose_input_is_short_are_quick_at_its_length() -> None:
    for one in EVERY:
        if length := bound(one):
            assert all(cost(one, attack, length) < SECONDS for attack in attacks(one)), one.name


@pytest.mark.parametrize(
    ("expression", "method"),
    [
        (r"\s*;", "search"),
        (r"(a+)+b", "match"),
        (r"a\w*\s*\w*\s*b", "fullmatch"),
        (r"<[^>]*>", "finditer"),
        (r"(?:[._-]?[a-z]+)*", "fullmatch"),
    ],
)
def test_one_that_is_worse_is_found(expression: str, method: str) -> None:
    assert steep(Used(re.compile(expression), "x", {method}))


def test_one_that_is_linear_is_not() -> None:
    for expression in (r"(?<!\s)\s++;", r"(?<!a)(?:a++)++b", r"[a-z]+@", r"<[^<>]{0,50}>"):
        method = "match" if expression.endswith("@") else "search"
        assert not steep(Used(re.compile(expression), "x", {method})), expression
