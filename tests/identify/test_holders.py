"""Who a copyright line names, and which spellings are one holder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.identify.holders import Holder, every, fold_name, holders, same
from aisbom.knowledge import load


def named(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.country) for one in holders(text, load())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "EleutherAI and the HuggingFace Inc. team",
            [("EleutherAI Institute", "US"), ("Hugging Face, Inc.", "US")],
        ),
        ("the respective contributors", []),
        (
            "The GLM & ZhipuAI team and HuggingFace Inc. team",
            [("Zhipu AI (Z.ai)", "CN"), ("Hugging Face, Inc.", "US")],
        ),
        (
            "The Emu team, BAAI and The HuggingFace Inc. team.",
            [("Beijing Academy of Artificial Intelligence", "CN"), ("Hugging Face, Inc.", "US")],
        ),
        ("contributors to the vLLM project", [("vLLM project", "international")]),
        ("NVIDIA CORPORATION & AFFILIATES", [("NVIDIA Corporation", "US")]),
        ("Facebook, Inc. and its affiliates", [("Meta Platforms, Inc.", "US")]),
        (
            "Norae Labs and Haneul Compute Inc.",
            [("Norae Labs", ""), ("Haneul Compute Inc", "")],
        ),
        (
            "The Fairseq Authors and the HuggingFace Inc. team",
            [("The Fairseq Authors", ""), ("Hugging Face, Inc.", "US")],
        ),
        ("Pacific Centre for Research and Development", None),
        ("Acme, Inc.", None),
        ("Quux Fnord, Fnord Quux", None),
    ],
)
def test_holders_of_a_line(text: str, expected: list[tuple[str, str]] | None) -> None:
    found = named(text)
    assert found == expected if expected is not None else len(found) == 1


def test_an_organisation_that_is_named_twice_is_one_holder() -> None:
    lines = ["Copyright contributors to the vLLM project", "The vLLM team.", "vLLM"]
    assert [one.name for one in every(lines, load())] == ["vLLM project"]


def test_a_shared_roof_makes_no_two_projects_one() -> None:
    knowledge = load()
    (deepspeed,) = holders("DeepSpeed Team", knowledge)
    (vllm,) = holders("vLLM Team", knowledge)
    assert not same(deepspeed, vllm, knowledge)
    assert same(vllm, vllm, knowledge)


WORDS = st.lists(st.sampled_from(["Norae", "Haneul", "Baram", "Labs"]), min_size=1, max_size=3)


@given(
    WORDS,
    st.sampled_from(["{}", "The {}", "{}, Inc.", "{} Inc. team", "the {} Authors", " {} . "]),
    st.sampled_from([str.upper, str.lower, str.title]),
)
def test_another_spelling_is_the_same_holder(words: list[str], form: str, case: object) -> None:
    name = " ".join(words)
    spelt = form.format(case(name))  # type: ignore[operator]
    assert fold_name(spelt) == fold_name(name)
    assert [one.key for one in holders(spelt, load())] == [one.key for one in holders(name, load())]


def test_a_name_of_nothing_but_fillers_is_still_a_name() -> None:
    assert holders("The Company", load()) == (
        Holder("thecompany", "The Company", written="The Company"),
    )
