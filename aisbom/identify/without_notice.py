"""Whether a copy credits an original that bears no notice of its own.

Nothing can be lost from it, so nobody is accused; what the copy, or a notice of the repository,
says of where the file is from is credit all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.identify.attribution import Notices, Original, account, names_project, publishes
from aisbom.identify.cite import UNKNOWN
from aisbom.identify.declared_sources import repository
from aisbom.identify.holders import every
from aisbom.model import Claim, Evidence, Location, Observation
from aisbom.model.facts import HOLDER_LINE, SAID_SOURCE

_BARE = "the original bears no notice of its own"


def credit(
    ref: str, file: Observation, header: Observation | None, original: Original, around: Notices
) -> Iterator[Claim]:
    """The claim `attribution` about one file: `kept` where the file itself names the project or its
    publisher, `repository-level` where a notice does, else unknown.

    `header` is what the file says at its head; `original` names nobody.
    """
    word, evidence = (
        _inside(file, header, original, around)
        or _around(file, original, around)
        or (
            UNKNOWN,
            Evidence(
                "attribution/no-notice",
                "ast-fingerprint",
                "low",
                file.evidence.at,
                f"{_BARE}, and neither the file nor a notice of the repository names"
                f" {original.project}"[:400],
            ),
        )
    )
    yield Claim(ref, "attribution", word, (evidence,))


def _inside(
    file: Observation, header: Observation | None, original: Original, around: Notices
) -> tuple[str, Evidence] | None:
    if header is None:
        return None
    for said in header.get(SAID_SOURCE):
        same = repository(said.source) == repository(original.repository) != ""
        if same or names_project(said.source, original):
            words = f"{_BARE}; the file says it comes from {said.source}"
            at = Location(file.evidence.at.path, said.line)
            return "kept", _evidence("comment", at, words)
    for row in header.get(HOLDER_LINE):
        for holder in every([row.holder], around.knowledge):
            if publishes(holder, original.repository, around.knowledge):
                words = f"{_BARE}; the file names {holder.description}, who publishes it"
                return "kept", _evidence("header", Location(file.evidence.at.path, row.line), words)
    return None


def _around(file: Observation, original: Original, around: Notices) -> tuple[str, Evidence] | None:
    if original.at is not None:
        words = f"{_BARE}, and lies in this tree ({original.at.path})"
        return "repository-level", _evidence("repository", original.at, words)
    maker = account(original.repository, around.knowledge)
    if maker is not None and around.is_own(maker):
        words = f"{_BARE}, and is published by {maker.description}, who made this tree"
        return "repository-level", _evidence("repository", file.evidence.at, words)
    credited = around.of([original.project])
    if credited is None:
        return None
    words = f"{_BARE}; a notice of the repository names it: {credited.excerpt}"
    return "repository-level", _evidence("repository", credited.at, words)


def _evidence(rule: str, at: Location, words: str) -> Evidence:
    return Evidence(f"attribution/{rule}", "source-code-analysis", "medium", at, words[:400])
