from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.xml import XmlValidator
from defusedxml.ElementTree import fromstring as library_tree
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aisbom.emit.cyclonedx.problems import pointer
from aisbom.emit.cyclonedx.schema import SPEC_VERSIONS, read_bundled, schema_errors
from aisbom.emit.cyclonedx.xml import not_in_xml, to_xml
from aisbom.emit.cyclonedx.xml_errors import xml_errors
from tests.emit.documents import Specimen, large, worked

VERSIONS = pytest.mark.parametrize("version", SPEC_VERSIONS)
IN_NAMESPACE = {"$schema", "bomFormat", "specVersion"}
XML_VALIDATORS = {"1.6": XmlValidator(SchemaVersion.V1_6), "1.7": XmlValidator(SchemaVersion.V1_7)}


def leaves(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """(nearest key, value as XML would write it) of everything that is neither object nor list."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, key)
    elif isinstance(node, bool):
        yield key, str(node).lower()
    elif isinstance(node, (int, float)):
        yield key, f"{float(node):.12g}"
    else:
        yield key, node


def xml_leaves(data: bytes) -> Iterator[tuple[str, str]]:
    for element in etree.fromstring(data).iter():
        yield from element.attrib.items()
        if not len(element) and element.text:
            yield etree.QName(element).localname, element.text


def values(pairs: Iterable[tuple[str, str]]) -> Counter[str]:
    """The values as a multiset, numbers by their amount."""
    return Counter(
        f"{float(value):.12g}" if re.fullmatch(r"-?\d+(\.\d+)?", value) else value
        for _, value in pairs
        if value
    )


def content(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in IN_NAMESPACE}


def body(version: str = "1.6", **sections: Any) -> str:
    """The XML below the root, without indentation."""
    document = {"bomFormat": "CycloneDX", "specVersion": version, **sections}
    assert schema_errors(document, version) == []
    data = to_xml(document)
    assert xml_errors(data, version) == []
    assert not_in_xml(document) == []
    return (
        re.sub(r"\n\s*", "", data.decode().split("\n", 1)[1])
        .removeprefix(f'<bom xmlns="http://cyclonedx.org/schema/bom/{version}">')
        .removesuffix("</bom>")
    )


def component(version: str = "1.6", **fields: Any) -> str:
    """What a component with these fields becomes, between its name and its end."""
    return (
        body(version, components=[{"type": "file", "name": "x", **fields}])
        .partition("<name>x</name>")[2]
        .removesuffix("</component></components>")
    )


# --- whole documents ---


@VERSIONS
def test_a_worked_document_is_valid_xml_with_every_value_once(version: str) -> None:
    document = worked(version)
    data = to_xml(document)
    assert xml_errors(data, version) == []
    assert XML_VALIDATORS[version].validate_str(data.decode()) is None
    assert not_in_xml(document) == []
    assert values(leaves(content(document))) == values(xml_leaves(data))


@VERSIONS
def test_every_property_of_the_json_schema_has_its_place_in_valid_xml(version: str) -> None:
    """Over all turns every property of the schema occurs; what is not listed as lost is in the XML,
    with its value, and nothing else is.
    """
    seen: set[tuple[int, str]] = set()
    for turn in range(Specimen.TURNS):
        specimen = Specimen(version, turn)
        data = to_xml(specimen.document)
        assert xml_errors(data, version) == []
        lost = not_in_xml(specimen.document)
        assert all(
            pointer.endswith("/protocolProperties/relatedCryptographicAssets") for pointer in lost
        )
        missing = values(leaves(content(specimen.document))) - values(xml_leaves(data))
        assert missing == sum(
            (values(leaves(at(specimen.document, pointer))) for pointer in lost), Counter()
        )
        assert not values(xml_leaves(data)) - values(leaves(content(specimen.document)))
        seen |= specimen.seen
    assert [place for name, place in Specimen.all_of(version).items() if name not in seen] == []


def at(document: Any, pointer: str) -> Any:
    for key in pointer.split("/")[1:]:
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


# Where a value stands under another name than in JSON: (JSON key, XML element or attribute).
RENAMED = {
    *{
        ("contentType", "content-type"),
        ("licenseIdentifier", "license-identifier"),
        ("dependsOn", "ref"),
        ("provides", "ref"),
        ("cryptoRefArray", "cryptoRef"),
    },
    *{("content", name) for name in ("hash", "text", "image", "attachment", "data", "fingerprint")},
    *{("value", name) for name in ("property", "environmentVar")},
    *{
        (plural, "ref")
        for plural in ("tools", "assemblies", "dependencies", "vulnerabilities", "subjects")
    },
    *{
        ("source", "url"),
        ("destination", "url"),
        ("references", "url"),
        ("asserter", "ref"),
        ("members", "ref"),
        ("patentRefs", "bom-ref"),
    },
    *{
        ("environmentVars", "value"),
        ("tlsSignatureSchemes", "signatureScheme"),
        ("response", "response"),
        ("tlsGroups", "group"),
    },
    *{
        ("technicalLimitations", "technicalLimitation"),
        ("mitigationStrategies", "mitigationStrategy"),
        ("identifiers", "identifier"),
    },
}


@VERSIONS
def test_every_value_stands_under_its_own_name(version: str) -> None:
    for turn in range(Specimen.TURNS):
        document = Specimen(version, turn).document
        names = {
            value: name for name, value in xml_leaves(to_xml(document)) if value.startswith("word ")
        }
        for key, value in leaves(content(document)):
            if value in names:
                name = names[value]
                assert key == name or (key, name) in RENAMED or key in {f"{name}s", f"{name}es"}, (
                    key,
                    name,
                )


@VERSIONS
def test_the_library_reads_the_same_components_and_edges_back(version: str) -> None:
    document = worked(version)
    del document["services"][0][
        "data"
    ]  # the library takes the attributes of a data flow for an error
    bom = Bom.from_xml(library_tree(to_xml(document)))

    def parts(components: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        for part in components:
            yield (
                part.bom_ref.value,
                part.type.value,
                part.group,
                part.name,
                part.version,
                part.purl and str(part.purl),
                part.description,
            )
            yield from parts(part.components)

    def expected(components: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
        for part in components:
            line = (
                " ".join(part["description"].split()) if "description" in part else None
            )  # a one-line field in XML
            yield (
                *(part.get(key) for key in ("bom-ref", "type", "group", "name", "version", "purl")),
                line,
            )
            yield from expected(part.get("components", []))

    assert Counter(parts(bom.components)) == Counter(expected(document["components"]))
    assert bom.metadata.component is not None
    assert bom.metadata.component.bom_ref.value == "app"
    read = {
        (entry.ref.value, target.ref.value)
        for entry in bom.dependencies
        for target in entry.dependencies
    }
    assert read == {
        (entry["ref"], target)
        for entry in document["dependencies"]
        for target in entry.get("dependsOn", [])
    }
    assert {part.name: len(part.properties) for part in bom.components} == {
        part["name"]: len(part.get("properties", [])) for part in document["components"]
    }
    assert {vulnerability.id for vulnerability in bom.vulnerabilities} == {"CVE-2026-0001"}


# --- shapes ---


def test_the_root_says_what_the_head_of_the_json_says() -> None:
    document = {
        "$schema": "x",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "version": 3,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    }
    assert (
        to_xml(document) == b'<?xml version="1.0" encoding="UTF-8"?>\n<bom'
        b' xmlns="http://cyclonedx.org/schema/bom/1.7" version="3"'
        b' serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"/>\n'
    )
    assert not_in_xml(document) == []


def test_licences() -> None:
    text = {"content": "aGk=", "encoding": "base64", "contentType": "text/plain"}
    assert (
        component(
            licenses=[
                {"license": {"id": "MIT", "acknowledgement": "declared", "bom-ref": "l"}},
                {"license": {"name": "Own", "text": text, "url": "a"}},
            ]
        )
        == '<licenses><license bom-ref="l"'
        ' acknowledgement="declared"><id>MIT</id></license><license><name>Own</name><text'
        ' content-type="text/plain"'
        ' encoding="base64">aGk=</text><url>a</url></license></licenses>'
    )
    assert (
        component(
            licenses=[{"expression": "MIT OR 0BSD", "acknowledgement": "concluded", "bom-ref": "e"}]
        )
        == '<licenses><expression bom-ref="e" acknowledgement="concluded">MIT OR'
        " 0BSD</expression></licenses>"
    )
    detail = {"licenseIdentifier": "LicenseRef-a", "bom-ref": "d", "text": {"content": "All"}}
    assert (
        component(
            "1.7",
            licenses=[
                {"expression": "LicenseRef-a", "expressionDetails": [detail]},
                {"expression": "MIT"},
                {"license": {"id": "MIT"}},
            ],
        )
        == '<licenses><expression-detailed expression="LicenseRef-a"><details'
        ' license-identifier="LicenseRef-a" bom-ref="d">'
        "<text>All</text></details></expression-detailed><expression>MIT</expression><license><id>MIT</id></license></licenses>"
    )


def test_dependencies_nest() -> None:
    assert (
        body(
            dependencies=[
                {"ref": "a", "dependsOn": ["b", "c"], "provides": ["d"]},
                {"ref": "b", "dependsOn": []},
            ]
        )
        == '<dependencies><dependency ref="a"><dependency ref="b"/><dependency ref="c"/><provides'
        ' ref="d"/></dependency><dependency ref="b"/></dependencies>'
    )


def test_properties_hashes_and_references() -> None:
    assert (
        component(
            properties=[{"name": "a", "value": "b"}, {"name": "only"}],
            hashes=[{"alg": "SHA-256", "content": "0a" * 32}],
            externalReferences=[
                {
                    "type": "vcs",
                    "url": "https://maker.example",
                    "hashes": [{"alg": "MD5", "content": "0b" * 16}],
                }
            ],
            tags=["t"],
            omniborId=["o", "p"],
        )
        == "<hashes><hash"
        f' alg="SHA-256">{"0a" * 32}</hash></hashes><omniborId>o</omniborId><omniborId>p</omniborId><externalReferences><reference'
        ' type="vcs"><url>https://maker.example</url><hashes><hash'
        f' alg="MD5">{"0b" * 16}</hash></hashes></reference></externalReferences><properties><property'
        ' name="a">b</property><property name="only"/></properties><tags><tag>t</tag></tags>'
    )


def test_evidence_with_one_identity_or_several() -> None:
    identity = {
        "field": "hash",
        "confidence": 1,
        "methods": [{"technique": "hash-comparison", "confidence": 1.0, "value": "v"}],
        "tools": ["t"],
    }
    one = (
        "<identity><field>hash</field><confidence>1</confidence><methods><method><technique>hash-comparison</technique><confidence>1</confidence><value>v</value></method></methods><tools><tool"
        ' ref="t"/></tools></identity>'
    )
    assert component(evidence={"identity": identity}) == f"<evidence>{one}</evidence>"
    assert (
        component(evidence={"identity": [identity, identity]}) == f"<evidence>{one}{one}</evidence>"
    )
    assert (
        component(
            evidence={
                "occurrences": [{"bom-ref": "o", "location": "a.py", "line": 3}],
                "copyright": [{"text": "A"}, {"text": "B"}],
            }
        )
        == "<evidence><occurrences><occurrence"
        ' bom-ref="o"><location>a.py</location><line>3</line></occurrence></occurrences>'
        "<copyright><text>A</text><text>B</text></copyright></evidence>"
    )


def test_a_data_flow_of_a_service() -> None:
    flow = {
        "flow": "inbound",
        "classification": "c",
        "name": "n",
        "source": ["https://a.example"],
        "governance": {"owners": [{"contact": {"name": "D"}}]},
    }
    assert (
        body(services=[{"name": "s", "x-trust-boundary": False, "data": [flow]}])
        == "<services><service><name>s</name><x-trust-boundary>false</x-trust-boundary><data><dataflow"
        ' name="n">'
        '<classification flow="inbound">c</classification>'
        "<governance><owners><owner><individual><name>D</name></individual></owner></owners></governance><source>"
        "<url>https://a.example</url></source>"
        "</dataflow></data></service></services>"
    )


def test_tools_old_and_new() -> None:
    assert (
        body(metadata={"tools": [{"vendor": "v", "name": "n"}]})
        == "<metadata><tools><tool><vendor>v</vendor><name>n</name></tool></tools></metadata>"
    )
    assert (
        body(metadata={"tools": {"components": [{"type": "file", "name": "n"}]}})
        == "<metadata><tools><components><component"
        ' type="file"><name>n</name></component></components></tools></metadata>'
    )


def test_data_sets_energy_and_attachments_of_a_model() -> None:
    energy = {"value": 1e-7, "unit": "kWh"}
    provider = {"organization": {"name": "o"}, "energySource": "wind", "energyProvided": energy}
    assert component(
        modelCard={
            "modelParameters": {"datasets": [{"ref": "a"}, {"type": "dataset", "name": "b"}]},
            "considerations": {
                "useCases": ["u"],
                "environmentalConsiderations": {
                    "energyConsumptions": [
                        {
                            "activity": "training",
                            "energyProviders": [provider, provider],
                            "activityEnergyCost": energy,
                        }
                    ]
                },
            },
        },
        data=[
            {
                "type": "dataset",
                "contents": {"attachment": {"content": "a", "contentType": "text/csv"}},
                "sensitiveData": ["s", "t"],
            }
        ],
    ) == (
        "<modelCard><modelParameters><datasets><ref>a</ref><dataset><type>dataset</type><name>b</name></dataset>"
        "</datasets></modelParameters>"
        "<considerations><useCases><useCase>u</useCase></useCases><environmentalConsiderations><energyConsumptions>"
        "<energyConsumption><activity>training</activity>"
        + 2
        * "<energyProviders><organization><name>o</name></organization><energySource>wind</energySource>"
        "<energyProvided><value>0.0000001</value><unit>kWh</unit></energyProvided></energyProviders>"
        + "<activityEnergyCost><value>0.0000001</value><unit>kWh</unit></activityEnergyCost></energyConsumption>"
        "</energyConsumptions></environmentalConsiderations>"
        "</considerations></modelCard><data><type>dataset</type><contents><attachment"
        ' content-type="text/csv">a</attachment></contents>'
        "<sensitiveData>s</sensitiveData><sensitiveData>t</sensitiveData></data>"
    )


def test_annotations_compositions_and_vulnerabilities() -> None:
    assert (
        body(
            compositions=[{"aggregate": "complete", "assemblies": ["a"]}],
            vulnerabilities=[
                {
                    "analysis": {"response": ["update"]},
                    "affects": [
                        {
                            "ref": "a",
                            "versions": [{"version": "1"}, {"range": "r", "status": "unaffected"}],
                        }
                    ],
                    "cwes": [79],
                }
            ],
            annotations=[
                {
                    "subjects": ["a"],
                    "annotator": {"individual": {"name": "D"}},
                    "timestamp": "2026-01-31t12:00:00z",
                    "text": "t",
                }
            ],
        )
        == "<compositions><composition><aggregate>complete</aggregate><assemblies><assembly"
        ' ref="a"/></assemblies>'
        "</composition></compositions>"
        "<vulnerabilities><vulnerability><cwes><cwe>79</cwe></cwes><analysis><responses><response>update</response>"
        "</responses></analysis><affects><target>"
        "<ref>a</ref><versions><version><version>1</version></version><version><range>r</range>"
        "<status>unaffected</status></version></versions></target></affects>"
        "</vulnerability></vulnerabilities><annotations><annotation><subjects><subject"
        ' ref="a"/></subjects><annotator>'
        "<individual><name>D</name></individual>"
        "</annotator><timestamp>2026-01-31T12:00:00Z</timestamp><text>t</text></annotation></annotations>"
    )


def test_formulation_and_declarations() -> None:
    flow = {
        "bom-ref": "w",
        "uid": "u",
        "taskTypes": ["build"],
        "inputs": [
            {"environmentVars": [{"name": "A", "value": "1"}, "B"]},
            {"resource": {"ref": "r"}},
        ],
    }
    evidence = {
        "bom-ref": "e",
        "data": [
            {"name": "n", "contents": {"attachment": {"content": "{}"}}, "sensitiveData": ["s"]}
        ],
    }
    assert (
        body(
            formulation=[{"workflows": [flow]}],
            declarations={"claims": [{"evidence": ["e", "f"]}], "evidence": [evidence]},
        )
        == "<formulation><formula><workflows><workflow"
        ' bom-ref="w"><uid>u</uid><taskTypes><taskType>build</taskType>'
        "</taskTypes><inputs><input><environmentVars>"
        "<environmentVar"
        ' name="A">1</environmentVar><value>B</value></environmentVars></input><input><resource>'
        "<ref>r</ref></resource></input></inputs>"
        "</workflow></workflows></formula></formulation><declarations><claims><claim><evidence>e</evidence>"
        "<evidence>f</evidence></claim></claims>"
        "<evidence><evidence"
        ' bom-ref="e"><data><name>n</name><contents><attachment>{}</attachment></contents>'
        "<sensitiveData>s</sensitiveData></data></evidence>"
        "</evidence></declarations>"
    )


def test_a_standard_gets_the_elements_that_only_xml_wants() -> None:
    assert (
        body(definitions={"standards": [{"name": "n"}]})
        == "<definitions><standards><standard><name>n</name><version/><description/><owner/></standard></standards></definitions>"
    )


def test_people_and_organisations_that_json_tells_apart_by_their_keys() -> None:
    patent = {"patentNumber": "10-1", "jurisdiction": "KR", "patentLegalStatus": "granted"}
    assert (
        "<patentAssignee><individual><name>D</name><phone>1</phone></individual></patentAssignee>"
        in body(
            "1.7",
            definitions={"patents": [patent | {"patentAssignee": [{"name": "D", "phone": "1"}]}]},
        )
    )
    assert (
        "<patentAssignee><organization><name>O</name><url>u</url></organization></patentAssignee>"
        in body(
            "1.7",
            definitions={"patents": [patent | {"patentAssignee": [{"name": "O", "url": ["u"]}]}]},
        )
    )
    assertion = {"assertionType": "license"}
    assert "<asserter><ref>a</ref></asserter>" in component(
        "1.7", patentAssertions=[assertion | {"asserter": "a"}]
    )
    assert "<asserter><contact><email>a@b</email></contact></asserter>" in component(
        "1.7", patentAssertions=[assertion | {"asserter": {"email": "a@b"}}]
    )


# --- text ---


def test_what_means_something_in_xml_is_written_as_text() -> None:
    odd = "<a href='x'>&amp; \"quoted\" ]]> \t\r\n end"
    document = {"specVersion": "1.6", "components": [{"type": "file", "name": odd, "bom-ref": odd}]}
    part = etree.fromstring(to_xml(document))[0][0]
    assert part.get("bom-ref") == odd
    assert part[0].text == odd


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_xml_forbids_is_replaced_and_said(bad: str) -> None:
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            {"type": "file", "name": f"a{bad}b", "bom-ref": f"r{bad}", "tags": ["t", bad]}
        ],
    }
    data = to_xml(document)
    assert xml_errors(data, "1.6") == []
    assert "<name>a\ufffdb</name>" in data.decode()
    assert not_in_xml(document) == [
        "/components/0/bom-ref",
        "/components/0/name",
        "/components/0/tags/1",
    ]


@VERSIONS
def test_a_replaced_character_is_reported_at_its_json_pointer_wherever_it_is(version: str) -> None:
    """Also where XML has another shape than JSON: licences, data flows, assignees, copyright texts,
    ...
    """
    for turn in range(Specimen.TURNS):
        expected: list[list[str | int]] = []

        def spoil(node: Any, place: list[str | int], said: list[list[str | int]]) -> Any:
            if isinstance(node, dict):
                return {key: spoil(value, [*place, key], said) for key, value in node.items()}
            if isinstance(node, list):
                return [spoil(value, [*place, index], said) for index, value in enumerate(node)]
            if isinstance(node, str) and place[-1] != "specVersion":
                said.append(place)
                return f"{node}\x00"
            return node

        document = spoil(content(Specimen(version, turn).document), [], expected) | {
            "specVersion": version
        }
        lost = [
            place
            for place in not_in_xml(document)
            if not place.endswith("/protocolProperties/relatedCryptographicAssets")
        ]
        gone = ("protocolProperties", "relatedCryptographicAssets")
        expected = [place for place in expected if gone not in itertools.pairwise(place)]
        assert lost == [pointer(place) for place in sorted(expected)]


@pytest.mark.parametrize(
    "fine",
    ["\x7f", "\x85", "\u2028", "\ufeff", "한글", "\U0001f600", "\U0010ffff", "]]>", "\u202e"],
)
def test_a_character_that_xml_allows_stays(fine: str) -> None:
    document = {"specVersion": "1.6", "components": [{"type": "file", "name": f"a{fine}b"}]}
    assert etree.fromstring(to_xml(document))[0][0][0].text == f"a{fine}b"
    assert not_in_xml(document) == []


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (7, "7"),
        (7.0, "7"),
        (0.5, "0.5"),
        (1e-7, "0.0000001"),
        (3e20, "300000000000000000000"),
        (-0.25, "-0.25"),
    ],
)
def test_numbers_are_written_without_exponent_and_without_idle_fraction(
    number: float, text: str
) -> None:
    document = {"specVersion": "1.6", "vulnerabilities": [{"ratings": [{"score": number}]}]}
    assert f"<score>{text}</score>".encode() in to_xml(document)


# --- what is lost, and what is refused ---


def test_what_xml_cannot_carry_is_listed_and_sorted() -> None:
    signature = {"algorithm": "ES256", "value": "c2ln"}
    protocol = {
        "assetType": "protocol",
        "protocolProperties": {"relatedCryptographicAssets": [{"type": "key", "ref": "k"}]},
    }
    document = {
        "specVersion": "1.7",
        "signature": signature,
        "components": [
            {
                "type": "cryptographic-asset",
                "name": "a/b",
                "signature": signature,
                "cryptoProperties": protocol,
            }
        ],
    }
    assert not_in_xml(document) == [
        "/components/0/cryptoProperties/protocolProperties/relatedCryptographicAssets",
        "/components/0/signature",
        "/signature",
    ]
    assert xml_errors(to_xml(document), "1.7") == []


def test_what_only_the_newer_version_knows_is_lost_in_the_older() -> None:
    document = {
        "specVersion": "1.6",
        "components": [{"type": "file", "name": "x", "isExternal": True}],
        "citations": [{"note": "n"}],
    }
    assert not_in_xml(document) == ["/citations", "/components/0/isExternal"]


def test_another_version_and_a_bottomless_document_are_refused() -> None:
    for document in ({"specVersion": "1.3"}, {}):
        with pytest.raises(ValueError, match="supported"):
            to_xml(document)
    deep: dict[str, Any] = {"type": "file", "name": "x"}
    for _ in range(5_000):
        deep = {"type": "file", "name": "x", "components": [deep]}
    with pytest.raises(ValueError, match="nested too deeply"):
        to_xml({"specVersion": "1.6", "components": [deep]})


def test_equal_documents_become_equal_bytes() -> None:
    def shuffled(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: shuffled(node[key]) for key in sorted(node, reverse=True)}
        return [shuffled(value) for value in node] if isinstance(node, list) else node

    for version in SPEC_VERSIONS:
        document = worked(version)
        assert (
            to_xml(document)
            == to_xml(shuffled(document))
            == to_xml(json.loads(json.dumps(document)))
        )


def test_both_schemas_know_the_same_licences() -> None:
    """Else a licence identifier that is valid in JSON would not be in XML."""
    names = etree.fromstring(read_bundled("spdx.SNAPSHOT.xsd")).xpath(
        "//*[local-name()='enumeration']/@value"
    )
    assert set(json.loads(read_bundled("spdx.SNAPSHOT.schema.json"))["enum"]) == set(names)


# --- any text at all ---

TEXT = st.text(st.characters(), min_size=1, max_size=12)
COMPONENTS = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["file", "library", "data"]), "name": TEXT},
        optional={
            "version": TEXT,
            "group": TEXT,
            "description": TEXT,
            "copyright": TEXT,
            "publisher": TEXT,
            "properties": st.lists(
                st.fixed_dictionaries({"name": TEXT}, optional={"value": TEXT}), max_size=3
            ),
            "tags": st.lists(TEXT, max_size=2),
            "licenses": st.lists(
                st.one_of(
                    TEXT.map(lambda name: {"license": {"name": name}}),
                    TEXT.map(lambda text: {"license": {"id": "MIT", "text": {"content": text}}}),
                ),
                max_size=2,
            )
            | TEXT.map(lambda expression: [{"expression": expression}]),
            "evidence": TEXT.map(
                lambda text: {"copyright": [{"text": text}], "occurrences": [{"location": text}]}
            ),
        },
    ),
    lambda inner: st.builds(
        lambda part, parts: {**part, "components": parts}, inner, st.lists(inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SPEC_VERSIONS), st.lists(COMPONENTS, max_size=3))
def test_documents_of_any_text_convert_and_validate_and_keep_their_text(
    version: str, components: list[dict[str, Any]]
) -> None:
    document = {"bomFormat": "CycloneDX", "specVersion": version, "components": components}
    data = to_xml(document)
    assert xml_errors(data, version) == []
    kept = Counter(value for _, value in xml_leaves(data))
    told = Counter(
        re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", value)
        for _, value in leaves(content(document))
    )
    assert kept == told
    assert bool(not_in_xml(document)) == any(
        value not in kept for _, value in leaves(content(document))
    )


def test_thousands_of_components_are_written_and_valid() -> None:
    assert xml_errors(to_xml(large("1.7", 5_000)), "1.7") == []
