"""When the projects of the shipped index began, and what they say that they are built on:
`python tools/code_projects.py CLONES > aisbom/codeprint/projects.csv`.

CLONES is a folder with one clone a project, `owner+name/repo`, as tools/code_index.py takes it. The
day of a project is that of its first commit (UTC), its own words are those of its READMEs at the
last one. A project without a clone here, or with one that was cut off, has no row.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from aisbom.codeprint import index as indexes
from aisbom.codeprint.project import slug
from aisbom.collect.ownership.readme_credits import credited


def main() -> None:
    """Write the table to standard output."""
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("purl", "born", "built_on", "source"))
    for project in indexes.load()[0].projects:
        own = slug(project.repository)
        found = [
            p for p in Path(sys.argv[1]).glob("*+*") if p.name.replace("+", "/").lower() == own
        ]
        if found and (born := _born(found[0] / "repo")):
            built = sorted(set(_built_on(found[0] / "repo")) - {own})
            rows.writerow((project.purl, born, "; ".join(built), project.repository))


def _git(clone: Path, *arguments: str) -> str:
    command = ["git", "-C", str(clone), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _born(clone: Path) -> str:
    if _git(clone, "rev-parse", "--is-shallow-repository").strip() != "false":
        return ""
    times = [int(line) for line in _git(clone, "log", "--format=%ct", "HEAD").split()]
    return datetime.fromtimestamp(min(times), UTC).strftime("%Y-%m-%d")


def _built_on(clone: Path) -> list[str]:
    names = _git(clone, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    readmes = [name for name in names if name.count("/") < 2 and name.endswith("README.md")]
    texts = [_git(clone, "show", f"HEAD:{name}") for name in readmes[:20]]
    return [slug(one.address) for text in texts for one in credited(text) if one.how == "built-on"]


if __name__ == "__main__":
    main()
