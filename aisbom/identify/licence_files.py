"""What a component's own licence files say, whether that fits what it declares, and what may be
concluded from both.

Declared, observed and concluded are three claims. Something is concluded where declaration and text
agree, or where only one of them speaks; where they differ both stand, and a contradiction names the
two places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aisbom.identify import package_table
from aisbom.identify.cite import UNKNOWN, Seen, cite, known
from aisbom.identify.licence import declared
from aisbom.identify.release_date import released
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Confidence, Evidence, Observation, Scan
from aisbom.model.ledger import Answer, Ledger, resolve

_TOP = 60
"""Lines from the top within which a file's own licence starts."""

_SPDX = re.compile(r"(?<![\w.\-])(?!AND\b|OR\b|WITH\b)[A-Za-z0-9.\-+]+")
_OWN = re.compile(r"(?:^|/)[^/]+\.(?:dist-info|egg-info)(?:/licenses)?$", re.IGNORECASE)
# The file that comes with Python holds the PSF's licence and those before it; either name is used
# for it.
_SAME = {
    "python-2.0": "psf-2.0",
    "python-2.0.1": "psf-2.0",
    "agpl-3.0+": "agpl-3.0",
    "cnri-python": "psf-2.0",
}


def observed(component: Component) -> Iterator[Claim]:
    """`licence.observed` from the component's own licence files, one claim a licence; a text with
    terms added is no known licence.
    """
    if "source" in component.kinds:
        return
    found: dict[str, list[Evidence]] = {}
    files = list(own_files(component))
    values = {o.fact("licence-guess") for o in files} - {""}
    for o in files:
        value, basis = o.fact("licence-guess"), o.fact("licence-basis")
        at = replace(o.evidence.at, line=int(o.fact("licence-line") or 0))
        if value:
            # Several files: whether they are a choice or a sum is not said by them. A licence far
            # down is a third party's, and words that no licence explains may be terms of their own.
            far = int(o.fact("licence-line") or 0) > _TOP
            more = o.fact("licence-rest") and not o.fact("licence-other")
            sure: Confidence = "low" if len(values) > 1 or far or more else "medium"
            words = f"text of {value} ({basis}" + (
                f", {o.fact('licence-rest')} more words)" if o.fact("licence-rest") else ")"
            )
        elif altered := o.all("licence-altered"):
            value, sure, words = (
                UNKNOWN,
                "low",
                f"like {altered[0]}, which that licence does not say",
            )
        else:
            continue
        found.setdefault(value, []).append(
            Evidence("licence/licence-file", "hash-comparison", sure, at, words)
        )
    for value, evidence in sorted(found.items()):
        yield Claim(component.ref, "licence.observed", value, tuple(sorted(evidence)[:5]))


def own_files(component: Component) -> Iterator[Observation]:
    """The licence files that speak for the whole component: those highest up, or those its metadata
    folder holds directly.
    """
    files = [
        o for o in component.observations if o.kind == "notice" and o.fact("file-kind") == "licence"
    ]
    if not files:
        return
    direct = [o for o in files if _OWN.search(o.evidence.at.folder)]
    top = min(o.evidence.at.path.count("/") for o in files)
    yield from direct or [o for o in files if o.evidence.at.path.count("/") == top]


def licences(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.declared`, `licence.observed`, and what follows from both."""
    stated = list(declared(component, knowledge))
    texts = list(observed(component))
    yield from (*stated, *texts, *concluded(component, stated, texts))
    if all(claim.value == UNKNOWN for claim in (*stated, *texts)):
        yield from package_table.licences(component)


def concluded(
    component: Component, stated: Sequence[Claim], texts: Sequence[Claim]
) -> Iterator[Claim]:
    """`licence.concluded`, and `contradiction` where declaration and text differ."""
    says = resolve(stated)
    holds = resolve(texts)
    if says.state == "contested" or holds.state == "contested":
        return
    files = [claim for claim in texts if claim.value != UNKNOWN]
    if says.state == "agreed" and files:
        fitting = [claim for claim in files if agree(says.value, claim.value)]
        if fitting and covers(says.value, [claim.value for claim in files]):
            yield _conclusion(component, says.value, [*says.carried, *fitting])
        elif not fitting and holds.state == "agreed":
            yield from _contradiction(component, says, holds)
    elif says.state == "agreed" and not texts:
        yield _conclusion(component, says.value, says.carried)
    elif holds.state == "agreed":
        yield _conclusion(component, holds.value, holds.carried)


def _conclusion(component: Component, value: str, claims: Iterable[Claim]) -> Claim:
    evidence = sorted({e for claim in claims for e in claim.evidence})
    # Two low hints stay hints; a file that agrees with a declaration is as good as any other rule.
    return Claim(component.ref, "licence.concluded", value, tuple(evidence[:6]))


def _contradiction(component: Component, says: Answer, holds: Answer) -> Iterator[Claim]:
    one, two = says.carried[0].evidence[0], holds.carried[0].evidence[0]
    sentence = f"licence: {one.at} declares {says.value}, {two.at} holds the text of {holds.value}"
    yield Claim(component.ref, "contradiction", sentence, (one, two))


def agree(expression: str, observed_id: str) -> bool:
    """Whether a text may be that of a licence in a declared expression."""
    return any(
        _alike(one, two) for one in identifiers(expression) for two in identifiers(observed_id)
    )


def covers(expression: str, observed_ids: Iterable[str]) -> bool:
    """Whether every text is one that the declared expression names."""
    return all(agree(expression, one) for one in observed_ids)


def identifiers(expression: str) -> tuple[str, ...]:
    """The licence identifiers of an expression, without exceptions."""
    return tuple(_SPDX.findall(re.sub(r"\bWITH\s+[\w.\-]+", "", expression)))


def _alike(one: str, two: str) -> bool:
    one, two = _bare(one), _bare(two)
    # `LicenseRef-EXAONE` states no version, and so does not contradict `LicenseRef-EXAONE-1.1-NC`.
    return one == two or (
        one.startswith("licenseref-") and (one.startswith(f"{two}-") or two.startswith(f"{one}-"))
    )


def _bare(name: str) -> str:
    name = name.lower().removesuffix("+").removesuffix("-only").removesuffix("-or-later")
    return _SAME.get(name, name)


def stewards(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.steward`: whose licence text a component bears. A hint of where it comes from, never
    an origin.

    Says so where the maker of a model is known and is somebody else: a model under another lab's
    licence is mostly made from its model.
    """
    for component in scan.components:
        if component.kinds & {"model", "project", "tree", "distribution"}:
            yield from _steward(component, ledger, knowledge.at(released(component)))


def _steward(component: Component, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    rows: dict[str, set[Evidence]] = {}
    maker = ledger.answer(component.ref, "origin.trained.organisation").value
    for claim in ledger.claims(component.ref, "licence.declared", "licence.observed"):
        for name in identifiers(claim.value):
            terms = knowledge.terms(name) if name.startswith("LicenseRef-") else None
            steward = knowledge.organisation(terms.steward) if terms and terms.steward else None
            if steward is None:
                continue
            other = (
                f"; the maker is {maker}"
                if maker not in (UNKNOWN, "contested", steward.name)
                else ""
            )
            first = claim.evidence[0]
            seen = Seen("licence", f"{name}{other}", first)
            rows.setdefault(steward.name, set()).add(
                cite("licence/steward", "low", seen, f"text of {known(steward)}", steward)
            )
    for value, evidence in sorted(rows.items()):
        yield Claim(component.ref, "licence.steward", value, tuple(sorted(evidence)[:3]))
