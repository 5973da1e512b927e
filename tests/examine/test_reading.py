"""Every file is opened once for its collectors, and a weight file once for each of the stages that
has to read it: its header, its values, its digest.
"""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from typing import BinaryIO

import pytest

from aisbom.pipeline import Options, scan
from aisbom.source.tree import Entry, Tree

SMALL = Path(__file__).parents[2] / "fixtures" / "small-stack" / "input"


def test_a_file_is_opened_once_and_weights_once_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: Counter[str] = Counter()
    lock, real = threading.Lock(), Tree.open

    def count(tree: Tree, entry: Entry) -> BinaryIO:
        with lock:
            opened[entry.path] += 1
        return real(tree, entry)

    monkeypatch.setattr(Tree, "open", count)
    scan(SMALL, Options(jobs=1))
    assert opened.pop("models/hanul-mini/model.safetensors") == 3
    # One of two requirement files is read once for itself, and once for the file that includes it.
    assert opened.pop("requirements-extra.txt") == 2
    assert set(opened.values()) == {1}
