"""What a README says of one file of the tree: `model/norae.py is from <address>`. It is about the
code that holds this file, and about nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from aisbom.model import Component, Observation


def split_file_credits(
    seen: Sequence[Observation],
) -> tuple[list[Observation], list[Observation]]:
    """The sightings apart from the credits of single files, and these."""
    of_files = [o for o in seen if o.kind == "credit" and o.fact("of-file")]
    return ([o for o in seen if not o.fact("of-file")], of_files) if of_files else (list(seen), [])


def attach_file_credits(
    components: Iterable[Component], said_of_files: Iterable[Observation]
) -> list[Component]:
    """The components, with each credit at the one that holds its file: where that lies in a copied
    release or with files made from known ones, at these.
    """
    every = list(components)
    wanted: dict[str, list[Observation]] = {}
    for credit in said_of_files:
        wanted.setdefault(credit.fact("of-file"), []).append(credit)
    if not wanted:
        return every
    holders: dict[str, str] = {}
    for component in every:
        if component.kinds & {"source", "content", "release"}:
            for path in {o.evidence.at.path for o in component.observations} & wanted.keys():
                known = holders.setdefault(path, component.ref)
                holders[path] = min(known, component.ref, key=_generality)
    more: dict[str, set[Observation]] = {}
    for path, ref in holders.items():
        more.setdefault(ref, set()).update(wanted[path])
    return [
        replace(c, observations=tuple(sorted({*c.observations, *more[c.ref]})))
        if c.ref in more
        else c
        for c in every
    ]


def _generality(ref: str) -> tuple[bool, str]:
    return ref.startswith("code:"), ref
