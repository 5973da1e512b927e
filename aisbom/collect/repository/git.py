"""Git checkouts: which repository, which commit, and whether the files are still that commit's.

Read from the repository's own files; its configuration is never given to git, and neither authors
nor addresses of people are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from aisbom.collect import get_collector
from aisbom.collect.repository import git_changes
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.source import git_store, git_url
from aisbom.source.tree import File, Unreadable

NAME = "git"


def collect(file: File) -> Iterator[Row]:
    """Commit, tags and changes of a git repository."""
    local = file.local
    if local is None:
        raise Unreadable("a repository inside an archive: not read")
    store = git_store.locate_store(local, top(file, local))
    found: list[tuple[str, str | int | None]] = []
    commit = branch = remote = ""
    try:
        commit, reference = git_store.head(store)
        branch = reference.removeprefix("refs/heads/")
        if not commit:
            yield Gap(NAME, file.at(), "the repository has no commit yet")
    except Unreadable as error:
        yield Gap(NAME, file.at(), str(error))
    try:
        remote = remote_of(store, branch)
    except Unreadable as error:
        yield Gap(NAME, file.at(), str(error))
    if commit:
        for row in _at_commit(file, store, commit):
            if isinstance(row, Gap):
                yield row
            else:
                found.append(row)
    if not commit and not remote and not branch:
        return
    try:
        shallow = bool(git_store.contents(store.common / "shallow", 1024 * 1024).strip())
    except Unreadable:
        shallow = False
    yield Observation(
        "repository",
        git_url.name(remote),
        commit,
        git_url.purl(remote, commit),
        Evidence(
            NAME,
            "manifest-analysis",
            "high",
            file.at(),
            f"HEAD: {branch or 'detached'} {commit}".strip(),
        ),
        facts(
            *found, commit=commit, branch=branch, vcs_url=remote, shallow="yes" if shallow else ""
        ),
    )


def _at_commit(file: File, store: git_store.Store, commit: str) -> Iterator[tuple[str, str] | Gap]:
    """The facts that need more than HEAD; each is lost alone."""
    tags: dict[str, tuple[str, str]] = {}
    try:
        tags = {
            name.removeprefix("refs/tags/"): pair
            for name, pair in git_store.references(store, "tags").items()
        }
    except Unreadable as error:
        yield Gap(NAME, file.at(), f"tags: {error}")
    yield from (("tag", name) for name, pair in tags.items() if commit in pair)
    try:
        with git_store.objects(store) as objects:
            unresolved = {
                name: sha for name, (sha, behind) in tags.items() if sha != commit and not behind
            }
            yield from (("tag", name) for name in _list_annotated_tags(objects, unresolved, commit))
            yield ("commit-time", _time(objects, commit))
            yield ("dirty", "yes" if git_changes.has_changes(store, objects, commit) else "no")
    except (Unreadable, git_changes.UndecidedError) as error:
        yield ("dirty", "unknown")
        yield Gap(NAME, file.at(), f"whether tracked files were changed is unknown: {error}")


def _list_annotated_tags(
    objects: git_store.Objects, unresolved: dict[str, str], commit: str
) -> Iterator[str]:
    """The tags whose object leads to `commit`."""
    given = "".join(f"{sha}^{{commit}}\n" for sha in unresolved.values()).encode()
    lines = (
        objects.run("cat-file", "--batch-check", given=given)
        .decode("ascii", "replace")
        .splitlines()
        if given
        else []
    )
    yield from (
        name for name, line in zip(unresolved, lines, strict=False) if line.startswith(f"{commit} ")
    )


def _time(objects: git_store.Objects, commit: str) -> str:
    """When the commit was made, ISO 8601 in UTC; the rest of the commit stays unread. Raises
    Unreadable.
    """
    check = (
        objects.run("cat-file", "--batch-check", given=f"{commit}\n".encode())
        .decode("ascii", "replace")
        .split()
    )
    if len(check) != 3 or check[1] != "commit":
        raise Unreadable("the commit that HEAD names is not among its objects")
    if int(check[2]) > 1024 * 1024:
        raise Unreadable("the commit is larger than a megabyte: not read")
    for line in objects.run("cat-file", "commit", commit).split(b"\n\n", 1)[0].split(b"\n"):
        if (
            line.startswith(b"committer ")
            and (seconds := line.split(b" ")[-2]).isdigit()
            and int(seconds) < 2**36
        ):
            return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise Unreadable("the commit states no time")


def read_public_address(top: Path) -> str:
    """The public address of the repository at the top of a tree; `""` where there is none, or none
    that can be read.
    """
    try:
        return remote_of(git_store.locate_store(top / ".git", top), "")
    except (Unreadable, OSError):
        return ""


def remote_of(store: git_store.Store, branch: str) -> str:
    """The public address of `origin`, else of the branch's remote, else of the first one; `""` if
    there is none. Raises Unreadable.
    """
    sections = git_store.configuration(store)
    tracked = sections.get(f'branch "{branch}"', {}).get("remote", "")
    remotes = sorted(name for name in sections if name.startswith('remote "'))
    for section in ('remote "origin"', f'remote "{tracked}"', *remotes):
        if url := git_url.public(sections.get(section, {}).get("url", "")):
            return url
    return ""


def top(file: File, local: Path) -> Path:
    """The folder on disk that the file's path starts from: a repository may lie anywhere
    below it.
    """
    folder = local.parent
    for name in reversed(file.path.split("/")[:-1]):
        # Further up is a label, not a folder.
        if folder.name != name:
            break
        folder = folder.parent
    return folder


COLLECTOR = get_collector(NAME)
