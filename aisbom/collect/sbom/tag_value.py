"""SPDX 2.x in its tag-value form (`PackageName: x`), as the JSON form has it.

Source of the names: SPDX specification 2.3, clauses 6 to 11 and annex D.
"""

from __future__ import annotations

import re
from typing import Any

MAX_LINES = 2_000_000

_TAG = re.compile(r"(?P<tag>[A-Za-z]{2,40}):[ \t]*(?P<value>.*)")
_PACKAGE = {
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageDownloadLocation": "downloadLocation",
    "PackageLicenseDeclared": "licenseDeclared",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageSupplier": "supplier",
    "PackageOriginator": "originator",
    "PackageHomePage": "homepage",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
}
_OPEN, _CLOSE = "<text>", "</text>"


def is_tag_value(start: str) -> bool:
    """Whether a text that begins so is an SPDX document in this form."""
    return re.search(r"(?m)^SPDXVersion:[ \t]*SPDX-", start) is not None


def to_dict(text: str) -> dict[str, Any]:
    """The document with the keys of the JSON form; tags that nothing reads are left out. Raises
    ValueError for more than MAX_LINES lines.
    """
    creators: list[str] = []
    packages: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    relationships: list[dict[str, Any]] = []
    document: dict[str, Any] = {
        "creationInfo": {"creators": creators},
        "packages": packages,
        "files": files,
        "relationships": relationships,
    }
    about: dict[str, Any] = document
    for tag, value in _tags(text):
        if tag == "PackageName":
            about = {"name": value, "checksums": [], "externalRefs": []}
            packages.append(about)
        elif tag in ("FileName", "SnippetSPDXID", "LicenseID"):
            about = {"fileName": value}
            if tag == "FileName":
                files.append(about)
        elif tag == "SPDXVersion":
            document["spdxVersion"] = value
        elif tag == "Creator":
            creators.append(value)
        elif tag == "Relationship":
            words = value.split()
            if len(words) == 3:
                keys = ("spdxElementId", "relationshipType", "relatedSpdxElement")
                relationships.append(dict(zip(keys, words, strict=True)))
        else:
            _describe(about, tag, value)
    return document


def _describe(about: dict[str, Any], tag: str, value: str) -> None:
    """Add what a tag says of the package, file or document that it stands under."""
    if tag in _PACKAGE:
        about.setdefault(_PACKAGE[tag], value)
    elif tag == "PackageChecksum" and "checksums" in about:
        algorithm, _, digest = value.partition(":")
        about["checksums"].append({"algorithm": algorithm, "checksumValue": digest.strip()})
    elif tag == "ExternalRef" and "externalRefs" in about:
        words = value.split(maxsplit=2)
        if len(words) == 3:
            keys = ("referenceCategory", "referenceType", "referenceLocator")
            about["externalRefs"].append(dict(zip(keys, words, strict=True)))


def _tags(text: str) -> list[tuple[str, str]]:
    """(tag, value) of every line; a value in `<text>` may go on over several."""
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise ValueError(f"more than {MAX_LINES:,} lines")
    found: list[tuple[str, str]] = []
    inside = False
    for line in lines:
        if inside:
            inside = _CLOSE not in line
            continue
        match = _TAG.match(line)
        if match is None:
            continue
        value = match["value"].strip()
        if value.startswith(_OPEN):
            inside = _CLOSE not in value
            value = value.removeprefix(_OPEN).partition(_CLOSE)[0].strip()
        found.append((match["tag"], value))
    return found
