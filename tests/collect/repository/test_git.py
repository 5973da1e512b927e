from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import pytest

from aisbom.collect.repository import git_changes
from aisbom.collect.repository.git import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.source import git_store
from tests.collect.git_repository import git, repository
from tests.conftest import collect

FILES = {"a.txt": "one\n", "folder/b.py": "print()\n"}


def rows(root: Path) -> tuple[list[Observation], list[Gap]]:
    found = collect(root, COLLECTOR)
    return [row for row in found if isinstance(row, Observation)], [
        row for row in found if isinstance(row, Gap)
    ]


def only(root: Path) -> Observation:
    observations, gaps = rows(root)
    assert not gaps
    assert len(observations) == 1
    return observations[0]


def touched(root: Path) -> None:
    """Another time on every file, as a copy of a checkout has."""
    for path in root.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            os.utime(path, (1_000_000_000, 1_000_000_000))


def test_a_clean_checkout(tmp_path: Path) -> None:
    commit = repository(tmp_path, FILES, "git@github.com:Owner/Name.git")
    found = only(tmp_path)
    assert (found.kind, found.name, found.version) == ("repository", "Name", commit)
    assert found.purl == f"pkg:github/owner/name@{commit}"
    assert dict(found.facts) == {
        "branch": "main",
        "commit": commit,
        "commit-time": "2023-11-14T22:13:20Z",
        "dirty": "no",
        "vcs-url": "https://github.com/Owner/Name",
    }
    assert found.evidence.at.path == ".git"
    assert "tester" not in repr(found)


def test_nothing_but_a_copy_is_clean(tmp_path: Path) -> None:
    repository(tmp_path, {**FILES, "crlf.txt": "a\nb\n"})
    (tmp_path / "crlf.txt").write_bytes(b"a\r\nb\r\n")
    touched(tmp_path)
    assert only(tmp_path).fact("dirty") == "no"


@pytest.mark.parametrize(
    "how", ["edited", "same size", "deleted", "staged", "added", "mode", "linked folder"]
)
def test_a_changed_tracked_file_makes_it_dirty(tmp_path: Path, how: str) -> None:
    repository(tmp_path, FILES)
    match how:
        case "edited":
            (tmp_path / "a.txt").write_text("changed\n")
        case "same size":
            (tmp_path / "a.txt").write_text("two\n")
            os.utime(tmp_path / "a.txt", (1_000_000_000, 1_000_000_000))
        case "deleted":
            (tmp_path / "a.txt").unlink()
        case "staged":
            git(tmp_path, "rm", "-q", "--cached", "a.txt")
        case "added":
            (tmp_path / "new.txt").write_text("x")
            git(tmp_path, "add", "new.txt")
        case "mode":
            (tmp_path / "a.txt").chmod(0o755)
        case _:
            (tmp_path / "folder").rename(tmp_path / "elsewhere")
            (tmp_path / "folder").symlink_to("elsewhere")
    assert only(tmp_path).fact("dirty") == "yes"


def test_where_one_file_has_another_size_the_others_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    regular = git_store.regular

    def counted(path: Path) -> AbstractContextManager[BinaryIO]:
        read.append(path.relative_to(tmp_path).as_posix())
        return regular(path)

    repository(tmp_path, FILES)
    monkeypatch.setattr(git_store, "regular", counted)
    assert only(tmp_path).fact("dirty") == "no"
    assert set(FILES) <= set(read)
    read.clear()
    (tmp_path / "a.txt").write_text("longer than it was\n")
    assert only(tmp_path).fact("dirty") == "yes"
    assert set(FILES) & set(read) == {"a.txt"}


@pytest.mark.parametrize("how", ["size and time put back", "skipped", "assumed unchanged"])
def test_an_index_that_lies_is_not_believed(tmp_path: Path, how: str) -> None:
    repository(tmp_path, FILES)
    before = (tmp_path / "a.txt").stat()
    os.utime(tmp_path / "a.txt", (1_000_000_000, 1_000_000_000))
    git(tmp_path, "update-index", "--refresh")
    (tmp_path / "a.txt").write_text("two\n")
    assert (tmp_path / "a.txt").stat().st_size == before.st_size
    os.utime(tmp_path / "a.txt", (1_000_000_000, 1_000_000_000))
    os.utime(tmp_path / ".git" / "index", (1_500_000_000, 1_500_000_000))
    flag = {"skipped": "--skip-worktree", "assumed unchanged": "--assume-unchanged"}.get(how)
    if flag:
        git(tmp_path, "update-index", flag, "a.txt")
    assert only(tmp_path).fact("dirty") == "yes"


def test_what_a_sparse_checkout_leaves_out_is_no_change(tmp_path: Path) -> None:
    repository(tmp_path, FILES)
    git(tmp_path, "update-index", "--skip-worktree", "a.txt")
    (tmp_path / "a.txt").unlink()
    assert only(tmp_path).fact("dirty") == "no"


def test_a_downloaded_file_is_held_against_its_pointer(tmp_path: Path) -> None:
    weights = b"the weights" * 1000
    pointer = f"oid sha256:{hashlib.sha256(weights).hexdigest()}\nsize {len(weights)}\n"
    text = f"version https://git-lfs.github.com/spec/v1\n{pointer}"
    repository(tmp_path, {".gitattributes": "*.bin filter=lfs\n", "w.bin": text})
    assert only(tmp_path).fact("dirty") == "no"
    (tmp_path / "w.bin").write_bytes(weights)
    assert only(tmp_path).fact("dirty") == "no"
    (tmp_path / "w.bin").write_bytes(weights[:-1] + b"S")
    assert only(tmp_path).fact("dirty") == "yes"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("place", ["pack", "object", "link"])
def test_what_is_no_file_among_the_objects_is_not_waited_for(tmp_path: Path, place: str) -> None:
    commit = repository(tmp_path, FILES)
    objects = tmp_path / ".git" / "objects"
    loose = objects / commit[:2] / commit[2:]
    if place == "pack":
        os.mkfifo(objects / "pack" / f"pack-{'a' * 40}.idx")
    else:
        loose.rename(objects / "moved")
        if place == "object":
            os.mkfifo(loose)
        else:
            loose.symlink_to(objects / "moved")
    observations, gaps = rows(tmp_path)
    assert observations[0].fact("dirty") == "unknown"
    assert any("no file: not followed" in gap.reason for gap in gaps)


def test_untracked_files_do_not_make_it_dirty(tmp_path: Path) -> None:
    repository(tmp_path, FILES)
    (tmp_path / "untracked.txt").write_text("x")
    assert only(tmp_path).fact("dirty") == "no"


def test_a_filtered_file_with_another_time_is_undecided(tmp_path: Path) -> None:
    repository(
        tmp_path,
        {
            **FILES,
            ".gitattributes": "*.bin filter=lfs\n",
            "w.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        },
    )
    assert only(tmp_path).fact("dirty") == "no"
    (tmp_path / "w.bin").write_text("the weights")
    observations, gaps = rows(tmp_path)
    assert observations[0].fact("dirty") == "unknown"
    assert "filter" in gaps[0].reason
    (tmp_path / "a.txt").write_text("changed\n")
    assert only(tmp_path).fact("dirty") == "yes"


def test_a_pointer_in_the_index_is_undecided_without_attributes(tmp_path: Path) -> None:
    repository(
        tmp_path, {"w.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"}
    )
    (tmp_path / "w.bin").write_text("the weights")
    assert rows(tmp_path)[0][0].fact("dirty") == "unknown"


def test_tags_at_head_loose_packed_and_annotated(tmp_path: Path) -> None:
    repository(tmp_path, FILES)
    git(tmp_path, "tag", "old-packed")
    git(tmp_path, "tag", "-a", "-m", "x", "old-annotated")
    git(tmp_path, "pack-refs", "--all")
    git(tmp_path, "tag", "v1.0")
    git(tmp_path, "tag", "-a", "-m", "x", "release/1.0")
    assert only(tmp_path).all("tag") == ("old-annotated", "old-packed", "release/1.0", "v1.0")
    (tmp_path / "a.txt").write_text("next\n")
    git(tmp_path, "commit", "-qam", "second")
    git(tmp_path, "tag", "v2.0")
    assert only(tmp_path).all("tag") == ("v2.0",)


def test_a_detached_head_and_a_shallow_clone(tmp_path: Path) -> None:
    repository(tmp_path / "source", FILES)
    git(tmp_path, "clone", "-q", "--depth", "1", (tmp_path / "source").as_uri(), "copy")
    commit = git(tmp_path / "copy", "rev-parse", "HEAD")
    (tmp_path / "source" / "a.txt").write_text("next\n")
    git(tmp_path / "source", "commit", "-qam", "second")
    git(tmp_path, "clone", "-q", "--depth", "1", (tmp_path / "source").as_uri(), "tree")
    git(tmp_path / "tree", "checkout", "-q", "--detach")
    found = only(tmp_path / "tree")
    assert (
        found.fact("shallow"),
        found.fact("branch"),
        found.fact("vcs-url"),
        found.name,
        found.purl,
    ) == ("yes", "", "", "", "")
    assert found.version != commit
    assert str(tmp_path) not in repr(found)


def test_no_planted_program_runs(tmp_path: Path) -> None:
    commit = repository(
        tmp_path / "tree", {**FILES, ".gitattributes": "*.txt filter=evil diff=evil\n"}
    )
    tree = git(tmp_path / "tree", "rev-parse", "HEAD^{tree}")
    marker = tmp_path / "ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\necho $0 $@ >> {marker}\nexit 1\n")
    script.chmod(0o755)
    root = tmp_path / "tree"
    (tmp_path / "included").write_text(f"[core]\n\tfsmonitor = {script}\n")
    with (root / ".git" / "config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {script}\n\tsshCommand = {script}\n\thooksPath ="
            f" {tmp_path / 'hooks'}\n\tpager = {script}\n"
            f"\talternateRefsCommand = {script}\n\tgitProxy = {script}\n"
            f'[filter "evil"]\n\tclean = {script}\n\tsmudge = {script}\n\tprocess ='
            f" {script}\n\trequired = true\n"
            f'[diff "evil"]\n\ttextconv = {script}\n\tcommand = {script}\n[diff]\n\texternal ='
            f" {script}\n"
            f"[include]\n\tpath = {tmp_path / 'included'}\n"
            f'[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl ='
            f" ssh://h.example/r\n\tpromisor = true\n"
        )
    for folder in (tmp_path / "hooks", root / ".git" / "hooks"):
        folder.mkdir(exist_ok=True)
        for hook in (
            "post-index-change",
            "fsmonitor-watchman",
            "post-checkout",
            "reference-transaction",
            "pre-commit",
        ):
            shutil.copy(script, folder / hook)
    (root / "a.txt").write_text("smudged\n")
    touched(root)
    before = sorted((path, path.stat().st_mtime_ns) for path in (root / ".git").rglob("*"))
    observations, gaps = rows(root)
    assert not marker.exists()
    assert observations[0].version == commit
    assert observations[0].fact("dirty") == "unknown"
    assert [gap.reason.startswith("whether tracked") for gap in gaps] == [True]
    assert sorted((path, path.stat().st_mtime_ns) for path in (root / ".git").rglob("*")) == before
    # A missing object would make git fetch it, through a program of the configuration's choice.
    shutil.rmtree(root / ".git" / "objects" / tree[:2])
    marker.unlink(missing_ok=True)
    assert rows(root)[0][0].fact("dirty") == "unknown"
    assert not marker.exists()
    # The trap is a live one: git as a user runs it springs it.
    subprocess.run(["git", "status"], cwd=root, check=False, capture_output=True, timeout=60)
    assert marker.exists()


def test_the_callers_git_settings_have_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = repository(tmp_path / "tree", FILES)
    repository(tmp_path / "other", {"x": "y"})
    for key, value in {
        "GIT_DIR": str(tmp_path / "other" / ".git"),
        "GIT_INDEX_FILE": "/nowhere",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "x",
    }.items():
        monkeypatch.setenv(key, value)
    found = only(tmp_path / "tree")
    assert (found.version, found.fact("dirty")) == (commit, "no")


def test_a_linked_work_tree_inside_is_followed_and_one_outside_is_not(tmp_path: Path) -> None:
    commit = repository(tmp_path / "main", FILES, "https://gitlab.com/a/b")
    git(tmp_path / "main", "worktree", "add", "-q", "-b", "side", "linked")
    observations, gaps = rows(tmp_path / "main")
    assert {
        (o.evidence.at.path, o.version, o.fact("branch"), o.fact("dirty")) for o in observations
    } == {
        (".git", commit, "main", "no"),
        ("linked/.git", commit, "side", "no"),
    }
    assert not gaps
    git(tmp_path / "main", "worktree", "add", "-q", "-b", "out", str(tmp_path / "outside"))
    observations, gaps = rows(tmp_path / "outside")
    assert not observations
    assert gaps[0].reason == "the repository lies outside the scanned tree: not followed"


def test_a_submodule_is_followed_into_its_parent(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"i.txt": "i\n"})
    repository(tmp_path / "outer", FILES)
    git(tmp_path / "outer", "submodule", "-q", "add", (tmp_path / "inner").as_uri(), "libs/inner")
    git(tmp_path / "outer", "commit", "-qm", "add")
    assert only(tmp_path / "outer" / "libs" / "inner").version == inner
    observations, gaps = rows(tmp_path / "outer")
    assert {(o.evidence.at.path, o.fact("dirty")) for o in observations} == {
        (".git", "no"),
        ("libs/inner/.git", "no"),
    }
    assert not gaps
    (tmp_path / "outer" / "libs" / "inner" / "i.txt").write_text("more\n")
    git(tmp_path / "outer" / "libs" / "inner", "commit", "-qam", "moved")
    assert {(o.evidence.at.path, o.fact("dirty")) for o in rows(tmp_path / "outer")[0]} == {
        (".git", "yes"),
        ("libs/inner/.git", "no"),
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"gitdir: /etc\n", "outside"),
        (b"gitdir: ../../..\n", "outside"),
        (b"hello", "does not say"),
        (b"\0" * 9000, "larger than"),
        (b"gitdir: nowhere\n", "not there"),
    ],
)
def test_a_hostile_git_file(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / ".git").write_bytes(content)
    observations, gaps = rows(tmp_path)
    assert not observations
    assert reason in gaps[0].reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("HEAD", b"ref: ../../../etc/passwd\n", "neither"),
        ("HEAD", b"ref: refs/heads/loop\n", "circle"),
        ("HEAD", b"\xff\xfe\0garbage", "neither"),
        ("config", b"not a configuration\n", "configuration cannot be read"),
        ("config", b"\0\xff" * 500, "configuration cannot be read"),
        ("index", b"DIRC\0\0\0\x02\0\0\0\x05xx", "index"),
        ("index", b"DIRC\0\0\0\x02\xff\xff\xff\xff", "more than 50,000"),
        ("objects/info/alternates", b"/somewhere/else\n", "borrowed"),
    ],
)
def test_damage_is_a_gap_and_the_rest_is_kept(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    commit = repository(tmp_path, FILES, "https://github.com/o/n")
    (tmp_path / ".git" / "refs" / "heads" / "loop").write_text("ref: refs/heads/loop\n")
    (tmp_path / ".git" / name).write_bytes(content)
    observations, gaps = rows(tmp_path)
    assert reason in " ".join(gap.reason for gap in gaps)
    assert len(observations) == 1
    assert observations[0].version == ("" if name == "HEAD" else commit)
    assert observations[0].fact("vcs-url") == ("" if name == "config" else "https://github.com/o/n")


def test_an_empty_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    observations, gaps = rows(tmp_path)
    assert (observations[0].version, observations[0].fact("branch")) == ("", "main")
    assert gaps[0].reason == "the repository has no commit yet"


def test_an_empty_folder_and_a_link_called_git(tmp_path: Path) -> None:
    (tmp_path / "a" / ".git").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / ".git").symlink_to("/etc")
    observations, gaps = rows(tmp_path)
    assert not observations
    assert {gap.at.path for gap in gaps} == {"a/.git", "b/.git"}


def test_without_git_what_can_be_read_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = repository(tmp_path, FILES, "https://github.com/o/n")
    git(tmp_path, "tag", "v1")
    monkeypatch.setenv("PATH", "")
    observations, gaps = rows(tmp_path)
    assert (observations[0].version, observations[0].all("tag"), observations[0].fact("dirty")) == (
        commit,
        ("v1",),
        "unknown",
    )
    assert "no git binary" in gaps[0].reason


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away"
)
def test_a_repository_of_another_user_needs_no_trust(tmp_path: Path) -> None:
    commit = repository(tmp_path, FILES)
    for path in [tmp_path, *tmp_path.rglob("*")]:
        os.chown(path, 12345, 12345)
    assert only(tmp_path).version == commit


def test_more_bytes_than_are_read_is_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path, FILES)
    touched(tmp_path)
    monkeypatch.setattr(git_changes, "MAX_HASHED", 3)
    assert rows(tmp_path)[0][0].fact("dirty") == "unknown"
    monkeypatch.setattr(git_changes, "MAX_FILES", 1)
    assert "more than 1 tracked" in rows(tmp_path)[1][0].reason
