"""`aisbom verify-attestation`: does a signed statement still hold?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOT_VERIFIED
from aisbom.cli.options import READING, Language, SignersKey, locale_language
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.attest.envelope import PublicKey
    from aisbom.attest.statement import Subject
    from aisbom.emit.html.words import Words

app = new_app()

_MAX = 512 * 1024 * 1024
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Against:
    """What the statements are held against."""

    key: SignersKey
    sbom: Annotated[
        str,
        typer.Option(
            "--sbom", metavar="SBOM", help="the document they speak of", rich_help_panel=READING
        ),
    ] = ""
    tree: Annotated[
        str,
        typer.Option(
            "--tree", metavar="DIR", help="the submission they speak of", rich_help_panel=READING
        ),
    ] = ""


@command(
    app,
    "verify-attestation",
    examples=(
        "aisbom verify-attestation bom.json.intoto.jsonl --key key.pub --sbom bom.json --tree .",
    ),
)
def verify_attestation(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="what `attest` has written", show_default=False),
    ],
    *,
    against: Against,
    language: Language = None,
) -> int:
    """Check the signatures, and that the document and the files are the ones attested. Exit 5 where
    anything differs.
    """
    from aisbom.attest.envelope import SignatureError, load_public_key, open_verified
    from aisbom.attest.model_signature import is_model_signature
    from aisbom.emit.html.words import words

    say = words(language or locale_language())
    lines = list(_lines(Path(file)))
    if len(lines) > 0 and is_model_signature(b"\n".join(line for _, line in lines)):
        return _model(Path(file), against, say)
    key = load_public_key(Path(against.key))
    statements: list[dict[str, Any]] = []
    problems: list[str] = []
    for number, envelope in lines:
        try:
            statements.append(open_verified(envelope, key))
        except SignatureError as error:
            problems.append(say("attested.line", number=number, what=say.error(str(error))))
    if not statements and not problems:
        problems.append(say("attested.empty"))
    if not problems:
        problems += map(say.error, _compare(statements, against, Path(file)))
    for line in problems[:_SHOWN]:
        output.write(say("attested.fails", what=line))
    if len(problems) > _SHOWN:
        output.write(say("attested.more", count=len(problems) - _SHOWN))
    if problems:
        return NOT_VERIFIED
    for line in _describe(statements, key, against, say):
        output.write(line)
    return DONE


def _model(file: Path, against: Against, say: Words) -> int:
    """Whether a signature of OpenSSF model signing holds for the folder of a model."""
    from aisbom.attest.envelope import SignatureError
    from aisbom.attest.model_signature import verify_model

    if against.sbom or not Path(against.tree).is_dir() or not against.tree:
        raise UsageError(f"{file}: a model signature; name the folder of the model with --tree")
    try:
        count = verify_model(file, Path(against.tree), Path(against.key))
    except SignatureError as error:
        output.write(say("attested.fails", what=say.error(str(error))))
        return NOT_VERIFIED
    output.write(say("attested.model", files=count))
    return DONE


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        if file.stat().st_size > _MAX:
            raise UsageError(f"{file}: larger than {_MAX:,} bytes: not read")
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _compare(statements: list[dict[str, Any]], against: Against, file: Path) -> Iterator[str]:
    """What differs between the statements and the files that were named."""
    from aisbom.attest import statement, submission

    named: set[tuple[Subject, ...]] = set()
    for number, row in enumerate(statements, start=1):
        try:
            named.add(statement.subjects_of(row))
        except ValueError as error:
            yield f"statement {number}: {error}"
    if len(named) > 1:
        yield "its statements speak of different files"
    if len(named) != 1:
        return
    [subjects] = named
    document = Path(against.sbom) if against.sbom else None
    attested = [row for row in statements if row.get("predicateType") == statement.BOM]
    if document is not None:
        yield from _document(document, subjects, attested)
    if against.tree:
        if not Path(against.tree).is_dir():
            raise UsageError(f"--tree {against.tree}: no such folder")
        besides = [file, Path(against.key), *([document] if document else [])]
        present, unread = submission.digest_tree(Path(against.tree), besides)
        yield from submission.differences(subjects, present)
        yield from (f"cannot be read: {line}" for line in unread)


def _document(
    document: Path, subjects: tuple[Subject, ...], attested: list[dict[str, Any]]
) -> Iterator[str]:
    from aisbom.attest import submission

    try:
        found = submission.digest_document(document)
        data = json.loads(document.read_bytes())
    except OSError as error:
        raise UsageError(f"--sbom {document}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError):
        yield f"{document.name}: is no JSON document"
        return
    if found.sha256 not in {one.sha256 for one in subjects if one.document}:
        yield f"{document.name}: is not the document that was attested"
    if not attested:
        yield "no statement holds a bill of materials"
    elif any(row.get("predicate") != data for row in attested):
        yield f"{document.name}: says something else than the statement that was signed"


def _describe(
    statements: list[dict[str, Any]], key: PublicKey, against: Against, say: Words
) -> Iterator[str]:
    from aisbom.attest import statement

    subjects = statement.subjects_of(statements[0])
    checked = ", ".join(
        say(f"attested.{word}")
        for word, given in (("document", against.sbom), ("tree", against.tree))
        if given
    )
    counts = {"statements": len(statements), "files": len(subjects)}
    yield say("attested.holds", signer=key.key.keyid[:16], **counts)
    yield f"  {say('attested.compared', what=checked or say('attested.not-compared'))}"
    for row in statements:
        predicate = row.get("predicate")
        if row.get("predicateType") == statement.VERDICT and isinstance(predicate, dict):
            verdict = say.id("vsa", str(predicate.get("result")))
            failed = ", ".join(map(str, predicate.get("failedTests", [])))
            form = "attested.failed" if failed else "attested.verdict"
            yield f"  {say(form, verdict=verdict, **({'failed': failed} if failed else {}))}"
