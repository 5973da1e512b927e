"""Records of OSV in a folder or a zip, as osv.dev offers them (`PyPI/all.zip`): no network."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.version import Version

from aisbom.advisories.records import matching, merge_aliases, names
from aisbom.errors import UsageError
from aisbom.model.facts import Vulnerability

MAX_RECORD = 8 * 1024 * 1024
MAX_RECORDS = 1_000_000


class Store:
    """The records at `place`. Raises UsageError where there are none."""

    def __init__(self, place: Path) -> None:
        self.name = place.name
        self._by: dict[str, list[Any]] = {}
        self.broken = 0
        self.newest = ""
        count = 0
        for data in _texts(place):
            try:
                record = json.loads(data)
                found = names(record)
            except (ValueError, RecursionError, KeyError, TypeError):
                self.broken += 1
                continue
            count += bool(found)
            for name in found:
                self._by.setdefault(name, []).append(record)
            if found:
                self.newest = max(self.newest, str(record.get("modified") or ""))
        if not count:
            raise UsageError(
                f"--advisories {place.name}: holds no records of PyPI in the format of OSV"
            )

    def ask(self, name: str, version: Version) -> list[Vulnerability]:
        """What is known of this version of a package."""
        found = (matching(record, name, version, self.name) for record in self._by.get(name, ()))
        return merge_aliases(one for one in found if one is not None)


def _texts(place: Path) -> Iterator[bytes]:
    try:
        if place.is_dir():
            for number, path in enumerate(sorted(place.rglob("*.json"))):
                if number >= MAX_RECORDS:
                    raise UsageError(
                        f"--advisories {place.name}: more than {MAX_RECORDS:,} records"
                    )
                if path.is_file() and path.stat().st_size <= MAX_RECORD:
                    yield path.read_bytes()
            return
        with zipfile.ZipFile(place) as packed:
            for info in packed.infolist()[:MAX_RECORDS]:
                if info.filename.endswith(".json") and info.file_size <= MAX_RECORD:
                    yield packed.read(info)
    except (OSError, zipfile.BadZipFile) as error:
        why = getattr(error, "strerror", None) or "neither a folder nor a zip"
        raise UsageError(f"--advisories {place.name}: {why}") from error
