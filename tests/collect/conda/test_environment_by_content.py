"""Conda environments under any name."""

from __future__ import annotations

import pytest

from aisbom.collect.conda.environment_by_content import COLLECTOR
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

ENVIRONMENT = """name: norae
channels:
  - lab
dependencies:
  - gayo=1.9
  - pip:
    - norae-core
"""


def names(make_tree: MakeTree, path: str, text: str) -> list[str]:
    rows = collect(make_tree({path: text}), COLLECTOR)
    return sorted(o.name for o in rows if isinstance(o, Observation))


def test_a_file_that_lists_channels_and_dependencies(make_tree: MakeTree) -> None:
    assert names(make_tree, "env/Norae.yml", ENVIRONMENT) == ["gayo", "norae-core"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("environment.yml", ENVIRONMENT),  # has a collector of its own
        ("Chart.yaml", "name: x\ndependencies:\n  - name: redis\n"),
        ("a.yml", "channels:\n  - lab\n"),
        ("a.yml", "x:\n  channels:\n  dependencies:\n    - gayo\n"),
    ],
)
def test_other_files_say_nothing(make_tree: MakeTree, path: str, text: str) -> None:
    assert names(make_tree, path, text) == []
