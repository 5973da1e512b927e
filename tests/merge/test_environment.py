"""Edges inside one environment: equal to what packaging says where everything is known, undecided
aloud where it is not.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.requirements import Requirement

from aisbom.merge.environment import edges
from aisbom.merge.markers import holds, markers_of
from aisbom.model import Evidence, Location, Observation, Relation, facts

SCOPE = "lib/python3.11/site-packages"
FULL = markers_of(SCOPE, (), "3.11.7") | {
    "platform_machine": "x86_64",
    "platform_release": "6.1",
    "platform_version": "#1",
}


def dist(
    name: str, version: str = "1.0", scope: str = SCOPE, tags: tuple[str, ...] = ()
) -> Observation:
    at = Location(f"{scope}/{name}-{version}.dist-info/METADATA", 2)
    stated = facts(("scope", scope), *(("tag", tag) for tag in tags))
    return Observation(
        "distribution",
        name,
        version,
        f"pkg:pypi/{name}@{version}",
        Evidence("t", "manifest-analysis", "high", at),
        stated,
    )


def need(source: Observation, text: str, line: int = 9) -> Relation:
    parsed = Requirement(text)
    stated = facts(
        ("specifier", str(parsed.specifier)),
        ("marker", str(parsed.marker or "")),
        ("scope", source.fact("scope")),
        *(("extra", extra) for extra in parsed.extras),
    )
    at = Location(source.evidence.at.path, line)
    return Relation(source.purl, f"pkg:pypi/{parsed.name}", "depends-on", at, stated)


def run(
    installed: list[Observation],
    needs: list[Relation],
    asked: dict[str, frozenset[str]] | None = None,
) -> tuple[set[tuple[str, str]], list[str]]:
    found, gaps = edges(installed, needs, asked or {}, FULL)
    return {
        (e.source.removeprefix("pkg:pypi/"), e.target.removeprefix("pkg:pypi/")) for e in found
    }, [gap.reason for gap in gaps]


def test_an_edge_carries_the_version_installed_here() -> None:
    a, b = dist("a"), dist("b", "2.5")
    found, gaps = edges([a, b], [need(a, "b>=2")], {}, FULL)
    assert [(e.target, e.at.line, e.fact("specifier")) for e in found] == [
        ("pkg:pypi/b@2.5", 9, ">=2")
    ]
    assert not gaps


@pytest.mark.parametrize(
    "marker", ["python_version < '3.8'", "sys_platform == 'win32'", "extra == 'x'"]
)
def test_an_edge_whose_marker_is_false_is_none(marker: str) -> None:
    a, b = dist("a"), dist("b")
    assert run([a, b], [need(a, f"b; {marker}"), need(a, f"missing; {marker}")]) == (set(), [])


def test_extras_are_asked_by_edges_that_hold_and_by_manifests() -> None:
    a, b, c, d, e = (dist(name) for name in "abcde")
    needs = [
        need(a, "b[x]"),
        need(b, "c[deep]; extra == 'x'"),
        need(c, "d; extra == 'deep'"),
        need(d, "e; extra == 'asked'"),
    ]
    assert run([a, b, c, d, e], needs)[0] == {
        ("a@1.0", "b@1.0"),
        ("b@1.0", "c@1.0"),
        ("c@1.0", "d@1.0"),
    }
    assert ("d@1.0", "e@1.0") in run([a, b, c, d, e], needs, {"d": frozenset({"Asked"})})[0]


def test_extras_compare_by_their_normalised_names() -> None:
    a, b, c = dist("a"), dist("b"), dist("c")
    assert ("b@1.0", "c@1.0") in run(
        [a, b, c], [need(a, "b[Some_Extra]"), need(b, "c; extra == 'some.extra'")]
    )[0]


def test_extras_of_oneself_are_asked_but_make_no_edge() -> None:
    a, b = dist("a"), dist("b")
    needs = [need(a, "a[x]; extra == 'all'"), need(a, "b; extra == 'x'")]
    assert run([a, b], needs, {"a": frozenset({"all"})}) == ({("a@1.0", "b@1.0")}, [])
    assert run([a, b], needs) == (set(), [])


def test_extras_in_a_circle_come_to_an_end() -> None:
    a, b = dist("a"), dist("b")
    needs = [need(a, "b[y]; extra == 'x'"), need(b, "a[x]; extra == 'y'"), need(a, "b[y]")]
    assert run([a, b], needs)[0] == {("a@1.0", "b@1.0"), ("b@1.0", "a@1.0")}


@pytest.mark.parametrize(
    ("text", "holding"),
    [
        ("b; extra != 'x'", True),
        ("b; 'y' in extra", True),
        ("b; extra == 'x' or extra == 'y'", True),
        ("b; extra == 'x' and sys_platform == 'win32'", False),
    ],
)
def test_markers_that_use_extra_in_other_ways(text: str, holding: bool) -> None:
    a, b = dist("a"), dist("b")
    assert bool(run([a, b], [need(a, text)], {"a": frozenset({"y", "x"})})[0]) is holding


def test_what_is_not_installed_is_a_gap_at_its_line() -> None:
    a = dist("a")
    found, gaps = edges([a], [need(a, "b>=2", 17)], {}, FULL)
    assert not found
    assert [(gap.by, gap.at.line, gap.reason) for gap in gaps] == [
        ("environment", 17, "a requires b>=2, which is not installed here")
    ]


def test_a_violated_specifier_keeps_the_edge_and_says_so() -> None:
    a, b = dist("a"), dist("b", "1.0")
    assert run([a, b], [need(a, "b>=2")]) == (
        {("a@1.0", "b@1.0")},
        ["a requires b>=2, but 1.0 is installed here"],
    )


@pytest.mark.parametrize("version", ["2.0rc1", "2.0+cpu", "2.0.post1"])
def test_prereleases_and_builds_that_are_installed_satisfy_what_they_satisfy(version: str) -> None:
    a, b = dist("a"), dist("b", version)
    assert run([a, b], [need(a, "b>=1.5")])[1] == []


def test_a_version_that_is_none_cannot_be_compared() -> None:
    a, b = dist("a"), dist("b", "latest")
    assert run([a, b], [need(a, "b>=2")]) == (
        {("a@1.0", "b@latest")},
        ["b latest cannot be compared with >=2"],
    )


def test_a_name_installed_twice_gets_edges_to_what_fits_and_one_gap() -> None:
    a, old, new = dist("a"), dist("b", "1.0"), dist("b", "2.0")
    found, gaps = run([a, old, new], [need(a, "b>=2")])
    assert found == {("a@1.0", "b@2.0")}
    assert gaps == [
        "b is installed here more than once (1.0, 2.0): which one is used cannot be told"
    ]


def test_relations_of_other_environments_are_ignored() -> None:
    a, b = dist("a"), dist("b")
    elsewhere = dist("a", scope="other/lib/python3.9/site-packages")
    assert run([a, b], [need(elsewhere, "b")]) == (set(), [])


def test_a_marker_that_hangs_on_what_is_not_known_is_kept_where_installed() -> None:
    a, b = dist("a"), dist("b")
    needs = [
        need(a, "b; platform_machine == 'x86_64'"),
        need(a, "c; platform_machine == 'arm64'"),
        need(a, "d; platform_machine=='z' and extra=='q'"),
    ]
    found, gaps = edges([a, b], needs, {}, markers_of(SCOPE, (), "3.11.7"))
    assert [e.target for e in found] == ["pkg:pypi/b@1.0"]
    assert [gap.reason.partition(",")[0] for gap in gaps] == [
        "the environment does not tell its platform_machine"
    ]


def test_unreadable_markers_are_kept_and_said() -> None:
    a, b = dist("a"), dist("b")
    broken = Relation(
        a.purl, "pkg:pypi/b", "depends-on", a.evidence.at, facts(marker="os_name ===", scope=SCOPE)
    )
    found, gaps = edges([a, b], [broken], {}, FULL)
    assert len(found) == 1
    assert "cannot be evaluated" in gaps[0].reason


@pytest.mark.parametrize(
    ("scope", "full", "tags", "expected"),
    [
        (
            SCOPE,
            "",
            ("py3-none-any",),
            {"python_version": "3.11", "sys_platform": "linux", "implementation_name": "cpython"},
        ),
        (
            SCOPE,
            "3.11.7",
            (),
            {
                "python_version": "3.11",
                "python_full_version": "3.11.7",
                "implementation_version": "3.11.7",
            },
        ),
        (SCOPE, "3.11", (), {"python_version": "3.11"}),
        (
            "lib/pypy3.10/site-packages",
            "",
            (),
            {"python_version": "3.10", "platform_python_implementation": "PyPy"},
        ),
        ("lib/python3.13t/site-packages", "", (), {"python_version": "3.13"}),
        (
            "venv/Lib/site-packages",
            "",
            (),
            {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
        ),
        (
            "venv/Lib/site-packages",
            "",
            ("cp312-cp312-win_amd64",),
            {"python_version": "3.12", "platform_machine": "AMD64", "platform_system": "Windows"},
        ),
        (
            SCOPE,
            "",
            ("cp311-cp311-macosx_11_0_arm64",),
            {"sys_platform": "darwin", "platform_machine": "arm64"},
        ),
        (
            "opt/target",
            "",
            ("cp39-abi3-manylinux_2_17_aarch64",),
            {"sys_platform": "linux", "platform_machine": "aarch64"},
        ),
        ("C/Python310/Lib/site-packages", "", (), {"python_version": "3.10", "os_name": "nt"}),
    ],
)
def test_markers_come_from_the_tree(
    scope: str, full: str, tags: tuple[str, ...], expected: dict[str, str]
) -> None:
    found = markers_of(scope, [dist("a", scope=scope, tags=tags)], full)
    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    ("scope", "tags"),
    [("opt/target", ("cp39-abi3-linux_x86_64",)), ("usr/lib/python3/dist-packages", ())],
)
def test_what_the_tree_does_not_tell_is_absent(scope: str, tags: tuple[str, ...]) -> None:
    found = markers_of(scope, [dist("a", scope=scope, tags=tags)])
    assert not {"python_version", "python_full_version", "platform_release"} & set(found)


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("python_full_version < '3.11.3'", None),
        ("python_full_version <= '3.11.0a6'", False),
        ("python_full_version >= '3.10.2'", True),
        ("python_version >= '3.8' and platform_machine == 'x86_64'", None),
        ("python_version < '3.8' and platform_machine == 'x86_64'", False),
        ("platform_release >= '20'", None),
        ("platform_machine in 'x86_64 aarch64'", None),
        ("not a marker", None),
    ],
)
def test_a_marker_is_decided_where_every_possible_environment_agrees(
    marker: str, expected: bool | None
) -> None:
    assert holds(marker, markers_of(SCOPE, ())) is expected


def test_markers_made_to_be_slow_are_left_undecided() -> None:
    a = dist("a")
    variables = ("platform_release", "platform_version", "platform_machine", "python_version")
    needs = [
        need(
            a,
            f"b{n}; "
            + " or ".join(f"{variable} == '{n}{k}'" for variable in variables for k in range(9)),
            n,
        )
        for n in range(600)
    ]
    edges([a], needs, {}, markers_of("opt/x", ()))


def test_five_hundred_distributions_find_their_edges() -> None:
    installed = [dist(f"p{n}") for n in range(500)]
    needs = [
        need(
            installed[n],
            f"p{(n + k) % 500}[e{k}]>=0.{k}; python_version >= '3.{k}' and extra == 'e{k % 3}'",
            k,
        )
        for n in range(500)
        for k in range(5)
    ]
    needs += [
        need(installed[n], f"p{(n + 7) % 500}[e0,e1]; python_version >= '3.{n % 11}'", 90)
        for n in range(500)
    ]
    found, _ = edges(installed, needs, {}, FULL)
    assert len(found) >= 2000


_names = st.sampled_from("abcdef")
_conditions = st.sampled_from(
    [
        "",
        "extra == 'x'",
        "extra == 'y'",
        "python_version >= '3.8'",
        "python_version < '3'",
        "extra == 'x' and os_name == 'posix'",
        "extra != 'y'",
    ]
)
_needs = st.lists(
    st.tuples(_names, _names, st.sets(st.sampled_from("xy")), _conditions), max_size=25
)


def naive(needs: list[Relation], installed: set[str]) -> set[tuple[str, str]]:
    """The fixpoint, computed by trying everything until nothing changes."""
    asked = {name: {""} for name in installed}
    found: set[tuple[str, str]] = set()
    changed = True
    while changed:
        changed = False
        for relation in needs:
            source, target = relation.source[9], relation.target[9]
            marker = relation.fact("marker")
            if marker and not any(
                Marker(marker).evaluate({**FULL, "extra": extra}) for extra in asked[source]
            ):
                continue
            if target in installed:
                more = set(relation.all("extra")) - asked[target]
                asked[target] |= more
                changed |= bool(more) or (source, target) not in found
                found.add((source, target))
    return {(f"{source}@1.0", f"{target}@1.0") for source, target in found if source != target}


@given(_needs, st.sets(_names, min_size=1), st.randoms(use_true_random=False))
def test_edges_are_the_fixpoint_in_whatever_order(
    drawn: list[tuple[str, str, set[str], str]], names: set[str], rng: random.Random
) -> None:
    installed = [dist(name) for name in sorted(names)]
    by_name = {o.name: o for o in installed}
    needs = [
        need(
            by_name[source],
            f"{target}[{','.join(sorted(extras))}]" + (f"; {condition}" if condition else ""),
            line,
        )
        for line, (source, target, extras, condition) in enumerate(drawn, 1)
        if source in names
    ]
    assert run(installed, needs)[0] == naive(needs, names)
    shuffled = list(needs)
    rng.shuffle(shuffled)
    assert edges(installed[::-1], shuffled, {}, FULL) == edges(installed, needs, {}, FULL)


_terms = st.builds(
    "{} {} '{}'".format,
    st.sampled_from(
        [
            "python_version",
            "python_full_version",
            "sys_platform",
            "platform_machine",
            "extra",
            "implementation_name",
        ]
    ),
    st.sampled_from(["==", "!=", "<", ">=", "in"]),
    st.sampled_from(["3.8", "3.11", "3.11.7", "linux", "x86_64", "x", "cpython"]),
)


@given(
    st.lists(_terms, min_size=1, max_size=4),
    st.sampled_from([" and ", " or "]),
    st.sampled_from(["", "x"]),
)
def test_where_everything_is_known_a_marker_holds_as_packaging_says(
    terms: list[str], joint: str, extra: str
) -> None:
    text = joint.join(terms)
    found = holds(text, FULL, extra)
    if found is not None:
        assert found is Marker(text).evaluate({**FULL, "extra": extra})


@given(
    st.lists(_terms, min_size=1, max_size=3),
    st.sampled_from([" and ", " or "]),
    st.sampled_from(["3.11.0", "3.11.5", "3.11.40"]),
)
def test_what_is_decided_without_the_full_version_holds_for_every_full_version(
    terms: list[str], joint: str, full: str
) -> None:
    text = joint.join(terms)
    known = {
        key: value
        for key, value in FULL.items()
        if key not in ("python_full_version", "implementation_version")
    }
    found = holds(text, known)
    if found is not None:
        assert found is Marker(text).evaluate(
            {**FULL, "python_full_version": full, "implementation_version": full, "extra": ""}
        )
