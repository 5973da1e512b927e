"""Arguments in, exit code out. A command is imported when it is called, and what it needs when it
runs: `aisbom --help` loads Typer and nothing heavier.

Whoever is at fault is told so: a `UsageError` is the user's and exit code 2; whatever else comes
out of a command is a defect of this program and exit code 4.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar

import typer

from aisbom.cli import output
from aisbom.cli.commands import EXIT_CODES, Entry, Group, new_app
from aisbom.cli.exit_codes import DONE, FAILED, INTERRUPTED, USAGE
from aisbom.cli.signals import interruptible
from aisbom.errors import UsageError

_SCAN, _ANSWER, _HAND, _LOOK = "Write a bill of materials", "Ask it", "Hand it over", "Look closer"


class _Program(Group):
    entries: ClassVar = {
        "generate": Entry("aisbom.cli.generate", _SCAN, "walk a tree and write its SBOM"),
        "score": Entry("aisbom.cli.score", _ANSWER, "the score with every contribution"),
        "check": Entry("aisbom.cli.check", _ANSWER, "hold a tree or an SBOM against a policy"),
        "explain": Entry("aisbom.cli.explain", _ANSWER, "everything known about one component"),
        "validate": Entry("aisbom.cli.validate", _ANSWER, "which required elements an SBOM has"),
        "diff": Entry("aisbom.cli.diff", _ANSWER, "what changed between two SBOMs"),
        "report": Entry("aisbom.cli.report", _HAND, "an SBOM as one page for people"),
        "verify": Entry("aisbom.cli.verify", _HAND, "whether an SBOM describes a tree"),
        "attest": Entry("aisbom.cli.attest", _HAND, "sign what an SBOM says of a submission"),
        "verify-attestation": Entry(
            "aisbom.cli.verify_attestation", _HAND, "whether what was signed still holds"
        ),
        "bundle": Entry("aisbom.cli.bundle", _HAND, "one archive that the other side can re-run"),
        "verify-bundle": Entry(
            "aisbom.cli.verify_bundle", _HAND, "whether a bundle is found again in its tree"
        ),
        "code": Entry("aisbom.cli.code", _LOOK, "where source code comes from"),
        "weights": Entry("aisbom.cli.weights", _LOOK, "what weight files hold"),
        "fleet": Entry("aisbom.cli.fleet", _LOOK, "many submissions as one catalogue"),
        "knowledge": Entry("aisbom.cli.knowledge", _LOOK, "the facts about the world shipped here"),
    }


app = new_app(
    cls=_Program,
    add_completion=True,
    help="The bill of materials of an AI stack, with evidence: how much of this is ours?",
    epilog="\n".join(
        [
            "Examples:",
            "  aisbom generate                  write ./aisbom.cdx.json",
            "  aisbom check . --policy eu       hold this folder against a policy",
            "  aisbom explain . numpy           where a part comes from, and who says so",
            "",
            "Exit codes:",
            *(f"  {line}" for line in EXIT_CODES),
        ]
    ),
)


def _show_version(asked: bool) -> None:
    if asked:
        from aisbom.cli.version import rival, version

        output.write(version())
        if beside := rival():
            output.note(f"aisbom: {beside}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option(
            "-V", "--version", callback=_show_version, is_eager=True, help="show the version"
        ),
    ] = False,
) -> None:
    """The options before the command; `--version` has answered by now."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    # Rows are frozen and make no cycles: looking for some after every few hundred of them costs a
    # fifth of the time.
    gc.set_threshold(200_000, 50, 100)
    # The interpreter looks through all of them three more times when it ends: a fifth of a small
    # scan, for memory that the system takes back at once.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    output.prepare()
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with interruptible():
            code = app(given, prog_name="aisbom", standalone_mode=False)
        if code == INTERRUPTED:  # Typer has caught it
            raise KeyboardInterrupt
        output.finish()
        return int(code or 0)
    except UsageError as error:
        output.note(f"aisbom: {_say(str(error), given)}")
        return USAGE
    except SystemExit as left:
        # Typer ends so where a shell asked for names, where it cannot complete for this one, and
        # where nobody reads its help any more.
        return USAGE if left.code and not isinstance(left.__context__, BrokenPipeError) else DONE
    except KeyboardInterrupt:
        output.note(f"aisbom: {_say('interrupted; nothing was written', given)}")
        return INTERRUPTED
    # The last one: a defect must not look like a violated policy, nor like the user's mistake.
    except Exception as error:  # noqa: BLE001
        return _report(error, given)


def _report(error: Exception, given: Sequence[str]) -> int:
    """Say on one line what ended the program, and whose fault it was."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        output.abandon()
        output.note(f"aisbom: {_say(f'no room to write: {error.strerror}', given)}")
        return USAGE
    if isinstance(error, FileNotFoundError) and not _stands_somewhere():
        gone = "the working folder is gone; change into one that exists"
        output.note(f"aisbom: {_say(gone, given)}")
        return USAGE
    if os.environ.get("AISBOM_DEBUG") or {"-v", "--verbose"} & set(given):
        import traceback

        output.note_lines("".join(traceback.format_exception(error)).rstrip())
    from aisbom.cli.version import rival
    from aisbom.model import redact

    words = redact.text(" ".join(str(error).split())[:300])
    what = f"{type(error).__name__} at {_place(error)}" + (f": {words}" if words else "")
    beside = f" ({beside})" if (beside := rival()) else ""
    defect = _say(f"a defect of aisbom, please report it: {what}", given)
    output.note(f"aisbom: {defect}{beside}")
    return FAILED


def _say(text: str, given: Sequence[str]) -> str:
    """What ended the program, in the language that was asked for, else in that of the locale."""
    from aisbom.cli.options import locale_language

    named = "ko" if {"--lang=ko", ("--lang", "ko")} & {*given, *pairwise(given)} else ""
    asked = any(word.partition("=")[0] == "--lang" for word in given)
    language = named if asked else locale_language()
    if language != "ko":
        return text
    from aisbom.emit.html.messages import translate_error

    return translate_error(text, language)


def _place(error: Exception) -> str:
    """The line of this package that the error came from, or went through last."""
    package = Path(__file__).parents[1]
    trace: Any = error.__traceback__
    place = "an unknown place"
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(package):
            place = f"{file.relative_to(package.parent).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _stands_somewhere() -> bool:
    try:
        return bool(Path.cwd())
    except OSError:
        return False
