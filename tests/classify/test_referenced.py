"""The class of a model of which only a name is here."""

from __future__ import annotations

import pytest

from aisbom.classify.referenced import class_of
from aisbom.model import Component, Evidence, Location, Observation, facts


def judged(name: str, url: str = "") -> str:
    at = Evidence("t", "other", "medium", Location("README.md", 1), name)
    seen = Observation("reference", name, "", "", at, facts(("part", "weights"), ("url", url)))
    return class_of(
        Component(f"reference:{name}", "machine-learning-model", name, "", "", (seen,))
    )[0]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("norae/CLIP-ViT-H-14", "encoder-weights"),
        ("norae/EVA-CLIP-8B", "encoder-weights"),
        ("norae/ko-cloob-vit-b-16", "encoder-weights"),
        ("resnet50_own_21k.pth", "encoder-weights"),
        ("google-bert/bert-base-uncased", "encoder-weights"),
        ("Finder_LI_CLIP_R50_640b64.pth", "backbone-weights"),
        ("norae/talk-7b", "backbone-weights"),
        ("norae/PhotoMaker-V2", "adapter-weights"),
        ("models_t5_umt5-xxl-enc-bf16.pth", "encoder-weights"),
        ("norae/emotion2vec_plus", "encoder-weights"),
        ("norae/talk-7b-lora", "adapter-weights"),
        ("norae/talk-7b-lora-merged", "backbone-weights"),
    ],
)
def test_what_stands_at_the_head_of_a_name(name: str, kind: str) -> None:
    assert judged(name) == kind


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://hub.example/norae/x/resolve/main/image_encoder/model.bin", "encoder-weights"),
        ("https://hub.example/norae/IP-Adapter/resolve/main/models/model.bin", "adapter-weights"),
        ("https://hub.example/norae/talk/resolve/main/model.bin", "backbone-weights"),
    ],
)
def test_the_folders_of_a_file_behind_a_url(url: str, kind: str) -> None:
    assert judged("model.bin", url) == kind


@pytest.mark.parametrize(
    ("path", "by", "kind"),
    [
        ("own/multimodal_encoder/depth.py", "", "encoder-weights"),
        ("own/encoders.py", "", "encoder-weights"),
        ("own/language/load.py", "", "backbone-weights"),
        # A mention there loads nothing.
        ("own/multimodal_encoder/depth.py", "text", "backbone-weights"),
    ],
)
def test_what_encoders_alone_load_is_one(path: str, by: str, kind: str) -> None:
    at = Evidence("t", "source-code-analysis", "medium", Location(path, 1), "")
    told = facts(("part", "weights"), ("named-by", by))
    seen = Observation("reference", "own/net-1", "", "", at, told)
    part = Component("reference:x", "machine-learning-model", "own/net-1", "", "", (seen,))
    assert class_of(part)[0] == kind


def loaded(*loads: tuple[str, str]) -> str:
    """The class by (loader, folder of the repository)."""
    at = Evidence("t", "other", "medium", Location("a.py", 1), "")
    seen = tuple(
        Observation(
            *("reference", "norae/talk", "", "", at),
            facts(part="weights", loader=loader, subfolder=folder),
        )
        for loader, folder in loads
    )
    kind = "machine-learning-model"
    return class_of(Component("reference:norae/talk", kind, "norae/talk", "", "", seen))[0]


@pytest.mark.parametrize(
    ("loads", "kind"),
    [
        ([("CLIPTextModel.from_pretrained", "")], "encoder-weights"),
        # One folder of it is an encoder: what the whole is, that does not say.
        ([("CLIPTextModel.from_pretrained", "text_encoder")], "backbone-weights"),
        ([("T5EncoderModel.from_pretrained", "")], "encoder-weights"),
        ([("embedding_model_ids", "")], "encoder-weights"),
        ([("INFINITY_EMBEDDING_MODEL", "")], "encoder-weights"),
        ([("--adapter-id", "")], "adapter-weights"),
        ([("controlnet_method", "")], "adapter-weights"),
        ([("embedded_path", "")], "backbone-weights"),
        ([("VQ_HUB", "")], "backbone-weights"),
    ],
)
def test_by_what_loads_it(loads: list[tuple[str, str]], kind: str) -> None:
    assert loaded(*loads) == kind


@pytest.mark.parametrize(
    ("loader", "kind"),
    [
        ("Speech2Text.from_pretrained", "backbone-weights"),
        ("Wav2Vec2ForCTC.from_pretrained", "backbone-weights"),
        ("Wav2Vec2Model.from_pretrained", "encoder-weights"),
    ],
)
def test_a_recogniser_of_speech_is_whole(loader: str, kind: str) -> None:
    at = Evidence("t", "other", "medium", Location("a.py", 1), loader)
    seen = Observation("reference", "norae/x", "", "", at, facts(part="weights", loader=loader))
    part = Component("reference:norae/x", "machine-learning-model", "norae/x", "", "", (seen,))
    assert class_of(part)[0] == kind
