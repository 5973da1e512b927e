"""`aisbom fleet query` and `ask`: SQL over a catalogue, and the questions that are shipped."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aisbom.cli import output
from aisbom.cli.exit_codes import DONE
from aisbom.cli.fleet_scan import CatalogueArgument
from aisbom.cli.options import SHOWING
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.fleet.query import Answer

Form = Annotated[
    Literal["text", "json", "csv"],
    typer.Option("--format", help="form of the answer", rich_help_panel=SHOWING),
]


def query(
    url: CatalogueArgument,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="one statement of DuckDB")],
    form: Form = "text",
) -> int:
    """Ask a catalogue in SQL. A statement sees its tables (schemas/fleet.md), `entries`, `rounds`
    and `current`; it opens no file and writes none.
    """
    from aisbom.fleet.damage import open_catalogue
    from aisbom.fleet.query import query as answered

    with open_catalogue(url) as catalogue:
        answer = answered(catalogue, sql)
    _show(answer, form)
    return DONE


def ask(
    url: CatalogueArgument,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="of the question; without one they are listed")
    ] = "",
    word: Annotated[
        str | None, typer.Argument(metavar="WORD", help="what some of them look for")
    ] = None,
    form: Form = "text",
) -> int:
    """Ask a catalogue one of the questions that are shipped."""
    from aisbom.fleet import query as asking
    from aisbom.fleet.damage import open_catalogue

    if not name:
        rows = [(q.name, q.title) for q in asking.questions().values()]
        output.write_table(("question", "what it answers"), rows)
        return DONE
    with open_catalogue(url) as catalogue:
        answer = asking.ask(catalogue, name, word)
    _show(answer, form)
    return DONE


def _show(answer: Answer, form: str) -> None:
    if form == "json":
        output.write_json(
            [
                {key: _plain(value) for key, value in zip(answer.columns, row, strict=True)}
                for row in answer.rows
            ]
        )
    elif form == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([_cell(value) for value in row] for row in answer.rows)
        output.write_utf8(text.getvalue().removesuffix("\n"))
    elif answer.columns:
        rows = [["" if v is None else str(_plain(v)) for v in row] for row in answer.rows]
        output.write_table(answer.columns, rows)
        output.note(f"{len(rows):,} row{'s' * (len(rows) != 1)}")
    else:
        raise UsageError("SQL: a statement without an answer")


def _cell(value: Any) -> Any:
    """A value for CSV: a text that a spreadsheet would take for a formula begins with an
    apostrophe.
    """
    from aisbom.fleet.query import FORMULA

    plain = _plain(value)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(FORMULA) else plain


def _plain(value: Any) -> Any:
    """What JSON and CSV have no form for, as text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, float):
        return round(value, 6) if value == value and abs(value) != float("inf") else None  # noqa: PLR0124
    return value if value is None or isinstance(value, str | int | bool) else str(value)
