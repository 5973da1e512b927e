"""Clients in frameworks that have a module per provider."""

from __future__ import annotations

import pytest

from aisbom.collect.references import python_references
from aisbom.collect.references.client_packages import find_provider
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("pipecat.services.deepgram.stt.DeepgramSTTService", "deepgram"),
        ("livekit.plugins.elevenlabs.TTS", "elevenlabs"),
        ("llama_index.llms.mistralai.MistralAI", "mistral"),
        ("semantic_kernel.connectors.ai.open_ai.OpenAIChatCompletion", "openai"),
        # What runs on one's own machine, and what is no module of a provider.
        ("llama_index.llms.ollama.Ollama", ""),
        ("livekit.plugins.silero.VAD", ""),
        ("pipecat.services.LLMService", ""),
        ("norae.services.deepgram.Client", ""),
    ],
)
def test_the_module_says_whom_a_client_asks(name: str, provider: str) -> None:
    assert find_provider(name) == provider


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("from livekit.plugins import deepgram\ndeepgram.STT()", ["deepgram"]),
        ("from agno.models.groq import Groq\nGroq(id='x')", ["groq"]),
        ("from pydantic_ai.models.openai import OpenAIModel\nOpenAIModel('gpt-4o')", ["openai"]),
        # A server of one's own, and a module of which no service is known.
        (
            (
                "from pydantic_ai.models.openai import OpenAIModel\n"
                "OpenAIModel('norae', provider=Provider(base_url=url))"
            ),
            [],
        ),
        ("from agno.models.norae import Norae\nNorae(id='x')", []),
        ("from agno.models.groq import Groq\n", []),
    ],
)
def test_services(make_tree: MakeTree, text: str, told: list[str]) -> None:
    rows = resolve_names(collect(make_tree({"m.py": text}), python_references.COLLECTOR), load())
    services = {r.fact("service") for r in rows if isinstance(r, Observation)}
    assert sorted(services - {""}) == told
