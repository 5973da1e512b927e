"""When the projects of the shipped index began, since when they are under the licence that they
have, and what they say that they are built on:
`python tools/code_projects.py CLONES > aisbom/codeprint/projects.csv`.

CLONES is a folder with one clone a project, `owner+name/repo`, as tools/code_index.py takes it. The
day of a project is that of its first commit (UTC), its own words are those of its READMEs at the
last one. `licensed` is the day of the commit that put other licence texts at the top, empty where
they were always the same ones. A project without a clone here, or with one that was cut off, has no
row.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from aisbom import licences
from aisbom.codeprint import index as indexes
from aisbom.codeprint.project import slug
from aisbom.collect.ownership.readme_credits import find_readme_credits

_LICENCES = ("LICENSE", "LICENSE.*", "LICENCE", "LICENCE.*", "COPYING", "COPYING.*")


def main() -> None:
    """Write the table to standard output."""
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("purl", "born", "licensed", "built_on", "source"))
    for project in indexes.load()[0].projects:
        own = slug(project.repository)
        found = [
            p for p in Path(sys.argv[1]).glob("*+*") if p.name.replace("+", "/").lower() == own
        ]
        if found and (born := _born(found[0] / "repo")):
            built = sorted(set(_built_on(found[0] / "repo")) - {own})
            licensed = _licensed(found[0] / "repo")
            rows.writerow((project.purl, born, licensed, "; ".join(built), project.repository))


def _git(clone: Path, *arguments: str) -> str:
    command = ["git", "-C", str(clone), *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, errors="replace"
    ).stdout


def _born(clone: Path) -> str:
    if _git(clone, "rev-parse", "--is-shallow-repository").strip() != "false":
        return ""
    times = [int(line) for line in _git(clone, "log", "--format=%ct", "HEAD").split()]
    return datetime.fromtimestamp(min(times), UTC).strftime("%Y-%m-%d")


def _licensed(clone: Path) -> str:
    """The day since which the licence texts at the top are what they are now."""
    lines = _git(clone, "log", "--format=%ct %H", "HEAD", "--", *_LICENCES).splitlines()
    last: frozenset[str] | None = None
    since = ""
    for line in lines:
        seconds, commit = line.split()
        here = _licences(clone, commit)
        if not here:
            continue
        if last is not None and here != last:
            return since
        last, since = here, datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d")
    return ""


def _licences(clone: Path, commit: str) -> frozenset[str]:
    """The licences that the texts at the top are at a commit."""
    names = [
        name
        for name in _git(clone, "ls-tree", "--name-only", commit).splitlines()
        if any(fnmatch(name.upper(), pattern.upper()) for pattern in _LICENCES)
    ]
    texts = [_git(clone, "show", f"{commit}:{name}") for name in names]
    return frozenset(one.id for text in texts for one in licences.match(text).found)


def _built_on(clone: Path) -> list[str]:
    names = _git(clone, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    readmes = [name for name in names if name.count("/") < 2 and name.endswith("README.md")]
    texts = [_git(clone, "show", f"HEAD:{name}") for name in readmes[:20]]
    return [
        slug(one.address)
        for text in texts
        for one in find_readme_credits(text)
        if one.how == "built-on"
    ]


if __name__ == "__main__":
    main()
