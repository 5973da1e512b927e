"""The models that a repository's own account publishes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aisbom.bom import Part
from aisbom.bom.findings import findings
from aisbom.model import Claim, Evidence, Location
from tests.emit.test_findings import NOTHING

UNKNOWN = (
    ("component.class", "encoder-weights"),
    ("component.path_role", "product"),
    ("component.role", "core"),
    ("origin.trained.country", "ZZ"),
)


@pytest.mark.parametrize(
    ("purl", "asked"),
    [
        ("pkg:huggingface/Norae-Labs/tower", False),
        ("pkg:huggingface/norae/tower", True),
        ("pkg:huggingface/norae-labs-2/tower", True),
    ],
)
def test_nobody_asks_who_trained_what_the_account_of_the_repository_publishes(
    purl: str, asked: bool
) -> None:
    root = Part("r", "application", "r", purl="pkg:github/norae-labs/norae@1")
    part = Part("p", "machine-learning-model", "p", purl=purl, facts=UNKNOWN)
    found = findings(replace(NOTHING, parts=(root, part)))
    assert [one.kind for one in found] == (["unknown-origin"] if asked else [])


@pytest.mark.parametrize(
    ("name", "asked"), [("Norae2-70B-Chat", False), ("norae", False), ("Noraebang-7B", True)]
)
def test_a_name_of_the_project_is_its_own(name: str, asked: bool) -> None:
    root = Part("r", "application", "r", purl="pkg:github/some-lab/norae-2@1")
    part = Part("p", "machine-learning-model", name, facts=UNKNOWN)
    assert bool(findings(replace(NOTHING, parts=(root, part)))) is asked


@pytest.mark.parametrize(
    ("organisations", "hint"), [(["Norae Labs"], "Norae Labs"), (["Norae Labs", "Hanul"], "")]
)
def test_a_hint_that_is_too_weak_to_answer_is_told(organisations: list[str], hint: str) -> None:
    evidence = Evidence("origin/release-name", "other", "low", Location("a.py", 3))
    attribute = "origin.trained.organisation"
    said = tuple(Claim("p", attribute, one, (evidence,)) for one in [*organisations, "unknown"])
    part = Part("p", "machine-learning-model", "p", facts=UNKNOWN)
    (found,) = findings(replace(NOTHING, parts=(part,), claims=said))
    assert (found.kind, found.whose) == ("unknown-origin", hint)
