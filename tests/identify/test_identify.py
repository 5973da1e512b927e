"""The registered identifiers together: deterministic, and quick enough to run every time."""

from __future__ import annotations

from aisbom.identify import IDENTIFIERS
from aisbom.knowledge import load
from tests.identify.test_origin import component


def test_same_input_same_claims() -> None:
    subject = component(
        ("project-url", "Source, https://github.com/UpstageAI/x"),
        ("author", "Upstage"),
        ("license", "MIT"),
        ("author-email", "team@upstage.ai"),
    )
    runs = [
        [claim for identifier in IDENTIFIERS for claim in identifier(subject, load())]
        for _ in range(2)
    ]
    assert runs[0] == runs[1] and len({claim.ref for claim in runs[0]}) == len(runs[0])


def test_a_component_without_sightings_gets_no_claim() -> None:
    subject = component(kind="requirement", purl="")
    assert not [claim for identifier in IDENTIFIERS for claim in identifier(subject, load())]
