"""Designs that code takes from a library's networks: inherited or built, with the family and its
designer; what belongs to nobody in particular is silent.
"""

from __future__ import annotations

import json

import pytest

from aisbom.collect.references.network_classes import COLLECTOR
from aisbom.identify.network_classes import family_of
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect
from tests.program import properties, run

CODE = """\
import transformers
import transformers.models.whisper.modeling_whisper as whisper
from transformers import (
    AutoModel,
    LlamaForCausalLM as Words,
    MistralModel,
    PreTrainedModel,
    WhisperProcessor,
)
from .own import OwnEncoder


class Ears(whisper.WhisperEncoder):
    pass


class Mine(PreTrainedModel, OwnEncoder):
    def __init__(self, config):
        self.words = Words(config)
        self.more = transformers.MistralModel(config)
        self.any = AutoModel.from_config(config)
        self.prepare = WhisperProcessor(config)
"""


def test_what_is_inherited_and_what_is_built(make_tree: MakeTree) -> None:
    rows = list(collect(make_tree({"a.py": CODE}), COLLECTOR))
    assert sorted(
        (
            (o.fact("network-class"), o.fact("network-use"), o.evidence.at.line)
            for o in rows
            if isinstance(o, Observation)
        ),
        key=lambda row: row[2],
    ) == [
        ("WhisperEncoder", "inherits", 13),
        ("LlamaForCausalLM", "builds", 19),
        ("MistralModel", "builds", 20),
    ]


@pytest.mark.parametrize(
    ("name", "module", "family"),
    [
        ("WhisperEncoder", "transformers", "whisper"),
        ("Qwen2AudioEncoder", "transformers", "qwen2_audio_encoder"),
        ("TFBertModel", "transformers", "bert"),
        ("CLIPVisionModel", "transformers", "clip_vision_model"),
        ("WhisperAttention", "transformers.models.whisper.modeling_whisper", "whisper"),
        ("Llamative", "transformers", ""),
        ("SomeModel", "transformers", ""),
    ],
)
def test_the_family_of_a_class(name: str, module: str, family: str) -> None:
    assert family_of(name, module, load()) == family


def test_a_code_tree_names_the_architecture(make_tree: MakeTree) -> None:
    root = make_tree({"pkg/net.py": CODE, "pkg/more.py": CODE})
    document = json.loads(run("generate", root, "-q", "-o", "-").stdout)
    found = [
        value
        for row in document["components"]
        for value in properties(row, "aisbom:architecture-from")
    ]
    assert found == ["llama", "mistral", "whisper"]


@pytest.mark.parametrize(
    "text", ["import transformers\nclass (", "transformers\0", "class A: pass"]
)
def test_bad_input(make_tree: MakeTree, text: str) -> None:
    assert not [
        r for r in collect(make_tree({"a.py": text}), COLLECTOR) if isinstance(r, Observation)
    ]
