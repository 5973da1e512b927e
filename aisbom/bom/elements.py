"""Which elements that an authority asks for a bill of materials has.

An element is met, missing, or not applicable because the document has nothing of the kind that it
speaks of. A value that the document says is unknown is not met, but it is told apart from silence:
authorities ask for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from aisbom.bom.stated import DocumentField, Field, Kind, StatedBom, StatedPart

Status = Literal["met", "missing", "not-applicable"]
_NAMED = 5  # parts that a line names; the rest is a count


class DocumentElement(NamedTuple):
    """Something that the document says of itself. `fill` is what would supply it."""

    key: str
    title: str
    field: DocumentField
    fill: str


class SubjectElement(NamedTuple):
    """Something that is said of the subject of the document: the product as a whole."""

    key: str
    title: str
    field: Field | Literal["name", "parts"]
    fill: str


class PartElement(NamedTuple):
    """Something that is said of every part of some kinds. `field` "name" is the name itself."""

    key: str
    title: str
    field: Field | Literal["name"]
    kinds: frozenset[Kind]
    fill: str


class UnknownsElement(NamedTuple):
    """That fields without a value are said to be unknown. `fields` are those that are asked."""

    key: str
    title: str
    fields: frozenset[Field]
    fill: str


Element = DocumentElement | SubjectElement | PartElement | UnknownsElement


@dataclass(frozen=True, slots=True)
class ElementSet:
    """The elements of one authority, with the page that asks for them."""

    name: str
    title: str
    source: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one element.

    `have` of `asked` parts have it, `unknown` of them say that it is not known; `lacking` names the
    first of those that do not have it. `fill` is what would supply it, empty where it is met.
    """

    key: str
    title: str
    status: Status
    have: int
    asked: int
    unknown: int = 0
    lacking: tuple[str, ...] = ()
    fill: str = ""


def hold_against(bom: StatedBom, elements: ElementSet) -> tuple[Answer, ...]:
    """One answer for each element, in the order of the set."""
    return tuple(_answer(bom, element) for element in elements.elements)


def _answer(bom: StatedBom, element: Element) -> Answer:
    if isinstance(element, DocumentElement):
        has = element.field in bom.stated
        return Answer(
            element.key,
            element.title,
            "met" if has else "missing",
            int(has),
            1,
            fill="" if has else element.fill,
        )
    if isinstance(element, SubjectElement):
        subject = [bom.subject] if bom.subject else []
        if element.field == "parts":
            has = bool(bom.parts)
            return Answer(
                element.key,
                element.title,
                "met" if has else "missing",
                int(has),
                1,
                fill="" if has else element.fill,
            )
        # A document without a subject has not met what is asked of it.
        return _of_parts(element, element.field, subject, 1)
    everything = [*([bom.subject] if bom.subject else []), *bom.parts]
    if isinstance(element, UnknownsElement):
        return _of_unknowns(element, everything)
    asked = [part for part in everything if part.kind in element.kinds]
    return _of_parts(element, element.field, asked, 0)


def _of_parts(
    element: SubjectElement | PartElement,
    field: Field | Literal["name", "parts"],
    asked: list[StatedPart],
    least: int,
) -> Answer:
    if not asked and not least:
        return Answer(element.key, element.title, "not-applicable", 0, 0)
    lacking = [
        part for part in asked if not (part.name if field == "name" else field in part.stated)
    ]
    met = not lacking and len(asked) >= least
    return Answer(
        element.key,
        element.title,
        "met" if met else "missing",
        len(asked) - len(lacking),
        max(len(asked), least),
        sum(field in part.unknown for part in lacking),
        tuple(part.name for part in lacking[:_NAMED]),
        "" if met else element.fill,
    )


def _of_unknowns(element: UnknownsElement, asked: list[StatedPart]) -> Answer:
    silent = [part for part in asked if element.fields - part.stated - part.unknown]
    return Answer(
        element.key,
        element.title,
        "missing" if silent else "met",
        len(asked) - len(silent),
        len(asked),
        lacking=tuple(part.name for part in silent[:_NAMED]),
        fill=element.fill if silent else "",
    )
