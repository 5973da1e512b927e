from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.knowledge import load
from aisbom.knowledge.check import check
from aisbom.knowledge.read import DATA
from aisbom.knowledge.references import hub_name, keyed_service, service


@pytest.mark.parametrize(
    ("space", "name", "expected"),
    [
        ("hub", "bert-base-uncased", "google-bert/bert-base-uncased"),
        ("hub", "foo", ""),
        ("hub", "bert", ""),
        ("dataset", "squad", "rajpurkar/squad"),
        ("sentence-transformers", "all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"),
        ("spacy", "en_core_web_sm", "spacy/en_core_web_sm"),
        ("spacy", "my_pipeline", ""),
    ],
)
def test_bare_names(space: str, name: str, expected: str) -> None:
    found = hub_name(load(), space, name)
    assert (found[0] if found else "") == expected


@pytest.mark.parametrize(
    ("how", "key", "expected"),
    [
        ("class", "openai.OpenAI", "openai"),
        ("class", "openai.AzureOpenAI", "azure-openai"),
        ("class", "langchain_openai.chat_models.ChatOpenAI", "openai"),
        ("class", "openai.types.Model", ""),
        ("host", "api.deepseek.com", "deepseek"),
        ("host", "westus.openai.azure.com", "azure-openai"),
        ("host", "notapi.openai.com.example", ""),
        ("env", "ANTHROPIC_API_KEY", "anthropic"),
        ("env", "ELEVEN_LABS_API_KEY", "elevenlabs"),
        ("env", "OPENAI_APIKEY", "openai"),
        ("env", "PATH", ""),
        ("model", "anthropic/claude-3", "anthropic"),
        ("model", "own/model", ""),
    ],
)
def test_services(how: str, key: str, expected: str) -> None:
    found = service(load(), how, key)
    assert (found.id if found else "") == expected


@pytest.mark.parametrize(
    ("variable", "whose"),
    [
        ("NORAE_API_KEY", "norae"),
        ("NORAE_CLOUD_APIKEY", "norae-cloud"),
        ("LLM_API_KEY", ""),
        ("MY_EMBEDDING_API_KEY", ""),
        ("VLLM_API_KEY", ""),
        ("STRIPE_API_KEY", ""),
        ("NORAE_API_KEYS_FILE", ""),
        ("norae_api_key", ""),
        ("API_KEY", ""),
    ],
)
def test_whose_a_key_is(variable: str, whose: str) -> None:
    assert keyed_service(variable) == whose


def test_bad_rows_are_told(tmp_path: Path) -> None:
    for file in DATA.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "services.csv").open("a") as stream:
        stream.write("bad,Bad,nobody,https://bad.example,,,lower,,,https://bad.example,2026-01,\n")
    with (tmp_path / "loader_names.csv").open("a") as stream:
        stream.write("hub,x,noowner,https://bad.example,2026-01,\n")
    told = "\n".join(check(folder=tmp_path))
    for words in (
        "no organisation has the id 'nobody'",
        "hosts must name",
        "'lower' is no name of a variable",
        "'noowner' is not owner/name",
    ):
        assert words in told
