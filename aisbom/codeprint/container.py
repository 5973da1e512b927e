"""The file an index lives in: a zip of one JSON table, a list of paths and flat arrays. Same
content, same bytes.

Arrays whose names begin with one word lie behind each other in one member, `WORD.arrays`, after a
line of JSON that gives kind and length of each: a member of its own costs a small index more than
its numbers do. Indexes made before have one `NAME.npy` for each.

A file may come from anyone. Sizes are checked before anything is unpacked, arrays are one row of
plain numbers of a known kind, and whatever is wrong is one ValueError with one line.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

SUFFIX = ".codeindex"
MAX_FILE = 64 * 1024 * 1024
MAX_MEMBER = 256 * 1024 * 1024
MAX_MEMBERS = 200
_MAX_RATIO = 1100
"""Deflate cannot do better than about 1,032 to one: a member that claims more lies."""

_KINDS = frozenset(["|u1", "<u2", "<u4", "<u8", "|i1", "<i2", "<i4", "<i8", "<f2", "<f4", "<f8"])
_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '([<|][uif][1-8])', 'fortran_order': (?:False|True), 'shape': \(([0-9]+),\),"
    rb" \} *\n"
)
_NAME = re.compile(r"[a-z_]{1,60}")
_MAX_HEAD = 16 * 1024
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    RuntimeError,
    OverflowError,
    EOFError,
    struct.error,
)
_DATE = (1980, 1, 1, 0, 0, 0)


def write(members: Mapping[str, bytes], arrays: Mapping[str, np.ndarray]) -> bytes:
    """The bytes of a container. Raises ValueError for an array that `Container.array` would
    refuse.
    """
    import numpy as np

    every = dict(members)
    groups: dict[str, dict[str, np.ndarray]] = {}
    for name, array in sorted(arrays.items()):
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        if little.dtype.str not in _KINDS or little.ndim != 1:
            raise ValueError(
                f"array {name}: one row of plain numbers is what an index holds, not {array.dtype}"
                f" in {array.ndim} dimensions"
            )
        groups.setdefault(_group(name), {})[name] = little
    for group, rows in groups.items():
        head = {name: [array.dtype.str, len(array)] for name, array in rows.items()}
        every[f"{group}.arrays"] = b"".join(
            [json.dumps(head).encode(), b"\n", *(array.tobytes() for array in rows.values())]
        )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(every):
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type, info.create_system, info.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o100644 << 16,
            )
            packed.writestr(info, every[name], compresslevel=9)
    return target.getvalue()


def as_json(value: object) -> bytes:
    """A member of an index as the bytes of JSON, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


class Container:
    """An index file, from its path or its bytes: the directory is read at once, unless its `digest`
    is known, and a member when it is asked for. Raises ValueError.
    """

    def __init__(self, source: Path | bytes, digest: str = "") -> None:
        self._source = source
        try:
            self.size = len(source) if isinstance(source, bytes) else source.stat().st_size
        except OSError as error:
            raise ValueError(_reason("no sound index", error)) from error
        if self.size > MAX_FILE:
            raise ValueError(f"no sound index: larger than an index may be ({MAX_FILE:,} bytes)")
        self.digest = digest or self._digest()

    @cached_property
    def _infos(self) -> dict[str, zipfile.ZipInfo]:
        try:
            with self._open() as packed:
                infos = packed.infolist()
        except _FAULTS as error:
            raise ValueError(_reason("no sound index", error)) from error
        found = {info.filename: info for info in infos}
        if len(infos) > MAX_MEMBERS or len(found) != len(infos):
            raise ValueError(f"no sound index: more than {MAX_MEMBERS} members, or two of one name")
        return found

    def _digest(self) -> str:
        lines = (
            f"{info.filename}:{info.file_size}:{info.CRC:08x}"
            for info in sorted(self._infos.values(), key=lambda info: info.filename)
        )
        return sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def _open(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(
            io.BytesIO(self._source) if isinstance(self._source, bytes) else self._source
        )

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str) -> bytes:
        """A whole member. Raises ValueError."""
        info = self._infos.get(name)
        if info is None:
            raise ValueError(f"no sound index: it holds no {name}")
        if info.file_size > min(MAX_MEMBER, info.compress_size * _MAX_RATIO + 64):
            raise ValueError(
                f"no sound index: {name} claims {info.file_size:,} bytes out of"
                f" {info.compress_size:,}"
            )
        if info.flag_bits & 1 or info.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise ValueError(
                f"no sound index: {name} is encrypted, or compressed in a way that is not read"
            )
        try:
            with (
                io.BytesIO(self._source)
                if isinstance(self._source, bytes)
                else self._source.open("rb")
            ) as stream:
                # Straight to the member: reading the directory again would be most of the work.
                stream.seek(info.header_offset)
                header = stream.read(30)
                if header[:4] != b"PK\x03\x04":
                    raise ValueError("it is not where the directory says")
                stream.seek(sum(struct.unpack_from("<HH", header, 26)), io.SEEK_CUR)
                packed = stream.read(info.compress_size)
            plain = info.compress_type == zipfile.ZIP_STORED
            data = (
                packed
                if plain
                else zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1)
            )
        except _FAULTS as error:
            raise ValueError(_reason(f"no sound index: {name}", error)) from error
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise ValueError(f"no sound index: {name} is damaged")
        return data

    def json(self, name: str) -> Any:
        """A member as JSON. Raises ValueError."""
        try:
            return json.loads(self.read(name))
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ValueError(_reason(f"no sound index: {name}", error)) from error

    def arrays(self, prefix: str = "") -> dict[str, np.ndarray]:
        """All arrays whose names begin so, unpacked once. Raises ValueError."""
        found = {
            name: self._numpy_array(name)
            for member in sorted(self._infos)
            if member.endswith(".npy") and (name := member.removesuffix(".npy")).startswith(prefix)
        }
        for member in sorted(self._infos):
            group = member.removesuffix(".arrays")
            if group != member and (prefix.startswith(group) or group.startswith(prefix)):
                rows = self._grouped_arrays(group).items()
                found |= {name: array for name, array in rows if name.startswith(prefix)}
        return found

    def array(self, name: str) -> np.ndarray:
        """A one-dimensional array of plain little-endian numbers, not writable. Raises
        ValueError.
        """
        if f"{name}.npy" in self._infos:
            return self._numpy_array(name)
        found = self._grouped_arrays(_group(name)).get(name)
        if found is None:
            raise ValueError(f"no sound index: it holds no array {name}")
        return found

    def _grouped_arrays(self, group: str) -> dict[str, np.ndarray]:
        import numpy as np

        data = self.read(f"{group}.arrays")
        end = data.find(b"\n", 0, _MAX_HEAD)
        try:
            head = json.loads(data[: max(end, 0)])
            rows = [(name, str(kind), int(length)) for name, (kind, length) in head.items()]
        except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            raise ValueError(_reason(f"no sound index: arrays {group}", error)) from error
        found, at = {}, end + 1
        for name, kind, length in rows:
            if kind not in _KINDS or not _NAME.fullmatch(name) or not 0 <= length <= len(data):
                raise ValueError(f"no sound index: array {name} is not one row of plain numbers")
            dtype = np.dtype(kind)
            if at + length * dtype.itemsize > len(data):
                raise ValueError(f"no sound index: array {name} is not as long as it says")
            found[name] = np.frombuffer(data, dtype, length, at)
            at += length * dtype.itemsize
        if at != len(data):
            raise ValueError(f"no sound index: arrays {group} are followed by something else")
        return found

    def _numpy_array(self, name: str) -> np.ndarray:
        import numpy as np

        data = self.read(f"{name}.npy")
        # Read here and not by numpy, whose reader evaluates the header as Python and makes room for
        # what it claims.
        length = int.from_bytes(data[8:10], "little")
        header = _HEADER.fullmatch(data[10 : 10 + length]) if data[:8] == _MAGIC else None
        if header is None or header[1].decode() not in _KINDS or len(header[2]) > 15:
            raise ValueError(f"no sound index: array {name} is not one row of plain numbers")
        dtype = np.dtype(header[1].decode())
        if int(header[2]) * dtype.itemsize != len(data) - 10 - length:
            raise ValueError(f"no sound index: array {name} is not as long as it says")
        return np.frombuffer(data, dtype=dtype, offset=10 + length)


def _group(name: str) -> str:
    return name.partition("_")[0]


def _reason(start: str, error: BaseException) -> str:
    return f"{start}: {' '.join(str(error).split())[:150] or type(error).__name__}"
