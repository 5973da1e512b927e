"""What a bill of materials of any tool states, as far as requirements on such documents ask.

Knows no file format; `emit/stated.py` reads documents into it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["software", "model", "data", "service"]

Field = Literal[
    "supplier",
    "producer",
    "contact",
    "version",
    "identifier",
    "digest",
    "sha512",
    "licence",
    "related",
    "filename",
    "executable",
    "archive",
    "structured",
    "description",
    "timestamp",
    "properties",
    "input-output",
    "training",
    "references",
    "provenance",
    "statistics",
    "sensitivity",
    "dependencies",
    "performance",
]


@dataclass(frozen=True, slots=True)
class StatedPart:
    """One component, model, data set or service.

    `stated` are the fields that have a value, `unknown` those of which the document itself says
    that they are not known; a field in neither is passed over in silence.
    """

    name: str
    kind: Kind
    stated: frozenset[Field] = frozenset()
    unknown: frozenset[Field] = frozenset()


DocumentField = Literal[
    "author",
    "author-contact",
    "supplier",
    "document-version",
    "format",
    "format-version",
    "signature",
    "tool",
    "tool-version",
    "context",
    "timestamp",
    "relationships",
    "completeness",
    "data-flow",
    "data-usage",
    "input-output",
    "application-area",
    "software-dependencies",
    "hardware",
    "security-controls",
    "security-compliance",
    "security-policy",
    "vulnerabilities",
    "security-metrics",
    "performance",
]


@dataclass(frozen=True, slots=True)
class StatedBom:
    """A whole document: what it says of itself, its subject, its parts.

    `format` is such as `CycloneDX 1.6`; `errors` are what its format's own schema finds,
    one line each, and `schema` names that schema. `broken` are references to nothing and refs that
    stand twice, which the text of the standard forbids, `loose` parts outside the graph of
    dependencies, which nothing forbids.
    """

    format: str
    stated: frozenset[DocumentField]
    subject: StatedPart | None
    parts: tuple[StatedPart, ...] = ()
    schema: str = ""
    errors: tuple[str, ...] = field(default=())
    broken: tuple[str, ...] = field(default=())
    loose: tuple[str, ...] = field(default=())
