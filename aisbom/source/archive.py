"""Archives read in place: members listed, opened one at a time, never unpacked, never trusted.

Names that leave the archive, links, devices and encrypted members are refused with a reason; totals
are bounded.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol, cast

from aisbom.model.plain import steers
from aisbom.source.scratch import Bytes, Scratch, TooLarge, chunks_of
from aisbom.source.tar_members import TarMember, is_tar, members, text

ZIPS = (".whl", ".zip", ".egg", ".pyz", ".mar")
TARS = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar", ".nemo")
_OPENED = ZIPS + TARS
_OTHERS = (
    ".7z",
    ".rar",
    ".zst",
    ".tzst",
    ".lz4",
    ".lzma",
    ".gz",
    ".bz2",
    ".xz",
    ".br",
    ".cab",
    ".iso",
    ".conda",
)
_PACKED = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ": "xz"}

MAX_MEMBERS = 200_000
MAX_TAR = 1024**3
"""A compressed tar has no table of contents: it is unpacked once, up to this many bytes."""

MAX_RATIO = 100
"""How much a compressed tar may grow, beyond the first FREE bytes: a bomb grows a thousandfold."""

FREE = 64 * 1024 * 1024
_CHUNK = 1024 * 1024


class BadArchive(Exception):
    """The archive, or a member of it, cannot be read; the message is one line."""


_FAULTS = (
    zipfile.BadZipFile,
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


def is_archive(path: str) -> bool:
    """Whether the name says that this is an archive we open."""
    return path.lower().endswith(_OPENED)


def get_unopened_kind(path: str) -> str:
    """The kind of an archive, or of a compression, that is not opened; empty for anything else.
    Lists of merges are read as they are packed.
    """
    low = path.lower()
    if not low.endswith(_OTHERS):
        return ""
    name = low.rpartition("/")[2]
    if name.endswith(".txt.gz") and "bpe" in name:
        return ""
    return next((ending for ending in _OTHERS if low.endswith(ending)), "")


def open_archive(stream: BinaryIO, name: str, scratch: Scratch) -> Archive:
    """The archive in an open file; what has to be unpacked to be listed goes to `scratch`. Raises
    BadArchive.
    """
    try:
        return _open_bytes(Bytes(stream), name, scratch)
    except OSError as error:
        raise BadArchive(error.strerror or "cannot be opened") from error


def open_nested(outer: Archive, name: str, limit: int, scratch: Scratch) -> Archive:
    """An archive inside an archive of at most `limit` bytes, kept in `scratch`. Raises
    BadArchive.
    """

    def check(size: int) -> None:
        if size > limit:
            raise TooLarge(f"an archive of more than {limit:,} bytes inside an archive: not opened")

    try:
        with outer.open(name) as stream:
            return _open_bytes(scratch.store(chunks_of(stream), check), name, scratch)
    except TooLarge as error:
        raise BadArchive(str(error)) from error


def _open_bytes(held: Bytes, name: str, scratch: Scratch) -> Archive:
    try:
        if name.lower().endswith(ZIPS):
            return Zip(held)
        return Tar(_decompress_tar(held, scratch))
    except TooLarge as error:
        raise BadArchive(str(error)) from error
    except (*_FAULTS, MemoryError) as error:
        raise BadArchive(_reason(error)) from error


def _decompress_tar(held: Bytes, scratch: Scratch) -> Bytes:
    """The tar inside a compression. What comes before damage is kept."""
    head = held.read_at(0, 6)
    kind = next((kind for magic, kind in _PACKED.items() if head.startswith(magic)), "")
    if not kind:
        return held

    def check(size: int) -> None:
        if size > MAX_TAR or size > FREE + MAX_RATIO * held.size:
            raise TooLarge(f"unpacks to more than {size:,} bytes: not opened, it may be a bomb")

    return scratch.store(_inflate_chunks(held, kind), check)


def _inflate_chunks(held: Bytes, kind: str) -> Iterator[bytes]:
    with held.open() as packed:
        stream: gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile
        if kind == "gz":
            stream = gzip.GzipFile(fileobj=packed, mode="rb")
        else:
            stream = bz2.BZ2File(packed) if kind == "bz2" else lzma.LZMAFile(packed)
        try:
            while chunk := stream.read1(_CHUNK):
                yield chunk
        except (EOFError, OSError, zlib.error, lzma.LZMAError):
            return  # the members before the damage are there; the headers tell of the rest


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "ends before what it says that it holds"
    return " ".join(str(error).split()) or type(error).__name__


def _unsafe(name: str) -> str:
    if name.startswith("/") or (len(name) > 1 and name[1] == ":") or "\\" in name:
        return "absolute or foreign path in an archive: not opened"
    if ".." in name.split("/"):
        return "path that leaves the archive: not opened"
    if steers(name) or "!/" in name:
        return "control characters in a path: not opened"
    return ""


class Zip:
    """A zip, wheel or egg."""

    def __init__(self, held: Bytes) -> None:
        self._held = held
        self._zip = zipfile.ZipFile(held.open())
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise BadArchive(f"more than {MAX_MEMBERS:,} members: not opened")
        members: dict[str, zipfile.ZipInfo] = {}
        refused = []
        for info in infos:
            mode = info.external_attr >> 16
            if info.is_dir():
                continue
            stated = _decode_name(info)
            reason = _unsafe(stated)
            if not reason and stat.S_ISLNK(mode):
                reason = "link in an archive: not followed"
            if not reason and info.flag_bits & 1:
                reason = "encrypted member: not read"
            name = posixpath.normpath(stated)
            if not reason and name in members:
                reason = "second member of the same name: only the first was read"
            if reason:
                refused.append((reason, stated))
            else:
                members[name] = info
        self._infos = members
        self.members = tuple(sorted((name, info.file_size) for name, info in members.items()))
        self.refused = tuple(sorted(set(refused)))

    def open(self, name: str) -> BinaryIO:
        """A stream over one member."""
        try:
            return _guard_stream(self._zip.open(self._infos[name]))
        except _FAULTS as error:
            raise BadArchive(_reason(error)) from error


def _decode_name(info: zipfile.ZipInfo) -> str:
    """The name of a member: in the coding of the writer's system where UTF-8 is not marked."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return text(info.orig_filename.encode("cp437")).replace("\\", "/").partition("\0")[0]
    except UnicodeEncodeError:
        return info.filename


class Tar:
    """A tar: its headers are read once, its members by their place."""

    def __init__(self, held: Bytes) -> None:
        self._held = held
        found: dict[str, TarMember] = {}
        refused: list[tuple[str, str]] = []
        count = 0
        try:
            for member in members(held):
                count += 1
                if count > MAX_MEMBERS:
                    reason = f"more than {MAX_MEMBERS:,} members: the rest was not read"
                    refused.append((reason, member.name))
                    break
                self._add(member, found, refused)
        except ValueError as error:
            if not count:
                raise
            refused.append((f"the archive is damaged, the rest was not read: {error}", ""))
        if not count and held.size and not is_tar(held.read_at(0, 512)):
            raise BadArchive("not a tar")
        self._members = found
        self.members = tuple(sorted((name, member.size) for name, member in found.items()))
        self.refused = tuple(sorted(set(refused)))

    @staticmethod
    def _add(
        member: TarMember, found: dict[str, TarMember], refused: list[tuple[str, str]]
    ) -> None:
        if member.kind == "folder":
            return
        reason = _unsafe(member.name)
        if member.kind == "link":
            reason = reason or "link in an archive: not followed"
        elif member.kind == "other":
            reason = reason or "not a regular file: not opened"
        name = posixpath.normpath(member.name)
        if reason:
            refused.append((reason, member.name))
            return
        if name in found:
            # Whoever unpacks it keeps the last one.
            refused.append(("another member of the same name: only the last was read", name))
        found[name] = member

    def open(self, name: str) -> BinaryIO:
        """A stream over one member."""
        member = self._members[name]
        return self._held.piece(member.offset, member.size).open()


def _guard_stream(stream: object) -> BinaryIO:
    return cast(BinaryIO, _GuardedStream(cast(BinaryIO, stream)))


class _GuardedStream(io.BufferedIOBase):
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
