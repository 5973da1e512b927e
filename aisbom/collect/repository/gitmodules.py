"""`.gitmodules`: the repositories that a repository contains, checked out or not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from packageurl import PackageURL

from aisbom.collect import get_collector
from aisbom.collect.repository import git, git_changes
from aisbom.lazy_module import compile_later
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.source import git_store, git_url
from aisbom.source.tree import File, Unreadable

NAME = "gitmodules"

_SECTION = re.compile(r'\s*\[\s*submodule\s+"((?:[^"\\]|\\.)*)"\s*\]\s*(?:[#;].*)?', re.IGNORECASE)
_SETTING = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*)")
_SUBMODULE = 0o160000
_HUB = compile_later(
    r"https://huggingface\.co/(?P<data>datasets/)?(?P<owner>[\w.\-]+)/(?P<name>[\w.\-]+?)(?:\.git)?/?"
)
"""A model or a data set, which the hub keeps as a repository."""


@dataclass(slots=True)
class _Section:
    name: str
    line: int
    settings: dict[str, str] = field(default_factory=dict)


def collect(file: File) -> Iterator[Row]:
    """A sighting of every submodule."""
    remote, commits = "", dict[str, str]()
    around = file.sibling(".git")
    if around and around.local:
        try:
            remote, commits = _enclosing(around)
        except (Unreadable, git_changes.UndecidedError) as error:
            yield Gap(NAME, file.at(), f"commits of submodules are unknown: {error}")
    for section in _sections(file):
        if isinstance(section, Gap):
            yield section
            continue
        path = section.settings.get("path", section.name)
        if posixpath.isabs(path) or ".." in path.split("/") or not path.isprintable() or not path:
            yield Gap(
                NAME,
                file.at(section.line),
                "a submodule whose path leaves the repository: not looked at",
            )
            continue
        present = _present(file, path)
        if not present:
            words = f"the submodule {path} is not checked out: what is in it was not looked at"
            yield Gap(NAME, file.at(section.line), words)
        url = section.settings.get("url", "")
        shown = git_url.public(url) or git_url.join_address(remote, url)
        commit = commits.get(posixpath.normpath(path), "")
        words = f'[submodule "{section.name}"]'
        seen = Evidence(NAME, "manifest-analysis", "high", file.at(section.line), words)
        if held := _HUB.fullmatch(shown):
            yield _of_hub(held, commit, seen)
            continue
        yield Observation(
            "repository",
            git_url.name(shown) or path.rpartition("/")[2],
            commit,
            git_url.purl(shown, commit),
            seen,
            facts(
                path=path,
                submodule="yes",
                present="yes" if present else "no",
                commit=commit,
                vcs_url=shown,
                branch=section.settings.get("branch"),
            ),
        )


def _of_hub(held: re.Match[str], commit: str, seen: Evidence) -> Observation:
    """A repository of the hub as what is in it: a model or a data set."""
    identity = f"{held['owner']}/{held['name']}"
    space = f"{held['data'] or ''}{held['owner']}"
    purl = PackageURL("huggingface", space, held["name"], commit or None).to_string()
    if held["data"]:
        told = facts(space="dataset", loader="submodule", dataset_id=identity)
        return Observation("dataset", identity, commit, purl, seen, told)
    told = facts(space="hub", loader="submodule", part="weights", model_id=identity)
    return Observation("reference", identity, commit, purl, seen, told)


def _enclosing(around: File) -> tuple[str, dict[str, str]]:
    """The public address of the repository around, and path to commit of the submodules in its
    index.
    """
    local = around.local
    if local is None:
        raise Unreadable("a repository inside an archive: not read")
    store = git_store.locate_store(local, git.top(around, local))
    remote = git.remote_of(store, "")
    return remote, {
        str(entry.path): entry.hexsha
        for entry in git_changes.entries(store)
        if entry.mode == _SUBMODULE and not entry.stage
    }


def _present(file: File, path: str) -> bool:
    """Whether anything is checked out: git leaves a `.git` in every submodule, an archive only its
    files.
    """
    below = posixpath.normpath(path)
    return file.sibling(f"{below}/.git") is not None or bool(
        file.sibling(f"{below}/README.md") or file.sibling(f"{below}/LICENSE")
    )


def _sections(file: File) -> Iterator[_Section | Gap]:
    """The submodules in order. Settings that git would run (`update = !command`) are never used."""
    section: _Section | None = None
    for number, line in enumerate(file.text(1024 * 1024).split("\n"), 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        if line.lstrip().startswith("["):
            if section:
                yield section
            match = _SECTION.fullmatch(line)
            section = _Section(re.sub(r"\\(.)", r"\1", match[1]), number) if match else None
            if not match:
                yield Gap(NAME, file.at(number), "not a submodule's section: skipped")
        elif section and (setting := _SETTING.fullmatch(line)):
            section.settings[setting[1].lower()] = _value(setting[2])
    if section:
        yield section


def _value(text: str) -> str:
    """A setting without quotes and trailing comment."""
    text = text.strip()
    if text.startswith('"'):
        end = re.match(r'"((?:[^"\\]|\\.)*)"', text)
        return re.sub(r"\\(.)", r"\1", end[1]) if end else text[1:]
    return re.split(r"\s[#;]", text)[0].strip()


COLLECTOR = get_collector(NAME)
