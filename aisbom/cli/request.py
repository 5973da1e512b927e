"""The one `Request` that is made of a command's options and never changed.

A request is read once: what PATH names is looked up (and cloned, or taken from standard input), its
configuration is read, the user's words are checked. Commands and stages get it as it is.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aisbom.cli import progress
from aisbom.cli.path_hint import explain_file, explain_missing
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.cli.options import Scanning, Talking
    from aisbom.config import Config
    from aisbom.examine.vulnerabilities import Audit

Kind = Literal["folder", "archive", "document"]


@dataclass(frozen=True, slots=True)
class Request:
    """What one run was asked, with the user's words checked and the configuration read.

    `given` is PATH as it was typed, `path` what it names on this disk, `name` what the root of a
    clone is called. `profile` and `home` are the command line's (empty: not given there); what
    holds where they are empty differs between a tree and a document. `output` is the file that the
    answer will be written to, which is never part of what is scanned. `unapplied` is what the
    tree's configuration says and does not count, a line each.
    """

    given: str
    path: Path
    kind: Kind
    name: str
    config: Config
    profile: str
    home: tuple[str, ...]
    exclude: tuple[str, ...]
    python: Path | None
    hash: str
    jobs: int
    cached: bool
    knowledge: Path | None
    output: Path | None
    unapplied: tuple[str, ...]
    online: bool
    online_report: bool
    audit: Audit | None
    quiet: bool
    verbose: bool


@contextmanager
def open_request(
    given: str,
    scanning: Scanning,
    talking: Talking,
    *,
    documents: bool,
    output: Path | None = None,
) -> Iterator[Request]:
    """The request, for as long as what PATH names is there: a clone and standard input are gone
    afterwards.

    `documents` says whether PATH may be a document of ours, `output` is where the answer goes.
    Raises UsageError.
    """
    # A scan multiplies small tables alone: a thread for each core, which numpy starts when it
    # is imported, would cost more than it saves.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if scanning.online_report and not scanning.online:
        raise UsageError("--online-report: nothing is asked without --online; add it")
    if scanning.jobs < 0:
        raise UsageError(f"--jobs {scanning.jobs}: a number of processes, 1 or more")
    with ExitStack() as stack:
        # A stranger could have filled the cache: who verifies or signs reads nothing of it.
        if not scanning.no_cache and Path(given).is_dir():
            from aisbom.cache import patterns

            stack.enter_context(patterns.reuse_patterns())
        from aisbom.source import git_clone

        kind: Kind
        name = ""
        if documents and (given == "-" or Path(given).is_fifo()):
            path, kind = stack.enter_context(_spool(given)), "document"
        elif git_clone.is_git_source(given):
            with progress.show(talking.quiet) as shown:
                shown("cloning", 0, 0)
                path, name, _ = stack.enter_context(git_clone.clone_repository(given))
            kind = "folder"
        else:
            path = Path(given)
            kind = _kind(given, path, documents)
        config, unapplied = _limit_to_declarations(_config(scanning, path, kind), scanning)
        knowledge = _own_rows(scanning, config)
        yield Request(
            given=given,
            path=path,
            kind=kind,
            name=name,
            config=config,
            profile=scanning.profile,
            home=_home(scanning, config),
            exclude=(*config.exclude, *(scanning.exclude or ())),
            python=Path(scanning.python) if scanning.python else None,
            hash=scanning.hash or "",
            jobs=scanning.jobs or os.cpu_count() or 1,
            cached=not scanning.no_cache and not name,
            knowledge=knowledge,
            output=_inside(path, output),
            unapplied=unapplied,
            online=scanning.online,
            online_report=scanning.online_report,
            audit=_audit(scanning),
            quiet=talking.quiet,
            verbose=talking.verbose,
        )


def _kind(given: str, path: Path, documents: bool) -> Kind:
    from aisbom.source import archive

    if path.is_dir():
        return "folder"
    if not path.exists():
        raise UsageError(f"{given}: no such file or folder{explain_missing(given)}")
    if not path.is_file():
        raise UsageError(f"{given}: neither a folder nor a regular file")
    if archive.is_archive(path.name):
        return "archive"
    if documents and (path.suffix in (".json", ".xml") or _reads_as_document(path)):
        return "document"
    raise UsageError(explain_file(given, path, documents))


def _reads_as_document(path: Path) -> bool:
    """Whether a file begins as JSON objects and XML do, whatever it is called."""
    try:
        with path.open("rb") as stream:
            start = stream.read(64)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"<")


@contextmanager
def _spool(given: str) -> Iterator[Path]:
    """A file with what a stream holds, named by its form: standard input, or a pipe by its path."""
    if given != "-":
        data = Path(given).read_bytes()
    else:
        data = sys.stdin.buffer.read() if sys.stdin is not None else b""
    if not data.strip():
        what = "standard input" if given == "-" else "it"
        raise UsageError(f"{given}: {what} is empty; a document of aisbom is read from it")
    suffix = ".xml" if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else ".json"
    with tempfile.TemporaryDirectory(prefix="aisbom-") as folder:
        path = Path(folder, f"standard input{suffix}")
        path.write_bytes(data)
        yield path


def _config(scanning: Scanning, path: Path, kind: Kind) -> Config:
    """The configuration that was named, else the one of the folder that is scanned."""
    from aisbom.config import Config, load

    if scanning.config:
        return load(path, Path(scanning.config))
    return load(path) if kind == "folder" else Config()


def _limit_to_declarations(config: Config, scanning: Scanning) -> tuple[Config, tuple[str, ...]]:
    """What of a configuration counts, and what does not."""
    from aisbom.config.declarations_only import declarations_only

    return declarations_only(config) if scanning.tree_says == "declarations" else (config, ())


def _audit(scanning: Scanning) -> Audit | None:
    """Where to ask for vulnerabilities, None where nobody asked."""
    if not (scanning.vulnerabilities or scanning.advisories):
        if scanning.osv_url or scanning.vex:
            raise UsageError("--osv-url and --vex go with --vulnerabilities or --advisories")
        return None
    if scanning.vulnerabilities and scanning.advisories:
        raise UsageError("--vulnerabilities asks a service, --advisories reads files: give one")
    from aisbom.advisories import vex
    from aisbom.advisories.service import Service
    from aisbom.advisories.store import Store
    from aisbom.examine.vulnerabilities import Audit

    local = scanning.advisories
    source = Store(Path(local)) if local else Service(scanning.osv_url)
    return Audit(source, vex.read(Path(scanning.vex)) if scanning.vex else ())


def _own_rows(scanning: Scanning, config: Config) -> Path | None:
    """The folder of the user's own rows, from the command line or the configuration."""
    if not scanning.knowledge:
        return config.knowledge
    if not Path(scanning.knowledge).is_dir():
        raise UsageError(
            f"--knowledge {scanning.knowledge}: no such folder; it holds an organisations.csv of"
            " your own"
        )
    return Path(scanning.knowledge)


def _home(scanning: Scanning, config: Config) -> tuple[str, ...]:
    """The home of the command line. It and the configuration's are checked now: hours of reading
    must not end in a misspelt country.
    """
    from aisbom.config.home import expand
    from aisbom.knowledge import load

    home = tuple(code for code in scanning.home.split(",") if code.strip())
    if home or config.home:
        expand((*home, *config.home), load())
    return home


def _inside(root: Path, output: Path | None) -> Path | None:
    """Where the output lies as the walker will name it: an earlier output is never part of what it
    describes.
    """
    if output is None:
        return None
    try:
        # As the walker names it.
        return Path(os.path.abspath(root)) / output.resolve().relative_to(root.resolve())  # noqa: PTH100
    except ValueError:
        return None
