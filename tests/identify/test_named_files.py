from __future__ import annotations

import pytest

from aisbom.identify.named_files import claim_named_files
from aisbom.knowledge import load
from aisbom.model import Component, Evidence, Location, Observation


def claims(path: str, kind: str = "weights") -> dict[str, str]:
    seen = Evidence("weights", "binary-analysis", "high", Location(path))
    part = Component(
        "model:x",
        "machine-learning-model",
        "x",
        "",
        "",
        (Observation(kind, "x", "", "", seen),),  # type: ignore[arg-type]
    )
    found = list(claim_named_files(part, load()))
    assert all(e.confidence == "low" for c in found for e in c.evidence)
    return {c.attribute: c.value for c in found}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app/silero_vad.onnx", "pkg:github/snakers4/silero-vad"),
        ("app/silero_vad_16k_op15.onnx", "pkg:github/snakers4/silero-vad"),
        ("w/GFPGANv1.4.pth", "pkg:github/TencentARC/GFPGAN"),
        ("w/flux1-dev-fp8.safetensors", "pkg:huggingface/black-forest-labs/FLUX.1-dev"),
    ],
)
def test_a_name_that_everybody_knows_is_a_hint(path: str, source: str) -> None:
    assert claims(path)["weights-from"] == source


def test_its_maker_is_a_hint_too() -> None:
    found = claims("app/silero_vad.onnx")
    assert found["origin.trained.organisation"] == "Silero"


@pytest.mark.parametrize("path", ["app/vad.onnx", "silero/model.onnx", "app/u2network.onnx"])
def test_other_names_say_nothing(path: str) -> None:
    assert claims(path) == {}


def test_only_weights_have_such_names() -> None:
    assert claims("app/silero_vad.onnx", "reference") == {}
