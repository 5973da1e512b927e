from __future__ import annotations

import json

from tests.conftest import MakeTree
from tests.merge.test_models import merged


def tokenizer(*words: str, shift: int = 0) -> str:
    return json.dumps(
        {
            "model": {
                "type": "BPE",
                "vocab": {word: number + shift for number, word in enumerate(words)},
                "merges": [],
            }
        }
    )


def test_identical_extended_and_independent(make_tree: MakeTree) -> None:
    words = [f"w{n}" for n in range(100)]
    files: dict[str, str | bytes] = {
        "a/tokenizer.json": tokenizer(*words),
        "b/tokenizer.json": tokenizer(*words),
        "c/tokenizer.json": tokenizer(*words, "x", "y"),
        "d/tokenizer.json": tokenizer(*(f"v{n}" for n in range(50))),
        "e/tokenizer.json": tokenizer(*words[:70], *(f"u{n}" for n in range(30))),
    }
    scan = merged(make_tree, files)
    said = {
        c.ref: [text for text, _ in c.facts("comparison")]
        for c in scan.components
        if c.ref.startswith("tokenizer:")
    }
    assert said["tokenizer:a"] == [
        "identical to b/tokenizer.json: the same 100 tokens under the same numbers",
        "independent of d/tokenizer.json: 100 and 50 tokens, about 0% of the smaller in the larger",
        (
            "is extended by c/tokenizer.json: 100 and 102 tokens, about 100% of the smaller in the"
            " larger"
        ),
        (
            "overlaps with e/tokenizer.json: 100 and 100 tokens, about 70% of the smaller in the"
            " larger"
        ),
    ]
    assert (
        "extends a/tokenizer.json: 102 and 100 tokens, about 100% of the smaller in the larger"
        in said["tokenizer:c"]
    )


def test_a_tokenizer_alone_is_compared_with_nothing(make_tree: MakeTree) -> None:
    scan = merged(make_tree, {"a/tokenizer.json": tokenizer("a", "b"), "b/tokenizer.json": "{}"})
    assert not [text for c in scan.components for text in c.facts("comparison")]
