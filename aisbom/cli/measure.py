"""From a request to what the commands speak about: a scan and its judgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aisbom.cli import output, progress
from aisbom.cli.request import Request
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.emit.html.words import Words
    from aisbom.judge import Judgement
    from aisbom.model import Gap, Scan
    from aisbom.pipeline import Options
    from aisbom.source.tree import Tree


def measure(request: Request, tree: Tree | None = None) -> tuple[Scan, Judgement]:
    """The scan and judgement that a request asks for. `tree` is its tree where that has been
    listed already. Raises UsageError.
    """
    return _document(request) if request.kind == "document" else _tree(request, tree)


def is_empty(scan: Scan) -> bool:
    """Whether not one file was read: nothing scanned is never nothing found. A document speaks for
    itself.
    """
    return dict(scan.facts).get("read") == "0"


def say_nothing_found(request: Request, scan: Scan, verb: str, say: Words, then: str = "") -> None:
    """Say on standard error that there was nothing to `verb`, what follows, and what could not be
    looked at.
    """
    for gap in scan.gaps[:20]:
        output.note(f"aisbom: {describe_gap(gap, say)}")
    files = dict(scan.facts).get("files", "0")
    what = f"{request.given}: nothing to {verb} was found in {files} files{then}"
    output.note(f"aisbom: {say.error(what)}")


def describe_gap(gap: Gap, text: Words | None = None) -> str:
    """One line about what could not be looked at, in English where no words are given."""
    if text is None:
        return f"gap: {gap.at}: {gap.reason} [{gap.by}]"
    return text("terminal.gap", at=gap.at, reason=text.message(gap.reason), by=gap.by)


def list_gaps(request: Request, scan: Scan, text: Words | None = None) -> None:
    """Every gap on standard error, for who asked for it."""
    if request.verbose:
        for gap in scan.gaps:
            output.note(describe_gap(gap, text))


def _document(request: Request) -> tuple[Scan, Judgement]:
    from aisbom import pipeline
    from aisbom.bom.scan import scan_of
    from aisbom.classify import under
    from aisbom.emit.cyclonedx.read import read
    from aisbom.judge import profile as profiles

    scan = scan_of(read(request.path))
    facts = dict(scan.facts)
    written = facts.get("profile", "").partition("@")[0]
    if not request.profile and written not in profiles.list_profiles():
        raise UsageError(
            f"{request.path.name}: was made under the profile {written!r}, which is not shipped;"
            " name its file with --profile"
        )
    name = request.profile or written
    # The document alone is enough: the home that was given when it was made holds until another is
    # given.
    stated = tuple(value for key, value in scan.facts if key == "home")
    home = request.home or (stated if facts.get("home-from") == "given" else ())
    return under(scan, profiles.load(name)), pipeline.measure(scan, name, home)


def _tree(request: Request, tree: Tree | None) -> tuple[Scan, Judgement]:
    from aisbom.document import scan_and_judge

    options, home = plan(request, tree)
    with progress.show(request.quiet) as report:
        return scan_and_judge(
            request.path, options, home=home, unapplied=request.unapplied, progress=report
        )


def plan(request: Request, tree: Tree | None) -> tuple[Options, Sequence[str]]:
    """How the tree of a request is to be scanned, and the home it is judged for."""
    from aisbom.pipeline import Options

    options = Options(
        name=request.name,
        python=request.python,
        profile=request.profile or request.config.profile or "model",
        hash=request.hash,
        jobs=request.jobs,
        cached=request.cached,
        exclude=request.exclude,
        skip=request.output,
        declared=request.config.declared,
        knowledge=request.knowledge,
        online=request.online,
        report=output.note if request.online_report else None,
        tree=tree,
        audit=request.audit,
    )
    return options, request.home or request.config.home
