"""What Cog puts into the image that serves a model."""

from __future__ import annotations

import pytest

from aisbom.collect.containers.cog import COLLECTOR
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

COG = """build:
  gpu: true
  python_version: "3.8"
  system_packages:
    - "libgl1"
  python_packages:
    - "norae==1.2"
    - "gayo==1.11.0 --extra-index-url=https://host.example/whl"
  run:
    - pip install byeol
    - apt-get install -y x
predict: "predict.py:Predictor"
"""


def names(make_tree: MakeTree, text: str) -> list[str]:
    rows = collect(make_tree({"cog.yaml": text}), COLLECTOR)
    return sorted(f"{o.name} {o.version}".strip() for o in rows if isinstance(o, Observation))


def test_packages_and_commands(make_tree: MakeTree) -> None:
    assert names(make_tree, COG) == ["byeol", "gayo 1.11.0", "norae 1.2"]


@pytest.mark.parametrize(
    "text", ["", "build:\n", "build: 1\n", "build:\n  python_packages: x\n", "[]"]
)
def test_what_lists_nothing(make_tree: MakeTree, text: str) -> None:
    assert names(make_tree, text) == []
