"""`aisbom bundle`: everything that the other side needs to find the same again, in one file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import (
    Exclude,
    Hash,
    Home,
    Language,
    Scanning,
    ShippedProfile,
    SignedPolicy,
    SigningKey,
    Talking,
    locale_language,
)
from aisbom.cli.request import Request, open_request
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.cli.bundle_contents import Contents

app = new_app()


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of the tree; all of it stands in the bundle."""

    home: Home = ""
    profile: ShippedProfile = ""
    policy: SignedPolicy = ""
    exclude: Exclude = None
    hash: Hash = None


@dataclass(frozen=True, slots=True)
class Making:
    """Where the bundle goes, who signs it, and in which language that is told."""

    target: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="where to")]
    key: SigningKey = ""
    language: Language = None


@command(
    app,
    examples=(
        "aisbom bundle . -o submission.aisbom.zip --home KR --key key.pem",
        "aisbom verify-bundle submission.aisbom.zip --tree . --key key.pub",
    ),
)
def bundle(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="the submission: a folder, a wheel, zip or tar, or a git URL (default .)",
            show_default=False,
        ),
    ] = ".",
    *,
    making: Making,
    asking: Asking,
    talking: Talking,
) -> int:
    """Scan PATH and write one archive: the document with every claim, the report in both languages,
    the policy and its verdict, the rows of knowledge used, declared evidence, sketches of the
    weights, and with --key a signature over every file of PATH. `verify-bundle` finds the same
    bytes again, offline.
    """
    from aisbom.attest import archive
    from aisbom.cli.bundle_contents import Question, contents
    from aisbom.cli.write_file import write
    from aisbom.emit.html.words import words

    say = words(making.language or locale_language())
    file, key = Path(making.target), making.key
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"--output {making.target}: name a file in a folder that exists")
    policy = Path(asking.policy) if asking.policy.endswith(".toml") else None
    question = Question(
        name=Path(path).resolve().name or "root",
        home=asking.home,
        profile=asking.profile,
        exclude=tuple(asking.exclude or ()),
        hash=asking.hash or "",
        policy="" if policy else asking.policy,
    )
    with open_request(path, scanning(question), talking, documents=False, output=file) as request:
        question = replace(question, name=request.name or question.name)
        made = contents(request, question, policy, say)
        if made is None:
            return NOTHING
        question = replace(question, time=made.bom.time)
        subjects = digests(request, file, key)
        files = dict(made.files)
        if key:
            files |= _sign(made, key, subjects)
    facts = {
        "aisbom": made.bom.program,
        "knowledge": made.bom.knowledge,
        "index": made.bom.index,
        "question": question.row(),
        "tree": subjects,
    }
    data = archive.write(facts, files)
    try:
        write(file, data)
    except OSError as error:
        raise UsageError(
            f"--output {making.target}: cannot be written: {error.strerror}"
        ) from error
    if not talking.quiet:
        counts = {"size": len(data), "files": len(files), "subjects": len(subjects)}
        verdict = say.id("requirement", made.verdict["verdict"])
        signed = say("bundled.signed" if key else "bundled.unsigned")
        named = {"name": file.name, "tree": question.name}
        output.write(say("bundled.wrote", **named, **counts, verdict=verdict, signed=signed))
    return DONE


def scanning(asked: Any) -> Scanning:
    """The options of the scan that a question asks for; nothing is read from any cache."""
    if asked.hash not in ("", "none", "sampled", "full"):
        raise UsageError(f"--hash {asked.hash}: one of none, sampled, full")
    return Scanning(
        home=asked.home,
        profile=asked.profile,
        exclude=list(asked.exclude),
        hash=asked.hash or None,
        no_cache=True,
    )


def digests(request: Request, *besides: Path | str) -> dict[str, str]:
    """The SHA-256 of every file of the tree. Raises UsageError where one cannot be read."""
    from aisbom.attest import submission

    left_out = [Path(one) for one in besides if str(one)]
    found = submission.attest_tree(request.path, left_out, request.given)
    return {one.name: one.sha256 for one in found}


def _sign(made: Contents, key: str, subjects: dict[str, str]) -> dict[str, bytes]:
    import hashlib
    import json

    from aisbom.attest import statement
    from aisbom.attest.envelope import load_signer, sign
    from aisbom.cli.bundle_contents import ATTESTATION, DOCUMENT

    document = made.files[DOCUMENT]
    every = (
        statement.Subject(DOCUMENT, hashlib.sha256(document).hexdigest(), document=True),
        *(statement.Subject(name, digest) for name, digest in subjects.items()),
    )
    signer = load_signer(Path(key))
    rows = (
        statement.state_bom(tuple(sorted(every)), json.loads(document)),
        statement.state_verdict(tuple(sorted(every)), made.verdict),
    )
    lines = (json.dumps(sign(row, signer), sort_keys=True) for row in rows)
    return {ATTESTATION: "".join(f"{line}\n" for line in lines).encode()}
