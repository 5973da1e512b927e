"""Names of releases: which are the publisher's own."""

from __future__ import annotations

import pytest

from aisbom.knowledge.release_names import plain


@pytest.mark.parametrize(
    "name",
    [
        "Qwen3-8B",
        "Meta-Llama-3-8B-Instruct",
        "Mixtral-8x7B-32768",
        "vicuna-7b-v1.5",
        "gpt-4",
        "Polyglot-Ko-12.8B",
    ],
)
def test_a_name_of_versions_and_sizes_is_the_publishers_own(name: str) -> None:
    assert plain(name)


@pytest.mark.parametrize("name", ["Llama-2-Ko-7B", "OpenHermes-2.5-Mistral-7B", "Mixtral-8x-fun"])
def test_a_name_with_another_word_is_somebody_elses(name: str) -> None:
    assert not plain(name)
