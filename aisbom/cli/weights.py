"""The commands of `aisbom weights`. As in `cli`, whatever is heavier than argparse is imported by
the command that needs it.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from aisbom.cli.exit_codes import DONE, NOTHING, UsageError

if TYPE_CHECKING:
    from aisbom.weights.side import Side


def register(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add `weights` and its commands to the program's (`commands` is what `add_subparsers`
    gave).
    """
    weights = commands.add_parser(
        "weights",
        help="what weight files hold",
        description="What weight files hold. Nothing in them is run.",
    )
    acts = weights.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=parser_class
    )

    inspect = acts.add_parser(
        "inspect",
        help="parameters, types, sub-models, digests",
        description="What FILE, or the checkpoint in FOLDER, is and holds.",
    )
    inspect.add_argument(
        "path",
        metavar="FILE|FOLDER",
        help="a weight file of any format, an index of shards, or a folder that holds one model",
    )
    inspect.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="form of the answer (default text)",
    )
    inspect.add_argument(
        "--hash",
        choices=("none", "sampled", "full"),
        default="none",
        help="digest the bytes too (default none: headers only)",
    )
    inspect.set_defaults(run=_inspect)

    sketch = acts.add_parser(
        "sketch",
        help="a small file that stands for a checkpoint in comparisons",
        description=(
            "Write a sketch of a checkpoint, at most 1 MB: keys of its tensors and sampled units,"
            " coarsely coded."
        ),
    )
    sketch.add_argument(
        "path",
        metavar="FILE|FOLDER",
        help="a weight file, an index of shards, or a folder that holds one model",
    )
    sketch.add_argument("-o", "--output", metavar="FILE", required=True, help="where to")
    sketch.add_argument(
        "--name",
        metavar="TEXT",
        default="",
        help="what the model is called (default: the name of the file)",
    )
    sketch.add_argument(
        "--source", metavar="TEXT", default="", help="where it comes from, such as a purl"
    )
    sketch.add_argument("--license", metavar="SPDX", default="", help="the licence it is under")
    _reading(sketch)
    sketch.set_defaults(run=_sketch)

    compare = acts.add_parser(
        "compare",
        help="do two models have a common origin?",
        description=(
            "Compare checkpoints or sketches: equal values, and an exact test over hidden units,"
            " with controls."
        ),
    )
    compare.add_argument(
        "a", metavar="A", help="a checkpoint or a sketch: the model that may be the source"
    )
    compare.add_argument("b", metavar="B", help="a checkpoint or a sketch: the model in question")
    compare.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="form of the answer (default text)",
    )
    compare.add_argument(
        "--plot",
        metavar="FILE.svg",
        help="also draw the hits of all layer pairs and of the relabellings",
    )
    _reading(compare)
    compare.set_defaults(run=_compare)

    reference = acts.add_parser(
        "reference",
        help="sketches of known models",
        description="Models that are recognised by content.",
    )
    ways = reference.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=parser_class
    )
    add = ways.add_parser(
        "add",
        help="keep a sketch as a reference",
        description="Keep a sketch as a reference of this user.",
    )
    add.add_argument("sketch", metavar="SKETCH")
    add.add_argument(
        "--name", metavar="NAME", default="", help="file name to keep it under (default: its own)"
    )
    add.set_defaults(run=_reference_add)
    listed = ways.add_parser(
        "list", help="the references there are", description="Shipped and added references."
    )
    listed.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="form of the answer (default text)",
    )
    listed.set_defaults(run=_reference_list)


def _reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--hash",
        choices=("sampled", "full"),
        default="",
        help=(
            "values read for equality: all of them (default up to 2 GiB), or the smaller tensors up"
            " to 512 MiB (default above)"
        ),
    )
    parser.add_argument(
        "--jobs", metavar="N", type=int, default=0, help="threads (default: one per core)"
    )


def _inspect(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.examine import digests
    from aisbom.weights.inspect import inspected, text

    path = Path(given.path)
    if not path.exists():
        raise UsageError(f"{given.path}: no such file or folder")
    try:
        answer = inspected(path, lambda file: digests.of_path(file, given.hash))
    except ValueError as error:
        print(f"aisbom: {given.path}: {error}", file=sys.stderr)
        return NOTHING
    if given.format == "json":
        import json

        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        print(text(answer))
    return DONE


def _sketch(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.weights import sketch

    target = Path(given.output)
    if target.is_dir() or not target.parent.is_dir():
        raise UsageError(f"--output {given.output}: name a file in a folder that exists")
    try:
        side = _side(given.path, given, given.name)
        if side.checkpoint is None:
            raise UsageError(f"{given.path}: is a sketch already")
        data = sketch.write(side, given.source, given.license)
    except ValueError as error:
        print(f"aisbom: {given.path}: {error}", file=sys.stderr)
        return NOTHING
    try:
        target.write_bytes(data)
    except OSError as error:
        raise UsageError(f"--output {given.output}: cannot be written: {error.strerror}") from error
    import hashlib

    print(f"wrote {target.name}: {len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    return DONE


def _compare(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.weights import references
    from aisbom.weights.compare import compare
    from aisbom.weights.compare_text import text
    from aisbom.weights.plot import plot

    if given.plot and not Path(given.plot).parent.is_dir():
        raise UsageError(f"--plot {given.plot}: its folder does not exist")
    sides = []
    for path in (given.a, given.b):
        try:
            sides.append(_side(path, given))
        except ValueError as error:
            print(f"aisbom: {path}: {error}", file=sys.stderr)
            return NOTHING
    known, notes = references.load()
    found = compare(sides[0], sides[1], [row.side for row in known], references.common(known))
    for note in notes:
        print(f"aisbom: {note}", file=sys.stderr)
    if given.plot:
        try:
            Path(given.plot).write_text(plot(found), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"--plot {given.plot}: cannot be written: {error.strerror}") from error
    if given.format == "json":
        import json

        print(json.dumps(found.answer, indent=2, ensure_ascii=False))
    else:
        print(text(found.answer))
    return DONE


def _reference_add(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.weights import references

    path = Path(given.sketch)
    if not path.is_file():
        raise UsageError(f"{given.sketch}: no such file")
    if path.stat().st_size > references.MAX_FILE:
        raise UsageError(
            f"{given.sketch}: larger than a sketch may be ({references.MAX_FILE:,} bytes)"
        )
    try:
        kept = references.add(
            path.read_bytes(), given.name or path.name.removesuffix(references.SUFFIX)
        )
    except ValueError as error:
        raise UsageError(f"{given.sketch}: {error}") from error
    except OSError as error:
        raise UsageError(f"the folder of references cannot be written: {error.strerror}") from error
    print(f"kept as {kept.name}")
    return DONE


def _reference_list(given: argparse.Namespace) -> int:
    from aisbom.weights import references

    known, notes = references.load()
    for note in notes:
        print(f"aisbom: {note}", file=sys.stderr)
    rows = [
        {
            "name": r.name,
            "source": r.source,
            "licence": r.licence,
            "parameters": r.side.parameters,
            "tensors": len(r.side.keys),
            "digest": r.digest,
            "shipped": r.shipped,
        }
        for r in known
    ]
    if given.format == "json":
        import json

        print(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for row in rows:
            where = "shipped" if row["shipped"] else "added"
            from_where = (
                f"{row['licence'] or 'licence not stated'}, {row['source'] or 'source not stated'}"
                f" ({where})"
            )
            print(f"{row['name']}: {row['parameters']:,} parameters, {from_where}")
    return DONE


def _side(name: str, given: argparse.Namespace, label: str = "") -> Side:
    """A checkpoint or a sketch by path. Raises ValueError with a one-line reason, UsageError where
    there is nothing.
    """
    import os
    from pathlib import Path

    from aisbom.source import hashing
    from aisbom.weights import references, sketch, tokens
    from aisbom.weights.read.reader import open_checkpoint
    from aisbom.weights.side import SAMPLED, of_checkpoint

    path = Path(name)
    if not path.exists():
        raise UsageError(f"{name}: no such file or folder")
    if given.jobs < 0:
        raise UsageError(f"--jobs {given.jobs}: a number of threads, 1 or more")
    if path.is_file() and path.stat().st_size <= references.MAX_FILE and sketch.is_sketch(path):
        return sketch.read(path.read_bytes())
    opened = open_checkpoint(path)
    size = sum(tensor.nbytes for tensor in opened.tensors)
    budget = (
        SAMPLED
        if given.hash == "sampled" or (not given.hash and size > hashing.FULL_UP_TO)
        else None
    )
    side = of_checkpoint(opened, label or path.name, budget, given.jobs or os.cpu_count() or 1)
    side.vocabulary, why = tokens.beside(opened.files, opened.format)
    if why and not side.vocabulary:
        side.notes.append(why)
    return side
