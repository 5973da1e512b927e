"""Models behind the name of whom a router asks for them."""

from __future__ import annotations

import pytest

from aisbom.collect.references import python_references, settings
from aisbom.collect.references.routed_names import split_routed_name
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

LLAMA = "meta-llama/Llama-3-70b-chat-hf"


@pytest.mark.parametrize(
    ("text", "provider", "model"),
    [
        (f"together_ai/{LLAMA}", "together_ai", LLAMA),
        ("openrouter/qwen/qwen-2.5-72b-instruct:free", "openrouter", "qwen/qwen-2.5-72b-instruct"),
        ("openrouter/anthropic/claude-3.5-sonnet", "openrouter", ""),
        ("fireworks_ai/accounts/fireworks/models/norae-8b", "fireworks_ai", ""),
        (f"hosted_vllm/{LLAMA}", "", LLAMA),
        (f"openai/{LLAMA}", "", LLAMA),
    ],
)
def test_names_of_three_parts(text: str, provider: str, model: str) -> None:
    assert split_routed_name(text) == (provider, model)


@pytest.mark.parametrize(
    "text",
    [
        LLAMA,
        "groq/norae-8b",
        "checkpoints/norae/last",
        "https://together_ai/a/b",
        "data/together_ai/a/b",
    ],
)
def test_other_texts(text: str) -> None:
    assert split_routed_name(text) is None


def told(make_tree: MakeTree, name: str, text: str) -> set[tuple[str, str, str]]:
    rows = collect(make_tree({name: text}), python_references.COLLECTOR, settings.COLLECTOR)
    return {
        (row.kind, row.fact("service") or row.name, row.purl)
        for row in resolve_names(rows, load())
        if isinstance(row, Observation)
    }


def test_the_provider_is_a_service_and_the_rest_a_model_with_its_owner(
    make_tree: MakeTree,
) -> None:
    call = f'import litellm\nlitellm.completion(model="together_ai/{LLAMA}")\n'
    both = {("service", "together", ""), ("reference", LLAMA, "")}
    assert told(make_tree, "a.py", call) == both
    assert told(make_tree, "c.yaml", f"llm:\n  model: together_ai/{LLAMA}\n") == both


def test_what_a_server_of_ones_own_is_asked_for_is_an_id_of_the_hub(make_tree: MakeTree) -> None:
    found = told(make_tree, "c.yaml", f"llm:\n  model: hosted_vllm/{LLAMA}\n")
    assert found == {("reference", LLAMA, f"pkg:huggingface/{LLAMA}")}


@pytest.mark.parametrize(
    ("name", "text", "service"),
    [
        ("c.yaml", "llm:\n  model: openrouter/anthropic/claude-3.5-sonnet\n", "openrouter"),
        ("a.py", "import litellm\nlitellm.completion(model='groq/llama-3.1-8b-instant')", "groq"),
    ],
)
def test_what_is_only_served_is_no_model(
    make_tree: MakeTree, name: str, text: str, service: str
) -> None:
    assert told(make_tree, name, text) == {("service", service, "")}
