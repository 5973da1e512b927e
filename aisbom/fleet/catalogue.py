"""A catalogue: a folder or an fsspec URL with the answers of a fleet.

    catalogue.json                  form, version, and the question that all its units answer
    entries/<entry>.json            one submission in one round, and the unit that answers for it
    done/<unit>.json                commit marker, written last: digests of all that was written
    failed/<entry>.json             a submission without an answer, and why
    attempts/<entry>.json           how often a run has begun it; gone when it has ended
    documents/<unit>.cdx.json.zst   the CycloneDX document
    parts/<table>/<unit>.parquet    the rows of one unit, never changed
    tables/<table>-<digest>.parquet the rows of many units, made by `compact` from parts
    sketches/<sha256>.sketch        sketches of weights

The marker is the only state: what has none was never there, and what has one is not scanned again.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from aisbom.errors import UsageError
from aisbom.fleet.error_words import describe_error
from aisbom.fleet.question import Question
from aisbom.fleet.sources import Submission
from aisbom.fleet.store import Store
from aisbom.model.vocabulary import quote

FORMAT = "aisbom-fleet-catalogue"
VERSION = 1
NAME = "catalogue.json"
_READERS = 16


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A submission in a round, and the unit that answers for it."""

    round: str
    submission: str
    location: str
    unit: str


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """A submission without an answer. `kind` is `refused` (it cannot be had or read), `killed` (its
    worker ended with it), `time`, `changed` (while it was read) or `defect` (of this program);
    `unit` is empty where it was not known yet.
    """

    round: str
    submission: str
    location: str
    unit: str
    kind: str
    attempts: int
    words: str


class Catalogue:
    """The catalogue at an address, and the question it answers."""

    def __init__(self, store: Store, question: Question) -> None:
        self.store = store
        self.question = question

    @classmethod
    def open(cls, url: str) -> Catalogue:
        """The catalogue that is there. Raises UsageError where there is none, where it cannot be
        read, and for one of a newer form.
        """
        store = Store(url)
        try:
            if not store.exists(NAME):
                raise UsageError(
                    f"{store.address}: no catalogue; `aisbom fleet scan SOURCES -o CATALOGUE` makes"
                    " one"
                )
            data = store.read(NAME)
        except UsageError:
            raise
        except Exception as error:  # of every library behind an fsspec URL
            raise _unreadable(store, error) from error
        return cls(store, _question(store, data))

    @classmethod
    def make(cls, url: str, asked: Question) -> Catalogue:
        """The catalogue that is there, else a new one for this question. The time that its
        documents state is `SOURCE_DATE_EPOCH`, else now.

        Raises UsageError where the one that is there asks something else.
        """
        store = Store(url)
        row = {
            "format": FORMAT,
            "version": VERSION,
            "profile": asked.profile,
            "home": list(asked.home),
            "hash": asked.hash,
            "time": _now(),
        }
        try:
            if not store.exists(NAME):
                if store.names(""):
                    raise UsageError(
                        f"{store.address}: is not empty and no catalogue; name a new folder"
                    )
                # Of two fleets that begin at once, one makes it and both read it.
                store.create(NAME, dump_row(row))
        except UsageError:
            raise
        except Exception as error:
            raise _unreadable(store, error) from error
        found = cls.open(url)
        there = found.question
        if (there.profile, there.home, there.hash) != (asked.profile, asked.home, asked.hash):
            raise UsageError(
                f"{store.address}: asks for {_words(there)}, not for {_words(asked)}; use another"
                " catalogue, or `aisbom fleet rescore` for another profile"
            )
        return found

    def is_done(self, unit: str) -> bool:
        """Whether this unit was committed."""
        return self.store.exists(f"done/{unit}.json")

    def commit(self, entry: str, row: Entry) -> None:
        """Say which unit answers for a submission: it is no failure any more."""
        self.store.write(f"entries/{entry}.json", dump_row(asdict(row)))
        self.store.remove([f"failed/{entry}.json", f"attempts/{entry}.json"])

    def fail(self, entry: str, row: Failure) -> None:
        """Keep that a submission has no answer. An answer of an earlier state of it no longer
        stands for it.
        """
        self.store.write(f"failed/{entry}.json", dump_row(asdict(row)))
        self.store.remove([f"entries/{entry}.json", f"attempts/{entry}.json"])

    def failure(self, entry: str) -> Failure | None:
        """Why this submission has no answer, None where that is not so."""
        row = self.row(f"failed/{entry}.json")
        return Failure(**row) if row else None

    def entries(self) -> list[Entry]:
        """Every submission with an answer that was committed, by round and name."""
        done = {name.removesuffix(".json") for name in self.store.names("done", ".json")}
        rows = (Entry(**row) for row in self._rows("entries"))
        return sorted(row for row in rows if row.unit in done)

    def failures(self) -> list[Failure]:
        """Every submission without an answer, by round and name."""
        return sorted(Failure(**row) for row in self._rows("failed"))

    def marker(self, unit: str) -> dict[str, Any]:
        """What a unit wrote. Raises OSError where it was not committed."""
        row: dict[str, Any] = json.loads(self.store.read(f"done/{unit}.json"))
        return row

    def row(self, name: str) -> dict[str, Any] | None:
        """A small JSON object by name, None where there is none or half of one."""
        try:
            row = json.loads(self.store.read(name))
        except (FileNotFoundError, ValueError):
            return None
        return row if isinstance(row, dict) else None

    def _rows(self, folder: str) -> Iterator[dict[str, Any]]:
        names = [f"{folder}/{name}" for name in self.store.names(folder, ".json")]
        with ThreadPoolExecutor(_READERS) as pool:
            yield from filter(None, pool.map(self.row, names))


def entry_of(submission: Submission, unit: str) -> Entry:
    """The entry of a submission that a unit answers for."""
    return Entry(submission.round, submission.name, submission.shown, unit)


def dump_row(row: object) -> bytes:
    """A small object as JSON, the same bytes every time."""
    return json.dumps(row, sort_keys=True, indent=1, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def _question(store: Store, data: bytes) -> Question:
    try:
        row = json.loads(data)
        if not isinstance(row, dict) or row.get("format") != FORMAT:
            raise ValueError("another format")
        version = int(row["version"])
        if version > VERSION:
            raise UsageError(
                f"{store.address}: a catalogue of version {version}; this program reads up to"
                f" {VERSION}: use a newer aisbom"
            )
        home = tuple(str(code) for code in row["home"])
        return Question(str(row["profile"]), home, row["hash"], int(row["time"]))
    except UsageError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"{store.address}: its {NAME} is no description of a catalogue") from error


def _unreadable(store: Store, error: BaseException) -> UsageError:
    return UsageError(f"{store.address}: cannot be read: {describe_error(error, store.url)}")


def _words(question: Question) -> str:
    home = ",".join(question.home) or "none"
    return f"profile {question.profile}, home {home}, hash {question.hash or 'default'}"


def _now() -> int:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return int(time.time())
    if not epoch.isdecimal() or len(epoch) > 12:
        raise UsageError(f"SOURCE_DATE_EPOCH={quote(epoch)}: not a number of seconds since 1970")
    return int(epoch)
