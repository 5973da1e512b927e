"""`aisbom diff`: what changed between two documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE
from aisbom.cli.options import SHOWING, Language, locale_language
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.bom import Bom

app = new_app()

_Document = Annotated[
    str, typer.Argument(help="a document of aisbom (JSON or XML)", show_default=False)
]


@command(
    app,
    examples=(
        "aisbom diff main.cdx.json branch.cdx.json",
        "aisbom diff old.cdx.json new.cdx.json --format markdown > comment.md",
    ),
)
def diff(
    old: _Document,
    new: _Document,
    *,
    form: Annotated[
        Literal["text", "json", "markdown"],
        typer.Option("--format", help="form of the answer", rich_help_panel=SHOWING),
    ] = "text",
    language: Language = None,
) -> int:
    """What changed from OLD to NEW: parts, versions, licences, origins, lineage, roles, findings,
    score and verdicts.
    """
    from aisbom.bom.diff import diff as compare
    from aisbom.emit import changes
    from aisbom.emit.html.words import words

    found = compare(read_document(old), read_document(new))
    if form == "json":
        output.write_json({"old": old, "new": new, "changes": changes.data(found)})
    elif form == "markdown":
        output.write_utf8(changes.markdown(found, words(language or "en")))
    else:
        output.write(changes.text(found, words(language or locale_language())))
    return DONE


def read_document(given: str) -> Bom:
    """The bill in a document that the user names. Raises UsageError."""
    from aisbom.emit.cyclonedx.read import read

    path = Path(given)
    if path.is_dir():
        raise UsageError(f"{given}: is a folder; name a document, written by `aisbom generate`")
    try:
        return read(path)
    except OSError as error:
        raise UsageError(f"{given}: cannot be read: {error.strerror}") from error
