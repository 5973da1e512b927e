"""A gap says what kind of thing is wrong and where; what the file holds stays in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from aisbom.collect import COLLECTORS
from aisbom.model import Gap
from tests.collect.test_manifests_hostile import SAMPLES
from tests.conftest import MakeTree, collect
from tests.test_hostile import FORMATS

WORD = "qz7jvsecret"
GARBAGE = (
    f"{WORD} is = no ({WORD}!",
    f'"{WORD} x": ["{WORD}',
    f"- {WORD} ~ {WORD}: [{{'{WORD}",
    f"'{WORD}' = {WORD} ?? {WORD}",
)
MORE = {
    "Dockerfile": "FROM python:3.12\nRUN pip install numpy==1.0\nRUN apt-get install curl\n",
    "train.py": "import torch\nx = torch.load('a.pt')\nAutoModel.from_pretrained('o/n')\n",
    "a.ipynb": '{"cells": [{"cell_type": "code", "source": ["import torch"]}]}',
    "train.yaml": "model_name_or_path: owner/name\n",
    "models/m/tokenizer.json": '{"model": {"vocab": {"a": 1}}}',
    "models/m/model.safetensors.index.json": '{"weight_map": {"a": "b.safetensors"}}',
    "models/m/adapter_config.json": '{"peft_type": "LORA", "base_model_name_or_path": "o/n"}',
    "x-1.0.dist-info/direct_url.json": '{"url": "https://host.example/x"}',
    "x-1.0.dist-info/RECORD": "x.py,sha256=abc,1\n",
    ".gitmodules": '[submodule "a"]\n\tpath = a\n\turl = https://host.example/a\n',
    "conan.lock": '{"version": "0.5", "requires": ["zlib/1.2.11#abc%1"]}',
}
TEXTS = {
    **{name: text for name, (_, text) in SAMPLES.items()},
    **FORMATS,
    **MORE,
}


def damaged(text: str) -> Iterator[str]:
    """The text with each line, each value in quotes, and its end replaced by words that fit
    nowhere.
    """
    lines = text.split("\n")
    for number in range(min(len(lines), 12)):
        for garbage in GARBAGE:
            yield "\n".join([*lines[:number], garbage, *lines[number + 1 :]])
    for found in list(re.finditer(r"(['\"])([^'\"\n]+)\1", text))[:12]:
        yield f"{text[: found.start(2)]}{WORD} ~ !{text[found.end(2) :]}"
    for part in (text[: len(text) // 2], text):
        yield f"{part}{WORD}\0{WORD} ((("


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_what_is_wrong_is_said_without_a_word_of_it(make_tree: MakeTree, name: str) -> None:
    root = make_tree({f"f{n}/{name}": text for n, text in enumerate(damaged(TEXTS[name]))})
    gaps = [row for row in collect(root, *COLLECTORS) if isinstance(row, Gap)]
    assert not [gap.reason for gap in gaps if WORD in gap.reason]


def test_the_damage_is_seen(make_tree: MakeTree) -> None:
    root = make_tree({f"f{n}/{name}": GARBAGE[0] for n, name in enumerate(sorted(TEXTS))})
    rows = collect(root, *COLLECTORS)
    assert len({row.at.path for row in rows if isinstance(row, Gap)}) > len(TEXTS) / 2
