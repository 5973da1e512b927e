"""aisbom: the bill of materials of an AI stack, and how much of it is ours.

The public surface is what this module names; everything else may change between releases.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from aisbom.emit import emit
    from aisbom.ledger import Answer, resolve
    from aisbom.model import Claim, Component, Evidence, Gap, Location, Observation, Relation, Scan
    from aisbom.pipeline import Options, scan
    from aisbom.score import score

# Resolved on first use, so that `aisbom --help` does not pay for parsers it never calls.
_HOMES = {
    "scan": "aisbom.pipeline",
    "Options": "aisbom.pipeline",
    "resolve": "aisbom.ledger",
    "Answer": "aisbom.ledger",
    "score": "aisbom.score",
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
    "Claim",
    "Component",
    "Evidence",
    "Gap",
    "Location",
    "Observation",
    "Options",
    "Relation",
    "Scan",
    "__version__",
    "emit",
    "resolve",
    "scan",
    "score",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'aisbom' has no attribute {name!r}")
