from __future__ import annotations

import pytest

from aisbom.collect.models import header_facts
from aisbom.weights.read.stored import StoredCheckpoint


def stored(form: str, **said: str) -> StoredCheckpoint:
    pairs = [(key.replace("__", "."), value) for key, value in said.items()]
    return StoredCheckpoint(form, [], pairs, [], ())


def told(form: str, **said: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in header_facts.read_header_facts(stored(form, **said)):
        if value:
            found.setdefault(key, []).append(str(value))
    return found


@pytest.mark.parametrize(
    ("written", "licence"),
    [
        ("apache-2.0", "apache-2.0"),
        ("AGPL-3.0 License (https://ultralytics.com/license)", "AGPL-3.0"),
        ("Apache 2.0", "Apache 2.0"),
        ("for research only, ask us", "for research only, ask us"),
    ],
)
def test_the_licence_of_an_onnx_file(written: str, licence: str) -> None:
    found = told("onnx", license=written, producer_name="pytorch", producer_version="2.1")
    assert (found["license"], found["header-licence"]) == ([licence], [written])
    assert found["producer"] == ["pytorch 2.1"]


def test_what_a_user_wrote_into_an_onnx_file() -> None:
    found = told("onnx", model_name="Rec", author="Acme", base_model="acme/rec", language="en")
    assert (found["header-name"], found["header-organisation"]) == (["Rec"], ["Acme"])
    assert found["base-model"] == ["acme/rec"]


def test_the_model_spec_of_a_safetensors_file() -> None:
    found = told(
        "safetensors",
        format="pt",
        modelspec__title="Inks",
        modelspec__license="CreativeML Open RAIL++-M",
        modelspec__architecture="stable-diffusion-xl-v1-base/lora",
        ss_network_module="networks.lora",
        ss_sd_model_name="/home/u/models/sd_xl_base_1.0.safetensors",
    )
    assert found == {
        "framework": ["pt"],
        "adapter": ["lora"],
        "license": ["CreativeML Open RAIL++-M"],
        "header-licence": ["CreativeML Open RAIL++-M"],
        "header-name": ["Inks"],
    }


def test_a_gguf_header() -> None:
    found = told(
        "gguf",
        general__architecture="llama",
        general__type="adapter",
        adapter__type="lora",
        general__license="other",
        general__base_model__0__name="Tiny",
        general__base_model__0__organization="Acme",
        general__base_model__0__repo_url="https://huggingface.co/acme/tiny",
    )
    assert (found["base-model"], found["header-base"]) == (["acme/tiny"], ["Acme Tiny"])
    assert (found["adapter"], found["license"]) == (["lora"], ["other"])


def test_data_sets_of_headers() -> None:
    gguf = stored("gguf", general__dataset__0__repo_url="https://huggingface.co/datasets/acme/talk")
    onnx = stored("onnx", datasets="['acme/a', 'acme/b', 'acme/a', 'coco.yaml']")
    assert list(header_facts.datasets(gguf)) == ["acme/talk"]
    assert list(header_facts.datasets(onnx)) == ["acme/a", "acme/b"]


def test_other_formats_state_nothing() -> None:
    assert told("pytorch", license="mit") == {}
