"""The table of packages: its form, what it knows, what it costs."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from aisbom.identify.licence import expression
from aisbom.knowledge import names, text_table
from aisbom.knowledge.package_table import HAND, TABLE, source_key, statements
from aisbom.knowledge.read import DATA

ROOT = Path(__file__).parents[2]
ROWS = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]]


def test_it_knows_as_many_packages_as_the_documentation_says() -> None:
    assert len({row[0] for row in ROWS if row[1] == "licence"}) >= 4_000


def test_every_row_has_the_form_of_the_table() -> None:
    assert sorted(ROWS) == ROWS and len({tuple(row) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        name, what, value, _, votes, source = row
        assert name == names.package(name) and what in ("licence", "repository"), row
        assert int(votes) > 0 and source and value, row
        if what == "licence":
            assert expression(value), row
        else:
            assert value.count("/") == 2 and "@" not in value and "://" not in value, row


def test_every_source_is_described() -> None:
    lines = (DATA / "package_sources.csv").read_text("utf-8").splitlines()
    known = {row["key"] for row in csv.DictReader(one for one in lines if not one.startswith("#"))}
    for row in ROWS:
        for source in row[5].split("; "):
            assert source_key(source) in known, row


@pytest.mark.parametrize(
    ("name", "licence", "repository"),
    [
        ("vllm", "Apache-2.0", "github.com/vllm-project/vllm"),
        ("Flask", "BSD-3-Clause", "github.com/pallets/flask"),
        ("hf_transfer", "Apache-2.0", "github.com/huggingface/hf_transfer"),
        ("nvidia-cublas-cu12", "LicenseRef-NVIDIA-Proprietary", None),
    ],
)
def test_what_is_known_of_a_package(name: str, licence: str, repository: str | None) -> None:
    rows = statements(name)
    assert next(row.value for row in rows if row.what == "licence") == licence
    assert next((row.value for row in rows if row.what == "repository"), None) == repository


@pytest.mark.parametrize("name", ["", "vll", "vllm-no-such", "name", "what", "\n", "a\tb"])
def test_what_is_not_in_the_table_has_no_rows(name: str) -> None:
    assert statements(name) == ()


def test_disagreeing_sources_stand_side_by_side_the_weightiest_first() -> None:
    rows = [row for row in statements("openai") if row.what == "licence"]
    assert next(row.value for row in rows) == "Apache-2.0"
    assert {"MIT", "Apache-2.0"} <= {row.value for row in rows}


def test_a_licence_that_changed_has_ranges() -> None:
    ranges = {row.versions: row.value for row in statements("pillow") if row.source == HAND}
    assert ranges["<11"] == "HPND" and ranges[">=11"] == "MIT-CMU"


def _load() -> float:
    text_table.content.cache_clear()
    statements.cache_clear()
    start = time.perf_counter()
    assert statements("vllm")
    return time.perf_counter() - start


def test_loading_costs_next_to_nothing() -> None:
    assert min(_load() for _ in range(5)) < 0.03
    tracemalloc.start()
    _load()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15 * 2**20
    assert TABLE.stat().st_size < 3 * 2**20


def test_the_table_is_what_its_tool_writes() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "package_table.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
