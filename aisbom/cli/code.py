"""The commands of `aisbom code`. As in `cli`, whatever is heavier than argparse is imported by the
command that needs it.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from aisbom.cli import code_compare
from aisbom.cli.exit_codes import DONE, NOTHING, UsageError

if TYPE_CHECKING:
    from aisbom.codeprint.project import Project


def register(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add `code` and its commands to the program's (`commands` is what `add_subparsers` gave)."""
    code = commands.add_parser(
        "code",
        help="where source code comes from",
        description="Where source code comes from. Nothing is run.",
    )
    acts = code.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=parser_class
    )

    code_compare.register(acts)
    index = acts.add_parser(
        "index",
        help="the index of known code",
        description="What code is compared with: hashes and counts, no code.",
    )
    ways = index.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=parser_class
    )
    build = ways.add_parser(
        "build",
        help="make an index of one project",
        description=(
            "Make an index of one project from git clones (their tags, read without a checkout),"
            " folders, wheels or archives. Where two sources have one version, the first counts."
        ),
    )
    build.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a git clone, bare or not; or a folder, wheel, zip or tar: one release",
    )
    build.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="where to (NAME.codeindex)"
    )
    build.add_argument(
        "--project", metavar="NAME", required=True, help="what the project is called"
    )
    build.add_argument(
        "--purl",
        metavar="PURL",
        default="",
        help="its package URL without version (default pkg:generic/NAME)",
    )
    build.add_argument(
        "--repository", metavar="URL", default="", help="where its source is published"
    )
    build.add_argument("--licence", metavar="SPDX", default="", help="the licence it is under")
    build.add_argument(
        "--holder",
        metavar="NAME",
        action="append",
        default=[],
        help="an organisation its notices name (repeatable)",
    )
    build.add_argument(
        "--version",
        metavar="VERSION",
        default="",
        help="the release that a folder or archive is (packages state it)",
    )
    build.add_argument(
        "--under",
        metavar="FOLDER",
        default="",
        help="the upstream folder of what wheels hold, such as src",
    )
    build.add_argument(
        "--tags",
        metavar="GLOB",
        default="*",
        help="tags of a clone that are releases (default: all that name a version)",
    )
    build.add_argument(
        "--since", metavar="DATE", default="", help="leave out what is older (YYYY-MM-DD)"
    )
    build.add_argument(
        "--keep",
        choices=("all", "minor"),
        default="all",
        help="all releases, or the last of each minor line (default all)",
    )
    build.add_argument(
        "--every",
        choices=("month", "quarter"),
        default="",
        help="take commits of the main line instead of tags",
    )
    build.add_argument(
        "--path",
        metavar="PREFIX",
        action="append",
        default=[],
        help="only paths that begin so (repeatable)",
    )
    build.set_defaults(run=_build)

    add = ways.add_parser(
        "add",
        help="keep an index for this user",
        description="Keep an index: it takes part in every scan from now on.",
    )
    add.add_argument("file", metavar="FILE")
    add.add_argument(
        "--name",
        metavar="NAME",
        default="",
        help="file name to keep it under (default: the project's)",
    )
    add.set_defaults(run=_add)

    info = ways.add_parser(
        "info",
        help="what the index covers",
        description="What an index covers; without FILE: the one in use.",
    )
    info.add_argument("files", nargs="*", metavar="FILE")
    info.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="form of the answer (default text)",
    )
    info.set_defaults(run=_info)


def _build(given: argparse.Namespace) -> int:
    import re
    from pathlib import Path

    from aisbom.codeprint.build import Place, Plan, build, top_holders

    target = Path(given.output)
    if target.is_dir() or not target.parent.is_dir():
        raise UsageError(f"--output {given.output}: name a file in a folder that exists")
    if given.since and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given.since):
        raise UsageError(f"--since {given.since}: a day is written YYYY-MM-DD")
    if not re.fullmatch(r"[\w][\w.+\-]{0,99}", given.project):
        raise UsageError(f"--project {given.project}: a name of letters, digits and . _ - +")
    purl = given.purl or f"pkg:generic/{given.project.lower()}"
    if not re.fullmatch(r"pkg:[a-z0-9.+\-]+/[^\s@?#]+", purl):
        raise UsageError(
            f"--purl {given.purl}: a package URL without version, such as pkg:pypi/name"
        )
    for source in given.sources:
        if not Path(source).exists():
            raise UsageError(f"{source}: no such file or folder")
    places = [
        Place(
            Path(source),
            tags=given.tags,
            since=given.since,
            keep=given.keep,
            every=given.every,
            version=given.version,
            under=given.under,
        )
        for source in given.sources
    ]
    plan = Plan(
        given.project,
        purl,
        given.repository,
        given.licence,
        tuple(given.holder),
        paths=tuple(given.path),
        made="aisbom code index build",
    )
    try:
        built = build(places, plan)
    except ValueError as error:
        print(f"aisbom: {error}", file=sys.stderr)
        return NOTHING
    try:
        target.write_bytes(built.data)
    except OSError as error:
        raise UsageError(f"--output {given.output}: cannot be written: {error.strerror}") from error
    print(
        f"wrote {target.name}: {len(built.data):,} bytes, {built.releases} releases,"
        f" {built.paths:,} paths, {built.contents:,} contents,"
    )
    print(
        f"fingerprints of {built.prints:,} files; holders that the heads of the files name:"
        f" {top_holders(built.holders)}"
    )
    return DONE


def _add(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.codeprint import index
    from aisbom.codeprint.container import MAX_FILE

    path = Path(given.file)
    if not path.is_file():
        raise UsageError(f"{given.file}: no such file")
    if path.stat().st_size > MAX_FILE:
        raise UsageError(f"{given.file}: larger than an index may be ({MAX_FILE:,} bytes)")
    try:
        kept = index.add(path.read_bytes(), given.name)
    except ValueError as error:
        raise UsageError(f"{given.file}: {error}") from error
    except OSError as error:
        raise UsageError(f"the folder of indexes cannot be written: {error.strerror}") from error
    print(f"kept as {kept.name}")
    return DONE


def _info(given: argparse.Namespace) -> int:
    from pathlib import Path

    from aisbom.codeprint import index
    from aisbom.codeprint.container import Container
    from aisbom.codeprint.project import Project

    if given.files:
        projects = []
        for file in given.files:
            if not Path(file).is_file():
                raise UsageError(f"{file}: no such file")
            try:
                project = Project(Container(Path(file)), file=Path(file).name)
                index.check(project)
            except ValueError as error:
                raise UsageError(f"{file}: {error}") from error
            projects.append(project)
        known = index.Index(projects)
    else:
        known, notes = index.load()
        for note in notes:
            print(f"aisbom: {note}", file=sys.stderr)
    if given.format == "json":
        import json

        rows = [_row(project) for project in known.projects]
        print(
            json.dumps(
                {"coverage": known.coverage(), "digest": known.digest, "projects": rows},
                indent=2,
                ensure_ascii=False,
            )
        )
        return DONE
    print(known.coverage())
    for project in known.projects:
        counts = project.counts
        where = "shipped" if project.shipped else "added"
        print(
            f"\n{project.purl} ({project.licence or 'licence not stated'}, {where},"
            f" {project.size:,} bytes)"
        )
        print(f"  {project.covers}")
        print(
            f"  {counts.get('contents', 0):,} contents of {counts.get('paths', 0):,} paths,"
            f" fingerprints of {counts.get('printed', 0):,}"
        )
        if project.holders:
            print(f"  holders: {', '.join(project.holders)}")
        if project.repository:
            print(f"  source: {project.repository}")
    return DONE


def _row(project: Project) -> dict[str, Any]:
    return {
        "project": project.name,
        "purl": project.purl,
        "repository": project.repository,
        "licence": project.licence,
        "holders": list(project.holders),
        "covers": project.covers,
        "releases": [
            {"version": r.version, "tag": r.tag, "commit": r.commit, "date": r.date}
            | ({"within": list(r.within)} if r.within else {})
            for r in project.releases
        ],
        "paths": project.counts.get("paths", 0),
        "contents": project.counts.get("contents", 0),
        "fingerprinted": project.counts.get("printed", 0),
        "bytes": project.size,
        "digest": project.digest,
        "shipped": project.shipped,
    }
