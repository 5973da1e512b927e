"""`aisbom explain`: everything known about one component, and what speaks against it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.measure import is_empty, list_gaps, measure, say_nothing_found
from aisbom.cli.options import Language, Query, Scanning, Source, Talking, locale_language
from aisbom.cli.request import open_request
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.model import Scan

app = new_app()


@command(
    app,
    examples=(
        "aisbom explain . numpy                         a package of this folder",
        "aisbom explain bom.cdx.json models/encoder     what lies there",
        "aisbom explain bom.cdx.json c-3f9a12d07b44     one claim, as cited",
    ),
)
def explain(
    path: Source,
    query: Query,
    *,
    language: Language = None,
    scanning: Scanning,
    talking: Talking,
) -> int:
    """Sightings and claims with their places, the rules behind them, and what is against."""
    from aisbom.emit.explain import explain as explained
    from aisbom.emit.html.words import words
    from aisbom.knowledge import load
    from aisbom.model.select import find

    say = words(language or locale_language())
    with open_request(path, scanning, talking, documents=True) as request:
        scan, _ = measure(request)
        if is_empty(scan):
            say_nothing_found(request, scan, "explain", say)
            return NOTHING
        if not query.strip():
            raise UsageError("QUERY is empty; name a purl, a name, a path or a claim")
        found = find(scan, query)
        if not found:
            raise UsageError(
                f"{query}: no component of that purl, name or path in {path}{_near(scan, query)}"
            )
        text = explained(scan, found, load(request.knowledge), say)
        list_gaps(request, scan, say)
    if len(found) > 1:
        output.write(f"{say('explain.several', count=len(found))}\n")
    output.write(text)
    return DONE


def _near(scan: Scan, query: str) -> str:
    near = get_close_matches(query, {component.name for component in scan.components}, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
