"""What a wheel or a source distribution says of itself: its version, and the day it was packed."""

from __future__ import annotations

import re
import tarfile
import time
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from packaging.version import InvalidVersion, Version

from aisbom.source import archive
from aisbom.source.tree import Tree, Unreadable

_WHEEL = re.compile(r"[^/]+\.dist-info/METADATA")
_MAX_METADATA = 1024 * 1024
_CONSTANT = ("1980-01-01", "2016-01-01", "2020-02-02")
"""Days that builders write into everything, so that the same input gives the same bytes."""


@dataclass(frozen=True, slots=True)
class DistributionInfo:
    """`version` and `day` (YYYY-MM-DD) are `""` where nothing states them."""

    version: str = ""
    day: str = ""
    wheel: bool = False
    sdist: bool = False


def read_distribution_info(path: Path, tree: Tree, version: str = "") -> DistributionInfo:
    """What this folder or archive says. Never raises: nothing is stated by what cannot be read.

    A `version` that is given counts only where nothing states one.
    """
    entries = [entry for entry in tree.listing[0] if not entry.outer]
    wheels = [entry for entry in entries if _WHEEL.fullmatch(entry.path)]
    stating = wheels or [entry for entry in entries if entry.path == "PKG-INFO"]
    if len(stating) != 1:
        return DistributionInfo(version)
    try:
        with tree.open(stating[0]) as stream:
            head = HeaderParser().parsestr(stream.read(_MAX_METADATA).decode("utf-8", "replace"))
        version = str(Version(str(head["Version"] or "").strip()))
    except (Unreadable, InvalidVersion):
        pass
    return DistributionInfo(
        version, _day(path, stating[0].path) if path.is_file() else "", bool(wheels), not wheels
    )


def _day(path: Path, member: str) -> str:
    """The day on which the builder wrote this member, in or below the top folder."""
    try:
        if path.name.lower().endswith(archive.ZIPS):
            with zipfile.ZipFile(path) as packed:
                year, month, date = packed.getinfo(member).date_time[:3]
            day = f"{year:04}-{month:02}-{date:02}"
        else:
            with tarfile.open(path) as packed_tar:
                mtime = next(
                    info.mtime
                    for info in packed_tar
                    if info.name == member or info.name.partition("/")[2] == member
                )
            day = time.strftime("%Y-%m-%d", time.gmtime(mtime))
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        OSError,
        EOFError,
        ValueError,
        KeyError,
        StopIteration,
        OverflowError,
    ):
        return ""
    return "" if day in _CONSTANT else day
