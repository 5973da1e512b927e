"""Whom a README credits."""

from __future__ import annotations

import pytest

from aisbom.collect.ownership.readme_credits import COLLECTOR, find_readme_credits
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

README = """# Haneul

Install it from https://github.com/haneul-ai/haneul and read https://github.com/norae-labs/docs/wiki.

This project is developed based on [Norae](https://github.com/norae-labs/norae.git).

```
git clone https://github.com/thanks/for-nothing
```

## Acknowledgements

- [Baram](https://github.com/baram/baram) for the data loader
- an issue: https://github.com/baram/baram-issues/issues/3

## Related projects

- https://github.com/other/thing
"""


def test_sentences_and_headings_credit_and_other_links_do_not() -> None:
    assert [(one.line, one.address, one.how) for one in find_readme_credits(README)] == [
        (5, "https://github.com/norae-labs/norae", "built-on"),
        (13, "https://github.com/baram/baram", "thanks"),
    ]


def test_thanks_are_a_hint_and_what_a_project_is_built_on_is_more(make_tree: MakeTree) -> None:
    rows = list(collect(make_tree({"README.md": README}), COLLECTOR))
    assert {
        (o.fact("credit"), o.evidence.confidence) for o in rows if isinstance(o, Observation)
    } == {("built-on", "medium"), ("thanks", "low")}


def test_nothing_is_read_into_an_empty_or_broken_file(make_tree: MakeTree) -> None:
    for text in ("", "#" * 10_000, "<h1>thanks", "\x00\xff", "## Thanks\n" * 5_000):
        assert list(collect(make_tree({"README.md": text}), COLLECTOR)) == []


def test_a_file_named_after_where_its_folder_comes_from_credits_what_it_names(
    make_tree: MakeTree,
) -> None:
    text = """# Provenance

These sources are the work of [Norae](https://github.com/norae-labs/norae), release 1.1.
"""
    rows = list(collect(make_tree({"kernels/PROVENANCE.md": text}), COLLECTOR))
    assert [o.name for o in rows if isinstance(o, Observation)] == [
        "https://github.com/norae-labs/norae"
    ]
    assert not list(find_readme_credits(text)), "in a README the same words credit nobody"


@pytest.mark.parametrize(
    "line",
    [
        "- [Baram](https://github.com/baram/baram) is based on Haneul.",
        "- [`baram-rs`](https://github.com/baram/baram-rs): A port of Gayo's tutorial on Haneul.",
        "* [Baram](https://github.com/baram/baram) 是基于haneul微调的项目",
        "- https://github.com/baram/baram extends [Haneul](https://haneul.example)",
        "| [A tool based on our norae models](https://github.com/some/tool) | 2024 |",
        "On top of our codebase, train it with https://github.com/some/data",
        "| [基于 norae 模型构建数据集](https://github.com/some/data_builder) |",
        "We trained it with Python 3.9; the codebase needs https://github.com/some/decoder",
        "Error rate, which can be calculated based on [Norae](https://github.com/norae-labs/norae)",
        "| [Original implementation](https://github.com/some/baseline) | 71.2 |",
        "[Baram](https://github.com/baram/baram) is a modified version of Haneul.",
        "- [Baram](https://github.com/baram/baram) uses some code from Haneul.",
        "Run it by the [Haneul original code](https://github.com/some/code).",
        "数据提取自 [Norae](https://github.com/norae-labs/norae)",
        "[norae](https://github.com/norae-labs/norae)를 포크해서 쓰세요.",
        "Haneul is built on Norae. We test it on [bench](https://github.com/some/bench).",
        "Haneul 1.1 is based on norae 2. See [here](https://github.com/some/page) for more.",
        "이 모델은 norae를 기반으로 만들었다. 평가는 [bench](https://github.com/some/bench)로 했다.",
        "The metrics are from [bench](https://github.com/some/bench).",
        "The Haneul codebase is open, and [norae](https://github.com/norae-labs/norae) is, too.",
        "Prepare it as the [norae](https://github.com/norae-labs/norae) codebase says.",
        "- [Norae](https://github.com/norae-labs/norae): an open-source codebase for videos.",
        "Built on gureum, working in the same way as [Norae](https://github.com/norae-labs/norae)",
        "A server based on gureum; compatible with [Norae](https://github.com/norae-labs/norae).",
    ],
)
def test_what_is_built_on_something_else_is_no_source(line: str) -> None:
    assert list(find_readme_credits(line)) == []


@pytest.mark.parametrize(
    "line",
    [
        "- [Norae](https://github.com/norae-labs/norae): the codebase we built upon, and more",
        "[Norae](https://github.com/norae-labs/norae)를 기반으로 만들었습니다.",
        "Haneul is based on Norae at [this commit](https://github.com/norae-labs/norae/commit/1)",
        "本项目基于 [Norae](https://github.com/norae-labs/norae)",
        "The code is [based on tool](https://github.com/some/tool).",
        "It is developed on two baseline codes of [Norae](https://github.com/norae-labs/norae)",
        "Modifications to BGMV kernel from Norae: https://github.com/norae-labs/norae",
        "This codebase borrows from Norae's tools, most notably [N](https://github.com/n/norae).",
        "Our codebase builds heavily on [Norae's](https://github.com/norae-labs/norae).",
        "| [Original Github Repository](https://github.com/norae-labs/norae/tree/main/judge)",
        "1. We borrowed a lot of code from [Norae](https://github.com/norae-labs/norae).",
        "- [Norae](https://github.com/norae-labs/norae): we modified the loader from this.",
        "- The template uses code from [norae](https://github.com/norae-labs/norae).",
        "We learned the design and reused code from these: [N](https://github.com/n/norae)",
        "Modified version of [Norae](https://github.com/norae-labs/norae) for dense features",
        "* Fast kernels from Norae, [original code](https://github.com/norae-labs/norae/tree/x)",
        "- Some evaluation code is modified upon [Norae](https://github.com/norae-labs/norae).",
        "Original code is from https://github.com/norae-labs/norae/blob/main/loss.cu",
        "提取自[Norae](https://github.com/norae-labs/norae)的高性能内核",
        "This codebase is a customized extension of [Norae](https://github.com/norae-labs/norae).",
        "It is developed from the [Norae](https://github.com/norae-labs/norae) codebase.",
        "The original codebase can be found at [N](https://github.com/n/norae)",
        "The implementation of the encoder is from [norae](https://github.com/norae-labs/norae) by N.",
        "the xllmx module, which is evolved from [Norae](https://github.com/norae-labs/norae) for x",
        "We thank the [Norae](https://github.com/n/norae) team as we use their loading code.",
        "It is built on, e.g. [Norae](https://github.com/norae-labs/norae)",
        "The underlying codebase for training originates from [N](https://github.com/n/norae)",
        "haneul은 [norae](https://github.com/norae-labs/norae)의 포크입니다.",
        "We use [Norae v0.13](https://github.com/norae-labs/norae/tree/v0.13) as the codebase.",
    ],
)
def test_what_the_project_is_built_on_may_stand_on_either_side(line: str) -> None:
    assert [one.how for one in find_readme_credits(line)] == ["built-on"]


@pytest.mark.parametrize(
    ("line", "fork"),
    [
        (
            "This project is a clean fork of the original [veRL](https://github.com/a/verl) one.",
            True,
        ),
        ("This repository is a fork of https://github.com/a/verl", True),
        ("The loader is a fork of [verl](https://github.com/a/verl).", False),
        ("This project is based on a fork. It uses [verl](https://github.com/a/verl).", False),
    ],
)
def test_a_sentence_that_says_the_whole_is_a_fork(line: str, fork: bool) -> None:
    found = [one.fork for one in find_readme_credits(f"# X\n\n{line}\n\n## Thanks\n\n{line}\n")]
    assert found[:1] == [fork]


@pytest.mark.parametrize(
    "sentence",
    [
        "This implementation is based on",
        "Our codes are based on the following repos:",
        "This implementation uses code from following repositories:",
        "Besides, this repo contains modified codes from:",
        "Extracted kernels from Norae for easier integration. See the original code below.",
        "本项目主要基于以下开源项目二次开发，在此表示感谢。",
    ],
)
def test_a_list_below_a_sentence_about_code_says_what_it_was_taken_from(sentence: str) -> None:
    items = [f"- [{name}](https://github.com/{name}/{name})" for name in ("norae", "baram")]
    text = "\n".join([sentence, "", *items, "", "Run it, and see https://github.com/a/b"])
    assert [(one.line, one.how) for one in find_readme_credits(text)] == [
        (3, "built-on"),
        (4, "built-on"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Projects based on Haneul or that use its components:",
        "基于或使用了 Haneul 的开源项目：",
        "Frameworks that are built on top of Haneul are listed below:",
        "The Haneul codebase is also used to run related models:",
        "- Cosine similarity based on:",
        "This project is built upon the following open-source projects:",
    ],
)
def test_a_list_of_what_others_built_or_of_what_is_used_is_no_source(sentence: str) -> None:
    text = f"{sentence}\n\n- [norae](https://github.com/norae/norae)\n"
    assert list(find_readme_credits(text)) == []


def test_of_an_item_the_first_address_alone_is_what_the_list_names() -> None:
    one, other = "https://github.com/norae/norae", "https://github.com/norae/data"
    text = f"Our code is based on:\n- [Norae]({one}), which reads [data]({other})\n"
    assert [found.address for found in find_readme_credits(text)] == [one]


def test_a_sentence_goes_on_in_the_next_line() -> None:
    first, other = ("https://github.com/norae-labs/norae", "https://github.com/hanul/hanul")
    text = f"It includes some codes from [Norae]({first})\n(MIT) and [Hanul]({other}).\n"
    assert [one.how for one in find_readme_credits(text)] == ["built-on", "built-on"]
    text = f"This is based on [Norae]({first})\nand [Hanul]({other}).\n"
    assert [one.how for one in find_readme_credits(text)] == ["built-on", "built-on"]
    assert len(list(find_readme_credits(f"See [Norae]({first})\nand [Hanul]({other}).\n"))) == 0


def test_documents_credit_only_what_code_of_the_project_was_taken_from(make_tree: MakeTree) -> None:
    text = """# Tools

We provide a script adapted from [norae-flops](https://github.com/norae/flops) to count.
本项目是基于[Baram](https://github.com/baram/baram)框架搭建。
The [Haneul](https://github.com/haneul/haneul) server is built on [Gureum](https://github.com/g/gureum).

Thanks to [Byeol](https://github.com/byeol/byeol).
"""
    rows = list(collect(make_tree({"docs/tools.md": text}), COLLECTOR))
    assert {o.name for o in rows if isinstance(o, Observation)} == {
        "https://github.com/norae/flops",
        "https://github.com/baram/baram",
    }


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (
            "A trainable PyTorch reproduction of Gayo's\n[Norae](https://github.com/n/norae).",
            "built-on",
        ),
        ("This code is built on\n[Norae](https://github.com/n/norae) and more", "built-on"),
        ("This code is built on\n\n[Norae](https://github.com/n/norae)", ""),
        ("This code is built on gayo, thanks\n[Norae](https://github.com/n/norae)", ""),
        ("This code is built on\nwhat we saw in [Norae](https://github.com/n/norae)", ""),
    ],
)
def test_a_sentence_that_breaks_off_before_a_link(text: str, how: str) -> None:
    assert [one.how for one in find_readme_credits(text) if one.how != "thanks"] == [how][
        : bool(how)
    ]


def test_a_copy_of_an_older_readme_is_no_list_of_sources(make_tree: MakeTree) -> None:
    text = "Download [Norae](https://github.com/norae-labs/norae) first.\n"
    assert not list(collect(make_tree({"docs/original_readme.md": text}), COLLECTOR))
