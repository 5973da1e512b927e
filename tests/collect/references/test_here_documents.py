from __future__ import annotations

import time

import pytest

from aisbom.collect.references import scripts
from aisbom.collect.references.here_documents import here_documents
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect


@pytest.mark.parametrize(
    ("opener", "kind"),
    [
        ("RUN python3 - <<'PY'", "python"),
        ("cat > run.py <<PY", "python"),
        ("cat <<-PY > conf/model.yaml", "settings"),
        ("COPY <<PY /app/settings.toml", "settings"),
        ("RUN <<PY", ""),
    ],
)
def test_kinds(opener: str, kind: str) -> None:
    (found,) = here_documents(f"x\n{opener}\nbody\n\tPY\ny <<PY\nwithout an end\n")
    assert (found.body, found.first, found.kind) == ("body", 3, kind)


def test_a_shebang_says_python() -> None:
    (found,) = here_documents("RUN <<EOF\n#!/usr/bin/env python3\nx = 1\nEOF\n")
    assert found.kind == "python"


def test_names_have_the_lines_of_the_script(make_tree: MakeTree) -> None:
    text = (
        "python - <<'PY'\nfrom transformers import AutoModel\n"
        'AutoModel.from_pretrained("own/llm-7b")\nPY\n'
        "cat > a.yaml <<EOF\nmodel: own/enc-1b\nout: runs/x\nEOF\n"
    )
    rows = collect(make_tree({"run.sh": text}), scripts.COLLECTOR)
    assert {(r.name, r.evidence.at.line) for r in rows if isinstance(r, Observation)} == {
        ("own/llm-7b", 3),
        ("own/enc-1b", 6),
    }


def test_broken_python_is_a_gap(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"run.sh": "python - <<PY\ndef (:\nPY\nx=1\n"}), scripts.COLLECTOR)
    assert [r for r in rows if isinstance(r, Gap)]


def test_many_openers_without_an_end_are_quick() -> None:
    start = time.process_time()
    assert list(here_documents("cat <<EOF\n" * 20_000)) == []
    assert time.process_time() - start < 3
