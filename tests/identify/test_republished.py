"""Whose weights a namespace republishes that only converts, mirrors or quantises."""

from __future__ import annotations

import pytest

from aisbom.identify.model_origin import claim_trainer
from aisbom.identify.republished import find_original
from aisbom.knowledge import load
from aisbom.model.ledger import resolve
from tests.identify.test_origin import component

K = load()


@pytest.mark.parametrize(
    ("name", "organisation"),
    [
        ("Llama-2-7B-Chat-GGUF", "meta"),
        ("Meta-Llama-3-8B-Instruct-FP8-KV", "meta"),
        ("Qwen2-VL-2B-Instruct-4bit", "alibaba"),
        ("whisper-large-v3-mlx", "openai"),
        ("Mixtral-8x7B-Instruct-v0.1-GPTQ", "mistral"),
        # Somebody's who trained on, a part beside it, and what several or none have published.
        ("OpenHermes-2.5-Mistral-7B-AWQ", ""),
        ("Llama-2-Ko-7B-GGUF", ""),
        ("distil-whisper-large-v3", ""),
        ("Qwen3-8B-speculator.eagle3", ""),
        ("norae-7b-GGUF", ""),
    ],
)
def test_a_copy_is_named_after_its_original(name: str, organisation: str) -> None:
    found = find_original(name, K)
    assert (found[1].id if found else "") == organisation


@pytest.mark.parametrize(
    ("identity", "origin"),
    [
        ("mlx-community/Qwen2-VL-2B-Instruct-4bit", "CN"),
        ("DeepFloyd/t5-v1_1-xxl", "US"),
        ("mlc-ai/Qwen3-0.6B-q0f16-MLC", "CN"),
        ("Systran/faster-whisper-medium", "US"),
        ("Systran/faster-whisper-tiny.en", "US"),
        ("Systran/faster-distil-whisper-medium.en", "unknown"),
        # A maker's own namespace: another's release in another format, and what it has trained.
        ("furiosa-ai/Qwen3-0.6B-FP8", "CN"),
        ("LGAI-EXAONE/EXAONE-3.5-7.8B-Instruct-AWQ", "KR"),
        # The very name of a release, and a name that two labs may give to what each has trained.
        ("Efficient-Large-Model/Qwen2-VL-7B-Instruct", "CN"),
        ("nvidia/Qwen2-VL-7B-Instruct-tuned", "US"),
        ("klue/roberta-base", "KR"),
        # A kind of model that the publisher of the name has, and one that it has not.
        ("upstage/Qwen2.5-Omni-7B", "CN"),
        ("upstage/Llama-3.2-11B-Vision-Instruct", "US"),
        ("upstage/Llama-3.1-8B-Omni", "KR"),
        # Weights made for tests, and an owner that may have trained on.
        ("hf-internal-testing/Llama-2-7B", "unknown"),
        ("somebody-unknown/Llama-2-7B-GGUF", "unknown"),
    ],
)
def test_only_a_republisher_is_believed(identity: str, origin: str) -> None:
    purl = f"pkg:huggingface/{identity}"
    part = component(("model-id", identity), kind="reference", name=identity, purl=purl)
    rows = [claim for claim in claim_trainer(part, K) if claim.attribute == "origin.trained"]
    found = resolve(rows)
    assert (found.value if found.state == "agreed" else "unknown") == origin
