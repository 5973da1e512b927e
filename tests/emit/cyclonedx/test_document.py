from __future__ import annotations

from dataclasses import replace

from aisbom.bom import Bom, Hosting, Note, Part
from aisbom.emit.cyclonedx.document import document
from aisbom.model import Gap, Location, Relation
from tests.emit.cyclonedx.test_claims import bill


def whole(*parts: Part, **more: object) -> Bom:
    root = Part("r", "application", "r")
    return replace(bill(), parts=tuple(sorted((root, *parts), key=lambda p: p.ref)), **more)


def relation(source: str, target: str, kind: str = "depends-on") -> Relation:
    return Relation(source, target, kind, Location(""))  # type: ignore[arg-type]


def test_a_part_stands_inside_its_holder_and_in_the_graph() -> None:
    parts = (Part("a", "library", "a"), Part("b", "file", "b"), Part("c", "file", "c"))
    held = (relation("a", "b", "contains"), relation("b", "c", "contains"), relation("r", "a"))
    made = document(whole(*parts, relations=held), "1.6", frozenset())
    (top,) = made["components"]
    assert top["components"][0]["components"][0]["bom-ref"] == "c"
    edges = {row["ref"]: row["dependsOn"] for row in made["dependencies"]}
    assert edges == {"r": ["a"], "a": ["b"], "b": ["c"], "c": []}


def test_services_stand_apart() -> None:
    hosted = Part("service:x", "service", "x", hosting=Hosting(hosts=("x.example",)))
    made = document(whole(hosted), "1.6", frozenset())
    assert made["components"] == []
    assert made["services"][0]["endpoints"] == ["https://x.example"]


def test_what_is_complete_and_what_is_not() -> None:
    parts = (Part("a", "library", "a"), Part("b", "library", "b"))
    gap = Gap("reader", Location("x"), "not read")
    made = document(whole(*parts, complete=("a",), gaps=(gap,), gap_count=1), "1.6", frozenset())
    said = {row["aggregate"]: row["dependencies"] for row in made["compositions"]}
    assert said == {"incomplete": ["r"], "complete": ["a"], "unknown": ["b"]}


def test_the_serial_number_is_that_of_the_content() -> None:
    one, same, other = (
        document(whole(files=files), "1.6", frozenset())["serialNumber"] for files in "112"
    )
    assert one == same != other


def test_a_note_has_a_time_even_where_none_is_given() -> None:
    noted = whole(notes=(Note("annotation-1", "r", "similar"),))
    (row,) = document(noted, "1.6", frozenset())["annotations"]
    assert row["timestamp"] == "1970-01-01T00:00:00Z"
    timed = replace(noted, time="2026-01-02T03:04:05Z")
    (row,) = document(timed, "1.6", frozenset())["annotations"]
    assert row["timestamp"] == "2026-01-02T03:04:05Z"
