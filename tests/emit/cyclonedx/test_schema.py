from __future__ import annotations

import copy
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.emit.cyclonedx import references, schema
from aisbom.emit.cyclonedx import xml_errors as xml_errors_of
from aisbom.emit.cyclonedx.problems import pointer
from aisbom.emit.cyclonedx.references import reference_errors
from aisbom.emit.cyclonedx.schema import (
    SPEC_VERSIONS,
    errors,
    read_bundled,
    schema_errors,
)
from aisbom.emit.cyclonedx.xml_errors import xml_errors
from tests.emit.documents import Specimen, large, worked

ORACLES = {
    "1.6": JsonStrictValidator(SchemaVersion.V1_6),
    "1.7": JsonStrictValidator(SchemaVersion.V1_7),
}
VERSIONS = pytest.mark.parametrize("version", SPEC_VERSIONS)


def oracle_accepts(document: dict[str, Any], version: str) -> bool:
    return ORACLES[version].validate_str(json.dumps(document)) is None


def paths(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    for key, value in (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    ):
        yield (*path, key)
        yield from paths(value, (*path, key))


def put(document: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    node: Any = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value


@VERSIONS
def test_a_worked_document_has_no_errors_and_the_strict_validator_agrees(version: str) -> None:
    document = worked(version)
    assert errors(document, version) == []
    assert oracle_accepts(document, version)


@VERSIONS
def test_a_document_with_almost_every_property_is_valid_by_schema(version: str) -> None:
    document = Specimen(version, 0).document
    assert schema_errors(document, version) == []
    assert version != SPEC_VERSIONS[-1] or oracle_accepts(
        document, version
    )  # it takes seconds for each


WORKED = {version: worked(version) for version in SPEC_VERSIONS}
SECTIONS = [
    (version, key)
    for version in SPEC_VERSIONS
    for key, value in WORKED[version].items()
    if isinstance(value, (dict, list))
]
ODD: list[Any] = [
    *(
        "",
        "x",
        "a b",
        "http://a b",
        "%zz",
        "http://maker.example/한글",
        "MIT",
        "SHA-256",
        "urn:cdx:1",
        "nobody",
        "a@b",
        "a@@b",
        "@",
    ),
    *(
        "2026-01-31",
        "2026-01-31T00:00:00",
        "2026-01-31T00:00:00Z",
        "2026-13-31T00:00:00Z",
        "2026-02-30T00:00:00+09:00",
    ),
    *(5, -1, 0.5, 7.0, True, None, [], {}, ["x"], {"x": 1}),
]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_documents_are_judged_as_the_strict_validator_judges_them(
    data: st.DataObject,
) -> None:
    version, section = data.draw(st.sampled_from(SECTIONS))
    document = copy.deepcopy({key: WORKED[version][key] for key in ("bomFormat", section)})
    path = data.draw(st.sampled_from([path for path in paths(document) if path != ("bomFormat",)]))
    node: Any = document
    for key in path[:-1]:
        node = node[key]
    match data.draw(st.sampled_from(["remove", "replace", "add"])):
        case "remove":
            del node[path[-1]]
        case "replace":
            node[path[-1]] = data.draw(st.sampled_from(ODD))
        case "add" if isinstance(node, dict):
            node[data.draw(st.sampled_from(["name", "foo", "bom-ref", "url", "type", "ref"]))] = (
                data.draw(st.sampled_from(ODD))
            )
        case _:
            node.append(copy.deepcopy(node[0]))
    document["specVersion"] = version
    assert (schema_errors(document, version) == []) == oracle_accepts(document, version)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (
            ("metadata", "timestamp"),
            "yesterday",
            '/metadata/timestamp: "yesterday" is not a valid date-time; write RFC 3339',
        ),
        (("metadata", "timestamp"), "2026-01-31T12:00:00", "/metadata/timestamp: "),
        (
            ("metadata", "authors", 0, "email"),
            "nobody",
            '/metadata/authors/0/email: "nobody" is not a valid idn-email; write one address',
        ),
        (
            ("metadata", "supplier", "url", 0),
            "http://a b",
            '/metadata/supplier/url/0: "http://a b" is not a valid iri-reference; percent-',
        ),
        (
            ("services", 0, "endpoints", 0),
            "%zz",
            '/services/0/endpoints/0: "%zz" is not a valid iri-reference',
        ),
        (
            ("components", 0, "licence"),
            [],
            '/components/0: unknown key "licence" (did you mean "licenses"?); remove',
        ),
        (
            ("components", 0, "type"),
            "file ",
            '/components/0/type: "file " is not one of "application", ',
        ),
        (("components", 0, "name"), 7, "/components/0/name: 7 is not of type"),
        (
            ("metadata", "component", "licenses", 0, "license", "id"),
            "Apache 2.0",
            'license/id: "Apache 2.0" is not one of ',
        ),
        (
            ("metadata", "component", "licenses", 0, "license", "id"),
            "Apache 2.0",
            '(did you mean "Apache-2.0"?)',
        ),
        (("specVersion",), "1.5", '/specVersion: "1.5" is not the version asked for; write "1.6"'),
    ],
)
def test_an_error_is_one_line_with_pointer_message_and_fix(
    path: tuple[str | int, ...], value: Any, expected: str
) -> None:
    document = worked("1.6")
    put(document, path, value)
    (line,) = errors(document, "1.6")
    assert expected in line
    assert "\n" not in line


def test_a_missing_key_and_a_repeated_item_are_named() -> None:
    document = worked("1.6")
    del document["components"][1]["name"]
    assert schema_errors(document, "1.6") == ['/components/1: "name" is missing; add it']
    document = worked("1.6")
    document["components"].append(document["components"][0])
    assert "/components: holds the same item twice (0 and 2); remove one" in schema_errors(
        document, "1.6"
    )


def test_an_enormous_value_does_not_make_an_enormous_line() -> None:
    document = worked("1.6")
    document["components"][0]["name"] = ["x\n" * 100_000]
    assert max(map(len, schema_errors(document, "1.6"))) < 600


def test_a_line_can_be_printed_whatever_it_quotes() -> None:
    document = worked("1.6")
    document["annotations"][0]["subjects"] = ["한\ud800\n글"]
    (line,) = reference_errors(document)
    assert line.encode().decode().startswith('/annotations/0/subjects/0: "한?\\n글" is no bom-ref')


def test_a_pointer_escapes_what_pointers_escape() -> None:
    document = worked("1.6") | {"a/b~c": 1}
    assert schema_errors(document, "1.6")[0].startswith(': unknown key "a/b~c"')
    assert pointer(("a/b~c", 0)) == "/a~1b~0c/0"


def test_a_version_without_schema_is_refused_with_the_ones_that_have_one() -> None:
    for judge in (lambda: errors({}, "1.3"), lambda: xml_errors(b"<bom/>", "../1.6")):
        with pytest.raises(ValueError, match=r"supported: 1\.4, 1\.5, 1\.6, 1\.7"):
            judge()


SIGNATURE = {"algorithm": "ES256", "value": "c2ln"}


@VERSIONS
def test_nothing_is_fetched_though_licences_signatures_and_curves_are_checked(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    schema._json_validator.cache_clear()
    xml_errors_of._xml_validator.cache_clear()
    document = worked(version) | {"signature": SIGNATURE}
    assert errors(document, version) == []
    assert len(schema_errors(document | {"signature": {"algorithm": "ROT13"}}, version)) == 1
    assert (
        xml_errors(f'<bom xmlns="http://cyclonedx.org/schema/bom/{version}"/>'.encode(), version)
        == []
    )
    if version == "1.7":
        key = {
            "type": "cryptographic-asset",
            "name": "key",
            "cryptoProperties": {"assetType": "algorithm", "algorithmProperties": {}},
        }
        put(key, ("cryptoProperties", "algorithmProperties", "ellipticCurve"), "nist/P-256")
        only = {"bomFormat": "CycloneDX", "specVersion": version, "components": [key]}
        assert schema_errors(only, version) == []
        put(key, ("cryptoProperties", "algorithmProperties", "ellipticCurve"), "nist/P-2560")
        assert "/ellipticCurve: " in schema_errors(only, version)[0]


def test_what_is_not_bundled_is_not_looked_for_elsewhere() -> None:
    with pytest.raises(LookupError, match="never fetched"):
        schema._refuse("https://maker.example/schema.json")
    with pytest.raises(FileNotFoundError):
        read_bundled("bom-9.9.SNAPSHOT.schema.json")


# --- references ---


DANGLING = [
    ("dependencies", 0, "ref"),
    ("dependencies", 0, "dependsOn", 0),
    ("dependencies", 4, "provides", 0),
    ("compositions", 0, "assemblies", 0),
    ("compositions", 0, "dependencies", 0),
    ("compositions", 0, "vulnerabilities", 0),
    ("vulnerabilities", 0, "affects", 0, "ref"),
    ("annotations", 0, "subjects", 1),
    ("components", 0, "evidence", "identity", 0, "tools", 0),
    ("components", 0, "modelCard", "modelParameters", "datasets", 0, "ref"),
    ("formulation", 0, "workflows", 0, "inputs", 0, "resource", "ref"),
    ("formulation", 0, "workflows", 0, "runtimeTopology", 0, "dependsOn", 0),
    ("declarations", "attestations", 0, "assessor"),
    ("declarations", "attestations", 0, "map", 0, "requirement"),
    ("declarations", "attestations", 0, "map", 0, "counterClaims", 0),
    ("declarations", "attestations", 0, "map", 0, "conformance", "mitigationStrategies", 0),
    ("declarations", "claims", 0, "target"),
    ("declarations", "claims", 0, "evidence", 0),
    ("declarations", "claims", 0, "counterEvidence", 0),
    ("definitions", "standards", 0, "requirements", 1, "parent"),
    ("definitions", "standards", 0, "levels", 0, "requirements", 1),
    ("definitions", "patents", 0, "members", 0),
    ("citations", 0, "attributedTo"),
    ("components", 2, "patentAssertions", 0, "patentRefs", 0),
    ("components", 2, "patentAssertions", 2, "asserter"),
]


@pytest.mark.parametrize("path", DANGLING, ids=lambda path: "/".join(map(str, path)))
def test_a_reference_to_nothing_is_found_in_every_section(path: tuple[str | int, ...]) -> None:
    document = worked("1.7")
    put(document, path, "nowhere-at-all")
    line = (
        f'{pointer(path)}: "nowhere-at-all" is no bom-ref of this document; add what it'
        " names or drop it"
    )
    assert line in reference_errors(document)


@pytest.mark.parametrize("path", DANGLING[5:], ids=lambda path: "/".join(map(str, path)))
def test_a_link_into_another_document_is_not_followed(path: tuple[str | int, ...]) -> None:
    document = worked("1.7")
    put(document, path, "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#part")
    assert reference_errors(document) == []


def test_a_near_miss_is_named() -> None:
    document = worked("1.6")
    document["annotations"][0]["subjects"] = ["modell"]
    assert reference_errors(document) == [
        (
            '/annotations/0/subjects/0: "modell" is no bom-ref of this document (did you mean'
            ' "model"?); add what it names or drop it'
        )
    ]


@pytest.mark.parametrize(
    "path",
    [
        ("components", 0, "components", 0, "bom-ref"),
        ("components", 0, "modelCard", "bom-ref"),
        ("components", 0, "pedigree", "ancestors", 0, "bom-ref"),
        ("components", 0, "components", 0, "evidence", "occurrences", 0, "bom-ref"),
        ("components", 0, "licenses", 0, "bom-ref"),
        ("services", 0, "services", 0, "bom-ref"),
        ("declarations", "claims", 0, "bom-ref"),
        ("definitions", "standards", 0, "levels", 0, "bom-ref"),
    ],
)
def test_a_bom_ref_given_twice_is_found_wherever_it_is(path: tuple[str | int, ...]) -> None:
    document = worked("1.6")
    put(document, path, "app")
    line = f'{pointer(path)}: bom-ref "app" is already that of /metadata/component; give it another'
    assert line in reference_errors(document)


def test_components_and_services_belong_to_the_dependency_graph() -> None:
    document = worked("1.6")
    document["dependencies"] = [
        entry for entry in document["dependencies"] if entry["ref"] not in {"corpus", "embedding"}
    ]
    document["dependencies"][0]["dependsOn"].remove("embedding")
    assert reference_errors(document) == [
        (
            '/components/1: "corpus" has no entry in dependencies; add one, with an empty dependsOn'
            " if it needs nothing"
        ),
        (
            '/services/0: "embedding" has no entry in dependencies; add one, with an empty'
            " dependsOn if it needs nothing"
        ),
        (
            '/services/0: "embedding" cannot be reached from metadata.component; add it to the'
            " dependsOn of what uses it"
        ),
        (
            '/services/0/services/0: "cache" cannot be reached from metadata.component; add it to'
            " the dependsOn of what uses it"
        ),
    ]


def test_a_component_without_bom_ref_a_second_entry_and_a_missing_root_are_found() -> None:
    document = worked("1.6")
    del document["components"][0]["components"][0]["bom-ref"]
    document["dependencies"][3]["ref"] = "app"
    del document["dependencies"][1]["dependsOn"][1]
    assert reference_errors(document) == [
        '/dependencies/3: a second entry for "app"; merge the two',
        "/components/0/components/0: no bom-ref, so nothing can refer to it; add one",
    ]
    document = worked("1.6")
    del document["metadata"]["component"]
    lines = reference_errors(document)
    assert (
        "/metadata: no component: the dependency graph has no root; add metadata.component" in lines
    )
    assert not any("cannot be reached" in line for line in lines)  # said once, not once for each


def test_ancestors_tools_annotators_and_targets_are_not_asked_into_the_graph() -> None:
    document = worked("1.6")
    assert {"base", "tool", "target"}.isdisjoint(entry["ref"] for entry in document["dependencies"])
    assert reference_errors(document) == []


def test_a_circle_of_dependencies_ends() -> None:
    document = worked("1.6")
    document["dependencies"][2]["dependsOn"] = ["app", "corpus"]
    assert reference_errors(document) == []


def test_what_a_signature_says_is_not_a_reference() -> None:
    document = worked("1.6")
    document["components"][0]["signature"] = SIGNATURE | {"ref": "nothing"}
    assert reference_errors(document) == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"metadata": 1, "components": 2, "dependencies": {}, "services": None},
        {"components": [1, [], {"components": "x"}], "dependencies": [1, {"ref": 5}]},
    ],
)
def test_malformed_documents_are_judged_not_tripped_over(document: dict[str, Any]) -> None:
    assert errors(document, "1.6")


@pytest.mark.parametrize("levels", [300, 1_000, 50_000])
def test_a_bottomless_document_is_an_error_not_a_crash(levels: int) -> None:
    part: dict[str, Any] = {"type": "file", "name": "x"}
    for _ in range(levels):
        part = {"type": "file", "name": "x", "components": [part]}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [part]}
    assert errors(document, "1.6")[0] == ": nested too deeply to be read by anyone; flatten it"
    while part.get("components"):  # or the interpreter takes its leave when it frees them
        part = part.pop("components")[0]


@VERSIONS
def test_the_names_of_references_are_those_of_the_schema(version: str) -> None:
    """What the schema types as a link (alone, in a choice, in a list) is one of REFERENCES, and a
    string under such a name is a link.
    """
    links = {"#/definitions/refLinkType", "#/definitions/refType", "#/definitions/cryptoRefArray"}
    found: set[str] = set()
    free: set[tuple[str, str]] = set()

    def is_link(part: dict[str, Any]) -> bool:
        inner = [
            *part.get("anyOf", ()),
            *part.get("oneOf", ()),
            *([part["items"]] if isinstance(part.get("items"), dict) else []),
        ]
        return part.get("$ref") in links or any(map(is_link, inner))

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict):
            for name, part in node.get("properties", {}).items():
                if not isinstance(part, dict) or name == "bom-ref":
                    continue
                if is_link(part):
                    found.add(name)
                elif name in references.REFERENCES and "string" in (
                    part.get("type"),
                    dict(part.get("items") or {}).get("type"),
                ):
                    free.add((path, name))
            for key, value in node.items():
                walk(value, f"{path}/{key}")
        elif isinstance(node, list):
            for value in node:
                walk(value, path)

    walk(json.loads(read_bundled(f"bom-{version}.SNAPSHOT.schema.json")), "")
    assert found <= references.REFERENCES
    assert free == {
        ("/definitions/compositions", "dependencies"),
        ("/definitions/compositions", "vulnerabilities"),
    }
    if version == SPEC_VERSIONS[-1]:
        assert references.REFERENCES - found == {"dependencies", "vulnerabilities"}


@VERSIONS
def test_what_is_skipped_holds_neither_bom_refs_nor_references(version: str) -> None:
    for turn in range(Specimen.TURNS):
        for path in paths(Specimen(version, turn).document):
            if not references._WITHOUT_REFERENCES.isdisjoint(path[:-1]):
                assert path[-1] != "bom-ref"
                assert path[-1] not in references.REFERENCES


# --- XML ---


def xml(body: str, version: str = "1.6") -> bytes:
    return f'<bom xmlns="http://cyclonedx.org/schema/bom/{version}">{body}</bom>'.encode()


@VERSIONS
def test_xml_is_judged_by_its_own_schema_with_line_path_and_reason(version: str) -> None:
    good = "<components>\n<component type='file'><name>x</name></component>\n</components>"
    assert xml_errors(xml(good, version), version) == []
    (line,) = xml_errors(xml(good.replace("<name>x</name>", ""), version), version)
    assert line.startswith(
        "line 2: /bom/components/component: Element 'component': Missing child element(s)."
    )
    assert xml_errors(xml(good, "1.5"), version)[0].startswith("line 1: /bom: ")


def test_the_licences_of_the_xml_schema_come_from_the_bundled_list() -> None:
    body = (
        "<components><component"
        " type='file'><name>x</name><licenses><license><id>{}</id></license></licenses></component></components>"
    )
    assert xml_errors(xml(body.format("MIT")), "1.6") == []
    assert "'Nope'" in xml_errors(xml(body.format("Nope")), "1.6")[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<bom",
        b"\x00",
        b"plain text",
        b'<?xml version="1.0" encoding="nonsense"?><bom/>',
        b"<a></b>",
    ],
)
def test_what_is_no_xml_is_an_error_not_an_exception(data: bytes) -> None:
    (line,) = xml_errors(data, "1.6")
    assert line.startswith("line ")


def test_entities_are_refused_before_anything_is_read_or_inflated(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    laughs = "".join(f'<!ENTITY e{index} "{f"&e{index - 1};" * 10}">' for index in range(1, 12))
    for declaration, use in (
        (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "&x;"),
        (f'<!ENTITY e0 "ha">{laughs}', "&e11;"),
    ):
        (line,) = xml_errors(f"<!DOCTYPE bom [{declaration}]>".encode() + xml(use), "1.6")
        assert line.startswith("line 1: ")
        assert "DOCTYPE is not accepted" in line or "amplification" in line
        assert "secret" not in line


def test_thousands_of_components_are_judged() -> None:
    assert errors(large("1.7", 5_000), "1.7") == []
