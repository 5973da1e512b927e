"""CycloneDX documents for the tests: one that reads like a real one, and many made from the
official JSON schema itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from aisbom.emit.cyclonedx.schema import read_bundled

Json = dict[str, Any]


def worked(version: str) -> Json:
    """A small stack, told in every section that an AI BOM uses; valid in itself and in its
    references.
    """
    maker = {
        "name": "Maker & Sons <Ltd>",
        "address": {"country": "KR", "locality": "서울"},
        "url": ["https://maker.example"],
        "contact": [{"name": "Desk", "email": "desk@maker.example", "phone": "+82 2 000 0000"}],
    }
    upstream = {
        "name": "Upstream Labs",
        "address": {"country": "FR"},
        "url": ["https://upstream.example"],
    }
    app: Json = {
        "type": "application",
        "bom-ref": "app",
        "name": "reading-aid",
        "version": "1.2.0",
        "purl": "pkg:generic/reading-aid@1.2.0",
        "manufacturer": maker,
        "licenses": [
            {
                "license": {
                    "id": "Apache-2.0",
                    "acknowledgement": "declared",
                    "bom-ref": "app-licence",
                }
            }
        ],
        "hashes": [{"alg": "SHA-256", "content": "0a" * 32}],
    }
    shard: Json = {
        "type": "file",
        "mime-type": "application/vnd.safetensors",
        "bom-ref": "shard-1",
        "name": "model-00001-of-00001.safetensors",
        "hashes": [
            {"alg": "SHA-256", "content": "1b" * 32},
            {"alg": "SHA-512", "content": "2c" * 64},
        ],
        "omniborId": ["gitoid:blob:sha1:" + "3d" * 20],
        "swhid": ["swh:1:cnt:" + "3d" * 20],
        "swid": {
            "tagId": "maker.example-shard",
            "name": "shard",
            "tagVersion": 2,
            "patch": False,
            "text": {"content": "<swid/>", "contentType": "text/xml"},
        },
        "copyright": "Copyright 2026 Maker",
        "evidence": {
            "occurrences": [
                {
                    "bom-ref": "occ-1",
                    "location": "weights/model.safetensors",
                    "line": 1,
                    "offset": 8,
                    "symbol": "header",
                }
            ],
            "callstack": {
                "frames": [
                    {
                        "module": "loader",
                        "function": "load",
                        "parameters": ["path", "device"],
                        "line": 3,
                    }
                ]
            },
            "licenses": [
                {
                    "license": {
                        "name": "Model licence",
                        "text": {
                            "content": "aGk=",
                            "encoding": "base64",
                            "contentType": "text/plain",
                        },
                    }
                }
            ],
            "copyright": [{"text": "Copyright 2025 Upstream"}, {"text": "Copyright 2026 Maker"}],
        },
    }
    model: Json = {
        "type": "machine-learning-model",
        "bom-ref": "model",
        "group": "maker",
        "name": "reader-7b",
        "version": "0123abcd",
        "supplier": {"name": "Hub", "url": ["https://hub.example"]},
        "authors": [{"name": "Research desk", "email": "research@maker.example"}],
        "publisher": "Maker",
        "description": "Reads.\nSlowly.",
        "scope": "required",
        "licenses": [
            {
                "expression": "MIT OR Apache-2.0",
                "acknowledgement": "concluded",
                "bom-ref": "model-licence",
            }
        ],
        "cpe": "cpe:2.3:a:maker:reader:7:*:*:*:*:*:*:*",
        "purl": "pkg:huggingface/maker/reader-7b@0123abcd",
        "tags": ["core", "한국어"],
        "properties": [
            {"name": "aisbom:component:role", "value": "core"},
            {"name": "empty"},
            {"name": "odd", "value": "a\tb\r\nc  "},
        ],
        "externalReferences": [
            {
                "type": "distribution",
                "url": "https://hub.example/reader-7b",
                "comment": "the hub",
                "hashes": [{"alg": "SHA-256", "content": "4e" * 32}],
            }
        ],
        "components": [shard],
        "pedigree": {
            "ancestors": [
                {
                    "type": "machine-learning-model",
                    "bom-ref": "base",
                    "name": "base-9b",
                    "version": "9",
                    "manufacturer": upstream,
                }
            ],
            "commits": [
                {
                    "uid": "cafe",
                    "url": "https://upstream.example/cafe",
                    "author": {"timestamp": "2026-01-01T00:00:00Z", "name": "Desk"},
                }
            ],
            "patches": [
                {
                    "type": "unofficial",
                    "diff": {
                        "text": {"content": "-old\n+new", "contentType": "text/x-diff"},
                        "url": "https://maker.example/p",
                    },
                    "resolves": [
                        {
                            "type": "defect",
                            "id": "7",
                            "source": {"name": "Tracker"},
                            "references": ["https://maker.example/7", "https://maker.example/8"],
                        }
                    ],
                }
            ],
            "notes": "renamed",
        },
        "evidence": {
            "identity": [
                {
                    "field": "purl",
                    "confidence": 0.5,
                    "concludedValue": "pkg:huggingface/upstream/base-9b",
                    "methods": [
                        {
                            "technique": "manifest-analysis",
                            "confidence": 0.5,
                            "value": "config.json",
                        }
                    ],
                    "tools": ["tool"],
                }
            ]
        },
        "releaseNotes": {
            "type": "major",
            "title": "First",
            "aliases": ["one"],
            "notes": [{"locale": "ko-KR", "text": {"content": "첫 판"}}],
        },
        "modelCard": {
            "bom-ref": "card",
            "modelParameters": {
                "approach": {"type": "self-supervised"},
                "task": "text-generation",
                "datasets": [
                    {"ref": "corpus"},
                    {
                        "type": "dataset",
                        "name": "inline",
                        "contents": {"url": "https://maker.example/d"},
                    },
                ],
                "inputs": [{"format": "text"}],
                "outputs": [{"format": "text"}, {"format": "json"}],
            },
            "quantitativeAnalysis": {
                "performanceMetrics": [
                    {
                        "type": "accuracy",
                        "value": "0.71",
                        "confidenceInterval": {"lowerBound": "0.7", "upperBound": "0.72"},
                    }
                ],
                "graphics": {
                    "description": "plots",
                    "collection": [
                        {"name": "loss", "image": {"content": "aGk=", "encoding": "base64"}}
                    ],
                },
            },
            "considerations": {
                "users": ["readers"],
                "useCases": ["reading", "rereading"],
                "ethicalConsiderations": [{"name": "bias", "mitigationStrategy": "review"}],
                "environmentalConsiderations": {
                    "energyConsumptions": [
                        {
                            "activity": "training",
                            "activityEnergyCost": {"value": 310000.5, "unit": "kWh"},
                            "energyProviders": [
                                {
                                    "organization": upstream,
                                    "energySource": "wind",
                                    "energyProvided": {"value": 1e-7, "unit": "kWh"},
                                },
                                {
                                    "organization": maker,
                                    "energySource": "solar",
                                    "energyProvided": {"value": 3e20, "unit": "kWh"},
                                },
                            ],
                        }
                    ]
                },
                "fairnessAssessments": [
                    {"groupAtRisk": "speakers of dialects", "harms": "misread"}
                ],
            },
        },
    }
    corpus: Json = {
        "type": "data",
        "bom-ref": "corpus",
        "name": "corpus",
        "version": "2026.03",
        "data": [
            {
                "type": "dataset",
                "name": "web",
                "contents": {
                    "attachment": {"content": "a,b", "contentType": "text/csv"},
                    "properties": [{"name": "tokens", "value": "2"}],
                },
                "classification": "restricted",
                "sensitiveData": ["names", "places"],
                "governance": {
                    "owners": [{"organization": maker}],
                    "stewards": [{"contact": {"name": "Desk", "email": "data@maker.example"}}],
                },
            }
        ],
    }
    service: Json = {
        "bom-ref": "embedding",
        "provider": {"name": "Cloud", "url": ["https://cloud.example"]},
        "name": "embedding-api",
        "version": "2026-10-01",
        "endpoints": ["https://cloud.example/v1"],
        "authenticated": True,
        "x-trust-boundary": True,
        "data": [
            {
                "flow": "bi-directional",
                "classification": "prompts",
                "name": "text in, vectors out",
                "description": "all of it",
                "source": ["https://maker.example/app"],
                "destination": ["https://cloud.example/v1"],
            }
        ],
        "services": [{"bom-ref": "cache", "name": "cache"}],
        "tags": ["peripheral"],
    }
    document: Json = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "version": 3,
        "metadata": {
            "timestamp": "2026-01-31T12:00:00Z",
            "lifecycles": [{"phase": "build"}, {"name": "audit", "description": "by hand"}],
            "tools": {
                "components": [
                    {"type": "application", "bom-ref": "tool", "name": "aisbom", "version": "0.1.0"}
                ]
            },
            "authors": [{"name": "Desk", "email": "desk@maker.example"}],
            "component": app,
            "manufacturer": maker,
            "supplier": maker,
            "licenses": [{"license": {"id": "CC0-1.0"}}],
            "properties": [{"name": "cdx:reproducible", "value": "true"}],
        },
        "components": [model, corpus],
        "services": [service],
        "dependencies": [
            {"ref": "app", "dependsOn": ["model", "embedding"]},
            {"ref": "model", "dependsOn": ["corpus", "shard-1"]},
            {"ref": "corpus", "dependsOn": []},
            {"ref": "shard-1"},
            {"ref": "embedding", "provides": ["cache"]},
            {"ref": "cache", "dependsOn": []},
        ],
        "compositions": [
            {
                "bom-ref": "whole",
                "aggregate": "incomplete",
                "assemblies": ["app"],
                "dependencies": ["app"],
                "vulnerabilities": ["vuln"],
            }
        ],
        "vulnerabilities": [
            {
                "bom-ref": "vuln",
                "id": "CVE-2026-0001",
                "source": {"name": "OSV", "url": "https://osv.example/1"},
                "ratings": [{"score": 9.8, "severity": "critical", "method": "CVSSv31"}],
                "cwes": [79, 502],
                "advisories": [{"title": "Advice", "url": "https://maker.example/a"}],
                "credits": {
                    "organizations": [{"name": "Finders"}],
                    "individuals": [{"name": "Desk"}],
                },
                "analysis": {
                    "state": "not_affected",
                    "justification": "code_not_reachable",
                    "response": ["update", "rollback"],
                    "detail": "past it",
                },
                "affects": [
                    {
                        "ref": "model",
                        "versions": [
                            {"version": "1", "status": "affected"},
                            {"range": "vers:generic/>=2", "status": "unaffected"},
                        ],
                    }
                ],
            }
        ],
        "annotations": [
            {
                "bom-ref": "note",
                "subjects": ["model", "corpus"],
                "annotator": {
                    "component": {"type": "application", "name": "aisbom", "version": "0.1.0"}
                },
                "timestamp": "2026-01-31T12:00:00Z",
                "text": "Copyright line 'Upstream' kept.",
            }
        ],
        "formulation": [
            {
                "bom-ref": "formula",
                "workflows": [
                    {
                        "bom-ref": "training",
                        "uid": "run-1",
                        "name": "pretraining",
                        "taskTypes": ["build"],
                        "tasks": [{"bom-ref": "task", "uid": "t", "taskTypes": ["copy", "other"]}],
                        "taskDependencies": [{"ref": "task", "dependsOn": []}],
                        "inputs": [
                            {"resource": {"ref": "corpus"}},
                            {
                                "environmentVars": [{"name": "SEED", "value": "7"}, "DEBUG=1"],
                                "source": {"ref": "app"},
                            },
                            {"parameters": [{"name": "lr", "value": "1e-4", "dataType": "float"}]},
                        ],
                        "outputs": [{"type": "artifact", "resource": {"ref": "model"}}],
                        "steps": [
                            {"name": "run", "commands": [{"executed": "train --all && echo 'ok'"}]}
                        ],
                        "timeStart": "2026-03-01T00:00:00Z",
                        "runtimeTopology": [{"ref": "task", "dependsOn": ["training"]}],
                        "properties": [{"name": "region", "value": "KR"}],
                    }
                ],
            }
        ],
        "declarations": {
            "assessors": [{"bom-ref": "assessor", "thirdParty": False, "organization": maker}],
            "attestations": [
                {
                    "summary": "Score 0.58 [0.31, 0.74]",
                    "assessor": "assessor",
                    "map": [
                        {
                            "requirement": "req-1",
                            "claims": ["claim"],
                            "counterClaims": ["claim-2"],
                            "conformance": {
                                "score": 0.8,
                                "rationale": "logs",
                                "mitigationStrategies": ["proof"],
                            },
                            "confidence": {"score": 0.7, "rationale": "self-reported"},
                        }
                    ],
                }
            ],
            "claims": [
                {
                    "bom-ref": "claim",
                    "target": "target",
                    "predicate": "trained in KR",
                    "evidence": ["proof"],
                    "counterEvidence": ["doubt"],
                },
                {
                    "bom-ref": "claim-2",
                    "target": "target",
                    "predicate": "fine-tuned",
                    "mitigationStrategies": ["proof"],
                    "reasoning": "similar",
                },
            ],
            "evidence": [
                {
                    "bom-ref": "proof",
                    "propertyName": "aisbom:origin:trained:country",
                    "data": [
                        {
                            "name": "log",
                            "contents": {
                                "attachment": {"content": "{}", "contentType": "application/json"}
                            },
                            "sensitiveData": ["none"],
                        },
                        {
                            "name": "curve",
                            "contents": {"url": "https://maker.example/curve"},
                            "governance": {"custodians": [{"organization": maker}]},
                        },
                    ],
                    "created": "2026-01-31T12:00:00Z",
                    "author": {"name": "aisbom"},
                },
                {"bom-ref": "doubt", "description": "norms correlate"},
            ],
            "targets": {
                "components": [
                    {"type": "machine-learning-model", "bom-ref": "target", "name": "reader-7b"}
                ]
            },
            "affirmation": {
                "statement": "As far as we know.",
                "signatories": [
                    {
                        "name": "Desk",
                        "organization": maker,
                        "externalReference": {"type": "other", "url": "https://maker.example/s"},
                    }
                ],
            },
        },
        "definitions": {
            "standards": [
                {
                    "bom-ref": "standard",
                    "name": "A profile",
                    "version": "2026.1",
                    "requirements": [
                        {"bom-ref": "req-0", "identifier": "T", "title": "Technical"},
                        {
                            "bom-ref": "req-1",
                            "identifier": "T.1",
                            "descriptions": ["weights", "code"],
                            "openCre": ["CRE:1-2"],
                            "parent": "req-0",
                        },
                    ],
                    "levels": [
                        {
                            "bom-ref": "level",
                            "identifier": "minimum",
                            "requirements": ["req-0", "req-1"],
                        }
                    ],
                }
            ]
        },
    }
    if version == "1.7":
        runtime = {
            "type": "library",
            "bom-ref": "runtime",
            "name": "runtime",
            "isExternal": True,
            "versionRange": "vers:generic/>=12.4|<13",
            "licenses": [
                {
                    "expression": "LicenseRef-Maker-1.0",
                    "expressionDetails": [
                        {
                            "licenseIdentifier": "LicenseRef-Maker-1.0",
                            "text": {"content": "All of it."},
                        }
                    ],
                    "acknowledgement": "declared",
                    "properties": [{"name": "seen", "value": "LICENSE"}],
                },
                {"license": {"id": "MIT"}},
                {"expression": "0BSD"},
            ],
            "patentAssertions": [
                {
                    "bom-ref": "assertion",
                    "assertionType": "license",
                    "patentRefs": ["patent"],
                    "asserter": {"name": "Desk", "email": "ip@maker.example"},
                },
                {"assertionType": "ownership", "asserter": maker},
                {"assertionType": "ownership", "asserter": "app"},
            ],
        }
        document["components"].append(runtime)
        document["dependencies"][0]["dependsOn"].append("runtime")
        document["dependencies"].append({"ref": "runtime", "dependsOn": []})
        document["metadata"]["distributionConstraints"] = {"tlp": "GREEN"}
        document["citations"] = [
            {
                "bom-ref": "cite",
                "pointers": ["/components/0/name"],
                "timestamp": "2026-01-31T12:00:00Z",
                "attributedTo": "tool",
                "note": "read",
            }
        ]
        document["definitions"]["patents"] = [
            {"bom-ref": "family", "familyId": "F1", "members": ["patent"]},
            {
                "bom-ref": "patent",
                "patentNumber": "10-1234567",
                "jurisdiction": "KR",
                "patentLegalStatus": "granted",
                "patentAssignee": [maker, {"name": "Desk", "phone": "+82"}],
            },
        ]
    return json.loads(
        json.dumps(document)
    )  # no two places share an object: tests break one and not the other


def large(version: str, size: int) -> Json:
    """`size` components with some forty fields each, all used by the application."""
    document = worked(version)
    keep = ("bomFormat", "specVersion", "serialNumber", "metadata")
    component = {
        "type": "library",
        "manufacturer": document["metadata"]["manufacturer"],
        "licenses": [{"license": {"id": "MIT", "acknowledgement": "declared"}}],
        "hashes": [{"alg": "SHA-256", "content": "0a" * 32}],
        "externalReferences": [{"type": "vcs", "url": "https://maker.example/code"}],
        "evidence": {
            "identity": [
                {
                    "field": "purl",
                    "confidence": 1,
                    "methods": [
                        {"technique": "manifest-analysis", "confidence": 1, "value": "lock"}
                    ],
                }
            ]
        },
        "properties": [{"name": f"aisbom:{name}", "value": "one < two"} for name in "abcdefghijkl"],
    }
    refs = [f"pkg:pypi/part-{index}@1.0" for index in range(size)]
    components = [
        {**component, "bom-ref": ref, "name": ref[9:-4], "version": "1.0", "purl": ref}
        for ref in refs
    ]
    dependencies = [
        {"ref": "app", "dependsOn": refs},
        *({"ref": ref, "dependsOn": []} for ref in refs),
    ]
    return {key: document[key] for key in keep} | {
        "components": components,
        "dependencies": dependencies,
    }


_PATTERNS = {  # a value for each pattern of the schemas, by what the pattern begins with
    "^urn:uuid": "urn:uuid:3e671687-395b-41f5-a30f-{:012x}",
    "^urn:cdx:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[1-9][0-9]*$": (
        "urn:cdx:3e671687-395b-41f5-a30f-{:012x}/1"
    ),
    "^urn:cdx": "urn:cdx:3e671687-395b-41f5-a30f-{:012x}/1#part",
    "^[-+a-z": "text/x-{}",
    "^([a-fA-F0-9]": "{:064x}",
    "^([a-z]{2})": "ko-KR",
    "^CRE": "CRE:{}-1",
    "^[A-Za-z0-9][A-Za-z0-9": "10-{}-B",
    "^[A-Z]{2}$": "KR",
}
_FORMATS = {"idn-email": "desk{}@maker.example", "iri-reference": "https://maker.example/{}"}
_FULL = 2  # times that a definition is written out with all it may hold; after that with its plain fields only


@cache
def _schema(file: str) -> Json:
    return json.loads(read_bundled(file))


class Specimen:
    """`document` is valid under the JSON schema of `version` and holds every property it knows,
    signatures excepted.

    `turn` picks the branches of choices and the values of enumerations; texts are unique words.
    `seen` names, as (identity of the object schema, property), what was written: over `TURNS` turns
    it is all there is (`all_of`).
    """

    TURNS = 16

    def __init__(self, version: str, turn: int) -> None:
        self.root = f"bom-{version}.SNAPSHOT.schema.json"
        self.pick = Random(turn)  # noqa: S311
        self.count = turn
        self.seen: set[tuple[int, str]] = set()
        self.written: dict[str, int] = {}
        self.document: Json = self._value(_schema(self.root), False)
        self.document |= {"bomFormat": "CycloneDX", "specVersion": version}

    @staticmethod
    def all_of(version: str) -> dict[tuple[int, str], str]:
        """All (identity of the object schema, property) of a version, with the place in the
        schema.
        """

        def walk(node: Json, path: str) -> Iterator[tuple[tuple[int, str], str]]:
            below = [
                (f"{key}/{name}", part)
                for key in ("properties", "definitions")
                for name, part in node.get(key, {}).items()
            ]
            below += [
                (f"{key}/{index}", part)
                for key in ("oneOf", "anyOf")
                for index, part in enumerate(node.get(key, ()))
            ]
            items = node.get("items", [])
            below += [("items", part) for part in (items if isinstance(items, list) else [items])]
            for name, part in below:
                if name != "properties/signature":
                    if name.startswith("properties/"):
                        yield (
                            (id(node["properties"]), name.removeprefix("properties/")),
                            f"{path}/{name}",
                        )
                    yield from walk(part, f"{path}/{name}")

        return dict(walk(_schema(f"bom-{version}.SNAPSHOT.schema.json"), ""))

    def _value(self, schema: Json, plain: bool) -> Any:
        if "$ref" in schema:
            name, node = self._target(schema["$ref"])
            self.written[name] = self.written.get(name, 0) + 1
            return self._value(node, plain or self.written[name] > _FULL)
        branches = [
            branch
            for key in ("oneOf", "anyOf")
            for branch in schema.get(key, ())
            if not branch.keys() <= {"required", "title"}
        ]
        if branches and "properties" not in schema:
            return self._value({"type": "object"} | self.pick.choice(branches), plain)
        if "enum" in schema:
            return self.pick.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, plain)
        if kind == "array":
            items = schema["items"]
            return [
                self._value(item, plain) for item in (items if isinstance(items, list) else [items])
            ]
        if kind == "boolean":
            return self.pick.random() < 0.5
        self.count += 1
        if kind == "integer":
            return min(self.count, schema.get("maximum", self.count))
        if kind == "number":
            return self.count / 100_000
        return self._word(schema)

    def _word(self, schema: Json) -> str:
        form = schema.get("format", "")
        if form == "date-time":
            return f"2026-01-31T{self.count // 60 % 24:02}:{self.count % 60:02}:00Z"
        if form == "date":
            return f"{2000 + self.count // 28 % 100}-01-{self.count % 28 + 1:02}"
        for pattern, template in _PATTERNS.items():
            if schema.get("pattern", "").startswith(pattern):
                return template.format(self.count)
        return _FORMATS.get(form, "word {}").format(self.count)

    def _target(self, ref: str) -> tuple[str, Json]:
        file, _, path = ref.partition("#")
        node = _schema(file or self.root)
        for key in path.strip("/").split("/") if path else ():
            node = node[key]
        return ref, node

    def _object(self, schema: Json, plain: bool) -> Json:
        fields = {key: value for key, value in schema["properties"].items() if key != "signature"}
        chosen = set(schema.get("required", ()))
        sets = [
            set(branch["required"])
            for branch in schema.get("oneOf", ())
            if "signature" not in branch["required"]
        ]
        if sets:
            chosen |= self.pick.choice(sets)
            for unwanted in set().union(*sets) - chosen:
                fields.pop(unwanted, None)
        if "versionRange" in fields:  # 1.7: one or the other, and a range only for what is external
            del fields[self.pick.choice(("version", "versionRange"))]
        if plain:
            fields = {
                key: value
                for key, value in fields.items()
                if key in chosen or self._is_plain(value)
            }
        if "versionRange" in fields:
            fields["isExternal"] = {"enum": [True]}
        self.seen |= {(id(schema["properties"]), key) for key in fields}
        made = {key: self._value(value, plain) for key, value in fields.items()}
        if "cpe" in made:  # only the XML schema has a pattern for it
            made["cpe"] = f"cpe:2.3:a:maker:part{self.count}:1:*:*:*:*:*:*:*"
        return made

    def _is_plain(self, schema: Json) -> bool:
        if "$ref" in schema:
            return self._is_plain(self._target(schema["$ref"])[1])
        if schema.get("type") == "array":
            return isinstance(schema.get("items"), dict) and self._is_plain(schema["items"])
        return "enum" in schema or schema.get("type") in {"string", "integer", "number", "boolean"}
