"""Archives read in place: members listed, opened one at a time, never unpacked, never trusted.

Names that leave the archive, links, devices and encrypted members are refused with a reason; totals
are bounded.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from aisbom.model.plain import steers

ZIPS = (".whl", ".zip", ".egg", ".pyz")
TARS = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")

MAX_MEMBERS = 200_000
MAX_TAR = 1024**3
"""A tar has no table of contents: it is read through once to list it, up to this many unpacked
bytes.
"""

_KEEP_EACH = 1024 * 1024
_KEEP_ALL = 64 * 1024 * 1024


class BadArchive(Exception):
    """The archive, or a member of it, cannot be read; the message is one line."""


_FAULTS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,  # a member without a name
    RuntimeError,  # NotImplementedError (compression methods) is one
    OverflowError,
)
"""What the standard library raises for archives that are broken or made to break it."""


class Archive(Protocol):
    """`members` are (posix name, size) of the regular files, `refused` are (reason, name)."""

    members: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, str], ...]

    def open(self, name: str) -> BinaryIO:
        """A stream over one member. Raises BadArchive."""
        ...

    def reopen(self) -> None:
        """Take a file handle of one's own, after a fork."""
        ...


def is_archive(path: str) -> bool:
    """Whether the name says that this is an archive we open."""
    return path.lower().endswith(ZIPS + TARS)


def opened(path: Path) -> Archive:
    """The archive at a local path. Raises BadArchive."""
    try:
        return _opened(path.open("rb"), path.name)
    except OSError as error:
        raise BadArchive(error.strerror or "cannot be opened") from error


def nested(outer: Archive, name: str, limit: int) -> Archive:
    """An archive inside an archive, held in memory up to `limit` bytes. Raises BadArchive."""
    with outer.open(name) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise BadArchive(f"an archive of more than {limit:,} bytes inside an archive: not opened")
    return _opened(io.BytesIO(data), name)


def _opened(stream: BinaryIO, name: str) -> Archive:
    try:
        return Zip(stream) if name.lower().endswith(ZIPS) else Tar(stream)
    except _FAULTS as error:
        raise BadArchive(_reason(error)) from error


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _unsafe(name: str) -> str:
    if name.startswith("/") or (len(name) > 1 and name[1] == ":") or "\\" in name:
        return "absolute or foreign path in an archive: not opened"
    if ".." in name.split("/"):
        return "path that leaves the archive: not opened"
    if steers(name) or "!/" in name:
        return "control characters in a path: not opened"
    return ""


def _until_broken(
    tar: tarfile.TarFile, refused: list[tuple[str, str]]
) -> Iterator[tarfile.TarInfo]:
    """The members up to the first damage; what was read before it is kept."""
    seen = 0
    try:
        for info in tar:
            yield info
            seen += 1
    except _FAULTS as error:
        if not seen:
            raise
        refused.append((f"the archive is damaged, the rest was not read: {_reason(error)}", ""))


def _fresh(stream: BinaryIO) -> BinaryIO:
    """The same bytes under a handle of one's own: forked processes share the position of an
    inherited one.
    """
    return stream if isinstance(stream, io.BytesIO) else Path(stream.name).open("rb")


class Zip:
    """A zip, wheel or egg."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._zip = zipfile.ZipFile(stream)
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise BadArchive(f"more than {MAX_MEMBERS:,} members: not opened")
        members: dict[str, zipfile.ZipInfo] = {}
        refused = []
        for info in infos:
            mode = info.external_attr >> 16
            if info.is_dir():
                continue
            reason = _unsafe(info.filename)
            if not reason and stat.S_ISLNK(mode):
                reason = "link in an archive: not followed"
            if not reason and info.flag_bits & 1:
                reason = "encrypted member: not read"
            name = posixpath.normpath(info.filename)
            if not reason and name in members:
                reason = "second member of the same name: only the first was read"
            if reason:
                refused.append((reason, info.filename))
            else:
                members[name] = info
        self._infos = members
        self.members = tuple(sorted((name, info.file_size) for name, info in members.items()))
        self.refused = tuple(sorted(set(refused)))

    def open(self, name: str) -> BinaryIO:
        """A stream over one member."""
        try:
            return _guarded(self._zip.open(self._infos[name]))
        except _FAULTS as error:
            raise BadArchive(_reason(error)) from error

    def reopen(self) -> None:
        """Take a file handle of one's own."""
        self._stream = _fresh(self._stream)
        self._zip = zipfile.ZipFile(self._stream)


class Tar:
    """A tar, plain or compressed: read through once; small members are kept, later reads of others
    seek.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._tar = tarfile.open(fileobj=stream, mode="r:*")
        self._kept: dict[str, bytes] = {}
        infos: dict[str, tarfile.TarInfo] = {}
        refused: list[tuple[str, str]] = []
        kept = total = 0
        for info in _until_broken(self._tar, refused):
            name = posixpath.normpath(info.name)
            reason = "" if info.isdir() else _unsafe(info.name)
            if info.issym() or info.islnk():
                reason = reason or "link in an archive: not followed"
            elif not info.isreg() and not info.isdir():
                reason = reason or "not a regular file: not opened"
            total += info.size
            if total > MAX_TAR or len(infos) >= MAX_MEMBERS:
                refused.append(
                    (
                        (
                            f"the archive is too large: not read from here ({MAX_TAR:,} bytes,"
                            f" {MAX_MEMBERS:,} members)"
                        ),
                        name,
                    )
                )
                break
            if reason:
                refused.append((reason, info.name))
            elif info.isreg():
                infos[name] = info
                if info.size <= _KEEP_EACH and kept + info.size <= _KEEP_ALL:
                    try:
                        member = self._tar.extractfile(info)
                        data = member.read() if member is not None else b""
                    except _FAULTS as error:
                        refused.append(
                            (f"the archive is damaged, the rest was not read: {_reason(error)}", "")
                        )
                        del infos[name]
                        break
                    if len(data) == info.size:
                        self._kept[name] = data
                        kept += info.size
        self._infos = infos
        self.members = tuple(sorted((name, info.size) for name, info in infos.items()))
        self.refused = tuple(sorted(set(refused)))

    def open(self, name: str) -> BinaryIO:
        """A stream over one member."""
        if name in self._kept:
            return io.BytesIO(self._kept[name])
        try:
            member = self._tar.extractfile(self._infos[name])
        except _FAULTS as error:
            raise BadArchive(_reason(error)) from error
        if member is None:
            raise BadArchive("not a regular file")
        return _guarded(member)

    def reopen(self) -> None:
        """Take a file handle of one's own."""
        self._stream = _fresh(self._stream)
        self._tar = tarfile.open(fileobj=self._stream, mode="r:*")


def _guarded(stream: object) -> BinaryIO:
    return cast(BinaryIO, _Guarded(cast(BinaryIO, stream)))


class _Guarded(io.BufferedIOBase):
    """Turns every fault of a decompressor into BadArchive, and any read into a bounded one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            return self._stream.read(-1 if size is None else size)
        except _FAULTS as error:
            raise BadArchive(_reason(error)) from error

    def close(self) -> None:
        self._stream.close()
        super().close()
