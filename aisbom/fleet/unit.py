"""One unit of work: one submission into one catalogue. Every engine calls this function and nothing
else of the fleet; `python -m aisbom.fleet.unit SUBMISSION CATALOGUE` is the same for a shell.

A unit is named by what it answers: the tree's digest and the question's. It writes its sketches,
its document and one Parquet file a table, then its marker, last; then it says that it answers for
the submission. Whoever finds the marker scans nothing. Twice the same unit writes the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from aisbom.config import Config, load
from aisbom.config.declarations_only import declarations_only
from aisbom.document import ScannedDocument, scan_document
from aisbom.errors import UsageError
from aisbom.fleet import parts, rows, sources, tree_digest, weight_rows
from aisbom.fleet.catalogue import Catalogue, Failure, dump_row, entry_of
from aisbom.fleet.error_words import describe_error
from aisbom.fleet.sources import Submission
from aisbom.model import digest
from aisbom.pipeline import Options
from aisbom.source.tree import Tree, Unreadable

RETRIES = 2
"""How often a submission is begun again after its worker ended with it."""

QUARANTINED = ("killed", "time")
"""Failures that are not tried again while the submission stays as it is: they cost a worker."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission: `scanned`, `kept` (its unit was there), `failed`, or `stopped`
    (the catalogue cannot be written, which is no fault of the submission).
    """

    submission: str
    round: str
    entry: str
    unit: str
    state: Literal["scanned", "kept", "failed", "stopped"]
    kind: str = ""
    words: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a fleet: attempts of another run do not count. `question` is the digest that the
    caller has; a worker with another one refuses (empty: any).
    """

    name: str = ""
    question: str = ""
    retries: int = RETRIES
    retry_failed: bool = False


def scan_submission(submission: Submission, catalogue: Catalogue, run: Run) -> Outcome:
    """Scan a submission unless its unit is there. Never raises for what a submission holds: that is
    a failure with its reason, kept in the catalogue.

    Raises UsageError where this machine would answer another question than the caller's.
    """
    begun = time.monotonic()
    question = catalogue.question.digest
    if run.question and run.question != question:
        raise UsageError(
            "a worker has another version of aisbom, its libraries, index or references than the"
            " caller: nothing was written"
        )
    work = _Work(submission, catalogue, run, question)
    try:
        outcome = work.do()
    except _Refusal as refused:
        outcome = work.fail(refused.kind, str(refused))
    except OSError as error:
        outcome = work.stop(error)
    except Exception as error:  # noqa: BLE001  whatever a submission does to its reader
        words = describe_error(error, submission.location, catalogue.store.url)
        outcome = work.fail("defect", f"{type(error).__name__}: {words}")
    return replace(outcome, seconds=round(time.monotonic() - begun, 3))


class _Refusal(Exception):
    """A submission without an answer, and why in one line."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


class _Work:
    """One submission on its way into a catalogue."""

    def __init__(
        self, submission: Submission, catalogue: Catalogue, run: Run, question: str
    ) -> None:
        self.submission, self.catalogue, self.run = submission, catalogue, run
        self.question, self.entry = question, submission.entry
        self.unit = ""
        self.attempts = 0

    def do(self) -> Outcome:
        self._begin()
        try:
            with sources.open_submission(self.submission) as opened:
                return self._answer(opened)
        except UsageError as error:
            raise _Refusal("refused", str(error)) from error
        except Unreadable as error:
            raise _Refusal("refused", " ".join(str(error).split())) from error

    def _answer(self, opened: sources.LocalCopy) -> Outcome:
        tree = Tree(opened.path)
        try:
            held, files = tree_digest.files(tree)
        except OSError as error:
            raise _Refusal("refused", error.strerror or type(error).__name__) from error
        name = opened.name or opened.path.name
        tree_of = digest([name, held])
        self.unit = digest([tree_of, self.question])[:40]
        if self.catalogue.is_done(self.unit):
            return self._commit("kept")
        self._refuse_again()
        self._note_attempt()
        before = tree_digest.stamps(tree)
        with _time_of_documents(self.catalogue.question.time):
            made = self._scan(tree, opened)
        found = list(weight_rows.weights(tree, made.scan, self.catalogue.question.hash))
        functions, prints = rows.code(tree, made.bill)
        if tree_digest.stamps(tree) != before:
            raise _Refusal("changed", "it changed while it was read")
        tables: dict[str, list[dict[str, Any]]] = {
            **rows.of_document(made),
            "submissions": [self._summary(tree_of, made)],
            "files": files,
            "functions": functions,
            "prints": prints,
            "tensors": [row for one in found for row in one.tensors],
            "sketches": [one.summary for one in found],
        }
        self._write(made.data, tables, {one.summary["sketch"]: one.sketch for one in found})
        return self._commit("scanned")

    def _begin(self) -> None:
        """Refuse what ended its worker as often as it may in this run."""
        row = self.catalogue.row(f"attempts/{self.entry}.json") or {}
        if row.get("run") != self.run.name:
            row = {}
        self.attempts = int(row.get("attempts", 0))
        self.unit = str(row.get("unit", ""))
        if row.get("ended") == "time":
            raise _Refusal("time", str(row.get("words", "it took too long")))
        if self.attempts > self.run.retries:
            raise _Refusal("killed", f"its worker ended {self.attempts} times")
        self._note_attempt()

    def _note_attempt(self) -> None:
        row = {"run": self.run.name, "attempts": self.attempts + 1, "unit": self.unit}
        self.catalogue.store.write(f"attempts/{self.entry}.json", dump_row(row))

    def _refuse_again(self) -> None:
        """What cost a worker before is not tried again while it is the same."""
        earlier = self.catalogue.failure(self.entry)
        if (
            earlier is not None
            and not self.run.retry_failed
            and earlier.kind in QUARANTINED
            and earlier.unit == self.unit
        ):
            self.attempts = earlier.attempts
            raise _Refusal(earlier.kind, earlier.words)

    def _scan(self, tree: Tree, opened: sources.LocalCopy) -> ScannedDocument:
        """The document that `aisbom generate --tree-says declarations` writes."""
        config = load(opened.path) if opened.path.is_dir() else Config()
        config, unapplied = declarations_only(config)
        question = self.catalogue.question
        options = Options(
            name=opened.name,
            profile=question.profile,
            hash=question.hash,
            declared=config.declared,
            tree=tree,
        )
        return scan_document(opened.path, options, home=question.home, unapplied=unapplied)

    def _summary(self, tree: str, made: ScannedDocument) -> dict[str, Any]:
        root = made.scan.component(made.scan.root)
        return {
            **{"tree": tree, "question": self.question, "root": root.ref},
            **{"name": root.name, "version": root.version},
            "profile": made.judgement.score.profile,
            "verdict": made.judgement.verdict,
            "files": int(made.scan.fact("files") or 0),
            "components": len(made.scan.components),
            "claims": len(made.scan.claims),
            "gaps": len(made.scan.gaps),
            "document_sha256": hashlib.sha256(made.data).hexdigest() if made.data else "",
            "document_bytes": len(made.data),
        }

    def _write(
        self,
        document: bytes,
        tables: Mapping[str, list[dict[str, Any]]],
        sketches: Mapping[str, bytes],
    ) -> None:
        store, written = self.catalogue.store, {}
        objects: dict[str, bytes] = {
            f"sketches/{name}.sketch": data for name, data in sorted(sketches.items()) if name
        }
        if document:
            objects[f"documents/{self.unit}.cdx.json.zst"] = parts.compress(document)
        for table, found in sorted(tables.items()):
            data = parts.part(table, rows.with_unit(self.unit, found))
            objects[f"parts/{table}/{self.unit}.parquet"] = data
        for name, data in objects.items():
            store.write(name, data)
            written[name] = hashlib.sha256(data).hexdigest()
        marker = {"unit": self.unit, "question": self.question, "written": written}
        store.write(f"done/{self.unit}.json", dump_row(marker))

    def _commit(self, state: Literal["scanned", "kept"]) -> Outcome:
        self.catalogue.commit(self.entry, entry_of(self.submission, self.unit))
        return self._outcome(state)

    def fail(self, kind: str, words: str) -> Outcome:
        one = self.submission
        attempts = max(1, self.attempts)
        row = Failure(one.round, one.name, one.shown, self.unit, kind, attempts, words)
        try:
            self.catalogue.fail(self.entry, row)
        except OSError as error:
            return self.stop(error)
        return self._outcome("failed", kind, words)

    def stop(self, error: OSError) -> Outcome:
        words = describe_error(error, self.catalogue.store.url)
        return self._outcome("stopped", "storage", words)

    def _outcome(
        self,
        state: Literal["scanned", "kept", "failed", "stopped"],
        kind: str = "",
        words: str = "",
    ) -> Outcome:
        one = self.submission
        return Outcome(one.name, one.round, self.entry, self.unit, state, kind, words)


@contextmanager
def _time_of_documents(epoch: int) -> Iterator[None]:
    """While it runs, documents state this time, as one process's `SOURCE_DATE_EPOCH` does."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


def main(arguments: list[str]) -> int:
    """`LOCATION CATALOGUE [NAME [ROUND]]`: scan one submission into a catalogue that
    `aisbom fleet scan` made. Returns an exit code of aisbom.
    """
    if len(arguments) not in (2, 3, 4):
        print(
            "usage: python -m aisbom.fleet.unit LOCATION CATALOGUE [NAME [ROUND]]", file=sys.stderr
        )
        return 2
    location, url, name, round_ = [*arguments, "", ""][:4]
    run = Run(os.environ.get("SLURM_JOB_ID", "") or os.environ.get("JOB_NAME", ""))
    try:
        (one,) = sources.submissions([location], round_)
        outcome = scan_submission(replace(one, name=name or one.name), Catalogue.open(url), run)
    except UsageError as error:
        print(f"aisbom: {error}", file=sys.stderr)
        return 2
    print(f"{outcome.submission}: {outcome.state} {outcome.unit} {outcome.words}".rstrip())
    return 0 if outcome.state in ("scanned", "kept") else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
