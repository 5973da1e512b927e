"""What a fleet scans: submissions by name, and each of them as a folder or archive on this disk for
as long as it is looked at.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aisbom.errors import UsageError
from aisbom.fleet.error_words import describe_error
from aisbom.fleet.needs import import_extra
from aisbom.model import redact
from aisbom.model.plain import plain
from aisbom.source import archive, git_clone, git_url

LISTS = (".csv", ".jsonl", ".txt")
MAX_LIST = 256 * 1024 * 1024
HUB = "hf:"
_MAX_FETCHED = 1024**4
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.\-]*)://")
_GIT_SCHEMES = frozenset({"https", "ssh", "git", "file", "git+https", "git+ssh", "git+file"})
_HUB_NAME = re.compile(r"hf:(?P<name>[\w.\-]+/[\w.\-]+)(?:@(?P<revision>[\w.\-/]+))?")


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission. `location` is where it is read, credentials included: it is never shown or
    written, which is why it stands in no `repr`. `shown` is what may be.
    """

    name: str
    location: str = field(repr=False)
    shown: str
    round: str = ""

    @property
    def entry(self) -> str:
        """What its files in a catalogue are called: a digest of round and name."""
        key = json.dumps([self.round, self.name]).encode("utf-8", "surrogatepass")
        return hashlib.sha256(key).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class LocalCopy:
    """A submission on this disk. `name` is what its root is called where nothing in it says so;
    empty: as its folder or archive.
    """

    path: Path
    name: str = ""


def submissions(given: Sequence[str], round_: str = "") -> list[Submission]:
    """The submissions that words of the command line, and the lists among them, name.

    A list is a CSV file with the columns `submission`, `location`, `round` (the second is needed),
    a JSON-lines file with the same keys, or a text file with a location a line. Raises UsageError
    for a list that cannot be read, what does not exist, and two submissions of one name.
    """
    found: dict[tuple[str, str], Submission] = {}
    for word in given:
        for one in _read_list(word, round_) if _is_list(word) else [_submission(word, "", round_)]:
            other = found.setdefault((one.round, one.name), one)
            if other.location != one.location:
                raise UsageError(
                    f"{one.shown}: a second submission is called {one.name!r}; give each a name in"
                    " the column `submission` of a list"
                )
    if not found:
        raise UsageError(f"{given[0] if given else 'SOURCES'}: names no submission")
    return [found[key] for key in sorted(found)]


def public_form(location: str) -> str:
    """A location as it may be kept: of a git repository its public address, of a URL the address
    without credentials and query, of a path its last part.
    """
    if location.startswith(HUB):
        return location
    if git_clone.is_git_source(location):
        public = git_url.public(re.split("#", location)[0])
        if public:
            return public
    if _URL.match(location):
        if location.startswith(("file:", "git+file:")):
            return location.rstrip("/").rpartition("/")[2]
        return plain(redact.text(re.split(r"[?#]", location)[0]))
    return plain(redact.text(Path(location).resolve().name)) or "root"


@contextmanager
def open_submission(submission: Submission) -> Iterator[LocalCopy]:
    """The submission as a folder or archive, gone afterwards where it was fetched. Raises
    UsageError, free of credentials, where it cannot be had.
    """
    location = submission.location
    if location.startswith(HUB):
        with tempfile.TemporaryDirectory(prefix="aisbom-hub-") as folder:
            yield _from_hub(location, Path(folder))
    elif git_clone.is_git_source(location):
        with git_clone.clone_repository(location) as (path, name, _):
            yield LocalCopy(path, name)
    elif _URL.match(location):
        with tempfile.TemporaryDirectory(prefix="aisbom-fetched-") as folder:
            yield _fetch(location, submission.shown, Path(folder))
    else:
        path = Path(location)
        if not path.exists():
            raise UsageError(f"{submission.shown}: no such file or folder")
        if not path.is_dir() and not archive.is_archive(path.name):
            raise UsageError(f"{submission.shown}: neither a folder nor an archive")
        yield LocalCopy(path)


def is_url(location: str) -> bool:
    """Whether a location names something elsewhere, and how it is reached."""
    return _URL.match(location) is not None


def hub_name(location: str) -> tuple[str, str]:
    """The name of a repository of the hub, and its revision (empty: the newest). Raises UsageError
    where a location names none.
    """
    match = _HUB_NAME.fullmatch(location)
    if match is None:
        raise UsageError("hf: a repository of the hub is written hf:OWNER/NAME[@REVISION]")
    return match["name"], match["revision"] or ""


def _is_list(word: str) -> bool:
    return not _URL.match(word) and Path(word).suffix.lower() in LISTS and Path(word).is_file()


def _read_list(word: str, round_: str) -> Iterable[Submission]:
    path = Path(word)
    if path.stat().st_size > MAX_LIST:
        raise UsageError(f"{word}: larger than {MAX_LIST:,} bytes: no list of submissions")
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{word}: cannot be read as UTF-8 text: {error}") from error
    rows = _ROWS[path.suffix.lower()](text, word)
    for line, row in rows:
        location = row.get("location", "").strip()
        if not location:
            raise UsageError(f"{word}:{line}: has no `location`")
        named = _URL.match(location) or location.startswith(HUB)
        # As the list lies, not as the user stands: a list can be handed on with its folders.
        here = named or git_clone.is_git_source(location)
        beside = location if here else str(path.parent / location)
        yield _submission(
            beside, row.get("submission", "").strip(), row.get("round", "").strip() or round_, line
        )


def _csv_rows(text: str, word: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    if "location" not in (reader.fieldnames or ()):
        raise UsageError(f"{word}:1: has no column `location`; submission,location,round are read")
    try:
        for row in reader:
            yield reader.line_num, {key: value or "" for key, value in row.items() if key}
    except csv.Error as error:
        raise UsageError(f"{word}:{reader.line_num}: no CSV: {error}") from error


def _json_rows(text: str, word: str) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{word}:{number}: no JSON: {error}") from error
        if not isinstance(row, dict) or not all(isinstance(v, str) for v in row.values()):
            raise UsageError(f"{word}:{number}: not an object with texts as values")
        yield number, row


def _text_rows(text: str, _word: str) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, {"location": line}


_ROWS = {".csv": _csv_rows, ".jsonl": _json_rows, ".txt": _text_rows}


def _submission(location: str, name: str, round_: str, line: int = 0) -> Submission:
    if location.startswith(HUB):
        hub_name(location)
    elif (match := _URL.match(location)) and match["scheme"] in _GIT_SCHEMES:
        if not git_clone.is_git_source(location):
            raise UsageError(f"{public_form(location)}: no address of a git repository")
    elif not match and not git_clone.is_git_source(location):
        where = f" (line {line} of the list)" if line else ""
        if not Path(location).exists():
            raise UsageError(f"{location}: no such file or folder{where}")
        location = str(Path(location).resolve())
    may = public_form(location)
    return Submission(plain(name)[:200] or _name(may), location, may, round_)


def _name(shown_as: str) -> str:
    last = shown_as.removeprefix(HUB) if shown_as.startswith(HUB) else shown_as
    return last if shown_as.startswith(HUB) else last.rstrip("/").rpartition("/")[2] or "root"


def _from_hub(location: str, folder: Path) -> LocalCopy:
    name, revision = hub_name(location)
    try:
        hub = import_extra("huggingface_hub")
    except UsageError:
        raise UsageError("hf: needs huggingface_hub: pip install 'aisbom[fleet-hub]'") from None
    target = folder / name.rpartition("/")[2]
    try:
        hub.snapshot_download(name, revision=revision or None, local_dir=target)
    except Exception as error:  # of the library that fetches, and of the one under it
        raise UsageError(f"{location}: {describe_error(error)}") from error
    # Its notes on when it fetched what are no part of the submission: they differ every time.
    shutil.rmtree(target / ".cache" / "huggingface", ignore_errors=True)
    with suppress(OSError):
        (target / ".cache").rmdir()
    return LocalCopy(target, name.rpartition("/")[2])


def _fetch(location: str, may: str, folder: Path) -> LocalCopy:
    fsspec = import_extra("fsspec")
    try:
        fs, path = fsspec.core.url_to_fs(location)
        if fs.isfile(path):
            name = path.rpartition("/")[2]
            if not archive.is_archive(name):
                raise UsageError(f"{may}: neither a folder nor an archive")
            fs.get_file(path, str(folder / name))
            return LocalCopy(folder / name)
        if not fs.isdir(path):
            raise UsageError(f"{may}: no such file or folder")
        name = path.rstrip("/").rpartition("/")[2] or "root"
        if fs.du(path) > _MAX_FETCHED:
            raise UsageError(f"{may}: more than {_MAX_FETCHED:,} bytes")
        for found in sorted(fs.find(path)):
            relative = found[len(path.rstrip("/")) + 1 :]
            if ".." in relative.split("/") or relative.startswith("/"):
                raise UsageError(f"{may}: an object's name leads out of the folder")
            target = folder / name / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            fs.get_file(found, str(target))
    except UsageError:
        raise
    except Exception as error:  # of every library behind an fsspec URL
        raise UsageError(f"{may}: {describe_error(error, location)}") from error
    return LocalCopy(folder / name)
