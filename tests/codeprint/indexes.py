"""Indexes made in memory from small made-up projects."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aisbom.codeprint import identity
from aisbom.codeprint.build import build
from aisbom.codeprint.container import Container
from aisbom.codeprint.index import Index
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.project import Project
from tests.collect.git_repository import git

Files = dict[str, str]


def code(name: str, lines: int = 60) -> str:
    """Source text that no other name gives; 60 lines are about 2.4 kB."""
    return f"# {name}\n" + "".join(
        f"def {name}_{number}(value):\n    return value + {number}\n" for number in range(lines)
    )


def package(name: str, count: int = 60) -> Files:
    """A project of `count` modules in three packages, with tests, a version file and the small
    files every project has.
    """
    files = {
        f"{name}/{part}/module_{n}.py": code(f"{name}_{part}_{n}")
        for part in ("core", "layers", "models")
        for n in range(count // 3)
    }
    files |= {f"tests/test_{n}.py": code(f"{name}_test_{n}", 12) for n in range(12)}
    files |= {f"{name}/{part}/__init__.py": "" for part in ("core", "layers", "models")}
    files |= {
        f"{name}/__init__.py": f"# {name}\n",
        "setup.py": code(f"{name}_setup", 20),
        "README.md": f"# {name}\n",
    }
    return files


def cloned(folder: Path, releases: Mapping[str, Files]) -> Path:
    """A git clone with one commit and one tag per release, a month apart."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    for number, (tag, files) in enumerate(releases.items()):
        git(folder, "rm", "-rq", "--ignore-unmatch", ".")
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8", newline="")
        when = 1_700_000_000 + number * 30 * 86_400
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "--allow-empty", "-m", tag, when=when)
        git(folder, "tag", *(["-a", "-m", tag] if number % 2 else []), tag, when=when)
    return folder


def project(
    folder: Path, name: str, releases: Mapping[str, Files], repository: str = ""
) -> Project:
    """The index of a made-up project."""
    plan = Plan(name, f"pkg:pypi/{name}", repository)
    built = build([Place(cloned(folder / name, releases))], plan)
    return Project(Container(built.data))


def index(*projects: Project) -> Index:
    return Index(projects)


def identities(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: identity.blob(content.encode()) for path, content in files.items()}


def below(folder: str, files: Mapping[str, str], start: str = "") -> Files:
    """The files that begin with `start`, moved below a folder."""
    return {
        f"{folder}/{path.removeprefix(start)}": content
        for path, content in files.items()
        if path.startswith(start)
    }
