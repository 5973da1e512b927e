"""What metadata and a table of distributions say about packages of the Python index: their licence
and their repository. Facts only, each with the name of its source. Readers of distributions'
recipes are in package_recipes.py.

A reader takes a folder and yields statements. It says nothing of a package whose name on the
Python index the source does not state: `py3-cairo` of a distribution is `pycairo` there.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from email import message_from_string
from email.message import Message
from pathlib import Path
from typing import NamedTuple

from aisbom.identify import licence, urls
from aisbom.knowledge import Knowledge, names
from aisbom.knowledge.package_table import HAND, METADATA, source_key
from aisbom.licences import match


class Statement(NamedTuple):
    """What one source says about one package; `what` is `licence` or `repository`.

    `votes`: how many of the distributions that `source` names say so.
    """

    name: str
    what: str
    value: str
    source: str
    votes: int = 1
    versions: str = ""


_SINGLE = (
    *("buildroot", "conda-forge", "emscripten-forge", "gentoo-guru", "msys2", "openwrt"),
    *(HAND, METADATA),
)


def family(source: str) -> str:
    """The reader that a source belongs to: what is read anew replaces all of it."""
    key = source_key(source)
    return key if key in _SINGLE else "distributions"


_NAMED_BY_PYPI = {"spack", "clearlydefined", "pyodide"}
_EDGES = re.compile(r"^(?:python-|py-)|(?:-python|-py)$")
_INFO = re.compile(r"[^/]+\.dist-info/")
_LICENCE_FILE = re.compile(r"/(?:licen[cs]e|copying)[^/]*$", re.IGNORECASE)
# Licences whose text alone says which one it is: one of GNU's does not say "or later", and some BSD
# texts differ by a clause.
_PLAIN = {"MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "MPL-2.0", "ISC", "Unlicense"}
_WORDS = {"ASL 2.0": "Apache-2.0", "BSD": "", "GPL": "", "LGPL": "", "NONE": "", "OTHER": ""}


def expression(text: str, knowledge: Knowledge) -> str:
    """The SPDX expression that the words of a source stand for, `""` where they name none."""
    text = " ".join(text.split("#", maxsplit=1)[0].split())
    if text in _WORDS:
        return _WORDS[text]
    text = re.sub(r"\b(and|or|with)\b", lambda match: match[0].upper(), text)
    value = licence.expression(text)
    if not value and (row := knowledge.licence("text", text)):
        value = row.expression
    if value == "unknown" or "scancode" in value.lower():
        return ""
    # The plus of GNU licences is the old spelling of "or later".
    return _sorted(re.sub(r"\b((?:A|L)?GPL-[\d.]+)\+", r"\1-or-later", value))


def _sorted(value: str) -> str:
    """The parts of a plain sum or choice in one order, so that equal answers are equal texts."""
    for word in (" AND ", " OR "):
        parts = value.split(word)
        other = " OR " if word == " AND " else " AND "
        if len(parts) > 1 and other not in value and "(" not in value:
            return word.join(sorted(set(parts)))
    return value


def repository(url: str) -> str:
    """`github.com/owner/name` of an address on a code host, `""` for any other."""
    account = urls.account(url)
    if account is None or account.host == "hub":
        return ""
    found = re.match(r"(?:[a-z+]+://)?(?:[^/@]*@)?(?:www\.)?([\w.-]+)[/:]([^?#\s]+)", url.strip())
    if not found:
        return ""
    parts = [part for part in found[2].split("/") if part][:2]
    if len(parts) < 2:
        return ""
    return f"{found[1].lower()}/{parts[0]}/{parts[1].removesuffix('.git')}"


def facts_table(path: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """A table of several distributions: name, licence, votes, sources, repository.

    Which of them said which licence is not in it where they differ: then all are named in each row.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            sources = row["sources"].replace(";", "; ")
            name = names.package(row["name"])
            if not sources:
                continue
            if not _NAMED_BY_PYPI & set(sources.split("; ")) and not _same(name, row["repository"]):
                continue
            others = [one.rpartition(":") for one in row["other_votes"].split(";") if one]
            votes: Counter[str] = Counter()
            for words, count in [(row["licence"], row["agree"]), *((o[0], o[2]) for o in others)]:
                if value := expression(words, knowledge):
                    votes[value] += int(count or 0)
            for value, count in votes.items():
                yield Statement(name, "licence", value, sources, count)
            if address := repository(row["repository"]):
                yield Statement(name, "repository", address, sources)


def _same(name: str, address: str) -> bool:
    last = names.package(address.rpartition("/")[2])
    return bool(last) and (last == name or _EDGES.sub("", last) == _EDGES.sub("", name))


def metadata(folder: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """Wheels in a folder, distributions installed in a site-packages, a report of pip: what their
    own metadata declares, else the one licence whose text they hold.
    """
    for headers, texts in _distributions(folder):
        name, version = names.package(headers["Name"] or ""), headers["Version"] or ""
        if not name:
            continue
        source = f"{METADATA} {version}"
        if value := declared(headers, texts, knowledge):
            yield Statement(name, "licence", value, source)
        for address in dict.fromkeys(_repositories(headers)):
            yield Statement(name, "repository", address, source)


def declared(headers: Message, texts: Iterable[str], knowledge: Knowledge) -> str:
    """The licence of a distribution: License-Expression, License, classifiers, then its texts."""
    if headers["License-Expression"]:
        return expression(headers["License-Expression"], knowledge)
    words = headers["License"] or ""
    if len(words) < 300 and "\n" not in words and (value := expression(words, knowledge)):
        return value
    classifiers = [
        one.removeprefix("License :: ")
        for one in headers.get_all("Classifier", [])
        if one.startswith("License :: ") and one != "License :: OSI Approved"
    ]
    rows = [knowledge.licence("classifier", one) for one in classifiers]
    said = {row.expression if row else "unknown" for row in rows}
    if len(said) == 1 and said != {"unknown"}:
        return said.pop()
    found = {one.id for text in texts for one in match(text).found}
    return found.pop() if len(found) == 1 and len(said) < 2 and found <= _PLAIN else ""


def _distributions(folder: Path) -> Iterator[tuple[Message, list[str]]]:
    if folder.is_file():
        yield from _reported(folder)
    for path in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.namelist() if _INFO.match(one)]
            texts = [
                archive.read(one).decode("utf-8", "replace")
                for one in inside
                if _LICENCE_FILE.search(one)
            ]
            for one in inside:
                if one.count("/") == 1 and one.endswith("/METADATA"):
                    yield message_from_string(archive.read(one).decode("utf-8", "replace")), texts
    for path in sorted(folder.glob("*.dist-info/METADATA")):
        if (path.parent / "direct_url.json").exists():
            continue  # not from an index
        texts = [
            one.read_text("utf-8", "replace")
            for one in sorted(path.parent.rglob("*"))
            if one.is_file() and _LICENCE_FILE.search(f"/{one.name}")
        ]
        yield message_from_string(path.read_text("utf-8", "replace")), texts


def _reported(report: Path) -> Iterator[tuple[Message, list[str]]]:
    """What `pip install --dry-run --report` wrote: the metadata as JSON, without licence files."""
    for one in json.loads(report.read_text("utf-8"))["install"]:
        headers = Message()
        for key, value in one["metadata"].items():
            for part in value if isinstance(value, list) else [value]:
                headers[key.replace("_", "-")] = str(part)
        yield headers, []


def _repositories(headers: Message) -> Iterator[str]:
    links = [urls.parse_labelled_url(one) for one in headers.get_all("Project-URL", [])]
    links.append(("home", headers["Home-page"] or ""))
    for wanted in ("source", "home", "tracker"):
        for role, url in links:
            if role == wanted and (address := repository(url)):
                yield address
                return
