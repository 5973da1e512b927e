"""Every fact that one stage tells another: its key, its shape, who writes it and who reads it.

A fact is a pair of texts (`Facts`), so that rows sort, compare and are cached as plain values. What
has parts is a record: a frozen type whose text is the JSON array of its fields, which no path, name
or sentence can break. Records are written by calling their key and read with `get`:

    MEMBER(Member(0, "pkg:pypi/norae", "norae/nn.py", 0.88, 0.71))      # -> ("member", "[0,...]")
    observation.get(MEMBER)                                            # -> (Member(0, ...),)

Plain facts are written by their key in quotes, `facts(author=...)`, and read with
`component.fact("author")`. tests/model/test_facts.py holds every key in quotes, and every kind of
sighting, against these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aisbom.model.facts import licences, lineage, security, statements
from aisbom.model.facts.key import Key, Stage
from aisbom.model.facts.licences import (
    ANNOTATION,
    LICENCE_SCOPE,
    LICENCE_TEXT,
    RESTRICTS,
    SAYS_LICENCE,
    STATES_LICENCE,
    Annotation,
    LicenceAt,
    LicenceSaid,
    LicenceScope,
    RestrictionAt,
    TextLines,
)
from aisbom.model.facts.lineage import (
    CAME,
    COPY_OF,
    FUNCTION,
    HOLDER_LINE,
    IN_TREE,
    LATER_HOLDER,
    MEMBER,
    MODIFIED_FILE,
    NEAR,
    ORDER_SIGN,
    ORIGINAL_HOLDER,
    SAID_SOURCE,
    THEIR_HOLDER,
    THEIR_LICENCE,
    THEIR_REPOSITORY,
    USAGE_MODULE,
    CameOn,
    CopyOf,
    FileHolder,
    FilePair,
    HolderLine,
    LaterHolder,
    Member,
    NearFile,
    OfMember,
    OrderSign,
    SaidSource,
    SameFunction,
    UsageModule,
)
from aisbom.model.facts.of_models import NESTED
from aisbom.model.facts.plain import PLAIN
from aisbom.model.facts.security import HAZARD, UNAUDITED, VULNERABILITY, Hazard, Vulnerability
from aisbom.model.facts.statements import (
    CITES,
    CITES_ROW,
    EMISSIONS,
    MENTIONS,
    REGISTRY_ANSWER,
    RESULT,
    SENTENCE,
    WEIGHTS_REFERENCES,
    Citation,
    Emissions,
    Metric,
    References,
    RegistryAnswer,
    Sentence,
    TableRow,
    Words,
)

RECORDS: tuple[Key[Any], ...] = (
    *lineage.RECORDS,
    *licences.RECORDS,
    *statements.RECORDS,
    *security.RECORDS,
)

KEYS: Mapping[str, Key[Any]] = {key.name: key for key in (*RECORDS, UNAUDITED, *PLAIN)}
"""Every key of a fact, by name."""

__all__ = [
    "ANNOTATION",
    "CAME",
    "CITES",
    "CITES_ROW",
    "COPY_OF",
    "EMISSIONS",
    "FUNCTION",
    "HAZARD",
    "HOLDER_LINE",
    "IN_TREE",
    "KEYS",
    "LATER_HOLDER",
    "LICENCE_SCOPE",
    "LICENCE_TEXT",
    "MEMBER",
    "MENTIONS",
    "MODIFIED_FILE",
    "NEAR",
    "NESTED",
    "ORDER_SIGN",
    "ORIGINAL_HOLDER",
    "RECORDS",
    "REGISTRY_ANSWER",
    "RESTRICTS",
    "RESULT",
    "SAID_SOURCE",
    "SAYS_LICENCE",
    "SENTENCE",
    "STATES_LICENCE",
    "THEIR_HOLDER",
    "THEIR_LICENCE",
    "THEIR_REPOSITORY",
    "UNAUDITED",
    "USAGE_MODULE",
    "VULNERABILITY",
    "WEIGHTS_REFERENCES",
    "Annotation",
    "CameOn",
    "Citation",
    "CopyOf",
    "Emissions",
    "FileHolder",
    "FilePair",
    "Hazard",
    "HolderLine",
    "Key",
    "LaterHolder",
    "LicenceAt",
    "LicenceSaid",
    "LicenceScope",
    "Member",
    "Metric",
    "NearFile",
    "OfMember",
    "OrderSign",
    "References",
    "RegistryAnswer",
    "RestrictionAt",
    "SaidSource",
    "SameFunction",
    "Sentence",
    "Stage",
    "TableRow",
    "TextLines",
    "UsageModule",
    "Vulnerability",
    "Words",
]
