"""The elements that authorities ask for: NTIA 2021, CISA's revision, G7 for AI 2026, BSI.

Each set names the page that it was read from. The titles are those of the page, shortened.
"""

from __future__ import annotations

from typing import Literal

from aisbom.bom.elements import (
    DocumentElement,
    Element,
    ElementSet,
    PartElement,
    SubjectElement,
    UnknownsElement,
)
from aisbom.bom.stated import Field, Kind

_ALL: frozenset[Kind] = frozenset({"software", "model", "data"})
_SOFTWARE: frozenset[Kind] = frozenset({"software"})
_MODELS: frozenset[Kind] = frozenset({"model"})
_DATA: frozenset[Kind] = frozenset({"data"})

# What supplies a field in a document of ours; another tool has its own ways.
_PRODUCER = (
    "metadata of the installed package (--python), the knowledge table, or a declared"
    " origin.developed in aisbom.toml"
)
_VERSION = "a lock file or the installed environment (--python); of a model, a pinned revision"
_IDENTIFIER = "a purl: a package index or a hub id; weights and code of one's own have a digest"
_DIGEST = "a lock file with digests, --python, or --hash full for weight files"
_LICENCE = (
    "a licence file or metadata (--python), the knowledge table, or licence.declared in"
    " aisbom.toml; --online asks the registry"
)
_RELATED = "a lock file or --python: both state what depends on what"
_TIME = "SOURCE_DATE_EPOCH in the environment when the document is made"
_AUTHOR = "metadata.authors or metadata.manufacturer"
_CARD = "a model card (README.md with metadata) beside the weights"
_DATA_CARD = "a data card (README.md with metadata) beside the data"


def _every(
    prefix: str,
    kinds: frozenset[Kind],
    rows: tuple[tuple[str, str, Field | Literal["name"], str], ...],
) -> tuple[Element, ...]:
    return tuple(
        PartElement(f"{prefix}{key}", title, field, kinds, fill) for key, title, field, fill in rows
    )


NTIA = ElementSet(
    "ntia",
    "The Minimum Elements For a Software Bill of Materials (NTIA, 2021-07-12), data fields",
    "https://www.ntia.gov/sites/default/files/publications/"
    "sbom_minimum_elements_for_a_software_bill_of_materials.pdf",
    (
        *_every(
            "",
            _ALL,
            (
                ("supplier", "Supplier name", "supplier", _PRODUCER),
                ("name", "Component name", "name", "every component has one"),
                ("version", "Version of the component", "version", _VERSION),
                ("identifier", "Other unique identifiers", "identifier", _IDENTIFIER),
                ("dependencies", "Dependency relationship", "related", _RELATED),
            ),
        ),
        DocumentElement("author", "Author of SBOM data", "author", _AUTHOR),
        DocumentElement("timestamp", "Timestamp", "timestamp", _TIME),
    ),
)

_ASKED: frozenset[Field] = frozenset({"producer", "version", "identifier", "digest", "licence"})

CISA = ElementSet(
    "cisa-2026",
    "CISA's revision of the minimum elements (draft of 2025-08-22, the text in public when this"
    " table was written), data fields and known unknowns",
    "https://www.cisa.gov/resources-tools/resources/2025-minimum-elements-software-bill-materials-sbom",
    (
        DocumentElement("author", "SBOM author", "author", _AUTHOR),
        *_every(
            "",
            _ALL,
            (
                ("producer", "Software producer", "producer", _PRODUCER),
                ("name", "Component name", "name", "every component has one"),
                ("version", "Component version", "version", _VERSION),
                ("identifiers", "Software identifiers", "identifier", _IDENTIFIER),
                ("hash", "Component hash", "digest", _DIGEST),
                ("licence", "License", "licence", _LICENCE),
                ("dependencies", "Dependency relationship", "related", _RELATED),
            ),
        ),
        DocumentElement("tool", "Tool name", "tool", "the tool names itself"),
        DocumentElement("timestamp", "Timestamp", "timestamp", _TIME),
        DocumentElement("context", "Generation context", "context", "metadata.lifecycles"),
        DocumentElement("coverage", "Coverage is stated", "completeness", "compositions"),
        UnknownsElement(
            "known-unknowns",
            "Known unknowns are said to be unknown",
            _ASKED,
            "aisbom:unknown in CycloneDX, NOASSERTION in SPDX",
        ),
    ),
)

BSI = ElementSet(
    "bsi-tr-03183-2",
    "BSI TR-03183-2, version 2.1.0: required data fields",
    "https://www.bsi.bund.de/SharedDocs/Downloads/EN/BSI/Publications/TechGuidelines/TR03183/"
    "BSI-TR-03183-2_v2_1_0.html",
    (
        DocumentElement(
            "sbom-creator", "Creator of the SBOM (e-mail or URL)", "author-contact", _AUTHOR
        ),
        DocumentElement("timestamp", "Timestamp", "timestamp", _TIME),
        *_every(
            "",
            _ALL,
            (
                ("creator", "Component creator (e-mail or URL)", "contact", _PRODUCER),
                ("name", "Component name", "name", "every component has one"),
                ("version", "Component version", "version", _VERSION),
                (
                    "filename",
                    "Filename of the component",
                    "filename",
                    "the file itself, or --python",
                ),
                ("dependencies", "Dependencies on other components", "related", _RELATED),
                ("licences", "Distribution licences", "licence", _LICENCE),
                ("hash", "SHA-512 of the deployable component", "sha512", _DIGEST),
                ("executable", "Executable property", "executable", "bsi:component:executable"),
                ("archive", "Archive property", "archive", "bsi:component:archive"),
                ("structured", "Structured property", "structured", "bsi:component:structured"),
            ),
        ),
        DocumentElement("completeness", "Completeness of dependencies", "completeness", _RELATED),
    ),
)

G7 = ElementSet(
    "g7-ai",
    "Software Bill of Materials for AI - Minimum Elements (G7 Cybersecurity Working Group,"
    " 2026-05-12)",
    "https://www.bsi.bund.de/SharedDocs/Downloads/EN/BSI/KI/SBOM-for-AI_minimum-elements.pdf",
    (
        DocumentElement("metadata.author", "SBOM author", "author", _AUTHOR),
        DocumentElement("metadata.version", "SBOM version", "document-version", "version"),
        DocumentElement("metadata.format", "Data format name", "format", "bomFormat"),
        DocumentElement(
            "metadata.format-version", "Data format version", "format-version", "specVersion"
        ),
        DocumentElement(
            "metadata.signature",
            "Author signature",
            "signature",
            "a signature inside; attest signs beside",
        ),
        DocumentElement("metadata.tool", "Tool name", "tool", "the tool names itself"),
        DocumentElement("metadata.tool-version", "Tool version", "tool-version", "likewise"),
        DocumentElement("metadata.context", "Generation context", "context", "lifecycles"),
        DocumentElement("metadata.timestamp", "Timestamp", "timestamp", _TIME),
        DocumentElement(
            "metadata.dependencies", "Dependency relationship", "relationships", _RELATED
        ),
        SubjectElement("system.name", "System name", "name", "pyproject.toml, or the folder"),
        SubjectElement("system.components", "System components", "parts", "a tree with parts"),
        SubjectElement("system.producer", "System producer", "producer", _PRODUCER),
        SubjectElement("system.version", "System version", "version", "pyproject.toml, or a tag"),
        SubjectElement("system.timestamp", "System timestamp", "timestamp", "a release date"),
        DocumentElement(
            "system.data-flow", "System data flow", "data-flow", "services with their data"
        ),
        DocumentElement("system.data-usage", "System data usage", "data-usage", _CARD),
        DocumentElement("system.input-output", "Input and output", "input-output", _CARD),
        DocumentElement(
            "system.application-area", "Intended application area", "application-area", _CARD
        ),
        *_every(
            "model.",
            _MODELS,
            (
                ("name", "Model name", "name", "every model has one"),
                ("identifier", "Model identifier", "identifier", _IDENTIFIER),
                ("version", "Model version", "version", _VERSION),
                ("timestamp", "Model timestamp", "timestamp", "a release date on the card"),
                ("producer", "Model producer", "producer", _PRODUCER),
                ("description", "Model description", "description", _CARD),
                ("hash", "Model hash value and algorithm", "digest", "--hash full"),
                ("properties", "Model properties", "properties", "a configuration or weights"),
                ("input-output", "Model input and output", "input-output", _CARD),
                ("training", "Training properties", "training", _CARD),
                ("licence", "Model licence", "licence", _LICENCE),
                ("references", "External references", "references", _CARD),
            ),
        ),
        *_every(
            "data.",
            _DATA,
            (
                ("name", "Data set name", "name", "every data set has one"),
                ("identifier", "Data set identifier", "identifier", _IDENTIFIER),
                ("content", "Content", "description", _DATA_CARD),
                ("hash", "Data set hash", "digest", "the data in the tree, or declared evidence"),
                ("provenance", "Provenance", "provenance", _DATA_CARD),
                ("statistics", "Statistical properties", "statistics", _DATA_CARD),
                ("sensitivity", "Sensitivity", "sensitivity", _DATA_CARD),
                ("dependencies", "Dependency relationship", "related", _DATA_CARD),
                ("licence", "Data set licence", "licence", _LICENCE),
            ),
        ),
        DocumentElement(
            "infrastructure.software", "Software dependencies", "software-dependencies", _RELATED
        ),
        DocumentElement("infrastructure.hardware", "Hardware", "hardware", _CARD),
        DocumentElement(
            "security.controls", "Security controls", "security-controls", "declared evidence"
        ),
        DocumentElement(
            "security.compliance", "Security compliance", "security-compliance", "attestations"
        ),
        DocumentElement(
            "security.policy",
            "Cybersecurity policy",
            "security-policy",
            "an external reference to it",
        ),
        DocumentElement(
            "security.vulnerabilities",
            "Vulnerability referencing",
            "vulnerabilities",
            "--vulnerabilities or --advisories",
        ),
        DocumentElement(
            "kpi.security", "Security metrics", "security-metrics", "declared evidence"
        ),
        DocumentElement("kpi.performance", "Operational performance", "performance", _CARD),
    ),
)

SETS = {one.name: one for one in (NTIA, CISA, G7, BSI)}
