"""Who trained a model, and who designed its architecture: two questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.identify.model_origin import architecture, claim_trainer
from aisbom.knowledge import load
from aisbom.model import Claim, Component
from aisbom.model.ledger import Answer, resolve
from tests.identify.test_origin import component

K = load()


def model(*pairs: tuple[str, str], purl: str = "") -> Component:
    return component(*pairs, kind="model", name="m", purl=purl)


def answer(subject: Component, attribute: str = "origin.trained") -> Answer:
    return resolve(
        [
            claim
            for identifier in (claim_trainer, architecture)
            for claim in identifier(subject, K)
            if claim.attribute == attribute
        ]
    )


def values(subject: Component) -> list[Claim]:
    return [claim for claim in claim_trainer(subject, K) if claim.attribute == "origin.trained"]


@pytest.mark.parametrize(
    ("identity", "origin"),
    [
        ("Qwen/Qwen2.5-7B", "CN"),
        ("LGAI-EXAONE/EXAONE-4.0-32B", "KR"),
        ("mistralai/Mistral-7B-v0.1", "FR"),
        ("meta-llama/Llama-3.1-8B", "US"),
        ("bigscience/bloom", "international"),
        ("nvidia/Nemotron-4-340B-Base", "US"),
    ],
)
def test_owner_of_the_id(identity: str, origin: str) -> None:
    found = answer(model(("model-id", identity)))
    assert (found.value, found.confidence) == (origin, "medium")
    assert answer(model(purl=f"pkg:huggingface/{identity}")).value == origin


@pytest.mark.parametrize(
    "identity",
    [
        "TheBloke/Norae-7B-GGUF",
        "unsloth/norae-2b",
        "nvidia/Norae-R1-FP4",
        "timm/vit_base",
        "someone-unknown/model",
        "gpt2",
        "../etc",
        "a/b/c",
        "",
    ],
)
def test_ids_that_name_no_maker(identity: str) -> None:
    (claim,) = values(model(("model-id", identity), ("model-type", "llama")))
    assert claim.value == "unknown"


def test_a_quantised_copy_is_nobodys_own() -> None:
    pairs = (
        ("model-id", "upstage/x-awq"),
        ("base-model", "Qwen/Qwen2.5-7B"),
        ("base-model-relation", "quantized"),
    )
    assert answer(model(*pairs)).state == "unknown"


def test_training_on_counts_both_makers() -> None:
    found = answer(
        model(("model-id", "upstage/SOLAR-10.7B-v1.0"), ("base-model", "mistralai/Mistral-7B-v0.1"))
    )
    assert found.value == "FR,KR"
    assert {"upstage/SOLAR-10.7B-v1.0", "mistralai/Mistral-7B-v0.1"} <= {
        e.excerpt.split()[1] for e in found.carried[0].evidence
    }


def test_own_base_stays_own() -> None:
    assert (
        answer(model(("model-id", "upstage/x-instruct"), ("base-model", "upstage/x"))).value == "KR"
    )


def test_a_base_of_somebody_unknown_leaves_a_hint() -> None:
    found = answer(model(("model-id", "upstage/x"), ("base-model", "someone-unknown/y")))
    assert found.state == "unknown" and [claim.value for claim in found.against] == ["KR"]


def test_architecture_never_answers_for_weights() -> None:
    subject = model(("model-type", "llama"))
    assert answer(subject, "origin.architecture").value == "US"
    assert answer(subject).state == "unknown"
    both = model(("model-id", "01-ai/Yi-6B"), ("model-type", "llama"))
    assert (answer(both).value, answer(both, "origin.architecture").value) == ("CN", "US")


@pytest.mark.parametrize(
    ("family", "origin"),
    [
        ("qwen2_audio", "CN"),
        ("deepseek_v3", "CN"),
        ("exaone4", "KR"),
        ("mistral", "FR"),
        ("falcon", "AE"),
    ],
)
def test_registry_against_misleading_headers(family: str, origin: str) -> None:
    found = answer(model(("model-type", family)), "origin.architecture")
    assert (found.value, found.confidence) == (origin, "medium")


def test_a_family_known_from_a_header_only_is_a_hint() -> None:
    found = answer(model(("model-type", "slanet")), "origin.architecture")
    assert found.state == "unknown" and found.against


@pytest.mark.parametrize(
    ("family", "origin", "designers"),
    [
        ("xlnet", "US", 2),
        ("blip-2", "US", 1),
        ("llava_onevision", "CN,HK,SG", 4),
        ("conditional_detr", "CN", 3),
    ],
)
def test_a_family_of_several_designers_names_all_their_countries(
    family: str, origin: str, designers: int
) -> None:
    subject = model(("model-type", family))
    assert answer(subject, "origin.architecture").value == origin
    claim = next(c for c in architecture(subject, K) if c.attribute == "origin.architecture")
    assert len(claim.evidence) == designers


@pytest.mark.parametrize(
    ("family", "word"),
    [("nanochat", "person-undisclosed"), ("clvp", "person-undisclosed"), ("doge", "unknown")],
)
def test_where_no_organisation_designed_it_none_is_named(family: str, word: str) -> None:
    (claim,) = architecture(model(("model-type", family)), K)
    assert claim.value == word
    assert claim.attribute == "origin.architecture"


def test_a_container_of_two_models_has_no_designer() -> None:
    (claim,) = architecture(model(("model-type", "encoder-decoder")), K)
    assert (claim.value, claim.evidence[0].confidence) == ("unknown", "medium")


def test_every_model_type_of_transformers_has_a_row() -> None:
    lines = (
        (Path(__file__).parents[1] / "knowledge" / "transformers_model_types.txt")
        .read_text("utf-8")
        .splitlines()
    )
    names = [line for line in lines if not line.startswith("#")]
    assert len(names) > 800
    assert [name for name in names if name not in K.families] == []


def test_an_unknown_family_is_unknown_out_loud() -> None:
    (claim,) = architecture(model(("model-type", "my_own_model")), K)
    assert claim.value == "unknown"


def test_packages_are_not_answered_here() -> None:
    assert not list(claim_trainer(component(("model-id", "Qwen/x")), K)) and not list(
        architecture(component(("model-type", "llama")), K)
    )


def test_the_registry_is_large_enough() -> None:
    assert sum(row.basis == "curated" for row in K.families.values()) >= 80
