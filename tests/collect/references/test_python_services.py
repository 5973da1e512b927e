"""Which provider a client names, and where it names none."""

from __future__ import annotations

import pytest

from aisbom.collect.references import python_references, scripts
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


def services(make_tree: MakeTree, text: str) -> list[str]:
    rows = resolve_names(collect(make_tree({"m.py": text}), python_references.COLLECTOR), load())
    return sorted(
        {r.fact("service") for r in rows if isinstance(r, Observation) and r.kind == "service"}
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import litellm\nlitellm.completion(model='azure/gpt-4o')", ["azure-openai"]),
        ("import litellm\nlitellm.completion(model='anthropic/claude-x')", ["anthropic"]),
        (
            (
                "import litellm\nlitellm.completion('deepseek/deepseek-chat')\n"
                "litellm.embedding(model='mistral/mistral-embed')"
            ),
            ["deepseek", "mistral"],
        ),
        (
            (
                "from langchain.chat_models import init_chat_model\n"
                "init_chat_model('openai:gpt-4o')\ninit_chat_model('claude', model_provider='anthropic')"
            ),
            ["anthropic", "openai"],
        ),
        ("from pydantic_ai import Agent\nAgent('groq:llama-3.3-70b')", ["groq"]),
        ("import dspy\ndspy.LM('openai/gpt-4o-mini')", ["openai"]),
        (
            "import litellm\nlitellm.completion(model='openai/own', api_base='http://h:8000/v1')",
            ["self-hosted"],
        ),
        ("import openai\nopenai.ChatCompletion.create(model='gpt-4')", ["openai"]),
        (
            (
                "import openai\nopenai.api_type = 'azure'\nopenai.api_base = ''\n"
                "openai.ChatCompletion.create(engine='x')"
            ),
            ["azure-openai"],
        ),
        (
            (
                "import openai\nopenai.api_base = 'http://localhost:8000/v1'\n"
                "openai.ChatCompletion.create(model='m')"
            ),
            ["self-hosted"],
        ),
        ("import openai\nopenai.api_base = args.url\nopenai.ChatCompletion.create(model='m')", []),
        (
            "from openai import OpenAI\nOpenAI(base_url='https://dashscope.aliyuncs.com/x/v1')",
            ["dashscope"],
        ),
        (
            "from openai import OpenAI\nOpenAI(base_url='https://llm.nobody.example/v1')",
            ["endpoint:llm.nobody.example"],
        ),
        # The client of one provider, wherever its address comes from.
        ("from anthropic import Anthropic\nAnthropic(base_url=host)", ["anthropic"]),
        (
            "import os\nfrom openai import AzureOpenAI\nAzureOpenAI(azure_endpoint=os.environ['E'])",
            ["azure-openai"],
        ),
        ("from anthropic import Anthropic\nAnthropic(base_url=server.url_for())", []),
        ("from openai import OpenAI\nOpenAI(base_url=host)", []),
        ("from langchain_openai import OpenAIEmbeddings\nOpenAIEmbeddings(base_url=host)", []),
        ("from llama_index.llms.openai import OpenAI\nOpenAI(api_base=host)", []),
        (
            "from anthropic import Anthropic\nAnthropic(base_url='http://localhost:1')",
            ["self-hosted"],
        ),
        ("import deepl\ndeepl.Translator(key)", ["deepl"]),
        ("import voyageai\nvoyageai.get_embedding(x, model='v')", ["voyage"]),
        # Where files lie, and no interface.
        ("import openai\nNORAE_BASE_URL = 'https://dl.norae.org/v1'", []),
        ("import openai\nNORAE_BASE_URL = 'https://norae.org/v1'", ["endpoint:norae.org"]),
        ("import os\nkey = os.environ['DEEPL_AUTH_KEY']", ["deepl"]),
        # Known by nothing but the name of its key.
        ("import os\nkey = os.environ['NORAE_API_KEY']", ["key:norae"]),
        ("import os\nkey = os.environ['LLM_API_KEY']", []),
        ("import os\nh = f'Bearer {os.environ.get(\"OPENAI_API_KEY\")}'", []),
        ("import wandb\nwandb.init(project='x')", ["wandb"]),
        (
            (
                "import os\nk = os.environ['AZURE_TTS_API_KEY']\n"
                "url = f'https://{region}.tts.speech.microsoft.com/cognitiveservices/v1'"
            ),
            ["azure-speech"],
        ),
        ("import boto3\nboto3.client('polly')", ["amazon-ai"]),
        ("import boto3\nboto3.client('s3')", []),
        (
            "import aioboto3\ns = aioboto3.Session()\ns.client('bedrock-runtime')",
            ["amazon-bedrock"],
        ),
        ("import own\ns = own.Session()\ns.client('bedrock-runtime')", []),
        (
            "from langchain.utilities import BingSearchAPIWrapper\nBingSearchAPIWrapper()",
            ["bing-search"],
        ),
        ("own.NoraeClient(url='https://knn.norae.ai/knn-service')", ["endpoint:knn.norae.ai"]),
        ("own.NoraeClient(url='http://127.0.0.1:8000/x')", []),
        ("own.Norae(url='https://knn.norae.ai/knn-service')", []),
        ("from posthog import Posthog\nPosthog(project_api_key=k)", ["posthog"]),
        ("x = 'https://docs.python.org/api'", []),
        ("E = {'deepl': {'variable': 'DEEPL_API_KEY'}}", ["deepl"]),
        ("E = {'x': {'variable': 'OPENAI_API_KEY'}}", []),
        ("E = 'Set DEEPL_API_KEY first.'", []),
        (
            "class S(BaseSettings):\n    deepl_api_key: str\n    upstage_api_key: str = ''",
            ["deepl", "upstage"],
        ),
        ("class S(BaseModel):\n    deepl_api_key: str", []),
        ("class S(BaseSettings):\n    openai_base_url: str\n    openai_api_key: str", []),
        ("from tavily import TavilyClient\nTavilyClient(api_key=k)", ["tavily"]),
    ],
)
def test_providers(make_tree: MakeTree, text: str, told: list[str]) -> None:
    assert services(make_tree, text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("OPENAI_API_BASE=http://localhost:8000/v1\nOPENAI_API_KEY=EMPTY\n", ["self-hosted"]),
        ("OPENAI_BASE_URL=https://api.deepseek.com\nOPENAI_API_KEY=\n", ["deepseek"]),
        ("OPENAI_BASE_URL=\nOPENAI_API_KEY=\n", ["openai"]),
        (
            "OPENAI_API_KEY=\n# ANTHROPIC_API_KEY=\nUPSTAGE_API_KEY=up\n",
            ["anthropic", "openai", "upstage"],
        ),
        ("OWN_CHAT_ENDPOINT=https://...\nOTHER_ENDPOINT=\n", []),
        ("REDIS_URL=redis://localhost:6379\nDATABASE_HOST=http://db:1\n", []),
    ],
)
def test_environments(make_tree: MakeTree, text: str, told: list[str]) -> None:
    rows = resolve_names(collect(make_tree({".env": text}), scripts.ENV_COLLECTOR), load())
    assert (
        sorted(
            {r.fact("service") for r in rows if isinstance(r, Observation) and r.kind == "service"}
        )
        == told
    )


def test_models_in_environments(make_tree: MakeTree) -> None:
    text = "MODEL_ID=own/llm-7b\nSECRET_KEY=own/llm-8b\nexport EMBEDDING_MODEL='own/embed'\n"
    rows = collect(make_tree({".env": text}), scripts.ENV_COLLECTOR)
    found = [r.name for r in rows if isinstance(r, Observation) and r.kind == "reference"]
    assert sorted(found) == ["own/embed", "own/llm-7b"]
    assert "llm-8b" not in str(rows), "values of keys are never kept"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "from tencentcloud.tts.v20190823 import tts_client\ntts_client.TtsClient(c, 'x')\n",
            ["tencent-cloud-ai"],
        ),
        # Behind the names of a router and a provider.
        ("import openai\nopenai.OpenAI()\nM = {'name': 'router/own-main/gpt-4o-mini'}", ["openai"]),
        ("M = {'name': 'router/own-main/gpt-4o-mini'}", []),
        ("hooks = [dict(type='WandbLoggerHook', n=1)]\n", ["wandb"]),
        ("hooks = [dict(type='TextLoggerHook', n=1)]\n", []),
    ],
)
def test_more_clients(make_tree: MakeTree, text: str, told: list[str]) -> None:
    assert services(make_tree, text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("from langchain_anthropic import ChatAnthropic\ndef f():\n  return ChatAnthropic", True),
        ("from langchain_anthropic import ChatAnthropic\nT = {'a': ChatAnthropic}", True),
        ("from langchain_anthropic import ChatAnthropic\nisinstance(x, ChatAnthropic)", False),
        ("from langchain_anthropic import ChatAnthropic\ndef f(x: ChatAnthropic): ...", False),
    ],
)
def test_a_client_that_somebody_else_makes(make_tree: MakeTree, text: str, told: bool) -> None:
    assert services(make_tree, text) == (["anthropic"] if told else [])


def test_a_table_of_where_providers_are_asked(make_tree: MakeTree) -> None:
    table = (
        "HOSTS = {'a': 'https://api.deepseek.com/v1', 'b': 'https://api.norae.ai/v1',"
        " 'c': 'https://api.mistral.ai/v1'}\n"
    )
    told = services(make_tree, table)
    assert told == ["deepseek", "endpoint:api.norae.ai", "mistral"]
    pages = "LINKS = {'a': 'https://norae.ai/a', 'b': 'https://norae.ai/b', 'c': 'https://x.org'}\n"
    assert services(make_tree, f"{pages}requests.get(x)\n") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "from livekit.agents import inference\ninference.STT(model='deepgram/nova-3')",
            ["deepgram"],
        ),
        (
            (
                "import requests\nu = 'https://norae.ai/v3/detect'\nf = {'api_key': (None, k)}\n"
                "requests.post(u, files=f)"
            ),
            ["endpoint:norae.ai"],
        ),
        ("import requests\nrequests.post('https://norae.ai/v3', files={'a': b})", []),
    ],
)
def test_what_is_asked_with_a_key(make_tree: MakeTree, text: str, told: list[str]) -> None:
    assert services(make_tree, text) == told
