from __future__ import annotations

import json

from aisbom.collect import collectors
from aisbom.merge import merge
from aisbom.model import Component, Scan
from tests.conftest import MakeTree, collect
from tests.identify.test_contradictions import DECODER, weights
from tests.program import every_component, properties, run

OMNI = weights(
    model__visual__norm=(8,),
    model__visual__w=(8, 8),
    model__language_model__w=(4, 4),
    model__projector__w=(4, 8),
)
CONFIG = {
    "model_type": "omni",
    "vision_config": {"model_type": "eyes", "hidden_size": 8},
    "audio_config": {"model_type": "ears", "hidden_size": 8},
    "text_config": {"model_type": "words", "hidden_size": 4},
}


def merged(make_tree: MakeTree, files: dict[str, str | bytes]) -> Scan:
    return merge(collect(make_tree(files), *collectors()), "x")


def models(scan: Scan) -> dict[str, Component]:
    return {c.ref: c for c in scan.components if c.kind == "machine-learning-model"}


def holders(scan: Scan) -> dict[str, str]:
    return {
        r.target: r.source
        for r in scan.relations
        if r.kind == "contains" and r.target.startswith("model:")
    }


def test_parts_of_one_file_are_joined_with_what_the_configuration_says(make_tree: MakeTree) -> None:
    scan = merged(make_tree, {"m/config.json": json.dumps(CONFIG), "m/model.safetensors": OMNI})
    found = models(scan)
    assert set(found) == {
        "model:m",
        *(
            f"model:m#{part}"
            for part in ("vision-encoder", "audio-encoder", "language-model", "projector")
        ),
    }
    eyes = found["model:m#vision-encoder"]
    assert (eyes.fact("model-type"), sum(int(o.fact("parameters")) for o in eyes.weights)) == (
        "eyes",
        72,
    )
    assert found["model:m#audio-encoder"].weights == ()
    assert {ref: holder for ref, holder in holders(scan).items() if "#" in ref} == {
        ref: "model:m" for ref in found if "#" in ref
    }


def test_a_folder_of_its_own_takes_what_the_configuration_says(make_tree: MakeTree) -> None:
    scan = merged(
        make_tree,
        {"m/config.json": json.dumps(CONFIG), "m/vision_encoder/model.safetensors": DECODER},
    )
    found = models(scan)
    assert "model:m#vision-encoder" not in found
    assert found["model:m/vision_encoder"].fact("model-type") == "eyes"
    assert holders(scan)["model:m/vision_encoder"] == "model:m"


def test_shards_of_a_part_add_up_and_a_second_format_does_not(make_tree: MakeTree) -> None:
    other = weights(model__visual__v=(8, 8), model__language_model__v=(4, 4))
    files: dict[str, str | bytes] = {
        "m/config.json": json.dumps(CONFIG),
        "m/model-00001-of-00002.safetensors": OMNI,
        "m/model-00002-of-00002.safetensors": other,
    }
    eyes = models(merged(make_tree, files))["model:m#vision-encoder"]
    assert sum(int(o.fact("parameters")) for o in eyes.weights) == 72 + 64


def test_models_beside_each_other_stay_apart(make_tree: MakeTree) -> None:
    card = "---\npipeline_tag: text-generation\n---\n"
    config = json.dumps({"model_type": "a"})
    scan = merged(
        make_tree,
        {"README.md": card, "models/one/config.json": config, "models/two/config.json": config},
    )
    assert holders(scan) == {}
    assert {c.name for c in models(scan).values()} == {"x", "one", "two"}


def test_checkpoints_and_adapters_of_a_run_are_inside_it(make_tree: MakeTree) -> None:
    config = json.dumps({"model_type": "a"})
    files = {
        "run/config.json": config,
        "run/checkpoint-500/config.json": config,
        "run/adapter/adapter_config.json": '{"peft_type": "LORA"}',
    }
    assert holders(merged(make_tree, dict(files))) == {
        "model:run/checkpoint-500": "model:run",
        "model:run/adapter": "model:run",
    }


def test_a_folder_that_says_nothing_gives_way_to_the_title_of_the_card(make_tree: MakeTree) -> None:
    card = "---\npipeline_tag: x\n---\n# Fine-Model-v2\n"
    found = models(merged(make_tree, {"p/model/README.md": card, "p/good-name/README.md": card}))
    assert {ref: c.name for ref, c in found.items()} == {
        "model:p/model": "Fine-Model-v2",
        "model:p/good-name": "good-name",
    }


def test_a_log_beside_a_model_is_its_own_and_any_other_is_nobodys(make_tree: MakeTree) -> None:
    log = '{"step": 1, "loss": 3}\n{"step": 2, "loss": 2}\n'
    scan = merged(
        make_tree,
        {"m/config.json": '{"model_type": "a"}', "m/logs/run.jsonl": log, "data/run.jsonl": log},
    )
    held = [
        o.evidence.at.path
        for c in scan.components
        for o in c.observations
        if o.kind == "training-log"
    ]
    assert held == ["m/logs/run.jsonl"]


EYES = "architectures: [SomeVisionModel]\nmodel_type: eyes\nhidden_size: 8\nout_hidden_size: {}\n"


def test_settings_that_describe_networks_are_one_component_each(make_tree: MakeTree) -> None:
    scan = merged(
        make_tree,
        {"e/configs/a.yaml": EYES.format(6), "e/configs/b.yaml": EYES.format(7)},
    )
    found = models(scan)
    assert {ref: c.name for ref, c in found.items()} == {
        "model:e/configs/a.yaml": "vision encoder, eyes architecture",
        "model:e/configs/b.yaml": "vision encoder, eyes architecture",
    }


def test_a_processor_alone_is_no_model(make_tree: MakeTree) -> None:
    processor = json.dumps({"image_processor_type": "SomeImageProcessor"})
    assert models(merged(make_tree, {"configs/preprocessor_config.json": processor})) == {}
    beside = merged(
        make_tree,
        {"configs/preprocessor_config.json": processor, "configs/a.yaml": EYES.format(6)},
    )
    (only,) = models(beside).values()
    assert {o.evidence.at.path for o in only.observations} == {
        "configs/preprocessor_config.json",
        "configs/a.yaml",
    }
    folder = merged(
        make_tree,
        {"m/preprocessor_config.json": processor, "m/config.json": json.dumps(CONFIG)},
    )
    assert "model:m" in models(folder)


def test_a_network_inside_another_is_held_by_it(make_tree: MakeTree) -> None:
    text = EYES.format(6) + "projector_config: {model_type: bridge, hidden_size: 2}\n"
    scan = merged(make_tree, {"e/a.yaml": text})
    assert holders(scan)["model:e/a.yaml#projector_config"] == "model:e/a.yaml"


def test_a_network_of_a_class_of_the_tree_has_the_design_that_it_inherits(
    make_tree: MakeTree,
) -> None:
    files = {
        "net/ears.py": (
            "from transformers.models.whisper.modeling_whisper import WhisperEncoder\n\n\n"
            "class Ears(WhisperEncoder):\n    pass\n"
        ),
        "conf/ears.yaml": (
            "audio_encoder:\n  _target_: net.ears.Ears\n  d_model: 1280\n  freeze: true\n"
            "  pretrained: openai/whisper-large-v3\n"
        ),
        "conf/other.yaml": "audio_encoder:\n  _target_: net.eyes.Other\n  d_model: 8\n",
    }
    document = json.loads(run("generate", make_tree(files), "-q", "-o", "-").stdout)
    parts = {c["bom-ref"]: c for c in every_component(document)}
    ears = parts["model:conf/ears.yaml#audio_encoder"]
    assert properties(ears, "aisbom:architecture-from") == ["whisper"]
    assert properties(ears, "aisbom:initialisation") == ["frozen"]
    assert properties(ears, "aisbom:weights-from") == ["openai/whisper-large-v3"]
    other = parts["model:conf/other.yaml#audio_encoder"]
    assert not properties(other, "aisbom:architecture-from")
    assert properties(other, "aisbom:initialisation") == ["unknown"]
