from __future__ import annotations

import time

import pytest

from aisbom.licences import adapted_from


def sources(text: str) -> list[str]:
    data = text.encode()
    return [said.source for said in adapted_from.find_source_comments(data, data.lower())]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "# Adapted from https://host.example/o/r/blob/main/a.py#L1.",
            "https://host.example/o/r/blob/main/a.py#L1",
        ),
        (
            "# Adapted from\n# https://host.example/o/r/blob/v1/a.py\n",
            "https://host.example/o/r/blob/v1/a.py",
        ),
        ("  // copied and modified from: https://host.example/o/r)", "https://host.example/o/r"),
        ("/* Modified from (https://host.example/a_(b)) */", "https://host.example/a_(b)"),
        (
            " * This file is based on the implementation in https://host.example/o/r",
            "https://host.example/o/r",
        ),
        (
            (
                "# Copied from transformers.models.llama.modeling_llama.LlamaAttention with"
                " Llama->Some"
            ),
            "transformers.models.llama.modeling_llama.LlamaAttention",
        ),
        ("# This code is based on SomeLab's GPT-Some library and the others", "SomeLab's GPT-Some"),
        ("# Adapted from sglang", "sglang"),
        ("# Copyright 2023 Some Body & Other Body (Modified from LLaVA)", "LLaVA"),
        ("x = 1  # taken from https://host.example/x", "https://host.example/x"),
        ('"""\nAdapted from https://host.example/doc\n"""', "https://host.example/doc"),
        ("# copied from `Some.method`", "Some.method"),
        ("# Adapted from ./csrc/other.cuh", "./csrc/other.cuh"),
        ("# Copy-Paste from torchvision", "torchvision"),
        ('"""\nMostly copy-paste from torchvision references.\n"""', "torchvision"),
        ("# modified from torchvision to also return the union", "torchvision"),
        ("# Modified from mmcv", "mmcv"),
        ("# Modified from diffusers==0.29.2", "diffusers"),
        ("# Copied from `accelerate`", "accelerate"),
        ("# Stolen from SomeNet", "SomeNet"),
        (
            "# Revised on top of some.models.x.modeling_x with XEncoder --> YEncoder",
            "some.models.x.modeling_x",
        ),
        (
            "# This code is adopted from somebody's some.core.sinc\n# https://some.example/core\n",
            "some.core.sinc",
        ),
        ("x = 1\n    # from some_audio 0.6\n    # Compute it\n", "some_audio"),
        (
            "# Copy-pasted from some.models.x.modeling_x.Attention",
            "some.models.x.modeling_x.Attention",
        ),
        ("# Portions of this file are derived from the SomeNet project", "SomeNet"),
        ("# This file contains code that is adapted from SomeNet", "SomeNet"),
        ("# Parts of the code here are adapted from SomeNet repo", "SomeNet"),
    ],
)
def test_comments_name_their_source(text: str, source: str) -> None:
    assert sources(text) == [source]


@pytest.mark.parametrize(
    "text",
    [
        "# data is copied from the host to the device",
        "# Copied from CPU to GPU",
        "# computed based on the input shape",
        "# Based on the config",
        "# endorse or promote products derived from this software",
        'print("adapted from https://host.example/x")',
        "adapted = modified.from_(https)",
        "# tensors imported from the HF cache",
        "# Adapted from the previous version",
        "# derived from both the draft and target",
        "raise ValueError('copied from Some.thing')",
        "# copied from common",
        "# derived from seq lens",
        "# copy-paste from above",
        '"""\nCode adapted from Jax version in Appendix A.1\n"""',
        "# Based on SomeNet in the paper",
        "# Revised on 2024-01-01 by the team",
        "# from some_audio import load",
        "# from 0.6 on",
        "# weights ported from the official release",
        "# vector taken from numpyish rows",
    ],
)
def test_other_words_do_not(text: str) -> None:
    assert sources(text) == []


def test_each_source_once_with_the_line_of_its_first() -> None:
    text = (
        "x\n# Adapted from https://h.example/a\n# adapted from https://h.example/a\n# adapted from"
        " https://h.example/b\n"
    )
    data = text.encode()
    assert [
        (said.line, said.source) for said in adapted_from.find_source_comments(data, data.lower())
    ] == [
        (2, "https://h.example/a"),
        (4, "https://h.example/b"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "adapted " * 100_000,
        "# adapted" + " " * 500_000,
        ("# adapted" + " \t" * 200 + "\n") * 2000,
        "x" * 10**6 + "adapted from http://h.example",
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    sources(text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "# based on SomeLab's GPT-Some and the GPT-Some\n# and OPT implementations in this library",
            ["GPT-Some and OPT implementations in this library"],
        ),
        ("# like the Norae and\n# Baram implementations in this library\n", None),
        ('print("all OPT implementations in this library")\n', []),
        ("# there are many implementations in this library\n", []),
    ],
)
def test_a_file_that_names_its_library_s_other_implementations(
    text: str, source: list[str] | None
) -> None:
    assert sources(text) == (
        ["Norae and Baram implementations in this library"] if source is None else source
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            (
                "import json\n\n'''norae의 공식 평가 스크립트'''\n"
                "'''본 스크립트는 https://norae.example/eval/ 를 바탕으로 작성됨.'''\n\ndef score(x):\n"
            ),
            "https://norae.example/eval/",
        ),
        ("# https://norae.example/eval/ を元に作成\n", "https://norae.example/eval/"),
        ("# 基于 https://norae.example/eval/ 编写\n", "https://norae.example/eval/"),
        ("# 이 논문 https://norae.example/a.html 을 바탕으로\n", ""),
        ("# 基于 https://norae.example/data/ 的数据\n", ""),
        ("def score(x):\n    # https://norae.example/eval/ 를 바탕으로\n    return x\n", ""),
        ('print("https://norae.example/eval/ 를 바탕으로 작성됨")\n', ""),
        ("# https://norae.example/eval/\n", ""),
    ],
)
def test_a_page_that_a_file_was_written_after(text: str, source: str) -> None:
    data = text.encode()
    found = list(adapted_from.find_source_comments(data, data.lower()))
    assert [said.source for said in found] == ([source] if source else [])
    assert all(said.whole for said in found)
