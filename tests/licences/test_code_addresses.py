"""Addresses of code in comments: which say that code came from there, and which do not."""

from __future__ import annotations

import time

import pytest

from aisbom.licences.code_addresses import find_addresses

FILE = "https://github.com/norae-labs/norae/blob/main/norae/attention.py"
REPOSITORY = "https://github.com/norae-labs/norae"


def addresses(text: str) -> list[tuple[int, str, bool]]:
    data = text.encode()
    return [(one.line, one.url, one.whole) for one in find_addresses(data, data.lower())]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"# From {FILE}\nimport os\n", 1),
        (f"# Original: {FILE}\nimport os\n", 1),
        (f"# Reference: {FILE}#L12\nimport os\n", 1),
        (f"# See also {REPOSITORY}\nimport os\n", 1),
        (f'"""{FILE}\n"""\nimport os\n', 1),
        (f'"""Reading of data, and its docs\n{FILE}\n"""\nimport os\n', 2),
        (f"# Usage: python x.py\n# From {FILE}\nimport os\n", 2),
        (f"# Code from the following place,\n# as it stood:\n# {REPOSITORY}\nimport os\n", 3),
        (f"# Adapted from\n# [Norae]({REPOSITORY}) and others\nimport os\n", 2),
        (f"import os\n\n\n# {FILE}\ndef f():\n    pass\n", 4),
        (f"import os\n\n\nclass A:  # {REPOSITORY}\n    pass\n", 4),
        (f"import os\n\n\ndef f():\n    # {FILE}\n    return 1\n", 5),
        (f"import os\n# Norae block {FILE}\n", 2),
        (f"/*\n * Modified from {FILE}\n */\n#include <a.h>\n", 2),
        (f"// copied from {REPOSITORY}.\nint a;\n", 1),
        (f"# Copyright Norae ({REPOSITORY}). All Rights Reserved\nimport os\n", 1),
        (f"import os\n# code based {REPOSITORY}\n", 2),
        (f"# 来自：{REPOSITORY}\nimport os\n", 1),
        (f"import os\nx = 1\n# 修改自 {REPOSITORY}\n", 3),
        (f"# 参考 {REPOSITORY}\ndef f(): ...\n", 1),
        (f"import os\nx = 1\n# 参考 {FILE}\n", 3),
        (f"x = 1\n# 출처: {REPOSITORY}\n", 2),
        (f"# 참고한 코드: {REPOSITORY}\ndef f(): ...\n", 1),
        (f"x = 1\n# {REPOSITORY} より引用\n", 2),
        (f"x = 1\n# {REPOSITORY} から移植しました\n", 2),
        (f"# {REPOSITORY} を参考に実装\ndef f(): ...\n", 1),
        (f"/*\nReading of waves.\n\nGitHub: {REPOSITORY}\n*/\n#include <a.h>\n", 4),
        (f"int a;\n// it is based on the following:\n//\n//   {REPOSITORY}\nvoid f();\n", 4),
        (f'"""\nWe are vendoring {REPOSITORY} (MIT)\n"""\nimport os\n', 2),
        (f"// original implementation:\n// {REPOSITORY}/commit/0a1b2c\nvoid f();\n", 2),
    ],
)
def test_an_address_that_says_where_code_is_from(text: str, line: int) -> None:
    (one,) = addresses(text)
    assert one[0] == line
    assert one[1].startswith(REPOSITORY)


@pytest.mark.parametrize(
    "text",
    [
        f"# see {REPOSITORY}/issues/12\nimport os\n",
        f"# see {REPOSITORY} for details\nimport os\n",
        f'URL = "{FILE}"\n',
        f'raise ValueError("copied from {FILE}")\n',
        f"# download the weights from {REPOSITORY}/releases/tag/v1\nimport os\n",
        f"# pip install git+{REPOSITORY}\nimport os\n",
        f"# Homepage: {FILE}\nimport os\n",
        "# from https://huggingface.co/norae-labs/norae-7b\nimport os\n",
        "# From https://arxiv.org/abs/1706.03762\nimport os\n",
        f"x = 1\n# a bug that {REPOSITORY} has as well\n",
        f"# License: {REPOSITORY}/blob/main/LICENSE\nimport os\n",
        f"# dataset at {REPOSITORY} - Some Public License {REPOSITORY}/tree/main#license\nimport os\n",
        f'def f():\n    """It fails.\n\n    See also: {FILE}#L306\n\n    """\n',
        f"# Written for Norae ({REPOSITORY})\nimport os\n",
        (
            "def f(obj):\n    # the docs say that it works only in the binary protocol, see\n"
            "    # https://docs.example.org/pickle\n"
            "    # https://github.com/norae/norae/blob/main/pickle.py#L5\n    return obj\n"
        ),
        f"import os\n# Reference: {REPOSITORY}\nx = norae.attend(y)\n",
        f"import os\n# 参考：{REPOSITORY}\nx = norae.attend(y)\n",
        f"x = 1\n# 参考文档 {FILE}\n",
        f"x = 1\n# 자세한 설명: {REPOSITORY}\n",
        f"x = 1\n# モデルのダウンロードは {REPOSITORY} から\n",
        f"x = 1\n# 下载权重: {REPOSITORY}\n",
        f'def f():\n    """\n    Norae implements this as a fallback: {FILE}\n    """\n',
        f"x = 1\n# mended in {REPOSITORY}/commit/0a1b2c\n",
        "# The flag is set as described in\n# https://github.com/norae/norae/blob/main/a.py\nx = 1\n",
    ],
)
def test_an_address_that_says_something_else(text: str) -> None:
    assert addresses(text) == []


def test_a_list_below_a_sentence_is_read_to_its_end() -> None:
    text = (
        "# Adapted from the repositories below:\n"
        f"# (a) Norae ({REPOSITORY})\n"
        "# (b) Haneul (https://github.com/haneul-ai/haneul/)\n"
        "import os\n"
    )
    assert [line for line, _, _ in addresses(text)] == [2, 3]


def test_a_list_of_references_at_the_top_is_read_whole() -> None:
    text = (
        "# training code\n# -----\n# References:\n"
        f"# Norae: {REPOSITORY}\n"
        "# Paper: https://arxiv.org/abs/1706.03762\n"
        "# Haneul: https://github.com/haneul-ai/haneul\n"
        "# Site: see https://github.com/haneul-ai/site\n"
        "# -----\nimport os\n"
    )
    assert [line for line, _, _ in addresses(text)] == [4, 6]
    assert addresses(text.replace("References:", "Benchmarks:")) == []
    assert addresses("import os\n\n\n" + text) == []


def test_what_stands_above_all_code_speaks_of_the_file() -> None:
    text = f"# From {FILE}\nimport os\n\n\n# From https://github.com/o/r/blob/main/b.py\ndef f(): ...\n"
    assert [whole for _, _, whole in addresses(text)] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "# https://github.com/a/b " * 20_000,
        f"# {REPOSITORY}\n" * 20_000,
        '"""' * 100_000 + f"\n# From {FILE}\n",
        "# from " + " " * 500_000 + REPOSITORY,
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    addresses(text)
    assert time.process_time() - start < 2
