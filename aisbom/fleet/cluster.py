"""A fleet on Dask distributed: on this machine, or on the cluster of a scheduler.

Dask hands out work, starts workers again and says who was lost. State is no affair of its: a unit
commits itself (`unit.py`), and a result is a few words. A worker runs one unit at a time, so that a
worker's end has one cause.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from aisbom.errors import UsageError
from aisbom.fleet.catalogue import Catalogue, Failure, dump_row
from aisbom.fleet.error_words import describe_error
from aisbom.fleet.needs import import_extra
from aisbom.fleet.sources import Submission
from aisbom.fleet.unit import Outcome, Run, scan_submission
from aisbom.model import redact

SECONDS = 3600
"""What one submission may take."""

MEMORY = 4 * 1024**3
"""Bytes that a worker may take where the machine has them: above it the worker is ended and its
submission named."""

_SPARE = 0.9
_ENDED_BY_ITSELF = 75
_SETTINGS = {
    # A result is a few words: nothing to spill, and a worker that waits for memory waits forever.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.98,
    # One unit at a worker, the others with the scheduler: a worker that ends takes one with it.
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.work-stealing": False,
    # Of functions that take milliseconds: a hundred samples a second, which nobody looks at here.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.worker.daemon": False,
    "distributed.admin.log-format": "%(message)s",
    "distributed.logging": {"distributed": "critical", "tornado": "critical"},
    "distributed.dashboard.link": "",
    # A machine that is busy is not dead: processes here end when their parent sees them end.
    "distributed.comm.timeouts.connect": "900s",
    "distributed.comm.timeouts.tcp": "900s",
    "distributed.scheduler.worker-ttl": None,
}


@dataclass(frozen=True, slots=True)
class Workers:
    """Where units run. `scheduler` is the address of a Dask scheduler, empty for a cluster of
    `count` processes on this machine; `seconds` is what one submission may take.
    """

    count: int = 0
    scheduler: str = ""
    seconds: float = SECONDS


def scan(
    submissions: Sequence[Submission],
    catalogue: Catalogue,
    workers: Workers,
    run: Run,
    report: Callable[[Outcome, int, int], None],
) -> list[Outcome]:
    """Scan every submission whose unit is not there yet; outcomes in the order of submissions.

    `report` is called with each outcome, how many are done and of how many. Raises UsageError where
    no worker can be had, OSError where the catalogue cannot be written any more.
    """
    run = replace(run, name=run.name or secrets.token_hex(8), question=catalogue.question.digest)
    outcomes: dict[str, Outcome] = {}

    def note_outcome(outcome: Outcome) -> None:
        outcomes[outcome.entry] = outcome
        report(outcome, len(outcomes), len(submissions))

    for _ in range(_CLUSTERS):
        left = [one for one in submissions if one.entry not in outcomes]
        try:
            _on_cluster(left, catalogue, workers, run, note_outcome)
        except _ClusterError:
            # What was committed is committed: another cluster goes on with the rest.
            continue
        return [outcomes[one.entry] for one in submissions]
    raise UsageError(
        f"the cluster was lost {_CLUSTERS} times; {len(outcomes)} of {len(submissions)} submissions"
        " have an outcome, and the same command goes on with the rest"
    )


_CLUSTERS = 3
"""Clusters that are begun in one run, where one is lost as a whole."""

_LOOK = 20.0
"""Seconds between two looks at whether any worker is left."""


class _ClusterError(Exception):
    """The cluster is gone, or has no worker left."""


def _on_cluster(
    submissions: Sequence[Submission],
    catalogue: Catalogue,
    workers: Workers,
    run: Run,
    note_outcome: Callable[[Outcome], None],
) -> None:
    """Scan these on one cluster. Raises _Lost where it ends before they are done."""
    distributed = import_extra("distributed")
    lost = import_extra("distributed.client").FutureCancelledError
    with _client(workers) as client:
        futures = {
            client.submit(
                _unit,
                one,
                catalogue,
                run,
                workers.seconds,
                key=f"aisbom-{run.name}-{one.entry}",
                pure=False,
            ): one
            for one in _largest_first(submissions)
        }
        with _cancelled_without_workers(client, list(futures)):
            for future in distributed.as_completed(futures):
                try:
                    outcome = _outcome(future, futures[future], catalogue, run)
                except lost as error:
                    raise _ClusterError from error
                if outcome.state == "stopped":
                    client.cancel(list(futures))
                    raise OSError(f"the catalogue cannot be written: {outcome.words}")
                note_outcome(outcome)
                future.release()


@contextlib.contextmanager
def _cancelled_without_workers(client: Any, futures: Sequence[Any]) -> Iterator[None]:
    """Cancel what is left once no worker of a cluster on this machine can be started any more: Dask
    would wait for one forever.
    """
    done = threading.Event()

    def look() -> None:
        while not done.wait(_LOOK):
            held = getattr(client.cluster, "workers", None)
            if held is not None and all(
                one.status.name in ("closed", "failed") for one in dict(held).values()
            ):
                client.cancel(list(futures))
                return

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()


def _outcome(future: Any, one: Submission, catalogue: Catalogue, run: Run) -> Outcome:
    """What a finished task says; a task that never came to its end is a failure of its input."""
    error = future.exception()
    if error is None:
        outcome: Outcome = future.result()
        return outcome
    if isinstance(error, UsageError):
        raise error
    row = catalogue.row(f"attempts/{one.entry}.json") or {}
    unit = str(row.get("unit", "")) if row.get("run") == run.name else ""
    killed = type(error).__name__ == "KilledWorker"
    words = (
        f"its worker ended {run.retries + 1} times"
        if killed
        else f"{type(error).__name__}: {describe_error(error, one.location, catalogue.store.url)}"
    )
    kind = "killed" if killed else "defect"
    attempts = int(row.get("attempts", 0)) or run.retries + 1
    catalogue.fail(one.entry, Failure(one.round, one.name, one.shown, unit, kind, attempts, words))
    return Outcome(one.name, one.round, one.entry, unit, "failed", kind, words)


def _unit(submission: Submission, catalogue: Catalogue, run: Run, seconds: float) -> Outcome:
    """A unit in a worker's process, which ends itself where it takes too long: nothing else can end
    a thread that reads.
    """
    over = threading.Timer(seconds, _end, (submission, catalogue, run, seconds))
    over.daemon = True
    over.start()
    try:
        return scan_submission(submission, catalogue, run)
    finally:
        over.cancel()


def _end(submission: Submission, catalogue: Catalogue, run: Run, seconds: float) -> None:
    """Say why, then end this process and what it started."""
    name = f"attempts/{submission.entry}.json"
    row = catalogue.row(name) or {}
    words = f"it took more than {seconds:,.0f} seconds"
    try:
        catalogue.store.write(
            name, dump_row({**row, "run": run.name, "ended": "time", "words": words})
        )
    finally:
        psutil = import_extra("psutil")
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
        os._exit(_ENDED_BY_ITSELF)


@contextlib.contextmanager
def _client(workers: Workers) -> Iterator[Any]:
    """A client of the scheduler that was named, else of a cluster of processes on this machine,
    which is gone afterwards with all that its workers left in their temporary folder.
    """
    dask, distributed = import_extra("dask"), import_extra("distributed")
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(_SETTINGS))
        if workers.scheduler:
            try:
                client = distributed.Client(workers.scheduler, timeout=30)
            except (OSError, ValueError, TimeoutError) as error:
                shown = redact.text(workers.scheduler)
                raise UsageError(f"--scheduler {shown}: no scheduler answers there") from error
            yield stack.enter_context(client)
            return
        count = workers.count or os.cpu_count() or 1
        scratch = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="aisbom-fleet-", ignore_cleanup_errors=True)
        )
        total = import_extra("psutil").virtual_memory().total
        cluster = stack.enter_context(
            distributed.LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                worker_dashboard_address=None,
                memory_limit=min(MEMORY, int(total * _SPARE / count)),
                local_directory=scratch,
                silence_logs=50,
                scheduler_kwargs={
                    "allowed_failures": RETRIES_OF_DASK,
                    "dashboard": False,
                    "dashboard_address": "127.0.0.1:0",
                },
                env={
                    "TMPDIR": scratch,
                    # One thread a process: the others are for other units.
                    **dict.fromkeys(
                        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
                    ),
                },
            )
        )
        yield stack.enter_context(distributed.Client(cluster, timeout=900))


RETRIES_OF_DASK = 10
"""More than units allow themselves: a unit that is begun too often says so and ends."""


def _largest_first(submissions: Sequence[Submission]) -> list[Submission]:
    """The longest ones begin first, so that none of them is left alone at the end. What size a
    repository has is not known before it is here: these come before all.
    """
    return sorted(submissions, key=lambda one: (-_size(one.location), one.entry))


def _size(location: str) -> int:
    try:
        if os.path.isdir(location):  # noqa: PTH112
            return sum(
                sum(
                    entry.stat(follow_symlinks=False).st_size
                    for entry in os.scandir(folder)
                    if entry.is_file(follow_symlinks=False)
                )
                for folder, _, _ in os.walk(location)
            )
        return os.stat(location).st_size  # noqa: PTH116
    except (OSError, ValueError):
        return 1 << 62
