"""`aisbom report`: a document as one page for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aisbom.cli.commands import command, new_app
from aisbom.cli.diff import read_document
from aisbom.cli.exit_codes import DONE
from aisbom.cli.options import SHOWING, locale_language
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.bom import Bom
    from aisbom.emit.html.view import ProfileRow

app = new_app()


@command(
    app,
    examples=(
        "aisbom report aisbom.cdx.json -o report.html",
        "aisbom report aisbom.cdx.json -o report.ko.html --lang ko",
    ),
)
def report(
    sbom: Annotated[
        str, typer.Argument(metavar="SBOM", help="a document of aisbom", show_default=False)
    ],
    *,
    target: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE", help="where to; - writes to standard output"
        ),
    ],
    language: Annotated[
        Literal["en", "ko"] | None,
        typer.Option(
            "--lang", help="language (default: the locale's, else en)", rich_help_panel=SHOWING
        ),
    ] = None,
) -> int:
    """Write one self-contained page: findings, score, the stack, all profiles, lineage, parts, and
    every claim with its evidence. It needs no network and no scripts.
    """
    from aisbom.emit.html import report as write_page

    file = None if target == "-" else _file(target)
    bom = read_document(sbom)
    page = write_page(bom, verdicts(bom), language or locale_language())
    from aisbom.cli.write_file import deliver
    from aisbom.emit.html.words import words

    deliver(file, target, page, words(language or locale_language()))
    return DONE


def _file(target: str) -> Path:
    file = Path(target)
    if file.is_dir():
        raise UsageError(f"--output {target}: is a folder; name a file in it")
    if not file.parent.is_dir():
        raise UsageError(f"--output {target}: its folder does not exist; create it first")
    return file


def verdicts(bom: Bom) -> list[ProfileRow]:
    """What the bill comes to under every shipped profile, that of the document first."""
    from aisbom import pipeline
    from aisbom.bom.scan import scan_of
    from aisbom.classify import under
    from aisbom.emit.html.view import ProfileRow
    from aisbom.judge import profile as profiles

    scan = scan_of(bom)
    current = bom.sovereignty.profile
    home = bom.sovereignty.home
    rows = []
    for name in sorted(profiles.list_profiles(), key=lambda one: (one != current, one)):
        judgement = pipeline.measure(under(scan, profiles.load(name)), name, home)
        totals = judgement.score.totals
        rows.append(
            ProfileRow(
                judgement.score.profile,
                judgement.score.definition.title,
                judgement.verdict,
                totals["overall"],
                totals["core"],
                totals["peripheral"],
                name == current,
            )
        )
    return rows
