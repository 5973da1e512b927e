"""Weight files that bear a name which everybody knows them by (`silero_vad.onnx`).

Anybody may call a file so: the name is a hint of whose weights these are, and answers nothing by
itself. What equal values say is `weights_from`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify.cite import Rule, SeenFact, cite, of_organisation
from aisbom.knowledge import Knowledge
from aisbom.knowledge.references import hub_name
from aisbom.model import Claim, Component, Evidence

_SPACES = (("file", "hub", "pkg:huggingface/"), ("github-file", "github", "pkg:github/"))


def claim_named_files(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """Hints of `weights-from` and `origin.trained`, by the name of a weight file."""
    if component.kind != "machine-learning-model":
        return
    files = {o.evidence.at.path: o.evidence for o in component.observations if o.kind == "weights"}
    said: set[str] = set()
    for path, evidence in sorted(files.items()):
        name = path.rpartition("/")[2]
        for space, host, kind in _SPACES:
            found = hub_name(knowledge, space, name.lower())
            if found is None or found[0] in said:
                continue
            said.add(found[0])
            yield from _claims(component, knowledge, (host, kind, found[0]), evidence)


def _claims(
    component: Component, knowledge: Knowledge, stands: tuple[str, str, str], evidence: Evidence
) -> Iterator[Claim]:
    host, kind, identity = stands
    owner = identity.partition("/")[0]
    row = knowledge.by_owner(host, owner)
    seen = SeenFact("file", evidence.at.path.rpartition("/")[2], evidence)
    why = f"the name that {identity} publishes weights under; a name is all there is"
    made = cite("weights/file-name", "low", seen, why)
    yield Claim(component.ref, "weights-from", f"{kind}{identity}", (made,))
    if row is not None:
        rule = Rule("weights/file-name", "low")
        for claim in of_organisation(component, "trained", rule, row, [seen]):
            if claim.attribute != "control":
                yield claim
