"""`aisbom attest`: sign what a document says of a submission."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import (
    READING,
    Language,
    Scanning,
    SignedPolicy,
    SigningKey,
    Talking,
    locale_language,
)
from aisbom.cli.request import open_request
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.emit.html.words import Words

app = new_app()


@dataclass(frozen=True, slots=True)
class Signing:
    """What is signed, with what, and where the envelopes go."""

    key: SigningKey
    tree: Annotated[
        str,
        typer.Option(
            "--tree",
            metavar="DIR",
            help="the submission: every file of it becomes a subject, with its SHA-256",
            rich_help_panel=READING,
        ),
    ] = ""
    policy: SignedPolicy = ""
    target: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="where to (default: SBOM with .intoto.jsonl); - writes to standard output",
        ),
    ] = ""


@command(
    app,
    examples=(
        "aisbom attest aisbom.cdx.json --key key.pem --tree .",
        "aisbom verify-attestation aisbom.cdx.json.intoto.jsonl --key key.pub --tree .",
    ),
)
def attest(
    sbom: Annotated[
        str, typer.Argument(metavar="SBOM", help="a JSON document of aisbom", show_default=False)
    ],
    *,
    signing: Signing,
    language: Language = None,
    talking: Talking,
) -> int:
    """Sign two in-toto statements, one a line: that SBOM describes these files, and what the policy
    came to. Nothing is scanned again, and no key is ever made.
    """
    from aisbom.attest import statement, submission
    from aisbom.attest.envelope import load_signer, sign
    from aisbom.emit.html.words import words

    say = words(language or locale_language())
    document = Path(sbom)
    target = None if signing.target == "-" else Path(signing.target or f"{sbom}.intoto.jsonl")
    signer = load_signer(Path(signing.key))
    data = _parse(document)
    verdict = _verdict(sbom, signing, talking, say)
    if verdict is None:
        return NOTHING
    subjects = [submission.digest_document(document)]
    if signing.tree:
        if not Path(signing.tree).is_dir():
            raise UsageError(f"--tree {signing.tree}: no such folder")
        besides = [document, Path(signing.key), *([target] if target else [])]
        tree = f"--tree {signing.tree}"
        subjects += submission.attest_tree(Path(signing.tree), besides, tree)
    every = tuple(sorted(subjects))
    lines = [
        sign(statement.state_bom(every, data), signer),
        sign(statement.state_verdict(every, verdict), signer),
    ]
    text = "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines)
    if target is None:
        output.write_bytes(text.encode())
    else:
        _write(target, text)
        if not talking.quiet:
            said = {"name": target.name, "signer": signer.public_key.keyid[:16]}
            came = say.id("requirement", verdict["verdict"])
            output.write(say("attest.wrote", count=len(every), verdict=came, **said))
    return DONE


def _parse(document: Path) -> dict[str, Any]:
    try:
        data = json.loads(document.read_bytes())
    except OSError as error:
        raise UsageError(f"{document}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{document}: not JSON; attest takes a document's JSON form") from error
    if not isinstance(data, dict):
        raise UsageError(f"{document}: not a CycloneDX document")
    return data


def _verdict(sbom: str, signing: Signing, talking: Talking, say: Words) -> dict[str, Any] | None:
    """What `check --format json` says of the document."""
    from aisbom.cli.check import under_policy
    from aisbom.cli.measure import is_empty, measure, say_nothing_found
    from aisbom.emit.json import policy_data
    from aisbom.judge import policy
    from aisbom.judge.freedoms import freedom

    with open_request(sbom, Scanning(), talking, documents=True) as asked:
        if asked.kind != "document":
            raise UsageError(f"{sbom}: not a document; write it with `aisbom generate` first")
        chosen, request = under_policy(asked, signing.policy, Path(signing.tree or "."))
        scan, judgement = measure(request)
        if is_empty(scan):
            say_nothing_found(request, scan, "attest", say)
            return None
        result = policy.check(chosen, scan, judgement.score, freedom, policy.today())
        return policy_data(result, judgement.score)


def _write(target: Path, text: str) -> None:
    from aisbom.cli.write_file import write

    try:
        write(target, text.encode())
    except OSError as error:
        raise UsageError(f"--output {target}: cannot be written: {error.strerror}") from error
