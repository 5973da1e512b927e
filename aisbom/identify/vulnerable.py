"""What the known vulnerabilities of a package come to (docs/vulnerabilities.md)."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.advisories.vex import EXCUSES
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Evidence
from aisbom.model.facts import UNAUDITED, VULNERABILITY

SEVERITY = "vulnerability.severity"
RULE = "vulnerability/advisories"


def vulnerable(component: Component, _: Knowledge) -> Iterator[Claim]:
    """`vulnerability` for each known one, `vulnerability.severity` for how grave they are, and
    `vulnerability.unaudited` where nobody could be asked.

    What a VEX statement excuses stays among the vulnerabilities, and counts for no severity.
    """
    looked = [o for o in component.observations if o.kind == "advisory"]
    if not looked:
        return
    seen = looked[0].evidence
    levels: dict[str, list[Evidence]] = {}
    for one in looked[0].get(VULNERABILITY):
        fixed = f", fixed in {one.fixed[0]}" if one.fixed else ""
        stated = f", stated {one.state}" if one.state else ""
        value = f"{one.id} ({one.level}{fixed}{stated})"
        evidence = Evidence(RULE, "other", "high", seen.at, f"{one.source}: {one.summary}"[:200])
        yield Claim(component.ref, "vulnerability", value, (evidence,))
        if one.state not in EXCUSES:
            words = Evidence(RULE, "other", "high", seen.at, f"{one.id}: {one.level}")
            levels.setdefault(one.level, []).append(words)
    unaudited = looked[0].get(UNAUDITED)
    for why in unaudited:
        evidence = Evidence(RULE, "other", "high", seen.at, why)
        yield Claim(component.ref, "vulnerability.unaudited", why, (evidence,))
    if unaudited:
        return
    for level, places in sorted(levels.items()):
        yield Claim(component.ref, SEVERITY, level, tuple(sorted(set(places))))
    if not levels:
        none = Evidence(RULE, "other", "high", seen.at, seen.excerpt)
        yield Claim(component.ref, SEVERITY, "none", (none,))
