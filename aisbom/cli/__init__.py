"""Arguments in, exit code out. Everything heavier than argparse is imported by the command that
needs it.

Exit codes: 0 done, 1 policy violated, 2 usage or configuration error, 3 nothing or too little could
be collected, 4 a stage failed, 5 a signature or verification does not hold.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from aisbom.__version__ import __version__
from aisbom.cli import code as cli_code
from aisbom.cli import weights
from aisbom.cli.exit_codes import DONE, FAILED, NOTHING, USAGE, VIOLATED, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from aisbom.cache.documents import Document, Finished
    from aisbom.config import Config
    from aisbom.emit.artifact_location import Repository
    from aisbom.judge import Judgement
    from aisbom.judge.policy import Result
    from aisbom.judge.score import Score
    from aisbom.model import Gap, Scan


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see `{self.prog} --help`")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    # Rows are frozen and make no cycles: looking for some after every few hundred of them costs a
    # fifth of the time.
    gc.set_threshold(100_000, 50, 100)
    try:
        given = _parser().parse_args(arguments)
        return int(given.run(given))
    except UsageError as error:
        print(f"aisbom: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more at exit.
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        print("aisbom: interrupted; nothing was written", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="aisbom",
        description=(
            "The bill of materials of an AI stack, with evidence: how much of this is ours?"
        ),
    )
    parser.add_argument("--version", action="version", version=f"aisbom {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Parser
    )

    generate = commands.add_parser(
        "generate",
        help="walk a tree and write its SBOM",
        description="Walk PATH and write its SBOM.",
    )
    generate.add_argument(
        "path",
        nargs="?",
        default=".",
        metavar="PATH",
        help="a folder, a wheel, zip or tar, or a git URL (default .)",
    )
    generate.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="where to (default ./aisbom.cdx.json); - writes to standard output",
    )
    generate.add_argument(
        "--format",
        choices=("json", "xml"),
        default="json",
        help="form of the document (default json)",
    )
    generate.add_argument(
        "--spec-version",
        choices=("1.6", "1.7"),
        default="1.6",
        help="CycloneDX version (default 1.6)",
    )
    _scanning(generate)
    generate.add_argument(
        "--strict", action="store_true", help="exit 3 if anything could not be looked at"
    )
    _talking(generate)
    generate.set_defaults(run=_generate)

    score = commands.add_parser(
        "score",
        help="the score with every contribution",
        description="The score of an SBOM or a tree.",
    )
    score.add_argument(
        "path",
        metavar="SBOM|PATH",
        nargs="?",
        default=".",
        help="a document of aisbom, or what `generate` takes",
    )
    score.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="form of the answer (default text)",
    )
    score.add_argument("--all-profiles", action="store_true", help="one row per definition of core")
    _scanning(score)
    _talking(score)
    score.set_defaults(run=_score)

    check = commands.add_parser(
        "check", help="hold a tree or an SBOM against a policy", description="Does the policy hold?"
    )
    check.add_argument(
        "path",
        metavar="SBOM|PATH",
        nargs="?",
        default=".",
        help="a document of aisbom, or what `generate` takes",
    )
    check.add_argument(
        "--policy",
        metavar="NAME|FILE",
        default="",
        help="default: the configuration's, else no-undeclared-parts",
    )
    check.add_argument(
        "--format",
        choices=("text", "json", "markdown", "sarif", "github"),
        default="text",
        help="form of the answer (default text)",
    )
    check.add_argument(
        "--source-root",
        metavar="DIR",
        help="where the files that a document tells of lie (default .)",
    )
    check.add_argument("--strict", action="store_true", help="exit 1 if anything is undecided")
    _scanning(check)
    _talking(check)
    check.set_defaults(run=_check)

    explain = commands.add_parser(
        "explain",
        help="everything known about one component",
        description="Sightings, claims with their places, what is against.",
    )
    explain.add_argument(
        "path", metavar="SBOM|PATH", help="a document of aisbom, or what `generate` takes"
    )
    explain.add_argument(
        "query", metavar="QUERY", help="a purl, a name, a path, or a claim such as c-3f9a12d07b44"
    )
    _scanning(explain)
    _talking(explain)
    explain.set_defaults(run=_explain)

    knowledge = commands.add_parser(
        "knowledge", help="the facts about the world that come with the program"
    )
    acts = knowledge.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Parser
    )
    show = acts.add_parser("show", help="the rows about an organisation, domain, owner or package")
    show.add_argument("query", metavar="X")
    show.set_defaults(run=_knowledge_show)
    check = acts.add_parser("check", help="validate the tables, or a file of your own")
    check.add_argument("file", nargs="?", metavar="FILE")
    check.set_defaults(run=_knowledge_check)
    cli_code.register(commands, _Parser)
    weights.register(commands, _Parser)
    return parser


def _scanning(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--home",
        metavar="CC[,CC...]",
        help="home jurisdiction: ISO 3166-1 alpha-2 codes or a group such as EU",
    )
    parser.add_argument("--profile", metavar="NAME|FILE", help="where core ends (default model)")
    parser.add_argument(
        "--python",
        metavar="PATH",
        help="also read the distributions installed in this environment (it is never run)",
    )
    parser.add_argument(
        "--hash",
        choices=("none", "sampled", "full"),
        default="",
        help="weight bytes (default full up to 2 GiB, sampled above)",
    )
    parser.add_argument(
        "--jobs", metavar="N", type=int, default=0, help="processes (default: one per core)"
    )
    parser.add_argument("--no-cache", action="store_true", help="read every file again")
    parser.add_argument(
        "--knowledge",
        metavar="DIR",
        help="a folder with your own organisations.csv (default: the configuration's)",
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="default: aisbom.toml or [tool.aisbom] in pyproject.toml at PATH",
    )
    parser.set_defaults(listed=None)


def _talking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every gap")


def _generate(given: argparse.Namespace) -> int:  # noqa: C901, PLR0912
    from pathlib import Path

    output = given.output or ("./aisbom.cdx.xml" if given.format == "xml" else "./aisbom.cdx.json")
    target = None if output == "-" else Path(output)
    if target is not None and target.is_dir():
        raise UsageError(f"--output {output}: is a folder; name a file in it")
    if target is not None and not target.parent.is_dir():
        raise UsageError(f"--output {output}: its folder does not exist; create it first")
    kept = _kept(given, target)
    made = kept.load() if kept else None
    if made is None:
        answer = _made(given, target)
        if isinstance(answer, int):
            return answer
        made = answer
        if kept:
            kept.store(made)
    if target is None:
        sys.stdout.buffer.write(made.data)
        sys.stdout.buffer.flush()
    else:
        from aisbom.cli.write_file import write

        try:
            write(target, made.data)
        except OSError as error:
            raise UsageError(f"--output {output}: cannot be written: {error.strerror}") from error
    if not given.quiet:
        told = sys.stderr if target is None else sys.stdout
        print(made.summary, file=told)
        if target is not None:
            form = f"CycloneDX {given.spec_version} {given.format.upper()}"
            print(f"\nwrote {target.name}: {form}, {len(made.data):,} bytes, validated", file=told)
        if given.verbose:
            for line in made.gaps:
                print(line, file=sys.stderr)
    if given.strict and made.gaps:
        print(f"aisbom: --strict: {len(made.gaps)} places could not be looked at", file=sys.stderr)
        return NOTHING
    return DONE


def _made(given: argparse.Namespace, target: Path | None) -> Document | int:
    """Scan and put the document together; the exit code where there is none to write."""
    scan, judgement = _scanned(given, skip=target)
    from aisbom.cache.documents import Document
    from aisbom.emit import InvalidDocument, emit
    from aisbom.emit.terminal import summary

    if len(scan.components) == 1 and not scan.component(scan.root).purl:
        for gap in scan.gaps[:20]:
            print(f"aisbom: gap: {gap.at}: {gap.reason}", file=sys.stderr)
        print(
            f"aisbom: {given.path}: nothing to list was found in {dict(scan.facts)['files']} files;"
            " nothing was written",
            file=sys.stderr,
        )
        return NOTHING
    try:
        data = emit(scan, judgement, given.format, given.spec_version)
    except InvalidDocument as error:
        print(
            "aisbom: the document would not be valid and was not written (a defect of aisbom,"
            f" please report it): {error}",
            file=sys.stderr,
        )
        return FAILED
    except ValueError as error:
        raise UsageError(str(error)) from error
    crashed = any(gap.kind == "crashed" for gap in scan.gaps)
    return Document(data, summary(scan, judgement), tuple(map(_gap, scan.gaps)), crashed)


def _kept(given: argparse.Namespace, target: Path | None) -> Finished | None:
    """Where the finished document of this very question is kept; None where it is not: an
    environment lies in many places.
    """
    from pathlib import Path

    from aisbom.cache.documents import Finished
    from aisbom.config import load
    from aisbom.source import git_clone
    from aisbom.source.tree import Tree

    path = Path(given.path)
    if (
        given.no_cache
        or given.python
        or given.jobs < 0
        or git_clone.is_git_source(given.path)
        or not path.exists()
    ):
        return None
    try:
        config = (
            load(path, Path(given.config) if given.config else None)
            if path.is_dir() or given.config
            else None
        )
    except ValueError:
        return None  # the scan says why
    own = _own_rows(given, config)
    profile = given.profile or (config.profile if config else "") or "model"
    skip = _inside(path, target)
    given.listed = Tree(path, config.exclude if config else (), skip=skip)
    words = (
        path,
        Path.cwd(),
        skip,
        given.format,
        given.spec_version,
        given.hash,
        profile,
        given.home,
        own,
        config,
    )
    outside = [*([Path(profile)] if Path(profile).is_file() else []), *([own] if own else [])]
    return Finished(given.listed, map(repr, words), outside)


def _score(given: argparse.Namespace) -> int:
    from aisbom.emit.json import score_data
    from aisbom.emit.terminal import score_table, score_text
    from aisbom.judge import profile as profiles
    from aisbom.pipeline import measure

    scan, judgement = _scanned(given)
    if given.all_profiles:
        score = judgement.score
        home = score.home if score.home_from == "given" else ()
        # A definition that names its own home keeps it: the Union's framework asks about the Union,
        # whoever is at home here.
        rows = [
            measure(scan, name, () if profiles.load(name).home else home)
            for name in profiles.by_breadth()
        ]
        answer: object = [score_data(row) for row in rows]
        text = score_table(rows)
    else:
        answer, text = score_data(judgement), score_text(judgement)
    if given.format == "json":
        import json

        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        print(text)
    return DONE


def _check(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.source import git_clone

    if given.source_root and not Path(given.source_root).is_dir():
        raise UsageError(f"--source-root {given.source_root}: no such folder")
    try:
        if git_clone.is_git_source(given.path):
            with git_clone.cloned(given.path) as (folder, name, _):
                return _checked(given, folder, name)
        path = Path(given.path)
        if not path.exists():
            raise UsageError(f"{given.path}: no such file or folder")
        return _checked(given, path, "")
    except ValueError as error:
        raise UsageError(str(error)) from error


def _checked(given: argparse.Namespace, path: Path, name: str) -> int:
    """Choose the policy, scan under its profile and home, and say what it comes to."""
    from pathlib import Path

    from aisbom.config import Config, load
    from aisbom.emit.artifact_location import Repository
    from aisbom.judge import policy, policy_file
    from aisbom.judge.freedoms import freedom

    document = path.is_file() and path.suffix in (".json", ".xml")
    tree = path.is_dir()
    config = (
        load(path, Path(given.config) if given.config else None)
        if tree or given.config
        else Config()
    )
    root = path if tree else Path(given.source_root or ".")
    chosen = policy_file.chosen(
        given.policy, root, config.policy.table, config.policy.where, config.policy.text
    )
    day = policy.today()
    given.profile = given.profile or chosen.profile
    given.home = given.home or ",".join(chosen.home) or (",".join(config.home) if document else "")
    scan, judgement = (
        _from_document(given, path) if document else _from_tree(given, path, name, None)
    )
    if len(scan.components) == 1 and not scan.component(scan.root).purl:
        print(
            f"aisbom: {given.path}: nothing to check was found in"
            f" {dict(scan.facts).get('files', '0')} files",
            file=sys.stderr,
        )
        return NOTHING
    result = policy.check(chosen, scan, judgement.score, freedom, day)
    print(
        _told(given, result, scan, judgement.score, Repository(root if document else path, Path()))
    )
    _verbose(given, scan)
    return DONE if given.format == "sarif" or result.holds(given.strict) else VIOLATED


def _told(
    given: argparse.Namespace, result: Result, scan: Scan, score: Score, repository: Repository
) -> str:
    """The result in the form that was asked for."""
    from aisbom.emit import findings, github, sarif

    if given.format == "json":
        import json

        return json.dumps(findings.data(result, score, given.strict), indent=2, ensure_ascii=False)
    if given.format == "markdown":
        return findings.markdown(result, score, given.strict)
    if given.format == "sarif":
        return sarif.sarif(result, scan, repository, given.strict).rstrip("\n")
    if given.format == "github":
        return github.commands(result, repository, given.strict)
    return findings.text(result, given.strict)


def _explain(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.emit.terminal import explain
    from aisbom.knowledge import load
    from aisbom.model.select import find

    scan, _ = _scanned(given)
    found = find(scan, given.query)
    if not found:
        raise UsageError(f"{given.query}: no component of that purl, name or path in {given.path}")
    print(explain(scan, found, load(Path(given.knowledge) if given.knowledge else None)))
    return DONE


def _knowledge_show(given: argparse.Namespace) -> int:
    from aisbom.knowledge import load
    from aisbom.knowledge.show import show

    print(show(load(), given.query))
    return DONE


def _knowledge_check(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.knowledge.show import report

    if given.file and not Path(given.file).is_file():
        raise UsageError(f"{given.file}: no such file; name a CSV file of organisations")
    text, well = report(Path(given.file) if given.file else None)
    print(text, file=sys.stdout if well else sys.stderr)
    return DONE if well else USAGE


def _scanned(given: argparse.Namespace, skip: Path | None = None) -> tuple[Scan, Judgement]:
    """The scan and score of what PATH names: a document of ours, a tree, an archive, or something
    to clone.
    """
    from pathlib import Path

    from aisbom.source import git_clone

    path = Path(given.path)
    if given.run is not _generate and path.is_file() and path.suffix in (".json", ".xml"):
        return _from_document(given, path)
    try:
        if git_clone.is_git_source(given.path):
            with git_clone.cloned(given.path) as (folder, name, _):
                return _from_tree(given, folder, name, skip)
        if not path.exists():
            raise UsageError(f"{given.path}: no such file or folder")
        return _from_tree(given, path, "", skip)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _from_document(given: argparse.Namespace, path: Path) -> tuple[Scan, Judgement]:
    from aisbom.classify import under
    from aisbom.emit.cyclonedx.read import read
    from aisbom.judge import profile as profiles
    from aisbom.pipeline import measure

    try:
        scan = read(path)
        facts = dict(scan.facts)
        written = facts.get("profile", "").partition("@")[0]
        if not given.profile and written not in profiles.shipped():
            raise UsageError(
                f"{path.name}: was made under the profile {written!r}, which is not shipped; name"
                " its file with --profile"
            )
        # The document alone is enough: the home that was given when it was made holds until another
        # is given.
        told = (
            tuple(value for key, value in scan.facts if key == "home")
            if facts.get("home-from") == "given"
            else ()
        )
        name = given.profile or written
        return under(scan, profiles.load(name)), measure(scan, name, _home(given, None) or told)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _from_tree(
    given: argparse.Namespace, path: Path, name: str, skip: Path | None
) -> tuple[Scan, Judgement]:
    import os
    from pathlib import Path

    from aisbom.cli.progress import progress
    from aisbom.config import load
    from aisbom.pipeline import Options, measure, scan
    from aisbom.source import archive

    if path.is_file() and not archive.is_archive(path.name):
        raise UsageError(
            f"{given.path}: neither a folder nor an archive (.whl, .zip, .tar.gz, ...)"
        )
    if given.jobs < 0:
        raise UsageError(f"--jobs {given.jobs}: a number of processes, 1 or more")
    config = (
        load(path, Path(given.config) if given.config else None)
        if path.is_dir() or given.config
        else None
    )
    profile = given.profile or (config.profile if config else "") or "model"
    options = Options(
        name=name,
        python=Path(given.python) if given.python else None,
        profile=profile,
        hash=given.hash,
        jobs=given.jobs or os.cpu_count() or 1,
        cached=not given.no_cache and not name,
        exclude=config.exclude if config else (),
        skip=_inside(path, skip),
        declared=config.declared if config else (),
        knowledge=_own_rows(given, config),
        tree=given.listed,
    )
    with progress(enabled=not given.quiet and sys.stderr.isatty()) as shown:
        scanned = scan(path, options, shown)
    return scanned, measure(scanned, profile, _home(given, config))


def _inside(root: Path, output: Path | None) -> Path | None:
    """Where the output lies as the walker will name it: an earlier output is never part of what it
    describes.
    """
    import os
    from pathlib import Path

    if output is None:
        return None
    try:
        # As the walker names it.
        return Path(os.path.abspath(root)) / output.resolve().relative_to(root.resolve())  # noqa: PTH100
    except ValueError:
        return None


def _own_rows(given: argparse.Namespace, config: Config | None) -> Path | None:
    """The folder of the user's own rows, from the command line or the configuration."""
    from pathlib import Path

    if given.knowledge and not Path(given.knowledge).is_dir():
        raise UsageError(
            f"--knowledge {given.knowledge}: no such folder; it holds an organisations.csv of"
            " your own"
        )
    given.knowledge = given.knowledge or (
        str(config.knowledge) if config and config.knowledge else ""
    )
    return Path(given.knowledge) if given.knowledge else None


def _home(given: argparse.Namespace, config: Config | None) -> tuple[str, ...]:
    if given.home:
        return tuple(code for code in given.home.split(",") if code.strip())
    return config.home if config else ()


def _verbose(given: argparse.Namespace, scan: Scan) -> None:
    if given.verbose:
        for gap in scan.gaps:
            print(_gap(gap), file=sys.stderr)


def _gap(gap: Gap) -> str:
    return f"gap: {gap.at}: {gap.reason} [{gap.by}]"
