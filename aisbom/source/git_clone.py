"""A git address or a bare repository, as a folder to scan: a shallow copy in a temporary place,
gone afterwards.

Nothing that comes with the repository is run: no hook, no filter, no submodule, no LFS download. A
repository on this machine is cloned through a stand-in with a configuration of our own, since git
would otherwise obey the one it finds there.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from urllib.parse import unquote

from aisbom.errors import UsageError
from aisbom.model import redact
from aisbom.source import git_layout, git_store, git_url
from aisbom.source.tree import Unreadable

SECONDS = 1800

_ADDRESS = re.compile(
    r"(?:git\+)?(?P<url>(?:https|ssh|git|file)://[^\s#]+?|[\w.\-]+@[\w\-]+(?:\.[\w\-]+)+:(?!//)[^\s#@]+?)(?:#(?P<rev>[^\s#]*))?"
)
# `@` in a path is a revision, as pip writes it; before the host it is a user.
_REVISION = re.compile(
    r"(?P<url>(?:(?:https|ssh|git)://[^/\s]+/|[\w.\-]+@[\w.\-]+:)[^@\s]+)@(?P<rev>[^@\s]+)"
)
_NAME = re.compile(r"[A-Za-z0-9_][\w.\-/+]*")
# What a caller sets for reaching a server; nothing in it comes from a repository.
_REACH = (
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_PROXY_SSL_CAINFO",
)


def is_git_source(text: str) -> bool:
    """Whether `text` is a git address (https, ssh, git, file, or `user@host:path`) or the path of a
    bare repository.
    """
    if _ADDRESS.fullmatch(text):
        return not text.startswith(("https://", "git+https://")) or not re.search(
            r"\.(?:whl|zip|tar|tgz|gz|bz2|xz|json)$", text
        )
    return "://" not in text and _is_bare(Path(text))


@contextmanager
def clone_repository(source: str) -> Iterator[tuple[Path, str, str]]:
    """(folder, name, public address or `""`) of a shallow clone of `source`; the folder is removed
    on leaving, however one leaves.

    A branch or tag may follow as `@name` or `#name`. Raises UsageError with one line, free of
    credentials, where git fails.
    """
    url, revision = _split(source)
    local = _local(url)
    public = "" if local else git_url.public(url)
    name = git_url.name(public) or re.split(r"[/:]", url.rstrip("/"))[-1].removesuffix(".git")
    with _ends_tidily(), tempfile.TemporaryDirectory(prefix="aisbom-clone-") as temporary:
        target = Path(temporary, "tree")
        if local:
            address, kept = (
                _stand_in(local, Path(temporary, "source")),
                {"GIT_ALLOW_PROTOCOL": "file"},
            )
        else:
            address, kept = url, _reach()
        branch = ["--branch", revision] if revision else []
        arguments = [
            "clone",
            "-q",
            "--depth",
            "1",
            "--no-checkout",
            "--no-recurse-submodules",
            "--template=",
            *branch,
            "--",
            address,
            str(target),
        ]
        # The user's own settings hold proxies and credentials; filters in them have no part before
        # a checkout.
        _git(arguments, Path(temporary), kept, own_settings=not local)
        # Checked out under no configuration but git's defaults: a filter that the files ask for has
        # no program.
        _git(
            ["checkout", "-q", "--force", "HEAD", "--"],
            target,
            {"GIT_DIR": str(target / ".git"), "GIT_WORK_TREE": str(target)},
        )
        yield target, name, public


def revision(source: str) -> str:
    """What changes when a clone of `source` would check out something else, asked without cloning;
    `""` where it is not told so. Raises UsageError as `clone_repository`.
    """
    url, branch = _split(source)
    local = _local(url)
    if local:
        try:
            return "" if branch else git_store.head(git_store.Store(local, local, local))[0]
        except Unreadable:
            return ""
    with tempfile.TemporaryDirectory(prefix="aisbom-ask-") as folder:
        said = _git(
            ["ls-remote", "-q", "--", url, branch or "HEAD"],
            Path(folder),
            _reach(),
            own_settings=True,
        )
    return hashlib.sha256(said).hexdigest() if said else ""


def _split(source: str) -> tuple[str, str]:
    match = _ADDRESS.fullmatch(source)
    if not match:
        return source, ""
    url, revision = match["url"], match["rev"] or ""
    if not revision and (found := _REVISION.fullmatch(url)):
        url, revision = found["url"], found["rev"]
    if revision and (not _NAME.fullmatch(revision) or ".." in revision):
        raise UsageError(f"not a branch or tag: {redact.text(revision)}")
    return url, revision


def _local(url: str) -> Path | None:
    """The folder of a repository on this machine, or None for an address. Raises UsageError where
    there is none.
    """
    if not url.startswith("file://") and ("://" in url or not _is_bare(Path(url))):
        return None
    path = Path(unquote(re.sub(r"^file://(?:localhost(?=/))?", "", url)))
    if _is_bare(path):
        return path.resolve()
    if (path / ".git").is_dir():
        return (path / ".git").resolve()
    raise UsageError(f"no git repository at {redact.text(url)}")


def _is_bare(path: Path) -> bool:
    """Whether a folder is a bare repository and nothing else: one that holds other files as well is
    a folder, whatever its HEAD names.
    """
    try:
        return (
            (path / "HEAD").is_file()
            and (path / "objects").is_dir()
            and (path / "refs").is_dir()
            and git_layout.is_all_of(path)
        )
    except (OSError, ValueError):
        return False


def _stand_in(repository: Path, folder: Path) -> str:
    """The address of a repository of ours that has the references and, by reference, the objects of
    another one.
    """
    store = git_store.Store(repository, repository, repository)
    try:
        commit, reference = git_store.head(store)
        if not commit:
            raise UsageError("the repository has no commit yet")
        settings = git_store.own_configuration(store).replace("bare = false", "bare = true")
        with git_store.objects(store):  # refuses links and borrowed objects
            folder.mkdir()
            git_store.bare(folder, settings)
        if (repository / "shallow").exists():
            (folder / "shallow").write_bytes(
                git_store.contents(repository / "shallow", 1024 * 1024)
            )
        references = {
            name: sha for name, (sha, _) in git_store.references(store, "heads", "tags").items()
        }
    except Unreadable as error:
        raise UsageError(redact.text(str(error))) from error
    lines = [f"{sha} {name}\n" for name, sha in sorted(references.items())]
    (folder / "packed-refs").write_text("".join(lines), encoding="utf-8")
    (folder / "HEAD").write_text(
        f"ref: {reference}\n" if reference else f"{commit}\n", encoding="utf-8"
    )
    (folder / "objects" / "info").mkdir()
    (folder / "objects" / "info" / "alternates").write_text(
        f"{repository / 'objects'}\n", encoding="utf-8"
    )
    return folder.as_uri()


def _reach() -> dict[str, str]:
    """What git may use to reach a server."""
    kept = {key: value for key, value in os.environ.items() if key in _REACH}
    return {
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
        **kept,
        "GIT_ALLOW_PROTOCOL": "https:ssh:git",
    }


def _git(
    arguments: Sequence[str], folder: Path, kept: dict[str, str], own_settings: bool = False
) -> bytes:
    """What git writes. Raises UsageError with one line, free of credentials."""
    quiet = {
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "GIT_HTTP_LOW_SPEED_LIMIT": "100",
        "GIT_HTTP_LOW_SPEED_TIME": "60",
    }
    environment = git_store.environment({**quiet, **kept})
    if own_settings:
        del environment["GIT_CONFIG_GLOBAL"], environment["GIT_CONFIG_NOSYSTEM"]
        environment |= {
            key: value for key, value in os.environ.items() if key == "GIT_CONFIG_GLOBAL"
        }
    settings = (
        "core.fsmonitor=false",
        f"core.hooksPath={os.devnull}",
        "protocol.ext.allow=never",
        "core.symlinks=true",
        "gc.auto=0",
    )
    command = ["git", *(part for setting in settings for part in ("-c", setting)), *arguments]
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A group of its own has no terminal to ask on, and what git starts ends with it.
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise UsageError("there is no git binary to clone with") from error
    try:
        said, complaint = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"git did not end within {SECONDS} seconds") from error
    finally:
        _end(process)
    if process.returncode:
        raise UsageError(redact.text(git_store.explain_error(complaint.decode("utf-8", "replace"))))
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()


@contextmanager
def _ends_tidily() -> Iterator[None]:
    """While the temporary folder exists, a request to end raises SystemExit, so that the folder is
    removed.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
