"""Whether the holders of copied code are still credited, holder by holder: in the file, for the
repository as a whole, not at all, or with another's line in their place.

Judged against the notice of the original, and compared as organisations. What the original never
said cannot be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from aisbom.identify import holders as parties
from aisbom.identify import urls
from aisbom.identify.cite import citations
from aisbom.identify.holders import Holder
from aisbom.knowledge import Knowledge
from aisbom.model import Claim, Component, Evidence, Location, Observation
from aisbom.model.facts import HOLDER_LINE, SAID_SOURCE
from aisbom.model.rows import Technique
from aisbom.model.vocabulary import GRADED

VERDICTS = GRADED["attribution"]
FEW = 0.1
"""One file of a thousand does not speak for a release, and one of five is no oversight."""

_PLACES = 12


class Original(NamedTuple):
    """The notice of a file that another was made from.

    `holders` are those it names, `project` is what the project is called, `repository` where it is
    published, `at` its place where it lies in the tree, `path` the file within its project.
    """

    holders: tuple[Holder, ...]
    project: str
    repository: str = ""
    at: Location | None = None
    path: str = ""


class ScannedTree(NamedTuple):
    """The scanned tree itself: who made it, the repositories (`owner/name`, lower case) that it is
    published as, what is `said` in READMEs, notices and licence files, by their folders, what its
    `folders` and projects are called (lower case), and where it was developed, if that is agreed.
    """

    makers: tuple[Holder, ...] = ()
    repositories: frozenset[str] = frozenset()
    said: Mapping[str, Sequence[Observation]] = MappingProxyType({})
    folders: frozenset[str] = frozenset()
    origin: str = ""


class Verdict(NamedTuple):
    """What became of one holder's line, in so many `files`."""

    holder: Holder
    word: str
    evidence: Evidence
    files: int = 1


class Notices(NamedTuple):
    """What is said around a component: projects and addresses that are credited (lower case),
    holders, and licence texts, each with its place. `scanned` is the tree that all of it is in.
    """

    rows: tuple[tuple[str, Evidence], ...]
    holders: tuple[tuple[Holder, Evidence], ...]
    licences: tuple[tuple[str, Evidence], ...]
    knowledge: Knowledge
    scanned: ScannedTree

    def of(self, words: Iterable[str]) -> Evidence | None:
        """The first notice that names one of these."""
        for word in words:
            if len(word) > 2:
                pattern = _whole(word)
                found = next((e for text, e in self.rows if pattern.search(text)), None)
                if found:
                    return found
        return None

    def naming(self, holder: Holder) -> Evidence | None:
        """The first notice that names this holder."""
        named = next(
            (e for one, e in self.holders if parties.same(one, holder, self.knowledge)), None
        )
        return named or self.of([holder.name])

    def beside(self, folder: str, names: Iterable[str], licence: str) -> Evidence | None:
        """A notice in this folder itself that names one of these, or the text of this licence
        there.
        """
        held = self._replace(
            rows=tuple((text, e) for text, e in self.rows if e.at.folder == folder)
        )
        return held.of(names) or next(
            (e for value, e in self.licences if e.at.folder == folder and value == licence), None
        )

    def is_own(self, holder: Holder) -> bool:
        """Whether this holder is the maker of the scanned tree itself."""
        return parties.among(holder, self.scanned.makers, self.knowledge) is not None


def notices(
    component: Component,
    above: Mapping[str, str],
    by_ref: Mapping[str, Component],
    knowledge: Knowledge,
    scanned: ScannedTree,
) -> Notices:
    """The notices of a component, of everything that holds it (`above`: ref to ref), and of every
    folder above a file of it.
    """
    rows: list[tuple[str, Evidence]] = []
    named: list[tuple[str, Evidence]] = []
    licences: list[tuple[str, Evidence]] = []
    ref = component.ref
    seen: set[str] = set()
    found: dict[Observation, None] = {}
    while ref and ref not in seen:
        seen.add(ref)
        found |= dict.fromkeys(by_ref[ref].observations if ref in by_ref else ())
        ref = above.get(ref, "")
    below = {o.evidence.at.folder for o in component.observations}
    for folder in sorted({up for one in below for up in _and_above(one)}):
        found |= dict.fromkeys(scanned.said.get(folder, ()))
    for o in found:
        if o.kind == "credit":
            rows.append((_plain(o.name), o.evidence))
            named.append((o.name, o.evidence))
        elif o.kind == "notice":
            lines = [(holder, o.evidence) for holder in o.all("copyright-holder")]
            named += lines
            rows += [(_plain(holder), evidence) for holder, evidence in lines]
            licences += [(value, o.evidence) for value in o.all("licence-guess")]
    held = [
        (one, evidence)
        for text, evidence in sorted(set(named))
        for one in _credited_in(text, knowledge)
    ]
    return Notices(tuple(sorted(rows)), tuple(held), tuple(sorted(licences)), knowledge, scanned)


def by_folder(components: Iterable[Component]) -> Mapping[str, Sequence[Observation]]:
    """What READMEs, notices and licence files say, by the folder in which they lie."""
    found: dict[str, list[Observation]] = {}
    for component in components:
        for o in component.observations:
            if o.kind in ("credit", "notice"):
                found.setdefault(o.evidence.at.folder, []).append(o)
    return found


def _and_above(folder: str) -> Iterator[str]:
    """A folder, and each that holds it up to the root of the tree (`""`)."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _credited_in(text: str, knowledge: Knowledge) -> tuple[Holder, ...]:
    """Whom a notice names: the holders in a line, or whose account an address is of."""
    if "://" in text:
        owner = account(text, knowledge)
        return (owner,) if owner else ()
    return parties.holders(text, knowledge)


def judge_holders(
    header: Observation | None, at: Location, original: Original, around: Notices
) -> Iterator[Verdict]:
    """A verdict on each holder of the original. `header` is what the copy says at its head, `at`
    its place.

    None on a holder who made the scanned tree: who moves code of one's own takes it from nobody.
    """
    knowledge = around.knowledge
    texts = header.all("copyright-holder") if header else ()
    quoted = header.all("quoted-holder") if header else ()
    lines = {row.holder: row.line for row in header.get(HOLDER_LINE)} if header else {}
    mine = [(one, lines.get(text, 0)) for text in texts for one in parties.holders(text, knowledge)]
    strangers = [
        (one, line) for one, line in mine if parties.among(one, original.holders, knowledge) is None
    ]
    mine += [(one, 0) for text in quoted for one in parties.holders(text, knowledge)]
    for holder in original.holders:
        if around.is_own(holder):
            continue
        kept = next(
            ((one, line) for one, line in mine if parties.same(one, holder, knowledge)), None
        )
        found = (
            _own_line(holder, kept, at)
            or _comment(header, holder, original, around)
            or _repository_notice(holder, original, around)
            or _loss(holder, strangers, at, original, _names_file(header, original))
        )
        if found:
            yield Verdict(holder, *found)


def _own_line(
    holder: Holder, kept: tuple[Holder, int] | None, at: Location
) -> tuple[str, Evidence] | None:
    if kept is None:
        return None
    words = f"names {kept[0].description}"
    return "kept", _evidence("header", Location(at.path, kept[1]), words, holder)


def _comment(
    header: Observation | None, holder: Holder, original: Original, around: Notices
) -> tuple[str, Evidence] | None:
    """A comment that names the project credits its publisher; of the others it says nothing."""
    for source in (row.source for row in header.get(SAID_SOURCE)) if header else ():
        names = names_project(source, original)
        address = original.repository if names else source
        if publishes(holder, address, around.knowledge) or (names and len(original.holders) == 1):
            place = header.evidence.at if header else Location("")
            return "kept", _evidence("comment", place, f"says it comes from {source}", holder)
    return None


def _names_file(header: Observation | None, original: Original) -> str:
    """What a comment above all code says where it names the very file of the original, or the
    folder it lies in: no line is kept by that, but nobody hides what the file was made from.
    """
    said = header.get(SAID_SOURCE) if header else ()
    return next((s.source for s in said if s.whole and _leads_to(s.source, original.path)), "")


def _leads_to(source: str, path: str) -> bool:
    """Whether an address or a path ends in this path, or an address in its folder: two names of it
    at least, since one says little.
    """
    given = [part for part in re.split(r"[/\\]", source.partition("#")[0]) if part]
    wanted = path.split("/")
    return any(
        len(names) > 1 and given[-len(names) :] == names
        for names in (wanted[-2:], wanted[-3:-1] if "://" in source else [])
    )


def names_project(source: str, original: Original) -> bool:
    """Whether the words of a comment name the project of the original."""
    return bool(original.project and _whole(original.project).search(_plain(source)))


def publishes(holder: Holder, address: str, knowledge: Knowledge) -> bool:
    """Whether an address is of an account of this holder's."""
    row = account(address, knowledge)
    if row is not None:
        return parties.same(row, holder, knowledge)
    owner = urls.account(address)
    return owner is not None and parties.fold_name(owner.owner) == parties.fold_name(holder.name)


def _repository_notice(
    holder: Holder, original: Original, around: Notices
) -> tuple[str, Evidence] | None:
    credited = around.naming(holder) or around.of([original.project])
    if credited is None:
        return None
    words = f"not in the file, but in the repository: {credited.excerpt}"
    return "repository-level", _evidence("repository", credited.at, words, holder)


def _loss(
    holder: Holder,
    strangers: Sequence[tuple[Holder, int]],
    at: Location,
    original: Original,
    openly: str,
) -> tuple[str, Evidence] | None:
    """Nothing where the file names the very file of the original (`openly`) and nobody stands in
    the holder's place: who publishes the original is credited by that, and the line of another
    holder may have come into the original later, with a part that the copy has not.
    """
    there = f" ({original.at.path})" if original.at else ""
    if strangers:
        one, line = strangers[0]
        told = f"; it names {openly} as its source" if openly else ""
        others = ", ".join(dict.fromkeys(stranger.description for stranger, _ in strangers[:3]))
        words = (
            f"the original{there} names {holder.description}; that line is gone, no notice of the"
            f" repository names them, and the header names {others} in their place{told}"
        )
        return "replaced", _evidence("header", Location(at.path, line), words, holder, one)
    if openly:
        return None
    words = (
        f"the original{there} names {holder.description}; neither the file nor a notice of the"
        " repository does"
    )
    return "missing", _evidence("none-found", at, words, holder)


def _evidence(rule: str, at: Location, words: str, *named: Holder) -> Evidence:
    technique: Technique = "manifest-analysis" if rule == "repository" else "source-code-analysis"
    rows = [one.row for one in named if one.row is not None]
    return Evidence(f"attribution/{rule}", technique, "medium", at, words[:400], citations(*rows))


def claims(component: Component, found: Sequence[Verdict]) -> Iterator[Claim]:
    """One claim `attribution` a holder, and what a reader asks of it: `code-from.holder` says whose
    line fared how, `code-from.country` where they sit.

    What holds for no more than a share FEW of the files of a component is a hint, and does not
    answer for the others.
    """
    by: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in found:
        by.setdefault((verdict.holder.key, verdict.word), []).append(verdict)
    for (key, word), rows in sorted(by.items()):
        holder = rows[0].holder
        counts = {one: sum(v.files for v in by.get((key, one), ())) for one in VERDICTS}
        total = sum(counts.values())
        places = sorted({row.evidence for row in rows})[:_PLACES]
        if total > 1:
            told = ", ".join(f"{count} {one}" for one, count in counts.items() if count)
            words = f"{holder.description}: of {total} files {told}"
            places.append(Evidence("attribution/files", "other", "low", places[0].at, words[:300]))
        evidence = tuple(sorted(places))
        sure = tuple(replace(e, confidence="low") for e in evidence)
        yield Claim(
            component.ref, "attribution", word, evidence if counts[word] > FEW * total else sure
        )
        yield Claim(component.ref, "code-from.holder", f"{holder.name} = {word}", evidence)
        if holder.row is not None and holder.country:
            yield Claim(component.ref, "code-from.country", holder.country, evidence)


def account(url: str, knowledge: Knowledge) -> Holder | None:
    """The organisation whose account on a code host or the model hub an address is of."""
    owner = urls.account(url)
    row = knowledge.by_owner(owner.host, owner.owner) if owner else None
    return parties.of_row(row) if row else None


def _plain(text: str) -> str:
    return text.lower().replace("_", "-")


def _whole(word: str) -> re.Pattern[str]:
    """A name as a whole word, however it is cased and hyphenated."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(_plain(word))}(?![a-z0-9])")
