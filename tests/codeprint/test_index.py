"""The index is opened once, and again as soon as one of its files is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.codeprint import index


def test_stages_share_one_index_until_a_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AISBOM_CODE_INDEX", str(tmp_path))
    first, _ = index.load()
    assert index.load()[0] is first
    (tmp_path / "own.codeindex").write_bytes(min(index.SHIPPED.glob("*.codeindex")).read_bytes())
    second, notes = index.load()
    assert (len(second.projects), notes) == (len(first.projects), [])
    assert sum(not project.shipped for project in second.projects) == 1
    (tmp_path / "own.codeindex").write_bytes(b"no index")
    assert [note.partition(":")[0] for note in index.load()[1]] == ["code index own.codeindex"]
    # What was said is the caller's to change.
    index.load()[1].clear()
    assert len(index.load()[1]) == 1
