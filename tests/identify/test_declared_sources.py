"""What a comment or a README names, as a purl."""

from __future__ import annotations

import pytest

from aisbom.identify.declared_sources import purl_of, repository
from aisbom.knowledge import load

HUB = "https://huggingface.co"


@pytest.mark.parametrize(
    ("source", "purl"),
    [
        ("https://github.com/Norae-Labs/norae", "pkg:github/norae-labs/norae"),
        ("https://github.com/Norae-Labs/norae.git", "pkg:github/norae-labs/norae"),
        (
            "https://github.com/o/R/blob/v1.2/a/B.py#L3-L9",
            "pkg:github/o/r#a/B.py",
        ),
        ("https://raw.githubusercontent.com/o/r/main/a/b.py", "pkg:github/o/r#a/b.py"),
        ("https://gitlab.com/o/r/-/blob/main/a.py", "pkg:gitlab/o/r#a.py"),
        (f"{HUB}/spaces/o/r/blob/main/app.py", "pkg:huggingface/o/r"),
        (f"{HUB}/o/r/blob/main/modeling_r.py", "pkg:huggingface/o/r"),
        (f"{HUB}/datasets/o/r", ""),
        ("https://arxiv.org/abs/1706.03762", ""),
        (
            "transformers.models.llama.modeling_llama.LlamaAttention",
            "pkg:pypi/transformers#transformers/models/llama/modeling_llama.py",
        ),
        ("diffusers/src/diffusers/models/attention.py", "pkg:pypi/diffusers#src/diffusers/models/attention.py"),
        ("peft.utils.get_peft_model_state_dict", "pkg:pypi/peft"),
        ("gradio's processing_utils.py", ""),
        ("Some.thing", ""),
    ],
)  # fmt: skip
def test_what_a_source_is(source: str, purl: str) -> None:
    assert purl_of(source, load()) == purl


def test_a_repository_is_one_however_its_address_is_written() -> None:
    assert {
        repository(address)
        for address in (
            "https://github.com/O/R",
            "http://www.github.com/o/r.git",
            "https://github.com/o/r/blob/main/a.py",
            "https://raw.githubusercontent.com/o/r/main/a.py",
        )
    } == {"o/r"}
