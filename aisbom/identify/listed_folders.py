"""Folders of models that the tree lists by an id of their name: `models/norae-base/`, where
settings say `{"norae-base": {"repo_id": "lab/norae-base"}}`.

Whoever wrote that down says what the folder is for. It is a hint of whose weights are meant, for a
folder may hold anything; an id of many owners says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Evidence, Scan
from aisbom.model.ledger import Ledger
from aisbom.model.vocabulary import ONLY_SHOWN

_RULE = "weights/listed-folder"
_MENTIONS = ONLY_SHOWN | {"folder"}


def claim_listed_folders(scan: Scan, ledger: Ledger, _: Knowledge) -> Iterator[Claim]:
    """`weights-from`, declared, of the models and their parts in such folders."""
    ids: dict[str, dict[str, Evidence]] = {}
    for component in scan.components:
        for o in component.observations:
            if o.kind == "reference" and o.fact("named-by") not in _MENTIONS and "/" in o.name:
                found = ids.setdefault(o.name.rpartition("/")[2].casefold(), {})
                found[o.name] = min(found.get(o.name, o.evidence), o.evidence)
    for component in scan.components:
        kind, path = component.ref.partition(":")[::2]
        name = path.partition("#")[0].rpartition("/")[2]
        found = ids.get(name.casefold(), {})
        if kind != "model" or len(found) != 1 or _is_known(component.ref, ledger):
            continue
        ((identity, evidence),) = found.items()
        words = f"the folder is called after {identity}, which is named here: {evidence.excerpt}"
        seen = replace(evidence, by=_RULE, confidence="low", excerpt=words[:300])
        yield Claim(component.ref, "weights-from", identity, (seen,), "declared")


def _is_known(ref: str, ledger: Ledger) -> bool:
    return ledger.answer(ref, "weights-from").state != "unknown"
