"""Which services TypeScript and JavaScript reach."""

from __future__ import annotations

import pytest

from aisbom.collect.references import javascript
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


def services(make_tree: MakeTree, text: str, name: str = "src/m.ts") -> list[str]:
    rows = resolve_names(collect(make_tree({name: text}), javascript.COLLECTOR), load())
    return sorted(
        {r.fact("service") for r in rows if isinstance(r, Observation) and r.kind == "service"}
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('import Anthropic from "@anthropic-ai/sdk"', ["anthropic"]),
        ("import { anthropic } from '@ai-sdk/anthropic';", ["anthropic"]),
        ("import {\n  GoogleGenAI,\n  type Part,\n} from '@google/genai'", ["google-gemini"]),
        ('const Groq = require("groq-sdk")', ["groq"]),
        ('import { ChatOpenAI } from "@langchain/openai"', ["openai"]),
        ('import OpenAI from "openai"\nnew OpenAI({ apiKey: k })', ["openai"]),
        (
            'import OpenAI from "openai"\nnew OpenAI({ baseURL: "https://api.deepseek.com" })',
            ["deepseek"],
        ),
        ("const k = process.env.DEEPL_API_KEY", ["deepl"]),
        ('const k = process.env["DEEPL_API_KEY"]', ["deepl"]),
        ("const k = import.meta.env.DEEPL_AUTH_KEY", ["deepl"]),
        ("  UPSTAGE_API_KEY: z.string().optional(),", ["upstage"]),
        ("fetch(`https://api.upstage.ai/v1/x?y=${z}`)", ["upstage"]),
        ('gateway.languageModel("google/gemini-2.5-flash-lite")', ["google-gemini"]),
        ('id: "anthropic/claude-haiku-4.5",', ["anthropic"]),
        ('import { gateway } from "@ai-sdk/gateway"', ["vercel-ai-gateway"]),
        ('new OpenAI({ baseURL: "http://localhost:11434/v1" })', ["self-hosted"]),
    ],
)
def test_providers(make_tree: MakeTree, text: str, told: list[str]) -> None:
    assert services(make_tree, text) == told


@pytest.mark.parametrize(
    "text",
    [
        'import type Anthropic from "@anthropic-ai/sdk"',
        '// import Anthropic from "@anthropic-ai/sdk"',
        'import { anthropic } from "./anthropic"',
        'import OpenAI from "openai"\nnew OpenAI({ baseURL: process.env.BASE, apiKey: k })',
        "new OpenAI({ baseURL: url, apiKey: process.env.OPENAI_API_KEY })",
        'const label = "gpt-4o"',
        'const page = "https://nobody.example/openai"',
        'import { useChat } from "@ai-sdk/react"',
        "const k = process.env.DATABASE_KEY",
        'new OpenAI({ baseURL: "https://api.test.com/v1" })',
        'const bundled = "' + "x" * 3000 + '"; import a from "@anthropic-ai/sdk"',
    ],
)
def test_silence(make_tree: MakeTree, text: str) -> None:
    assert services(make_tree, text) == []


def test_a_served_model_alone_counts_where_its_service_is_reached(make_tree: MakeTree) -> None:
    text = 'import OpenAI from "openai"\nconst model = "gpt-4o"\n'
    rows = list(resolve_names(collect(make_tree({"m.tsx": text}), javascript.COLLECTOR), load()))
    assert sorted(r.evidence.at.line for r in rows if isinstance(r, Observation)) == [1, 2]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('await pipeline("feature-extraction", "own/norae-l6")', ["own/norae-l6"]),
        ("AutoModel.from_pretrained('own/norae-l6')", ["own/norae-l6"]),
        ('pipeline("feature-extraction", name)', []),
        ('// pipeline("feature-extraction", "own/norae-l6")', []),
        ('import x from "own/norae-l6"', []),
    ],
)
def test_what_transformers_js_loads(make_tree: MakeTree, text: str, names: list[str]) -> None:
    found = collect(make_tree({"m.ts": text}), javascript.COLLECTOR)
    assert [r.name for r in found if isinstance(r, Observation)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("const c = {tokenizer: 'own/norae'};", ["own/norae"]),
        ("links: ['https://huggingface.co/own/norae-2'],", ["own/norae-2"]),
        ("// tokenizer: 'own/norae'\nconst a = 1;", []),
        ("const c = {path: 'own/norae'};", []),
    ],
)
def test_models_that_code_names_by_tokenizer_or_page(
    make_tree: MakeTree, text: str, names: list[str]
) -> None:
    rows = collect(make_tree({"src/m.js": text}), javascript.COLLECTOR)
    assert [r.name for r in rows if isinstance(r, Observation) and r.kind == "reference"] == names
