"""Manifests of other ecosystems are said to be unread, with how much they list."""

from __future__ import annotations

import json

import pytest

from aisbom.collect.repository.other_manifests import COLLECTOR
from tests.collect.rows import gaps
from tests.conftest import MakeTree, collect


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "package.json",
            json.dumps({"dependencies": {"a": "1", "b": "2"}, "devDependencies": {"c": "3"}}),
            "lists 3 npm packages: not read",
        ),
        ("package.json", "{}", ""),
        ("package.json", "[", ""),
        ("package.json", json.dumps({"dependencies": ["a"]}), ""),
        (
            "go.mod",
            "module m\n\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgolang.org/x/c v0.1.0\n)\n",
            "lists 2 Go modules: not read",
        ),
        ("go.mod", "module m\n", ""),
        (
            "Cargo.toml",
            '[dependencies]\nserde = "1"\ntokio = { version = "1" }\n',
            "lists 2 Rust crates: not read",
        ),
        ("pom.xml", "<dependency></dependency>", "lists 1 Java packages: not read"),
    ],
)
def test_a_manifest(make_tree: MakeTree, name: str, text: str, said: str) -> None:
    found = gaps(list(collect(make_tree({name: text}), COLLECTOR)))
    assert found == ([f"{name}: {said}"] if said else [])
