"""A bill as one page that needs nothing else: no network, no script to be read.

The words stand in `en.toml` and `ko.toml`, which have the same keys; the page is a Jinja2 template
with autoescape, so that no text of strangers becomes markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from aisbom.bom import Bom
from aisbom.emit.html.view import Verdicts, page
from aisbom.emit.html.words import LANGUAGES, Language, words
from aisbom.errors import UsageError
from aisbom.model.plain import plain

__all__ = ["LANGUAGES", "bundle_page", "report"]


def report(bom: Bom, verdicts: Verdicts, language: Language) -> bytes:
    """The page in UTF-8. `verdicts` are what the bill comes to under every profile.

    Raises UsageError where Jinja2 is not installed.
    """
    return _render("report.html", language, page(bom, verdicts, words(language)))


def bundle_page(bom: Bom, verdict: Mapping[str, Any], language: Language) -> bytes:
    """The page of a bundle for somebody who never saw a bill of materials. `verdict` is what `check
    --format json` prints.
    """
    text = words(language)
    rows = {
        "name": plain(bom.part(bom.root).name),
        "program": bom.program,
        "verdict": verdict["verdict"],
        "policy": plain(f"{verdict['policy']['name']}@{verdict['policy']['version']}"),
        "requirements": [
            {"title": plain(text.rule(row["title"])), "verdict": row["verdict"]}
            for row in verdict["requirements"]
        ],
    }
    return _render("bundle.html", language, rows)


def _render(template: str, language: Language, rows: Mapping[str, Any]) -> bytes:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise UsageError("a report needs Jinja2: pip install 'aisbom[report]'") from error
    from markupsafe import Markup

    # What a document says may come from anybody, whichever field it stands in.
    folder = files("aisbom.emit.html")
    environment = Environment(
        autoescape=True,
        finalize=lambda value: (
            plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
        ),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page_of = environment.from_string((folder / template).read_text("utf-8"))
    return page_of.render(
        t=words(language),
        language=language,
        style=Markup((folder / "report.css").read_text("utf-8")),  # noqa: S704  our own file
        script=Markup((folder / "report.js").read_text("utf-8")),  # noqa: S704  our own file
        **rows,
    ).encode()
