from __future__ import annotations

import base64
import json

import pytest

from aisbom.collect.models.model_signature import COLLECTOR
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect


def test_a_signature_is_noticed_and_not_verified(make_tree: MakeTree) -> None:
    payload = base64.b64encode(
        json.dumps({"predicate": {"resources": [1, 2, 3]}}).encode()
    ).decode()
    (found,) = collect(
        make_tree({"m/model.sig": json.dumps({"dsseEnvelope": {"payload": payload}})}), COLLECTOR
    )
    assert isinstance(found, Observation)
    assert found.fact("signature") == "OpenSSF model signing, not verified; lists 3 files"


@pytest.mark.parametrize(
    "payload",
    [
        None,
        3,
        "!",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b'{"predicate": 1}').decode(),
    ],
)
def test_what_it_lists_may_be_unknown(make_tree: MakeTree, payload: object) -> None:
    (found,) = collect(
        make_tree({"m/model.sig": json.dumps({"dsseEnvelope": {"payload": payload}})}), COLLECTOR
    )
    assert isinstance(found, Observation)
    assert found.fact("signature") == "OpenSSF model signing, not verified"


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"dsseEnvelope": 3}', "[" * 100_000])
def test_other_files_are_gaps(make_tree: MakeTree, text: str) -> None:
    assert [type(row) for row in collect(make_tree({"model.sig": text}), COLLECTOR)] == [Gap]
