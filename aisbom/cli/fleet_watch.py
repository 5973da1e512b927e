"""`aisbom fleet watch` and `report`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aisbom.cli import output, progress
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.fleet_match import Quiet
from aisbom.cli.fleet_scan import (
    Asking,
    CatalogueArgument,
    CatalogueOption,
    Running,
    SourcesArgument,
    prepare,
    say_outcomes,
    show_rate,
)
from aisbom.errors import UsageError

if TYPE_CHECKING:
    pass


def watch(
    sources: SourcesArgument,
    target: CatalogueOption,
    *,
    asking: Asking,
    running: Running,
    quiet: Quiet = False,
) -> int:
    """Scan what changed since the last look: other commits, other objects, other files. What did
    not change is not fetched. Looks once: a scheduler calls it
    (docs/fleet-workflow-example.yml).
    """
    from aisbom.fleet.watch import watch as looked

    found, catalogue, workers, run = prepare(sources, target, asking, running)
    begun = time.monotonic()
    with progress.show(quiet) as shown:
        shown("looking for changes", 0, len(found))

        try:
            outcomes = looked(found, catalogue, workers, run, show_rate(shown, begun))
        except OSError as error:
            raise UsageError(f"--output {catalogue.store.address}: {error}") from error
    if not quiet:
        output.write(f"{len(found)} submissions, {len(found) - len(outcomes)} unchanged")
        for one in outcomes:
            if one.state == "scanned":
                output.write(f"scanned again: {one.submission}")
    if outcomes:
        say_outcomes(outcomes, time.monotonic() - begun, quiet)
    return NOTHING if any(one.state == "failed" for one in outcomes) else DONE


def report(
    url: CatalogueArgument,
    *,
    target: Annotated[
        str,
        typer.Option("-o", "--output", metavar="FILE.html", help="where to; - is standard output"),
    ],
) -> int:
    """Write one self-contained page for the organiser: every submission under every profile, who
    shares what with whom, what is unknown, and what changed between rounds.
    """
    from aisbom.cli.write_file import deliver
    from aisbom.fleet.damage import open_catalogue
    from aisbom.fleet.report import report as page_of

    file = Path(target)
    if target != "-" and (file.is_dir() or not file.parent.is_dir()):
        raise UsageError(f"--output {target}: name a file in a folder that exists")
    with open_catalogue(url) as catalogue:
        page = page_of(catalogue)
    deliver(None if target == "-" else file, target, page)
    return DONE
