"""Addresses of strangers become links that every reader of a document takes for URIs."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.bom.links import _uri
from tests.conftest import MakeTree
from tests.program import every_component, run


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ("https://matrix.to/#/#room:matrix.org", "https://matrix.to/#/%23room:matrix.org"),
        ("https://a.org/100%", "https://a.org/100%25"),
        ("https://a.org/%7Ex#%zz", "https://a.org/%7Ex#%25zz"),
        ("https://a.org/b?c=d#e", "https://a.org/b?c=d#e"),
        ("https://a.org/[b]", None),
        ("https://a.org/b c", None),
    ],
)
def test_an_address_is_spelled_as_a_uri(make_tree: MakeTree, stated: str, url: str | None) -> None:
    metadata = f"Metadata-Version: 2.1\nName: lib\nVersion: 1\nProject-URL: Homepage, {stated}\n"
    root = make_tree({"lib-1.dist-info/METADATA": metadata})
    done = run("generate", ".", "-q", "-o", "-", "--no-cache", cwd=root)
    assert done.returncode == 0, done.stderr
    (lib,) = (row for row in every_component(json.loads(done.stdout)) if row["name"] == "lib")
    assert [row["url"] for row in lib.get("externalReferences", [])] == ([url] if url else [])


@given(st.text("ab#%2f/:", max_size=20))
def test_what_is_a_uri_stays_as_it_is(path: str) -> None:
    once = _uri(f"https://a.org/{path}")
    assert _uri(once) == once
    assert once.count("#") <= 1
    assert urlsplit(once).netloc == "a.org"
