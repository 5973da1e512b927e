"""What a comment or a README names, as a purl."""

from __future__ import annotations

import pytest

from aisbom.identify.declared_sources import claims, purl_of, repository
from aisbom.knowledge import load
from aisbom.model import Component, Evidence, Location, Observation, facts
from aisbom.model.facts import (
    HOLDER_LINE,
    SAID_SOURCE,
    USAGE_MODULE,
    HolderLine,
    SaidSource,
    UsageModule,
)

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
        ("ComfyUI", "pkg:github/comfyanonymous/comfyui"),
        ("comfyui", ""),  # a word that is not written as the project writes itself
        ("EleutherAI's GPT-NeoX", "pkg:github/eleutherai/gpt-neox"),
        ("LLaVA's conversation.py", "pkg:github/haotian-liu/llava"),
        ("fastchat.model.apply_delta", "pkg:github/lm-sys/fastchat"),
        ("fastchat", ""),
        ("https://huggingface.co/transformers/v4.2.2/perplexity.html", "pkg:pypi/transformers"),
        ("https://huggingface.co/docs/diffusers/main/a", "pkg:pypi/diffusers"),
        ("https://github.com/norae-labs/norae/issues/8985#issuecomment-405", ""),
        ("https://github.com/norae-labs/norae/pull/12", "pkg:github/norae-labs/norae"),
        ("LMMs-Eval", "pkg:github/evolvinglmms-lab/lmms-eval"),
        ("PyTorch", "pkg:github/pytorch/pytorch"),
        ("OpenAI", ""),  # a maker with many projects
        ("torchvision", "pkg:pypi/torchvision"),
        ("torch.nn.Transformer", "pkg:pypi/torch"),
        ("tatsu-lab@stanford_alpaca", "pkg:github/tatsu-lab/stanford_alpaca"),
        ("somebody@norae", ""),
        ("https://github.com/norae-labs/norae发布的组件", "pkg:github/norae-labs/norae"),
        (
            "GPT-NeoX and OPT implementations in this library",
            "pkg:github/huggingface/transformers",
        ),
        ("Norae and Baram implementations in this library", ""),
    ],
)  # fmt: skip
def test_what_a_source_is(source: str, purl: str) -> None:
    assert purl_of(source, load()) == purl


def _source(*facts_: tuple[str, str]) -> Component:
    e = Evidence("notices", "source-code-analysis", "high", Location("a.py", 1), "")
    row = Observation("source", "a.py", "", "", e, facts(*facts_))
    return Component("code:a", "library", "a", "", "", (row,))


@pytest.mark.parametrize(
    ("fact", "rule", "line"),
    [
        (SAID_SOURCE(SaidSource(3, "ComfyUI", True)), "lineage/comment", 3),
        (USAGE_MODULE(UsageModule(4, "fastchat.serve.register_worker")), "lineage/usage", 4),
        (HOLDER_LINE(HolderLine("The Google Research Authors", 2)), "lineage/notice", 2),
    ],
)
def test_a_file_names_its_source_at_a_line(fact: tuple[str, str], rule: str, line: int) -> None:
    (claim,) = claims(_source(fact), load())
    assert [(e.by, e.at.line) for e in claim.evidence] == [(rule, line)]
    assert not list(claims(_source(fact), load(), {claim.value.removeprefix("pkg:github/")}))


def test_a_notice_of_an_organisation_names_no_project() -> None:
    assert not list(claims(_source(HOLDER_LINE(HolderLine("Google LLC", 2))), load()))


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


def _project(**told: str) -> Component:
    e = Evidence("setup-py", "manifest-analysis", "high", Location("deps/norae/setup.py", 4), "")
    rows = facts(*((key.replace("_", "-"), value) for key, value in told.items()))
    row = Observation("project", "norae", "", "", e, rows)
    return Component("pkg:pypi/norae", "library", "norae", "", "", (row,))


@pytest.mark.parametrize(
    "told",
    [
        {"home_page": "https://github.com/Norae-Labs/norae"},
        {"home_page": "https://norae.example", "project_url": "Source, https://github.com/norae-labs/norae.git"},
    ],
)  # fmt: skip
def test_a_project_in_the_tree_is_what_its_manifest_says(told: dict[str, str]) -> None:
    (claim,) = claims(_project(**told), load(), {"haneul/haneul"})
    assert claim.value == "pkg:github/norae-labs/norae"
    assert [e.by for e in claim.evidence] == ["lineage/manifest"]


@pytest.mark.parametrize(
    "told",
    [{"home_page": "https://norae.example"}, {"home_page": "https://github.com/haneul/part"}],
)
def test_a_part_of_ones_own_is_from_nobody(told: dict[str, str]) -> None:
    assert not list(claims(_project(**told), load(), {"haneul/haneul"}))


@pytest.mark.parametrize(
    ("words", "sure"),
    [
        ("We release Haneul based on Norae & Baram, see https://github.com/some/haneul", "low"),
        ("Built on [norae](..): https://github.com/some/haneul", "low"),
        ("A network based on Deep Norae is part of https://github.com/some/haneul", "low"),
        ("This work is based on https://github.com/some/haneul", "medium"),
        ("It is based on norae-kit: https://github.com/some/haneul", "medium"),
    ],
)
def test_what_is_built_on_the_tree_itself_is_no_source_of_it(words: str, sure: str) -> None:
    e = Evidence("readme-credits", "manifest-analysis", "medium", Location("README.md", 3), words)
    row = Observation(
        "credit", "https://github.com/some/haneul", "", "", e, facts(credit="built-on")
    )
    component = Component("pkg:generic/norae", "library", "norae", "", "", (row,))
    [claim] = claims(component, load(), {"norae-labs/norae", "norae-labs/deep-norae"})
    assert claim.evidence[0].confidence == sure


@pytest.mark.parametrize(
    ("source", "purl"),
    [
        ("norae/model/fastnn/norae.cpp", "pkg:generic/norae#model/fastnn/norae.cpp"),
        ("`Norae/nn/a.py`", "pkg:generic/norae#nn/a.py"),
        ("gayo/nn/a.py", ""),  # a folder of the tree
        ("norae/a.py", ""),  # a name and a file could be anybody's
        ("models/norae/a.py", ""),
        ("norae/data/list.txt", ""),
        ("norae/data", ""),
    ],
)
def test_a_path_that_begins_with_another_project_names_it(source: str, purl: str) -> None:
    part = _source(SAID_SOURCE(SaidSource(3, source, True)))
    found = {c.value for c in claims(part, load(), folders={"gayo"})}
    assert found == ({purl} if purl else set())
    assert not set(claims(part, load())), "without the names of the tree's folders nothing is said"
