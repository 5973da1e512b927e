"""Places and gaps in words are what people read, and lose nothing; every property is documented."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given

from aisbom.emit.cyclonedx.names import (
    fact_name,
    gap_of,
    gap_text,
    place_of,
    place_text,
    property_name,
    seen_of,
    seen_text,
)
from aisbom.model import Gap, Location
from tests.emit.cyclonedx.bills import gaps, locations, said, words_of_code
from tests.program import document_of

ROOT = Path(__file__).parents[3]


@given(locations)
def test_a_place_loses_nothing(at: Location) -> None:
    assert place_of(place_text(at)) == at


@given(gaps)
def test_a_gap_loses_nothing(gap: Gap) -> None:
    assert gap_of(gap_text(gap)) == gap


@given(locations, words_of_code, said)
def test_a_sighting_loses_nothing(at: Location, by: str, words: str) -> None:
    assert seen_of(seen_text(at, by, words)) == (at, by, words)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (Location("a b/c.txt", 3), "a b/c.txt:3"),
        (Location(""), "."),
        (Location("m.json", 0, "/a/0"), "m.json#/a/0"),
        (Location("a#b", 3), '["a#b",3,""]'),
        (Location("a:7"), '["a:7",0,""]'),
        (Location("[x]", 1), '["[x]",1,""]'),
        (Location("a:" + "7" * 5000), "a:" + "7" * 5000),
    ],
)
def test_a_place_is_in_words_where_these_say_it(at: Location, text: str) -> None:
    assert place_text(at) == text


def test_a_gap_is_in_words_and_names_its_kind() -> None:
    at = Location("lib/x", 2)
    assert gap_text(Gap("reader", at, "not read")) == "lib/x:2: not read [reader]"
    assert gap_text(Gap("reader", at, "not met", "unmet")) == "lib/x:2: not met [reader, unmet]"
    odd = Gap("reader", Location("a: b", 2), "not read")
    assert gap_text(odd) == '["a: b",2,"","not read","reader",""]'


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        ("component.path_role", "aisbom:component:path_role"),
        ("code-from", "aisbom:code-from"),
        ("languages", "cdx:ai-ml:model:language"),
        ("hyperparameter.hidden_size", "cdx:ai-ml:model:hyperparameter:hidden_size"),
        ("cdx:reproducible", "cdx:reproducible"),
    ],
)
def test_facts_have_one_name_each(fact: str, name: str) -> None:
    assert (property_name(fact), fact_name(name)) == (name, fact)


def names_in(node: object) -> set[str]:
    if isinstance(node, list):
        return {name for item in node for name in names_in(item)}
    if not isinstance(node, dict):
        return set()
    own = {str(p["name"]) for p in node.get("properties", ())}
    return own | {name for value in node.values() for name in names_in(value)}


@pytest.mark.parametrize("case", ["honest", "multimodal", "copied-code", "small-stack"])
def test_every_property_of_ours_is_documented(case: str) -> None:
    page = (ROOT / "schemas" / "properties.md").read_text("utf-8")
    written = names_in(json.loads(document_of(ROOT / "fixtures" / case).read_bytes()))
    stage = "developed|trained|collected|operated|architecture"
    missing = []
    for name in written:
        if not name.startswith("aisbom:"):
            continue
        title = re.sub(f":({stage}):", ":<stage>:", name)
        # A row of the table names its first property in full, the others by their last words.
        family, _, last = title.rpartition(":")
        if f"`{title}`" not in page and not re.search(
            rf"`{re.escape(family)}:[^|]*`{re.escape(last)}`", page
        ):
            missing.append(name)
    assert not missing
