"""Which versions are one, by the rules of each ecosystem, each quoted by the test that holds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import InvalidVersion, Version

from aisbom.merge.versions import admits, ecosystem, identity
from tests.conftest import MakeTree
from tests.program import every_component, run


@pytest.mark.parametrize(
    ("purl", "one", "other", "same"),
    [
        # PEP 440, "Zero padding", "Post-releases" (implicit, `-N`), "Normalization".
        ("pkg:pypi/x", "1.0", "1.0.0", True),
        ("pkg:pypi/x", "1.2.11-4", "1.2.11.post4", True),
        ("pkg:pypi/x", "v1.0RC1", "1.0rc1", True),
        ("pkg:pypi/x", "1.0+cpu", "1.0", False),
        # A Maven repository holds both, each with its own files.
        ("pkg:maven/org.x/x", "1.0", "1.0.0", False),
        ("pkg:maven/org.x/x", "1.0-1", "1.0.post1", False),
        # Debian Policy 5.6.12: [epoch:]upstream-version[-debian-revision].
        ("pkg:deb/debian/zlib", "1.2.11-4", "1.2.11.post4", False),
        ("pkg:deb/debian/zlib", "1.0~rc1", "1.0rc1", False),
        ("pkg:rpm/fedora/x", "1.0-1.fc40", "1.0.0-1.fc40", False),
        # SemVer 2.0.0, 2: X.Y.Z; what has fewer numbers is none, and build metadata is kept.
        ("pkg:npm/x", "1.0.0", "1.0", False),
        ("pkg:npm/%40s/x", "1.0.0-rc.1", "1.0.0rc1", False),
        ("pkg:golang/x.org/x", "v1.0.0", "1.0.0", False),
        ("pkg:conan/zlib", "1.2", "1.2.0", False),
        ("pkg:generic/x", "1.0", "1.0.0", False),
        ("pkg:conda/x", "1.0", "1.0.0", False),
        ("pkg:pypi/x?file_name=a", "1.0", "1.0", True),
    ],
)
def test_whether_two_texts_are_one_version(purl: str, one: str, other: str, same: bool) -> None:
    assert (identity(purl, one) == identity(purl, other)) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pkg:conan/x@1.0?user=acme", "pkg:conan/x@1.0"),
        ("pkg:conan/x@1.0?rrev=aa", "pkg:conan/x@1.0?rrev=bb"),
        ("pkg:deb/debian/x@1.0?arch=amd64", "pkg:deb/debian/x@1.0?arch=arm64"),
    ],
)
def test_qualifiers_tell_packages_apart(one: str, other: str) -> None:
    assert identity(one, "1.0") != identity(other, "1.0")
    assert identity(one, "1.0") == identity(f"{one}#sub", "1.0")


TEXT = st.text("0123456789.-+~:abrcv", min_size=1, max_size=12)


@given(st.sampled_from(["maven/g/x", "deb/debian/x", "npm/x", "conan/x", "generic/x"]), TEXT, TEXT)
def test_elsewhere_two_texts_are_two_versions(kind: str, one: str, other: str) -> None:
    purl = f"pkg:{kind}"
    assert (identity(purl, one) == identity(purl, other)) is (one == other)
    assert admits(purl, f"=={one}", other) is (one == other)


@given(TEXT, TEXT)
def test_on_pypi_versions_are_equal_where_pep_440_says_so(one: str, other: str) -> None:
    try:
        equal = Version(one) == Version(other)
    except InvalidVersion:
        equal = one == other
    if equal:
        assert identity("pkg:pypi/x", one) == identity("pkg:pypi/x", other)


def test_ranges_are_read_where_their_rules_are_known() -> None:
    assert admits("pkg:pypi/x", ">=1,<2", "1.5")
    assert not admits("pkg:pypi/x", ">=1,<2", "2.0")
    assert not admits("pkg:conda/x", ">=2", "1.5")
    assert admits("pkg:conda/x", "1.26.*", "1.5")
    assert admits("pkg:maven/g/x", "[1.0,2.0)", "3.0")
    assert admits("pkg:pypi/x", "", "1.0")
    assert admits("pkg:pypi/x", ">=1", "not a version")
    assert not admits("pkg:pypi/x", "==1", "not a version")


@pytest.mark.parametrize(
    ("purl", "kind"),
    [
        ("pkg:PyPI/x@1", "pypi"),
        ("pkg:maven/g/x", "maven"),
        ("pkg:/deb/x", "deb"),
        ("x", ""),
        ("", ""),
    ],
)
def test_the_type_of_a_purl(purl: str, kind: str) -> None:
    assert ecosystem(purl) == kind


def listed(*purls: str) -> str:
    """An SBOM that lists these packages."""
    rows = []
    for purl in purls:
        name, _, version = purl.partition("?")[0].rpartition("/")[2].partition("@")
        rows.append({"type": "library", "name": name, "version": version, "purl": purl})
    return json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": rows}
    )


def test_two_packages_of_an_sbom_stay_two(make_tree: MakeTree, tmp_path: Path) -> None:
    """Maven 1.0 and 1.0.0, Debian 1.2.11-4 and 1.2.11.post4; each version is that of its purl."""
    purls = {
        "pkg:maven/org.example/libx@1.0",
        "pkg:maven/org.example/libx@1.0.0",
        "pkg:deb/debian/zlib@1.2.11-4",
        "pkg:deb/debian/zlib@1.2.11.post4",
        "pkg:npm/%40scope/x@1.0.0",
        "pkg:conan/x@1.0?user=acme",
        "pkg:conan/x@1.0",
    }
    tree = make_tree({"x.cdx.json": listed(*sorted(purls), "pkg:npm/%40scope/x@1.0.0")})
    done = run("generate", tree, "-o", tmp_path / "o.json", "--quiet", "--no-cache")
    assert done.returncode == 0
    found = every_component(json.loads((tmp_path / "o.json").read_text("utf-8")))
    rows = {row["purl"]: row["version"] for row in found if "purl" in row}
    assert rows == {purl: purl.rpartition("@")[2].partition("?")[0] for purl in purls}
