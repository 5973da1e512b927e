"""Licence and steward of packages that say nothing themselves, and of which packages nothing may
be said.
"""

from __future__ import annotations

import pytest

from aisbom.identify.licence_files import licences
from aisbom.identify.origin import claim_developer
from aisbom.identify.package_table import weightiest
from aisbom.knowledge import load, package_table
from aisbom.knowledge.package_table import HAND, Statement
from aisbom.model import Claim, Component, Evidence, Location, Observation, facts
from aisbom.model.ledger import Answer, Ledger

K = load()
NAMES = sorted(
    {line.partition("\t")[0] for line in package_table.TABLE.read_text().splitlines()[1:]}
)


def component(
    name: str,
    version: str = "",
    *pairs: tuple[str, str],
    kind: str = "requirement",
    query: str = "",
    index: str = "pypi",
) -> Component:
    at = f"@{version}" if version else ""
    purl = f"pkg:{index}/{name}{at}{query}"
    evidence = Evidence("test", "manifest-analysis", "high", Location("requirements.txt", 7), name)
    seen = Observation(kind, name, version, purl, evidence, facts(*pairs))
    return Component(f"x-{name}", "library", name, version, purl, (seen,))


def claims(subject: Component) -> list[Claim]:
    return [*licences(subject, K), *claim_developer(subject, K)]


def licence(subject: Component) -> Answer:
    return Ledger(claims(subject)).licence(subject.ref)


def origin(subject: Component) -> str:
    return Ledger(claims(subject)).answer(subject.ref, "origin.developed").value


@pytest.mark.parametrize(
    ("name", "expected", "steward"),
    [
        ("diffusers", "Apache-2.0", "US"),
        ("outlines-core", "Apache-2.0", None),
        ("attrs", "MIT", "community"),
        ("regex", "Apache-2.0 AND CNRI-Python", "person-undisclosed"),
        ("scipy", None, "international"),
    ],
)
def test_a_name_in_a_requirement(name: str, expected: str | None, steward: str | None) -> None:
    subject = component(name)
    if expected:
        assert licence(subject).value == expected
    if steward:
        assert origin(subject) == steward


@pytest.mark.parametrize(
    ("name", "query", "expected", "steward"),
    [
        # The package of that name in the Python index, or the one that is the same project.
        ("diffusers", "", "Apache-2.0", "US"),
        ("diffusers", "?channel=conda-forge", "Apache-2.0", "US"),
        ("py-xgboost", "", "Apache-2.0", None),
        # No package of that index, whatever is called so there.
        ("cuda-cudart", "?build=0", "LicenseRef-NVIDIA-Proprietary", "US"),
        ("python", "", "PSF-2.0", None),
        ("yaml", "", "MIT", "unknown"),
        ("openssl", "", "unknown", "unknown"),
        # Another channel may have anything under a name.
        ("diffusers", "?channel=norae", "unknown", "unknown"),
        ("no-such-package-anywhere", "", "unknown", "unknown"),
    ],
)
def test_a_package_of_conda(name: str, query: str, expected: str, steward: str | None) -> None:
    subject = component(name, query=query, index="conda")
    assert licence(subject).value == expected
    if steward:
        assert origin(subject) == steward


def test_the_place_and_the_sources_are_cited() -> None:
    (claim,) = licences(component("absl-py"), K)
    assert claim.attribute == "licence.concluded"
    for evidence in claim.evidence:
        assert evidence.by == "licence/package-table" and evidence.at.line == 7
    assert any("spack" in evidence.excerpt for evidence in claim.evidence)


def test_what_nobody_compared_says_so() -> None:
    for name in ("axolotl", "azure-mgmt-something"):
        (claim,) = licences(component(name), K)
        (evidence,) = claim.evidence
        assert evidence.by == "licence/package-table-curated"
        assert "general knowledge, not compared with its source" in evidence.excerpt
    told = [e for claim in claim_developer(component("axolotl"), K) for e in claim.evidence]
    assert any("not compared with its source" in e.excerpt for e in told)


@pytest.mark.parametrize("name", ["absl-py", "a2a-sdk", "accelerate"])
def test_what_a_source_confirms_is_cited_from_the_source(name: str) -> None:
    compared = [e for claim in claims(component(name)) for e in claim.evidence]
    assert compared and not any("not compared" in e.excerpt for e in compared)
    assert any(row.source == HAND for row in package_table.statements(name)) == (name != "absl-py")


def test_a_family_of_one_project_speaks_of_its_members() -> None:
    assert licence(component("pyobjc-framework-Cocoa")).value == "MIT"
    assert licence(component("pyobjc_framework_never_seen")).value == "MIT"
    assert licence(component("pyobjc-framework")).state == "unknown"
    assert licence(component("pyobjcx-framework-cocoa")).state == "unknown"
    # A row of its own speaks first.
    own = [row for row in package_table.statements("azure-mgmt-core") if row.what == "licence"]
    assert own and not any(row.name.endswith("*") for row in own)


def test_what_a_package_declares_itself_stands_alone() -> None:
    subject = component("diffusers", "0.30", ("license-expression", "MIT"), kind="distribution")
    assert {claim.value for claim in licences(subject, K)} == {"MIT"}


def test_the_version_decides_where_the_licence_changed() -> None:
    assert licence(component("pillow", "10.4.0")).value == "HPND"
    assert licence(component("pillow", "11.1.0")).value == "MIT-CMU"
    assert licence(component("pillow")).value == "MIT-CMU"
    assert licence(component("pillow", "not.a.version")).value == "MIT-CMU"


@pytest.mark.parametrize(
    "query",
    [
        "?repository_url=https://pypi.internal.example/simple",
        "?vcs_url=git%2Bhttps://github.com/someone/diffusers%40abc",
        "?download_url=https://example.org/diffusers-1.0.tar.gz",
    ],
)
def test_a_namesake_from_elsewhere_is_not_the_public_package(query: str) -> None:
    assert claims(component("diffusers", "1.0", query=query)) == []


def test_the_public_index_named_in_full_is_the_public_index() -> None:
    subject = component("diffusers", "1.0", query="?repository_url=https://pypi.org/simple")
    assert licence(subject).value == "Apache-2.0"


def test_a_project_of_the_tree_is_not_the_public_package() -> None:
    assert not [c for c in claims(component("diffusers", kind="project")) if c.value != "unknown"]


def test_an_unknown_package_stays_without_an_answer() -> None:
    assert claims(component("no-such-package-anywhere")) == []


def test_no_country_for_a_person_nor_for_a_community() -> None:
    for name in ("regex", "attrs"):
        values = {c.value for c in claims(component(name)) if c.attribute.startswith("origin.")}
        assert not [value for value in values if len(value) == 2]


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("trafilatura", "1.7.0", "GPL-3.0-or-later"),
        ("trafilatura", "2.0.0", "Apache-2.0"),
        ("courlan", "0.9.5", "GPL-3.0-or-later"),
        ("thefuzz", "0.19.0", "GPL-2.0-only"),
        ("thefuzz", "0.22.1", "MIT"),
        ("cloudflare", "2.19.4", "MIT"),
        ("cloudflare", "", "Apache-2.0"),
        ("python-dateutil", "2.6.1", "BSD-3-Clause"),
        ("aioconsole", "", "GPL-3.0-only"),
    ],
)
def test_ranges_and_spellings(name: str, version: str, expected: str) -> None:
    assert licence(component(name, version)).value == expected


@pytest.mark.parametrize(
    ("query", "speaks"),
    [
        ("?repository_url=https://pypi.org/simple", True),
        ("?repository_url=https://pypi.tuna.tsinghua.edu.cn/simple", True),
        ("?repository_url=https://mirrors.aliyun.com/pypi/simple", True),
        ("?repository_url=https://download.pytorch.org/whl/cu124", True),
        (
            "?download_url=https://download.pytorch.org/whl/cpu/diffusers-0.30-py3-none-any.whl",
            True,
        ),
        ("?download_url=https://files.pythonhosted.org/packages/a/b/diffusers-0.30.tar.gz", True),
        ("?vcs_url=git%2Bhttps://github.com/huggingface/diffusers@0123abc", True),
        ("?vcs_url=git%2Bhttps://github.com/HuggingFace/Diffusers.git", True),
        ("?vcs_url=git%2Bssh://git@github.com/huggingface/diffusers.git@v1", True),
        ("?vcs_url=git%2Bhttps://github.com/somebody/diffusers@0123abc", False),
        ("?vcs_url=git%2Bhttps://github.com.example/huggingface/diffusers", False),
        ("?vcs_url=git%2Bhttps://gitlab.com/huggingface/diffusers", False),
        ("?repository_url=https://pypi.org.example/simple", False),
        ("?repository_url=https://mirrors.aliyun.com/other/simple", False),
        ("?repository_url=https://corp.example/pypi.org/simple", False),
        ("?repository_url=https://test.pypi.org/simple", False),
        ("?download_url=https://corp.example/diffusers-0.30-py3-none-any.whl", False),
    ],
)
def test_from_where_the_table_speaks(query: str, speaks: bool) -> None:
    subject = component("diffusers", "0.30", query=query)
    assert (licence(subject).value == "Apache-2.0") is speaks


def test_an_older_version_may_have_had_the_licence_that_distributions_know() -> None:
    assert licence(component("filelock", "3.13.1")).value == "Unlicense"
    assert set(licence(component("filelock", "3.25.0")).values) == {"MIT", "Unlicense"}
    assert licence(component("filelock", "4.3.1")).value == "MIT"
    assert licence(component("filelock")).value == "MIT"
    assert licence(component("cffi", "2.0.0")).value == "MIT"
    assert licence(component("cffi", "2.1.1")).value == "MIT-0"
    assert licence(component("chardet", "5.2.0")).value == "LGPL-2.1-or-later"


def said(value: str, source: str, votes: int = 1, versions: str = "") -> Statement:
    return Statement("x", "licence", value, versions, votes, source)


@pytest.mark.parametrize(
    ("rows", "version", "expected"),
    [
        # A recipe speaks of its version: what was asked about that or an older one is contested.
        ([said("MIT", HAND), said("GPL-3.0-only", "conda-forge 1.6, 2021-05")], "1.6", 2),
        ([said("MIT", HAND), said("GPL-3.0-only", "conda-forge 1.6, 2021-05")], "1.7", 1),
        ([said("MIT", HAND), said("GPL-3.0-only", "conda-forge 1.6, 2021-05")], "", 1),
        ([said("MIT", HAND), said("GPL-3.0-only", "conda-forge 1.6, 2023-05")], "1.6", 1),
        ([said("MIT", HAND), said("MIT", "conda-forge 1.6, 2021-05")], "1.6", 1),
        ([said("MIT", HAND, versions="<2"), said("ISC", "conda-forge 1.6, 2021-05")], "1.6", 1),
        ([said("MIT", "PyPI metadata 3.0"), said("ISC", "conda-forge 1.6, 2021-05")], "1.0", 2),
        ([said("MIT", "PyPI metadata 3.0"), said("ISC", "conda-forge 1.6, 2021-05")], "2.0", 1),
        ([said("MIT", "PyPI metadata 3.0"), said("ISC", "conda-forge 4.0, 2026-05")], "3.0", 1),
        ([said("MIT", "PyPI metadata 3.0"), said("ISC", "conda-forge 4.0, 2026-05")], "no", 1),
        # Sources that agree are counted together.
        ([said("MIT", "spack"), said("ISC", "wolfi")], "", 2),
        ([said("MIT", "spack"), said("ISC", "wolfi"), said("ISC", "openwrt")], "", 1),
        ([said("MIT", "spack"), said("ISC", "conda-forge 1.6, 2021-05")], "", 2),
        ([said("MIT", "spack"), said("ISC", "conda-forge 1.6, 2016-05")], "", 1),
        ([said("MIT", "spack"), said("Apache-2.0 OR MIT", "wolfi")], "", 1),
        ([said("MIT", "spack"), said("Apache-2.0 OR ISC", "wolfi")], "", 2),
        ([said("GPL-3.0", "spack"), said("GPL-3.0-only", "wolfi")], "", 1),
        ([said("GPL-3.0-only", "spack"), said("GPL-3.0-or-later", "wolfi")], "", 2),
        # What a recipe of long ago says alone is a hint.
        ([said("MIT", "conda-forge 1.6, 2016-05")], "1.6", 0),
        ([said("MIT", "conda-forge 1.6, 2021-05")], "9.0", 1),
        ([], "1.0", 0),
    ],
)
def test_what_outweighs_what(rows: list[Statement], version: str, expected: int) -> None:
    assert len(weightiest(rows, version)) == expected


def test_an_old_recipe_alone_does_not_answer() -> None:
    def old(rows: list[Statement]) -> bool:
        return bool(rows) and all("" < row.month < "2019" for row in rows)

    found = (
        (name, rows)
        for name in NAMES
        if old(rows := [r for r in package_table.statements(name) if r.what == "licence"])
    )
    name, rows = next(found)
    answer = licence(component(name))
    assert answer.state == "unknown" and {c.value for c in answer.against} == {rows[0].value}
