"""The files of a submission as subjects of a statement, and what has become of them since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from aisbom.attest.statement import Subject
from aisbom.errors import UsageError
from aisbom.source import hashing
from aisbom.source.tree import Tree, Unreadable


def digest_document(path: Path) -> Subject:
    """The bill of materials itself. Raises OSError."""
    with path.open("rb") as stream:
        return Subject(path.name, hashing.sha256(stream), document=True)


def digest_tree(root: Path, besides: Iterable[Path] = ()) -> tuple[tuple[Subject, ...], list[str]]:
    """Every file below `root`, a folder or an archive, and what could not be digested, as lines.

    `besides` are left out: the document and the attestation themselves.
    """
    left_out = {path.resolve() for path in besides}
    tree = Tree(root)
    entries, gaps = tree.listing
    unread = [f"{gap.at}: {gap.reason}" for gap in gaps]
    subjects = []
    for entry in entries:
        if entry.outer or entry.path.rpartition("/")[2] == ".git":
            continue  # the archive around a member is digested as a whole; history is no submission
        if not tree.packed and tree.on_disk(entry.path).resolve() in left_out:
            continue
        try:
            with tree.open(entry) as stream:
                subjects.append(Subject(entry.path, hashing.sha256(stream)))
        except (OSError, Unreadable) as error:
            unread.append(f"{entry.path}: {getattr(error, 'strerror', None) or error}")
    return tuple(sorted(subjects)), unread


def attest_tree(root: Path, besides: Iterable[Path], given: str) -> tuple[Subject, ...]:
    """Every file below `root`, as `digest_tree` finds it. Raises UsageError, which names `given`,
    where one cannot be read: what is signed is whole.
    """
    found, unread = digest_tree(root, besides)
    if unread:
        raise UsageError(
            f"{given}: {len(unread)} places cannot be attested, for example {unread[0]}"
        )
    return found


def differences(stated: Iterable[Subject], present: Iterable[Subject]) -> Iterator[str]:
    """What differs between the attested files and those that are there, a line each."""
    here = {one.name: one.sha256 for one in present}
    attested = {one.name: one.sha256 for one in stated if not one.document}
    for name, digest in sorted(attested.items()):
        if name not in here:
            yield f"{name}: attested, and not there"
        elif here[name] != digest:
            yield f"{name}: changed since it was attested"
    for name in sorted(here.keys() - attested.keys()):
        yield f"{name}: is there, and was not attested"
