"""`aisbom fleet rescore` and `match`: what follows from a catalogue without another scan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aisbom.cli import complete, output, progress
from aisbom.cli.exit_codes import DONE
from aisbom.cli.fleet_scan import CatalogueArgument
from aisbom.cli.options import SHOWING

if TYPE_CHECKING:
    from aisbom.fleet.catalogue import Catalogue

_SHOWN = 50

Quiet = Annotated[
    bool,
    typer.Option("-q", "--quiet", help="say nothing but errors", rich_help_panel=SHOWING),
]


def rescore(
    url: CatalogueArgument,
    *,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            metavar="NAME|FILE",
            help="the other rule: a shipped profile or a file",
            autocompletion=complete.profiles,
        ),
    ],
    quiet: Quiet = False,
) -> int:
    """Judge every submission under another profile, from its document: no tree is read. The rows
    are kept in the tables `rescored` and `rescored_requirements`.
    """
    from aisbom.emit.terminal import interval_text
    from aisbom.fleet.damage import open_catalogue
    from aisbom.fleet.rescore import rescore as judged

    with open_catalogue(url) as catalogue, progress.show(quiet) as shown:
        found = judged(catalogue, [profile], lambda done, total: shown("judging", done, total))
    if not quiet:
        names = _names(catalogue)
        rows = [
            (
                names[unit],
                judgement.verdict,
                *(interval_text(judgement.score.totals[role]) for role in ("core", "peripheral")),
            )
            for unit, judgement in found
        ]
        output.write_table(("submission", "verdict", "core", "peripheral"), sorted(rows))
    return DONE


def match(
    url: CatalogueArgument,
    *,
    common: Annotated[
        list[str] | None,
        typer.Option(
            "--common",
            metavar="SUBMISSION",
            help="what the organiser handed out to all: nobody's (repeatable)",
        ),
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Hold the weights and the code of every submission against those of all others. A comparison
    of values and functions decides, corrected for all pairs; no estimate names anybody. The rows
    are kept in the table `matches`.
    """
    from aisbom.fleet.damage import open_catalogue
    from aisbom.fleet.match import match as matched

    with open_catalogue(url) as catalogue, progress.show(quiet) as shown:
        found = matched(
            catalogue, common or (), lambda done, total: shown("comparing", done, total)
        )
    if not quiet:
        names = _names(catalogue)
        for one in found.same[:_SHOWN]:
            output.write(one.words)
        related = [row for row in found.weights if row.verdict != "inconclusive"]
        every = [*related, *found.code, *found.files]
        for row in every[:_SHOWN]:
            output.write(f"{names[row.a]} and {names[row.b]}: {row.verdict}: {row.words}")
        if len(every) > _SHOWN:
            output.write(f"and {len(every) - _SHOWN:,} more, in the table `matches`")
        output.write(
            f"looked at {found.weight_pairs:,} pairs of checkpoints, {found.function_pairs:,} of"
            f" functions and {found.file_pairs:,} of files: {len(related)}, {len(found.code)} and"
            f" {len(found.files)} findings, corrected for these numbers. By the bound that `weights"
            " compare` states, one wrong name among all of the first has a chance below 1 in 10^9;"
            " what files share is a measurement."
        )
    return DONE


def _names(catalogue: Catalogue) -> dict[str, str]:
    """The submissions that each unit answers for, by comma."""
    found: dict[str, set[str]] = {}
    for entry in catalogue.entries():
        found.setdefault(entry.unit, set()).add(entry.submission)
    return {unit: ", ".join(sorted(names)) for unit, names in found.items()}
