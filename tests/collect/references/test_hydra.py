"""Settings that Hydra puts together: what only the whole names, and where that is stated."""

from __future__ import annotations

import pytest

from aisbom.collect.references import settings
from aisbom.model import Observation
from tests.collect.rows import gaps
from tests.conftest import MakeTree, collect


def found(make_tree: MakeTree, files: dict[str, str]) -> list[tuple[str, str]]:
    """Names and places."""
    rows = collect(make_tree(files), settings.COLLECTOR)
    return sorted(
        {
            (row.name, f"{row.evidence.at.path}:{row.evidence.at.line}")
            for row in rows
            if isinstance(row, Observation) and row.kind == "reference"
        }
    )


SIGLIP = "pooled: true\nname: own/siglip-400m\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # The group says what the option is.
        (
            {
                "conf/config.yaml": "defaults:\n  - encoder: siglip\n  - _self_\n",
                "conf/encoder/siglip.yaml": SIGLIP,
            },
            [("own/siglip-400m", "conf/encoder/siglip.yaml:2")],
        ),
        # So does the package it is put into, wherever it lies.
        (
            {
                "conf/config.yaml": "defaults:\n  - parts@vision_tower: siglip\n",
                "conf/parts/siglip.yaml": SIGLIP,
            },
            [("own/siglip-400m", "conf/parts/siglip.yaml:2")],
        ),
        (
            {
                "conf/config.yaml": "defaults: [base]\n",
                "conf/base.yaml": "# @package vision_tower\nname: own/siglip-400m\n",
            },
            [("own/siglip-400m", "conf/base.yaml:2")],
        ),
        # An experiment overrides a group of the top.
        (
            {
                "conf/experiment/a.yaml": "defaults:\n  - override /encoder: siglip\n",
                "conf/encoder/siglip.yaml": SIGLIP,
            },
            [("own/siglip-400m", "conf/encoder/siglip.yaml:2")],
        ),
        # An interpolation stands for what another file states.
        (
            {
                "conf/config.yaml": "defaults:\n  - paths: hub\nvision_tower: ${paths.first}\n",
                "conf/paths/hub.yaml": "first: own/siglip-400m\n",
            },
            [("own/siglip-400m", "conf/paths/hub.yaml:1")],
        ),
        (
            {
                "conf/config.yaml": "defaults:\n  - lab: own\nencoder: ${lab.owner}/vit-${..x}-${lab.size}\n",
                "conf/lab/own.yaml": "owner: own\nsize: 300m\n",
            },
            [],
        ),
        (
            {
                "conf/config.yaml": "defaults:\n  - lab: own\nencoder: ${lab.owner}/vit-${lab.size}\n",
                "conf/lab/own.yaml": "owner: own\nsize: 300m\n",
            },
            [("own/vit-300m", "conf/config.yaml:3")],
        ),
        (
            {"c.yaml": "defaults: [_self_]\nencoder: ${oc.env:ENCODER,own/vit-300m}\n"},
            [("own/vit-300m", "c.yaml:2")],
        ),
    ],
)
def test_what_the_whole_names(
    make_tree: MakeTree, files: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert found(make_tree, files) == expected


@pytest.mark.parametrize(
    "files",
    [
        # An option that is not chosen; a group that promises nothing; a name of an option.
        {"conf/config.yaml": "defaults:\n  - encoder: clip\n", "conf/encoder/siglip.yaml": SIGLIP},
        {"conf/config.yaml": "defaults:\n  - run: siglip\n", "conf/run/siglip.yaml": SIGLIP},
        {"conf/config.yaml": "defaults:\n  - encoder: null\n", "conf/encoder/null.yaml": SIGLIP},
        {"conf/config.yaml": "defaults:\n  - override /model: lm/base_lm\n  - vae: own/vit-300m\n"},
        {"conf/config.yaml": "defaults: 3\nx: ${encoder.name}\n"},
        {"conf/config.yaml": "defaults:\n  - /../../etc: x\n  - [1]\n  - ${a}: ${b}\n"},
        {"conf/config.yaml": "defaults: [_self_]\nencoder: ${encoder}\n"},
    ],
)
def test_silence(make_tree: MakeTree, files: dict[str, str]) -> None:
    assert found(make_tree, files) == []


def test_defaults_that_lead_back_are_composed_once_and_said(make_tree: MakeTree) -> None:
    files = {
        "conf/config.yaml": "defaults:\n  - encoder: a\n",
        "conf/encoder/a.yaml": "defaults:\n  - b\nname: own/vit-300m\n",
        "conf/encoder/b.yaml": "defaults:\n  - a\n",
    }
    assert ("own/vit-300m", "conf/encoder/a.yaml:3") in found(make_tree, files)
    rows = collect(make_tree(files), settings.COLLECTOR)
    assert gaps(rows) and {gap.partition(": ")[2] for gap in gaps(rows)} == {
        "its defaults lead back to itself: composed once"
    }


def test_many_files_are_bounded(make_tree: MakeTree) -> None:
    files = {"c.yaml": "defaults: [a0]\n"}
    files |= {f"a{n}.yaml": f"defaults: [a{n + 1}]\n" for n in range(60)}
    rows = collect(make_tree(files), settings.COLLECTOR)
    assert any("not all composed" in gap for gap in gaps(rows))


def test_the_class_that_settings_are_for_says_what_they_name(make_tree: MakeTree) -> None:
    text = "part:\n  _target_: own.nets.VisionEncoder\n  name: own/vit-300m\n"
    assert found(make_tree, {"c.yaml": text}) == [("own/vit-300m", "c.yaml:3")]
    text = "part:\n  _target_: own.optim.Fast\n  name: own/vit-300m\n"
    assert found(make_tree, {"c.yaml": text}) == []
