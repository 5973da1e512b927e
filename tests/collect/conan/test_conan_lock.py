from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.collect.conan.conan_lock import COLLECTOR
from aisbom.model import Gap, Observation
from tests.collect.rows import gaps, observed
from tests.conftest import MakeTree, collect

REVISION = "f52e03ae3d251dec704634230cd806a2"
LOCK = f"""{{
    "version": "0.5",
    "requires": [
        "zlib/1.3.1#{REVISION}%1708593606.497",
        "fmt/10.2.1@acme/stable#0123456789abcdef0123456789abcdef",
        ["boost/1.84.0", {{"0a420ff5c47119e668867cdb51baff0eca1fdb68#{REVISION}": null}}],
        "tzdata/[>=2023]"
    ],
    "build_requires": [
        "cmake/3.28.1"
    ],
    "python_requires": ["base/1.0@acme"],
    "overrides": {{"zlib/1.2.11": ["zlib/1.3.1"]}}
}}
"""


def test_every_reference_is_locked_at_its_line(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"a/conan.lock": LOCK}), COLLECTOR)
    seen = observed(rows, "locked")
    assert {name: (o.version, o.purl, o.fact("group")) for name, o in seen.items()} == {
        "zlib": ("1.3.1", f"pkg:conan/zlib@1.3.1?rrev={REVISION}", "runtime"),
        "fmt": (
            "10.2.1",
            "pkg:conan/fmt@10.2.1?channel=stable&rrev=0123456789abcdef0123456789abcdef&user=acme",
            "runtime",
        ),
        "boost": ("1.84.0", "pkg:conan/boost@1.84.0", "runtime"),
        "tzdata": ("", "pkg:conan/tzdata", "runtime"),
        "cmake": ("3.28.1", "pkg:conan/cmake@3.28.1", "build"),
        "base": ("1.0", "pkg:conan/base@1.0?user=acme", "build"),
    }
    assert str(seen["fmt"].evidence.at) == "a/conan.lock:5"
    assert seen["fmt"].evidence.excerpt.startswith('"fmt/10.2.1@acme/stable#')
    assert (seen["tzdata"].fact("specifier"), gaps(rows)) == ("[>=2023]", [])
    assert all(o.evidence.sees == "statement" for o in seen.values())


def test_a_lock_of_conan_1_is_a_gap(make_tree: MakeTree) -> None:
    text = '{"graph_lock": {"nodes": {"0": {"ref": "zlib/1.2.11"}}}, "version": "0.4"}'
    (row,) = collect(make_tree({"conan.lock": text}), COLLECTOR)
    assert isinstance(row, Gap)
    assert "Conan 1" in row.reason


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ('{"requires": ["zlib", 3, "x/1.0", null, ["yy/2.0"]]}', {"yy"}, 3),
        ('{"requires": ["good/1.0"], "build_requires": {"x": 1}}', {"good"}, 1),
        ('{"requires": "zlib/1.0"}', set(), 1),
        ("[]", set(), 1),
        ('{"requires": ["zlib/1.0"', set(), 1),
        ('{"requires": [[]], "version": 5}', set(), 1),
        ("\0", set(), 1),
        ('{"version": "0.5"}', set(), 0),
    ],
)
def test_what_is_wrong_is_a_gap_and_the_rest_is_read(
    make_tree: MakeTree, text: str, names: set[str], found: int
) -> None:
    rows = collect(make_tree({"conan.lock": text}), COLLECTOR)
    assert set(observed(rows)) == names
    assert len(gaps(rows)) == found


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["requires", "build_requires", "version"]), ANYTHING))
def test_any_json_gives_rows_and_no_error(make_tree: MakeTree, data: dict[str, Any]) -> None:
    for row in collect(make_tree({"conan.lock": json.dumps(data)}), COLLECTOR):
        assert isinstance(row, Observation | Gap)
