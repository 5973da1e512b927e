"""What is said of models and data sets of which only the name is here."""

from __future__ import annotations

import pytest

from aisbom.identify import hub_table
from aisbom.identify.model_origin import claim_trainer
from aisbom.knowledge import load
from aisbom.model import Component, Evidence, Location, Observation, facts
from aisbom.model.ledger import resolve

K = load()


def named(identity: str, *kinds: str, revision: str = "") -> Component:
    """A component of the hub, seen once under each kind."""
    at = Evidence("test", "source-code-analysis", "high", Location("serve.py", 7), identity)
    purl = f"pkg:huggingface/{identity}{revision}"
    owner_name = identity.removeprefix("datasets/")
    key = "dataset-id" if identity.startswith("datasets/") else "model-id"
    sightings = tuple(
        Observation(kind, owner_name, "", purl, at, facts((key, owner_name))) for kind in kinds
    )
    return Component(purl, "machine-learning-model", owner_name, "", purl, sightings)


def licence(identity: str, *kinds: str) -> str:
    answer = resolve(hub_table.licences(named(identity, *(kinds or ("reference",))), K))
    return " / ".join(answer.values) if answer.state == "contested" else answer.value


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "Apache-2.0"),
        ("Qwen/Qwen2.5-3B-Instruct", "LicenseRef-Qwen-Research"),
        ("Qwen/Qwen2.5-72B-Instruct-AWQ", "LicenseRef-Qwen"),
        ("qwen/qwen2.5-72b", "LicenseRef-Qwen"),
        ("Qwen/Qwen2.5-Math-72B", "LicenseRef-Qwen"),
        ("tiiuae/falcon-7b", "Apache-2.0"),
        ("tiiuae/falcon-180B", "LicenseRef-Falcon-LLM"),
        ("openai/whisper-large-v2", "Apache-2.0"),
        ("openai/whisper-large-v3-turbo", "MIT"),
        ("intfloat/multilingual-e5-large", "MIT"),
        ("timm/vit_base_patch16_224.augreg_in21k", "Apache-2.0"),
        ("nobody-at-all/no-such-model", "unknown"),
        ("Qwen/Qwen2.5", "unknown"),
    ],
)
def test_sizes_of_one_family_differ(identity: str, expected: str) -> None:
    assert licence(identity) == expected


def test_the_licence_of_a_data_set() -> None:
    assert licence("datasets/mteb/banking77", "dataset") == "MIT"


@pytest.mark.parametrize("kind", ["model", "submodel", "project"])
def test_what_lies_in_the_tree_answers_for_itself(kind: str) -> None:
    assert licence("Qwen/Qwen2.5-7B-Instruct", kind, "reference") == "unknown"


def test_a_row_of_its_own_decides_where_a_source_differs() -> None:
    (answer,) = [
        c
        for c in hub_table.licences(named("microsoft/Florence-2-base", "reference"), K)
        if c.value == "MIT"
    ]
    assert answer.evidence[0].confidence == "medium"
    assert licence("microsoft/Florence-2-base") == "MIT"


def test_the_place_and_the_age_are_cited() -> None:
    claims = hub_table.licences(named("tiiuae/falcon-180B", "reference"), K)
    (claim,) = [claim for claim in claims if claim.value == "LicenseRef-Falcon-LLM"]
    (evidence,) = claim.evidence
    assert (evidence.at.path, evidence.at.line) == ("serve.py", 7)
    assert "2026-01" in evidence.excerpt


@pytest.mark.parametrize(
    ("identity", "countries"),
    [
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "CN,US"),
        ("skt/A.X-4.0", "CN,KR"),
        ("deepseek-ai/DeepSeek-R1", "CN"),
    ],
)
def test_who_trained_the_base_counts_too(identity: str, countries: str) -> None:
    found = resolve(
        c for c in claim_trainer(named(identity, "reference"), K) if c.attribute == "origin.trained"
    )
    assert found.value == countries


@pytest.mark.parametrize(
    ("identity", "value"),
    [
        ("intfloat/e5-small", "person-undisclosed"),
        ("minishlab/potion-base-8M", "community"),
        ("timm/resnet50.a1_in1k", "unknown"),
    ],
)
def test_an_account_without_a_seat(identity: str, value: str) -> None:
    found = resolve(
        c for c in claim_trainer(named(identity, "reference"), K) if c.attribute == "origin.trained"
    )
    assert found.value == value
