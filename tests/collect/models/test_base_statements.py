"""Sentences that say from what a model was made, and those that only look like it."""

from __future__ import annotations

import time

import pytest

from aisbom.collect.models.base_statements import statements


def names(text: str) -> list[str]:
    return [one.name for one in statements(text)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Built on the open-source [Qwen2.5](https://x) model, it was trained.", ["Qwen2.5"]),
        ("It is based on SigLip2, Whisper-medium-300M and Qwen3-8B.", None),
        ("Ours is initialised from own/llm-7b.", ["own/llm-7b"]),
        ("We continue pre-training of Llama 3.1 8B on Korean text.", ["Llama 3.1 8B"]),
        ("The student is distilled from own/big-70b.", ["own/big-70b"]),
        ("We use SigLIP2-400M as the vision encoder.", ["SigLIP2-400M"]),
        (
            "It uses Own-7B to begin with, and [Openclip ViT-bigG](https://x) as visual encoder.",
            ["Openclip ViT-bigG", "Own-7B"],
        ),
        (
            "We use CLIP as the vision encoder and Whisper as the speech encoder.",
            ["CLIP", "Whisper"],
        ),
        ("## Acknowledgements\n- [Qwen2](https://x) as the LLM backbone.", ["Qwen2"]),
        ("* **Whisper**: for audio encoding", ["Whisper"]),
        ("CLIP을 비전 인코더로 사용합니다.", ["CLIP"]),
        ("음성 인코더로 Whisper를 사용했습니다.", ["Whisper"]),
        ("我们采用CLIP作为视觉编码器。", ["CLIP"]),
        ("画像エンコーダにSigLIPを用いる。", ["SigLIP"]),
        ("이 모델은 Qwen2.5에 한국어 데이터를 추가로 학습했습니다.", ["Qwen2.5"]),
        ("오디오 인코더는 Whisper-large-v3를 그대로 사용한다.", ["Whisper-large-v3"]),
        ("The vision encoder adopts the Qwen2.5-VL ViT.", ["Qwen2.5-VL"]),
        ("The audio encoder is taken from Qwen2-Audio.", ["Qwen2-Audio"]),
        (
            "SigLIP2-so400m 비전 인코더와 Qwen2.5-7B 언어모델을 결합한 구조입니다.",
            ["SigLIP2-so400m", "Qwen2.5-7B"],
        ),
        ("视觉编码器使用InternViT-6B。", ["InternViT-6B"]),
        ("音声エンコーダにはWhisper-large-v3を用いる。", ["Whisper-large-v3"]),
        ("- 음성 인코더: Whisper-large-v3 (동결)", ["Whisper-large-v3"]),
        ("| 音频编码器 | Whisper-large-v3 |", ["Whisper-large-v3"]),
        ("| LLM | Qwen2.5-7B-Instruct |", ["Qwen2.5-7B-Instruct"]),
        ("We integrated Mistral 7B weights into the upscaled layers.", ["Mistral 7B"]),
        (
            "A fine-tuned version of [/data/x/Qwen2.5-7B](https://huggingface.co//data/x/y).",
            ["Qwen2.5-7B"],
        ),
        ("KULLM3은 own/SOLAR-10.7B를 기반으로 합니다.", ["own/SOLAR-10.7B"]),
        ("模型基于 SigLip-400M 和 Qwen2-7B 构建。", ["SigLip-400M", "Qwen2-7B"]),
        ("本モデルは Qwen2.5-7B をベースにしています。", ["Qwen2.5-7B"]),
        ("使用 own/llm-7b 作为语言模型。", ["own/llm-7b"]),
        ("Initialised with the pretrained weights of own/llm-7b.", ["own/llm-7b"]),
        ("基于 own/llm-7b 微调，许可协议为 MIT", ["own/llm-7b"]),
        ("| Base model | own/llm-7b |", ["own/llm-7b"]),
        ("- **Vision encoder**: CLIP-L-14", ["CLIP-L-14"]),
        ("2. Download the `Whisper-large-v3` model.", ["Whisper-large-v3"]),
        ("Initialized from the UNet of Stable Diffusion 2.1.", ["Stable Diffusion 2.1"]),
    ],
)
def test_bases(text: str, told: list[str] | None) -> None:
    assert names(text) == (told or ["SigLip2", "Whisper-medium-300M", "Qwen3-8B"])


@pytest.mark.parametrize(
    "text",
    [
        "It is not based on Qwen2.5.",
        "CI connects `@norae/agents-7b` sessions through it.",
        # What is released, the code to tune it, an example, a licence, cards.
        "We release pretrained model weights of own/llm-7b.",
        "2024.02.02 own/llm-7b的微调代码已开放",
        "以下，我们以 own/llm-7b 为例",
        "权重使用协议请按照 own/llm-7b",
        "使用 own/llm-7b 进行多模态对话 (点击展开)",
        "建议使用4块A800/H800系列显卡",
        "The default model worker based on own/library has great compatibility.",
        "Unlike models built on Qwen2.5, ours starts at random.",
        "Our code is built upon the repository own/llm-7b.",
        "We compare with models fine-tuned from Llama-2-7b.",
        "It supports models based on Qwen2.5.",
        "```\nbuilt on Qwen2.5\n```",
        "trained on 50B tokens with A100 GPUs? of 8B",
        "# Based on Qwen2.5",
        "Download the code of own/llm-7b.",
        "We use CLIP as a filter.",
        "For evaluation we use CLIP as the vision encoder.",
        "CLIP과 비전 인코더를 비교합니다.",
        "비전 인코더는 CLIP이 아닌 자체 모델입니다.",
        "Put it at own/llm-7b/checkpoint.pt.",
        "Download the models with the script below.",
        "The language model uses RoPE and GQA like Llama-3.",
        "The audio encoder uses 80-dim mel features.",
        "음성 인코더는 아래의 설정을 사용합니다.",
        "We integrated TensorBoard 2.0 and WandB to log weights.",
    ],
)
def test_silence(text: str) -> None:
    assert [one for one in names(text) if one.startswith(("Qwen", "own", "Llama"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "Humans should continue with Step 1 below.",
        "基于 INT8 量化",
        "The retriever is based on BM25.",
        "- **Language model**: Qwen2-style decoder with tied embeddings.",
        "The decoder is built on a Llama3-like architecture.",
        "The agent is built on initialize_own4_agent.",
        "It is based on this page (https://github.com/own/ui#model-aka-tagger-14-vit).",
        # What the name stands for is data.
        "Models trained on the [Own-1.5 Pre-train](https://huggingface.co/datasets/own/x) data.",
        "我们采用[LLaVA-150K](https://e.org)英文指令精调数据",
        "Trained on LLaVA-150K instruction data.",
        "LLaVA-150K 지시 데이터를 기반으로 학습함",
    ],
)
def test_what_is_no_model_is_no_base(text: str) -> None:
    assert names(text) == []


def test_items_of_a_comparison_tell_of_other_models() -> None:
    text = "- 비교대상:\n  - [Other](https://e.org): LLaMA 13B을 한국어로 파인튜닝한 모델\n\n"
    assert names(f"{text}- 우리 모델은 own/llm-7b 기반\n") == ["own/llm-7b"]
    assert names("Baselines:\n- X is fine-tuned from Llama-2-7b.\n") == []


def test_what_it_is_for_and_where() -> None:
    (one,) = statements("x\n\nWe adopt SigLIP2-400M as image encoder.")
    assert (one.line, one.part) == (3, "vision-encoder")
    (row,) = statements("| Audio encoder | whisper-large-v3 |")
    assert (row.name, row.part) == ("whisper-large-v3", "audio-encoder")


def test_the_front_matter_is_no_prose() -> None:
    assert list(statements("---\nx: based on Qwen2.5\n---\ntext", 3)) == []


def test_the_settings_of_a_training_in_a_card_name_its_base() -> None:
    axolotl = "```yaml\nbase_model: own/llm-7b\ndatasets:\n  - path: own/data\n```\n"
    merge = (
        "```yaml\nmodels:\n  - model: own/llm-7b\n  - model: own/b-7b\nmerge_method: slerp\n```\n"
    )
    card = "---\nlicense: mit\n---\n"
    assert [one.name for one in statements(card + axolotl, 3)] == ["own/llm-7b"]
    assert [one.name for one in statements(card + merge, 3)] == ["own/llm-7b", "own/b-7b"]
    # In another document it shows how a configuration may look.
    assert names(axolotl) == []


def test_ten_megabytes_are_read_in_time() -> None:
    start = time.process_time()
    for text in ("based on " * 1_100_000, "built a-1 " * 200_000, "use x1 as " * 200_000):
        list(statements(text))
        list(statements(text.replace(" ", "\n")[:2_000_000]))
    assert time.process_time() - start < 30


def test_what_has_a_tag_is_an_image_and_in_order_to_says_nothing() -> None:
    assert not list(statements("也可以使用我们提供的镜像 `norae/voice:0.1` 以跳过这一步。"))
    assert not list(statements("使用 norae/voice:0.1"))
    assert [one.name for one in statements("以 Norae-7B 为基座进行训练。")] == ["Norae-7B"]


def test_what_a_measure_rests_on_is_no_base() -> None:
    assert not list(statements("FID is measured based on images, with sampling by ResNet-101."))


def test_in_a_list_of_thanks_an_item_tells_what_the_other_project_was_made_from() -> None:
    item = "- [Kite](https://github.com/x/kite): A captioning model based on Norae-7B."
    assert not list(statements(f"## Acknowledgements\n\n{item}"))
    ours = item.replace("A captioning model", "our encoder is")
    for text in (item, f"## Thanks\n\n{ours}", f"## Thanks\n\n## Models\n\n{item}"):
        assert [one.name for one in statements(text)] == ["Norae-7B"]
