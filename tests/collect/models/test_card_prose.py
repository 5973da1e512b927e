from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.models.card_prose import plain, read_prose


def kinds(text: str) -> set[str]:
    return {one.kind for one in read_prose(text)}


@pytest.mark.parametrize(
    "text",
    [
        "We pre-trained the model from scratch on 2T tokens.",
        "Trained entirely from scratch.",
        "Built from scratch by our team.",
        "All weights were randomly initialized.",
        "이 모델은 처음부터 자체 학습되었다.",
        "Unlike others it is large. The model was trained from scratch.",
        "이 모델은 from scratch로 학습되었습니다.",
        "본 모델은 from-scratch 방식으로 훈련했습니다.",
        "我们从头训练了该模型。",
        "该模型从零开始预训练，使用 2T 词元。",
        "本モデルはフルスクラッチで学習されました。",
        "ゼロから事前学習した日本語モデルです。",
    ],
)
def test_from_scratch(text: str) -> None:
    assert "from-scratch" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "It was not trained from scratch.",
        "Instead of pre-training from scratch we continue from a checkpoint.",
        "Fine-tuning is cheaper than training from scratch.",
        "    train the model from scratch",
        "```\ntrained from scratch\n```",
        "| trained from scratch | no |",
        "from scratch로 학습하지 않았습니다.",
        "该模型并非从头训练。",
        "从头训练的成本很高，而无需从头训练。",
        "スクラッチから学習せずに、既存のモデルを使います。",
        "See how to train a tokenizer, and start from the scratch folder.",
    ],
)
def test_silence_about_beginnings(text: str) -> None:
    assert "from-scratch" not in kinds(text)


def test_sections_are_the_words_below_their_headings() -> None:
    text = (
        "# T\n## Intended uses\nFor **tests**.\n\n```\ncode\n```\n## Bias, Risks, and"
        " Limitations\nNone [known](x).\n## Other\nx\n"
    )
    assert [
        (one.kind, one.line, one.text)
        for one in read_prose(text)
        if one.kind in ("uses", "limitations")
    ] == [
        ("uses", 2, "For tests."),
        ("limitations", 8, "None known."),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It has 7B parameters.", "7000000000"),
        ("| Parameters | 7.2B |", "7200000000"),
        ("A 1,5 billion parameter model", "1500000000"),
        ("파라미터: 3B", "3000000000"),
    ],
)
def test_stated_parameters(text: str, number: str) -> None:
    assert [one.text for one in read_prose(text) if one.kind == "parameters"] == [number]


@pytest.mark.parametrize(
    "text", ["Trained on 2T tokens.", "a 7B model", "5B images with 3 parameters", "version 7b"]
)
def test_other_numbers_are_no_parameters(text: str) -> None:
    assert "parameters" not in kinds(text)


def test_what_was_taken_over_with_the_model_it_names() -> None:
    text = (
        "We use the pretrained [`o/n`](https://huggingface.co/o/n) model and"
        " [data](https://huggingface.co/datasets/o/d)."
    )
    assert [(one.kind, one.text) for one in read_prose(text) if one.kind == "names-model"] == [
        ("names-model", "o/n")
    ]
    assert [
        one.text
        for one in read_prose("See [o/n](https://huggingface.co/o/n).")
        if one.kind == "names-model"
    ] == []


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for one in read_prose(text):
        assert one.text
        assert 1 <= one.line <= text.count("\n") + 1
    plain(text)


def test_a_long_line_and_many_statements_are_bounded() -> None:
    assert len(list(read_prose("based on it\n" * 5000))) <= 60
    list(read_prose("trained " * 200_000 + "from scratch"))
