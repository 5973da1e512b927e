"""`aisbom generate`: walk a tree and write its SBOM."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aisbom.cli import output, progress
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.measure import describe_gap, plan, say_nothing_found
from aisbom.cli.options import SHOWING, Scanning, Talking, locale_language
from aisbom.cli.request import Request, open_request
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.cache.documents import Document, DocumentCache
    from aisbom.emit.html.words import Words
    from aisbom.source.tree import Tree

app = new_app()

_WRITING = "What is written"
_ENDINGS = {"json": "cdx.json", "xml": "cdx.xml", "spdx3": "spdx3.json"}
_EARLIER = "1.5"
"""The version of emit/cyclonedx/earlier.py, which only a document of that version needs."""
_FORMS = {".json": "json", ".xml": "xml"}


@dataclass(frozen=True, slots=True)
class Writing:
    """Where the document goes, and in which form."""

    target: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="where to (default ./aisbom.cdx.json); - writes to standard output",
            rich_help_panel=_WRITING,
        ),
    ] = ""
    form: Annotated[
        Literal["json", "xml", "spdx3"] | None,
        typer.Option(
            "--format",
            help=(
                "form of the document (default: what FILE ends in, else json); spdx3 is SPDX 3.0.1"
                " with its AI and dataset profiles"
            ),
            rich_help_panel=_WRITING,
        ),
    ] = None
    version: Annotated[
        Literal["1.5", "1.6", "1.7"],
        typer.Option(
            "--spec-version",
            help="CycloneDX version; 1.5 has no place for claims",
            rich_help_panel=_WRITING,
        ),
    ] = "1.6"
    claims: Annotated[
        Literal["core", "all"],
        typer.Option(
            "--claims",
            help="leave out routine claims about ordinary dependencies, or write all",
            rich_help_panel=_WRITING,
        ),
    ] = "core"
    embed: Annotated[
        bool,
        typer.Option(
            "--embed",
            help="also write it into the wheel: PATH, or the one in PATH/dist (PEP 770)",
            rich_help_panel=_WRITING,
        ),
    ] = False
    language: Annotated[
        Literal["en", "ko"] | None,
        typer.Option(
            "--lang",
            help="language of the summary (default: the locale's, else en)",
            rich_help_panel=SHOWING,
        ),
    ] = None
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="exit 3 if anything could not be looked at", rich_help_panel=_WRITING
        ),
    ] = False


@command(
    app,
    examples=(
        "aisbom generate                              this folder, into ./aisbom.cdx.json",
        "aisbom generate . --home KR -o bom.xml       as XML, scored for Korea",
        "aisbom generate https://github.com/o/r -o -  a clone, to standard output",
    ),
)
def generate(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="a folder, a wheel, zip or tar, or a git URL (default .)",
            show_default=False,
        ),
    ] = ".",
    *,
    writing: Writing,
    scanning: Scanning,
    talking: Talking,
) -> int:
    """Walk PATH and write its SBOM, validated, with what is known and what could not be found out.

    Nothing that is scanned is imported, unpickled or run, and nothing is asked over the network
    without --online.
    """
    file = _file(writing)
    form = writing.form or (_FORMS.get(file.suffix.lower(), "json") if file else "json")
    if writing.version == _EARLIER and form == "xml":
        raise UsageError("--spec-version 1.5: is written as JSON; --format xml needs 1.6 or 1.7")
    wheel = None
    if writing.embed:
        from aisbom.cli import embed

        wheel = embed.wheel_of(Path(path))
        # What an earlier run wrote into it is no part of what is scanned.
        outside = [embed.place(f"aisbom.{_ENDINGS[form]}")]
        outside += [f"dist/{wheel.name}"] if Path(path).is_dir() else []
        scanning = replace(scanning, exclude=[*(scanning.exclude or ()), *outside])
    with open_request(path, scanning, talking, documents=False, output=file) as request:
        document = _document(request, form, writing)
        unapplied = request.unapplied
    if document is None:
        return NOTHING
    _deliver(document, file)
    if wheel:
        _deliver_into(wheel, f"aisbom.{_ENDINGS[form]}", document)
    if not talking.quiet:
        say = output.note if file is None else output.write
        say(document.summary)
        if file is not None:
            _say_written(file, len(document.data), form, writing)
        for line in unapplied:
            output.note(_words(writing)("aside.unapplied", line=line))
        for line in document.gaps if talking.verbose else ():
            output.note(line)
    if writing.strict and document.gaps:
        count = len(document.gaps)
        output.note(f"aisbom: --strict: {_words(writing)('aside.gaps', count=count)}")
        return NOTHING
    return DONE


def _words(writing: Writing) -> Words:
    from aisbom.emit.html.words import words

    return words(writing.language or locale_language())


def _say_written(file: Path, size: int, form: str, writing: Writing) -> None:
    text = _words(writing)
    if form == "spdx3":
        from aisbom.emit.spdx3 import LACKS

        what = text("terminal.spdx3", size=f"{size:,}")
        output.write(text("terminal.wrote", name=file.name, what=what))
        output.write(text.error(LACKS))
        return
    version = f"CycloneDX {writing.version} {form.upper()}"
    what = text("terminal.validated", form=version, size=f"{size:,}")
    output.write(text("terminal.wrote", name=file.name, what=what))
    if writing.version == _EARLIER:
        from aisbom.emit.cyclonedx import earlier

        output.write(text.error(f"CycloneDX {earlier.VERSION} has {earlier.LACKS}: not in it"))


def _file(writing: Writing) -> Path | None:
    """The file to write, None for standard output."""
    target = writing.target or f"./aisbom.{_ENDINGS[writing.form or 'json']}"
    if target == "-":
        return None
    file = Path(target)
    if file.is_dir():
        raise UsageError(f"--output {target}: is a folder; name a file in it")
    if not file.parent.is_dir():
        raise UsageError(f"--output {target}: its folder does not exist; create it first")
    return file


def _document(request: Request, form: str, writing: Writing) -> Document | None:
    """The document of a request: the one that is kept where nothing has changed, else a new one.
    None where there is nothing to list, which has been said then.
    """
    from aisbom.source.tree import Tree

    tree = Tree(request.path, request.exclude, skip=request.output)
    cache = _cache(request, tree, form, writing)
    kept = cache.load() if cache else None
    if kept is not None:
        return kept
    made = _make(request, tree, form, writing)
    if made is None:
        return None
    document, complete = made
    if cache and complete:
        cache.store(document)
    return document


def _make(
    request: Request, tree: Tree, form: str, writing: Writing
) -> tuple[Document, bool] | None:
    """The document, and whether every reader came to its end: what one that crashed left out may
    be there the next time.
    """
    from aisbom.cache.documents import Document
    from aisbom.document import scan_document
    from aisbom.emit.first_screen import screen
    from aisbom.emit.html.words import words

    # What has been imported stays: it need not be looked through again for cycles that are done.
    gc.freeze()
    options, home = plan(request, tree)
    with progress.show(request.quiet) as report:
        made = scan_document(
            request.path,
            options,
            home=home,
            unapplied=request.unapplied,
            form=form,
            spec_version=writing.version,
            claims=writing.claims,
            progress=report,
        )
    text = words(writing.language or locale_language())
    if not made.data:
        say_nothing_found(request, made.scan, "list", text, "; nothing was written")
        return None
    said = screen(made.bill, text)
    if request.verbose:
        from aisbom.emit.details import details

        said += f"\n\n{details(made.bill, made.judgement, text)}"
    gaps = tuple(describe_gap(gap, text if request.verbose else None) for gap in made.scan.gaps)
    return Document(made.data, said, gaps), made.complete


def _cache(request: Request, tree: Tree, form: str, writing: Writing) -> DocumentCache | None:
    """Where the document of this very question is kept; None where it is not: an environment lies
    in many places, and a clone is gone afterwards.
    """
    if not request.cached or request.python or request.online or request.audit:
        return None
    from aisbom.cache.documents import DocumentCache
    from aisbom.collect.repository import git_state

    profile = request.profile or request.config.profile or "model"
    words = (
        request.path,
        Path.cwd(),
        request.output,
        form,
        writing.version,
        writing.claims,
        writing.language or locale_language(),
        request.verbose,
        request.hash,
        profile,
        request.home,
        request.exclude,
        request.knowledge,
        request.config,
        request.unapplied,
    )
    outside = [*([Path(profile)] if Path(profile).is_file() else [])]
    if request.knowledge:
        outside.append(request.knowledge)
    return DocumentCache(tree, map(repr, words), outside, git_state.states)


def _deliver(document: Document, file: Path | None) -> None:
    """Put the document where it was asked for."""
    if file is None:
        output.write_bytes(document.data)
        return
    from aisbom.cli.write_file import write

    try:
        write(file, document.data)
    except OSError as error:
        raise UsageError(f"--output {file}: cannot be written: {error.strerror}") from error


def _deliver_into(wheel: Path, name: str, document: Document) -> None:
    """Put the document into a wheel, which is replaced whole or not at all."""
    from aisbom.cli.embed import embed_document
    from aisbom.cli.write_file import write

    try:
        write(wheel, embed_document(wheel, name, document.data))
    except OSError as error:
        raise UsageError(f"--embed: {wheel.name}: cannot be written: {error.strerror}") from error
