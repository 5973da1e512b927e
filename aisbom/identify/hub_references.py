"""Who operates a hosted service, who collected a data set, and who publishes weights that code
downloads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from aisbom.identify.cite import Rule, SeenFact, facts, of_organisation, unknown
from aisbom.identify.model_names import find_named_model
from aisbom.identify.model_origin import claim_undisclosed
from aisbom.knowledge import Knowledge, Organisation, release_names
from aisbom.knowledge.references import ENDPOINT, SELF_HOSTED
from aisbom.model import Claim, Component, Confidence


def claim_operator(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.operated`, its organisation and `control` of a service: from the row of the service,
    by what its client was known.
    """
    if "service" not in component.kinds:
        return
    by_id = {row.id: row for row in knowledge.services}
    seen: dict[str, list[SeenFact]] = {}
    for words, evidence in component.facts("service"):
        seen.setdefault(words, []).append(
            SeenFact("service", f"{component.name}, known by {evidence.excerpt}", evidence)
        )
    for words, told in sorted(seen.items()):
        if words == SELF_HOSTED:
            continue  # whoever runs the project operates it
        row = by_id.get(words)
        operator = knowledge.organisation(row.organisation) if row and row.organisation else None
        if words.startswith(ENDPOINT):
            operator = knowledge.by_domain(words.removeprefix(ENDPOINT))
        if operator is None:
            yield unknown(
                component,
                "origin.operated",
                "origin/service",
                told[0],
                "no operator with a known seat",
            )
        else:
            yield from of_organisation(
                component, "operated", Rule("origin/service"), operator, told
            )


def tokenizer(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.developed` of a tokenizer that is taken from a model's repository: by the owner of
    that model's id.
    """
    if component.kind != "file" or "reference" not in component.kinds:
        return
    for seen in facts(component, "model-id"):
        owner, _, name = seen.words.partition("/")
        row = None if knowledge.not_origin(owner, name) else knowledge.by_owner("hub", owner)
        if row:
            yield from of_organisation(
                component, "developed", Rule("origin/hub-owner"), row, [seen]
            )
            return


def claim_dataset_collector(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.collected` of a data set: the owner of its id. A namespace that only mirrors is
    nobody's origin.
    """
    if "dataset" not in component.kinds:
        return
    ids = list(facts(component, "dataset-id"))
    answered = False
    for seen in ids:
        owner = seen.words.partition("/")[0]
        row = None if knowledge.not_origin(owner) else knowledge.by_owner("hub", owner)
        claim = claim_undisclosed(component, knowledge, owner, seen, "origin.collected")
        if claim and not row:
            answered = True
            yield claim
        if row:
            answered = True
            yield from (
                c
                for c in of_organisation(
                    component, "collected", Rule("origin/hub-owner"), row, [seen]
                )
                if c.attribute != "control"
            )
    if ids and not answered:
        yield unknown(
            component,
            "origin.collected",
            "origin/examined",
            ids[0],
            "no organisation is known to own this name",
        )
    elif not ids:
        first = min(o.evidence for o in component.observations)
        yield unknown(
            component,
            "origin.collected",
            "origin/examined",
            SeenFact("dataset", component.name, first),
            "no id that names an owner",
        )


def claim_download_trainer(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.trained` of weights from a code host or a download host. Who serves a file may not
    have made it: a host alone is a hint, and so is the owner of a repository beside whose code a
    file lies that is not called after it.
    """
    if "reference" not in component.kinds or component.purl.startswith("pkg:huggingface/"):
        return
    found: list[tuple[SeenFact, Organisation, Confidence]] = []
    looked = []
    for seen in facts(component, "repository", "url"):
        looked.append(seen)
        owner, host = _owner(seen)
        row = (
            knowledge.by_owner("github", owner)
            if owner
            else knowledge.by_domain(host)
            if host
            else None
        )
        if row:
            sure = bool(owner) and (seen.key == "repository" or _called_after(seen.words))
            found.append((seen, row, "medium" if sure else "low"))
    for seen, row, confidence in found:
        rule = "origin/repository-owner" if confidence == "medium" else "origin/download-host"
        for claim in of_organisation(component, "trained", Rule(rule, confidence), row, [seen]):
            if claim.attribute != "control":
                yield claim
    if looked and not found:
        yield unknown(
            component,
            "origin.trained",
            "origin/examined",
            looked[0],
            "no organisation is known to publish it",
        )
    elif not looked and (published := _find_publisher(component, knowledge)):
        seen, row = published
        plain = release_names.plain(component.name)
        by_name = (
            Rule("origin/hub-owner")
            if seen.key == "model-id"
            else Rule("origin/release-name", "medium" if plain else "low")
        )
        for claim in of_organisation(component, "trained", by_name, row, [seen]):
            if claim.attribute != "control":
                yield claim
    elif not looked:
        first = min(o.evidence for o in component.observations)
        yield unknown(
            component,
            "origin.trained",
            "origin/examined",
            SeenFact("name", component.name, first),
            "no id that names an owner",
        )


def _called_after(url: str) -> bool:
    """Whether a file on a code host bears the name of the repository that it lies in."""
    parts = urlsplit(url).path.strip("/").split("/")
    if len(parts) < 3:
        return False
    name, file = (re.sub(r"[^a-z0-9]", "", one.lower()) for one in (parts[1], parts[-1]))
    return len(name) > 2 and name in file


def _find_publisher(
    component: Component, knowledge: Knowledge
) -> tuple[SeenFact, Organisation] | None:
    """Who publishes the models of a name without owner, with the first sentence or setting that
    gives it; of an id of ModelScope, whose account it is.
    """
    first = min(o.evidence for o in component.observations)
    owner, _, name = component.name.rpartition("/")
    if owner:
        on_modelscope = component.fact("registry") == "modelscope"
        row = knowledge.by_owner("hub", f"modelscope:{owner}") if on_modelscope else None
        return (SeenFact("model-id", component.name, first), row) if row else None
    found = release_names.publisher(name)
    row = knowledge.organisation(found) if found else None
    if row is None and (family := find_named_model(name, knowledge)):
        row = family.organisation
    return (SeenFact("name", name, first), row) if row else None


def _owner(seen: SeenFact) -> tuple[str, str]:
    """(owner on GitHub, host) of a repository or download."""
    if seen.key == "repository":
        return seen.words.partition("/")[0], ""
    parts = urlsplit(seen.words)
    host = parts.hostname or ""
    if host in ("github.com", "raw.githubusercontent.com"):
        return parts.path.strip("/").partition("/")[0], ""
    return "", host
