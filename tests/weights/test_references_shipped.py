from __future__ import annotations

import itertools

import pytest

from aisbom.weights import identity, references
from aisbom.weights.compare import compare


@pytest.fixture
def shipped(monkeypatch, tmp_path):
    monkeypatch.setenv("AISBOM_REFERENCES", str(tmp_path))
    known, notes = references.load()
    assert notes == []
    return known


def test_they_are_small_and_say_source_and_licence(shipped):
    assert sum(path.stat().st_size for path in references.SHIPPED.iterdir()) < 1_500_000
    assert len(shipped) >= 60
    assert all(row.shipped and row.source.startswith("pkg:") for row in shipped)
    assert {row.licence for row in shipped} == {
        "Apache-2.0",
        "BSD-2-Clause",
        "CC-BY-4.0 AND MIT",
        "CC-BY-NC-SA-4.0",
        "LGPL-3.0-only",
        "MIT",
    }
    assert len({row.digest for row in shipped}) == len(shipped)
    assert {key.form for row in shipped for key in row.side.keys} == {identity.FORM}


def _comparable(a, b):
    """Whether two have anything that a finding could rest on: units of one kind, or a key."""
    signatures, keys = (
        [{axis.signature for axis in row.side.axes} for row in (a, b)],
        [
            {
                value
                for key in row.side.keys
                for value in (key.flat, key.id_t, key.multiset, key.magnitudes, key.total)
                if value and not key.why_not
            }
            for row in (a, b)
        ],
    )
    return bool(signatures[0] & signatures[1] or keys[0] & keys[1])


def test_none_of_them_is_taken_for_another(shipped):
    """Two generations of one voice detector are among them: they share a Fourier basis and are not
    accused.
    """
    public = references.common(shipped)
    pairs = [pair for pair in itertools.combinations(shipped, 2) if _comparable(*pair)]
    assert len(pairs) > 300
    for a, b in pairs:
        assert compare(a.side, b.side, (), public).answer["verdict"] in (
            "no-common-origin",
            "not-comparable",
            "inconclusive",
        ), (
            a.name,
            b.name,
        )


def test_each_is_itself(shipped):
    for row in shipped:
        assert compare(row.side, row.side).answer["verdict"] == "identical", row.name
