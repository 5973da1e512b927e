"""TOML tables to rules; what cannot be meant is one line that names the file, the row, the key and
the nearest known word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aisbom.errors import UsageError
from aisbom.judge.rule import HOME, About, Condition, Rule
from aisbom.model.vocabulary import (
    ATTRIBUTES,
    CLASSES,
    COUNTRY_ATTRIBUTES,
    COUNTRY_WORDS,
    LEGS,
    PATH_ROLES,
    ROLES,
    SCORE_ROLES,
    nearest,
)

SEVERITIES = ("error", "warning", "note")
_VALUED = ("must-be", "must-not-be", "one-of", "known", "in-home")
_ALONE = ("licence-free", "declared", "present", "absent", "score")
_KEYS = (
    "id",
    "leg",
    "title",
    "message",
    "help",
    "severity",
    "about",
    "attribute",
    "holds-for",
    "if-none",
    "undecided",
    *_VALUED,
    *_ALONE,
)
_LISTS = ("class", "role", "path-role", "kind", "having")
_ABOUT = (*_LISTS, "foreign")
_KINDS = ("application", "data", "file", "framework", "library", "machine-learning-model")
_TEXT = 2000
_ID = re.compile(r"[a-z0-9][a-z0-9.\-]{0,79}")


def parse(rows: object, where: str, lines: Sequence[int] = ()) -> tuple[Rule, ...]:
    """The rules of a list of TOML tables. `where` names the file, `lines` the line of each row if
    known.

    Raises UsageError with one line: file, row, key and the nearest known word.
    """
    if not isinstance(rows, list):
        raise UsageError(f"{where}: 'requirement' must be a list of tables ([[requirement]])")
    rules: list[Rule] = []
    for number, row in enumerate(rows, 1):
        named = row.get("id") if isinstance(row, dict) else None
        at = f"{where}:{lines[number - 1]}" if number <= len(lines) else where
        place = f"{at}: requirement {number}" + (
            f" ({named})" if isinstance(named, str) and _ID.fullmatch(named) else ""
        )
        if not isinstance(row, dict):
            raise UsageError(f"{place}: must be a table")
        try:
            rule = _rule(row)
            if any(other.id == rule.id for other in rules):
                raise UsageError(f"'id' {rule.id!r} is taken by an earlier requirement")
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from None
        rules.append(rule)
    return tuple(rules)


def _rule(row: Mapping[str, Any]) -> Rule:
    for key in row:
        if key not in _KEYS:
            raise UsageError(f"unknown key {key!r}{nearest(key, _KEYS)}")
    identity = _text(row, "id", required=True)
    if not _ID.fullmatch(identity):
        raise UsageError(f"'id' {identity!r}: small letters, digits, '-' and '.', at most 80")
    severity = _text(row, "severity") or "error"
    _check_word(severity, SEVERITIES, "severity")
    holds = _text(row, "holds-for") or "every"
    _check_word(holds, ("every", "any"), "holds-for")
    condition = _condition(row)
    none = _text(row, "if-none") or (
        "pass" if condition.kind in ("must-not-be", "absent") else "unknown"
    )
    _check_word(none, ("pass", "unknown"), "if-none")
    return Rule(
        identity,
        _text(row, "leg", required=True),
        _text(row, "title", required=True),
        _text(row, "message", required=True),
        _text(row, "help", required=True),
        severity,
        _about(row.get("about", {})),
        condition,
        holds == "every",
        "pass" if none == "pass" else "unknown",
    )


def _condition(row: Mapping[str, Any]) -> Condition:
    condition = _read_condition(row)
    if "undecided" in row:
        if condition.kind not in ("must-be", "one-of", "in-home"):
            raise UsageError(
                f"'undecided' goes with must-be, one-of and in-home, not with {condition.kind!r}"
            )
        condition = replace(condition, undecided=_texts(row["undecided"], "undecided"))
    return condition


def _read_condition(row: Mapping[str, Any]) -> Condition:
    kinds = [key for key in (*_VALUED, *_ALONE) if key in row]
    if len(kinds) != 1:
        raise UsageError(
            f"one condition, not {', '.join(kinds) or 'none'}: {', '.join((*_VALUED, *_ALONE))}"
        )
    kind, value = kinds[0], row[kinds[0]]
    attribute = ""
    if kind in _VALUED:
        attribute = _text(row, "attribute", required=True)
        if attribute not in ATTRIBUTES:
            raise UsageError(f"unknown attribute {attribute!r}{nearest(attribute, ATTRIBUTES)}")
    elif "attribute" in row:
        raise UsageError(
            f"'attribute' does not go with {kind!r}; it goes with {', '.join(_VALUED)}"
        )
    if kind in ("must-be", "must-not-be", "one-of"):
        values = (value,) if isinstance(value, str) and kind != "one-of" else _texts(value, kind)
        if not values or (kind == "must-be" and len(values) != 1):
            raise UsageError(
                f"{kind!r} must name {'one value' if kind == 'must-be' else 'at least one value'}"
            )
        for word in values:
            _value(attribute, word)
        return Condition(kind, attribute, values)
    if kind == "in-home" and attribute not in COUNTRY_ATTRIBUTES:
        raise UsageError(
            f"'in-home' asks about a country, which {attribute!r} has not; one of"
            f" {', '.join(COUNTRY_ATTRIBUTES)}"
        )
    if kind == "licence-free":
        return Condition(kind, "licence", least=_share(value, kind))
    if kind == "score":
        return _score_condition(value)
    if value is not True:
        raise UsageError(f"{kind!r} must be true; leave the key out otherwise")
    return Condition(kind, attribute, (HOME,) if kind == "in-home" else ())


def _score_condition(value: object) -> Condition:
    if not isinstance(value, dict):
        raise UsageError(
            '\'score\' must be a table: { role = "core", leg = "origin", at-least = 0.5 }'
        )
    keys = ("role", "leg", "at-least")
    for key in value:
        if key not in keys:
            raise UsageError(f"score: unknown key {key!r}{nearest(key, keys)}")
    role, leg = _text(value, "role") or "core", _text(value, "leg")
    _check_word(role, SCORE_ROLES, "score.role")
    if leg:
        _check_word(leg, LEGS, "score.leg")
    return Condition(
        "score", least=_share(value.get("at-least"), "score.at-least"), role=role, leg=leg
    )


def _value(attribute: str, word: str) -> None:
    if attribute in COUNTRY_ATTRIBUTES:
        if not (re.fullmatch("[A-Z]{2}", word) or word in (*COUNTRY_WORDS, HOME)):
            near = nearest(word, (*COUNTRY_WORDS, HOME)).replace(
                "; one of", "; an ISO 3166-1 alpha-2 code or one of"
            )
            raise UsageError(f"{attribute} cannot be {word!r}{near}")
    elif ATTRIBUTES[attribute] and word not in ATTRIBUTES[attribute]:
        raise UsageError(f"{attribute} cannot be {word!r}{nearest(word, ATTRIBUTES[attribute])}")


def _about(value: object) -> About:
    if not isinstance(value, dict):
        raise UsageError("'about' must be a table: { class = [\"backbone-weights\"] }")
    for key in value:
        if key not in _ABOUT:
            raise UsageError(f"about: unknown key {key!r}{nearest(key, _ABOUT)}")
    if not isinstance(value.get("foreign", False), bool):
        raise UsageError("about.foreign must be true or false")
    lists = [key for key in _LISTS if key in value]
    found = {
        key: (value[key],) if isinstance(value[key], str) else _texts(value[key], f"about.{key}")
        for key in lists
    }
    words = {
        "class": CLASSES,
        "role": ROLES,
        "path-role": PATH_ROLES,
        "kind": _KINDS,
        "having": tuple(ATTRIBUTES),
    }
    for key, given in found.items():
        for word in given:
            _check_word(word, words[key], f"about.{key}")
    classes, roles, path_roles, kinds, having = (found.get(key, ()) for key in _LISTS)
    return About(classes, roles, path_roles, kinds, having, value.get("foreign", False))


def _text(row: Mapping[str, Any], key: str, required: bool = False) -> str:
    value = row.get(key, "")
    if not isinstance(value, str) or (required and not value.strip()):
        raise UsageError(f"{key!r} must be a text" + (" and is required" if required else ""))
    if len(value) > _TEXT:
        raise UsageError(f"{key!r} is longer than {_TEXT} characters")
    return " ".join(value.split())


def _texts(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise UsageError(f"{key!r} must be a list of texts")
    return tuple(dict.fromkeys(value))


def _share(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise UsageError(f"{key!r} must be a number from 0 to 1")
    return float(value)


def _check_word(word: str, words: Sequence[str], key: str) -> None:
    if word not in words:
        raise UsageError(f"{key} cannot be {word!r}{nearest(word, words)}")
