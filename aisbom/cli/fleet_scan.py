"""`aisbom fleet scan`: every submission that has no answer yet, into a catalogue."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from aisbom.cli import output, progress
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import QUESTION, SHOWING, Hash, Home, ShippedProfile
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.cluster import Workers
    from aisbom.fleet.sources import Submission
    from aisbom.fleet.unit import Outcome, Run

_RUNNING = "Where it runs"
_SHOWN = 50

CatalogueOption = Annotated[
    str,
    typer.Option(
        "-o", "--output", metavar="CATALOGUE", help="a folder or fsspec URL (s3://bucket/path)"
    ),
]
CatalogueArgument = Annotated[
    str, typer.Argument(metavar="CATALOGUE", help="what `aisbom fleet scan` wrote")
]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of every submission; kept in the catalogue, which asks one thing of all."""

    home: Home = ""
    profile: ShippedProfile = ""
    hash: Hash = None
    round: Annotated[
        str,
        typer.Option(
            "--round",
            metavar="NAME",
            help="the round that these submissions are of (a list may say so itself)",
            rich_help_panel=QUESTION,
        ),
    ] = ""


@dataclass(frozen=True, slots=True)
class Running:
    """Where units run, and what one of them may cost."""

    workers: Annotated[
        int,
        typer.Option(
            "--workers",
            metavar="N",
            help="processes of this machine (default: one per core)",
            show_default=False,
            min=0,
            rich_help_panel=_RUNNING,
        ),
    ] = 0
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="a Dask scheduler to use instead: tcp://host:8786, tls://host:8786",
            rich_help_panel=_RUNNING,
        ),
    ] = ""
    retries: Annotated[
        int,
        typer.Option(
            "--retries",
            metavar="N",
            help="how often a submission is begun again after its worker ended with it",
            min=0,
            rich_help_panel=_RUNNING,
        ),
    ] = 2
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="what one submission may take, fetching included",
            min=1,
            rich_help_panel=_RUNNING,
        ),
    ] = 3600
    retry_failed: Annotated[
        bool,
        typer.Option(
            "--retry-failed",
            help="also try again what ended its worker or took too long before",
            rich_help_panel=_RUNNING,
        ),
    ] = False


SourcesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCES...",
        help=(
            "folders, archives, git URLs, hf:OWNER/NAME, fsspec URLs; or lists of them: .csv"
            " (submission,location,round), .jsonl, .txt"
        ),
        show_default=False,
    ),
]


def scan(
    sources: SourcesArgument,
    target: CatalogueOption,
    *,
    asking: Asking,
    running: Running,
    quiet: Annotated[
        bool,
        typer.Option("-q", "--quiet", help="say nothing but errors", rich_help_panel=SHOWING),
    ] = False,
) -> int:
    """Scan every submission whose answer is not in CATALOGUE yet. What was committed is never
    scanned again, whatever ended the run that did it.
    """
    from aisbom.fleet.cluster import scan as run_fleet

    found, catalogue, workers, run = prepare(sources, target, asking, running)
    begun = time.monotonic()
    with progress.show(quiet) as shown:
        shown("starting workers", 0, len(found))

        try:
            outcomes = run_fleet(found, catalogue, workers, run, show_rate(shown, begun))
        except OSError as error:
            raise UsageError(f"--output {catalogue.store.address}: {error}") from error
    say_outcomes(outcomes, time.monotonic() - begun, quiet)
    return NOTHING if any(one.state == "failed" for one in outcomes) else DONE


def prepare(
    sources: Sequence[str], target: str, asking: Asking, running: Running
) -> tuple[list[Submission], Catalogue, Workers, Run]:
    """The words of the command line, checked. Raises UsageError."""
    from aisbom.fleet import sources as reading
    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.cluster import Workers
    from aisbom.fleet.question import Question
    from aisbom.fleet.unit import Run

    found = reading.submissions(sources, asking.round)
    home = tuple(code.strip() for code in asking.home.split(",") if code.strip())
    asked = Question(asking.profile or "model", home, asking.hash or "").check()
    return (
        found,
        Catalogue.make(target, asked),
        Workers(running.workers, running.scheduler, running.timeout),
        Run(retries=running.retries, retry_failed=running.retry_failed),
    )


def show_rate(shown: progress.Report, begun: float) -> Callable[[Outcome, int, int], None]:
    """What shows after each submission how fast it goes since `begun` (of time.monotonic)."""

    def report(_outcome: Outcome, done: int, total: int) -> None:
        shown(_describe_rate(done, total, time.monotonic() - begun), done, total)

    return report


def _describe_rate(done: int, total: int, seconds: float) -> str:
    rate = done / seconds if seconds else 0.0
    left = (total - done) / rate if rate else 0.0
    return f"scanning, {rate * 60:.0f} a minute, {left / 60:.0f} min left"


def say_outcomes(outcomes: Sequence[Outcome], seconds: float, quiet: bool) -> None:
    """The count of each outcome, and every failure by name."""
    failed = [one for one in outcomes if one.state == "failed"]
    for one in failed[:_SHOWN]:
        output.note(f"aisbom: {one.submission}: {one.kind}: {one.words}")
    if len(failed) > _SHOWN:
        output.note(f"aisbom: and {len(failed) - _SHOWN} more; see the table `entries`")
    if not quiet:
        count = {state: sum(o.state == state for o in outcomes) for state in ("scanned", "kept")}
        output.write(
            f"{len(outcomes)} submissions: {count['scanned']} scanned, {count['kept']} kept,"
            f" {len(failed)} failed, {seconds:.1f} s"
        )
