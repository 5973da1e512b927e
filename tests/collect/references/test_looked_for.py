"""Rule: what is looked for before an expression is tried stands in all that the expression finds."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.collect.references import data_words, loader_signs, mentions
from aisbom.collect.references.rows import LINK, LINK_WORDS

PIECES = (
    *("huggingface.co/", "hf.co", "hf-mirror.com/", "modelscope.cn/models/", "modelscope.ai/"),
    *(
        "datasets/",
        "norae/vv-1b",
        "/",
        "a.b",
        "data",
        "/corpus",
        "/corpora/",
        "x/",
        "https://",
        "s3://",
    ),
    *("norae.example/a/b.tar.gz", "f.json", " ", "push_to_hub_x", "hub_model_id", "upload_repo_id"),
    *(
        "'gpt-4",
        '"claude-3',
        "'gemini-1",
        "OpenAI(",
        "api_key=",
        "'wandb'",
        "claude-",
        "hub_repo_id",
    ),
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_words_stand_in_what_is_found(line: str) -> None:
    rules: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
        (LINK, LINK_WORDS),
        (mentions._UPLOADS, mentions._UPLOAD_WORDS),
        (data_words._PATH, ("data", "corp")),
        (data_words._URL, ("http",)),
    )
    for expression, words in rules:
        assert not expression.search(line) or any(word in line for word in words)
    data = line.encode()
    assert not loader_signs._ASKS.search(data) or any(word in data for word in loader_signs._ASKED)
