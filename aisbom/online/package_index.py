"""The metadata of one package, as the index that pip is configured with serves it.

Source: the Simple repository API (PEP 503, PEP 691) and metadata files (PEP 658, PEP 714).
"""

from __future__ import annotations

import configparser
import hashlib
import json
import os
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from aisbom.collect.python.package_origin import without_credentials
from aisbom.online.fetch import Clock, FetchError, get

PYPI = "https://pypi.org/simple"
_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
_MOST_PAGE = 32 * 2**20
_MOST_METADATA = 2 * 2**20
_MOST_FILES = 100_000


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the index says of one version: the metadata file, where it lies, and its digest."""

    url: str
    sha256: str
    version: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    url: str
    sha256: str
    yanked: bool


def get_index_address() -> str:
    """The address of pip's index: of its variable, else of its configuration files, else PyPI.
    pip itself is not run.
    """
    if given := os.environ.get("PIP_INDEX_URL", "").strip():
        return given.rstrip("/")
    files = [os.environ.get("PIP_CONFIG_FILE", "")]
    home = Path.home()
    files += [str(home / ".config/pip/pip.conf"), str(home / ".pip/pip.conf")]
    files += [str(home / "pip/pip.ini"), "/etc/xdg/pip/pip.conf", "/etc/pip.conf"]
    for name in filter(None, files):
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(name, "utf-8")
        except (OSError, configparser.Error, UnicodeDecodeError):
            continue
        if value := parser.get("global", "index-url", fallback="").strip():
            return value.rstrip("/")
    return PYPI


def redact_address(index: str) -> str:
    """An index's address without what is secret in it."""
    return without_credentials(index).partition("?")[0].rstrip("/")


def ask(index: str, name: str, version: str, clock: Clock) -> Metadata:
    """The metadata of a version, or of the latest final one where none is given. Raises Refused."""
    page = f"{index}/{canonicalize_name(name)}/"
    body, kind = get(page, clock, _MOST_PAGE, {"Accept": _ACCEPT})
    files = _of_json(body, page) if "json" in kind else _of_html(body, page)
    chosen, found = _choose(files, name, version)
    data, _ = get(f"{chosen.url}.metadata", clock, _MOST_METADATA, {})
    digest = hashlib.sha256(data).hexdigest()
    if chosen.sha256 and digest != chosen.sha256:
        raise FetchError("serves metadata whose digest is not the one it states")
    return Metadata(f"{chosen.url}.metadata", digest, found, data)


def _choose(files: list[_File], name: str, version: str) -> tuple[_File, str]:
    ranked: list[tuple[Version, _File]] = []
    for file in files:
        found = _version(file.name, name)
        if found is not None:
            ranked.append((found, file))
    if not ranked:
        raise FetchError("lists no file that has a metadata file of its own")
    if version:
        try:
            wanted = [(v, file) for v, file in ranked if v == Version(version)]
        except InvalidVersion:
            wanted = []
        if not wanted:
            raise FetchError(f"lists no metadata of version {version[:40]}")
    else:
        final = [(v, f) for v, f in ranked if not v.is_prerelease and not f.yanked]
        wanted = final or ranked
    best, file = max(wanted, key=lambda pair: (pair[0], pair[1].name))
    return file, str(best)


def _version(filename: str, name: str) -> Version | None:
    try:
        if filename.endswith(".whl"):
            found, version, _, _ = parse_wheel_filename(filename)
        else:
            found, version = parse_sdist_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        return None
    return version if found == canonicalize_name(name) else None


def _of_json(body: bytes, page: str) -> list[_File]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchError("answers with something that is not JSON") from error
    rows = answer.get("files") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise FetchError("answers with no list of files")
    found = []
    for row in rows[:_MOST_FILES]:
        if isinstance(row, dict) and isinstance(row.get("url"), str):
            stated = row.get("core-metadata", row.get("data-dist-info-metadata", False))
            file = _file(str(row.get("filename", "")), row["url"], page, stated, row.get("yanked"))
            found += [file] if file else []
    return found


def _file(name: str, url: str, page: str, stated: Any, yanked: Any) -> _File | None:
    """A file that has a metadata file beside it; its address may lie on a host that the index
    names, over a protocol no weaker than the index's.
    """
    address = urldefrag(urljoin(page, url))[0]
    weaker = urlsplit(page).scheme == "https" and urlsplit(address).scheme != "https"
    if not stated or weaker or urlsplit(address).scheme not in ("http", "https"):
        return None
    digest = stated.get("sha256", "") if isinstance(stated, dict) else ""
    return _File(name, address, digest if isinstance(digest, str) else "", bool(yanked))


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and len(self.rows) < _MOST_FILES:
            self.rows.append({key: value or "" for key, value in attrs})


def _of_html(body: bytes, page: str) -> list[_File]:
    parser = _Anchors()
    try:
        parser.feed(body.decode("utf-8", "replace"))
    except (AssertionError, RecursionError) as error:
        raise FetchError("answers with a page that cannot be read") from error
    found = []
    for row in parser.rows:
        stated: Any = row.get("data-core-metadata", row.get("data-dist-info-metadata", ""))
        if digest := re.fullmatch(r"sha256=([0-9a-f]{64})", stated):
            stated = {"sha256": digest[1]}
        path = urlsplit(row.get("href", "")).path
        name = path.rpartition("/")[2]
        file = _file(name, row.get("href", ""), page, stated, "data-yanked" in row)
        found += [file] if file else []
    return found
