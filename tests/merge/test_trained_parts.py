"""Settings of a training that keep a part as it is: evidence for the part of the model that the
training writes, and for nothing else.
"""

from __future__ import annotations

import pytest

from aisbom.pipeline import scan
from tests.conftest import MakeTree
from tests.identify.test_contradictions import config, weights

PART = "model:m/ours#vision-encoder"


def frozen(make_tree: MakeTree, **settings: str) -> list[tuple[str, str, str, int]]:
    held = weights(vision_tower__w=(8, 8), language_model__w=(8, 8))
    tree = make_tree(
        {
            "m/ours/config.json": config(vision_config={"model_type": "eyes"}),
            "m/ours/model.safetensors": held,
            **settings,
        }
    )
    return sorted(
        (c.subject, c.value, c.evidence[0].confidence, c.evidence[0].at.line)
        for c in scan(tree).claims
        if c.attribute == "initialisation" and c.evidence[0].by == "initialisation/trainer"
    )


def yaml(**changed: str) -> str:
    rows = {
        "model_name_or_path": "other/vlm-7b",
        "freeze_vision_tower": "true",
        "output_dir": "../m/ours",
        "learning_rate": "1e-4",
    }
    return "".join(f"{key}: {value}\n" for key, value in {**rows, **changed}.items())


def test_a_part_that_the_training_keeps(make_tree: MakeTree) -> None:
    assert frozen(make_tree, **{"train/sft.yaml": yaml()}) == [(PART, "frozen", "medium", 2)]


def test_a_folder_of_the_same_name_or_an_earlier_run_is_a_hint(make_tree: MakeTree) -> None:
    assert frozen(make_tree, **{"train/sft.yaml": yaml(output_dir="/mnt/runs/ours")}) == [
        (PART, "frozen", "low", 2)
    ]
    assert frozen(make_tree, **{"train/sft.yaml": yaml(model_name_or_path="./stage1")}) == [
        (PART, "frozen", "low", 2)
    ]


@pytest.mark.parametrize(
    "text",
    [
        yaml(freeze_vision_tower="false"),
        yaml(output_dir="../m/theirs"),
        yaml(output_dir=""),
        yaml(model_name_or_path=""),
        yaml(freeze_vision_tower="[true]"),
        yaml(freeze_vision_tower="true").replace("vision_tower", "trainable_layers"),
        yaml().replace("freeze_vision_tower", "freeze_audio_tower"),
    ],
)
def test_silence(make_tree: MakeTree, text: str) -> None:
    assert frozen(make_tree, **{"train/sft.yaml": text}) == []


def test_a_part_that_another_stage_trains_is_not_kept(make_tree: MakeTree) -> None:
    assert (
        frozen(
            make_tree, **{"train/a.yaml": yaml(), "train/b.yaml": yaml(freeze_vision_tower="false")}
        )
        == []
    )
