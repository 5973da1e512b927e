"""What the header of a GGUF file says of its model becomes claims: licence, architecture, base."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import MakeTree
from tests.identify.test_contradictions import metadata
from tests.program import every_component, properties, run


def model(make_tree: MakeTree, name: str, **said: str) -> dict[str, Any]:
    """The component of one GGUF file whose header says this; `__` stands for a dot."""
    header = metadata({f"general.{key.replace('__', '.')}": value for key, value in said.items()})
    root = make_tree({name: header})
    document = json.loads(run("generate", root, "-q", "-o", "-").stdout)
    return next(c for c in every_component(document) if c["type"] == "machine-learning-model")


def test_a_header_states_licence_architecture_and_base(make_tree: MakeTree) -> None:
    found = model(
        make_tree,
        "own-7b.gguf",
        architecture="qwen2",
        license="apache-2.0",
        base_model__0__repo_url="https://huggingface.co/Qwen/Qwen2-7B",
    )
    assert {row["license"]["id"] for row in found["licenses"]} == {"Apache-2.0"}
    assert properties(found, "aisbom:architecture-from") == ["qwen2"]
    assert properties(found, "aisbom:origin:architecture:country") == ["CN"]
    assert [a["purl"] for a in found["pedigree"]["ancestors"]] == ["pkg:huggingface/Qwen/Qwen2-7B"]


@pytest.mark.parametrize("said", [{"type": "mmproj"}, {"architecture": "clip"}])
def test_a_projector_file_is_an_encoder_of_no_designer(
    make_tree: MakeTree, said: dict[str, str]
) -> None:
    found = model(make_tree, "mmproj-own.gguf", **said)
    assert properties(found, "aisbom:component:class") == ["encoder-weights"]
    assert properties(found, "aisbom:origin:architecture:country") == []


def test_words_that_are_no_licence_and_no_page_say_nothing(make_tree: MakeTree) -> None:
    found = model(
        make_tree,
        "own.gguf",
        license="see the page",
        architecture="ownarch",
        base_model__0__repo_url="https://example.org/a/b",
    )
    assert "licenses" not in found
    assert "pedigree" not in found
    assert properties(found, "aisbom:origin:architecture:country") == []


def test_metadata_that_are_null_are_none(make_tree: MakeTree) -> None:
    table = json.dumps(
        {"__metadata__": None, "a.weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}
    ).encode()
    data = len(table).to_bytes(8, "little") + table + bytes(16)
    document = json.loads(
        run("generate", make_tree({"m.safetensors": data}), "-q", "-o", "-").stdout
    )
    found = next(c for c in every_component(document) if c["type"] == "machine-learning-model")
    assert properties(found, "aisbom:tensor:parameters") == ["4"]
