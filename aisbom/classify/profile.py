"""A named, versioned definition of where "core" ends: class -> role, class -> weight, class -> facet of origin."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aisbom.vocabulary import CLASSES, LEGS, ROLES

FACETS = ("trained", "developed", "collected", "operated")

_FOLDER = Path(__file__).parent.parent / "knowledge" / "profiles"


@dataclass(frozen=True, slots=True)
class Profile:
    """`expected` are the classes that a complete submission has: where one was not found, its share is unknown, not left out."""

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


def shipped() -> tuple[str, ...]:
    """The names of the profiles that come with the program."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load(name: str) -> Profile:
    """The shipped profile of this name, or the one in the file `name`. Raises ValueError with one line that names the fix."""
    path = Path(name) if name.endswith(".toml") or "/" in name else _FOLDER / f"{name}.toml"
    shown = path.name if path.is_absolute() and path.suffix == ".toml" and name.endswith(".toml") else name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"--profile {shown}: no such profile; one of {', '.join(shipped())}, or a .toml file") from error
    try:
        return _parse(tomllib.loads(data.decode("utf-8")), hashlib.sha256(data).hexdigest())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"--profile {shown}: not valid TOML: {error}") from error
    except ValueError as error:
        raise ValueError(f"--profile {shown}: {error}") from error


def _parse(data: Mapping[str, Any], digest: str) -> Profile:
    known = {"name", "version", "title", "home", "international", "expected", "legs", "class", "source"}
    for key in data:
        if key not in known:
            raise ValueError(f"unknown key {key!r}; one of {', '.join(sorted(known))}")
    classes = data.get("class")
    if not isinstance(classes, dict) or set(classes) != set(CLASSES):
        given = set(classes) if isinstance(classes, dict) else set()
        wrong = sorted(given ^ set(CLASSES))
        raise ValueError(f"[class.*] must name every component class once; missing or unknown: {', '.join(wrong)}")
    roles, weights, facets = {}, {}, {}
    for name, row in classes.items():
        roles[name] = _one_of(row, "role", ROLES, name)
        weights[name] = _number(row.get("weight"), f"class.{name}.weight", 0, 100)
        facets[name] = _one_of(row, "origin", FACETS, name)
    legs = data.get("legs", {})
    if not isinstance(legs, dict) or set(legs) != set(LEGS):
        raise ValueError(f"[legs] must give a weight for each of {', '.join(LEGS)}")
    for key in ("name", "version", "title"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise ValueError(f"{key!r} must be a text")
    for key in ("home", "expected"):
        if not isinstance(data.get(key, []), list) or not all(isinstance(item, str) for item in data.get(key, [])):
            raise ValueError(f"{key!r} must be a list of texts")
    for name in data.get("expected", []):
        if name not in CLASSES:
            raise ValueError(f"expected: unknown class {name!r}; one of {', '.join(CLASSES)}")
    return Profile(
        data["name"],
        data["version"],
        data["title"],
        tuple(data.get("home", [])),
        roles,
        weights,
        facets,
        {leg: _number(legs[leg], f"legs.{leg}", 0, 100) for leg in LEGS},
        _number(data.get("international", 0.5), "international", 0, 1),
        tuple(data.get("expected", [])),
        digest,
    )


def _one_of(row: Any, key: str, allowed: tuple[str, ...], name: str) -> str:
    value = row.get(key) if isinstance(row, dict) else None
    if value not in allowed:
        raise ValueError(f"class.{name}.{key} is {value!r}; one of {', '.join(allowed)}")
    return str(value)


def _number(value: Any, key: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{key} is {value!r}; a number from {low} to {high}")
    return float(value)
