"""Sightings of one thing are one component; different things stay apart; the graph has one root."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aisbom.merge import merge
from aisbom.model import Component, Evidence, Location, Observation, Relation, Row, Scan, facts


def seen(kind: str, name: str, version: str, path: str, line: int = 1, **more: str) -> Observation:
    purl = f"pkg:pypi/{name}" + (f"@{version}" if version else "")
    return Observation(
        kind,
        name,
        version,
        purl,
        Evidence(kind, "manifest-analysis", "high", Location(path, line)),
        facts(**more),
    )


def needs(path: str, target: str, **more: str) -> Relation:
    return Relation(
        f"project:{path.rpartition('/')[0]}",
        f"pkg:pypi/{target}",
        "depends-on",
        Location(path, 1),
        facts(**more),
    )


def packages(scan: Scan) -> dict[str, Component]:
    return {c.ref: c for c in scan.components if c.ref != scan.root}


def edges(scan: Scan) -> set[tuple[str, str]]:
    return {(r.source, r.target) for r in scan.relations}


def test_the_same_package_seen_in_five_files_is_one_component_with_five_occurrences() -> None:
    rows = [
        seen("requirement", "numpy", "", "pyproject.toml", specifier=">=1.20"),
        seen("requirement", "numpy", "", "setup.cfg", specifier=""),
        seen("requirement", "numpy", "1.26.4", "requirements.txt"),
        seen("locked", "numpy", "1.26.4", "uv.lock"),
        seen("locked", "numpy", "1.26.4", "pylock.toml"),
    ]
    found = packages(merge(rows, "x"))
    assert list(found) == ["pkg:pypi/numpy@1.26.4"]
    assert len(found["pkg:pypi/numpy@1.26.4"].observations) == 5


def test_a_range_is_a_range_and_an_unpinned_requirement_is_a_component_without_a_version() -> None:
    found = packages(
        merge([seen("requirement", "numpy", "", "requirements.txt", specifier=">=1.20")], "x")
    )
    assert [(c.ref, c.version) for c in found.values()] == [("pkg:pypi/numpy", "")]


def test_a_pin_that_no_lock_meets_stays_its_own_component() -> None:
    rows = [
        seen("requirement", "numpy", "1.25.0", "requirements.txt"),
        seen("locked", "numpy", "1.26.4", "uv.lock"),
    ]
    assert set(packages(merge(rows, "x"))) == {"pkg:pypi/numpy@1.25.0", "pkg:pypi/numpy@1.26.4"}


def test_equal_versions_written_differently_are_one() -> None:
    rows = [
        seen("requirement", "numpy", "1.26", "requirements.txt"),
        seen("locked", "numpy", "1.26.0", "uv.lock"),
    ]
    assert list(packages(merge(rows, "x"))) == ["pkg:pypi/numpy@1.26.0"]


def test_a_pin_is_met_by_a_build_of_that_version() -> None:
    installed = Observation(
        "distribution",
        "torch",
        "2.6.0+cpu",
        "pkg:pypi/torch@2.6.0%2Bcpu",
        Evidence(
            "distribution",
            "manifest-analysis",
            "high",
            Location("lib/python3.11/site-packages/torch-2.6.0.dist-info/METADATA", 2),
        ),
        facts(scope="lib/python3.11/site-packages", installed="yes"),
    )
    scan = merge(
        [
            installed,
            seen("requirement", "torch", "2.6.0", "requirements.txt"),
            needs("requirements.txt", "torch@2.6.0"),
        ],
        "x",
    )
    assert list(packages(scan)) == ["pkg:pypi/torch@2.6.0%2Bcpu"]
    assert edges(scan) == {(scan.root, "pkg:pypi/torch@2.6.0%2Bcpu")}


def test_each_project_of_a_tree_gets_the_version_of_its_own_lock() -> None:
    rows: list[Row] = []
    for folder, version in (("a", "1.0"), ("b", "2.0")):
        rows.append(seen("project", f"app-{folder}", "0.1", f"{folder}/pyproject.toml"))
        rows.append(seen("requirement", "dep", "", f"{folder}/pyproject.toml", specifier=">=1"))
        rows.append(seen("locked", "dep", version, f"{folder}/uv.lock"))
        rows.append(needs(f"{folder}/pyproject.toml", "dep", specifier=">=1"))
    scan = merge(rows, "x")
    assert {
        ("pkg:pypi/app-a@0.1", "pkg:pypi/dep@1.0"),
        ("pkg:pypi/app-b@0.1", "pkg:pypi/dep@2.0"),
    } <= edges(scan)
    assert ("pkg:pypi/app-a@0.1", "pkg:pypi/dep@2.0") not in edges(scan)


def test_a_constraint_is_no_dependency() -> None:
    rows = [seen("requirement", "numpy", "1.26.4", "constraints.txt", group="constraint")]
    assert packages(merge(rows, "x")) == {}


def test_a_workspace_member_that_is_required_by_name_is_that_member() -> None:
    rows: list[Row] = [
        seen("project", "app", "1.0", "pyproject.toml"),
        seen("project", "core", "1.0", "libs/core/pyproject.toml"),
        seen("requirement", "core", "", "pyproject.toml"),
        needs("pyproject.toml", "core"),
    ]
    scan = merge(rows, "x")
    assert list(packages(scan)) == ["pkg:pypi/core@1.0"]
    assert (scan.root, "pkg:pypi/core@1.0") in edges(scan)


def test_the_root_is_named_by_its_project_then_its_folder() -> None:
    assert (
        merge([seen("project", "app", "1.0", "pyproject.toml")], "folder").root
        == "pkg:pypi/app@1.0"
    )
    assert merge([], "folder").component(merge([], "folder").root).name == "folder"


def test_a_licence_at_the_top_speaks_for_the_project_and_one_deeper_for_its_folder() -> None:
    def notice(path: str) -> Observation:
        return Observation(
            "notice",
            "",
            "",
            "",
            Evidence("notices", "source-code-analysis", "high", Location(path, 1)),
            facts(licence="x"),
        )

    def source(path: str) -> Observation:
        return Observation(
            "source",
            "",
            "",
            "",
            Evidence("notices", "source-code-analysis", "high", Location(path, 0)),
            facts(lines=3),
        )

    scan = merge(
        [
            notice("LICENSE"),
            notice("third_party/w/LICENSE"),
            source("third_party/w/w.py"),
            source("src/app/a.py"),
        ],
        "x",
    )
    root = scan.component(scan.root)
    assert [o.evidence.at.path for o in root.observations if o.kind == "notice"] == ["LICENSE"]
    assert [o.evidence.at.path for o in scan.component("code:third_party/w").observations] == [
        "third_party/w/LICENSE",
        "third_party/w/w.py",
    ]
    assert "code:src/app" in packages(scan)


NAMES = st.sampled_from(["a", "b", "c", "d"])
VERSIONS = st.sampled_from(["", "1.0", "1.0.0", "2.0", "not a version"])
ROWS = st.lists(
    st.one_of(
        st.builds(
            seen,
            st.sampled_from(["requirement", "locked"]),
            NAMES,
            VERSIONS,
            st.sampled_from(["r.txt", "x/r.txt", "x/y/r.txt"]),
        ),
        st.builds(needs, st.sampled_from(["r.txt", "x/r.txt"]), NAMES),
        st.builds(
            lambda s, t: Relation(
                f"pkg:pypi/{s}", f"pkg:pypi/{t}", "depends-on", Location("uv.lock", 1)
            ),
            NAMES,
            NAMES,
        ),
    ),
    max_size=20,
)


@given(ROWS, st.randoms())
def test_every_component_is_reachable_from_the_root_and_order_changes_nothing(
    rows: list[Row], random: object
) -> None:
    scan = merge(rows, "x")
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge(shuffled, "x") == scan
    reached, stack = set(), [scan.root]
    out: dict[str, set[str]] = {}
    for relation in scan.relations:
        out.setdefault(relation.source, set()).add(relation.target)
    while stack:
        ref = stack.pop()
        if ref not in reached:
            reached.add(ref)
            stack.extend(out.get(ref, ()))
    assert reached == {c.ref for c in scan.components}
    assert len({c.ref for c in scan.components}) == len(scan.components)


@given(ROWS)
def test_no_sighting_is_lost(rows: list[Row]) -> None:
    """Every requirement and lock entry is in some component: an unpinned one is not silently
    dropped.
    """
    kept = {o for c in merge(rows, "x").components for o in c.observations}
    assert {row for row in rows if isinstance(row, Observation)} <= kept


SITE = "lib/python3.11/site-packages"


def installed(name: str, version: str, scope: str = SITE, **more: str) -> Observation:
    return seen(
        "distribution",
        name,
        version,
        f"{scope}/{name}-{version}.dist-info/METADATA",
        scope=scope,
        installed="yes",
        **more,
    )


def test_a_bundled_distribution_is_part_of_its_holder_and_never_what_is_installed() -> None:
    holder = installed("setuptools", "80", **{"import": "setuptools"})
    bundled = installed("zipp", "3", f"{SITE}/setuptools/_vendor")
    scan = merge([holder, bundled], "x")
    assert [(r.source, r.target) for r in scan.relations if r.kind == "contains"] == [
        ("pkg:pypi/setuptools@80", "pkg:pypi/zipp@3")
    ]
    both = merge([holder, bundled, installed("zipp", "3")], "x")
    copies = [c for c in both.components if c.purl == "pkg:pypi/zipp@3"]
    (part,) = (r.target for r in both.relations if r.kind == "contains")
    assert len(copies) == 2 and part.startswith("pkg:pypi/zipp@3#")


def test_what_an_sbom_in_a_package_lists_is_part_of_that_package() -> None:
    holder = installed("driver", "4", **{"import": "driver"})
    other = installed("clap", "1", **{"import": "clap"})
    at = f"{SITE}/driver/manager.cdx.json"
    crate = seen("bom-component", "anstyle", "1.0", at)
    elsewhere = seen("bom-component", "sha2", "0.10", "lib/tools.cdx.json")
    own = seen("bom-component", "clap", "1", at)
    scan = merge([holder, other, crate, elsewhere, own], "x")
    assert [(r.source, r.target) for r in scan.relations if r.kind == "contains"] == [
        ("pkg:pypi/driver@4", "pkg:pypi/anstyle@1.0")
    ]
    below = Relation("pkg:pypi/clap@1", "pkg:pypi/anstyle@1.0", "contains", Location(at, 3))
    inside = merge([holder, other, crate, below], "x")
    assert [(r.source, r.target) for r in inside.relations if r.kind == "contains"] == [
        ("pkg:pypi/clap@1", "pkg:pypi/anstyle@1.0")
    ]
