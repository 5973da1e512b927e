from __future__ import annotations

import json
from typing import Any

import pytest

from aisbom.model.ledger import Answer, resolve
from aisbom.pipeline import scan
from tests.conftest import MakeTree
from tests.identify.test_contradictions import config, weights
from tests.program import every_component, properties, run

EYES = weights(visual__norm=(8,), visual__w=(8, 8), language_model__w=(4, 4))


def answers(
    make_tree: MakeTree, more: dict[str, Any], files: dict[str, str | bytes] | None = None
) -> dict[tuple[str, str], Answer]:
    found = scan(make_tree({"m/config.json": config(**more), **(files or {})}))
    keys = {(c.subject.removeprefix("model:m"), c.attribute) for c in found.claims}
    return {
        key: resolve(
            c for c in found.claims if (c.subject.removeprefix("model:m"), c.attribute) == key
        )
        for key in keys
        if key[0][:1] in ("", "#")
    }


EYE = {"vision_config": {"model_type": "siglip_vision_model", "hidden_size": 8}}


def test_a_configuration_without_tensors_leaves_the_weights_unknown(make_tree: MakeTree) -> None:
    found = answers(make_tree, EYE)
    assert found["#vision-encoder", "architecture-from"].value == "siglip_vision_model"
    assert found["#vision-encoder", "origin.architecture"].value == "US"
    assert [
        found["#vision-encoder", key].state
        for key in ("weights-from", "initialisation", "origin.trained")
    ] == ["unknown"] * 3
    assert found["#vision-encoder", "class"].value == "encoder-weights"


def test_a_stated_source_is_where_the_weights_are_from(make_tree: MakeTree) -> None:
    found = answers(
        make_tree,
        {**EYE, "mm_vision_tower": "google/siglip-base-patch16-224"},
        {"m/model.safetensors": EYES},
    )
    assert found["#vision-encoder", "weights-from"].value == "google/siglip-base-patch16-224"
    assert found["#vision-encoder", "initialisation"].value == "pretrained"
    assert found["#vision-encoder", "origin.trained"].value == "US"
    frozen = answers(
        make_tree,
        {**EYE, "mm_vision_tower": "google/siglip-base-patch16-224", "freeze_vision_tower": True},
    )
    assert frozen["#vision-encoder", "initialisation"].value == "frozen"


def test_a_path_that_a_configuration_keeps_is_a_hint(make_tree: MakeTree) -> None:
    eye = {
        "vision_config": {
            "model_type": "eyes",
            "hidden_size": 8,
            "_name_or_path": "google/siglip-base-patch16-224",
        }
    }
    found = answers(make_tree, eye)["#vision-encoder", "weights-from"]
    assert (found.state, [c.value for c in found.against]) == (
        "unknown",
        ["google/siglip-base-patch16-224"],
    )


def test_an_unknown_model_type_names_no_architecture(make_tree: MakeTree) -> None:
    found = answers(
        make_tree, {"vision_config": {"model_type": "never_heard_of", "hidden_size": 8}}
    )
    assert ("#vision-encoder", "architecture-from") not in found
    assert found["#vision-encoder", "origin.architecture"].state == "unknown"


def test_freezing_alone_says_nothing_of_where_weights_are_from(make_tree: MakeTree) -> None:
    found = answers(make_tree, {**EYE, "freeze_vision_tower": True})
    assert found["#vision-encoder", "initialisation"].state == "unknown"


def test_the_card_says_what_was_taken_over(make_tree: MakeTree) -> None:
    card = "---\nbase_model: Qwen/Qwen2-7B\nbase_model_relation: {}\n---\n"
    tuned = answers(make_tree, {}, {"m/README.md": card.format("finetune")})
    beside = answers(make_tree, {}, {"m/README.md": card.format("adapter")})
    assert tuned["", "weights-from"].value == "Qwen/Qwen2-7B"
    assert ("", "weights-from") not in beside
    for said in ("library_name: peft", "tags: [lora]"):
        text = f"---\nbase_model: Qwen/Qwen2-7B\n{said}\n---\n"
        assert ("", "weights-from") not in answers(make_tree, {}, {"m/README.md": text})


@pytest.mark.parametrize(
    ("sentence", "sure"),
    [
        ("This model is a fine-tuned version of acme/base-7b on our data.", "medium"),
        ("A fine-tuned version of base-7b.", "medium"),
        ("It is not a fine-tuned version of acme/base-7b.", ""),
        ("This model speaks Korean.", "medium"),
    ],
)
def test_a_base_model_says_whose_weights_these_are_unless_the_card_denies_it(
    make_tree: MakeTree, sentence: str, sure: str
) -> None:
    card = f"---\nbase_model: acme/base-7b\n---\n# Own\n\n{sentence}\n"
    document = json.loads(run("generate", make_tree({"m/README.md": card}), "-q", "-o", "-").stdout)
    (part,) = (c for c in every_component(document) if c["bom-ref"] == "model:m")
    found = properties(part, "aisbom:weights-from")
    assert found == (["acme/base-7b"] if sure else [])
