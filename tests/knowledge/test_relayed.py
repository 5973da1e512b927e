"""Names that ask an interface for somebody else's model are no ids of the hub."""

from __future__ import annotations

import pytest

from aisbom.knowledge.references import is_relayed


@pytest.mark.parametrize(
    "name",
    ["openai/llama3.1-70b", "openai/local", "ollama/llama3", "groq/llama3-8b", "replicate/vicuna"],
)
def test_a_model_of_somebody_else_s(name: str) -> None:
    assert is_relayed(name)


@pytest.mark.parametrize(
    "name",
    [
        *("openai/whisper-small", "openai/clip-vit-base-patch32", "openai/gpt-oss-20b"),
        *("Groq/Llama-3-Groq-8B-Tool-Use", "meta-llama/Llama-3.1-8B", "lab/ollama-7b"),
    ],
)
def test_an_id_of_the_hub(name: str) -> None:
    assert not is_relayed(name)
