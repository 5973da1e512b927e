"""Who made weights that are fetched from a code host: whoever serves a file may not have made it."""

from __future__ import annotations

import pytest

from aisbom.identify.hub_references import claim_download_trainer
from aisbom.knowledge import load
from aisbom.model.ledger import resolve
from tests.identify.test_origin import component

K = load()
RELEASES = "https://github.com/facebookresearch"


@pytest.mark.parametrize(
    ("key", "words", "origin"),
    [
        # Called after the repository that it lies in.
        ("url", f"{RELEASES}/own-net/releases/download/v1/OwnNet_large.pth", "US"),
        # Somebody's file that lies beside that project's code: a hint.
        ("url", f"{RELEASES}/own-net/releases/download/v1/Other-Large.pt", "unknown"),
        ("url", f"{RELEASES}/x.pt", "unknown"),
        # An entry point of the repository itself.
        ("repository", "facebookresearch/own-net", "US"),
    ],
)
def test_a_file_is_its_hosts_where_it_is_called_after_the_repository(
    key: str, words: str, origin: str
) -> None:
    part = component((key, words), kind="reference", name="x")
    rows = [
        claim for claim in claim_download_trainer(part, K) if claim.attribute == "origin.trained"
    ]
    found = resolve(rows)
    assert (found.value if found.state == "agreed" else "unknown") == origin
