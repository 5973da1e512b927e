from __future__ import annotations

import json

from aisbom.collect.models.unsafe_settings import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.model.facts import HAZARD
from tests.conftest import MakeTree, collect


def found(root: object) -> list[tuple[str, str, int]]:
    rows = collect(root, COLLECTOR)  # type: ignore[arg-type]
    return [
        (hazard.through, hazard.what, hazard.line)
        for row in rows
        if isinstance(row, Observation)
        for hazard in row.get(HAZARD)
    ]


def test_classes_beside_the_settings(make_tree: MakeTree) -> None:
    config = {"auto_map": {"AutoModel": "modeling_x.X", "AutoTokenizer": ["a/b--tok.T", None]}}
    assert found(make_tree({"m/config.json": json.dumps(config, indent=1)})) == [
        ("remote-code", "asks for a/b--tok.T", 5),
        ("remote-code", "asks for modeling_x.X", 3),
    ]


def test_parts_of_a_pipeline(make_tree: MakeTree) -> None:
    index = {
        "_class_name": ["pipeline", "Mine"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "encoder": ["my_encoder", "Encoder"],
        "absent": [None, None],
    }
    assert [what for _, what, _ in found(make_tree({"model_index.json": json.dumps(index)}))] == [
        "asks for my_encoder.Encoder",
        "asks for pipeline.Mine",
    ]


def test_templates_in_every_place(make_tree: MakeTree) -> None:
    bad = "{{ x.__class__ }}"
    files = {
        "a/tokenizer_config.json": json.dumps({"chat_template": bad}),
        "b/tokenizer_config.json": json.dumps({"chat_template": [{"name": "t", "template": bad}]}),
        "c/chat_template.json": json.dumps({"chat_template": bad}),
        "d/chat_template.jinja": f"\n{bad}",
    }
    root = make_tree(files)
    assert {row[:2] for row in found(root)} >= {("template", "reaches __class__")}
    places = {str(row.at) for row in collect(root, COLLECTOR) if isinstance(row, Gap)}
    assert {place.partition("/")[0] for place in places} == {"a", "b", "c", "d"}
    assert "d/chat_template.jinja:2" in places


def test_harmless_settings_say_nothing(make_tree: MakeTree) -> None:
    files = {
        "config.json": '{"model_type": "llama", "auto_map": {}}',
        "tokenizer_config.json": '{"chat_template": "{{ messages[0].content }}"}',
        "m/config.json": "[1]",
        "n/config.json": "not JSON auto_map",
    }
    assert collect(make_tree(files), COLLECTOR) == ()
