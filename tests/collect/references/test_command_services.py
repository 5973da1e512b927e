"""Services that commands reach."""

from __future__ import annotations

import pytest

from aisbom.collect.references import scripts
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


def services(make_tree: MakeTree, text: str) -> list[str]:
    rows = resolve_names(collect(make_tree({"run.sh": text}), scripts.COLLECTOR), load())
    return sorted(
        {r.fact("service") for r in rows if isinstance(r, Observation) and r.kind == "service"}
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ngrok http 8000 --domain=x", ["ngrok"]),
        ("wandb agent a/b/c --count=1", ["wandb"]),
        ("python train.py --report_to 'wandb' \\\n  --lr 1", ["wandb"]),
        ("python train.py --report_to=wandb", ["wandb"]),
        ("modal deploy app.py --env=x", ["modal"]),
    ],
)
def test_services(make_tree: MakeTree, text: str, told: list[str]) -> None:
    assert services(make_tree, text) == told


@pytest.mark.parametrize(
    "text",
    [
        "python train.py --report_to tensorboard --name wandb",
        "python train.py --report_to all",
        "# ngrok http 8000 --x=1",
        "pip install wandb --quiet=1",
        "ngrok config add-authtoken x=1",
        "export WANDB_PROJECT=x",
        "echo ngrok http 8000 --x=1",
    ],
)
def test_no_service(make_tree: MakeTree, text: str) -> None:
    assert services(make_tree, text) == []
