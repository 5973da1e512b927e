"""The files beside METADATA in an installed distribution: WHEEL, RECORD, direct_url.json,
top_level.txt, requires.txt.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aisbom.collect.python.metadata import Headers, RequiresDist, clean, hash_fact
from aisbom.source.faults import fault
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

MAX_RECORD = 16 * 1024 * 1024

MAX_IMPORTS = 20
"""More import names than this say nothing more about what a distribution is."""

_CODE = re.compile(r"\.(?:py|pyi|pyd|so|pyx)$")
_REMOTE = re.compile(r"(?:https?|ssh|git|ftp|svn|hg|bzr)(?:\+[a-z]+)?://|git@", re.IGNORECASE)
_SECTION = re.compile(r"\[([^:\]]*)(?::(.*))?\]$")


@dataclass(frozen=True, slots=True)
class Record:
    """What a RECORD lists: how many files, its own SHA-256, import names, and whether an installer
    has been at work.
    """

    files: int
    digest: str
    imports: frozenset[str]
    installed: bool
    faults: tuple[tuple[int, str], ...] = ()


def record(data: bytes) -> Record:
    """A RECORD. Paths may be quoted, absolute, or lead out of the environment (scripts do): those
    name no import.
    """
    text = decode(data)
    faults: list[tuple[int, str]] = []
    count = 0
    imports: set[str] = set()
    installed = False
    seen: set[str] = set()
    for line, path in _paths(text, faults):
        if not path:
            _fault(faults, line, "a RECORD row without a path: skipped")
            continue
        count += 1
        if path.endswith((".pyc", ".dist-info/INSTALLER", ".dist-info/REQUESTED")):
            installed = True
            continue
        top, slash, _ = path.partition("/")
        if top in seen:
            continue
        if _CODE.search(path):
            name = top if slash else top.partition(".")[0]
            if name.isidentifier() and name != "__pycache__":
                imports.add(name)
                if slash:
                    seen.add(top)
    return Record(
        count, hashlib.sha256(data).hexdigest(), frozenset(imports), installed, tuple(faults)
    )


def _paths(text: str, faults: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """(line, path) of the rows. The csv module is asked only where quotes or NULs make it
    necessary: RECORDs are long.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        if '"' not in line:
            yield number, line.split(",", 1)[0]
            continue
        try:
            yield number, next(csv.reader([line], strict=True))[0]
        except (csv.Error, StopIteration, IndexError) as error:
            _fault(faults, number, f"not a RECORD row: skipped ({fault(error)})")


def _fault(faults: list[tuple[int, str]], line: int, reason: str) -> None:
    """The first few tell enough."""
    if len(faults) < 5:
        faults.append((line, reason))


def import_names(headers: Headers, top_level: File | None, listed: Record | None) -> list[str]:
    """Top-level import names: Import-Name (metadata 2.5), else top_level.txt, else the code that
    RECORD lists.
    """
    stated = [row for row in headers.rows if row.key in ("import-name", "import-namespace")]
    names: Iterable[str]
    if stated:
        names = (row.value.partition(";")[0].strip().partition(".")[0] for row in stated)
    elif top_level:
        names = (
            line.strip().replace("\\", "/").partition("/")[0]
            for line in decode(top_level.head(64 * 1024)).split("\n")
        )
    else:
        names = listed.imports if listed else ()
    return sorted({name for name in names if name.isidentifier()})[:MAX_IMPORTS]


def direct_url(data: bytes) -> list[tuple[str, str]]:
    """Facts of a direct_url.json (PEP 610): what was installed from elsewhere than an index.

    A local folder or file is said to be local; its path is of no use elsewhere and is left out.
    Raises Unreadable.
    """
    try:
        stated = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not valid JSON: {fault(error)}") from error
    if not isinstance(stated, dict) or not isinstance(stated.get("url"), str):
        raise Unreadable("states no url")
    url = clean(stated["url"])
    away = bool(_REMOTE.match(url))
    found: list[tuple[str, str]] = [] if away else [("local", "yes")]
    vcs, archive, folder = (stated.get(key) for key in ("vcs_info", "archive_info", "dir_info"))
    if isinstance(vcs, dict):
        commit = clean(vcs["commit_id"], 64) if isinstance(vcs.get("commit_id"), str) else ""
        system = vcs["vcs"] if vcs.get("vcs") in ("git", "hg", "svn", "bzr") else "git"
        found.append(("commit", commit))
        if away:
            found.append(("vcs-url", f"{system}+{url}" + (f"@{commit}" if commit else "")))
    elif away:
        found.append(("url", url))
    if isinstance(archive, dict):
        hashes = archive.get("hashes")
        pairs = list(hashes.items()) if isinstance(hashes, dict) else []
        if isinstance(archive.get("hash"), str):
            pairs.append(archive["hash"].partition("=")[::2])
        found += [
            fact
            for algorithm, value in pairs
            if isinstance(value, str)
            for fact in hash_fact(algorithm.lower(), value)
        ]
    if isinstance(folder, dict) and folder.get("editable") is True:
        found.append(("editable", "yes"))
    if isinstance(stated.get("subdirectory"), str):
        found.append(("subdirectory", clean(stated["subdirectory"], 200)))
    return found


def requires_txt(file: File) -> Iterator[RequiresDist]:
    """The entries of an egg's requires.txt as PEP 508 text; a section `[extra:marker]` becomes
    their marker.
    """
    conditions: list[str] = []
    for number, raw in enumerate(decode(file.read(1024 * 1024)).split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        section = _SECTION.match(line)
        if section and raw.lstrip().startswith("["):
            extra, marker = section[1].strip(), (section[2] or "").strip()
            conditions = [f'extra == "{extra}"'] if extra else []
            if marker:
                conditions.append(f"({marker})" if extra else marker)
            continue
        need, _, own = line.partition(";")
        every = [*([f"({own.strip()})"] if own.strip() else []), *conditions]
        # A direct reference needs the space: a URL may hold semicolons.
        joined = f"{need.strip()} ; {' and '.join(every)}" if every else need.strip()
        yield RequiresDist(joined, file.at(number), line)
