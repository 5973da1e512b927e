"""What can run code when a file is loaded or used (docs/unsafe-files.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Confidence, Evidence
from aisbom.model.facts import HAZARD
from aisbom.model.sentences import say

ATTRIBUTE = "runs-code"
_OTHERS = {"remote-code": f"{ATTRIBUTE}.remote", "loader": f"{ATTRIBUTE}.loader"}
"""What is no content of a model file, but a wish of its configuration or a habit of the code."""

RULE = "unsafe/allowlist"


def runs_code(component: Component, _: Knowledge) -> Iterator[Claim]:
    """`runs-code` for each way to run code (`pickle: calls os.system`), `runs-code.remote` where a
    model asks for code of its own, `runs-code.loader` where code trusts what it loads.

    What could not be followed is a hint: it answers nothing, and is never taken for harmless.
    """
    found: dict[tuple[str, str, bool], set[Evidence]] = {}
    for hazard, seen in component.get(HAZARD):
        at = replace(seen.at, line=hazard.line) if hazard.line else seen.at
        sure: Confidence = "high" if hazard.certain else "low"
        value = f"{hazard.through}: {hazard.what}"
        words = (say(f"hazard-{hazard.through}", hazard.what)[1],) if hazard.certain else ()
        evidence = Evidence(RULE, seen.technique, sure, at, value[:200], words)
        attribute = _OTHERS.get(hazard.through, ATTRIBUTE)
        found.setdefault((attribute, value, hazard.certain), set()).add(evidence)
    for (attribute, value, _certain), places in sorted(found.items()):
        yield Claim(component.ref, attribute, value, tuple(sorted(places)))
