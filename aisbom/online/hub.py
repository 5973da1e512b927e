"""Models and data sets, and the hub from which the tree would load them: what their cards declare,
at the revision that is pinned.

Source: the API of the hub, `GET /api/models/{id}/revision/{revision}` and `/api/datasets/...`
(https://huggingface.co/docs/hub/api), as the `huggingface_hub` library asks it. The library itself
is not used: it follows redirects to other hosts, sends the user's token, and reads answers of any
size.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from packageurl import PackageURL

from aisbom.collect.python.package_origin import without_credentials
from aisbom.identify import hub_references, model_origin, model_parts
from aisbom.identify.purls import parse
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Evidence, Observation, facts
from aisbom.model.ledger import Ledger
from aisbom.online.fetch import Clock, FetchError, get
from aisbom.online.registry import NAME, Question, Registry, RegistryResponse, is_open

HUB = "https://huggingface.co"
_MOST = 8 * 2**20
_COMMIT = re.compile(r"[0-9a-f]{40}")
_HERE = frozenset({"model", "submodel", "project", "distribution"})
_KEYS = (
    ("license", "license"),
    ("license_name", "license-name"),
    ("license_link", "license-link"),
    ("base_model", "base-model"),
    ("base_model_relation", "base-model-relation"),
)
_MOST_WORDS = 200
_MOST_VALUES = 20


def get_hub_address() -> str:
    """The address of the hub: of the variable that its libraries read, else the public one."""
    return os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or HUB


def registry(components: Iterable[Component], ledger: Ledger) -> Registry:
    """The hub, and the models and data sets that are only named in the tree and whose licence or
    maker is open. What lies in the tree is never asked about.
    """
    hub = get_hub_address()

    def ask(question: Question, clock: Clock) -> RegistryResponse:
        return fetch_repository(hub, question, clock)

    questions = sorted(_open(components, ledger), key=lambda one: (one.name, one.version))
    shown = without_credentials(hub).partition("?")[0]
    return Registry("hub", shown, tuple(questions), ask, _read, _origins)


def _open(components: Iterable[Component], ledger: Ledger) -> Iterator[Question]:
    for component in components:
        purl = parse(component.purl)
        if purl is None or not _is_named(component, purl):
            continue
        stage = "collected" if _is_dataset(purl) else "trained"
        if is_open(component, ledger, f"origin.{stage}"):
            at = min(o.evidence.at for o in component.observations)
            revision = purl.version or ""
            name = f"{purl.namespace}/{purl.name}"
            yield Question(component, name, revision, at, bool(_COMMIT.fullmatch(revision)))


def _is_named(component: Component, purl: PackageURL) -> bool:
    named = purl.type == "huggingface" and bool(purl.namespace) and bool(component.observations)
    return named and not component.kinds & _HERE


def _is_dataset(purl: PackageURL) -> bool:
    return (purl.namespace or "").startswith("datasets/")


def fetch_repository(hub: str, question: Question, clock: Clock) -> RegistryResponse:
    """The answer about one repository, at its revision. Raises Refused for an answer about another
    repository or another commit. No token is sent.
    """
    name = question.name.removeprefix("datasets/")
    kind = "models" if name == question.name else "datasets"
    url = f"{hub}/api/{kind}/{quote(name, safe='/')}"
    if question.version:
        url += f"/revision/{quote(question.version, safe='')}"
    body, _ = get(url, clock, _MOST, {"Accept": "application/json"})
    answer = _table(body)
    if str(answer.get("id", "")).casefold() != name.casefold():
        raise FetchError("answers about another repository")
    commit = str(answer.get("sha", ""))
    if _COMMIT.fullmatch(question.version) and commit != question.version:
        raise FetchError("answers about another commit")
    at = f" at {commit[:12]}" if _COMMIT.fullmatch(commit) else ""
    shown = without_credentials(url).partition("?")[0]
    return RegistryResponse(f"{shown}{at}", hashlib.sha256(body).hexdigest(), body)


def _table(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchError("answers with something that is not JSON") from error
    if not isinstance(answer, dict):
        raise FetchError("answers with no table")
    return answer


def _read(question: Question, data: bytes) -> Observation:
    """What the card declares, as the card itself would beside the files."""
    card = _table(data).get("cardData")
    one = question.component
    found = [
        (fact, words)
        for key, fact in _KEYS
        for words in _words(card.get(key) if isinstance(card, dict) else None)
    ]
    name = question.name.removeprefix("datasets/")
    evidence = Evidence(NAME, "manifest-analysis", "high", question.at)
    if name == question.name:
        said = facts(*found, ("model-id", name))
        return Observation("model", one.name, one.version, one.purl, evidence, said)
    said = facts(*found, ("dataset-id", name))
    return Observation("dataset", one.name, one.version, one.purl, evidence, said)


def _words(value: object) -> Iterator[str]:
    """The texts of a field, one or a list; anything else says nothing."""
    for one in (value if isinstance(value, list) else [value])[:_MOST_VALUES]:
        if isinstance(one, str) and one.strip():
            yield one.strip()[:_MOST_WORDS]


def _origins(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """Who trained a model, of its base too where the card names one; who collected a data set."""
    yield from model_origin.claim_trainer(component, knowledge)
    yield from model_parts.weights_from(component, knowledge)
    yield from hub_references.claim_dataset_collector(component, knowledge)
