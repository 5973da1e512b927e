"""What the configuration declares about components: overrides of roles, and facts that no file can
show, with who says so.

A declaration becomes a claim with the status `declared`, cited at its line of the configuration,
and it meets the derived claims in the ledger: where they differ the answer is contested. Without a
supporting file a fact is only somebody's word, and stays a hint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aisbom.errors import UsageError
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

Fail = Callable[[str, str], UsageError]
"""(key, what is wrong) -> the error, which names file and line."""


@dataclass(frozen=True, slots=True)
class Declared:
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


def parse(data: Mapping[str, Any], name: str, text: str) -> tuple[Declared, ...]:
    """The rows of `[[role]]` and `[[claim]]` in a configuration. Raises UsageError: one line that
    names file, line and key.
    """
    found: list[Declared] = []
    for table in ("role", "claim"):
        rows = data.get(table, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UsageError(
                f"{name}:{_header(text, table, 0)}: {table!r} must be tables: [[{table}]]"
            )
        for number, row in enumerate(rows):
            start = _header(text, table, number)
            found += (
                _role(row, name, text, start) if table == "role" else _claim(row, name, text, start)
            )
    return tuple(found)


def _role(row: Mapping[str, Any], name: str, text: str, start: int) -> Iterator[Declared]:
    fail = _failing(name, text, start)
    _known(row, _ROLE_KEYS, fail)
    component, reason = _text(row, "component", fail), _text(row, "reason", fail)
    if "role" not in row and "class" not in row:
        raise fail(
            "component", f"nothing is overridden: give 'role' ({', '.join(ROLES)}) or 'class'"
        )
    for key, allowed in (("role", ROLES), ("class", CLASSES)):
        if key in row:
            value = _text(row, key, fail)
            if value not in allowed:
                raise fail(key, f"{key} {value!r} is not one of {', '.join(allowed)}")
            yield Declared(
                component, key, value, "", (), reason, Location(name, _line(text, start, key))
            )


def _claim(row: Mapping[str, Any], name: str, text: str, start: int) -> Iterator[Declared]:
    fail = _failing(name, text, start)
    _known(row, _CLAIM_KEYS, fail)
    component, by = _text(row, "component", fail), _text(row, "declared-by", fail)
    files = _texts(row, "evidence", fail)
    reason = _text(row, "reason", fail) if "reason" in row else ""
    said = [key for key in row if key not in _ABOUT]
    if not said:
        raise fail(
            "component",
            "nothing is declared; one of"
            f" {', '.join(key for key in _CLAIM_KEYS if key not in _ABOUT)}",
        )
    for key in said:
        for attribute, value in _values(key, row[key], fail):
            yield Declared(
                component,
                attribute,
                value,
                by,
                files,
                reason,
                Location(name, _line(text, start, key)),
            )


def _values(key: str, value: Any, fail: Fail) -> Iterator[tuple[str, str]]:  # noqa: C901
    """(attribute, value) of one key of a `[[claim]]`."""
    if key in ("origin", "objective"):
        if not isinstance(value, dict) or not value:
            example = 'origin.trained = "KR"' if key == "origin" else "objective.SOV-7 = 3"
            raise fail(key, f"{key!r} must say of what: {example}")
        for part, inner in value.items():
            if key == "objective":
                if isinstance(inner, bool) or not isinstance(inner, int) or not 0 <= inner <= 4:
                    raise fail(key, f"objective.{part} is a level from 0 to 4")
                yield f"objective.{part}", str(inner)
                continue
            if part not in STAGES:
                raise fail(key, f"unknown stage {part!r}{nearest(part, STAGES)}")
            yield f"origin.{part}", _countries(inner, f"origin.{part}", key, fail)
        return
    if key == "control":
        yield "control", _countries(value, "control", key, fail)
        return
    if key in _ANCESTORS:
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, str) or not item.strip():
                raise fail(key, f"{key!r} must be a purl or a model id, or a list of them")
            yield key, item.strip()
        return
    if not isinstance(value, str) or not value.strip():
        raise fail(key, f"{key!r} must be a text")
    allowed = (*ATTRIBUTES[key], "unknown") if ATTRIBUTES.get(key) else ()
    if allowed and value not in allowed:
        raise fail(key, f"{key} {value!r} is not one of {', '.join(allowed)}")
    yield ("licence.declared" if key == "licence" else key), value.strip()


def _countries(value: Any, name: str, key: str, fail: Fail) -> str:
    """Country codes as a claim writes them: sorted, with commas between; or one of the words."""
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, str) for item in items):
        raise fail(
            key, f"{name} must be a country code, a list of them, or one of {', '.join(_WORDS)}"
        )
    if len(items) == 1 and items[0] in _WORDS:
        return str(items[0])
    for item in items:
        if item not in load().countries:
            raise fail(
                key,
                f"{name}: {item!r} is neither an ISO 3166-1 alpha-2 code nor one of"
                f" {', '.join(_WORDS)}",
            )
    return ",".join(sorted(set(items)))


# --- errors with a line
# --------------------------------------------------------------------------------------------------


def _failing(name: str, text: str, start: int) -> Fail:
    return lambda key, what: UsageError(f"{name}:{_line(text, start, key)}: {what}")


def _known(row: Mapping[str, Any], keys: Sequence[str], fail: Fail) -> None:
    for key in row:
        if key not in keys:
            raise fail(key, f"unknown key {key!r}{nearest(key, keys)}")


def _text(row: Mapping[str, Any], key: str, fail: Fail) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise fail(
            key,
            (
                f"{key!r} is missing; it must be a text"
                if key not in row
                else f"{key!r} must be a text that is not empty"
            ),
        )
    return " ".join(value.split())


def _texts(row: Mapping[str, Any], key: str, fail: Fail) -> tuple[str, ...]:
    value = row.get(key, [])
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(
        isinstance(item, str) and item.strip() for item in value
    ):
        raise fail(key, f"{key!r} must be a path of the tree or a list of them")
    return tuple(item.strip().removeprefix("./") for item in value)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not inside a multi-line string."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not fence:
            yield number, line.strip()
        for mark in re.findall(r'"""|\'\'\'', line):
            fence = "" if mark == fence else fence or mark


def _header(text: str, table: str, number: int) -> int:
    """The line of the n-th `[[table]]`, else the first line that names it."""
    heads = [
        n
        for n, line in _lines(text)
        if re.fullmatch(rf"\[\[\s*(?:tool\s*\.\s*aisbom\s*\.\s*)?{table}\s*\]\].*", line)
    ]
    if number < len(heads):
        return heads[number]
    return next((n for n, line in _lines(text) if re.match(rf"\[?{table}\b", line)), 1)


def _line(text: str, start: int, key: str) -> int:
    """The line of a key inside the table that starts at `start`, else that line itself."""
    for number, line in _lines(text):
        if number <= start:
            continue
        if line.startswith("[") and not re.match(
            rf"\[+[^\]]*\b(?:role|claim)\.{re.escape(key)}\]", line
        ):
            break
        if re.match(rf"""["']?{re.escape(key)}\b""", line.removeprefix("[")):
            return number
    return start
