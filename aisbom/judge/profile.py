"""A named, versioned definition of where "core" ends: class -> role, class -> weight, class ->
facet of origin.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aisbom.errors import UsageError
from aisbom.judge import rule_table
from aisbom.judge.rule import Rule
from aisbom.model.vocabulary import CLASSES, LEGS, ROLES, nearest

FACETS = ("trained", "developed", "collected", "operated")

LEVELS = 4
"""The highest level of an objective."""

_KEYS = (
    *(
        "name",
        "version",
        "title",
        "modelled-on",
        "source",
        "home",
        "international",
        "expected",
        "legs",
        "class",
        "objective",
    ),
    "requirement",
)
_OBJECTIVE_KEYS = ("id", "title", "weight", "leg", "classes", "minimum", "note")
_CLASS_KEYS = ("role", "weight", "origin")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")

_FOLDER = Path(__file__).parent.parent / "knowledge" / "profiles"


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective of a framework that weighs several.

    Files answer it by the mean degree of `leg` over `classes`; where `leg` is empty only a declared
    level (0 to `LEVELS`) does. `minimum` is the level below which a submission is out, None where
    the framework leaves it to whoever asks.
    """

    id: str
    title: str
    weight: float
    leg: str
    classes: tuple[str, ...]
    minimum: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """`expected` are the classes that a complete submission has: where one was not found, its share
    is unknown, not left out.

    `modelled_on` and `source` say whose definition this is and where to read it; `requirements` are
    its floors.
    """

    name: str
    version: str
    title: str
    home: tuple[str, ...]
    roles: Mapping[str, str]
    weights: Mapping[str, float]
    facets: Mapping[str, str]
    legs: Mapping[str, float]
    international: float
    expected: tuple[str, ...]
    digest: str
    modelled_on: str = ""
    source: str = ""
    objectives: tuple[Objective, ...] = ()
    requirements: tuple[Rule, ...] = ()


def list_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the program."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def by_breadth() -> tuple[str, ...]:
    """The shipped profiles, those that call the fewest classes core first."""
    return tuple(
        sorted(
            list_profiles(),
            key=lambda name: (sum(role == "core" for role in load(name).roles.values()), name),
        )
    )


def load(name: str) -> Profile:
    """The shipped profile of this name, or the one in the file `name`. Raises UsageError with one
    line that names the fix.
    """
    path = Path(name) if name.endswith(".toml") or "/" in name else _FOLDER / f"{name}.toml"
    shown = (
        path.name
        if path.is_absolute() and path.suffix == ".toml" and name.endswith(".toml")
        else name
    )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"--profile {shown}: no such profile{nearest(shown, list_profiles())}, or a .toml file"
        ) from error
    try:
        return _parse(
            tomllib.loads(data.decode("utf-8")), hashlib.sha256(data).hexdigest(), path.name
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"--profile {shown}: not valid TOML: {error}") from error
    except UsageError as error:
        raise UsageError(f"--profile {shown}: {error}") from error


def _parse(data: Mapping[str, Any], digest: str, where: str) -> Profile:
    for key in data:
        if key not in _KEYS:
            raise UsageError(f"unknown key {key!r}{nearest(key, _KEYS)}")
    classes = data.get("class")
    if not isinstance(classes, dict) or set(classes) != set(CLASSES):
        given = set(classes) if isinstance(classes, dict) else set()
        wrong = sorted(given ^ set(CLASSES))
        raise UsageError(
            "[class.*] must name every component class once; missing or unknown:"
            f" {', '.join(wrong)}"
        )
    roles, weights, facets = {}, {}, {}
    for name, row in classes.items():
        for key in row if isinstance(row, dict) else ():
            if key not in _CLASS_KEYS:
                raise UsageError(f"class.{name}: unknown key {key!r}{nearest(key, _CLASS_KEYS)}")
        roles[name] = _one_of(row, "role", ROLES, f"class.{name}")
        weights[name] = _number(row.get("weight"), f"class.{name}.weight", 0, 100)
        facets[name] = _one_of(row, "origin", FACETS, f"class.{name}")
    legs = data.get("legs", {})
    if not isinstance(legs, dict) or set(legs) != set(LEGS):
        raise UsageError(f"[legs] must give a weight for each of {', '.join(LEGS)}")
    for key in ("name", "version", "title", "modelled-on", "source"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            raise UsageError(f"{key!r} must be a text")
    if not _NAME.fullmatch(data["name"]) or not _NAME.fullmatch(data["version"]):
        raise UsageError(
            "'name' and 'version' may hold letters, digits, '.', '+', '_' and '-' only"
        )
    return Profile(
        data["name"],
        data["version"],
        data["title"],
        _texts(data, "home"),
        roles,
        weights,
        facets,
        {leg: _number(legs[leg], f"legs.{leg}", 0, 100) for leg in LEGS},
        _number(data.get("international", 0.5), "international", 0, 1),
        _classes(data, "expected", "expected"),
        digest,
        " ".join(data["modelled-on"].split()),
        " ".join(data["source"].split()),
        _objectives(data.get("objective", [])),
        rule_table.parse(data.get("requirement", []), where),
    )


def _objectives(rows: Any) -> tuple[Objective, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError("'objective' must be tables: [[objective]]")
    found: list[Objective] = []
    for number, row in enumerate(rows, 1):
        at = f"objective {row.get('id', number)}"
        for key in row:
            if key not in _OBJECTIVE_KEYS:
                raise UsageError(f"{at}: unknown key {key!r}{nearest(key, _OBJECTIVE_KEYS)}")
        for key in ("id", "title"):
            if not isinstance(row.get(key), str) or not row[key].strip():
                raise UsageError(f"{at}: {key!r} must be a text")
        if any(row["id"] == other.id for other in found):
            raise UsageError(f"{at}: this id stands twice")
        leg = _one_of(row, "leg", LEGS, at) if "leg" in row else ""
        classes = _classes(row, "classes", at)
        if bool(leg) != bool(classes):
            raise UsageError(
                f"{at}: 'leg' and 'classes' go together: what files can answer; leave both out for"
                " what must be declared"
            )
        minimum = row.get("minimum")
        if minimum is not None and (
            isinstance(minimum, bool) or not isinstance(minimum, int) or not 0 <= minimum <= LEVELS
        ):
            raise UsageError(f"{at}: 'minimum' is {minimum!r}; a level from 0 to {LEVELS}")
        found.append(
            Objective(
                row["id"],
                row["title"],
                _number(row.get("weight"), f"{at}.weight", 0, 100),
                leg,
                classes,
                minimum,
            )
        )
    return tuple(found)


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{key!r} must be a list of texts")
    return tuple(value)


def _classes(data: Mapping[str, Any], key: str, at: str) -> tuple[str, ...]:
    for name in _texts(data, key):
        if name not in CLASSES:
            raise UsageError(f"{at}: unknown class {name!r}{nearest(name, CLASSES)}")
    return _texts(data, key)


def _one_of(row: Any, key: str, allowed: tuple[str, ...], name: str) -> str:
    value = row.get(key) if isinstance(row, dict) else None
    if not isinstance(value, str) or value not in allowed:
        raise UsageError(f"{name}.{key} is {value!r}; one of {', '.join(allowed)}")
    return str(value)


def _number(value: Any, key: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UsageError(f"{key} is {value!r}; a number from {low} to {high}")
    return float(value)
