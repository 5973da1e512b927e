"""Services that are asked over HTTP: with a key, by an address that is settled."""

from __future__ import annotations

import pytest

from aisbom.collect.references import python_references
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


def hosts(make_tree: MakeTree, text: str) -> list[str]:
    rows = collect(make_tree({"m.py": text}), python_references.COLLECTOR)
    return [r.fact("endpoint") for r in rows if isinstance(r, Observation) and r.kind == "service"]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (
            (
                "import os, requests\nURL = os.getenv('U', 'https://maps.norae.com/v1')\n"
                "def ask(key):\n    return requests.post(URL, headers={'X-API-KEY': key})"
            ),
            "maps.norae.com",
        ),
        (
            (
                "import requests\nclass T:\n    def __init__(self):\n"
                "        self.url = 'https://rest.norae.com/w?city={city}&key={key}'\n"
                "    def ask(self):\n        return requests.get(self.url.format(city=1, key=2))"
            ),
            "rest.norae.com",
        ),
        (
            (
                "import httpx\ndef ask(q, token):\n    h = {'Authorization': f'Bearer {token}'}\n"
                "    return httpx.get(f'https://find.norae.com/{q}', headers=h)"
            ),
            "find.norae.com",
        ),
        (
            (
                "import requests\ndef ask(q, token):\n"
                "    return requests.request('POST', 'https://find.norae.com/' + q, json={'token': 1})"
            ),
            "find.norae.com",
        ),
    ],
)
def test_what_is_asked_with_a_key_is_a_service(make_tree: MakeTree, text: str, host: str) -> None:
    assert hosts(make_tree, text) == [host]


@pytest.mark.parametrize(
    "text",
    [
        # A file, a page: no key.
        "import requests\nrequests.get('https://norae.com/data.csv')",
        # Files of code and models are told as such.
        "import requests\nrequests.get('https://github.com/a/b', headers={'Authorization': 'x'})",
        # A machine of one's own, an address that is not settled.
        "import requests\nrequests.get('http://localhost:80/v1', headers={'Authorization': 'x'})",
        "import requests\ndef ask(url):\n    requests.get(url, headers={'Authorization': 'x'})",
        "import requests\nrequests.get('https://example.com/v1', headers={'Authorization': 'x'})",
    ],
)
def test_what_is_no_service(make_tree: MakeTree, text: str) -> None:
    assert hosts(make_tree, text) == []
