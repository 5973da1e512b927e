"""What the recipes of distributions say about packages of the Python index, each in a format of its
own.

A reader takes the folder of a clone, or a git repository, and yields statements. Nothing of a
recipe is run: of its templates only plain assignments are resolved.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from package_sources import Statement, expression, facts_table, metadata, repository

from aisbom.knowledge import Knowledge, names

_GENTOO = {
    "BSD": "BSD-3-Clause",
    "BSD-2": "BSD-2-Clause",
    "GPL-2": "GPL-2.0-only",
    "GPL-2+": "GPL-2.0-or-later",
    "GPL-3": "GPL-3.0-only",
    "GPL-3+": "GPL-3.0-or-later",
    "LGPL-3": "LGPL-3.0-only",
    "LGPL-3+": "LGPL-3.0-or-later",
    "LGPL-2.1": "LGPL-2.1-only",
    "LGPL-2.1+": "LGPL-2.1-or-later",
    "AGPL-3": "AGPL-3.0-only",
    "AGPL-3+": "AGPL-3.0-or-later",
    "PSF-2": "PSF-2.0",
}
_INDEX = r"(?:[\w.]*\bpypi\.(?:io|org|python\.org)|files\.pythonhosted\.org)/packages"
_BY_NAME = re.compile(rf"{_INDEX}/(?:source|py2\.py3|py3|cp\w+)/[^/\n]+/([^/\n]+)/")
_BY_DIGEST = re.compile(rf"{_INDEX}/[0-9a-f]{{2}}/[0-9a-f]{{2}}/[0-9a-f]{{60}}/([^/\s#\"']+)")
_SET = re.compile(r"{%-?\s*set\s+(\w+)\s*=\s*(['\"])([^'\"]*)\2\s*-?%}")
# `name|lower`, `name.replace("-", "_")`: a package's name is the same however it is spelt.
_USE = re.compile(
    r"\$?{{\s*(\w+)\s*(?:(?:\|\s*|\.)(?:lower|replace)\s*(?:\(['\"_.,\s-]*\))?\s*)*}}"
)
_VERSION = re.compile(r"\d[\w.+!-]*")
# Programs that write recipes take the id of the text that is nearest: of 17 recipes of conda-forge
# that name one of these, and of whose package another source speaks, one was right.
_GUESSED = re.compile(r"\b(?:BSD-[14]-Clause|EPL-2\.0|EUPL-1\.2|CNRI-Python|LGPLLR)\b")
_MOVED = "2023"
"""Repositories in older recipes have another owner today in 7 of 100 cases (docs/packages.md)."""


class Recipe(NamedTuple):
    """The newest text of a file of a repository, and the day of the commit that has it."""

    path: str
    day: str
    text: str


def buildroot(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """`package/python-*/*.mk` whose archive lies on the Python index."""
    for path in sorted(clone.glob("package/python-*/*.mk")):
        text = path.read_text("utf-8")
        cells = dict(re.findall(r"^PYTHON_[A-Z0-9_]+?_(SOURCE|SITE|LICENSE) = (.+)$", text, re.M))
        if "pythonhosted.org" not in cells.get("SITE", ""):
            continue
        name = names.package(re.sub(r"-\$\(.*|-\d.*", "", cells.get("SOURCE", "")))
        # Several names with commas: whether a choice or a sum is not said.
        words = cells.get("LICENSE", "")
        if name and "," not in words and (value := expression(words, knowledge)):
            yield Statement(name, "licence", value, "buildroot")


def gentoo_guru(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """`dev-python/*`: the name on the index and the repository stand in metadata.xml."""
    for path in sorted(clone.glob("dev-python/*/metadata.xml")):
        text = path.read_text("utf-8")
        named = re.search(r'<remote-id type="pypi">([^<]+)<', text)
        ebuilds = sorted(path.parent.glob("*.ebuild"))
        if not named or not ebuilds:
            continue
        name = names.package(named[1])
        words = re.search(r'^LICENSE="([^"$]+)"', ebuilds[-1].read_text("utf-8"), re.M)
        if words and " " not in words[1].strip():
            word = _GENTOO.get(words[1].strip(), words[1].strip())
            if value := expression(word, knowledge):
                yield Statement(name, "licence", value, "gentoo-guru")
        hosted = re.search(r'<remote-id type="(github|gitlab)">([^</]+/[^</]+)<', text)
        if hosted:
            yield Statement(name, "repository", f"{hosted[1]}.com/{hosted[2]}", "gentoo-guru")


def openwrt(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """`lang/python/*/Makefile` with a PYPI_NAME."""
    for path in sorted(clone.glob("lang/python/*/Makefile")):
        text = path.read_text("utf-8")
        cells = dict(re.findall(r"^(PYPI_NAME|PKG_LICENSE):=(.+)$", text, re.M))
        words = cells.get("PKG_LICENSE", "")
        if "PYPI_NAME" in cells and " " not in words and (value := expression(words, knowledge)):
            yield Statement(names.package(cells["PYPI_NAME"]), "licence", value, "openwrt")


def conda(channel: str, clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """A channel's recipes, `meta.yaml` and `recipe.yaml`, over the history of a repository. Of each
    package the newest recipe speaks, of the version that it builds.
    """
    known: set[str] = set()
    for recipe in history(clone, r"(?:^|/)(?:meta|recipe)\.yaml$"):
        rows = list(_conda(recipe, channel, knowledge))
        if rows and rows[0].name not in known:
            known.add(rows[0].name)
            yield from rows


def _conda(recipe: Recipe, channel: str, knowledge: Knowledge) -> Iterator[Statement]:
    text = _resolved(recipe.text)
    found = {names.package(one) for one in _BY_NAME.findall(text)}
    version = _field(text, "package", "version")
    for file in _BY_DIGEST.findall(text):
        stem, _, _ = file.partition(f"-{version}")
        found.add(names.package(stem if version and stem != file else "{"))
    # A recipe of several archives does not say whose its licence is.
    if len(found) != 1 or "{" in (name := found.pop()) or not _VERSION.fullmatch(version):
        return
    source = f"{channel} {version}, {recipe.day[:7]}"
    if value := _stated(_field(text, "about", "license"), knowledge):
        yield Statement(name, "licence", value, source)
    for key in ("dev_url", "repository", "home", "homepage"):
        address = repository(_field(text, "about", key))
        if address and recipe.day >= _MOVED and "/conda-forge/" not in address:
            yield Statement(name, "repository", address, source)
            return


def _stated(words: str, knowledge: Knowledge) -> str:
    value = expression(words, knowledge)
    return "" if _GUESSED.search(value) else value


def _resolved(text: str) -> str:
    """A recipe in which names that are assigned once, to a plain text, are replaced by it."""
    found: dict[str, set[str]] = {}
    context = _section(text, "context")
    pairs = [(name, value) for name, _, value in _SET.findall(text)]
    pairs += re.findall(r"^  (\w+): *[\"']?([^\"'\n#{}]+?)[\"']?\s*(?:#.*)?$", context, re.M)
    for name, value in pairs:
        found.setdefault(name, set()).add(value)
    values = {name: said.pop() for name, said in found.items() if len(said) == 1}
    return _USE.sub(lambda use: values.get(use[1], use[0]), text)


def _section(text: str, name: str) -> str:
    """The lines under a key that stands at the left edge."""
    found = re.search(rf"^{name}:[^\n]*\n((?:[ \t#{{][^\n]*\n|\r?\n)*)", f"{text}\n", re.M)
    return found[1] if found else ""


def _field(text: str, section: str, key: str) -> str:
    """The plain text of a key of a section, `""` where there is none, or a template is left."""
    found = re.search(rf"^ +{key}: *(.+)$", _section(text, section), re.M)
    value = re.sub(r"\s+#.*", "", found[1]).strip().strip("\"'").strip() if found else ""
    return "" if re.search(r"[{}\[\]|>]", value) else value


def msys2(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """`*/PKGBUILD` whose references name one package of the Python index."""
    for recipe in history(clone, r"/PKGBUILD$"):
        named = set(re.findall(r"^\s*['\"]purl: pkg:pypi/([\w.-]+)['\"]", recipe.text, re.M))
        cells = dict(re.findall(r"^(_?\w+)=[\"']?([^\"'\n(]*)", recipe.text, re.M))
        if len(named) != 1:
            continue
        name = names.package(named.pop())
        words = re.findall(r"['\"](?:spdx:)?([^'\"]+)['\"]", _array(recipe.text, "license"))
        if len(words) == 1 and (value := _stated(words[0], knowledge)):
            yield Statement(name, "licence", value, "msys2")
        for key in ("msys2_repository_url", "url"):
            if address := repository(cells.get(key, "")):
                yield Statement(name, "repository", address, "msys2")
                break


def _array(text: str, name: str) -> str:
    found = re.search(rf"^{name}=\(([^)]*)\)", text, re.M)
    return found[1] if found else ""


def history(clone: Path, wanted: str) -> Iterator[Recipe]:
    """The newest text of every file of a git repository whose path fits, also of those that were
    removed later; the newest commits first.

    `wanted`: a regular expression. Read with git's plumbing: neither hooks nor filters are run.
    """
    git = ("git", "--no-replace-objects", "-C", str(clone))
    log = (*git, "log", "HEAD", "--full-history", "--no-renames", "--no-abbrev", "--raw", "-z")
    told = _output(*log, "--diff-filter=AM", "--format=%x01%cI").decode("utf-8", "replace")
    newest: dict[str, tuple[str, str]] = {}
    day = ""
    # Cells end with a null byte: the day of a commit, or modes, digests and a letter before a path.
    cells = (cell.strip("\n") for cell in told.split("\0"))
    for cell in cells:
        if cell.startswith("\1"):
            day = cell[1:11]
        elif cell.startswith(":"):
            path, (_, mode, _, blob, _) = next(cells), cell.split()
            if mode.startswith("100") and re.search(wanted, path):
                newest.setdefault(path, (blob, day))
    asked = "".join(f"{blob}\n" for blob, _ in newest.values()).encode()
    texts = _output(*git, "cat-file", "--batch", asked=asked)
    at = 0
    for path, (_, day) in newest.items():
        head, at = texts[at : texts.index(b"\n", at)].split(), texts.index(b"\n", at) + 1
        if head[1] == b"blob":  # else a copy without its largest files
            size = int(head[2])
            yield Recipe(path, day, texts[at : at + size].decode("utf-8", "replace"))
            at += size + 1


def _output(*command: str, asked: bytes = b"") -> bytes:
    return subprocess.run(command, input=asked, capture_output=True, check=True).stdout


READERS: dict[str, Callable[[Path, Knowledge], Iterator[Statement]]] = {
    "distributions": facts_table,
    "buildroot": buildroot,
    "gentoo-guru": gentoo_guru,
    "openwrt": openwrt,
    "conda-forge": partial(conda, "conda-forge"),
    "emscripten-forge": partial(conda, "emscripten-forge"),
    "msys2": msys2,
    "metadata": metadata,
}
"""Every reader by the name under which tools/package_table.py is given its folder."""
