"""Hosted services that a command line reaches: programs that are clients of one (`ngrok http 80`),
and trainers that send their metrics there (`--report_to wandb`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aisbom.collect.references.rows import Source
from aisbom.lazy_module import compile_later
from aisbom.model import Location, Row

_CLIENTS = (
    (compile_later(r"\bngrok\s+(?:http|tcp|start)\b"), "ngrok.connect"),
    (compile_later(r"\bwandb\s+(?:login|agent|sweep|launch)\b"), "wandb.init"),
    (
        compile_later(
            r"--(?:report[-_]to|log[-_]with|logger|tracker)[=\s]+['\"]?\[?['\"]?wandb(?![\w.-])"
        ),
        "wandb.init",
    ),
    (compile_later(r"\bmodal\s+(?:deploy|run|serve)\s+[\w./]"), "modal.App"),
)
"""What is found in a command, and the class by which the knowledge knows whose it is."""


def rows(text: str, source: Source, place: Callable[[str], tuple[Location, str]]) -> Iterator[Row]:
    """The services of one command; `place` is where a text of it stands."""
    for pattern, client in _CLIENTS:
        if match := pattern.search(text):
            yield from source.service(client, "class", *place(match[0]))
