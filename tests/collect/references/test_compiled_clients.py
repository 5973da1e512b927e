"""Which services Go, Java, C# and Rust reach, and which models they ask for."""

from __future__ import annotations

import pytest

from aisbom.collect.references import compiled_clients
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

GO = 'package main\n\nimport (\n\t"fmt"\n\t%s\n)\n'


def rows(make_tree: MakeTree, name: str, text: str) -> list[Observation]:
    found = resolve_names(collect(make_tree({name: text}), compiled_clients.COLLECTOR), load())
    return [row for row in found if isinstance(row, Observation)]


def services(make_tree: MakeTree, name: str, text: str) -> list[str]:
    told = rows(make_tree, name, text)
    return sorted({row.fact("service") for row in told if row.kind == "service"})


def models(make_tree: MakeTree, name: str, text: str) -> list[str]:
    return sorted({r.name for r in rows(make_tree, name, text) if r.kind == "reference"})


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("m.go", GO % '"github.com/anthropics/anthropic-sdk-go"', ["anthropic"]),
        ("m.go", GO % 'openai "github.com/sashabaranov/go-openai"', ["openai"]),
        ("m.go", GO % '"github.com/tmc/langchaingo/llms/googleai/vertex"', ["google-vertex"]),
        ("m.go", GO % '"github.com/cohere-ai/cohere-go/v2/client"', ["cohere"]),
        ("m.go", 'k := os.Getenv("DEEPL_API_KEY")', ["deepl"]),
        ("m.go", 'const tokenVar = "MISTRAL_API_KEY" //nolint', ["mistral"]),
        ("m.go", 'const base = "https://api.voyageai.com/v1"', ["voyage"]),
        (
            "m.go",
            'u := fmt.Sprintf("https://%s-aiplatform.googleapis.com/v1/%s", region, name)',
            ["google-vertex"],
        ),
        (
            "m.go",
            GO % '"github.com/sashabaranov/go-openai"' + 'c.BaseURL = "https://api.deepseek.com"',
            ["deepseek"],
        ),
        ("A.java", "import com.anthropic.client.AnthropicClient;", ["anthropic"]),
        ("A.java", "import dev.langchain4j.model.openai.OpenAiChatModel;", ["openai"]),
        ("A.java", '@Value("${TAVILY_API_KEY:none}")', ["tavily"]),
        ("A.kt", "import com.google.genai.Client", ["google-gemini"]),
        ("A.cs", "using Azure.AI.OpenAI;", ["azure-openai"]),
        ("m.rs", "use async_openai::{types::X, Client};", ["openai"]),
        ("m.rs", "let c = rig::providers::xai::Client::new(k);", ["xai"]),
        (
            "A.java",
            'import dev.langchain4j.model.openai.X;\nX.builder().baseUrl("http://localhost:8080")',
            ["self-hosted"],
        ),
    ],
)
def test_services(make_tree: MakeTree, name: str, text: str, told: list[str]) -> None:
    assert services(make_tree, name, text) == told


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.go", '// "github.com/anthropics/anthropic-sdk-go"'),
        ("m.go", GO % '"github.com/norae/anthropic-sdk-go"'),
        ("m.go", 'name := "DATABASE_KEY"'),
        ("m.go", 'u := fmt.Sprintf("https://%s.openai.azure.example/v1/%s", name, path)'),
        ("m.go", '// see https://api.voyageai.com/v1\nx := "https://docs.voyageai.com/docs"'),
        # Its base URL is somebody else's, whoever that is.
        ("A.java", "import dev.langchain4j.model.openai.X;\nX.builder().baseUrl(url)"),
        (
            "A.java",
            'import dev.langchain4j.model.openai.X;\nX.baseUrl(url)\nk = getenv("OPENAI_API_KEY")',
        ),
        ("A.java", "import dev.langchain4j.model.chat.ChatModel;"),
        ("A.java", "import org.anthropic.Museum;"),
        ("A.cs", "using OpenAIX.Things;"),
        ("m.rs", "use my::async_openai::Client;"),
    ],
)
def test_no_service(make_tree: MakeTree, name: str, text: str) -> None:
    assert services(make_tree, name, text) == []


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("A.java", 'b.modelName("norae/Jay-3.2-1B")', "norae/Jay-3.2-1B"),
        ("m.go", 'x.WithModel("norae/jay-small-v1.5")', "norae/jay-small-v1.5"),
    ],
)
def test_what_a_library_is_asked_for_is_a_model(
    make_tree: MakeTree, name: str, text: str, told: str
) -> None:
    assert models(make_tree, name, text) == [told]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # A service is asked for it.
        ("A.java", 'import dev.langchain4j.model.watsonx.W;\nW.modelName("norae/jay-8b")'),
        ("m.go", 'x.WithBaseURL("https://integrate.api.nvidia.com/v1").WithModel("norae/jay-8b")'),
        ("m.go", '// x.WithModel("norae/jay-8b")'),
        ("m.go", 'x.WithModel("jay:8b")'),
        ("A.java", 'b.path("norae/jay-8b")'),
    ],
)
def test_no_model(make_tree: MakeTree, name: str, text: str) -> None:
    assert models(make_tree, name, text) == []


def test_output_of_a_generator_is_not_read(make_tree: MakeTree) -> None:
    line = "x" * 3_000
    assert services(make_tree, "m.go", f'{line}\nos.Getenv("DEEPL_API_KEY")') == []
    assert services(make_tree, "m.go", 'os.Getenv("DEEPL_API_KEY")\n' + "x\n" * 300_000) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('const defaultModel = "llama2" // of ollama\n', ["llama2"]),
        ('// ollama\nc.WithModel("qwen2.5:7b")', ["qwen2.5"]),
        # No word of Ollama, a client of a provider, a name that no table knows.
        ('const defaultModel = "llama2"', []),
        (GO % '"github.com/anthropics/anthropic-sdk-go"' + 'm := "ollama"\nModel("llama2")', []),
        ('// ollama\nc.WithModel("own-thing")', []),
    ],
)
def test_what_ollama_is_asked_for(make_tree: MakeTree, text: str, told: list[str]) -> None:
    assert models(make_tree, "m.go", text) == told
