"""Bare names of models, data sets and services become the ids that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from packageurl import PackageURL

from aisbom.examine.believed_names import NameBeliefs, fold_spelling
from aisbom.knowledge import Knowledge, dataset_names
from aisbom.knowledge.references import (
    ENDPOINT,
    KEYED,
    SELF_HOSTED,
    STATED,
    hub_name,
    key_name,
    keyed_service,
    service,
)
from aisbom.knowledge.rows import Service
from aisbom.model import Observation, Row, facts
from aisbom.model.path_roles import path_role

# Names that are complete in themselves: an architecture with a tag, a name of the Ollama library,
# a weight file that a workflow loads.
_OWN = frozenset({"open-clip", "ollama", "timm", "file"})


_LEGACY_SET = re.compile(r"(?=[^_]*_)[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
"""What the hub calls its first data sets, which have no owner: `load_dataset("big_patent")`."""
_FORMATS = frozenset({"processor", "settings"})


def resolve_names(rows: Iterable[Row], knowledge: Knowledge) -> Iterator[Row]:
    """The rows with bare names replaced by the ids they stand for; what no table knows is left out,
    for it may be any word.

    A processor or a configuration taken from a model's repository is a format, and no sighting of
    its weights. The data sets that a model's card names become sightings of their own.
    """
    believed = NameBeliefs(rows, knowledge)
    reached = _list_reached_services(believed.rows, knowledge)
    spoken = reached | _list_reached_services(believed.rows, knowledge, "client")
    own = frozenset(_list_own_names(believed.rows))
    for row in believed.rows:
        if not isinstance(row, Observation):
            yield row
        elif row.kind == "registered":
            continue
        elif row.kind in ("reference", "dataset"):
            judged = believed.judge(row)
            if judged is not None:
                found = _reference if judged.kind == "reference" else _dataset_row
                yield from filter(None, (found(judged, knowledge),))
        elif row.kind == "service":
            if _is_own_key(row, own) and _find_service(row, knowledge) is None:
                continue
            yield from _service(
                row, knowledge, spoken if row.fact("named-by") == "setting" else reached
            )
        else:
            yield row
            if row.kind == "model" and row.fact("file-kind") == "card":
                yield from _of_card(row, knowledge)


def _list_own_names(rows: Iterable[Row]) -> Iterator[str]:
    """What the project and its repository are called, without punctuation."""
    for row in rows:
        if isinstance(row, Observation) and row.kind in ("project", "repository"):
            for name in (row.name, row.purl.partition("@")[0].rpartition("/")[2]):
                yield fold_spelling(name)


def _is_own_key(row: Observation, own: frozenset[str]) -> bool:
    """Whether a variable that no table knows is the key of the program itself, or a test makes it
    up.
    """
    if row.fact("how") != "env":
        return False
    holder = fold_spelling(keyed_service(row.name))
    tested = path_role(row.evidence.at.path) == "test"
    return bool(holder) and (holder in own or tested)


def _list_reached_services(
    rows: Iterable[Row], knowledge: Knowledge, by: str = ""
) -> frozenset[str]:
    """The ids of services that a client, a host or a key of the scan reaches; `by` is `client` for
    those whose base URL is not settled, which may reach any server.
    """
    return frozenset(
        known.id
        for row in rows
        if isinstance(row, Observation) and row.kind == "service" and row.fact("named-by") == by
        if (known := _find_service(row, knowledge)) is not None
    )


def _find_service(row: Observation, knowledge: Knowledge) -> Service | None:
    host = row.fact("endpoint").partition(":")[0]
    return (
        service(knowledge, "host", host) if host else service(knowledge, row.fact("how"), row.name)
    )


def _service(row: Observation, knowledge: Knowledge, reached: frozenset[str]) -> Iterator[Row]:
    """Whose service it is. A server of one's own is nobody's; an endpoint that no row knows, but a
    client is given, is a service at that host. A name of a served model alone counts where the
    scan reaches the service.
    """
    host = row.fact("endpoint").partition(":")[0]
    how = row.fact("how")
    if how == "own":
        told = facts(*row.facts, ("service", SELF_HOSTED), ("service-host", row.fact("endpoint")))
        yield replace(row, name="self-hosted endpoint", facts=told)
        return
    if how == "stated":
        yield _stated_service(row, host, knowledge)
        return
    known = _find_service(row, knowledge)
    by = row.fact("named-by")
    if by == "client":
        return  # of any server
    if by in ("word", "setting") and (known is None or known.id not in reached):
        return
    if by == "text" and how == "host" and known is not None and known.serves:
        return  # a page that lies there
    if known is not None:
        told = facts(
            *row.facts,
            ("service", known.id),
            ("service-url", known.url),
            ("service-host", known.hosts[0] if known.hosts else ""),
        )
        yield replace(row, name=known.name, facts=told)
    elif how == "env" and not by and (holder := keyed_service(row.name)):
        yield replace(row, facts=facts(*row.facts, ("service", f"{KEYED}{holder}")))
    elif host and how in ("class", "model"):
        told = facts(*row.facts, ("service", f"{ENDPOINT}{host}"), ("service-host", host))
        yield replace(row, name=f"endpoint {host}", facts=told)


def _stated_service(row: Observation, host: str, knowledge: Knowledge) -> Row:
    """A service that a document of another tool lists is one, whether a table knows it or not."""
    known = service(knowledge, "host", host) if host else None
    if known is not None:
        told = (("service", known.id), ("service-url", known.url))
        return replace(row, name=known.name, facts=facts(*row.facts, *told))
    identity = f"{ENDPOINT}{host}" if host else f"{STATED}{row.name}"
    return replace(row, facts=facts(*row.facts, ("service", identity)))


def _dataset_row(row: Observation, knowledge: Knowledge) -> Observation | None:
    complete = row.purl or row.fact("file-kind") or row.fact("registry")
    return row if complete else _dataset(row, knowledge)


def _reference(row: Observation, knowledge: Knowledge) -> Observation | None:
    if row.fact("part") in _FORMATS:
        name = row.fact("model-id") or row.name
        return replace(
            row,
            kind="format",
            purl="",
            version="",
            facts=facts(("format", f"{row.fact('part')} of {name}")),
        )
    if row.purl or row.fact("registry"):
        return row
    if row.fact("space") == "package":
        return _resolve_package_weights(row, knowledge)
    look = key_name if row.fact("named-by") == "key" else hub_name
    found = look(knowledge, row.fact("space"), row.name)
    if found is None:
        # A name without owner that is believed all the same is a model of nobody's page.
        return row if row.fact("space") in _OWN or row.fact("named-by") else None
    identity, known = found
    owner, _, name = identity.partition("/")
    purl = PackageURL("huggingface", owner, name).to_string()
    told = (
        *row.facts,
        ("model-id", identity),
        ("alias", row.name),
        ("known-by", f"{known.table} {known.as_of}"),
    )
    return replace(row, name=identity, purl=purl, facts=facts(*told))


def _resolve_package_weights(row: Observation, knowledge: Knowledge) -> Observation | None:
    """Weights that a package loads by a name of its own: of the repository of the hub that holds
    them, else an entry of the repository whose they are.
    """
    name = row.name.partition(":")[2]
    if found := hub_name(knowledge, "package", row.name):
        identity, known = found
        owner, _, last = identity.partition("/")
        purl = PackageURL("huggingface", owner, last).to_string()
        told = (("model-id", identity), ("alias", row.name))
    elif found := hub_name(knowledge, "github-package", row.name):
        repository, known = found
        identity, purl = f"{repository}:{name}", f"pkg:github/{repository.lower()}#{name}"
        told = (("repository", repository), ("alias", row.name))
    else:
        return None
    cited = ("known-by", f"{known.table} {known.as_of}")
    return replace(row, name=identity, purl=purl, facts=facts(*row.facts, *told, cited))


def _dataset(row: Observation, knowledge: Knowledge, keep: bool = False) -> Observation | None:
    found = hub_name(knowledge, "dataset", row.name)
    if found is None:
        if dataset_names.is_known(row.name):
            return replace(row, name=dataset_names.spell_name(row.name))
        inside = row.fact("named-by") in ("key", "choice") and dataset_names.find_within(row.name)
        if inside:
            return replace(row, name=inside, facts=facts(*row.facts, ("alias", row.name)))
        loaded = not row.fact("named-by") and _LEGACY_SET.fullmatch(row.name)
        return row if keep or loaded or row.fact("named-by") == "list" else None
    identity = found[0]
    owner, _, name = identity.partition("/")
    purl = PackageURL("huggingface", f"datasets/{owner}", name).to_string()
    return replace(
        row,
        name=identity,
        purl=purl,
        facts=facts(*row.facts, ("dataset-id", identity), ("alias", row.name)),
    )


def _of_card(card: Observation, knowledge: Knowledge) -> Iterator[Row]:
    """A card lists what the model was trained on: the hub's own meaning of `datasets`."""
    for name in card.all("dataset"):
        owner, _, last = name.partition("/")
        purl = (
            PackageURL("huggingface", f"datasets/{owner}", last).to_string()
            if last and "/" not in last
            else ""
        )
        told = facts(
            ("used-for", "training"),
            ("of-model", "yes"),
            ("dataset-id", name if purl else ""),
            ("loader", "card datasets"),
        )
        made = Observation("dataset", name, "", purl, card.evidence, told)
        found = made if purl else _dataset(made, knowledge, keep=True)
        if found is not None:
            yield found
