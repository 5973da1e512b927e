"""A bill as one page that needs nothing else: no network, no script to be read.

The words stand in `en.toml` and `ko.toml`, which have the same keys; the page is a Jinja2 template
with autoescape, so that no text of strangers becomes markup.
"""

from __future__ import annotations

from importlib.resources import files

from aisbom.bom import Bom
from aisbom.emit.html.view import Verdicts, page
from aisbom.emit.html.words import Language, words
from aisbom.errors import UsageError


def report(bom: Bom, verdicts: Verdicts, language: Language) -> bytes:
    """The page in UTF-8. `verdicts` are what the bill comes to under every profile.

    Raises UsageError where Jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise UsageError("a report needs Jinja2: pip install 'aisbom[report]'") from error
    from markupsafe import Markup

    folder = files("aisbom.emit.html")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((folder / "report.html").read_text("utf-8"))
    text = words(language)
    return template.render(
        t=text,
        language=language,
        style=Markup((folder / "report.css").read_text("utf-8")),  # noqa: S704  our own file
        script=Markup((folder / "report.js").read_text("utf-8")),  # noqa: S704  our own file
        **page(bom, verdicts, text),
    ).encode()
