"""The table of what a pickle may name, call and make (`pickle_constructors.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TABLE = "pickle_constructors.toml"


@dataclass(frozen=True, slots=True)
class Constructors:
    """`calls` and `names` by module, `conditions` by full name; `classes` and `modules` are modules
    that hold for what lies below them too. `methods` are names of attributes that are called,
    `states` keys of a state that run something, by the name of the class.
    """

    calls: Mapping[str, frozenset[str]]
    conditions: Mapping[str, str]
    names: Mapping[str, frozenset[str]]
    classes: frozenset[str]
    modules: frozenset[str]
    methods: frozenset[str]
    states: Mapping[str, str]


@cache
def table() -> Constructors:
    """The table, read once."""
    text = files(__package__).joinpath(_TABLE).read_text("utf-8")
    rows = tomllib.loads(text)["library"]
    by: dict[str, dict[str, frozenset[str]]] = {"calls": {}, "names": {}}
    for key, into in by.items():
        for row in rows:
            for module, names in row.get(key, {}).items():
                into[module] = into.get(module, frozenset()) | frozenset(names)
    return Constructors(
        by["calls"],
        {name: word for row in rows for name, word in row.get("conditions", {}).items()},
        by["names"],
        frozenset(module for row in rows for module in row.get("classes", ())),
        frozenset(module for row in rows for module in row.get("modules", ())),
        frozenset(name for row in rows for name in row.get("methods", ())),
        {name: key for row in rows for name, key in row.get("states", {}).items()},
    )
