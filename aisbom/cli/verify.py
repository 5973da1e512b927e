"""`aisbom verify`: does a document describe this tree?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.diff import read_document
from aisbom.cli.exit_codes import DONE, NOT_VERIFIED, NOTHING
from aisbom.cli.measure import is_empty, list_gaps, measure, say_nothing_found
from aisbom.cli.options import QUESTION, Scanning, Talking, TextOrJson, open_request

if TYPE_CHECKING:
    from aisbom.bom import Bom
    from aisbom.bom.verify import Difference

app = new_app()

_SHOWN = 40
_WIDTH = 180


@command(
    app,
    examples=(
        "aisbom verify . --sbom aisbom.cdx.json            exit 5 where it does not hold",
        "aisbom verify submission.zip --sbom aisbom.cdx.json --format json",
    ),
)
def verify(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="the tree: a folder, a wheel, zip or tar", show_default=False
        ),
    ],
    *,
    sbom: Annotated[
        str,
        typer.Option(
            "--sbom", metavar="SBOM", help="the document of aisbom", rich_help_panel=QUESTION
        ),
    ],
    form: TextOrJson = "text",
    scanning: Scanning,
    talking: Talking,
) -> int:
    """Scan PATH again, without any cache, and compare: what is undeclared, missing, changed or
    contradicts what SBOM says. Give the options that the document was made with.
    """
    from aisbom.bom.build import build
    from aisbom.bom.verify import reservations
    from aisbom.bom.verify import verify as compare
    from aisbom.codeprint import compiled

    compiled.believe(False)
    stated = read_document(sbom)
    scanning = replace(
        scanning,
        no_cache=True,  # what is kept must not answer for what is there
        home=scanning.home or _home(stated),
        profile=scanning.profile or stated.sovereignty.profile,
    )
    with open_request(path, scanning, talking, documents=False, output=Path(sbom)) as request:
        scan, judgement = measure(request)
        if is_empty(scan):
            say_nothing_found(request, scan, "verify")
            return NOTHING
        found = build(scan, judgement)
        list_gaps(request, scan)
    differences = compare(stated, found)
    doubts = tuple(reservations(stated, found)) if differences else ()
    if form == "json":
        output.write_json(_data(path, sbom, differences, doubts, found))
    else:
        output.write(_text(path, sbom, differences, doubts, found))
    return NOT_VERIFIED if differences else DONE


def _home(stated: Bom) -> str:
    """The home that the document was given; what the program found itself it finds again."""
    sovereignty = stated.sovereignty
    return ",".join(sovereignty.home) if sovereignty.home_from == "given" else ""


def _text(
    path: str,
    sbom: str,
    differences: tuple[Difference, ...],
    doubts: tuple[str, ...],
    found: Bom,
) -> str:
    from aisbom.emit.changes import describe

    if not differences:
        lines = [f"{sbom} holds for {path}: {len(found.parts)} parts, found again as it says"]
    else:
        counts = Counter(one.kind for one in differences)
        said = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        lines = [f"{sbom} does not hold for {path}: {said}"]
    for one in differences[:_SHOWN]:
        lines.append(f"  {one.kind:<14}{one.change.topic}: {describe(one.change)}"[:_WIDTH])
    if len(differences) > _SHOWN:
        lines.append(f"  and {len(differences) - _SHOWN} more (--format json lists all)")
    lines += [f"  {doubt}: some differences may come from that" for doubt in doubts]
    if found.gap_count:
        lines.append(f"  {found.gap_count} places could not be looked at: not seen is not verified")
    return "\n".join(lines)


def _data(
    path: str,
    sbom: str,
    differences: tuple[Difference, ...],
    doubts: tuple[str, ...],
    found: Bom,
) -> dict[str, Any]:
    from aisbom.emit import changes

    rows = changes.data([one.change for one in differences])
    return {
        "tree": path,
        "sbom": sbom,
        "holds": not differences,
        "parts": len(found.parts),
        "gaps": found.gap_count,
        "reservations": list(doubts),
        "differences": [
            {"kind": one.kind, **row} for one, row in zip(differences, rows, strict=True)
        ],
    }
