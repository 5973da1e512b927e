from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.knowledge import load
from aisbom.knowledge.check import check
from aisbom.knowledge.read import DATA
from aisbom.knowledge.references import hub_name, service


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
        ("env", "PATH", ""),
        ("model", "anthropic/claude-3", "anthropic"),
        ("model", "own/model", ""),
    ],
)
def test_services(how: str, key: str, expected: str) -> None:
    found = service(load(), how, key)
    assert (found.id if found else "") == expected


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
