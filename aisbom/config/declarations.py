"""What the configuration declares about components: overrides of roles, and facts that no file can
show, with who says so.

A declaration becomes a claim with the status `declared`, cited at its line of the configuration,
and it meets the derived claims in the ledger: where they differ the answer is contested. Without a
supporting file a fact is only somebody's word, and stays a hint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aisbom.config.strict_toml import Table
from aisbom.knowledge import load
from aisbom.model import Location
from aisbom.model.vocabulary import ATTRIBUTES, CLASSES, COUNTRY_WORDS, ROLES, nearest

STAGES = ("developed", "trained", "collected", "operated", "architecture")
_WORDS = (*COUNTRY_WORDS, "unknown")
_ANCESTORS = ("code-from", "weights-from", "architecture-from")
_ROLE_KEYS = ("component", "role", "class", "reason")
_CLAIM_KEYS = (
    *(
        "component",
        "declared-by",
        "evidence",
        "reason",
        "initialisation",
        "origin",
        "licence",
        "control",
        "attribution",
        "objective",
    ),
    *_ANCESTORS,
)
_ABOUT = ("component", "declared-by", "evidence", "reason")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One statement about the components that `component` names: a purl, a name, or a glob over
    paths; `.` is the whole.

    `by` is who declares it, `evidence` are the supporting files as paths of the tree, `at` is the
    line that says so.
    """

    component: str
    attribute: str
    value: str
    by: str
    evidence: tuple[str, ...]
    reason: str
    at: Location

    @property
    def override(self) -> bool:
        """Whether this is a judgement of the reader (a role, a class) and not a fact."""
        return self.attribute in ("role", "class")


def parse(config: Table) -> tuple[Declaration, ...]:
    """The rows of `[[role]]` and `[[claim]]` in a configuration. Raises ConfigError."""
    return (
        *(row for table in config.tables("role") for row in _role(table)),
        *(row for table in config.tables("claim") for row in _claim(table)),
    )


def _role(row: Table) -> Iterator[Declaration]:
    row.refuse_unknown(_ROLE_KEYS)
    component, reason = row.text("component"), row.text("reason")
    if "role" not in row and "class" not in row:
        roles = ", ".join(ROLES)
        raise row.fail("component", f"nothing is overridden: give 'role' ({roles}) or 'class'")
    for key, allowed in (("role", ROLES), ("class", CLASSES)):
        if key in row:
            value = row.text(key)
            if value not in allowed:
                raise row.fail(key, f"{key} {value!r} is not one of {', '.join(allowed)}")
            yield Declaration(component, key, value, "", (), reason, _place(row, key))


def _claim(row: Table) -> Iterator[Declaration]:
    row.refuse_unknown(_CLAIM_KEYS)
    component, by = row.text("component"), row.text("declared-by")
    files = row.texts("evidence", "a path of the tree or a list of them")
    if not all(file.strip() for file in files):
        raise row.fail("evidence", "'evidence' must be a path of the tree or a list of them")
    files = tuple(file.strip().removeprefix("./") for file in files)
    reason = row.text("reason", "")
    stated = [key for key in row.data if key not in _ABOUT]
    if not stated:
        known = ", ".join(key for key in _CLAIM_KEYS if key not in _ABOUT)
        raise row.fail("component", f"nothing is declared; one of {known}")
    for key in stated:
        for attribute, value in _values(row, key):
            yield Declaration(component, attribute, value, by, files, reason, _place(row, key))


def _place(row: Table, key: str) -> Location:
    return Location(row.file, row.line(key))


def _values(row: Table, key: str) -> Iterator[tuple[str, str]]:
    """(attribute, value) of one key of a `[[claim]]`."""
    value = row.data[key]
    if key in ("origin", "objective"):
        yield from _parts(row, key, value)
    elif key == "control":
        yield "control", _countries(row, key, value, "control")
    elif key in _ANCESTORS:
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, str) or not item.strip():
                raise row.fail(key, f"{key!r} must be a purl or a model id, or a list of them")
            yield key, item.strip()
    elif not isinstance(value, str) or not value.strip():
        raise row.fail(key, f"{key!r} must be a text")
    else:
        allowed = (*ATTRIBUTES[key], "unknown") if ATTRIBUTES.get(key) else ()
        if allowed and value not in allowed:
            raise row.fail(key, f"{key} {value!r} is not one of {', '.join(allowed)}")
        yield ("licence.declared" if key == "licence" else key), value.strip()


def _parts(row: Table, key: str, value: Any) -> Iterator[tuple[str, str]]:
    """(attribute, value) of `origin.STAGE` and `objective.ID`."""
    if not isinstance(value, dict) or not value:
        example = 'origin.trained = "KR"' if key == "origin" else "objective.SOV-7 = 3"
        raise row.fail(key, f"{key!r} must say of what: {example}")
    for part, inner in value.items():
        if key == "objective":
            if isinstance(inner, bool) or not isinstance(inner, int) or not 0 <= inner <= 4:
                raise row.fail(key, f"objective.{part} is a level from 0 to 4")
            yield f"objective.{part}", str(inner)
        elif part not in STAGES:
            raise row.fail(key, f"unknown stage {part!r}{nearest(part, STAGES)}")
        else:
            yield f"origin.{part}", _countries(row, key, inner, f"origin.{part}")


def _countries(row: Table, key: str, value: Any, name: str) -> str:
    """Country codes as a claim writes them: sorted, with commas between; or one of the words."""
    items = value if isinstance(value, list) else [value]
    words = ", ".join(_WORDS)
    if not items or not all(isinstance(item, str) for item in items):
        raise row.fail(key, f"{name} must be a country code, a list of them, or one of {words}")
    if len(items) == 1 and items[0] in _WORDS:
        return str(items[0])
    for item in items:
        if item not in load().countries:
            raise row.fail(
                key, f"{name}: {item!r} is neither an ISO 3166-1 alpha-2 code nor one of {words}"
            )
    return ",".join(sorted(set(items)))
