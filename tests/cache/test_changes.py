"""Whatever is done to a tree between two scans, the second says with the cache of the first what it
says without one, byte for byte.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import aisbom
from aisbom.cache import store

CODE = "def total(values, scale={0}):\n    kept = [v * scale for v in values if v > {0}]\n"
CODE += "    return sum(kept) / max(1, len(kept)) + {0}\n"
LOADS = (
    'from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained("acme/model-{0}")\n'
)

CALLS = 'from demo.build import tower\n\nencoder = tower("acme/encoder-{0}b", "x")\n'
BUILDS = """from transformers import AutoModel

def tower({0}, {1}):
    return AutoModel.from_pretrained(name)
"""

TREE = {
    "README.md": "# A demo\n\nBuilt on acme/encoder-7b.\n",
    "LICENSE": "MIT License\n\nCopyright (c) 2026 Acme Labs Inc.\n",
    "requirements.txt": "-r more.txt\nnumpy==2.1.0\n",
    "more.txt": "torch>=2.3\n",
    "demo/part.py": CODE.format(1),
    "demo/load.py": LOADS.format(1),
    "demo/call.py": CALLS.format(1),
    "demo/build.py": BUILDS.format("name", "other"),
    "model/config.json": '{"model_type": "llama"}',
    "model/README.md": "---\nlicense: apache-2.0\nbase_model: acme/base\n---\n",
}
TEXTS = [
    *TREE.values(),
    CALLS.format(2),
    BUILDS.format("other", "name"),
    CODE.format(2),
    LOADS.format(2),
    "numpy==1.26.0\n",
    "",
    "\0\xff",
]
PLACES = [*TREE, "demo/other.py", "vendor/part.py", "model/tokenizer_config.json", "NOTICE"]

CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(PLACES), st.sampled_from(TEXTS)),
        st.tuples(st.just("move"), st.sampled_from(PLACES), st.sampled_from(PLACES)),
        st.tuples(st.just("remove"), st.sampled_from(PLACES), st.just("")),
    ),
    min_size=1,
    max_size=3,
)


def change(root: Path, what: str, path: str, more: str) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if what == "write":
        target.write_text(more, "utf-8")
    elif target.exists() and what == "remove":
        target.unlink()
    elif target.exists():
        (root / more).parent.mkdir(parents=True, exist_ok=True)
        target.rename(root / more)


def document(root: Path, cached: bool) -> bytes:
    return aisbom.scan_document(root, aisbom.Options(cached=cached)).data


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=CHANGES)
def test_a_scan_after_changes_is_that_of_an_empty_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: list[tuple[str, str, str]]
) -> None:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(store, "SETTLED", 0.0)
    root = tmp_path / "demo"
    shutil.rmtree(root, ignore_errors=True)
    for path, text in TREE.items():
        change(root, "write", path, text)
    assert document(root, cached=True)
    for one in changes:
        change(root, *one)
        assert document(root, cached=True) == document(root, cached=False)
