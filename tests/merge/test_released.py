"""What only a release of somebody else names belongs to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aisbom.merge.references import REFERENCE_KINDS
from aisbom.merge.released import MAX_LISTED, ReleaseFolder, partition_sightings
from aisbom.model import Component, Evidence, Location, Observation, facts


def named(path: str, by: str = "", kind: str = "reference") -> Observation:
    evidence = Evidence("python-references", "other", "high", Location(path, 1), "own/llm-7b")
    return Observation(kind, "own/llm-7b", "", "", evidence, facts(space="hub", named_by=by))


def release(root: str) -> tuple[ReleaseFolder, Component]:
    evidence = Evidence("lineage", "hash-comparison", "high", Location(f"{root}/a.py"), "")
    seen = Observation("release", "x", "", "", evidence, ())
    part = Component(f"vendored:{root or '.'}", "library", "x", "", "", (seen,))
    own, added = frozenset({f"{root}/a.py".lstrip("/")}), frozenset({f"{root}/tests/b.py"})
    changed = frozenset({f"{root}/tests/c.py".lstrip("/"), f"{root}/README.md".lstrip("/")})
    return ReleaseFolder(part.ref, root, own, changed, added), part


@pytest.mark.parametrize(
    ("root", "path", "theirs"),
    [
        ("lib", "lib/a.py", True),
        ("lib", "lib/tests/x.py", True),
        ("lib", "lib/INSTALL.md", True),
        ("lib", "lib/tests/c.py", False),
        ("lib", "lib/tests/b.py", False),
        ("lib", "lib/settings.yaml", False),
        ("lib", "app/a.py", False),
        ("lib", "library/tests/x.py", False),
        ("", "tests/x.py", True),
        # A test that a fork changes names mostly what upstream's did; its README is its own.
        ("", "tests/c.py", True),
        ("", "README.md", False),
        ("", "a.py", False),
    ],
)
def test_whose_a_name_is(root: str, path: str, theirs: bool) -> None:
    holder, part = release(root)
    found = partition_sightings([named(path)], [holder], [part])
    assert (not found.own) is theirs
    assert bool(found.releases) is theirs
    if theirs:
        (noted,) = found.releases
        told = [value for value, _ in noted.facts("format")]
        assert told == [
            "1 models, data sets and services that only files of this release name",
            f"model own/llm-7b at {path}:1",
        ]


@pytest.mark.parametrize("kind", sorted(REFERENCE_KINDS))
def test_every_kind_of_reference_may_be_a_releases(kind: str) -> None:
    holder, part = release("lib")
    assert (
        partition_sightings([named("lib/tests/x.py", kind=kind)], [holder], [part]).releases != []
    )


def test_a_service_is_reached_by_whoever_runs_the_copy() -> None:
    holder, part = release("lib")
    assert partition_sightings([named("lib/a.py", kind="service")], [holder], [part]).own != []
    assert (
        partition_sightings([named("lib/tests/x.py", kind="service")], [holder], [part]).own == []
    )


def test_of_many_names_the_first_are_listed() -> None:
    holder, part = release("lib")
    many = [
        replace(named("lib/a.py"), name=f"own/llm-{number}b") for number in range(MAX_LISTED + 9)
    ]
    (noted,) = partition_sightings(many, [holder], [part]).releases
    assert len(noted.facts("format")) == 1 + MAX_LISTED


def test_comments_of_upstream_are_upstreams() -> None:
    holder, part = release("")
    assert partition_sightings([named("a.py", by="text")], [holder], [part]).own == []
    assert partition_sightings([named("new.py", by="text")], [holder], [part]).own != []


def test_without_a_release_all_is_ones_own() -> None:
    assert partition_sightings([named("tests/x.py")], [], []).own == [named("tests/x.py")]
