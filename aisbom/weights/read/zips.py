"""The members of a zip as places in its file. Members are found, not unpacked; a compressed one is
inflated as far as it is read.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, cast

from aisbom.weights.read.source import InflatedSource, Reading, Source, Window

MAX_DIRECTORY = 32 * 1024 * 1024
MAX_MEMBERS = 200_000
_MAX_RATIO = 1100
"""Deflate cannot do better than about 1,032 to one: a member that claims more lies."""

_FAULTS = (
    zipfile.BadZipFile,
    ValueError,
    OSError,
    KeyError,
    IndexError,
    NotImplementedError,
    OverflowError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a zip; `offset` is that of its local header."""

    name: str
    size: int
    packed: int
    method: int
    offset: int
    encrypted: bool


class Zip:
    """The directory of a zip. Raises ValueError for a broken one, one too long, or names that occur
    twice, unless `twins` are wanted: then `every` has all of them.
    """

    def __init__(self, source: Source, twins: bool = False) -> None:
        self.source = source
        try:
            with zipfile.ZipFile(cast(IO[bytes], Reading(source, MAX_DIRECTORY))) as directory:
                infos = directory.infolist()
        except _FAULTS as error:
            raise ValueError(f"no sound zip: {' '.join(str(error).split())[:150]}") from error
        if len(infos) > MAX_MEMBERS:
            raise ValueError(f"a zip of more than {MAX_MEMBERS:,} members")
        self.every = [
            Member(
                info.filename,
                info.file_size,
                info.compress_size,
                info.compress_type,
                info.header_offset,
                bool(info.flag_bits & 1),
            )
            for info in infos
            if not info.filename.endswith("/")
        ]
        self.members = {member.name: member for member in self.every}
        if not twins and len(self.members) != len(self.every):
            raise ValueError(
                "a zip with two members of one name: readers differ in which one they take"
            )

    def begin(self, member: Member) -> int:
        """Where the bytes of a member begin. Raises ValueError for a broken local header."""
        header = self.source.read_at(member.offset, 30)
        if header[:4] != b"PK\x03\x04":
            raise ValueError(f"member {member.name[:80]!r} is not where the zip says")
        name, extra = struct.unpack_from("<HH", header, 26)
        return member.offset + 30 + int(name) + int(extra)

    def plain(self, member: Member) -> bool:
        """Whether its bytes lie in the file as they are."""
        return (
            member.method == zipfile.ZIP_STORED
            and not member.encrypted
            and member.size == member.packed
        )

    def open(self, member: Member) -> Source:
        """Its bytes. Raises ValueError for encryption, an unknown compression, or a size that no
        compression gives.
        """
        if member.encrypted:
            raise ValueError(f"member {member.name[:80]!r} is encrypted")
        window = Window(self.source, self.begin(member), member.packed)
        if self.plain(member):
            return window
        if member.method != zipfile.ZIP_DEFLATED:
            raise ValueError(f"member {member.name[:80]!r} is compressed in a way that is not read")
        if member.size > member.packed * _MAX_RATIO:
            raise ValueError(
                f"member {member.name[:80]!r} claims {member.size:,} bytes out of"
                f" {member.packed:,}: a zip bomb"
            )
        return InflatedSource(window, member.size)

    def read(self, name: str, most: int) -> bytes:
        """A whole member of at most `most` bytes. Raises ValueError."""
        member = self.members[name]
        if member.size > most:
            raise ValueError(
                f"member {name[:80]!r} claims {member.size:,} bytes, where {most:,} are the most"
            )
        return self.open(member).read_at(0, member.size)
