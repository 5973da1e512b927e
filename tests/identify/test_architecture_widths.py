from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from aisbom.pipeline import scan
from tests.conftest import MakeTree
from tests.identify.test_contradictions import config, weights


def hints(
    make_tree: MakeTree, vision: dict[str, Any], projector: int
) -> list[tuple[str, str, str]]:
    held = weights(language_model__w=(16, 16), projector__weight=(4, projector))
    tree = make_tree({"m/config.json": config(vision_config=vision), "m/model.safetensors": held})
    claims = [
        c
        for c in scan(tree).claims
        if c.attribute == "architecture-from" and c.evidence[0].by == "architecture/width"
    ]
    assert {e.confidence for c in claims for e in c.evidence} <= {"low"}
    return [(c.subject, c.value, c.evidence[0].excerpt) for c in claims]


def test_a_width_that_fits_another_model_is_a_hint_in_words(make_tree: MakeTree) -> None:
    ((subject, value, words),) = hints(make_tree, {"model_type": "eyes", "hidden_size": 1024}, 1152)
    assert (subject, value) == ("model:m#projector", "SigLIP So400m")
    assert words.startswith(
        "in-width 1152 -> the encoders beside it give 1,024; 1,152 is the width of"
    )


def test_an_encoder_that_projects_to_somebody_elses_width(make_tree: MakeTree) -> None:
    found = hints(make_tree, {"model_type": "eyes", "hidden_size": 24, "out_hidden_size": 3584}, 24)
    assert {(subject, value) for subject, value, _ in found} == {
        ("model:m#vision-encoder", "Qwen2 7B"),
        ("model:m#vision-encoder", "Gemma 2 9B"),
    }


@pytest.mark.parametrize(
    ("vision", "projector"),
    [
        ({"model_type": "eyes", "hidden_size": 1152}, 1152),
        ({"model_type": "eyes", "hidden_size": 288}, 1152),  # four patches at once
        ({"model_type": "eyes", "hidden_size": 1024}, 1000),  # fits nothing that is known
        ({"model_type": "eyes"}, 1152),  # nothing to compare with
        ({"model_type": "eyes", "hidden_size": 24, "out_hidden_size": 16}, 24),
    ],
)
def test_silence(make_tree: MakeTree, vision: dict[str, Any], projector: int) -> None:
    assert hints(make_tree, vision, projector) == []


def test_every_width_says_where_it_was_read() -> None:
    table = tomllib.loads((resources.files("aisbom.knowledge") / "widths.toml").read_text("utf-8"))
    assert {"encoder", "language"} <= set(table)
    for row in [row for rows in table.values() for row in rows]:
        assert set(row) == {"width", "name", "source"}
        assert row["source"].startswith(
            ("https://", "transformers 5.23.0, models/", "open_clip_torch 3.3.0, src/")
        ), row
