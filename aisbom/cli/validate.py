"""`aisbom validate`: which required elements a document of any tool has."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, VIOLATED
from aisbom.cli.options import QUESTION, Answering, locale_language
from aisbom.errors import UsageError

app = new_app()

_MAX_DOCUMENT = 256 * 1024 * 1024


@command(
    app,
    examples=(
        "aisbom validate bom.cdx.json                            its format's own schema",
        "aisbom validate bom.cdx.json --profile g7-ai            the G7's elements for AI",
        "syft . -o spdx-json | aisbom validate - --profile ntia  documents of other tools, too",
    ),
)
def validate(
    sbom: Annotated[
        str,
        typer.Argument(
            metavar="SBOM",
            help="CycloneDX 1.2 to 1.7 (JSON, XML) or SPDX 2.3 (JSON), of any tool; - is standard"
            " input",
            show_default=False,
        ),
    ],
    *,
    profile: Annotated[
        Literal["schema", "ntia", "cisa-2026", "g7-ai", "bsi-tr-03183-2"],
        typer.Option("--profile", help="whose elements", rich_help_panel=QUESTION),
    ] = "schema",
    answering: Answering,
) -> int:
    """Which elements of a bill of materials are met, missing or not applicable, and what would
    supply those that are missing.
    """
    from aisbom.bom.element_sets import SETS
    from aisbom.bom.elements import hold_against
    from aisbom.emit import any_document, elements
    from aisbom.emit.html.words import words

    bom = any_document.read(_read(sbom), "standard input" if sbom == "-" else sbom)
    chosen = SETS.get(profile)
    answers = hold_against(bom, chosen) if chosen else ()
    if answering.form == "json":
        output.write_json(elements.data(bom, chosen, answers))
    else:
        say = words(answering.language or locale_language())
        output.write(elements.text(bom, chosen, answers, say))
    met = all(answer.status != "missing" for answer in answers)
    sound = not bom.errors and not bom.broken and (chosen or bom.schema)
    return DONE if met and sound else VIOLATED


def _read(given: str) -> bytes:
    if given == "-":
        return sys.stdin.buffer.read(_MAX_DOCUMENT + 1)
    path = Path(given)
    try:
        if path.stat().st_size > _MAX_DOCUMENT:
            raise UsageError(f"{given}: larger than {_MAX_DOCUMENT:,} bytes: not read")
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{given}: no such file; name a document, or - for standard input"
        ) from None
    except OSError as error:
        raise UsageError(f"{given}: cannot be read: {error.strerror}") from error
