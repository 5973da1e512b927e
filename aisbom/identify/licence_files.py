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
from typing import NamedTuple

from aisbom.identify import forks, hub_table, package_table
from aisbom.identify.cite import UNKNOWN, SeenFact, cite, describe_organisation
from aisbom.identify.licence import claim_declared_licence
from aisbom.identify.licence_agreement import agree, covers, identifiers
from aisbom.identify.licence_custom import custom
from aisbom.identify.release_date import find_release_day
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Confidence, Evidence, Observation, Scan
from aisbom.model.facts import RESTRICTS, SAYS_LICENCE
from aisbom.model.ledger import Answer, Ledger, confidence, resolve
from aisbom.model.licence_names import is_plain
from aisbom.model.sentences import say

_LISTED = 20
_TOP = 60
"""Lines from the top within which a file's own licence starts."""

_WHOLE = ("", "code")
_MANIFESTS = ("project", "distribution")
_STATED = ("license", "license-expression", "classifier")
_NAMED = re.compile(r"licen[cs]e[-_. ]?\w|\w[-_. ]?licen[cs]e|copying[-_. ]?\w", re.IGNORECASE)
_OF_OTHERS = re.compile(r"licen[cs]e[-_.]([a-z]\w{3,})(?:\.(?:md|txt|rst))?", re.IGNORECASE)
_TERMS = re.compile(
    r"addition|terms|use|restrict|commerc|research|polic|accept|supplement|addend|rider|exception",
    re.IGNORECASE,
)
_GENERAL = frozenset(
    """
    license licence agreement terms conditions software the a of use for and end user public source
    open project version copyright notice this file text code dated last updated
    """.split()  # noqa: SIM905
)
_COMMON = frozenset(
    """
    apache artistic boost bsd cc commons creative eclipse epl gnu gpl lgpl agpl isc mit mozilla mpl
    psf python unlicense zlib zope
    """.split()  # noqa: SIM905
)
"""Words of the names of common licences."""
_OWN = re.compile(r"(?:^|/)[^/]+\.(?:dist-info|egg-info)(?:/licenses)?$", re.IGNORECASE)


class _Text(NamedTuple):
    """What one licence file is the text of, how sure that is, and in what words."""

    value: str
    sure: Confidence
    words: str
    file: Observation


def claim_observed_licence(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.observed` from the component's own licence files, one claim a licence; a text with
    restricting words of its own is a licence of its own.
    """
    if "source" in component.kinds:
        return
    fields = [o for o in component.observations if o.kind in _MANIFESTS and _holds_text(o)]
    files = [*own_files(component), *fields]
    texts = [text for o in files if (text := _text(component, o, knowledge))]
    main = [text for text in texts if text.file.fact("licence-part") in _WHOLE]
    if not main and not _list_sentence_licences(component):
        # The terms of a data set are those of a repository that holds nothing else.
        main = [text for text in texts if is_plain(text.file.name)]
    if any(is_plain(text.file.name) for text in main):
        main = [text for text in main if not _of_another(text, component)]
    value = _together(main, _list_sentence_licences(component))
    found: dict[str, list[Evidence]] = {}
    for text in texts:
        name, sure = text.value, text.sure
        if text not in main:
            sure = "low"
        elif value and name in identifiers(value):
            name = value
        elif len({one.value for one in main}) > 1 and name != value:
            # Several files: whether they are a choice or a sum is not said by them.
            sure = "low"
        at = text.file.evidence.at
        if text.file.kind == "notice":
            at = replace(at, line=int(text.file.fact("licence-line") or 0))
        row = Evidence("licence/licence-file", "hash-comparison", sure, at, text.words)
        found.setdefault(name, []).append(row)
    _below(component, knowledge, found)
    for name, evidence in sorted(found.items()):
        yield Claim(component.ref, "licence.observed", name, tuple(sorted(evidence)[:_LISTED]))


def _of_another(text: _Text, component: Component) -> bool:
    """Whether a file beside a plain `LICENSE` is called after what it is the licence of, and that
    is something else (`LICENSE-Norae.md`): terms for a part that the project brings along.
    """
    match = _OF_OTHERS.fullmatch(text.file.name)
    if not match or not text.value.startswith("LicenseRef-"):
        return False
    own = f"{component.name}/{component.purl}".casefold()
    return match[1].casefold() not in own and not _TERMS.search(match[1])


def _below(component: Component, knowledge: Knowledge, found: dict[str, list[Evidence]]) -> None:
    """Add the licence files of folders below, which hold for these folders alone."""
    for o in component.observations:
        below = o.kind == "notice" and o.fact("file-kind") == "licence-below"
        text = _text(component, o, knowledge) if below else None
        if text and text.value != UNKNOWN:
            at = replace(o.evidence.at, line=int(o.fact("licence-line") or 0))
            row = Evidence("licence/licence-file", "hash-comparison", "low", at, text.words)
            found.setdefault(text.value, []).append(row)


def _holds_text(o: Observation) -> bool:
    """Whether a manifest gives a licence as a text."""
    return bool(o.fact("licence-basis") or o.fact("licence-title"))


def _text(component: Component, o: Observation, knowledge: Knowledge) -> _Text | None:
    value, basis = o.fact("licence-guess"), o.fact("licence-basis")
    rest, for_part = o.fact("licence-rest"), o.fact("licence-part")
    part = f" for the {for_part}" if for_part else ""
    if value:
        # A licence far down is a third party's, and words that no licence explains may be terms of
        # their own.
        far = int(o.fact("licence-line") or 0) > _TOP
        sure: Confidence = "low" if far or (rest and not o.fact("licence-other")) else "medium"
        more = f", {rest} more words" if rest else ""
        name = o.fact("licence-choice") or with_version(value)
        return _Text(name, sure, f"text of {name}{part} ({basis}{more})", o)
    if name := custom(component, o, knowledge):
        base = o.fact("licence-similar")
        kinds = ", ".join(dict.fromkeys(row.kind for row in o.get(RESTRICTS)))
        like = f"similar to {base} ({basis}), and not it" if base else "a text of its own"
        words = f"{o.fact('licence-title')}{part}: {like}" + (f"; {kinds}" if kinds else "")
        # An unusual spelling of a known licence is not known either: what is declared stands.
        stated = any(component.facts(key) for key in _STATED)
        known = kinds or base or _has_name_of_its_own(o.fact("licence-title"))
        sure = "low" if stated and not known else "medium"
        return _Text(name, sure, words[:200], o)
    if altered := o.all("licence-altered"):
        return _Text(UNKNOWN, "low", f"like {altered[0]}, which that licence does not say", o)
    return None


def _has_name_of_its_own(title: str) -> bool:
    """Whether a title names a licence that is none of the common ones: `Norae License`."""
    words = set(re.findall(r"[^\W\d_]+", title.lower()))
    named = words & {"license", "licence", "agreement"}
    return bool(named and words - _GENERAL) and not words & _COMMON


def with_version(value: str) -> str:
    """A GNU licence of which no statement admits later versions: the version of its text."""
    bare = re.fullmatch(r"(?:[AL]?GPL-\d\.\d|GFDL-\d\.\d)", value)
    return f"{value}-only" if bare else value


def _together(main: Sequence[_Text], said: Sequence[str]) -> str:
    """What several licence files come to: what a sentence beside them names, a choice where each
    file bears its licence in its name, the lesser GNU licence that refers to the greater.
    """
    values = list(dict.fromkeys(text.value for text in main if text.value != UNKNOWN))
    if len(values) < 2:
        return values[0] if values else ""
    named = [value for value in values if any(agree(one, value) for one in said)]
    if len(named) == 1:
        return named[0]
    if len(values) == 2 and all("GPL-" in value for value in values):
        return next((value for value in values if value.startswith("LGPL")), "")
    if all(_NAMED.search(text.file.name) for text in main) and not any(
        value.startswith(("CC-", "LicenseRef-", "OFL")) for value in values
    ):
        return " OR ".join(sorted(values))
    return ""


def _list_sentence_licences(component: Component) -> list[str]:
    """The licences that sentences name for the whole or for its code."""
    return [
        row.name
        for o in component.observations
        for row in o.get(SAYS_LICENCE)
        if row.part in ("all", "code")
    ]


def sentences(component: Component) -> Iterator[Claim]:
    """`licence.declared` from sentences of a licence file or of the README: what they say of the
    whole, or of its code.
    """
    found: dict[str, list[Evidence]] = {}
    mine = ("all", "weights" if "model" in component.kinds else "code")
    code = [o.evidence.at.path for o in component.observations if o.kind == "source"]
    texts = {o.fact("licence-guess") for o in own_files(component)}
    for o in component.observations:
        folder = o.evidence.at.folder
        # A README further down speaks for its folder.
        whole = not folder or all(path.startswith(f"{folder}/") for path in code)
        sure: Confidence = "medium" if whole else "low"
        for row in o.get(SAYS_LICENCE):
            if row.part in mine:
                at = replace(o.evidence.at, line=row.line)
                words = f"{row.part}: {row.words}"[:200]
                # `the AGPL v3` does not exclude the later versions that the files admit.
                later = f"{row.name}-or-later"
                name = later if later in texts else with_version(row.name)
                found.setdefault(name, []).append(
                    Evidence("licence/sentence", "manifest-analysis", sure, at, words)
                )
    for value, evidence in sorted(found.items()):
        yield Claim(component.ref, "licence.declared", value, tuple(sorted(evidence)[:5]))


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
    fields = list(claim_declared_licence(component, knowledge))
    texts = list(claim_observed_licence(component, knowledge))
    if confidence(texts) == "medium" and forks.is_of_elsewhere(component, knowledge):
        # A manifest that another project left here states the licence of that one.
        fields = [_as_hint(claim) for claim in fields]
    stated = [*fields, *sentences(component)]
    # Terms of the data or the weights say nothing against what a sentence says of the code.
    for_a_part = _list_sentence_licences(component) and not any(
        o.fact("licence-part") in _WHOLE for o in own_files(component)
    )
    yield from (*stated, *texts)
    yield from conclude_licence(component, stated, () if for_a_part else texts)
    if all(claim.value == UNKNOWN for claim in (*stated, *texts)):
        yield from package_table.licences(component, knowledge)
        yield from hub_table.licences(component, knowledge)


def _as_hint(claim: Claim) -> Claim:
    return replace(claim, evidence=tuple(replace(e, confidence="low") for e in claim.evidence))


def conclude_licence(
    component: Component, stated: Sequence[Claim], texts: Sequence[Claim]
) -> Iterator[Claim]:
    """`licence.concluded`, and `contradiction` where declaration and text differ."""
    says = resolve(stated)
    holds = resolve(texts)
    if says.state == "contested" or holds.state == "contested":
        return
    files = [claim for claim in texts if claim.value != UNKNOWN]
    files = [claim for claim in files if confidence((claim,)) != "low"] or files
    changed = [claim for claim in files if claim.value.startswith("LicenseRef-")]
    if says.state == "agreed" and changed and holds.state == "agreed":
        # A text that adds to the licence that is declared binds whoever uses the work.
        if not agree(says.value, holds.value):
            yield from _contradiction(component, says, holds)
        yield _conclusion(component, holds.value, holds.carried)
        return
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
    sentence, fact = say("licence", one.at, says.value, two.at, holds.value)
    told = (replace(e, facts=tuple(sorted((*e.facts, fact)))) for e in (one, two))
    yield Claim(component.ref, "contradiction", sentence, tuple(told))


def stewards(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.steward`: whose licence text a component bears. A hint of where it comes from, never
    an origin.

    Says so where the maker of a model is known and is somebody else: a model under another lab's
    licence is mostly made from its model.
    """
    for component in scan.components:
        if component.kinds & {"model", "project", "tree", "distribution"}:
            yield from _steward(component, ledger, knowledge.at(find_release_day(component)))


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
            seen = SeenFact("licence", f"{name}{other}", first)
            rows.setdefault(steward.name, set()).add(
                cite(
                    "licence/steward",
                    "low",
                    seen,
                    f"text of {describe_organisation(steward)}",
                    steward,
                )
            )
    for value, evidence in sorted(rows.items()):
        yield Claim(component.ref, "licence.steward", value, tuple(sorted(evidence)[:3]))
