"""aisbom: the bill of materials of an AI stack, and how much of it is ours.

The folders are the stages of one pipeline, in this order (`pipeline.py` runs them):

    source      where bytes come from: folders, archives, git, Python environments
    collect     1  a file becomes rows
    examine     2  rows become more rows: digests, known models, names of the hub
    merge       3  sightings of one thing become one component
    identify    4  a component and what is known of the world become claims
    classify    5  a component gets its class and its place
    judge       6  profile, rules, score, requirements, policy
    bom         7  everything known, as one bill of materials without a file format
    emit        8  one folder or file a format

Beside them stand `model` (the types between the stages), `knowledge` (facts about the world, as
data), three laboratories that know no components (`licences`, `weights`, `codeprint`), `cache`
(what is kept between runs), `config` (aisbom.toml) and `cli` (the commands).

The public surface is what this module names; everything else may change between releases.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from aisbom.__version__ import __version__

if TYPE_CHECKING:
    from aisbom.bom import Bom
    from aisbom.bom.build import build
    from aisbom.document import ScannedDocument, scan_document
    from aisbom.emit import emit
    from aisbom.judge import Judgement
    from aisbom.model import Claim, Component, Evidence, Gap, Location, Observation, Relation, Scan
    from aisbom.model.ledger import Answer, Ledger, resolve
    from aisbom.pipeline import Options, scan
    from aisbom.pipeline import measure as score

# Resolved on first use, so that `aisbom --help` does not pay for parsers it never calls.
_HOMES = {
    "scan": "aisbom.pipeline",
    "scan_document": "aisbom.document",
    "ScannedDocument": "aisbom.document",
    "Options": "aisbom.pipeline",
    "resolve": "aisbom.model.ledger",
    "Answer": "aisbom.model.ledger",
    "Bom": "aisbom.bom",
    "build": "aisbom.bom.build",
    "Judgement": "aisbom.judge",
    "Ledger": "aisbom.model.ledger",
    "emit": "aisbom.emit",
    "Claim": "aisbom.model",
    "Component": "aisbom.model",
    "Evidence": "aisbom.model",
    "Gap": "aisbom.model",
    "Location": "aisbom.model",
    "Observation": "aisbom.model",
    "Relation": "aisbom.model",
    "Scan": "aisbom.model",
}

__all__ = [
    "Answer",
    "Bom",
    "Claim",
    "Component",
    "Evidence",
    "Gap",
    "Judgement",
    "Ledger",
    "Location",
    "Observation",
    "Options",
    "Relation",
    "Scan",
    "ScannedDocument",
    "__version__",
    "build",
    "emit",
    "resolve",
    "scan",
    "scan_document",
    "score",
]


def __getattr__(name: str) -> Any:
    if name == "score":
        return import_module("aisbom.pipeline").measure
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'aisbom' has no attribute {name!r}")
