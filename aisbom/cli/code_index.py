"""`aisbom code index`: the index of known code, made, kept and listed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aisbom.cli import output
from aisbom.cli.commands import command, new_app
from aisbom.cli.exit_codes import DONE, NOTHING
from aisbom.cli.options import TextOrJson
from aisbom.errors import UsageError

if TYPE_CHECKING:
    from aisbom.codeprint.project import Project

app = new_app(help="The index of known code: hashes and counts, no code.")

_ABOUT = "What the index says of the project"
_TAKEN = "What is taken of the sources"


@dataclass(frozen=True, slots=True)
class About:
    """What an index says of its project."""

    project: Annotated[
        str,
        typer.Option("--project", metavar="NAME", help="what it is called", rich_help_panel=_ABOUT),
    ]
    purl: Annotated[
        str,
        typer.Option(
            "--purl",
            metavar="PURL",
            help="its package URL without version (default pkg:generic/NAME)",
            rich_help_panel=_ABOUT,
        ),
    ] = ""
    repository: Annotated[
        str,
        typer.Option(
            "--repository",
            metavar="URL",
            help="where its source is published",
            rich_help_panel=_ABOUT,
        ),
    ] = ""
    licence: Annotated[
        str,
        typer.Option(
            "--licence", metavar="SPDX", help="the licence it is under", rich_help_panel=_ABOUT
        ),
    ] = ""
    holder: Annotated[
        list[str] | None,
        typer.Option(
            "--holder",
            metavar="NAME",
            help="an organisation its notices name (repeatable)",
            rich_help_panel=_ABOUT,
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What of its sources goes into an index."""

    version: Annotated[
        str,
        typer.Option(
            "--version",
            metavar="VERSION",
            help="the release that a folder or archive is (packages state it)",
            rich_help_panel=_TAKEN,
        ),
    ] = ""
    under: Annotated[
        str,
        typer.Option(
            "--under",
            metavar="FOLDER",
            help="the upstream folder of what wheels hold, such as src",
            rich_help_panel=_TAKEN,
        ),
    ] = ""
    tags: Annotated[
        str,
        typer.Option(
            "--tags",
            metavar="GLOB",
            help="tags of a clone that are releases (default: all that name a version)",
            show_default=False,
            rich_help_panel=_TAKEN,
        ),
    ] = "*"
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="DATE",
            help="leave out what is older (YYYY-MM-DD)",
            rich_help_panel=_TAKEN,
        ),
    ] = ""
    keep: Annotated[
        Literal["all", "minor"],
        typer.Option(
            "--keep",
            help="all releases, or the last of each minor line",
            rich_help_panel=_TAKEN,
        ),
    ] = "all"
    every: Annotated[
        Literal["month", "quarter"] | None,
        typer.Option(
            "--every",
            help="take commits of the main line instead of tags",
            rich_help_panel=_TAKEN,
        ),
    ] = None
    path: Annotated[
        list[str] | None,
        typer.Option(
            "--path",
            metavar="PREFIX",
            help="only paths that begin so (repeatable)",
            rich_help_panel=_TAKEN,
        ),
    ] = None


@command(
    app,
    "build",
    examples=("aisbom code index build clone.git --project demo -o demo.codeindex",),
)
def build_index(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="a git clone, bare or not; or a folder, wheel, zip or tar: one release",
        ),
    ],
    target: Annotated[
        str,
        typer.Option("-o", "--output", metavar="FILE", help="where to (NAME.codeindex)"),
    ],
    *,
    about: About,
    taken: Selection,
) -> int:
    """Make an index of one project from git clones (their tags, read without a checkout), folders,
    wheels or archives. Where two sources have one version, the first counts.
    """
    from aisbom.codeprint.build import build, top_holders
    from aisbom.codeprint.plan import Place, Plan

    file = _check(target, about, taken, sources)
    places = [
        Place(
            Path(source),
            tags=taken.tags,
            since=taken.since,
            keep=taken.keep,
            every=taken.every or "",
            version=taken.version,
            under=taken.under,
        )
        for source in sources
    ]
    plan = Plan(
        about.project,
        _purl(about),
        about.repository,
        about.licence,
        tuple(about.holder or ()),
        paths=tuple(taken.path or ()),
        made="aisbom code index build",
    )
    try:
        built = build(places, plan)
    except ValueError as error:
        output.note(f"aisbom: {error}")
        return NOTHING
    try:
        file.write_bytes(built.data)
    except OSError as error:
        raise UsageError(f"--output {target}: cannot be written: {error.strerror}") from error
    output.write(
        f"wrote {file.name}: {len(built.data):,} bytes, {built.releases} releases,"
        f" {built.paths:,} paths, {built.contents:,} contents,"
    )
    output.write(
        f"fingerprints of {built.prints:,} files; holders that the heads of the files name:"
        f" {top_holders(built.holders)}"
    )
    return DONE


@command(app, "add", examples=("aisbom code index add demo.codeindex",))
def add_index(
    file: Annotated[str, typer.Argument(metavar="FILE")],
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="file name to keep it under (default: the project's)"
        ),
    ] = "",
) -> int:
    """Keep an index for this user: it takes part in every scan from now on."""
    from aisbom.codeprint import index
    from aisbom.codeprint.container import MAX_FILE

    path = Path(file)
    if not path.is_file():
        raise UsageError(f"{file}: no such file")
    if path.stat().st_size > MAX_FILE:
        raise UsageError(f"{file}: larger than an index may be ({MAX_FILE:,} bytes)")
    try:
        kept = index.add(path.read_bytes(), name)
    except ValueError as error:
        raise UsageError(f"{file}: {error}") from error
    except OSError as error:
        raise UsageError(f"the folder of indexes cannot be written: {error.strerror}") from error
    output.write(f"kept as {kept.name}")
    return DONE


@command(app, "info", examples=("aisbom code index info", "aisbom code index info demo.codeindex"))
def describe_index(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="indexes; without one, those in use"),
    ] = None,
    form: TextOrJson = "text",
) -> int:
    """What an index covers; without FILE: the one in use."""
    from aisbom.codeprint import index

    if files:
        known = index.Index([_open(file) for file in files])
    else:
        known, notes = index.load()
        for note in notes:
            output.note(f"aisbom: {note}")
    if form == "json":
        rows = [_row(project) for project in known.projects]
        output.write_json({"coverage": known.coverage(), "digest": known.digest, "projects": rows})
    else:
        output.write("\n\n".join([known.coverage(), *map(_describe, known.projects)]))
    return DONE


def _check(target: str, about: About, taken: Selection, sources: list[str]) -> Path:
    """The file to write; everything the user said is held against its form first."""
    file = Path(target)
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"--output {target}: name a file in a folder that exists")
    if taken.since and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", taken.since):
        raise UsageError(f"--since {taken.since}: a day is written YYYY-MM-DD")
    if not re.fullmatch(r"[\w][\w.+\-]{0,99}", about.project):
        raise UsageError(f"--project {about.project}: a name of letters, digits and . _ - +")
    if not re.fullmatch(r"pkg:[a-z0-9.+\-]+/[^\s@?#]+", _purl(about)):
        raise UsageError(
            f"--purl {about.purl}: a package URL without version, such as pkg:pypi/name"
        )
    for source in sources:
        if not Path(source).exists():
            raise UsageError(f"{source}: no such file or folder")
    return file


def _purl(about: About) -> str:
    return about.purl or f"pkg:generic/{about.project.lower()}"


def _open(file: str) -> Project:
    from aisbom.codeprint import index
    from aisbom.codeprint.container import Container
    from aisbom.codeprint.project import Project

    if not Path(file).is_file():
        raise UsageError(f"{file}: no such file")
    try:
        project = Project(Container(Path(file)), file=Path(file).name)
        index.check(project)
    except ValueError as error:
        raise UsageError(f"{file}: {error}") from error
    return project


def _describe(project: Project) -> str:
    counts = project.counts
    where = "shipped" if project.shipped else "added"
    about = f"{project.licence or 'licence not stated'}, {where}, {project.size:,} bytes"
    contents = f"{counts.get('contents', 0):,} contents of {counts.get('paths', 0):,} paths"
    lines = [
        f"{project.purl} ({about})",
        f"  {project.covers}",
        f"  {contents}, fingerprints of {counts.get('printed', 0):,}",
    ]
    if project.holders:
        lines.append(f"  holders: {', '.join(project.holders)}")
    if project.repository:
        lines.append(f"  source: {project.repository}")
    return "\n".join(lines)


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
