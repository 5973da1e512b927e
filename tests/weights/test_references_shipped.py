from __future__ import annotations

import itertools

import pytest

from aisbom.weights import references
from aisbom.weights.compare import compare


@pytest.fixture
def shipped(monkeypatch, tmp_path):
    monkeypatch.setenv("AISBOM_REFERENCES", str(tmp_path))
    known, notes = references.load()
    assert notes == []
    return known


def test_they_are_small_and_say_source_and_licence(shipped):
    assert sum(path.stat().st_size for path in references.SHIPPED.iterdir()) < 1_500_000
    assert len(shipped) >= 6
    assert all(
        row.shipped and row.source.startswith("pkg:") and row.licence in ("Apache-2.0", "MIT")
        for row in shipped
    )
    assert len({row.digest for row in shipped}) == len(shipped)


def test_none_of_them_is_taken_for_another(shipped):
    """Two generations of one voice detector are among them: they share a Fourier basis and are not
    accused.
    """
    public = references.common(shipped)
    for a, b in itertools.combinations(shipped, 2):
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
