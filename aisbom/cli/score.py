"""`aisbom score`: the score of a tree or a document, with every contribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.measure import is_empty, list_gaps, measure, say_nothing_found
from aisbom.cli.options import QUESTION, Answering, Scanning, Source, Talking, locale_language
from aisbom.cli.request import open_request

if TYPE_CHECKING:
    from aisbom.judge import Judgement
    from aisbom.model import Scan

app = new_app()


@command(
    app,
    examples=(
        "aisbom score bom.cdx.json                 the document alone is enough",
        "aisbom score . --home EU --all-profiles   how far the answer depends on the definition",
        "aisbom generate -q -o - | aisbom score -  without a file between",
    ),
)
def score(
    path: Source = ".",
    all_profiles: Annotated[
        bool,
        typer.Option(
            "--all-profiles", help="one row per definition of core", rich_help_panel=QUESTION
        ),
    ] = False,
    *,
    answering: Answering,
    scanning: Scanning,
    talking: Talking,
) -> int:
    """The score as intervals: what is shown to be ours, and what nothing excludes."""
    from aisbom.emit.html.words import words
    from aisbom.emit.json import score_data
    from aisbom.emit.terminal import score_table, score_text

    say = words(answering.language or locale_language())
    with open_request(path, scanning, talking, documents=True) as request:
        scan, one = measure(request)
        if is_empty(scan):
            say_nothing_found(request, scan, "score", say)
            return NOTHING
        list_gaps(request, scan, say)
        rows = _every_profile(scan, one) if all_profiles else [one]
    if answering.form == "json":
        output.write_json([score_data(row) for row in rows] if all_profiles else score_data(one))
    else:
        output.write(score_table(rows, say) if all_profiles else score_text(one, say))
    return DONE


def _every_profile(scan: Scan, one: Judgement) -> list[Judgement]:
    from aisbom.judge import profile as profiles
    from aisbom.pipeline import measure as measure_under

    home = one.score.home if one.score.home_from == "given" else ()
    # A definition that names its own home keeps it: the Union's framework asks about the Union,
    # whoever is at home here.
    return [
        measure_under(scan, name, () if profiles.load(name).home else home)
        for name in profiles.by_breadth()
    ]
