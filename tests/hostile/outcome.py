"""What falls short in what the program left of a hostile tree, by kind."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tests.hostile import Case
from tests.program import every_component, properties

Kind = Literal["traceback", "hang", "execution", "escape", "unsaid", "lost", "verdict", "left"]
KINDS: tuple[Kind, ...] = (
    *("traceback", "hang", "execution", "escape"),
    *("unsaid", "lost", "verdict", "left"),
)
"""A traceback or another exit code; no end in time; something ran; words that steer, or that must
not leave; a cut or a hazard without a word; a harmless part that is missing or accused; a wrong
verdict; files or processes left behind.
"""

STEERS = ("\x1b", "\x9b", "\x7f", "\u202e", "\n::", "##[", "\ud800")


class Short(NamedTuple):
    """One thing that falls short."""

    kind: Kind
    words: str


def plant(tree: Path) -> None:
    """The harmless neighbours: a requirement, and a model file that only holds data."""
    (tree / "neighbour").mkdir(parents=True)
    (tree / "neighbour" / "requirements.txt").write_text("neighbour==1\n")
    (tree / "neighbour" / "state.pkl").write_bytes(pickle.dumps({"weight": [1.0, 2.0]}))


def shortfalls(case: Case, folder: Path, code: int, out: str, err: str) -> Iterator[Short]:
    """What falls short where the tree of a case lay in `folder/tree`, the document was asked for
    at `folder/out.json`, and the program ended with `code`.
    """
    if code != case.code or "Traceback" in err or "defect" in err:
        yield Short("traceback", f"exit {code}: {err.strip()[-300:]}")
    if (folder / "executed").exists():
        yield Short("execution", "something was run")
    for path in (folder / "temporary").iterdir():
        yield Short("left", path.name)
    for words in STEERS:
        if words in out + err:
            yield Short("escape", f"prints {words!r}")
    rest = [line for line in err.splitlines() if not line.startswith("not applied, ")]
    if len(rest) > (1 if case.code else 0):
        yield Short("escape", f"says {' '.join(rest)[:200]}")
    if not case.code:
        yield from _of_document(case, folder / "out.json", out + err)


def _of_document(case: Case, path: Path, printed: str) -> Iterator[Short]:
    if not path.exists():
        yield Short("lost", "no document")
        return
    text = path.read_text("utf-8")
    document = json.loads(text)
    for words in STEERS:
        if words in text:
            yield Short("escape", f"writes {words!r}")
    for words in case.unsaid:
        if words in text + printed:
            yield Short("escape", f"says {words!r}")
    names = {row["name"] for row in every_component(document)}
    for name in ("neighbour", *case.seen):
        if name not in names:
            yield Short("lost", f"no {name}")
    gaps = properties(document["metadata"], "aisbom:gap")
    for place in case.gaps:
        if not any(gap.startswith(place) for gap in gaps):
            yield Short("unsaid", f"no gap at {place}")
    told = set(_accused(document))
    for place in case.runs:
        if not any(place == one or place.startswith(f"{one}/") for one in told):
            yield Short("unsaid", f"{place} passes for harmless")
    for place in told:
        if "neighbour" in place:
            yield Short("lost", f"{place} is accused")


def _accused(document: dict[str, Any]) -> Iterator[str]:
    """The places of what is said to run code, or not to be read."""
    for row in every_component(document):
        if properties(row, "aisbom:runs-code"):
            yield from properties(row, "aisbom:component:path")
            yield from (
                place["location"] for place in row.get("evidence", {}).get("occurrences", ())
            )
