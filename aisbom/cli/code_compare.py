"""`aisbom code compare`. As in `cli`, whatever is heavier than argparse is imported when the
command runs.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from aisbom.cli.exit_codes import DONE, NOTHING, UsageError


def register(acts: Any) -> None:
    """Add `compare` to the commands of `aisbom code` (`acts` is what `add_subparsers` gave)."""
    compare = acts.add_parser(
        "compare",
        help="what do two files or trees have in common?",
        description=(
            "Compare the code of A with that of B, B taken as the possible ancestor. Nothing is"
            " run. A measurement, no judgement."
        ),
    )
    compare.add_argument(
        "a",
        metavar="A",
        help="a source file, a folder, a wheel, a zip or a tar: the code in question",
    )
    compare.add_argument("b", metavar="B", help="the same: the code that may be the source")
    compare.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="form of the answer (default text)",
    )
    compare.set_defaults(run=compare_command)


def compare_command(given: argparse.Namespace) -> int:
    """Compare two paths and print the answer."""
    from pathlib import Path

    from aisbom.codeprint import index
    from aisbom.codeprint.compare import compare, side
    from aisbom.codeprint.compare_text import text
    from aisbom.codeprint.derive import corpus

    for name in (given.a, given.b):
        if not Path(name).exists():
            raise UsageError(f"{name}: no such file or folder")
    sides = []
    for name in (given.a, given.b):
        try:
            sides.append(side(Path(name)))
        except (ValueError, OSError) as error:
            print(f"aisbom: {name}: {error}", file=sys.stderr)
            return NOTHING
    known, notes = index.load()
    for note in notes:
        print(f"aisbom: {note}", file=sys.stderr)
    answer = compare(sides[0], sides[1], corpus(known) if known.projects else None)
    if given.format == "json":
        import json

        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        print(text(answer))
    return DONE
