"""How weights began: files say it only where a card names a base of somebody else; all else is said
to be unknown.
"""

from __future__ import annotations

from aisbom.identify.initialisation import claim_initialisation
from aisbom.knowledge import load
from aisbom.model import Claim, Component, Evidence, Location, Observation, facts


def claims(kind: str = "model", **stated: str) -> list[Claim]:
    evidence = Evidence(
        "model-card", "manifest-analysis", "high", Location("m/README.md", 2), "base_model: x"
    )
    seen = Observation(kind, "m", "", "", evidence, facts(**stated))
    return list(
        claim_initialisation(
            Component("model:m", "machine-learning-model", "m", "", "", (seen,)), load()
        )
    )


def test_a_card_that_says_finetune_of_another_s_model_says_pretrained() -> None:
    (claim,) = claims(base_model="openai/whisper-tiny", base_model_relation="finetune")
    assert (claim.attribute, claim.value, claim.evidence[0].confidence) == (
        "initialisation",
        "pretrained",
        "medium",
    )


def test_a_base_of_the_same_owner_decides_nothing() -> None:
    (claim,) = claims(base_model="maru/base", base_model_relation="finetune", model_id="Maru/chat")
    assert claim.value == "unknown"


def test_an_adapter_says_nothing_of_how_its_base_began() -> None:
    assert [c.value for c in claims(base_model="openai/whisper-tiny")] == ["pretrained"]
    assert [c.value for c in claims(base_model="openai/whisper-tiny", tag="lora")] == ["unknown"]
    assert [
        c.value for c in claims(base_model="openai/whisper-tiny", base_model_relation="adapter")
    ] == ["unknown"]


def test_files_never_show_random() -> None:
    (claim,) = claims(model_type="llama")
    assert claim.value == "unknown"
    assert "can be attested" in claim.evidence[0].excerpt


def test_what_is_no_model_is_not_asked() -> None:
    assert claims(kind="source") == []
