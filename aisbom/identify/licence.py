"""What a component declares as its licence, one claim per source: an SPDX expression,
`LicenseRef-*`, or `unknown` with the words.

SPDX expressions are read with `packaging.licenses` (27 ms to import, identifiers canonicalised as
PEP 639 asks): building the symbols of license-expression takes 95 ms more and knows nothing that is
needed here. Words that are not SPDX come from licence_names.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from aisbom.identify.cite import UNKNOWN, SeenFact, cite
from aisbom.knowledge import Knowledge
from aisbom.knowledge.rows import LicenceName
from aisbom.model import Claim, Component, Confidence, Evidence, Observation
from aisbom.model.facts import LICENCE_SCOPE

_ATTRIBUTE = "licence.declared"
_PACKAGE = frozenset({"project", "distribution", "bom-component", "locked"})
_CLASSIFIER = "License :: "
_POINTS = re.compile(
    r"^(?:unknown|none|n/?a|other|custom|free|open source|licen[cs]e|copying|copyright)\W*$"
    r"|\b(?:MIT|X11|BSD|Apache|[AL]?GPL|GNU|MPL|Mozilla|CC|Creative|ISC|PSF|Python|Zope|public"
    r" domain)\b|\bsee\b|\.(?:txt|md|rst)\b|https?:|\bdual\b|copyright \(|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


def claim_declared_licence(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.declared`: PEP 639 expression (high), free text, classifiers, and a model card's
    licence (medium where unambiguous).
    """
    found: dict[str, set[Evidence]] = {}
    for observation in component.observations:
        for value, evidence in _of(observation, knowledge):
            found.setdefault(f"{evidence.by}\0{value}", set()).add(evidence)
    values = {key.partition("\0")[2] for key in found}
    for key, evidence_ in sorted(found.items()):
        rule, _, value = key.partition("\0")
        # "GPL v3" does not say that later versions are excluded where another field admits them.
        open_ = (
            rule != "licence/license-expression"
            and f"{value.removesuffix('-only')}-or-later" in values
        )
        rows = [replace(e, confidence="low") if open_ else e for e in evidence_]
        yield Claim(component.ref, _ATTRIBUTE, value, tuple(sorted(rows)[:5]))


def _of(observation: Observation, knowledge: Knowledge) -> Iterator[tuple[str, Evidence]]:
    if observation.kind in ("model", "dataset"):
        yield from _card(observation, knowledge)
    elif observation.kind == "weights":
        yield from _weights(observation, knowledge)
    elif scopes := observation.get(LICENCE_SCOPE):
        for scope in scopes:
            value = expression(scope.expression)
            seen = SeenFact("scope", f"{scope.expression} {scope.glob}", observation.evidence)
            yield _answer("licence/scope", "medium" if value else "low", seen, value or UNKNOWN)
    elif observation.kind in _PACKAGE:
        for text in observation.all("license-expression"):
            seen = SeenFact("license-expression", text, observation.evidence)
            value = expression(text)
            yield _answer(
                "licence/license-expression", "high" if value else "low", seen, value or UNKNOWN
            )
        for text in observation.all("license"):
            yield _text(SeenFact("license", text, observation.evidence), knowledge)
        classifiers = [
            text for text in observation.all("classifier") if text.startswith(_CLASSIFIER)
        ]
        if classifiers:
            yield _classifiers(classifiers, observation, knowledge)


def _text(seen: SeenFact, knowledge: Knowledge) -> tuple[str, Evidence]:
    """The License field: an SPDX expression, words with a known meaning, or the first line of a
    licence text.
    """
    lines = [line.strip() for line in seen.words.splitlines() if line.strip()]
    for text in dict.fromkeys((" ".join(lines), lines[0] if lines else "")):
        if value := expression(text):
            return _answer("licence/license-field", "medium", seen, value)
        if row := knowledge.licence("text", text):
            return _answer("licence/license-field", row.confidence, seen, row.expression, row)
    words = lines[0] if lines else ""
    # Words that are no identifier are somebody's name for a licence; a pointer, and words around a
    # known name, are not.
    value = "" if _POINTS.search(words) else _custom(words[:80], knowledge)
    return _answer("licence/license-field", "low", seen, value or UNKNOWN)


def _classifiers(
    texts: list[str], observation: Observation, knowledge: Knowledge
) -> tuple[str, Evidence]:
    """All classifiers are one statement: several licences may be a choice or a sum, and which of
    them is not said.
    """
    seen = SeenFact("classifier", "; ".join(texts), observation.evidence)
    rows = [
        row
        for text in texts
        if (row := knowledge.licence("classifier", text.removeprefix(_CLASSIFIER)))
    ]
    # "OSI Approved" alone is a heading, not a licence.
    naming = [row for row in rows if row.expression != UNKNOWN]
    values = {row.expression for row in naming}
    heads = sum(text.removeprefix(_CLASSIFIER) == "OSI Approved" for text in texts)
    if len(values) == 1 and len(naming) == len(texts) - heads:
        return _answer(
            "licence/classifier", naming[0].confidence, seen, naming[0].expression, naming[0]
        )
    return _answer(
        "licence/classifier", "low", seen, UNKNOWN, rows[0] if len(texts) == 1 and rows else None
    )


def _card(observation: Observation, knowledge: Knowledge) -> Iterator[tuple[str, Evidence]]:
    """A model card: a hub id, or `other` with the name of a custom licence, which never becomes an
    OSI licence.
    """
    names = observation.all("license-name")
    for text in observation.all("license"):
        word = text.strip()
        seen = SeenFact("license", f"{word} {' '.join(names)}".strip(), observation.evidence)
        row = knowledge.licence("hub", word)
        if row:
            yield _answer("licence/model-card", row.confidence, seen, row.expression, row)
        elif word.casefold() != "other":
            value = expression(word)
            yield _answer(
                "licence/model-card", "medium" if value else "low", seen, value or UNKNOWN
            )
        elif len(names) == 1 and (named := knowledge.licence("name", names[0])):
            yield _answer("licence/model-card", named.confidence, seen, named.expression, named)
        elif links := {
            terms.id
            for link in observation.all("license-link")
            if (terms := knowledge.terms_at(link))
        }:
            # The page that the card points to is a licence's own.
            sure: Confidence = "medium" if len(links) == 1 else "low"
            linked = SeenFact(
                "license_link", observation.fact("license-link"), observation.evidence
            )
            yield from (
                _answer("licence/model-card", sure, linked, value) for value in sorted(links)
            )
        elif len(names) == 1 and (value := _custom(names[0], knowledge)):
            yield _answer("licence/model-card", "medium", seen, value)
        else:
            yield _answer("licence/model-card", "low", seen, UNKNOWN)


def _weights(observation: Observation, knowledge: Knowledge) -> Iterator[tuple[str, Evidence]]:
    """The header of a weight file, in the words of the hub."""
    for text in observation.all("license"):
        seen = SeenFact("license", text, observation.evidence)
        row = knowledge.licence("hub", text.strip())
        if row:
            yield _answer("licence/weights-header", row.confidence, seen, row.expression, row)
        elif value := expression(text):
            yield _answer("licence/weights-header", "medium", seen, value)


def _custom(name: str, knowledge: Knowledge) -> str:
    """`LicenseRef-*` for the name of a custom licence; `""` if the name is an SPDX identifier,
    which "other" contradicts.
    """
    hub = knowledge.licence("hub", name)
    if hub:
        return hub.expression if hub.expression.startswith("LicenseRef-") else ""
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[:80]
    return f"LicenseRef-{slug}" if slug and not expression(name) else ""


@lru_cache(maxsize=4096)
def expression(text: str) -> str:
    """The canonical SPDX expression that a text is, `""` if it is none."""
    if not text or len(text) > 500 or text.count("(") > 40:
        return ""
    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        return ""


def _answer(
    rule: str, confidence: Confidence, seen: SeenFact, value: str, row: LicenceName | None = None
) -> tuple[str, Evidence]:
    note = f" ({row.note})" if row and row.note else ""
    return value, cite(rule, confidence, seen, f"{value}{note}")
