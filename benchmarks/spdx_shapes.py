"""SPDX 3.0.1 documents against the official SHACL shapes.

    python -m benchmarks.spdx_shapes MODEL.ttl CONTEXT.jsonld DOCUMENT ...

MODEL.ttl and CONTEXT.jsonld are `rdf/spdx-model.ttl` and `rdf/spdx-context.jsonld` of the
specification's repository (github.com/spdx/spdx-spec, branch main); pyshacl is installed beside.
Each document is also held with a relationship of a type that does not exist: shapes that accept
that one were not applied.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from pyshacl import validate
from rdflib import Graph


def conforms(document: dict[str, Any], context: dict[str, Any], shapes: Graph) -> tuple[bool, str]:
    """Whether a document satisfies the shapes, and the report."""
    data = Graph().parse(data=json.dumps({**document, **context}), format="json-ld")
    held, _, report = validate(data, shacl_graph=shapes, ont_graph=shapes, allow_warnings=True)
    return bool(held), str(report)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("model", type=Path)
    options.add_argument("context", type=Path)
    options.add_argument("documents", type=Path, nargs="+")
    given = options.parse_args()
    shapes = Graph().parse(given.model, format="turtle")
    context = json.loads(given.context.read_text("utf-8"))
    for path in given.documents:
        document = json.loads(path.read_text("utf-8"))
        held, report = conforms(document, context, shapes)
        print(f"{path}: {len(document['@graph'])} elements, {'conforms' if held else report}")
        wrong = next(row for row in document["@graph"] if row["type"] == "Relationship")
        wrong["relationshipType"] = "resembles"
        if conforms(document, context, shapes)[0]:
            raise SystemExit("the shapes accept a relationship that does not exist")


if __name__ == "__main__":
    main()
