"""The commands of `aisbom weights`. As in `cli`, whatever is heavier than argparse is imported by the command that needs it."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from aisbom.usage import DONE, NOTHING, UsageError


def register(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add `weights` and its commands to the program's (`commands` is what `add_subparsers` gave)."""
    weights = commands.add_parser("weights", help="what weight files hold", description="What weight files hold. Nothing in them is run.")
    acts = weights.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=parser_class)

    inspect = acts.add_parser(
        "inspect", help="parameters, types, sub-models, digests", description="What FILE, or the checkpoint in FOLDER, is and holds."
    )
    inspect.add_argument(
        "path", metavar="FILE|FOLDER", help="a weight file of any format, an index of shards, or a folder that holds one model"
    )
    inspect.add_argument("--format", choices=("text", "json"), default="text", help="form of the answer (default text)")
    inspect.add_argument(
        "--hash", choices=("none", "sampled", "full"), default="none", help="digest the bytes too (default none: headers only)"
    )
    inspect.set_defaults(run=_inspect)


def _inspect(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.weights.inspect import inspected, text

    path = Path(given.path)
    if not path.exists():
        raise UsageError(f"{given.path}: no such file or folder")
    try:
        answer = inspected(path, given.hash)
    except ValueError as error:
        print(f"aisbom: {given.path}: {error}", file=sys.stderr)
        return NOTHING
    if given.format == "json":
        import json

        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        print(text(answer))
    return DONE
