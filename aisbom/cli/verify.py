"""`aisbom verify`: does a document describe this tree?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.diff import read_document
from aisbom.cli.exit_codes import DONE, NOT_VERIFIED, NOTHING
from aisbom.cli.measure import is_empty, list_gaps, measure, say_nothing_found
from aisbom.cli.options import QUESTION, Answering, Scanning, Talking, locale_language
from aisbom.cli.request import open_request

if TYPE_CHECKING:
    from aisbom.bom import Bom
    from aisbom.bom.verify import Difference
    from aisbom.emit.html.words import Words

app = new_app()


class _Inputs(NamedTuple):
    """What the user named: a tree, and the document to hold against it."""

    tree: str
    sbom: str


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
    answering: Answering,
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
    from aisbom.emit.html.words import words

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
            text = words(answering.language or locale_language())
            say_nothing_found(request, scan, "verify", text)
            return NOTHING
        found = build(scan, judgement)
        list_gaps(request, scan, words(answering.language or locale_language()))
    differences = compare(stated, found)
    doubts = tuple(reservations(stated, found)) if differences else ()
    say = words("en" if answering.form == "json" else answering.language or locale_language())
    told = [
        say(f"verify.reason.{doubt}", one=stated.program, other=found.program) for doubt in doubts
    ]
    if answering.form == "json":
        output.write_json(_data(_Inputs(path, sbom), differences, told, found))
    else:
        output.write(_text(_Inputs(path, sbom), differences, told, found, say))
    return NOT_VERIFIED if differences else DONE


def _home(stated: Bom) -> str:
    """The home that the document was given; what the program found itself it finds again."""
    sovereignty = stated.sovereignty
    return ",".join(sovereignty.home) if sovereignty.home_from == "given" else ""


def _text(
    asked: _Inputs,
    differences: tuple[Difference, ...],
    doubts: Sequence[str],
    found: Bom,
    say: Words,
) -> str:
    from aisbom.emit.changes import describe

    if not differences:
        lines = [say("verify.holds", sbom=asked.sbom, tree=asked.tree, count=len(found.parts))]
    else:
        counts = Counter(one.kind for one in differences)
        said = (say(f"verify.count.{kind}", count=count) for kind, count in counts.items())
        lines = [say("verify.fails", sbom=asked.sbom, tree=asked.tree, said=", ".join(said))]
    for one in differences[:_SHOWN]:
        kind, topic = say(f"verify.kind.{one.kind}"), say(f"diff.topic.{one.change.topic}")
        lines.append(f"  {kind:<14}{topic}: {describe(one.change, say)}"[:_WIDTH])
    if len(differences) > _SHOWN:
        lines.append(f"  {say('verify.more', count=len(differences) - _SHOWN)}")
    lines += [f"  {say('verify.doubt', doubt=doubt)}" for doubt in doubts]
    if found.gap_count:
        lines.append(f"  {say('verify.gaps', count=found.gap_count)}")
    return "\n".join(lines)


def _data(
    asked: _Inputs,
    differences: tuple[Difference, ...],
    doubts: Sequence[str],
    found: Bom,
) -> dict[str, Any]:
    from aisbom.emit import changes

    rows = changes.data([one.change for one in differences])
    return {
        "tree": asked.tree,
        "sbom": asked.sbom,
        "holds": not differences,
        "parts": len(found.parts),
        "gaps": found.gap_count,
        "reservations": list(doubts),
        "differences": [
            {"kind": one.kind, **row} for one, row in zip(differences, rows, strict=True)
        ],
    }
