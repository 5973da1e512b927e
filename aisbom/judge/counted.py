"""Which components count: no holder beside its parts, no part beside its whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisbom.model import Component, Scan

if TYPE_CHECKING:
    pass


def counted(scan: Scan) -> list[Component]:
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
    kinds = {
        claim.subject: claim.value
        for claim in scan.claims
        if claim.attribute == "class" and claim.status != "withdrawn"
    }
    apart = {
        ref for ref in parts & models if kinds.get(ref) in ("encoder-weights", "adapter-weights")
    } | tokenizers
    return [
        c
        for c in scan.components
        if c.ref != scan.root and c.ref not in holders and (c.ref not in parts or c.ref in apart)
    ]
