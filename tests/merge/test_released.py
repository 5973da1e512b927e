"""What only a release of somebody else names belongs to it."""

from __future__ import annotations

import pytest

from aisbom.merge.released import Released, parted
from aisbom.model import Component, Evidence, Location, Observation, facts


def named(path: str, name: str = "own/llm-7b", by: str = "") -> Observation:
    evidence = Evidence("python-references", "other", "high", Location(path, 1), name)
    return Observation("reference", name, "", "", evidence, facts(space="hub", named_by=by))


def release(root: str) -> tuple[Released, Component]:
    evidence = Evidence("lineage", "hash-comparison", "high", Location(f"{root}/a.py"), "")
    seen = Observation("release", "x", "", "", evidence, ())
    part = Component(f"vendored:{root or '.'}", "library", "x", "", "", (seen,))
    own, added = frozenset({f"{root}/a.py".lstrip("/")}), frozenset({f"{root}/tests/b.py"})
    return Released(part.ref, root, own, added), part


@pytest.mark.parametrize(
    ("root", "path", "theirs"),
    [
        ("lib", "lib/a.py", True),
        ("lib", "lib/tests/x.py", True),
        ("lib", "lib/README.md", True),
        ("lib", "lib/tests/b.py", False),
        ("lib", "lib/settings.yaml", False),
        ("lib", "app/a.py", False),
        ("lib", "library/tests/x.py", False),
        ("", "tests/x.py", True),
        ("", "a.py", False),
    ],
)
def test_whose_a_name_is(root: str, path: str, theirs: bool) -> None:
    holder, part = release(root)
    found = parted([named(path)], [holder], [part])
    assert (not found.own) is theirs
    assert bool(found.releases) is theirs
    if theirs:
        (noted,) = found.releases
        assert noted.facts("format")[0][0].startswith("1 models, data sets and services")


def test_comments_of_upstream_are_upstreams() -> None:
    holder, part = release("")
    assert parted([named("a.py", by="text")], [holder], [part]).own == []
    assert parted([named("new.py", by="text")], [holder], [part]).own != []


def test_without_a_release_all_is_ones_own() -> None:
    assert parted([named("tests/x.py")], [], []).own == [named("tests/x.py")]
