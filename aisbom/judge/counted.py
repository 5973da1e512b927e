"""Which components count: no holder beside its parts, no part beside its whole."""

from __future__ import annotations

from aisbom.model import Component, Scan
from aisbom.model.ledger import Ledger

_APART = frozenset({"encoder-weights", "adapter-weights"})


def select_counted(scan: Scan, ledger: Ledger) -> list[Component]:
    """The components that carry weight: not the whole, not the files of a model, not a project
    whose code counts by itself.

    The encoders and adapters inside a model do.
    """
    models = {c.ref for c in scan.components if c.kind == "machine-learning-model"}
    parts = {r.target for r in scan.relations if r.kind == "contains" and r.source in models}
    holders = {r.source for r in scan.relations if r.kind == "contains"} - models
    tokenizers = {c.ref for c in scan.components if "tokenizer" in c.kinds and c.kind == "file"}
    # A part that is another kind of weights than the whole (an encoder, a projector) counts by
    # itself; its backbone is the whole's.
    apart = {
        ref for ref in parts & models if _APART.intersection(ledger.list_judgements(ref, "class"))
    } | tokenizers
    return [
        c
        for c in scan.components
        if c.ref != scan.root and c.ref not in holders and (c.ref not in parts or c.ref in apart)
    ]
