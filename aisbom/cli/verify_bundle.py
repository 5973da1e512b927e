"""`aisbom verify-bundle`: is the bundle whole, signed, and found again in the tree?"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from aisbom.cli import output
from aisbom.cli.bundle import digests, scanning
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOT_VERIFIED
from aisbom.cli.options import READING, Language, SignersKey, Talking, locale_language
from aisbom.cli.request import open_request
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.emit.html.words import Words

app = new_app()

_SHOWN = 50


class _Bundle(NamedTuple):
    """A bundle that was read: where it lies, its manifest, and its other files."""

    file: Path
    manifest: dict[str, Any]
    files: dict[str, bytes]


@command(
    app,
    "verify-bundle",
    examples=(
        "aisbom verify-bundle submission.zip --tree .                 exit 5 where it differs",
        "aisbom verify-bundle submission.zip --tree . --key key.pub   the signature, too",
    ),
)
def verify_bundle(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="what `bundle` has written", show_default=False)
    ],
    *,
    tree: Annotated[
        str,
        typer.Option(
            "--tree",
            metavar="PATH",
            help="the submission (a folder, an archive or a git URL): it is scanned again, and"
            " every file must come out the same",
            rich_help_panel=READING,
        ),
    ] = "",
    key: SignersKey = "",
    language: Language = None,
    talking: Talking,
) -> int:
    """Check that nothing in the bundle was changed, with --key that it is signed, and with --tree
    that a new scan, offline and without any cache, gives the same bytes. Exit 5 where not.
    """
    from aisbom.attest import archive
    from aisbom.attest.envelope import SignatureError
    from aisbom.emit.html.words import words

    say = words(language or locale_language())
    try:
        manifest, files = archive.read(_bytes(Path(file)))
        problems = list(_signature(manifest, files, key))
        if not problems and tree:
            problems = list(_again(_Bundle(Path(file), manifest, files), tree, talking, say))
    except SignatureError as error:
        problems = [str(error)]
    for line in problems[:_SHOWN]:
        output.write(say("attested.fails", what=say.error(line)))
    if len(problems) > _SHOWN:
        output.write(say("attested.more", count=len(problems) - _SHOWN))
    if problems:
        return NOT_VERIFIED
    output.write(say("bundled.holds", count=len(files)))
    signature = say(f"bundled.signature-{_about_signature(files, key)}")
    output.write(f"  {say('bundled.signature', what=signature)}")
    again = say("bundled.tree-same" if tree else "bundled.tree-unchecked")
    output.write(f"  {say('bundled.tree', what=again)}")
    return DONE


def _about_signature(files: dict[str, bytes], key: str) -> str:
    from aisbom.cli.bundle_contents import ATTESTATION

    if ATTESTATION not in files:
        return "none"
    return "holds" if key else "unchecked"


def _bytes(file: Path) -> bytes:
    from aisbom.attest.archive import MAX_BUNDLE

    try:
        if file.stat().st_size > MAX_BUNDLE:
            raise UsageError(f"{file}: larger than {MAX_BUNDLE:,} bytes: not read")
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error


def _signature(manifest: dict[str, Any], files: dict[str, bytes], key: str) -> Iterator[str]:
    """What is wrong with the envelopes: foreign, changed, of another document or other files."""
    from aisbom.attest import statement
    from aisbom.attest.envelope import SignatureError, load_public_key, open_verified
    from aisbom.cli.bundle_contents import ATTESTATION, DOCUMENT

    if not key:
        return
    public = load_public_key(Path(key))
    if ATTESTATION not in files:
        yield "the bundle is not signed"
        return
    document = hashlib.sha256(files.get(DOCUMENT, b"")).hexdigest()
    stated = {(str(n), str(d), False) for n, d in dict(manifest.get("tree", {})).items()}
    for number, line in enumerate(files[ATTESTATION].splitlines(), start=1):
        where = f"{ATTESTATION}, line {number}"
        try:
            subjects = statement.subjects_of(open_verified(line, public))
        except (SignatureError, ValueError) as error:
            yield f"{where}: {error}"
            continue
        if document not in {one.sha256 for one in subjects if one.document}:
            yield f"{where}: speaks of another document than {DOCUMENT}"
        if {(one.name, one.sha256, False) for one in subjects if not one.document} != stated:
            yield f"{where}: speaks of other files than the manifest"


def _again(bundle: _Bundle, tree: str, talking: Talking, say: Words) -> Iterator[str]:
    """What differs between the bundle and one that is made of the tree now."""
    from aisbom.attest import submission
    from aisbom.attest.envelope import SignatureError
    from aisbom.attest.statement import Subject
    from aisbom.cli.bundle_contents import ATTESTATION, POLICY, Question, contents

    file, manifest, files = bundle
    try:
        question = Question.of(manifest["question"])
        stated = [Subject(str(name), str(digest)) for name, digest in manifest["tree"].items()]
    except (KeyError, TypeError, AttributeError) as error:
        raise SignatureError("its manifest does not say what was asked of which files") from error
    with tempfile.TemporaryDirectory(prefix="aisbom-") as folder:
        policy = Path(folder, POLICY) if POLICY in files else None
        if policy:
            policy.write_bytes(files[POLICY])
        scan = scanning(question)
        with open_request(tree, scan, talking, documents=False, output=file) as request:
            present = [Subject(name, digest) for name, digest in digests(request, file).items()]
            changed = list(submission.differences(stated, present))
            yield from changed
            made = None if changed else contents(request, question, policy, say)
    if made is None:
        return
    bom = made.bom
    for what, there, here in (
        ("version of aisbom", manifest.get("aisbom"), bom.program),
        ("tables of knowledge", manifest.get("knowledge"), bom.knowledge),
        ("index of known code", manifest.get("index"), bom.index),
    ):
        if there != here:
            yield f"the {what}: the bundle was made with another one than is here"
    for name in sorted({*files, *made.files} - {ATTESTATION}):
        if files.get(name) != made.files.get(name):
            yield f"{name}: a new scan of the tree does not give it so"
