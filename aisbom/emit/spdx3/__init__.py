"""A bill as an SPDX 3.0.1 document (JSON-LD): software, AI, dataset and licensing profiles.

Written directly, as the official context names things (https://spdx.github.io/spdx-spec/v3.0.1/);
the tests read it back through the official bindings, spdx-python-model. What SPDX 3.0.1 has no
place for is said in the comment of the document (`LACKS`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from urllib.parse import quote

import orjson

from aisbom.bom import Bom, Licence, Maker, Part
from aisbom.emit.spdx3.packages import package
from aisbom.emit.spdx3.profiles import conformance
from aisbom.emit.spdx3.rows import CREATED, NO_TIME, Json, relationship

LACKS = (
    "SPDX 3.0.1 has no place for claims with evidence, places in files, roles, countries of"
    " organisations, scores, requirements, gaps, and licences that lie in files: what matters of"
    " these stands in comments, all of it in the CycloneDX document"
)

_NAMESPACE = uuid.UUID("6f1a7a0e-52c6-5d0e-9c86-3f4f2f3d8a11")
_CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_DATA_LICENCE = "CC0-1.0"


def spdx3(bom: Bom) -> bytes:
    """The document in UTF-8, a line an element. Its ids come from its content alone."""
    graph = [*_Graph(bom).rows()]
    lines = b",\n".join(b"    " + orjson.dumps(row) for row in graph)
    head = b'{\n  "@context": "' + _CONTEXT.encode() + b'",\n  "@graph": [\n'
    return head + lines + b"\n  ]\n}\n"


class _Graph:
    """The elements of a bill, each with an id below one namespace."""

    def __init__(self, bom: Bom) -> None:
        self._bom = bom
        content = "\n".join((bom.knowledge, bom.index, *(repr(part) for part in bom.parts)))
        self._base = f"urn:uuid:{uuid.uuid5(_NAMESPACE, content)}#"
        self._organisations: dict[str, Maker] = {}
        self._licences: dict[str, Licence] = {}
        self._data: dict[str, str] = {}

    def rows(self) -> Iterator[Json]:
        """Every element: the document first, packages, relationships, then what they name."""
        bom = self._bom
        parts = [self._package(part) for part in bom.parts]
        links = [*self._relationships()]
        makers = [self._organisation(maker) for _, maker in sorted(self._organisations.items())]
        self._licences.setdefault(_DATA_LICENCE, Licence(_DATA_LICENCE))
        licences = [self._licence(one) for _, one in sorted(self._licences.items())]
        names = [self._named_data(name) for name in sorted(self._data)]
        elements = [*parts, *names, *links, *makers, *licences]
        yield {
            "type": "CreationInfo",
            "@id": CREATED,
            "specVersion": "3.0.1",
            "created": bom.time or NO_TIME,
            "createdBy": [self._id("agent")],
        }
        yield {
            "type": "SoftwareAgent",
            "spdxId": self._id("agent"),
            "creationInfo": CREATED,
            "name": f"aisbom {bom.program}",
        }
        profiles, lacks = conformance(elements)
        sbom = self._id("sbom")
        yield {
            "type": "SpdxDocument",
            "spdxId": self._id("document"),
            "creationInfo": CREATED,
            "name": bom.part(bom.root).name,
            "comment": LACKS + lacks,
            "dataLicense": self._id("licence", _DATA_LICENCE),
            "profileConformance": profiles,
            "rootElement": [sbom],
        }
        yield {
            "type": "software_Sbom",
            "spdxId": sbom,
            "creationInfo": CREATED,
            "software_sbomType": ["deployed" if bom.phase == "operations" else "analyzed"],
            "rootElement": [self._id("part", bom.root)],
            "element": [row["spdxId"] for row in elements],
        }
        yield from elements

    def _id(self, kind: str, name: str = "") -> str:
        return self._base + kind + (f"/{quote(name, safe='')}" if name else "")

    def _package(self, part: Part) -> Json:
        row = {"spdxId": self._id("part", part.ref), "creationInfo": CREATED, **package(part)}
        maker = part.hosting.provider if part.hosting else part.maker
        for key, one in (("originatedBy", maker), ("suppliedBy", part.supplier)):
            if one:
                self._organisations.setdefault(one.name, one)
                made = self._id("organisation", one.name)
                row[key] = [made] if key == "originatedBy" else made
        return row

    def _relationships(self) -> Iterator[Json]:
        for relation in self._bom.relations:
            kind = "contains" if relation.kind == "contains" else "dependsOn"
            source, target = (self._id("part", ref) for ref in (relation.source, relation.target))
            yield relationship(self._base, source, kind, [target])
        refs = {part.ref for part in self._bom.parts}
        for part in self._bom.parts:
            here = self._id("part", part.ref)
            for licence in part.licences:
                self._licences.setdefault(licence.value, licence)
                word = "Declared" if licence.acknowledgement == "declared" else "Concluded"
                made = self._id("licence", licence.value)
                yield relationship(self._base, here, f"has{word}License", [made])
            for data in part.card.datasets:
                held = data.ref in refs
                named = self._id("part", data.ref) if held else self._id("data", data.name)
                if not held:
                    self._data[data.name] = named
                yield relationship(self._base, here, "trainedOn", [named])

    def _named_data(self, name: str) -> Json:
        """A data set that a model card names, and nothing more is known of."""
        return {
            "type": "dataset_DatasetPackage",
            "spdxId": self._id("data", name),
            "creationInfo": CREATED,
            "name": name,
            "dataset_datasetType": ["noAssertion"],
            "comment": "named by a model; not in the tree",
        }

    def _organisation(self, maker: Maker) -> Json:
        row: Json = {
            "type": "Organization",
            "spdxId": self._id("organisation", maker.name),
            "creationInfo": CREATED,
            "name": maker.name,
        }
        if maker.country:
            row["comment"] = f"legal seat: {maker.country} (ISO 3166-1)"
        return row

    def _licence(self, licence: Licence) -> Json:
        row: Json = {"spdxId": self._id("licence", licence.value), "creationInfo": CREATED}
        if licence.text:
            return {
                "type": "simplelicensing_SimpleLicensingText",
                **row,
                "name": licence.value,
                "simplelicensing_licenseText": licence.text,
            }
        return {
            "type": "simplelicensing_LicenseExpression",
            **row,
            "simplelicensing_licenseExpression": licence.value,
        }
