from __future__ import annotations

import pytest

from aisbom.collect import yaml_nodes
from aisbom.walk import Unreadable


def test_plain_values() -> None:
    assert yaml_nodes.load("a: 1\nb: [x, 2.5, null, true]\nc: {d: 2024-01-01}\n") == {
        "a": 1,
        "b": ["x", 2.5, None, True],
        "c": {"d": "2024-01-01"},
    }


def test_tags_construct_nothing_and_keys_may_be_anything() -> None:
    assert yaml_nodes.load("a: !!python/object/apply:os.system [id]\n? [1]\n: 2\n") == {"a": ["id"], "[]": 2}


@pytest.mark.parametrize("text", ["[" * 200_000, "a: [", "- " * 5000 + "x", "a: !!int x"])
def test_hostile_text_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        yaml_nodes.load(text)
