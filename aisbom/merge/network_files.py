"""Networks that a file of settings describes, one component each: `model:<file>#<key path>`.

Such a file is no model folder: what lies beside it is not its weights, and several of them in one
folder are several networks. A processor's settings beside the only one belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from aisbom.model import Component, Observation, Relation, part_names


def components(
    sightings: Iterable[Observation],
    beside: Sequence[Observation],
    designs: Iterable[Observation] = (),
) -> tuple[list[Component], list[Relation]]:
    """The networks, and which holds which. `beside` are settings of processors that belong to no
    model folder, `designs` say which classes of the tree inherit from a library's network: a
    network of such a class is of that design.
    """
    tables: dict[str, list[Observation]] = {}
    around: list[Observation] = []
    for o in sightings:
        if o.fact("basis") == "surroundings":
            around.append(o)
        else:
            tables.setdefault(_ref(o), []).append(o)
    files: dict[str, list[str]] = {}
    for ref, found in tables.items():
        files.setdefault(found[0].evidence.at.path, []).append(ref)
    same = _map_repeated(tables)
    for o in around:
        path = f"{o.evidence.at.folder}/{o.fact('configures')}".strip("/")
        for ref in files.get(path, ())[:1]:
            tables[ref].append(o)
    folders: dict[str, list[str]] = {}
    for path in files:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    for o in beside:
        near = folders.get(o.evidence.at.folder, [])
        if len(near) == 1:
            tables[files[near[0]][0]].append(replace(o, kind="format"))
    own = _own_classes(designs)
    for found in tables.values():
        found += [
            own[name] for name in {n for o in found for n in o.all("architecture")} & own.keys()
        ]
    holders = {ref: _above(ref, tables) for ref in tables}
    for ref, first in same.items():
        tables[first] += tables.pop(ref)
    made = [
        Component(ref, "machine-learning-model", _name(found), "", "", tuple(sorted(set(found))))
        for ref, found in sorted(tables.items())
    ]
    contains = [
        Relation(same.get(above, above), ref, "contains", tables[ref][0].evidence.at)
        for ref in sorted(tables)
        if (above := holders[ref]) and same.get(above, above) != ref
    ]
    return made, contains


def of_network_file(o: Observation) -> bool:
    """Whether it is a sighting of such a network."""
    return o.kind == "submodel" and o.fact("basis") in ("network-file", "surroundings")


def _own_classes(designs: Iterable[Observation]) -> dict[str, Observation]:
    """The one sighting that says what a class of the tree inherits from, by its name."""
    found: dict[str, list[Observation]] = {}
    for o in designs:
        if name := o.fact("own-class"):
            found.setdefault(name, []).append(o)
    return {name: seen[0] for name, seen in found.items() if len(seen) == 1}


_VARIANTS = 4
"""So many files that describe a network of the same design are variants of one set of settings."""


def _map_repeated(tables: dict[str, list[Observation]]) -> dict[str, str]:
    """`{ref: the first ref of the same design}` where many files describe it."""
    designs: dict[tuple[str, ...], list[str]] = {}
    for ref, found in sorted(tables.items()):
        o = min(one for one in found if one.kind == "submodel")
        key = (
            o.fact("part"),
            o.fact("model-type"),
            o.fact("source"),
            *sorted(o.all("architecture")),
        )
        designs.setdefault(key, []).append(ref)
    return {
        ref: refs[0]
        for refs in designs.values()
        if len({ref.partition("#")[0] for ref in refs}) >= _VARIANTS
        for ref in refs[1:]
    }


def _ref(o: Observation) -> str:
    pointer = o.evidence.at.member.strip("/").replace("/", ".")
    return f"model:{o.evidence.at.path}" + (f"#{pointer}" if pointer else "")


def _above(ref: str, tables: dict[str, list[Observation]]) -> str:
    """The nearest table around it that is a network itself."""
    file, _, pointer = ref.partition("#")
    while pointer:
        pointer = pointer.rpartition(".")[0]
        above = f"{file}#{pointer}" if pointer else file
        if above in tables:
            return above
    return ""


def _name(found: Sequence[Observation]) -> str:
    """What it is: `vision encoder, qwen2_5_vl architecture`."""
    part = part_names.title(found[0].fact("part"))
    design = next(
        (words for key in ("model-type", "architecture") for o in found if (words := o.fact(key))),
        "",
    )
    return f"{part}, {design} architecture" if design else part
