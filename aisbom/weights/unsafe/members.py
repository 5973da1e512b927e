"""Pickles among the members of a zip or of the tar that PyTorch wrote at first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aisbom.weights.read.source import Memory, Source, Window
from aisbom.weights.read.zips import Member, Zip
from aisbom.weights.unsafe import pickles, serialized
from aisbom.weights.unsafe.examined import Dive, Examination

MAX_MEMBER = 64 * 1024 * 1024
"""A compressed member is unpacked up to this many bytes."""

_TAR_MEMBERS = 10_000
_BLOCK = 512


def examine_zip(
    source: Source, found: Examination, dive: Dive, depth: int, pickled: Callable[[str], bool]
) -> None:
    """Every member that is a pickle by its name (`pickled`) or its first bytes. Of several members
    of one name each is: which of them is loaded depends on the loader.
    """
    directory = Zip(source, twins=True)
    for member in directory.every:
        low = member.name.lower()
        named = pickled(low)
        try:
            inner = _open_member(directory, member)
            head = inner.read_at(0, min(16, inner.size))
            text = low == serialized.MEMBER and head[:1] == b"{"
            if not named and not text and not pickles.starts(head) and head[:6] != b"\x93NUMPY":
                continue
            if not directory.plain(member):
                inner = Memory(inner.read_at(0, inner.size)) if _small(member, found) else inner
        except ValueError as error:
            if named:
                found.miss(f"member {ascii(low)[1:-1][-60:]}: {error}")
            continue
        if text:
            serialized.examine_serialized(inner, found, dive, depth)
        elif named or head[:6] == b"\x93NUMPY":
            dive(inner, low, found, depth + 1)
        else:
            # Values of a tensor may begin like this too.
            pickles.examine_pickles(inner, found, dive, depth + 1, certain=False)


def _open_member(directory: Zip, member: Member) -> Source:
    """The bytes of a member, also of one that only says that it is encrypted: what reads zips in C
    does not look there.
    """
    if member.encrypted and member.size == member.packed:
        return Window(directory.source, directory.begin(member), member.size)
    return directory.open(member)


def _small(member: Member, found: Examination) -> bool:
    if member.size <= MAX_MEMBER:
        return True
    found.miss(f"a compressed member of more than {MAX_MEMBER:,} bytes is followed in part")
    return False


def examine_tar(
    source: Source, found: Examination, dive: Dive, depth: int, pickled: Callable[[str], bool]
) -> None:
    """Every member of a tar that is a pickle by its first bytes, or by the names PyTorch used."""
    for name, at, size in _tar_members(source, found):
        inner = Window(source, at, size)
        head = inner.read_at(0, min(16, size))
        if name in ("pickle", "storages", "tensors", "sys_info"):
            pickles.examine_pickles(inner, found, dive, depth + 1, certain=True)
        elif pickles.starts(head) or pickled(name.lower()):
            dive(inner, name.lower(), found, depth + 1)


def _tar_members(source: Source, found: Examination) -> Iterator[tuple[str, int, int]]:
    """(name, place, bytes) of the members, as far as the headers are sound."""
    at = 0
    for _ in range(_TAR_MEMBERS):
        if at + _BLOCK > source.size:
            return
        header = source.read_at(at, _BLOCK)
        if not header.strip(b"\0"):
            return
        name = header[:100].partition(b"\0")[0].decode("utf-8", "replace")
        digits = header[124:136].strip(b"\0 ")
        if not digits.isdigit() or at + _BLOCK + int(digits, 8) > source.size:
            found.miss("a tar whose headers cannot be followed")
            return
        size = int(digits, 8)
        yield name, at + _BLOCK, size
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK
    found.miss(f"a tar of more than {_TAR_MEMBERS:,} members")
