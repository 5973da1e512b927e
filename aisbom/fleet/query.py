"""SQL over a catalogue on DuckDB: its tables, and nothing else. No file is opened by a statement,
none is written, no extension is loaded or fetched.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any, NamedTuple

from aisbom.errors import UsageError
from aisbom.fleet import schema
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.damage import refuse_damaged
from aisbom.fleet.needs import import_extra
from aisbom.fleet.tables import Tables

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How what a spreadsheet calculates begins: in CSV an apostrophe goes before it
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

_LOCKED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",
    "SET TimeZone = 'UTC'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class Answer(NamedTuple):
    """The columns and rows of an answer."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class AskedBefore(NamedTuple):
    """A question that is shipped: what it asks, and whether it takes a word."""

    name: str
    title: str
    sql: str

    @property
    def takes_word(self) -> bool:
        """Whether a word goes with it."""
        return "$word" in self.sql


def connect(catalogue: Catalogue) -> Any:
    """A DuckDB connection to the tables of a catalogue, which statements cannot leave.

    Beside them are `entries` (every submission and round), `rounds` (their order) and `current`
    (the entry of each submission in its last round).
    """
    duckdb = import_extra("duckdb")
    connection = duckdb.connect(":memory:")
    tables = Tables(catalogue)
    every = tables.entries_table()
    connection.register("entries", every)
    rounds = sorted(set(every["round"].to_pylist()), key=_natural)
    pa = import_extra("pyarrow")
    connection.register(
        "rounds",
        pa.table(
            {
                "round": pa.array(rounds, pa.string()),
                "position": pa.array(range(len(rounds)), pa.int64()),
            }
        ),
    )
    for table in schema.TABLES:
        connection.register(f"{table}_parts", tables.parts(table))
        connection.register(f"{table}_together", tables.together(table))
        connection.execute(
            f"CREATE VIEW {table} AS SELECT * FROM {table}_parts UNION ALL"  # noqa: S608
            f" SELECT * FROM {table}_together WHERE unit IN (SELECT unit FROM entries)"
        )
    for table in schema.ADDED:
        connection.register(f"{table}_added", tables.added_rows(table))
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {table}_added")  # noqa: S608
    connection.execute(
        "CREATE VIEW current AS SELECT entries.* FROM entries JOIN rounds USING (round)"
        " QUALIFY row_number() OVER (PARTITION BY submission ORDER BY position DESC) = 1"
    )
    for statement in _LOCKED:
        connection.execute(statement)
    return connection


def query(catalogue: Catalogue, sql: str, word: str | None = None) -> Answer:
    """The answer to one statement. Raises UsageError with the first line of what DuckDB says, or
    with what of the catalogue is damaged.
    """
    duckdb = import_extra("duckdb")
    connection = connect(catalogue)
    try:
        done = connection.execute(sql, {"word": word} if word is not None else None)
        columns = tuple(column[0] for column in done.description or ())
        return Answer(columns, done.fetchall())
    except duckdb.Error as error:
        if isinstance(error, duckdb.InvalidInputException | duckdb.IOException):
            refuse_damaged(catalogue, error)
        line = next((one for one in str(error).splitlines() if one.strip()), "")
        raise UsageError(f"SQL: {line}") from error
    finally:
        connection.close()


def questions() -> dict[str, AskedBefore]:
    """The questions that are shipped, by name."""
    found = {}
    folder = files("aisbom.fleet") / "questions"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            text = file.read_text("utf-8")
            title, _, sql = text.partition("\n")
            name = file.name.removesuffix(".sql")
            found[name] = AskedBefore(name, title.removeprefix("--").strip(), sql)
    return found


def ask(catalogue: Catalogue, name: str, word: str | None = None) -> Answer:
    """The answer to a shipped question. Raises UsageError for one that is not known, and for a word
    that is missing or not asked for.
    """
    known = questions()
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
        raise UsageError(f"no question {name!r}; {hint}")
    one = known[name]
    if one.takes_word and word is None:
        raise UsageError(f"{name}: {one.title}: name what is looked for: `fleet ask {name} WORD`")
    if not one.takes_word and word is not None:
        raise UsageError(f"{name}: takes no word, and {word!r} was given")
    return query(catalogue, one.sql, word)


def _natural(text: str) -> list[tuple[int, int | str]]:
    """Round 10 comes after round 9."""
    return [
        (0, int(part)) if part.isdecimal() else (1, part)
        for part in re.split(r"(\d+)", text)
        if part
    ]
