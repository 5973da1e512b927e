"""A git repository's own files, read without ever letting git read that repository's configuration.

A configuration may name programs for git to run (`core.fsmonitor`, filters, `core.sshCommand`), and
files to include. So references and the configuration are read here as text, and git itself is
pointed at a folder of our own whose only link to the repository is the path of its objects.
"""

from __future__ import annotations

import configparser
import io
import os
import re
import shutil
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aisbom.source.tree import Unreadable

SECONDS = 120
"""After this long a git command is ended; bounds on bytes and files come first, so that results do
not depend on the machine.
"""

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(r"refs/[^\x00-\x20\x7f~^:?*\[\\]+")
_MAX_REFS = 20_000
_MAX_OBJECTS = 1_000_000
_MAX_CONFIG = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Store:
    """`folder` holds HEAD and the index, `common` objects, references and configuration (another
    one for a linked work tree).
    """

    folder: Path
    common: Path
    work: Path


def locate_store(git: Path, top: Path) -> Store:
    """The repository behind a `.git` folder or file. Raises Unreadable where that leads out of
    `top`.

    The one way out that is taken: into `.git/modules` of a repository above, which is where git
    keeps submodules.
    """
    if git.is_symlink():
        raise Unreadable("a link in place of a repository: not followed")
    if git.is_dir():
        if (git / "commondir").exists():
            raise Unreadable("its objects are said to lie in another folder: not followed")
        return Store(git, git, git.parent)
    match = re.fullmatch(
        r"gitdir: ([^\x00\r\n]+)[\r\n]*", contents(git, 4096).decode("utf-8", "replace")
    )
    if not match:
        raise Unreadable("not a repository: the file does not say `gitdir: ...`")
    folder = _inside(git.parent, match[1], top)
    if not folder.is_dir():
        raise Unreadable("the repository that this file points at is not there")
    common = folder
    if (folder / "commondir").exists():
        common = _inside(
            folder, contents(folder / "commondir", 4096).decode("utf-8", "replace").strip(), top
        )
    return Store(folder, common, git.parent)


def _inside(base: Path, text: str, top: Path) -> Path:
    target = (base / text).resolve()
    here = base.resolve()
    modules = [folder / ".git" / "modules" for folder in here.parents]
    if not target.is_relative_to(top.resolve()) and not any(
        target.is_relative_to(m) for m in modules if m.is_dir()
    ):
        raise Unreadable("the repository lies outside the scanned tree: not followed")
    return target


@contextmanager
def regular(path: Path) -> Iterator[BinaryIO]:
    """A stream over a regular file that is no link. Raises Unreadable."""
    flags = (
        os.O_RDONLY
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_NONBLOCK", 0)
        | getattr(os, "O_BINARY", 0)
    )
    try:
        with os.fdopen(os.open(path, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Unreadable(f"{path.name} is not a regular file: not read")
            yield stream
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}") from error


def contents(path: Path, limit: int) -> bytes:
    """The bytes of a regular file that is no link. Raises Unreadable, also for more than `limit`
    bytes.
    """
    with regular(path) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(f"{path.name} is larger than {limit:,} bytes: not read")
    return data


def configuration(store: Store) -> dict[str, dict[str, str]]:
    """Sections (`core`, `remote "origin"`) to keys (lower case) to last values; includes are not
    followed. Raises Unreadable.
    """
    data = contents(store.common / "config", _MAX_CONFIG)
    plain = _plain_configuration(data)
    if plain is not None:
        return plain
    run_no_git_on_import()
    from git.config import GitConfigParser

    try:
        parser = GitConfigParser(_NamedBytes(data), read_only=True, merge_includes=False)
        parser.read()
        found: dict[str, dict[str, str]] = {}
        for section in parser.sections():
            kind, space, name = str(section).partition(" ")  # case counts in the name alone
            values = {str(key).lower(): str(value) for key, value in parser.items(section)}
            found.setdefault(f"{kind.lower()}{space}{name}", {}).update(values)
        return found
    except (configparser.Error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unreadable(f"its configuration cannot be read: {type(error).__name__}") from error


def _plain_configuration(data: bytes) -> dict[str, dict[str, str]] | None:
    """The same of a configuration as git writes it, without quoted values and comments; None for
    any other, which GitPython reads: to import it takes longer than most repositories do.
    """
    found: dict[str, dict[str, str]] = {}
    section = None
    for line in data.split(b"\n"):
        if heading := _SECTION.fullmatch(line):
            section = found.setdefault(heading[1].decode("ascii"), {})
        elif section is not None and (setting := _SETTING.fullmatch(line)):
            section[setting[1].decode("ascii").lower()] = setting[2].decode("ascii")
        elif line:
            return None
    return found


def run_no_git_on_import() -> None:
    """Keep GitPython from running `git version`, wherever the user stands, when it is imported:
    reading its files needs no git.
    """
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = os.devnull


_SECTION = re.compile(rb'\[([a-z0-9-]+(?: "[\w./@+-]+")?)\]', re.ASCII)
_SETTING = re.compile(
    rb"\t([A-Za-z][A-Za-z0-9-]*) = ([!$-:<-\[\]-~](?:[ !$-:<-\[\]-~]*[!$-:<-\[\]-~])?)"
)
"""A key and a value of ASCII without quotes, backslashes and signs of a comment."""


class _NamedBytes(io.BytesIO):
    """Bytes with the name that the parser shows in its errors."""

    name = "config"


def head(store: Store) -> tuple[str, str]:
    """(commit, reference) that HEAD names: `""` for the commit of an empty repository, for the
    reference of a detached head.
    """
    text = _first_line(store.folder / "HEAD")
    reference = ""
    for _ in range(6):
        if _SHA.fullmatch(text):
            return text, reference
        name = text.removeprefix("ref:").strip()
        if not text.startswith("ref:") or not _REF.fullmatch(name) or ".." in name:
            raise Unreadable("HEAD names neither a commit nor a branch")
        reference = reference or name
        if name == "refs/heads/.invalid":
            raise Unreadable(
                "references are kept in the reftable format, which this version does not read"
            )
        loose = store.common / name
        if loose.is_file() and _plain(loose, store.common):
            text = _first_line(loose)
            continue
        return read_packed_refs(store).get(name, ("", ""))[0], reference
    raise Unreadable("HEAD leads in a circle")


def read_packed_refs(store: Store) -> dict[str, tuple[str, str]]:
    """Packed references: name to (object, the commit behind an annotated tag or `""`)."""
    path = store.common / "packed-refs"
    if not path.exists():
        return {}
    found: dict[str, tuple[str, str]] = {}
    last = ""
    for line in contents(path, 32 * 1024 * 1024).decode("utf-8", "replace").splitlines():
        if line.startswith("^") and last and _SHA.fullmatch(line[1:]):
            found[last] = (found[last][0], line[1:])
            continue
        sha, _, last = line.partition(" ")
        if _SHA.fullmatch(sha) and _REF.fullmatch(last):
            found[last] = (sha, "")
        else:
            last = ""
    return found


def references(store: Store, *kinds: str) -> dict[str, tuple[str, str]]:
    """Every reference below `refs/<kind>`: its full name to (object, the commit behind it where the
    files say so).

    Raises Unreadable for too many.
    """
    prefixes = tuple(f"refs/{kind}/" for kind in kinds)
    found = {
        name: pair for name, pair in read_packed_refs(store).items() if name.startswith(prefixes)
    }
    for root in (store.common / "refs" / kind for kind in kinds):
        for folder, folders, files in (
            os.walk(root) if root.is_dir() and _plain(root, store.common) else ()
        ):
            folders.sort()
            for path in (Path(folder) / file for file in sorted(files)):
                name = path.relative_to(store.common).as_posix()
                if (
                    _REF.fullmatch(name)
                    and not path.is_symlink()
                    and _SHA.fullmatch(text := _first_line(path))
                ):
                    found[name] = (text, "")
                if len(found) > _MAX_REFS:
                    raise Unreadable(f"more than {_MAX_REFS:,} references: not read")
    return found


def _first_line(path: Path) -> str:
    return contents(path, 4096).decode("utf-8", "replace").partition("\n")[0].strip()


def _plain(path: Path, root: Path) -> bool:
    """Whether no link on the way leads out of `root`."""
    return path.resolve().is_relative_to(root.resolve())


def environment(keep: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without any setting of git, system or user configuration, prompts,
    locks or replaced objects.
    """
    scrubbed = {
        key: value for key, value in os.environ.items() if not key.upper().startswith("GIT_")
    }
    return {
        **scrubbed,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "LC_ALL": "C",
        **keep,
    }


class Objects:
    """Git's plumbing over one repository's objects, under a configuration of our own."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._environment = environment(
            {
                "GIT_DIR": str(folder),
                # Git runs in a folder of our own: from there a relative path leads nowhere.
                "GIT_OBJECT_DIRECTORY": str((store.common / "objects").absolute()),
                "GIT_WORK_TREE": str(store.work.absolute()),
            }
        )
        self._work = store.work

    def run(
        self,
        *arguments: str,
        given: bytes = b"",
        limit: int = 64 * 1024 * 1024,
        in_work_tree: bool = False,
    ) -> bytes:
        """The output of one git command. Raises Unreadable for its failure, or more than `limit`
        bytes.
        """
        command = [
            "git",
            "-c",
            "core.fsmonitor=false",
            "-c",
            f"core.hooksPath={os.devnull}",
            "--literal-pathspecs",
            *arguments,
        ]
        with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stderr:
            stdin.write(given)
            stdin.seek(0)
            with subprocess.Popen(
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=self._environment,
                cwd=self._work if in_work_tree else self._folder,
            ) as process:
                timer = threading.Timer(SECONDS, process.kill)
                timer.start()
                try:
                    output = process.stdout.read(limit + 1) if process.stdout else b""
                    if len(output) > limit:
                        process.kill()
                        raise Unreadable(
                            f"git {arguments[0]} says more than {limit:,} bytes: not read"
                        )
                    code = process.wait()
                finally:
                    timer.cancel()
                    process.kill()
            if code == -9:  # killed by the timer
                raise Unreadable(f"git {arguments[0]} takes more than {SECONDS} seconds: not read")
            if code:
                stderr.seek(0)
                raise Unreadable(explain_error(stderr.read(2000).decode("utf-8", "replace")))
        return output


_PATH = re.compile(r"(?<![\w.])/[^\s']+")


def explain_error(complaint: str) -> str:
    """Git's own words as one line, with the remedy where there is one."""
    if "dubious ownership" in complaint:
        return (
            "git refuses it: the repository belongs to another user (dubious ownership); "
            "`git config --global --add safe.directory FOLDER` allows it"
        )
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    said = (fatal or lines or ["no reason given"])[0][:200]
    return f"git cannot read it: {_PATH.sub('(a path)', said)}"


@contextmanager
def objects(store: Store) -> Iterator[Objects]:
    """Git over the objects of a repository. Raises Unreadable where there is no git, or the objects
    lie elsewhere.
    """
    if shutil.which("git") is None:
        raise Unreadable("there is no git binary to read its objects with")
    folder = store.common / "objects"
    if not folder.is_dir() or any(
        part.is_symlink() for part in (folder, folder / "pack", folder / "info")
    ):
        raise Unreadable("its objects are missing, or kept behind a link: not followed")
    _only_files(folder)
    borrowed = folder / "info" / "alternates"
    if borrowed.exists() and contents(borrowed, 65536).strip():
        raise Unreadable("its objects are borrowed from another folder (alternates): not followed")
    with tempfile.TemporaryDirectory(prefix="aisbom-") as own:
        bare(Path(own), own_configuration(store))
        yield Objects(Path(own), store)


def _only_files(objects: Path) -> None:
    """Raises Unreadable where something among the objects is no file: git would follow a link, and
    wait for a pipe without end.
    """
    left = _MAX_OBJECTS
    try:
        for folder in [objects, *(Path(item) for item in os.scandir(objects) if _is_folder(item))]:
            with os.scandir(folder) as items:
                for item in items:
                    left -= 1
                    if not item.is_file(follow_symlinks=False) and not _is_folder(item):
                        raise Unreadable("something among its objects is no file: not followed")
                    if left < 0:
                        raise Unreadable(f"more than {_MAX_OBJECTS:,} objects: not read")
    except OSError as error:
        raise Unreadable(f"its objects cannot be listed: {error.strerror}") from error


def _is_folder(item: os.DirEntry[str]) -> bool:
    return item.is_dir(follow_symlinks=False)


def own_configuration(store: Store) -> str:
    """A configuration that states nothing of the repository's own, but the kind of its hashes."""
    try:
        sha256 = (
            configuration(store).get("extensions", {}).get("objectformat", "").lower() == "sha256"
        )
    except Unreadable:
        sha256 = False
    kind = "sha256" if sha256 else "sha1"
    return (
        "[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tobjectformat ="
        f" {kind}\n"
    )


def bare(folder: Path, settings: str) -> None:
    """The least that git takes for a repository."""
    (folder / "refs").mkdir()
    (folder / "objects").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    (folder / "config").write_text(settings, encoding="ascii")
