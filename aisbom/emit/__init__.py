"""The only code that knows an output format."""

from __future__ import annotations

import orjson

from aisbom.bom import Bom
from aisbom.emit.cyclonedx import earlier
from aisbom.emit.cyclonedx.document import document
from aisbom.emit.cyclonedx.names import Json
from aisbom.emit.cyclonedx.schema import errors
from aisbom.emit.cyclonedx.spdx_ids import spdx_ids
from aisbom.model.plain import unsteering_json, unsteering_xml

_OUTERMOST = 2


class InvalidDocument(Exception):
    """The document does not satisfy its own schema: a defect of this program, and nothing is
    written.
    """


def emit(bom: Bom, form: str = "json", spec_version: str = "1.6") -> bytes:
    """The CycloneDX document as bytes, validated. `form` is `json` or `xml`, 1.5 is JSON alone;
    with `spdx3` an SPDX 3.0.1 document. Raises InvalidDocument.
    """
    if form == "spdx3":
        from aisbom.emit.spdx3 import spdx3

        return unsteering_json(spdx3(bom))
    made = document(bom, spec_version, spdx_ids())
    if spec_version == earlier.VERSION:
        made = earlier.as_1_5(made)
    _refuse(errors(made, spec_version))
    if form == "json":
        return unsteering_json(serialise(made))
    from aisbom.emit.cyclonedx.xml import to_xml
    from aisbom.emit.cyclonedx.xml_errors import xml_errors

    data = to_xml(made)
    _refuse(xml_errors(data, spec_version))
    return unsteering_xml(data)


def serialise(made: Json) -> bytes:
    """The JSON form in UTF-8: a line for each component, claim and piece of evidence, so that two
    documents can be compared line by line, and large ones are not half white space.
    """
    return b"{\n" + _fields(made, 2) + b"\n}\n"


def _fields(row: Json, indent: int) -> bytes:
    before = b" " * indent
    return b",\n".join(
        b"%b%b: %b" % (before, orjson.dumps(key), _value(value, indent))
        for key, value in row.items()
    )


def _value(value: object, indent: int) -> bytes:
    """An object with a line a field where the document itself holds it, a list with a line an
    item.
    """
    before = b" " * indent
    if isinstance(value, dict) and indent == _OUTERMOST:
        return b"{\n" + _fields(value, indent + 2) + b"\n" + before + b"}"
    if isinstance(value, list) and value:
        rows = b",\n".join(before + b"  " + orjson.dumps(item) for item in value)
        return b"[\n" + rows + b"\n" + before + b"]"
    return orjson.dumps(value)


def _refuse(found: list[str]) -> None:
    if found:
        raise InvalidDocument("; ".join(found[:5]))
