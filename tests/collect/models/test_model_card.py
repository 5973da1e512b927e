from __future__ import annotations

import pytest

from aisbom.collect.models.model_card import COLLECTOR, front_matter
from aisbom.model import Gap, Observation
from aisbom.model.facts import RESULT, Metric
from tests.conftest import MakeTree, collect

CARD = """---
# a comment
license: other
license_name: custom-1.0
license_link: LICENSE
base_model:
- owner/base
- owner/other
base_model_relation: merge
datasets: [a/b]
language:
- ko
- no
- 12
tags: [x, {nested: y}]
pipeline_tag: text-generation
library_name: transformers
---
# Prose
base_model: not/this
"""


def test_a_card(make_tree: MakeTree) -> None:
    (found,) = collect(
        make_tree({"my-model/README.md": "\ufeff" + CARD.replace("\n", "\r\n")}), COLLECTOR
    )
    assert isinstance(found, Observation)
    assert (found.kind, found.name, found.version, found.purl) == ("model", "my-model", "", "")
    assert (found.evidence.at.line, found.evidence.excerpt) == (3, "license: other")
    assert found.all("base-model") == ("owner/base", "owner/other")
    assert found.all("language") == ("12", "ko", "no")
    assert found.all("tag") == ("x",)
    assert (found.fact("license"), found.fact("license-name"), found.fact("license-link")) == (
        "other",
        "custom-1.0",
        "LICENSE",
    )
    assert (found.fact("base-model-relation"), found.fact("dataset"), found.fact("model-id")) == (
        "merge",
        "a/b",
        "",
    )


def test_a_hub_cache_gives_the_name_and_the_commit(make_tree: MakeTree) -> None:
    commit = "0" * 39 + "1"
    (found,) = collect(
        make_tree({f"models--Owner--Name/snapshots/{commit}/README.md": CARD}), COLLECTOR
    )
    assert isinstance(found, Observation)
    assert found.fact("title") == "Prose"
    assert (found.name, found.version, found.purl) == (
        "Owner/Name",
        commit,
        f"pkg:huggingface/Owner/Name@{commit}",
    )


@pytest.mark.parametrize(
    "text",
    [
        "# A project\n\nlicense: mit\n",
        "---\ntitle: A page\nlayout: post\nlicense: mit\ntags: [x]\n---\n",
        "---\nlicense: mit\ntask_categories: [x]\n---\n",
        "---\nlicense: mit\nsdk: gradio\n---\n",
        "---\nlicense: mit\n---\n",
        "---\nlicense: mit\nbase_model: never/closed\n",
        "---\n\nsome words: [\n---\n",
        "",
        "---",
        "---\n---\n",
    ],
)
def test_other_readmes_say_nothing(make_tree: MakeTree, text: str) -> None:
    assert collect(make_tree({"README.md": text}), COLLECTOR) == ()


def test_weak_keys_count_beside_a_model(make_tree: MakeTree) -> None:
    found = collect(
        make_tree({"m/README.md": "---\nlicense: mit\n---\n", "m/model.safetensors": "x"}),
        COLLECTOR,
    )
    assert [row.fact("license") for row in found if isinstance(row, Observation)] == ["mit"]


@pytest.mark.parametrize("value", ["[" * 100_000, "[", "&a [*a, *a]\nx: *b", '"\\x"'])
def test_hostile_cards_are_gaps_or_nothing(make_tree: MakeTree, value: str) -> None:
    found = collect(
        make_tree({"README.md": f"---\nlicense: mit\nbase_model: {value}\n---\n"}), COLLECTOR
    )
    assert len(found) <= 1
    assert not [row for row in found if isinstance(row, Observation) and row.all("base-model")]
    assert all(isinstance(row, Gap) for row in found) or value.startswith("&")


def test_the_end_of_front_matter() -> None:
    assert front_matter("---\na: 1\n---") == "a: 1\n"
    assert front_matter("---\na: 1\n...\n") == "a: 1\n"
    assert front_matter("\n---\na: 1\n---\n") == ""
    assert front_matter("----\na: 1\n---\n") == ""


def test_a_long_card_is_cut_between_characters(make_tree: MakeTree) -> None:
    text = (
        "---\nlicense: mit\nbase_model: o/n\nlanguage_name: 한국어\n---\n"
        + "가나다" * 100
        + "\n"
        + "가" * 90_000
    )
    (found,) = collect(make_tree({"m/README.md": text}), COLLECTOR)
    assert isinstance(found, Observation)
    assert found.fact("base-model") == "o/n"


def test_results_of_the_index_and_lines_of_prose(make_tree: MakeTree) -> None:
    card = """---
pipeline_tag: text-generation
model-index:
- name: m
  results:
  - dataset: {name: D, split: test}
    metrics: [{type: accuracy, value: 0.5}, {type: bad, value: [1]}, 7]
  - 3
---
# m

A model that does something for the people who asked for it.

It was trained from scratch.
"""
    rows = [
        row
        for row in collect(make_tree({"m/README.md": card}), COLLECTOR)
        if isinstance(row, Observation)
    ]
    assert rows[0].get(RESULT) == (Metric("accuracy", "0.5", "D, test"),)
    assert rows[0].fact("summary").startswith("A model that does")
    assert (rows[1].fact("from-scratch"), rows[1].evidence.at.line) == (
        "It was trained from scratch.",
        14,
    )


@pytest.mark.parametrize(
    "index", ["3", "text", "[3]", "[{results: 4}]", "[{results: [{metrics: 5, dataset: 6}]}]"]
)
def test_other_indexes_give_no_results(make_tree: MakeTree, index: str) -> None:
    rows = collect(
        make_tree({"m/README.md": f"---\npipeline_tag: x\nmodel-index: {index}\n---\n"}), COLLECTOR
    )
    assert [row.all("result") for row in rows if isinstance(row, Observation)] == [()]


def test_a_readme_without_front_matter_speaks_of_the_weights_beside_it_only(
    make_tree: MakeTree,
) -> None:
    text = "# thing\n\nWe trained it from scratch.\n"
    root = make_tree(
        {
            "m/README.md": text,
            "m/config.json": "{}",
            "m/model.safetensors": "x",
            "app/README.md": text,
            "app/config.json": "{}",
        }
    )
    assert {
        row.evidence.at.path for row in collect(root, COLLECTOR) if isinstance(row, Observation)
    } == {"m/README.md"}
