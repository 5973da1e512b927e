"""The licence of code and weights in a tree: what their own files state, and what the project
around them states for all that lies below it.

A file's own tag or a licence file further down holds for that file or folder alone: it is a hint
about the tree, and a scope in the document. What states nothing itself is under the licence of the
nearest project above that states one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from aisbom.identify.cite import UNKNOWN
from aisbom.identify.licence_custom import custom
from aisbom.identify.licence_files import conclude_licence, with_version
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Confidence, Evidence, Location, Observation, Scan
from aisbom.model.facts import RESTRICTS, SAYS_LICENCE, STATES_LICENCE
from aisbom.model.ledger import Ledger
from aisbom.model.vocabulary import LICENCE

MOST = 0.5
"""Share of a tree's lines that a tag has to cover to be the tree's own licence."""

_PLACES = 3
_EXCEPTIONS = 50
_BESIDE = re.compile(r"(?:readme|licen[cs]e|copying|notice|unlicense|model_card)", re.IGNORECASE)
_MANIFEST = re.compile(r"(?:pyproject\.toml|setup\.(?:py|cfg)|METADATA|PKG-INFO|package\.json)$")


class _Header(NamedTuple):
    """A source file that states a licence in its comments, where, and by which rule."""

    source: Observation
    at: Location
    rule: str


def claim_tree_licence(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """`licence.observed` of a code tree: what the comments of its files and its licence files
    state, each as sure as the part of the tree is large that it holds for; and what that comes to.
    """
    if "source" in component.kinds:
        claims = list(_claim_observed(component, knowledge))
        yield from (*claims, *conclude_licence(component, (), claims))


def _claim_observed(component: Component, knowledge: Knowledge) -> Iterator[Claim]:
    sources = [o for o in component.observations if o.kind == "source"]
    total = sum(map(_lines, sources)) or 1
    headers: dict[str, list[_Header]] = {}
    files: dict[str, list[Evidence]] = {}
    for o in component.observations:
        for value, at, rule in _in_comments(component, o, knowledge):
            headers.setdefault(value, []).append(_Header(o, at, rule))
        if o.kind == "notice" and (value := _of_file(component, o, knowledge)):
            evidence = _file(o, value, "medium" if _covers(o, sources) else "low")
            files.setdefault(value, []).append(evidence)
    for value in sorted({*headers, *files}):
        rows = sorted(headers.get(value, ()))
        most = sum(_lines(o) for o in {row.source for row in rows}) >= MOST * total
        sure: Confidence = "medium" if most and rows else "low"
        found = [_header(row, value, sure) for row in rows[: _PLACES if most else _EXCEPTIONS]]
        found += sorted(files.get(value, ()))[:_EXCEPTIONS]
        yield Claim(component.ref, "licence.observed", value, tuple(sorted(found)))


def _in_comments(
    component: Component, o: Observation, knowledge: Knowledge
) -> Iterator[tuple[str, Location, str]]:
    """The licences that a source file states of itself, each with its place and the rule."""
    if o.kind != "source":
        return
    if limits := o.get(RESTRICTS):
        at = Location(o.evidence.at.path, limits[0].line)
        yield custom(component, o, knowledge), at, "licence/words"
        return
    for value in o.all("spdx"):
        yield value, o.evidence.at, "licence/spdx-tag"
    for row in o.get(STATES_LICENCE):
        at = Location(o.evidence.at.path, row.line)
        yield with_version(row.name), at, "licence/header"


def _of_file(component: Component, o: Observation, knowledge: Knowledge) -> str:
    """The licence of the text in a licence file."""
    value = o.fact("licence-choice") or o.fact("licence-guess")
    return with_version(value) if value else custom(component, o, knowledge)


def below(scan: Scan, ledger: Ledger, _: Knowledge) -> Iterator[Claim]:
    """`licence.declared` of code and weights that state no licence: that of the nearest project
    above that states one. Nothing where something nearer could not be read.
    """
    holders = holders_of(scan)
    for part in scan.components:
        if part.ref == scan.root or not _lies_here(part, ledger):
            continue
        own = ledger.claims(part.ref, "licence.declared", "licence.observed")
        if ledger.licence(part.ref).state != "unknown" or any(c.value == UNKNOWN for c in own):
            continue
        above = next(
            (ref for ref in chain(part.ref, holders) if ledger.is_examined(ref, LICENCE)), ""
        )
        if "model" in part.kinds and (said := list(_for_weights(part, scan, above))):
            yield from said
            continue
        answer = ledger.licence(above)
        if answer.state != "agreed":
            continue
        first = answer.carried[0].evidence[0]
        if unread(scan, part, first.at.folder):
            continue
        words = f"the project that holds it says {answer.value}: {first.excerpt}"[:200]
        # A project inside a folder of others (`3rdparty/norae`) speaks for what lies in it.
        others = _is_of_others(part, ledger) and above == scan.root
        sure: Confidence = "low" if others else "medium"
        evidence = Evidence("licence/project", first.technique, sure, first.at, words, first.facts)
        yield Claim(part.ref, "licence.declared", answer.value, (evidence,), "declared")


def _for_weights(part: Component, scan: Scan, above: str) -> Iterator[Claim]:
    """What the project above says of its weights, where that is not what it says of its code."""
    for o in scan.component(above).observations if above else ():
        for row in o.get(SAYS_LICENCE):
            if row.part == "weights":
                at = replace(o.evidence.at, line=row.line)
                by = "licence/sentence"
                evidence = Evidence(by, "manifest-analysis", "medium", at, row.words[:200])
                yield Claim(part.ref, "licence.declared", row.name, (evidence,), "declared")
        if o.fact("licence-part") == "weights" and (value := o.fact("licence-guess")):
            evidence = _file(o, value, "medium")
            yield Claim(part.ref, "licence.declared", value, (evidence,), "declared")


def claim_own_models(scan: Scan, ledger: Ledger, _: Knowledge) -> Iterator[Claim]:
    """`licence.declared` of models that are only named here and that the maker of the project
    trained: the one licence that its README says its weights are under. Where it names several
    such models, the sentence may speak of some of them: a hint.
    """
    makers = {c.value for c in ledger.claims(scan.root, "origin.developed.organisation")}
    own = [
        part
        for part in scan.components
        if "reference" in part.kinds
        and makers & {c.value for c in ledger.claims(part.ref, "origin.trained.organisation")}
    ]
    sure: Confidence = "medium" if len(own) == 1 else "low"
    for part in own:
        said = list(_for_weights(part, scan, scan.root))
        if ledger.licence(part.ref).state == "unknown" and len({c.value for c in said}) == 1:
            for claim in said:
                words = tuple(replace(e, confidence=sure) for e in claim.evidence)
                yield replace(claim, evidence=words)


def claim_card_licence(scan: Scan, ledger: Ledger, _: Knowledge) -> Iterator[Claim]:
    """`licence.declared` of a root that states none itself and whose own card does: a repository
    of the hub has no other place for it.
    """
    if ledger.is_examined(scan.root, LICENCE):
        return
    for card in scan.components:
        at = {o.evidence.at for o in card.observations if o.kind == "model"}
        if not any(not place.folder and _BESIDE.match(place.path) for place in at):
            continue
        answer = ledger.licence(card.ref)
        for claim in answer.carried:
            words = tuple(replace(e, by="licence/card") for e in claim.evidence)
            yield Claim(scan.root, "licence.declared", claim.value, words)


def holders_of(scan: Scan) -> dict[str, str]:
    """What holds each component, by ref."""
    return {r.target: r.source for r in scan.relations if r.kind == "contains"}


def chain(ref: str, holders: Mapping[str, str]) -> Iterator[str]:
    """What holds `ref`, from the nearest to the root."""
    seen = {ref}
    while (ref := holders.get(ref, "")) and ref not in seen:
        seen.add(ref)
        yield ref


def unread(scan: Scan, part: Component, stated: str | None = None) -> bool:
    """Whether a file that may state the licence of `part` could not be read: a card, a licence or a
    manifest in one of its folders or in a folder above them. Where it is `stated` in a folder, what
    lies there or further up is no nearer, and does not matter.
    """
    above = {""}
    for o in part.observations:
        parts = o.evidence.at.folder.split("/")
        above.update("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    if stated is not None:
        above = {one for one in above if one != stated and not f"{stated}/".startswith(f"{one}/")}
        above.discard("")
    for gap in scan.gaps:
        name = gap.at.path.rpartition("/")[2]
        if (_BESIDE.match(name) or _MANIFEST.match(name)) and gap.at.folder in above:
            return True
    return False


def _lies_here(part: Component, ledger: Ledger) -> bool:
    """Whether it is code of the tree, or a model whose weights lie in it and are its own."""
    if "source" in part.kinds:
        return "distribution" not in part.kinds
    return (
        "model" in part.kinds
        and bool({"weights", "weight-data"} & part.kinds)
        and not ledger.is_examined(part.ref, "weights-from")
    )


def _is_of_others(part: Component, ledger: Ledger) -> bool:
    """Whether it was taken from another project, under whose licence it may still be."""
    if part.ref == "vendored:.":
        return False
    return part.ref.startswith(("derived:", "vendored:")) or ledger.list_judgements(
        part.ref, "path-role"
    ) == ("vendored",)


def _covers(notice: Observation, sources: list[Observation]) -> bool:
    folder = notice.evidence.at.folder
    return not folder or all(o.evidence.at.path.startswith(f"{folder}/") for o in sources)


def _header(row: _Header, value: str, sure: Confidence) -> Evidence:
    words = f"{value}: {row.source.evidence.excerpt}"
    return Evidence(row.rule, row.source.evidence.technique, sure, row.at, words)


def _file(o: Observation, value: str, sure: Confidence) -> Evidence:
    at = replace(o.evidence.at, line=int(o.fact("licence-line") or 1))
    words = f"{value}: {o.fact('licence-title') or o.evidence.excerpt}"[:200]
    return Evidence("licence/licence-file", o.evidence.technique, sure, at, words)


def _lines(source: Observation) -> int:
    return int(source.fact("lines") or 0)
