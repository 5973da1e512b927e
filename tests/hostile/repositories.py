"""Folders dressed as git repositories."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

from tests.collect.git_repository import git, repository
from tests.hostile import case
from tests.hostile.parsers import sparse, write

FILES = {"requirements.txt": "committed==1\n", "a.py": "import numpy\n"}


@case(seen=("shown",))
def tree_dressed_as_a_bare_repository(root: Path) -> None:
    """What lies in the folder is what is described, whatever its HEAD names."""
    repository(root.parent / "other", {"requirements.txt": "elsewhere==1\n"})
    (root.parent / "other" / ".git" / "HEAD").rename(root / "HEAD")
    for name in ("objects", "refs", "config"):
        (root.parent / "other" / ".git" / name).rename(root / name)
    write(root, "app/requirements.txt", "shown==1\n")


@case("sub/.git", large=True)
def pipes_among_packs(root: Path) -> None:
    repository(root / "sub", FILES)
    git(root / "sub", "gc", "-q")
    pack = root / "sub" / ".git" / "objects" / "pack"
    for name in ("pack-" + "a" * 40, "pack-" + "b" * 40):
        for ending in ("idx", "pack"):
            os.mkfifo(pack / f"{name}.{ending}")


@case("sub/.git", large=True)
def pipes_among_objects(root: Path) -> None:
    commit = repository(root / "sub", FILES)
    path = root / "sub" / ".git" / "objects" / commit[:2] / commit[2:]
    path.unlink()
    os.mkfifo(path)


@case("a/.git", "b/.git", "c/.git", "d/.git", "e/.git", "f/.git", "g/.git")
def pipes_and_giants_in_place_of_its_files(root: Path) -> None:
    for folder in "abcdefg":
        repository(root / folder, FILES)
    for folder, name in (("a", "HEAD"), ("b", "config"), ("c", "index"), ("d", "packed-refs")):
        (root / folder / ".git" / name).unlink(missing_ok=True)
        os.mkfifo(root / folder / ".git" / name)
    for folder, name in (("e", "HEAD"), ("f", "index"), ("g", "packed-refs")):
        (root / folder / ".git" / name).unlink(missing_ok=True)
        sparse(root, f"{folder}/.git/{name}")


@case()
def settings_that_name_programs(root: Path) -> None:
    repository(root, FILES)
    flag = root.parent / "executed"
    run = f"!touch {flag}"
    touch = f"touch {flag}"
    settings = (
        f"[core]\n\tfsmonitor = {touch}\n\tsshCommand = {touch}\n\tpager = {touch}\n"
        f"\thooksPath = {root}/hooks\n\teditor = {touch}\n\tgitProxy = {touch}\n"
        f"\talternateRefsCommand = {touch}\n\tattributesFile = {root}/attributes\n"
        f'[filter "x"]\n\tclean = {touch}\n\tsmudge = {touch}\n\tprocess = {touch}\n'
        f'[diff "x"]\n\ttextconv = {touch}\n\tcommand = {touch}\n[diff]\n\texternal = {touch}\n'
        f'[credential]\n\thelper = "{run}"\n[alias]\n\tcat-file = "{run}"\n\tls-files = "{run}"\n'
        f"[include]\n\tpath = /dev/zero\n[uploadpack]\n\tpackObjectsHook = {touch}\n"
        f'[remote "origin"]\n\turl = ext::{touch}\n\tpromisor = true\n\tpartialclonefilter = x\n'
        f"[gpg]\n\tprogram = {touch}\n[extensions]\n\tpartialClone = origin\n"
    )
    with (root / ".git" / "config").open("a") as out:
        out.write(settings)
    write(root, ".gitattributes", "* filter=x diff=x\n")
    write(root, "attributes", "* filter=x\n")
    for name in (
        "post-checkout",
        "post-index-change",
        "fsmonitor-watchman",
        "reference-transaction",
    ):
        for folder in ("hooks", ".git/hooks"):
            write(root, f"{folder}/{name}", f"#!/bin/sh\n{touch}\n")
            (root / folder / name).chmod(0o755)


@case("a/.git", "b/.git", "c/.git", "d/.git")
def repositories_that_borrow(root: Path) -> None:
    outside = root.parent / "outside"
    repository(outside, FILES)
    for folder in "abcd":
        repository(root / folder, FILES)
    alternates = root / "a" / ".git" / "objects" / "info" / "alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_text(f"{outside}/.git/objects\n")
    objects = root / "b" / ".git" / "objects"
    objects.rename(root.parent / "moved")
    objects.symlink_to(root.parent / "moved")
    write(root, "c/.git/commondir", f"{outside}/.git\n")
    (root / "d" / ".git").rename(root.parent / "moved-git")
    write(root, "d/.git", f"gitdir: {root.parent}/moved-git\n")


@case("a/.git")
def objects_that_unpack_to_gigabytes(root: Path) -> None:
    commit = repository(root / "a", FILES)
    path = root / "a" / ".git" / "objects" / commit[:2] / commit[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"commit 3000000000\0" + bytes(200_000_000), 9))


@case("a/.git")
def references_in_circles_and_many(root: Path) -> None:
    repository(root / "a", FILES)
    write(root, "a/.git/HEAD", "ref: refs/heads/x\n")
    write(root, "a/.git/refs/heads/x", "ref: refs/heads/y\n")
    write(root, "a/.git/refs/heads/y", "ref: refs/heads/x\n")
    sha = "a" * 40
    write(root, "a/.git/packed-refs", "".join(f"{sha} refs/tags/t{n}\n" for n in range(100_000)))
