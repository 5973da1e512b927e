from __future__ import annotations

import pytest

from aisbom.collect.models import hub

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_a_hub_cache_names_its_model() -> None:
    assert hub.snapshot(
        f"cache/hub/models--owner--some-name/snapshots/{COMMIT}/sub/config.json"
    ) == ("owner/some-name", COMMIT)
    assert hub.snapshot(f"models--gpt2/snapshots/{COMMIT}/config.json") == ("gpt2", COMMIT)
    assert hub.snapshot("models--owner--name/refs/main") == ("", "")
    assert hub.snapshot(f"datasets--owner--name/snapshots/{COMMIT}/x") == ("", "")


@pytest.mark.parametrize("text", ["sentence-transformers/all-MiniLM-L6-v2", "Qwen/Qwen2.5-7B"])
def test_ids(text: str) -> None:
    assert hub.model_id(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "/home/x/model",
        "./model",
        "../a/b",
        "a/b/c",
        "gpt2",
        "outputs/run-3",
        "mine/checkpoint-500",
        "eval/GPT_Zero_Shot_QA",
        "C:\\a",
        "~/m",
        "a b/c",
        "",
        None,
        3,
        ["a/b"],
    ],
)
def test_paths_are_no_ids(text: object) -> None:
    assert hub.model_id(text) == ""
