"""Who trained weights that code downloads from a code host or a download host, and models that are
named without an owner.

Who serves a file may not have made it. A host alone is a hint, and so is the owner of a repository
beside whose code a file lies that is not called after it. Two things make an organisation's own
host answer: its address names a model or project of that organisation, or what is scanned is the
work of that organisation. An address that says that the file is somebody else's stays a hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from aisbom.identify.cite import Rule, SeenFact, facts, of_organisation, unknown, without_owner
from aisbom.identify.model_names import find_named_maker, find_named_model
from aisbom.knowledge import Knowledge, Organisation
from aisbom.lazy_module import Function, compile_later
from aisbom.model import Claim, Component, Confidence, Scan
from aisbom.model.ledger import Ledger

_is_plain = Function("aisbom.identify.republished", "is_plain")
_without_format = Function("aisbom.identify.republished", "without_format")
_CODE_HOSTS = frozenset({"github.com", "raw.githubusercontent.com"})
_HUBS = frozenset({"hf-mirror.com", "hf.co", "huggingface.co"})
_OTHERS = frozenset(
    {
        *("converted", "convert", "external", "imagenetpretrained", "mirror", "mirrors"),
        *("thirdparty", "thirdpartymodels", "msra"),
    }
)
"""Parts of an address, without punctuation, that say that the files are somebody else's."""


class Publisher(NamedTuple):
    """Who may have published a download, the fact that says so, and how sure that is."""

    rule: str
    organisation: Organisation
    seen: SeenFact
    confidence: Confidence


def claim_download_trainer(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.trained` of weights from a code host or a download host, and of a model without an
    owner.
    """
    if not _is_download(component):
        return
    looked = list(facts(component, "repository", "url"))
    found = [one for seen in looked if (one := _find_host_owner(seen, knowledge))]
    if _is_listed_by_others(component, knowledge):
        low: Confidence = "low"
        found = [one._replace(rule="origin/download-host", confidence=low) for one in found]
    for one in found:
        yield from _claim_trainer(component, one)
        file = urlsplit(one.seen.words).path.rpartition("/")[2] if one.seen.key == "url" else ""
        if one.confidence == "low" and (maker := find_named_maker(file, knowledge)):
            hint = Publisher("origin/release-name", maker, one.seen, "low")
            yield from _claim_trainer(component, hint)
    if looked and not found:
        yield unknown(
            component,
            "origin.trained",
            "origin/examined",
            looked[0],
            "no organisation is known to publish it",
        )
    elif not looked and (published := _find_publisher(component, knowledge)):
        yield from _claim_trainer(component, published)
    elif not looked:
        yield without_owner(component, "origin.trained", "name")


def claim_own_downloads(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """`origin.trained` of weights on the host of the organisation whose work is scanned, or of
    another one of its group.
    """
    makers = {claim.value for claim in ledger.claims(scan.root, "origin.developed.organisation")}
    rows = [row for name in sorted(makers) if (row := knowledge.by_name(name))]
    groups = {knowledge.find_top(row).id for row in rows}
    for component in scan.components if groups else ():
        if not _is_download(component):
            continue
        for seen in facts(component, "url"):
            one = _find_host_owner(seen, knowledge)
            if (
                one
                and one.rule == "origin/download-host"
                and knowledge.find_top(one.organisation).id in groups
                and not _names_others(seen.words, one.organisation, knowledge)
            ):
                yield from _claim_trainer(
                    component, one._replace(rule="origin/own-download-host", confidence="medium")
                )


def _is_listed_by_others(component: Component, knowledge: Knowledge) -> bool:
    """Whether it is an entry of a list that a repository keeps of what others trained."""
    name = component.name.partition(":")[2]
    return any(
        knowledge.not_origin(repository, name, "github")
        for repository, _ in component.facts("repository")
    )


def _is_download(component: Component) -> bool:
    return "reference" in component.kinds and not component.purl.startswith("pkg:huggingface/")


def _claim_trainer(component: Component, one: Publisher) -> Iterator[Claim]:
    by = Rule(one.rule, one.confidence)
    for claim in of_organisation(component, "trained", by, one.organisation, [one.seen]):
        if claim.attribute != "control":
            yield claim


def _find_host_owner(seen: SeenFact, knowledge: Knowledge) -> Publisher | None:
    """The organisation whose repository or host a download lies in."""
    parts = urlsplit("" if seen.key == "repository" else seen.words)
    host = (parts.hostname or "").removeprefix("www.")
    owner, _, rest = (seen.words if seen.key == "repository" else parts.path[1:]).partition("/")
    row, rule, sure = None, "", False
    if host in _HUBS:
        if not knowledge.not_origin(owner, rest.partition("/")[0]):
            row, rule, sure = knowledge.by_owner("hub", owner), "origin/hub-owner", True
    elif not host or host in _CODE_HOSTS:
        row = knowledge.by_owner("github", owner)
        rule, sure = "origin/repository-owner", not host or _called_after(seen.words)
    elif (site := _bucket_host(seen.words)).endswith(_IN_CLOUDS) or not knowledge.silent(
        "site", host
    ):
        row = knowledge.by_domain(site)
        rule, sure = "origin/own-download-host", _names_own_work(seen.words, row, knowledge)
    if row is None:
        return None
    return Publisher(
        rule if sure else "origin/download-host", row, seen, "medium" if sure else "low"
    )


_CLOUDS = {"gs": "storage.googleapis.com", "s3": "s3.amazonaws.com"}
_IN_CLOUDS = tuple(f".{host}" for host in _CLOUDS.values())
_IN_S3 = compile_later(r"(?:(?P<bucket>[a-z0-9.\-]+)\.)?s3(?:[.\-][a-z0-9\-]+)?\.amazonaws\.com")


def _bucket_host(url: str) -> str:
    """The host of an address; of one in a bucket the host that is that bucket's alone, whichever
    way it is spelt: `bucket.storage.googleapis.com` also for `gs://bucket/...`.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    first = parts.path[1:].partition("/")[0].lower()
    if parts.scheme in _CLOUDS:
        return f"{host}.{_CLOUDS[parts.scheme]}"
    if host == _CLOUDS["gs"]:
        return f"{first}.{host}"
    if found := _IN_S3.fullmatch(host):
        return f"{found['bucket'] or first}.{_CLOUDS['s3']}"
    return host


def _names_own_work(url: str, row: Organisation | None, knowledge: Knowledge) -> bool:
    """Whether the path of an address names a model or a project of the organisation, and nobody
    else's.
    """
    if row is None:
        return False
    own = knowledge.works(row.id)
    return any(word in own for word in _path_words(url)) and not _names_others(url, row, knowledge)


def _names_others(url: str, row: Organisation, knowledge: Knowledge) -> bool:
    """Whether the path says that the file came from elsewhere, or names another lab's model."""
    path = urlsplit(url).path
    if any(re.sub(r"[^a-z0-9]", "", part) in _OTHERS for part in path.lower().split("/")):
        return True
    # The folders of a lab's bucket name its projects; a file there may be another lab's.
    file = find_named_maker(path.rpartition("/")[2], knowledge)
    named = find_named_model(path, knowledge)
    return any(one is not None and one.id != row.id for one in (file, named and named.organisation))


def _path_words(url: str) -> Iterator[str]:
    """The parts of a path without punctuation, and their words; a hash is neither."""
    for part in urlsplit(url).path.lower().split("/"):
        if not re.fullmatch(r"[0-9a-f]{16,}", part):
            yield re.sub(r"[^a-z0-9]", "", part)
            yield from re.findall(r"[a-z0-9]+", part)
            yield from re.findall(r"(?<![a-z])[a-z]{5,}+(?=\d)", part)  # the version behind a name


def _called_after(url: str) -> bool:
    """Whether a file on a code host bears the name of the repository that it lies in."""
    parts = urlsplit(url).path.strip("/").split("/")
    if len(parts) < 3:
        return False
    name, file = (re.sub(r"[^a-z0-9]", "", one.lower()) for one in (parts[1], parts[-1]))
    return len(name) > 2 and name in file


def _find_publisher(component: Component, knowledge: Knowledge) -> Publisher | None:
    """Who publishes the models of a name without owner, with the first sentence or setting that
    gives it; of an id of ModelScope, whose account it is.
    """
    first = min(o.evidence for o in component.observations)
    owner, _, name = component.name.rpartition("/")
    if owner:
        on_modelscope = component.fact("registry") == "modelscope"
        row = knowledge.by_owner("hub", f"modelscope:{owner}") if on_modelscope else None
        seen = SeenFact("model-id", component.name, first)
        return Publisher("origin/hub-owner", row, seen, "medium") if row else None
    row = find_named_maker(name, knowledge)
    if row is None:
        return None
    plain = _is_plain(_without_format(component.name), row, knowledge)
    confidence: Confidence = "medium" if plain else "low"
    seen = SeenFact("name", name, first)
    return Publisher("origin/release-name", row, seen, confidence)
