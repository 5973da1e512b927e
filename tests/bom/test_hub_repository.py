"""The model at the top of a hub's repository is what the repository is about."""

from __future__ import annotations

import pytest

from aisbom.bom import Link, Maker, Part
from aisbom.bom.hub_repository import add_repository

HUB = Maker("Hugging Face", urls=("https://huggingface.co",))
MODEL = Part(
    *("model:", "machine-learning-model", "danbi"),
    facts=(("unknown", "version"), ("unknown", "purl")),
)
BELOW = Part("model:base", "machine-learning-model", "base", facts=(("unknown", "version"),))


def root(purl: str) -> Part:
    links = (Link("vcs", "https://huggingface.co/danbi/danbi-1b"),)
    return Part("r", "application", "danbi", "ab12", purl, supplier=HUB, links=links)


def test_it_has_the_commit_the_host_and_the_addresses() -> None:
    _, model, below = add_repository(
        [root("pkg:huggingface/danbi/danbi-1b@ab12"), MODEL, BELOW], "r"
    )
    assert (model.version, model.supplier) == ("ab12", HUB)
    assert model.purl == "pkg:huggingface/danbi/danbi-1b@ab12"
    assert [(one.kind, one.url) for one in model.links] == [
        ("vcs", "https://huggingface.co/danbi/danbi-1b"),
        ("website", "https://huggingface.co/danbi/danbi-1b"),
    ]
    assert model.facts == ()
    assert below == BELOW


@pytest.mark.parametrize(
    "purl",
    [
        "",
        "pkg:github/danbi/danbi-1b@ab12",
        "pkg:huggingface/datasets/danbi/texts@ab12",
        "pkg:huggingface/spaces/danbi/demo@ab12",
    ],
)
def test_nothing_is_said_of_models_elsewhere(purl: str) -> None:
    parts = [root(purl), MODEL]
    assert add_repository(parts, "r") == parts
