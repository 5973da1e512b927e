"""`aisbom check`: hold a tree or a document against a policy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aisbom.cli import complete, output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOTHING, VIOLATED
from aisbom.cli.measure import is_empty, list_gaps, measure, say_nothing_found
from aisbom.cli.options import (
    QUESTION,
    READING,
    SHOWING,
    Scanning,
    Source,
    Talking,
    locale_language,
)
from aisbom.cli.request import Request, open_request
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.bom import Bom
    from aisbom.judge import Judgement
    from aisbom.judge.policy import Policy
    from aisbom.model import Scan

app = new_app()


@dataclass(frozen=True, slots=True)
class Gate:
    """What to hold against, and how to say what it came to."""

    policy: Annotated[
        str,
        typer.Option(
            "--policy",
            metavar="NAME|FILE",
            help=(
                f"one of {', '.join(complete.list_shipped('policies'))}, or a .toml file (default:"
                " the configuration's, else no-undeclared-parts)"
            ),
            autocompletion=complete.policies,
            rich_help_panel=QUESTION,
        ),
    ] = ""
    strict: Annotated[
        bool,
        typer.Option("--strict", help="exit 1 if anything is undecided", rich_help_panel=QUESTION),
    ] = False
    source_root: Annotated[
        str,
        typer.Option(
            "--source-root",
            metavar="DIR",
            help="where the files that a document tells of lie (default: its own paths stand)",
            rich_help_panel=READING,
        ),
    ] = ""
    language: Annotated[
        Literal["en", "ko"] | None,
        typer.Option(
            "--lang",
            help="language of the answer (default: of text the locale's, else en)",
            rich_help_panel=SHOWING,
        ),
    ] = None
    form: Annotated[
        Literal["text", "json", "markdown", "sarif", "github"],
        typer.Option("--format", help="form of the answer", rich_help_panel=SHOWING),
    ] = "text"


@command(
    app,
    examples=(
        "aisbom check . --policy no-undeclared-parts          a gate: exit 1 where it is violated",
        "aisbom check bom.cdx.json --policy eu --strict       undecided counts as violated",
        "aisbom check . --format sarif > aisbom.sarif         exits 0 on findings",
    ),
)
def check(path: Source = ".", *, gate: Gate, scanning: Scanning, talking: Talking) -> int:
    """Does the policy hold? Pass, fail or unknown for each requirement, with what was found."""
    if gate.source_root and not Path(gate.source_root).is_dir():
        raise UsageError(f"--source-root {gate.source_root}: no such folder")
    scanning = _limit_tree(scanning, gate, Path(path) if Path(path).is_dir() else None)
    with open_request(path, scanning, talking, documents=True) as asked:
        root = asked.path if asked.kind == "folder" else Path(gate.source_root or ".")
        policy, request = under_policy(asked, gate.policy, root)
        return _check(request, policy, root, gate)


def _limit_tree(scanning: Scanning, gate: Gate, folder: Path | None) -> Scanning:
    """The options with what the tree's configuration counts for. Where the policy comes from
    outside of the tree, somebody else judges it: its own configuration has no say then, unless
    another one was named.
    """
    tree = folder or Path(gate.source_root or ".")
    if scanning.tree_says or not gate.policy or _lies_in(gate.policy, tree):
        return scanning
    if scanning.config and not _lies_in(scanning.config, tree):
        return scanning
    return replace(scanning, tree_says="declarations")


def _lies_in(name: str, tree: Path) -> bool:
    """Whether a file that was named lies in the tree."""
    return Path(name).is_file() and Path(name).resolve().is_relative_to(tree.resolve())


def under_policy(request: Request, given: str, root: Path) -> tuple[Policy, Request]:
    """The policy that `given` names, else the configuration's, and the request under its profile
    and its home. `root` is where the policy's own paths start.

    What the command line says comes first, then the policy, then the configuration.
    """
    from aisbom.judge import policy_file

    stated = request.config.policy
    chosen = policy_file.choose_policy(given, root, stated.table, stated.where, stated.text)
    home = request.home or chosen.home
    if request.kind == "document":
        home = home or request.config.home
    return chosen, replace(request, profile=request.profile or chosen.profile, home=home)


def _check(request: Request, chosen: Policy, root: Path, gate: Gate) -> int:
    from aisbom.emit import github, sarif, verdict
    from aisbom.emit.artifact_location import Repository, StatedPaths
    from aisbom.emit.html.words import words
    from aisbom.emit.json import policy_data
    from aisbom.emit.markdown import markdown
    from aisbom.judge import policy
    from aisbom.judge.freedoms import freedom

    day = policy.today()
    scan, judgement = measure(request)
    score = judgement.score
    if is_empty(scan):
        say = words(gate.language or locale_language())
        say_nothing_found(request, scan, "check", say)
        return NOTHING
    told = (line for key, line in scan.facts if key == "unapplied")
    result = replace(
        policy.check(chosen, scan, score, freedom, day),
        unapplied=tuple(dict.fromkeys((*request.unapplied, *told))),
    )
    place: Repository | StatedPaths = StatedPaths()
    if request.kind != "document" or gate.source_root:
        place = Repository(root if request.kind == "document" else request.path, Path())
    if gate.form == "json":
        output.write_json(policy_data(result, score, gate.strict))
    elif gate.form == "markdown":
        text = words(gate.language or "en")
        bom = _bill(request, scan, judgement)
        output.write_utf8(markdown(result, score, gate.strict, bom, text))
    elif gate.form == "sarif":
        output.write_utf8(sarif.sarif(result, scan, place, gate.strict).rstrip("\n"))
    elif gate.form == "github":
        output.write_utf8(github.commands(result, place, gate.strict, words(gate.language or "en")))
    else:
        output.write(verdict.text(result, gate.strict, words(gate.language or locale_language())))
    list_gaps(request, scan, words(gate.language or locale_language()))
    return DONE if gate.form == "sarif" or result.holds(gate.strict) else VIOLATED


def _bill(request: Request, scan: Scan, judgement: Judgement) -> Bom:
    """The bill of the document, or of the scan."""
    from aisbom.bom.build import build
    from aisbom.emit.cyclonedx.read import read

    return read(request.path) if request.kind == "document" else build(scan, judgement)
