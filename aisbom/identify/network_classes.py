"""Whose design the networks of a code tree are: classes of a library that it inherits from or
builds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.identify.cite import SeenFact, cap_confidence, cite
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Confidence, Observation

_MOST = 12
_PLACES = 6


def architectures(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`architecture-from` of code, once a family. It says nothing of weights, nor of who wrote the
    code.
    """
    found: dict[str, list[Observation]] = {}
    for o in component.observations:
        if o.kind == "design":
            family = family_of(o.fact("network-class"), o.fact("network-module"), knowledge)
            if family:
                found.setdefault(family, []).append(o)
    for family, seen in sorted(found.items())[:_MOST]:
        # What a class inherits is more than what a line builds.
        first = sorted(seen, key=lambda o: (o.fact("network-use") != "inherits", o))[:_PLACES]
        row = knowledge.families[family]
        makers = [one for key in row.organisations if (one := knowledge.organisation(key))]
        sure: Confidence = cap_confidence("medium" if row.basis == "curated" else "low", *makers)
        named = ", ".join(f"{one.name} [{one.id}, {one.as_of}]" for one in makers)
        words = f"architecture of {named or 'designers not known'}"
        cited = tuple(
            sorted(
                cite(
                    "architecture/class",
                    sure,
                    SeenFact("network-class", o.fact("network-class"), o.evidence),
                    words,
                    *makers,
                )
                for o in first
            )
        )
        yield Claim(component.ref, "architecture-from", family, cited)


def family_of(name: str, module: str, knowledge: Knowledge) -> str:
    """The family whose class this is: by its module (`transformers.models.<family>`), else by the
    longest name of a family that the class begins with; `""` where none fits.
    """
    place = re.match(r"transformers\.models\.(\w+)", module)
    if place and place[1] in knowledge.families:
        return place[1]
    plain = re.sub(r"^(?:TF|Flax)(?=[A-Z])", "", name)
    best = ""
    for family in knowledge.families:
        length = len(re.sub(r"[^a-z0-9]", "", family))
        head, rest = plain[:length], plain[length:]
        fits = re.sub(r"[^a-z0-9]", "", family) == head.lower() and not rest[:1].islower()
        if fits and len(family) > len(best):
            best = family
    return best
