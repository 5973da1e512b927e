"""`aisbom knowledge`: the facts about the world that come with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, USAGE
from aisbom.errors import UsageError

app = new_app(help="The facts about the world that come with the program.")


@command(
    app,
    "show",
    examples=(
        "aisbom knowledge show huggingface    an organisation, or its account on the hub",
        "aisbom knowledge show KR             a country and the organisations of it",
    ),
)
def show_rows(
    query: Annotated[
        str,
        typer.Argument(
            metavar="X",
            help="an organisation, package, account, domain, country, model family or licence",
        ),
    ],
) -> int:
    """The rows about one thing, each with its source and date."""
    from aisbom.knowledge import load
    from aisbom.knowledge.show import nearest, show

    knowledge = load()
    text = show(knowledge, query)
    if not text:
        raise UsageError(f"{query}: nothing is known of it{nearest(knowledge, query)}")
    output.write(text)
    return DONE


@command(app, "stats", examples=("aisbom knowledge stats",))
def print_stats() -> int:
    """How many rows each table has, how old they are, and how much they answer."""
    from aisbom.knowledge import load
    from aisbom.knowledge.stats import stats

    output.write(stats(load()))
    return DONE


@command(app, "check", examples=("aisbom knowledge check my/organisations.csv",))
def check_rows(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="a CSV file of organisations", show_default=False)
    ] = "",
) -> int:
    """Validate the tables that come with the program, or a file of your own."""
    from aisbom.knowledge.show import report

    if file and not Path(file).is_file():
        raise UsageError(f"{file}: no such file; name a CSV file of organisations")
    text, well = report(Path(file) if file else None)
    (output.write if well else output.note)(text)
    return DONE if well else USAGE
