"""Is this document valid CycloneDX XML? The official schema of its version says so."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from lxml import etree

from aisbom.emit.cyclonedx.problems import short
from aisbom.emit.cyclonedx.schema import check_version, read_bundled


def xml_errors(data: bytes, spec_version: str) -> list[str]:
    """What the official XML schema of this version holds against a CycloneDX XML document; one line
    each, with line number and path.

    No entity is expanded and nothing is fetched: a document with a DOCTYPE is refused. Raises
    ValueError for an unsupported version.
    """
    schema = _xml_validator(spec_version)
    try:
        root = etree.fromstring(data, xml_parser())
    except etree.XMLSyntaxError as error:
        return [f"line {error.lineno or 0}: {short(str(error.msg))}"]
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        return ["line 1: a DOCTYPE is not accepted; remove it"]
    if schema.validate(tree):
        return []
    prefix = "{" + namespace(spec_version) + "}"
    log: Iterable[Any] = schema.error_log  # type: ignore[assignment]  # the stubs do not know that it can be iterated
    return [
        f"line {entry.line}: {_xml_path(tree, entry.path)}: {short(entry.message)}".replace(
            prefix, ""
        )
        for entry in log
    ]


def namespace(spec_version: str) -> str:
    """The XML namespace of a version of CycloneDX."""
    return f"http://cyclonedx.org/schema/bom/{check_version(spec_version)}"


def _xml_path(tree: etree._ElementTree, path: str | None) -> str:
    """A path in names, where libxml2 writes `/*/*[2]` for want of a prefix."""
    found = tree.xpath(path) if path else []
    if not isinstance(found, list) or not found or not isinstance(found[0], etree._Element):
        return "/bom"
    return f"/bom/{tree.getelementpath(found[0])}".removesuffix("/.")


def xml_parser() -> etree.XMLParser:
    """A parser that takes nothing from outside the document."""
    # huge_tree lifts the limits on depth and on one text's length (an attachment may be large);
    # without entities nothing can be inflated.
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


class _SchemaResolver(etree.Resolver):
    """Answers an import in a bundled XML schema with the bundled file of that name, and no
    other.
    """

    def resolve(
        self,
        system_url: str,
        public_id: str,  # noqa: ARG002  lxml passes all three
        context: Any = None,
    ) -> Any:
        return self.resolve_string(
            read_bundled(system_url.rpartition("/")[2]), context, base_url=system_url
        )


@cache
def _xml_validator(spec_version: str) -> etree.XMLSchema:
    parser = xml_parser()
    parser.resolvers.add(_SchemaResolver())
    return etree.XMLSchema(
        etree.fromstring(read_bundled(f"bom-{check_version(spec_version)}.SNAPSHOT.xsd"), parser)
    )
