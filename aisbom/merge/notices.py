"""What licence files speak for. Those of folders in which no code tree is left are kept by the
project around them; and whether a GNU text admits later versions is said by the tags and headers of
the files around it, since the text is the same for both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from aisbom.lazy_module import compile_later
from aisbom.merge.owners import Owners
from aisbom.model import Component, Observation
from aisbom.model.facts import ANNOTATION, STATES_LICENCE
from aisbom.model.path_roles import path_role

_GNU = compile_later(r"(?:[AL]?GPL|GFDL)-\d\.\d")
_STATED = compile_later(r"(?P<base>(?:[AL]?GPL|GFDL)-\d\.\d)(?P<later>-or-later|\+)?(?:-only)?")


def keep_notices(
    components: Iterable[Component],
    text: Iterable[Observation],
    owners: Owners,
    owned: Mapping[str, str],
) -> list[Component]:
    """The components; every notice and credit that none of them holds is with the owner of its
    folder.
    """
    every = list(components)
    # By path: the licence of an installed distribution is held as a sighting of that package.
    held = {
        (o.kind, o.evidence.at.path)
        for c in every
        for o in c.observations
        if o.kind in ("notice", "credit")
    }
    left: dict[str, set[Observation]] = {}
    for o in text:
        speaks = o.kind == "credit" or (o.kind == "notice" and o.fact("file-kind") == "licence")
        if speaks and (o.kind, o.evidence.at.path) not in held:
            left.setdefault(owned[owners.of(o.evidence.at.folder)], set()).add(_below(o))
    return [
        replace(c, observations=tuple(sorted({*c.observations, *left[c.ref]})))
        if c.ref in left
        else c
        for c in every
    ]


def _below(o: Observation) -> Observation:
    """It speaks for its folder, not for the whole that keeps it."""
    facts = tuple((key, "licence-below" if key == "file-kind" else value) for key, value in o.facts)
    return replace(o, facts=facts)


def admit_later(components: Iterable[Component], seen: Sequence[Observation]) -> list[Component]:
    """The components; a licence file that holds a GNU text is `-or-later` where files below it say
    so of themselves, and none that it without later versions.
    """
    every = list(components)
    if not any(_guess(o) for c in every for o in c.observations):
        return every
    stated = [
        (path, found["base"], bool(found["later"]))
        for path, words in _statements(seen)
        for found in _STATED.finditer(words)
    ]
    return [
        replace(c, observations=tuple(sorted(_with_later(o, stated) for o in c.observations)))
        if any(_guess(o) for o in c.observations)
        else c
        for c in every
    ]


def _guess(o: Observation) -> str:
    """The GNU licence whose bare text a licence file holds."""
    value = o.fact("licence-guess") if o.kind == "notice" else ""
    gnu = value.startswith(("GPL", "AGPL", "LGPL", "GFDL")) and _GNU.fullmatch(value)
    return value if gnu else ""


def _statements(seen: Sequence[Observation]) -> Iterable[tuple[str, str]]:
    """(path, licence) of what files say of themselves, and tables of files."""
    for o in seen:
        if o.kind == "source" and path_role(o.evidence.at.path) != "vendored":
            for value in o.all("spdx"):
                yield o.evidence.at.path, value
            for row in o.get(STATES_LICENCE):
                yield o.evidence.at.path, row.name
        for annotation in o.get(ANNOTATION):
            yield o.evidence.at.path, annotation.expression


def _with_later(o: Observation, stated: Sequence[tuple[str, str, bool]]) -> Observation:
    value = _guess(o)
    folder = re.sub(r"(?:^|/)licen[cs]es?$", "", o.evidence.at.folder, flags=re.IGNORECASE)
    below = f"{folder}/" if folder else ""
    says = Counter(
        later for path, base, later in stated if base == value and path.startswith(below)
    )
    if not value or says[False] or not says[True]:
        return o
    facts = tuple(
        (key, f"{value}-or-later" if key == "licence-guess" else text) for key, text in o.facts
    )
    return replace(o, facts=facts)
