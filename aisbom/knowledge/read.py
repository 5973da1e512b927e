"""Read the data files: comma-separated, one row a line, `#` lines are comments, lists have "; "
between their parts.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aisbom.errors import UsageError
from aisbom.knowledge.rows import Row, columns, lists

DATA = Path(__file__).parent / "data"


class Invalid(UsageError):
    """A data file that cannot be used; `messages` name file and line, one problem each."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


def table(path: Path, kind: Row, problems: list[str] | None = None) -> tuple[Any, ...]:
    """The rows of one file, in file order. Problems go to `problems` if given (and the row is left
    out), else Invalid is raised.
    """
    found: list[str] = []
    rows = tuple(_rows(path, kind, found))
    if problems is not None:
        problems.extend(found)
    elif found:
        raise Invalid(found)
    return rows


def _rows(path: Path, kind: Row, problems: list[str]) -> list[Any]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(
            f"{path.name}: cannot be read:"
            f" {error.strerror if isinstance(error, OSError) else 'not UTF-8'}"
        )
        return []
    make = _maker(kind)
    names = columns(kind)
    numbered = [
        (number, line)
        for number, line in enumerate(text.split("\n"), 1)
        if line and not line.startswith("#") and line.strip()
    ]
    header = False
    rows: list[Any] = []
    for number, line in numbered:
        try:
            cells = _cells(line.rstrip("\r"))
        except csv.Error as error:
            problems.append(f"{path.name}:{number}: not a row of comma-separated values: {error}")
            break
        if not header:
            header = True
            wrong = [f"unknown column {cell!r}" for cell in cells if cell not in names]
            wrong += [f"missing column {name!r}" for name in names if name not in cells]
            if not wrong and tuple(cells) != names:
                wrong = [f"columns are to stand in the order {', '.join(names)}"]
            if wrong:
                problems.extend(f"{path.name}:{number}: {message}" for message in wrong)
                return []
        elif len(cells) != len(names):
            problems.append(f"{path.name}:{number}: {len(cells)} cells, {len(names)} expected")
        else:
            rows.append(make(cells, number))
    if not header:
        problems.append(f"{path.name}:1: no header: {', '.join(names)} expected")
    return rows


def _cells(line: str) -> list[str]:
    """The cells of one row, without the spaces around them. A row is one line."""
    if '"' not in line:
        cells = line.split(",")
        # Few rows have a space beside a comma: the cells of the others are not looked at.
        edged = ", " in line or " ," in line or line != line.strip() or not line.isprintable()
        return [cell.strip() for cell in cells] if edged else cells
    try:
        return [cell.strip() for cell in next(csv.reader((line,), strict=True))]
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise csv.Error("a row is one line: a quote is not closed") from error
        raise


def _maker(kind: Row) -> Callable[[list[str], int], Any]:
    split = tuple(index for index, name in enumerate(columns(kind)) if name in lists(kind))

    def make(cells: list[str], number: int) -> Any:
        row: list[Any] = cells
        for index in split:
            text = row[index]
            if not text:
                row[index] = ()
            elif ";" in text:
                row[index] = tuple([part for cell in text.split(";") if (part := cell.strip())])
            else:
                row[index] = (text,)
        row.append(number)
        return kind(*row)

    return make
