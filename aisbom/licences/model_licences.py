"""The licences of models that sentences name: `the Llama 2 Community License`.

The identifiers are those of `knowledge/data/licence_names.csv`, which says where each text stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.lazy_module import compile_later

_LICENCE = r"(?:licen[cs]e|라이[선센]스|许可|協議|协议)"
_LLAMA = compile_later(
    r"\bllama[\s-]?(?P<version>2|3\.[123]|3|4)(?:\.0)?[\s-]+(?:community[\s-]+)?"
    + _LICENCE
    + r"|licen[cs]e\W{0,3}\s++of\s++\W{0,3}(?:meta[\s-]+)?llama[\s-]?(?P<of>2|3\.[123]|3|4)\b",
    re.IGNORECASE,
)
_EXAONE = compile_later(
    r"\bEXAONE AI model licen[cs]e(?: agreement)?(?: (?P<version>1\.[012]))?", re.I
)
_NAMES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (f"LicenseRef-{name}", word, compile_later(pattern, re.IGNORECASE))
    for name, word, pattern in (
        ("Gemma", "gemma", r"\bgemma[\s-]+(?:licen[cs]e|terms[\s-]+of[\s-]+use)"),
        ("OpenRAIL-PlusPlus", "rail", r"open[\s-]*rail\+\+"),
        ("CreativeML-Open-RAIL-M", "rail", r"creativeml[\s-]+open[\s-]*rail(?!\+)[\s-]*m\b"),
        ("BigScience-BLOOM-RAIL-1.0", "rail", r"bloom[\s-]+rail\b"),
        ("BigScience-OpenRAIL-M", "rail", r"bigscience[\s-]+open[\s-]*rail[\s-]*m\b"),
        ("BigCode-OpenRAIL-M", "rail", r"bigcode[\s-]+open[\s-]*rail[\s-]*m\b"),
        (
            "Tongyi-Qianwen-Research",
            "qianwen",
            r"tongyi[\s-]+qianwen[\s-]+research[\s-]+licen[cs]e",
        ),
        ("Tongyi-Qianwen", "qianwen", r"tongyi[\s-]+qianwen[\s-]+licen[cs]e"),
        ("Qwen-Research", "qwen", r"qwen[\s-]+research[\s-]+licen[cs]e"),
        ("Qwen", "qwen", r"qwen[\s-]+licen[cs]e"),
        ("DeepSeek", "deepseek", r"deepseek[\s-]+(?:model[\s-]+)?licen[cs]e"),
        ("GLM-4", "glm-4", r"glm-4[\s-]+(?:model[\s-]+)?licen[cs]e"),
        ("Yi", "yi", r"\byi[\s-]+(?:series[\s-]+models?[\s-]+)?(?:community[\s-]+)?licen[cs]e"),
        (
            "Stability-AI-Community",
            "stability",
            r"stability(?:[\s-]+ai)?[\s-]+community[\s-]+licen[cs]e",
        ),
        (
            "FLUX-1-dev-NonCommercial",
            "flux",
            r"flux\.1[\s-]+\[?dev\]?[\s-]+non-?commercial[\s-]+licen[cs]e",
        ),
        ("NVIDIA-Open-Model", "nvidia", r"nvidia[\s-]+open[\s-]+model[\s-]+licen[cs]e"),
        ("Mistral-Research", "mistral", r"mistral(?:[\s-]+ai)?[\s-]+research[\s-]+licen[cs]e"),
        (
            "Mistral-NonProduction",
            "mistral",
            r"mistral(?:[\s-]+ai)?[\s-]+non-?production[\s-]+licen[cs]e",
        ),
        (
            "Tencent-Hunyuan-Community",
            "hunyuan",
            r"tencent[\s-]+hunyuan[\s-]+community[\s-]+licen[cs]e",
        ),
        ("Kanana", "kanana", r"kanana[\s-]+licen[cs]e"),
        (
            "HyperCLOVA-X-SEED",
            "hyperclova",
            r"hyperclova[\s-]*x[\s-]+seed[\s-]+(?:model[\s-]+)?licen[cs]e",
        ),
        ("Upstage-Solar", "solar", r"(?:upstage[\s-]+)?solar[\s-]+licen[cs]e"),
        ("K-EXAONE", "k-exaone", r"\bk-exaone[\s-]+(?:ai[\s-]+)?(?:model[\s-]+)?licen[cs]e"),
        (
            "FAIR-Noncommercial-Research",
            "fair",
            r"fair[\s-]+non-?commercial[\s-]+research[\s-]+licen[cs]e",
        ),
        ("DINOv3", "dinov3", r"dinov3[\s-]+licen[cs]e"),
        # Which of them is not said: for applications (A), models (M), source code (S).
        ("OpenRAIL", "rail", r"\bopen[\s-]*rail(?:[\s-]*[dams]{1,4})?\b(?!\+)"),
        ("DeepFloyd-IF", "deepfloyd", r"deepfloyd(?:[\s-]+if)?[\s-]+licen[cs]e"),
        (
            "NVIDIA-Source-Code-NC",
            "nvidia",
            r"nvidia[\s-]+source[\s-]+code[\s-]+licen[cs]e(?!.{0,30}1-way)",
        ),
        ("S-Lab-1.0", "s-lab", r"\bs-lab[\s-]+licen[cs]e"),
        ("Seamless", "seamless", r"seamless[\s-]+licens(?:e|ing[\s-]+agreement)"),
        ("Jamba-Open-Model", "jamba", r"jamba[\s-]+open[\s-]+model[\s-]+licen[cs]e"),
    )
)
"""Identifier, a word without which it is not named (in lower case), and how it is named."""


def model_licences(words: str) -> Iterator[str]:
    """The identifiers of the model licences that words name, each once."""
    if found := _LLAMA.search(words):
        yield f"LicenseRef-Llama-{found['version'] or found['of']}"
    if found := _EXAONE.search(words):
        version = found["version"]
        yield f"LicenseRef-EXAONE-{version}-NC" if version else "LicenseRef-EXAONE"
    rest, low = words, words.lower()
    for name, word, pattern in _NAMES:
        if word in low and pattern.search(rest):
            yield name
            # A longer name holds a shorter one: `Tongyi Qianwen Research License`.
            rest = pattern.sub(" ", rest)
