from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.models.model_config import COLLECTOR
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

OMNI = {
    "model_type": "omni",
    "mm_vision_tower": "owner/tower",
    "audio_encoder_path": "runs/old-ears",
    "freeze_vision_tower": True,
    "freeze_text_encoder": False,
    "thinker_config": {
        "model_type": "omni_thinker",
        "audio_config": {"model_type": "ears", "d_model": 32, "out_hidden_size": 64},
        "vision_config": {"model_type": "eyes", "hidden_size": 16, "_name_or_path": "owner/eyes"},
        "text_config": {"hidden_size": 64},
    },
    "talker_config": {"architectures": ["Talker"], "text_config": {"hidden_size": 8}},
    "quantization_config": {"model_type": "q"},
    "vision_config": {"note": "no network"},
}


def parts(make_tree: MakeTree, config: Any) -> list[Observation]:
    rows = collect(make_tree({"m/config.json": json.dumps(config, indent=1)}), COLLECTOR)
    return [row for row in rows if isinstance(row, Observation) and row.kind == "submodel"]


def test_nested_configurations_at_any_depth_with_their_lines(make_tree: MakeTree) -> None:
    found = {str(row.evidence.at): row for row in parts(make_tree, OMNI)}
    names = {row.evidence.at.member: row.name for row in found.values()}
    assert names == {
        "/mm_vision_tower": "vision-encoder",
        "/audio_encoder_path": "audio-encoder",
        "/freeze_vision_tower": "vision-encoder",
        "/thinker_config": "language-model",
        "/thinker_config/audio_config": "thinker.audio-encoder",
        "/thinker_config/vision_config": "thinker.vision-encoder",
        "/thinker_config/text_config": "thinker.language-model",
        "/talker_config": "speech-decoder",
        "/talker_config/text_config": "talker.language-model",
    }
    ears = found["m/config.json:9#/thinker_config/audio_config"]
    assert (ears.fact("model-type"), ears.fact("hidden-size"), ears.fact("out-width")) == (
        "ears",
        "32",
        "64",
    )
    tower = found["m/config.json:3#/mm_vision_tower"]
    assert (tower.fact("source"), tower.evidence.excerpt) == (
        "owner/tower",
        '"mm_vision_tower": "owner/tower",',
    )
    assert found["m/config.json:4#/audio_encoder_path"].fact("source-name") == "old-ears"
    assert found["m/config.json:4#/audio_encoder_path"].fact("source") == ""


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "x"},
        {"model_type": "x", "vision_config": None, "text_config": [], "audio_config": 3},
        {"model_type": "x", "vision_config": {"a": 1}},
        {"model_type": "x", "mm_vision_tower": ["a/b"], "freeze_vision_tower": "yes"},
        {"model_type": "x", "generation_config": {"model_type": "y"}},
    ],
)
def test_silence(make_tree: MakeTree, config: Any) -> None:
    assert parts(make_tree, config) == []


def test_a_thousand_parts_are_bounded(make_tree: MakeTree) -> None:
    config: dict[str, Any] = {"model_type": "x"}
    for _ in range(300):
        config = {"model_type": "x", "vision_config": config, "text_config": {"model_type": "t"}}
    assert len(parts(make_tree, config)) <= 40


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["vision_config", "text_config", "model_type", "encoder", "vae"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_json_is_too_odd(value: Any) -> None:
    from aisbom.collect.models.model_parts import _find_nested_tables

    if isinstance(value, dict):
        for path, holder, found in _find_nested_tables(value, (), 0):
            assert holder[path[-1]] is found
