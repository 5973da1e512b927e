"""SBOMs found in the tree: what they list becomes sightings with lines, and hostile ones become
gaps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.sbom import tag_value
from aisbom.collect.sbom.embedded_sbom import COLLECTOR
from aisbom.collect.sbom.foreign import normal
from aisbom.collect.sbom.sbom_document import document
from aisbom.model import Gap, Observation, Relation, Row
from aisbom.source.tree import Unreadable
from tests.conftest import MakeTree, collect

DIST = "lib/python3.11/site-packages/demo-1.0.dist-info"
OWNER = {f"{DIST}/METADATA": "Name: Demo\nVersion: 1.0\n"}
CRATES: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "metadata": {
        "tools": [{"name": "cargo-cyclonedx"}],
        "component": {
            "bom-ref": "path+file:///home/builder/demo#1.0",
            "name": "demo-rs",
            "version": "1.0",
            "purl": "pkg:cargo/demo-rs@1.0?download_url=file://.",
            "components": [
                {
                    "bom-ref": "bin",
                    "name": "demo-rs",
                    "purl": "pkg:cargo/demo-rs@1.0?download_url=file://.#src/lib.rs",
                }
            ],
        },
    },
    "components": [
        {
            "bom-ref": "a",
            "type": "library",
            "name": "alpha",
            "version": "0.1.0",
            "purl": "pkg:cargo/alpha@0.1.0",
            "licenses": [{"expression": "MIT OR Apache-2.0"}],
            "hashes": [
                {"alg": "SHA-256", "content": "AB" * 32},
                {"alg": "SHA-256", "content": "short"},
            ],
            "supplier": {"name": "Alpha Org"},
            "externalReferences": [
                {"type": "vcs", "url": "https://example.org/alpha"},
                {"type": "vcs", "url": "/home/builder"},
            ],
            "components": [
                {"bom-ref": "inner", "name": "inner", "version": "9", "group": "org.example"}
            ],
        },
        {
            "bom-ref": "z",
            "name": "libz",
            "version": "1.3",
            "purl": "pkg:rpm/almalinux/libz@1.3?arch=x86_64",
        },
    ],
    "dependencies": [
        {"ref": "path+file:///home/builder/demo#1.0", "dependsOn": ["a"]},
        {"ref": "a", "dependsOn": ["z", "a"]},
        {"ref": "z"},
    ],
}


def only(make_tree: MakeTree, files: Mapping[str, Any]) -> tuple[Row, ...]:
    return collect(
        make_tree(
            {
                k: v if isinstance(v, str | bytes) else json.dumps(v, indent=2)
                for k, v in files.items()
            }
        ),
        COLLECTOR,
    )


def parts(rows: tuple[Row, ...]) -> dict[str, Observation]:
    return {row.purl: row for row in rows if isinstance(row, Observation)}


def edges(rows: tuple[Row, ...], kind: str) -> set[tuple[str, str]]:
    return {
        (row.source, row.target) for row in rows if isinstance(row, Relation) and row.kind == kind
    }


def reasons(rows: tuple[Row, ...]) -> list[str]:
    return [row.reason for row in rows if isinstance(row, Gap)]


def test_a_distribution_contains_what_its_own_sbom_lists(make_tree: MakeTree) -> None:
    rows = only(make_tree, {**OWNER, f"{DIST}/sboms/demo.cyclonedx.json": CRATES})
    seen = parts(rows)
    libz = "pkg:rpm/almalinux/libz@1.3?arch=x86_64"
    assert set(seen) == {
        "pkg:cargo/demo-rs@1.0",
        "pkg:cargo/alpha@0.1.0",
        libz,
        "pkg:generic/org.example/inner@9",
    }
    assert edges(rows, "contains") == {
        ("pkg:pypi/demo@1.0", "pkg:cargo/demo-rs@1.0"),
        ("pkg:pypi/demo@1.0", "pkg:cargo/alpha@0.1.0"),
        ("pkg:pypi/demo@1.0", libz),
        ("pkg:cargo/alpha@0.1.0", "pkg:generic/org.example/inner@9"),
    }
    assert edges(rows, "depends-on") == {
        ("pkg:cargo/demo-rs@1.0", "pkg:cargo/alpha@0.1.0"),
        ("pkg:cargo/alpha@0.1.0", libz),
    }
    assert not reasons(rows)


def test_parts_carry_their_facts_and_the_line_of_their_reference(make_tree: MakeTree) -> None:
    rows = only(make_tree, {**OWNER, f"{DIST}/sboms/demo.cyclonedx.json": CRATES})
    alpha = parts(rows)["pkg:cargo/alpha@0.1.0"]
    text = json.dumps(CRATES, indent=2).split("\n")
    assert text[alpha.evidence.at.line - 1].strip() == '"bom-ref": "a",'
    assert alpha.evidence.at.member == "/components/0"
    assert dict(alpha.facts) == {
        "format": "CycloneDX 1.5",
        "hash": "sha256:" + "ab" * 32,
        "license-expression": "MIT OR Apache-2.0",
        "owner": "pkg:pypi/demo@1.0",
        "project-url": "vcs, https://example.org/alpha",
        "supplier": "Alpha Org",
        "type": "library",
    }
    (edge,) = [
        row
        for row in rows
        if isinstance(row, Relation) and row.kind == "depends-on" and row.source == alpha.purl
    ]
    assert text[edge.at.line - 1].strip() == '"ref": "a",'
    assert "builder" not in repr([row for row in rows if isinstance(row, Observation)])


def test_pieces_of_the_owner_are_the_owner(make_tree: MakeTree) -> None:
    stated = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.4",
        "metadata": {
            "component": {
                "bom-ref": "me",
                "name": "demo",
                "version": "1.0",
                "purl": "pkg:pypi/Demo@1.0?file_name=demo.whl",
            }
        },
        "components": [
            {
                "bom-ref": "me",
                "name": "demo",
                "version": "1.0",
                "purl": "pkg:pypi/Demo@1.0?file_name=demo.whl",
            },
            {
                "bom-ref": "ext",
                "name": "demo._c",
                "version": "1.0",
                "purl": "pkg:pypi/demo@1.0#c-ext/demo._c",
            },
            {"bom-ref": "pkg:generic/libavif", "name": "libavif", "version": "1.4.2"},
        ],
        "dependencies": [
            {"ref": "me", "dependsOn": ["ext"]},
            {"ref": "ext", "dependsOn": ["pkg:generic/libavif"]},
        ],
    }
    rows = only(make_tree, {**OWNER, f"{DIST}/sboms/auditwheel.cdx.json": stated})
    assert set(parts(rows)) == {"pkg:generic/libavif@1.4.2"}
    assert edges(rows, "depends-on") == {("pkg:pypi/demo@1.0", "pkg:generic/libavif@1.4.2")}
    assert not reasons(rows)


def test_an_sbom_about_another_version_than_its_owner_is_said_aloud(make_tree: MakeTree) -> None:
    stated = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {
            "component": {
                "bom-ref": "me",
                "name": "demo",
                "version": "0.9",
                "purl": "pkg:pypi/demo@0.9",
            }
        },
        "components": [{"name": "x", "version": "1"}],
    }
    rows = only(make_tree, {**OWNER, f"{DIST}/sboms/demo.cdx.json": stated})
    assert reasons(rows) == ["this SBOM is about version 0.9 of what ships it as 1.0"]
    assert edges(rows, "contains") == {("pkg:pypi/demo@1.0", "pkg:generic/x@1")}


def test_spdx_packages_and_relationships_in_both_directions(make_tree: MakeTree) -> None:
    stated = {
        "spdxVersion": "SPDX-2.3",
        "creationInfo": {"creators": ["Tool: other-1.0"]},
        "documentDescribes": ["SPDXRef-root"],
        "packages": [
            {"SPDXID": "SPDXRef-root", "name": "app", "versionInfo": "1"},
            {
                "SPDXID": "SPDXRef-a",
                "name": "Some.Lib",
                "versionInfo": "2",
                "licenseDeclared": "MIT",
                "licenseConcluded": "NOASSERTION",
                "supplier": "Organization: A",
                "checksums": [{"algorithm": "SHA1", "checksumValue": "0" * 40}],
                "externalRefs": [
                    {"referenceType": "purl", "referenceLocator": "pkg:pypi/Some.Lib@2"}
                ],
            },
            {
                "SPDXID": "SPDXRef-b",
                "name": "b",
                "versionInfo": "NOASSERTION",
                "downloadLocation": "NONE",
            },
        ],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-root",
            },
            {
                "spdxElementId": "SPDXRef-root",
                "relationshipType": "DEPENDS_ON",
                "relatedSpdxElement": "SPDXRef-a",
            },
            {
                "spdxElementId": "SPDXRef-b",
                "relationshipType": "BUILD_DEPENDENCY_OF",
                "relatedSpdxElement": "SPDXRef-root",
            },
            {
                "spdxElementId": "SPDXRef-root",
                "relationshipType": "CONTAINS",
                "relatedSpdxElement": "SPDXRef-b",
            },
        ],
    }
    rows = only(make_tree, {"third/app.spdx.json": stated})
    seen = parts(rows)
    assert set(seen) == {"pkg:generic/app@1", "pkg:pypi/some-lib@2", "pkg:generic/b"}
    library = seen["pkg:pypi/some-lib@2"]
    assert (
        library.fact("license-expression"),
        library.fact("license-concluded"),
        library.fact("supplier"),
    ) == ("MIT", "", "A")
    assert (library.fact("hash"), seen["pkg:generic/app@1"].fact("subject")) == (
        "sha1:" + "0" * 40,
        "yes",
    )
    assert edges(rows, "depends-on") == {
        ("pkg:generic/app@1", "pkg:pypi/some-lib@2"),
        ("pkg:generic/app@1", "pkg:generic/b"),
    }
    assert edges(rows, "contains") == {("pkg:generic/app@1", "pkg:generic/b")}
    lines = json.dumps(stated, indent=2).split("\n")
    for relation in [row for row in rows if isinstance(row, Relation)]:
        kind = {
            "pkg:pypi/some-lib@2": "DEPENDS_ON",
            "pkg:generic/b": "BUILD" if relation.fact("group") == "build" else "CONTAINS",
        }
        assert kind[relation.target] in lines[relation.at.line]


def test_a_library_s_list_of_what_it_bundles_belongs_to_the_installed_library(
    make_tree: MakeTree,
) -> None:
    stated = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.4",
        "metadata": {"component": {"bom-ref": "bom-ref:pip", "name": "pip"}},
        "components": [
            {"bom-ref": "bom-ref:pip", "name": "pip"},
            {"name": "idna", "purl": "pkg:pypi/idna@3.20", "version": "3.20"},
        ],
        "dependencies": [{"ref": "bom-ref:pip", "dependsOn": ["pkg:pypi/idna@3.20"]}],
    }
    inside = only(make_tree, {"lib/python3.11/site-packages/pip/_vendor/bom.cdx.json": stated})
    assert edges(inside, "depends-on") == {("pkg:pypi/pip", "pkg:pypi/idna@3.20")}
    assert set(parts(inside)) == {"pkg:pypi/idna@3.20"}


def test_a_document_elsewhere_speaks_of_its_own_subject(make_tree: MakeTree) -> None:
    rows = only(
        make_tree,
        {"bom.json": {**CRATES, "metadata": {"component": {"bom-ref": "s", "name": "svc"}}}},
    )
    assert parts(rows)["pkg:generic/svc"].fact("subject") == "yes"
    assert not {edge for edge in edges(rows, "contains") if edge[0].startswith("pkg:pypi")}


@pytest.mark.parametrize(
    "tools",
    [
        [{"name": "aisbom"}],
        {"components": [{"name": "other"}, {"name": "AISBOM"}]},
        {"services": [{"name": "aisbom 1.0"}]},
    ],
)
def test_our_own_documents_are_not_read(make_tree: MakeTree, tools: object) -> None:
    assert only(make_tree, {"old/result.cdx.json": {**CRATES, "metadata": {"tools": tools}}}) == ()


def test_our_own_spdx_document_is_not_read(make_tree: MakeTree) -> None:
    stated = {
        "spdxVersion": "SPDX-2.3",
        "creationInfo": {"creators": ["Tool: aisbom-0.1"]},
        "packages": [{"name": "x", "SPDXID": "x"}],
    }
    assert only(make_tree, {"a.spdx.json": stated}) == ()


@pytest.mark.parametrize("content", [{"parts": [{"name": "resistor"}]}, [1, 2], "null"])
def test_a_bom_json_that_is_no_sbom_is_left_alone(make_tree: MakeTree, content: Any) -> None:
    assert only(make_tree, {"hardware/bom.json": content, "maven/bom.xml": "<project/>"}) == ()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("x.cdx.json", "{", "not valid JSON"),
        ("x.cdx.json", "", "not valid JSON"),
        ("x.cdx.json", b"\x00\xff\x01", "not valid JSON"),
        ("x.cdx.json", "[" * 100_000, "nested too deeply"),
        ("x.cdx.json", '{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
        ("x.cdx.json", "{}", "neither"),
        (
            "x.cdx.json",
            {"bomFormat": "CycloneDX", "specVersion": "2.0"},
            "CycloneDX 2.0 is not read",
        ),
        ("x.cdx.json", {"bomFormat": "CycloneDX", "specVersion": ["1.5"]}, "without a specVersion"),
        (
            "x.spdx.json",
            {
                "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
                "@graph": [{"type": "security_Vulnerability"}, {"type": "security_Vulnerability"}],
            },
            "2 elements of the kind Vulnerability: not read",
        ),
        ("x.cdx.xml", "<bom xmlns='http://cyclonedx.org/schema/bom/1.5'>", "not well-formed"),
        ("bom.xml", "<bom xmlns='http://cyclonedx.org/schema/bom/9.9'/>", "CycloneDX 9.9"),
        (
            "bom.xml",
            "<!DOCTYPE b [<!ENTITY e 'x'>]><bom xmlns='http://cyclonedx.org/schema/bom/1.5'/>",
            "a document type: not read",
        ),
        ("x.cdx.xml", "<!-- cyclonedx -->" + "<a>" * 5000, "nested too deeply"),
        (f"{DIST}/sboms/x.spdx", "PackageName: x", "neither JSON, XML nor tag-value"),
        ("x.spdx", "PackageName: x", "neither JSON, XML nor tag-value"),
        (f"{DIST}/sboms/x.json", {"components": []}, "neither"),
        (
            "x.cdx.json",
            {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": {"name": "x"}},
            "components is not a list",
        ),
        (
            "x.cdx.json",
            {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [1, None, []]},
            "3 of the components",
        ),
        (
            "x.cdx.json",
            {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"version": "1"}]},
            "without a name",
        ),
        (
            "x.cdx.json",
            {
                "bomFormat": "CycloneDX",
                "specVersion": "1.5",
                "components": [{"name": "x", "purl": "nope"}],
            },
            "not a purl",
        ),
        (
            "x.cdx.json",
            {
                "bomFormat": "CycloneDX",
                "specVersion": "1.5",
                "components": [],
                "dependencies": [{"ref": "a", "dependsOn": ["b"]}],
            },
            "refer to nothing",
        ),
        (
            "x.cdx.json",
            {
                "bomFormat": "CycloneDX",
                "specVersion": "1.5",
                "components": [{"name": n, "bom-ref": "same"} for n in "ab"],
            },
            "repeat the reference",
        ),
    ],
)
def test_what_is_not_read_is_a_gap(make_tree: MakeTree, name: str, content: Any, word: str) -> None:
    found = reasons(only(make_tree, {name: content}))
    assert len(found) == 1
    assert word in found[0]


def test_wrong_types_lose_only_what_they_spoil(make_tree: MakeTree) -> None:
    stated = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "metadata": {"tools": 7, "component": "x"},
        "components": [
            {
                "name": "good",
                "version": 3,
                "purl": ["x"],
                "licenses": "MIT",
                "hashes": [1],
                "supplier": [],
                "externalReferences": {},
            },
            {"name": "nested", "components": [{"name": "deep"}, 5]},
        ],
        "dependencies": [
            {"ref": 1, "dependsOn": ["a"]},
            {"ref": "a", "dependsOn": [None]},
            {"dependsOn": 3},
        ],
    }
    rows = only(make_tree, {"x.cdx.json": stated})
    assert set(parts(rows)) == {"pkg:generic/good", "pkg:generic/nested", "pkg:generic/deep"}
    assert len(reasons(rows)) == 3


def test_cycles_are_edges_like_any_other(make_tree: MakeTree) -> None:
    stated = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "components": [{"name": name, "bom-ref": name} for name in "ab"],
        "dependencies": [{"ref": "a", "dependsOn": ["b", "a"]}, {"ref": "b", "dependsOn": ["a"]}],
    }
    rows = only(make_tree, {"x.cdx.json": stated})
    assert edges(rows, "depends-on") == {
        ("pkg:generic/a", "pkg:generic/b"),
        ("pkg:generic/b", "pkg:generic/a"),
    }
    assert not reasons(rows)


def test_references_to_build_tools_of_the_document_are_no_fault(make_tree: MakeTree) -> None:
    stated = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {
            "tools": {
                "components": [
                    {"bom-ref": "tool:x", "name": "x"},
                    {"bom-ref": "tool:y", "name": "y"},
                ]
            }
        },
        "dependencies": [{"ref": "tool:x", "dependsOn": ["tool:y"]}],
    }
    assert only(make_tree, {**OWNER, f"{DIST}/sboms/x.cdx.json": stated}) == ()


def test_an_sbom_without_an_owner_is_read_and_said_so(make_tree: MakeTree) -> None:
    rows = only(make_tree, {f"{DIST}/sboms/x.cdx.json": CRATES})
    assert len(parts(rows)) == 4
    assert "states no name" in reasons(rows)[0]


def test_five_thousand_components_on_one_line_take_linear_time(make_tree: MakeTree) -> None:
    count = 5_000
    stated = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "components": [
            {"name": f"n{i}", "bom-ref": f"r{i}", "purl": f"pkg:cargo/n{i}@1"} for i in range(count)
        ],
        "dependencies": [
            {"ref": f"r{i}", "dependsOn": [f"r{(i + 1) % count}"]} for i in range(count)
        ],
    }
    root = make_tree({"x.cdx.json": json.dumps(stated)})
    rows = collect(root, COLLECTOR)
    assert len(parts(rows)) == count


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just("pkg:pypi/a@1"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "components",
                    "component",
                    "name",
                    "purl",
                    "bom-ref",
                    "ref",
                    "dependsOn",
                    "licenses",
                    "license",
                    "hashes",
                    "packages",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.fixed_dictionaries({"components": _json, "metadata": _json, "dependencies": _json}))
def test_any_cyclonedx_is_read_without_an_error(stated: dict[str, Any]) -> None:
    found = document({"bomFormat": "CycloneDX", "specVersion": "1.6", **stated})
    assert found is not None
    assert all(part.purl.startswith("pkg:") and part.name for part in found.parts)


@given(
    st.fixed_dictionaries(
        {
            "packages": _json,
            "relationships": _json,
            "documentDescribes": _json,
            "creationInfo": _json,
        }
    )
)
def test_any_spdx_is_read_without_an_error(stated: dict[str, Any]) -> None:
    found = document({"spdxVersion": "SPDX-2.3", **stated})
    assert found is not None
    assert all(part.purl.startswith("pkg:") and part.name for part in found.parts)


@given(_json)
def test_any_other_json_is_no_document(stated: Any) -> None:
    try:
        assert document(stated) is None
    except Unreadable as error:
        assert str(error)


@given(
    st.text(max_size=40) | st.text("pkg:/@?#=%ab1.", max_size=40).map(lambda tail: f"pkg:{tail}")
)
def test_purls_are_normalised_once_and_for_all_or_refused(text: str) -> None:
    try:
        once, version = normal(text)
    except ValueError:
        return
    assert normal(once, version)[0] == once


TAGGED = """SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: norae
Creator: Tool: packer-1.0
Creator: Person: somebody

PackageName: norae
SPDXID: SPDXRef-norae
PackageVersion: 1.0
PackageComment: <text>several
PackageName: not a package
lines</text>
PackageLicenseDeclared: NOASSERTION

PackageName: ears
SPDXID: SPDXRef-ears
PackageVersion: 2.1
PackageSupplier: Organization: Norae Labs
PackageLicenseConcluded: MIT
PackageChecksum: SHA256: 0000000000000000000000000000000000000000000000000000000000000001
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/ears@2.1

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-norae
Relationship: SPDXRef-norae DEPENDS_ON SPDXRef-ears
"""


def test_spdx_in_tag_value_form(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"norae.spdx": TAGGED}), COLLECTOR)
    parts = {r.name: r for r in rows if isinstance(r, Observation)}
    assert set(parts) == {"norae", "ears"}
    ears = parts["ears"]
    assert (ears.purl, ears.version, ears.evidence.at.line) == ("pkg:pypi/ears@2.1", "2.1", 17)
    assert (ears.fact("license-concluded"), ears.fact("supplier")) == ("MIT", "Norae Labs")
    (edge,) = (r for r in rows if isinstance(r, Relation))
    assert (edge.source, edge.target, edge.at.line) == (
        "pkg:generic/norae@1.0",
        "pkg:pypi/ears@2.1",
        25,
    )


@pytest.mark.parametrize(
    "text",
    ["PackageName: x\n", "SPDXVersion: SPDX-3.7\nPackageName: x\n", "SPDXVersion: nothing\n", ""],
)
def test_a_tag_value_file_that_is_no_document_is_a_gap(make_tree: MakeTree, text: str) -> None:
    (gap,) = collect(make_tree({"norae.spdx": text}), COLLECTOR)
    assert isinstance(gap, Gap)


@given(st.text(alphabet="PackageNmID:SDX<text>/ \n-2.3", max_size=200))
def test_any_tag_value_text_is_read_without_an_error(text: str) -> None:
    tag_value.to_dict("SPDXVersion: SPDX-2.3\n" + text)
