"""Every parser takes its seeds, what once broke it, and some fixed damage; `benchmarks/fuzz.py`
makes more of it, for as long as one likes.
"""

from __future__ import annotations

import random

import pytest

from benchmarks.fuzz import WORDS, seeds, tried
from tests.fuzz import Parser, parsers

PARSERS = {parser.name: parser for parser in parsers()}
TIMES = 12


def damaged(parser: Parser) -> list[bytes]:
    chance = random.Random(parser.name)  # noqa: S311
    found = []
    for _ in range(TIMES):
        data = bytearray(chance.choice(parser.seeds))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data) + 1)
            word = chance.choice(WORDS)
            if chance.random() < 0.5:
                data[at:at] = word
            else:
                data[at : at + chance.randint(1, 30)] = word
        found.append(bytes(data))
    return found


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_a_parser_refuses_what_is_none_in_its_own_words(name: str) -> None:
    parser = PARSERS[name]
    inputs = (*seeds(parser), *damaged(parser))
    assert [what for data in inputs if (what := tried(parser, data))] == []
