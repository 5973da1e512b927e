"""The only code that knows an output format."""

from __future__ import annotations

import orjson

from aisbom.bom import Bom
from aisbom.emit.cyclonedx.document import document
from aisbom.emit.cyclonedx.names import Json
from aisbom.emit.cyclonedx.schema import errors
from aisbom.emit.cyclonedx.spdx_ids import spdx_ids


class InvalidDocument(Exception):
    """The document does not satisfy its own schema: a defect of this program, and nothing is
    written.
    """


def emit(bom: Bom, form: str = "json", spec_version: str = "1.6") -> bytes:
    """The CycloneDX document as bytes, validated. `form` is `json` or `xml`. Raises
    InvalidDocument.
    """
    made = document(bom, spec_version, spdx_ids())
    _refuse(errors(made, spec_version))
    if form == "json":
        return serialised(made)
    from aisbom.emit.cyclonedx.xml import to_xml
    from aisbom.emit.cyclonedx.xml_errors import xml_errors

    data = to_xml(made)
    _refuse(xml_errors(data, spec_version))
    return data


def serialised(made: Json) -> bytes:
    """The JSON form: two spaces, UTF-8, one line feed at the end."""
    return orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _refuse(found: list[str]) -> None:
    if found:
        raise InvalidDocument("; ".join(found[:5]))
