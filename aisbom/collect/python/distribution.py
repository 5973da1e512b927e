"""Installed and packaged Python distributions: `*.dist-info`, `*.egg-info` (folder and legacy
file), `EGG-INFO`, and PKG-INFO of sdists.

What a folder is about is decided by what lies around it:

- `*.dist-info/METADATA`, `EGG-INFO/PKG-INFO` and a flat `*.egg-info` file describe a distribution.
  It is `installed` when its folder is called `site-packages` or `dist-packages`, when an installer
  left its traces (INSTALLER, installed-files.txt, byte code in RECORD), and never at the top of a
  wheel. One that is not installed was merely packed: its dependencies are requirements too.
- `*.egg-info/PKG-INFO` without such traces, in a folder with a setup.py, setup.cfg or
  pyproject.toml, describes that source tree: a `project` rooted there (in a folder `src` or `lib`
  without one of these, in the folder above that has one). Its root stands in the fact `folder` (`.`
  is the top of the tree), since the file that says so lies deeper. Elsewhere it describes a
  distribution.
- `PKG-INFO` in any other folder is the top of an sdist: a `project` rooted in its folder. In an
  environment such a file is a package's own data and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.version import InvalidVersion, Version

from aisbom.collect import get_collector
from aisbom.collect.python.metadata import (
    Headers,
    RequiresDist,
    clean,
    pypi,
    read,
    read_metadata_facts,
    read_requires_dist,
    requirement_rows,
    valid_name,
)
from aisbom.collect.python.package_origin import add_qualifier
from aisbom.collect.python.record import (
    MAX_RECORD,
    Record,
    direct_url,
    import_names,
    record,
    requires_txt,
)
from aisbom.model import Confidence, Evidence, Gap, Observation, Row, facts
from aisbom.source.faults import length
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

NAME = "distribution"

_ENVIRONMENTS = frozenset({"site-packages", "dist-packages"})
_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg")
_SOURCES = frozenset({"src", "lib"})
_FOLDER = re.compile(
    r"(?P<name>.+?)-(?P<version>\d[^-]*)(?:-py\d[\d.]*)?(?:-.*)?\.(?:dist-info|egg-info|egg)$"
)


def collect(file: File) -> Iterator[Row]:
    """Rows of one metadata file. Raises Unreadable where it says nothing at all."""
    inner = file.folder.rpartition("/")[2]
    if file.name == "PKG-INFO" and not inner.endswith(".egg-info") and inner != "EGG-INFO":
        if not _ENVIRONMENTS.intersection(file.path.split("/")):
            yield from _project(file, file.folder, {}, [])
        return
    titled = file.name if file.name.endswith(".egg-info") else inner
    if titled.startswith("~"):
        yield Gap(
            NAME,
            file.at(),
            "left behind by an interrupted uninstall (pip ignores it): not counted as a"
            " distribution",
        )
        return
    if file.name == "PKG-INFO" and inner.endswith(".egg-info"):
        root = _source_root(file)
        if root is not None and not _left_by_installer(file, root, None):
            yield from _project(file, root, {"folder": root or "."}, list(_legacy(file)), "medium")
            return
    yield from _distribution(file, titled)


def _source_root(file: File) -> str | None:
    """The source folder that an egg-info folder was generated in, or None."""
    above = file.folder.rpartition("/")[0]
    for step, folder in (("..", above), ("../..", above.rpartition("/")[0])):
        if any(file.sibling(f"{step}/{name}") for name in _MANIFESTS):
            return folder
        if above.rpartition("/")[2] not in _SOURCES:
            break
    return None


def _left_by_installer(file: File, scope: str, listed: Record | None) -> bool:
    if scope.endswith(".whl!"):
        return False
    if scope.rpartition("/")[2] in _ENVIRONMENTS or (listed is not None and listed.installed):
        return True
    if file.name.endswith(".egg-info"):
        return False
    return any(file.sibling(name) for name in ("INSTALLER", "installed-files.txt"))


def _legacy(file: File) -> Iterator[RequiresDist]:
    beside = file.sibling("requires.txt") if file.name == "PKG-INFO" else None
    return requires_txt(beside) if beside else iter(())


def _project(
    file: File,
    root: str,
    extra: dict[str, str],
    legacy: list[RequiresDist],
    confidence: Confidence = "high",
) -> Iterator[Row]:
    headers = read(file)
    yield from _faults(file, headers)
    name, version = clean(headers.value("name"), 200), clean(headers.value("version"), 100)
    if not name:
        raise Unreadable("no Name: the project it describes cannot be told")
    titled = headers.first("name")
    line = titled.line if titled else 0
    evidence = Evidence(NAME, "manifest-analysis", confidence, file.at(line), f"Name: {name}")
    yield from _version_fault(file, headers, version)
    yield Observation(
        "project",
        clean(name, 200),
        version,
        pypi(clean(name, 200), version),
        evidence,
        facts(*read_metadata_facts(headers), *extra.items()),
    )
    entries = read_requires_dist(headers, file) or legacy
    yield from requirement_rows(
        entries, f"project:{root}", NAME, scope=None, components=True, confidence=confidence
    )
    for row in headers.all("dynamic"):
        if row.value.lower() == "requires-dist":
            yield Gap(
                NAME,
                file.at(row.line),
                "the dependencies are dynamic: a wheel built from this may state others",
            )


def _distribution(file: File, titled: str) -> Iterator[Row]:
    headers = read(file)
    yield from _faults(file, headers)
    above = file.folder.rpartition("/")[0]
    scope = file.folder if file.name.endswith(".egg-info") else above
    if titled == "EGG-INFO":
        # The environment of an egg is the folder that holds the egg, be it a folder or a zip.
        titled, scope = above.rpartition("/")[2].rstrip("!"), above.rpartition("/")[0]
    named = headers.first("name")
    line = named.line if named else 0
    evidence = Evidence(
        NAME, "manifest-analysis", "high", file.at(line), f"Name: {headers.value('name')}"
    )
    name, version = clean(headers.value("name"), 200), clean(headers.value("version"), 100)
    parts = _FOLDER.match(titled) if len(titled) < 300 else None
    if not name or not version:
        if not parts and not name:
            raise Unreadable("no Name: the distribution it describes cannot be told")
        missing = " and ".join(
            key for key, value in (("Name", name), ("Version", version)) if not value
        )
        yield Gap(
            NAME,
            file.at(),
            f"no {missing}" + (f": taken from the folder name {titled!r}" if parts else ""),
        )
        if parts:
            name, version = name or parts["name"], version or parts["version"]
            evidence = Evidence(NAME, "filename", "medium", file.at(line), titled)
    elif not valid_name(name):
        yield Gap(NAME, file.at(line), f"not a valid name ({length(name)})")
    yield from _version_fault(file, headers, version)

    stated = read_metadata_facts(headers)
    listed: Record | None = None
    if file.name != titled:
        for row in _beside(file, headers, stated):
            if isinstance(row, Record):
                listed = row
            else:
                yield row
    installed = _left_by_installer(file, scope, listed)
    stated += [("installed", "yes" if installed else ""), ("scope", scope)]
    purl = add_qualifier(pypi(name, version), tuple(stated))
    yield Observation("distribution", name, version, purl, evidence, facts(*stated))
    entries = read_requires_dist(headers, file) or list(_legacy(file))
    yield from requirement_rows(entries, purl, NAME, scope=scope, components=not installed)


def _beside(file: File, headers: Headers, stated: list[tuple[str, str]]) -> Iterator[Gap | Record]:
    """Adds the facts of the files beside METADATA to `stated`; yields what is wrong with them, and
    the RECORD.
    """
    listed: Record | None = None
    for name in ("WHEEL", "INSTALLER", "REQUESTED", "direct_url.json", "RECORD"):
        beside = file.sibling(name)
        if not beside:
            continue
        try:
            if name == "WHEEL":
                stated += [("tag", clean(row.value, 200)) for row in read(beside).all("tag")]
            elif name == "INSTALLER":
                stated.append(("installer", clean(decode(beside.head(200)).partition("\n")[0], 60)))
            elif name == "REQUESTED":
                stated.append(("requested", "yes"))
            elif name == "RECORD":
                listed = record(beside.read(MAX_RECORD))
                stated += [("files", str(listed.files)), ("record-digest", listed.digest)]
                yield from (Gap(NAME, beside.at(line), reason) for line, reason in listed.faults)
                yield listed
            else:
                stated += direct_url(beside.read(256 * 1024))
        except Unreadable as error:
            yield Gap(NAME, beside.at(), str(error))
    stated += [
        ("import", name) for name in import_names(headers, file.sibling("top_level.txt"), listed)
    ]


def _faults(file: File, headers: Headers) -> Iterator[Gap]:
    if not headers.rows:
        return
    for line, reason in headers.faults:
        yield Gap(NAME, file.at(line), reason)


def _version_fault(file: File, headers: Headers, version: str) -> Iterator[Gap]:
    if not version:
        return
    try:
        Version(version)
    except InvalidVersion:
        row = headers.first("version")
        yield Gap(
            NAME,
            file.at(row.line if row else 0),
            f"not a version under PEP 440 ({length(version)})",
        )


COLLECTOR = get_collector(NAME)
