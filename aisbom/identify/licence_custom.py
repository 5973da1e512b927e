"""A licence of somebody's own: what it is called here, and what it restricts.

A known text with restricting words of its own, and a text that is not known at all, are
`LicenseRef-<holder>-<name>`: never the identifier of the text that they are like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from aisbom.knowledge import Knowledge, Licence
from aisbom.lazy_module import compile_later
from aisbom.model import Claim, Component, Evidence, Location, Observation, Scan
from aisbom.model.facts import HOLDER_LINE, RESTRICTS, STATES_LICENCE
from aisbom.model.ledger import Ledger, confidence
from aisbom.model.vocabulary import LICENCES

ATTRIBUTE = "licence.restriction"
_LISTED = 5
_SUFFIX = compile_later(
    r"(?:,|(?<![\s,]))\s++(?:Inc|LLC|Ltd|Limited|GmbH|Corp|Corporation|Co)\b"
    r"\.?(?:\s*+(?:,\s*+)?Ltd\b\.?)?.*$",
    re.IGNORECASE,
)
_ORGANISATION = compile_later(
    r"\b(?:Inc|LLC|Ltd|Limited|GmbH|Corp|Corporation|Company|Universit\w+|Institute|Labs?|Foundation"
    r"|Team|Authors|Project|Research|Group|AI|Technolog\w+|Systems|Software)\b"
)
_TITLED = compile_later(r"licen[cs]e|agreement|terms|라이선스|许可", re.IGNORECASE)
_OWN_NAME = compile_later(r"\bmodified\b", re.IGNORECASE)
"""In the title of a text that is like a known one: it names itself."""
_FOLDERS = frozenset({"licenses", "licences", "license", "licence", "legal", "docs", "doc"})
# What the obligations of licences.csv are called among restrictions.
_OBLIGED = {
    "non-commercial": "non-commercial",
    "research-only": "research-only",
    "acceptable-use": "field-of-use",
    "field-of-use": "field-of-use",
    "no-competing-model": "no-training",
    "naming": "naming",
    "user-threshold": "user-threshold",
    "territory": "territory",
    "no-derivatives": "no-derivatives",
    "no-redistribution": "no-redistribution",
}


def custom(component: Component, o: Observation, knowledge: Knowledge) -> str:
    """`LicenseRef-<holder>-<name>` of a licence file, or of a source file, that states terms of its
    own; `""` of another.

    The holder is an organisation that the file names, else the folder or project it lies in: a
    person's name is no name of a licence.
    """
    title = o.fact("licence-title")
    restricts = o.get(RESTRICTS)
    if not title and not restricts:
        return ""
    named = [row.holder for row in sorted(o.get(HOLDER_LINE), key=lambda row: row.line)]
    holder = next((_SUFFIX.sub("", h) for h in named if _organisation(h, knowledge)), "")
    folders = [f for f in o.evidence.at.folder.split("/") if f and f.lower() not in _FOLDERS]
    place = folders[-1] if folders else component.name.rpartition("/")[2]
    kinds = list(dict.fromkeys(row.kind for row in restricts))
    stated = [row.name for row in o.get(STATES_LICENCE)]
    base = o.fact("licence-similar") or next(iter(stated), "")
    if base and _OWN_NAME.search(title):
        parts = [holder or place, title]
    elif base:
        parts = [holder or place, base, kinds[0] if kinds else "changed"]
    elif title and _TITLED.search(title) and len(title) <= 60:
        known = holder and _slug(holder).lower() in _slug(title).lower()
        parts = [title] if known or not (holder or place) else [holder or place, title]
    else:
        parts = [holder or place, kinds[0] if kinds else "licence"]
    return "LicenseRef-" + "-".join(part for text in parts if (part := _slug(text)))


def restrictions(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.restriction`: what the licences of a component forbid or ask, by the words of their
    own texts and by the table of known licences.
    """
    named: dict[str, set[tuple[str, Evidence]]] = {}
    for component in scan.components:
        for o in component.observations:
            if o.kind in ("notice", "source") and (rows := o.get(RESTRICTS)):
                name = custom(component, o, knowledge)
                for row in rows:
                    at = Location(o.evidence.at.path, row.line)
                    told = f"{name}: ...{row.words}..."[:200]
                    evidence = Evidence("licence/words", "manifest-analysis", "medium", at, told)
                    named.setdefault(name, set()).add((row.kind, evidence))
    for component in scan.components:
        found: dict[str, set[Evidence]] = {}
        for claim in (c for a in LICENCES for c in ledger.claims(component.ref, a)):
            # A licence that holds for a file or for the weights alone is a hint of the whole.
            sure = confidence((claim,))
            for name in _names(claim.value):
                for kind, evidence in named.get(name, ()):
                    capped = evidence if sure != "low" else replace(evidence, confidence="low")
                    found.setdefault(kind, set()).add(capped)
                terms = knowledge.terms(name)
                for kind in _list_restrictions(terms) if terms else ():
                    first = claim.evidence[0]
                    told = f"{name}: {first.excerpt}"[:200]
                    found.setdefault(kind, set()).add(
                        Evidence("licence/table", first.technique, first.confidence, first.at, told)
                    )
        for kind, rows_ in sorted(found.items()):
            yield Claim(component.ref, ATTRIBUTE, kind, tuple(sorted(rows_)[:_LISTED]))


def terms(name: str, kinds: Iterable[str]) -> Licence | None:
    """What a licence of somebody's own grants, as a row of the table, by what it restricts; None
    where nothing is known of it.
    """
    found = frozenset(kinds)
    if not found:
        return None
    return Licence(
        id=name,
        name=name,
        steward="",
        use="",
        modify="0" if "no-derivatives" in found else "",
        share="0" if "no-redistribution" in found else "",
        any_field="0" if found - {"naming", "no-derivatives", "no-redistribution"} else "",
        no_naming="0" if "naming" in found else "",
        obligations=tuple(sorted(found)),
        user_threshold="",
        source="",
        as_of="",
        note="",
    )


def _list_restrictions(row: Licence) -> set[str]:
    return {_OBLIGED[word] for word in row.obligations if word in _OBLIGED}


def _names(expression: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9.\-+]+", expression)


def _organisation(holder: str, knowledge: Knowledge) -> bool:
    return bool(knowledge.by_name(holder) or _ORGANISATION.search(holder)) or " " not in holder


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.가-힣]+", "-", text).strip("-.")[:50].strip("-.")
