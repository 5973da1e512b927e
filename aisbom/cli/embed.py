"""A document inside a wheel, where PEP 770 puts it: `<name>.dist-info/sboms/`, listed in RECORD."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path

from aisbom.errors import UsageError

_MAX_WHEEL = 4 * 1024 * 1024 * 1024
_SIGNATURES = ("RECORD.jws", "RECORD.p7s")


def wheel_of(path: Path) -> Path:
    """The wheel that PATH names: itself, or the only one in its folder `dist`. Raises
    UsageError.
    """
    if path.is_file():
        if path.suffix != ".whl":
            raise UsageError(f"--embed: {path.name} is no wheel")
        return path
    found = sorted((path / "dist").glob("*.whl"))
    if len(found) != 1:
        there = ", ".join(one.name for one in found) or "none"
        raise UsageError(f"--embed: needs one wheel in {path / 'dist'}, there is {there}; name it")
    return found[0]


def place(name: str) -> str:
    """A pattern of the place in a wheel at which the document `name` stands, for `--exclude`."""
    return f"**/*.dist-info/sboms/{name}"


def embed_document(wheel: Path, name: str, document: bytes) -> bytes:
    """The wheel with the document in it, in place of an earlier one; equal wheels and documents
    give equal bytes. Every other member keeps its content, date and compression.

    Raises UsageError for what is no wheel, and for a signed one.
    """
    try:
        if wheel.stat().st_size > _MAX_WHEEL:
            raise UsageError(f"--embed: {wheel.name} is larger than {_MAX_WHEEL:,} bytes")
        with zipfile.ZipFile(wheel) as source:
            return _rewrite(source, wheel.name, name, document)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UsageError(f"--embed: {wheel.name} cannot be read as a wheel") from error


def _rewrite(source: zipfile.ZipFile, wheel: str, name: str, document: bytes) -> bytes:
    records = [one for one in source.namelist() if one.endswith(".dist-info/RECORD")]
    records = [one for one in records if one.count("/") == 1]
    if len(records) != 1:
        raise UsageError(f"--embed: {wheel} has no RECORD: no wheel")
    folder = records[0].rpartition("/")[0]
    if any(f"{folder}/{one}" in source.namelist() for one in _SIGNATURES):
        raise UsageError(f"--embed: {wheel} is signed; embed the document before it is signed")
    target = f"{folder}/sboms/{name}"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for member in source.infolist():
            if member.filename not in (target, records[0]):
                made.writestr(_same(member), source.read(member), member.compress_type)
        record = source.getinfo(records[0])
        lines = _lines(source.read(record), target, document)
        made.writestr(_same(record, target), document, zipfile.ZIP_DEFLATED)
        made.writestr(_same(record), lines, record.compress_type)
    return out.getvalue()


def _same(member: zipfile.ZipInfo, name: str = "") -> zipfile.ZipInfo:
    """A member with the date and the rights of another, so that no clock is read."""
    made = zipfile.ZipInfo(name or member.filename, member.date_time)
    made.external_attr = member.external_attr
    made.create_system = member.create_system
    return made


def _lines(record: bytes, target: str, document: bytes) -> bytes:
    """RECORD with the row of the document, before that of RECORD itself."""
    rows = [row for row in csv.reader(io.StringIO(record.decode("utf-8"))) if row]
    digest = base64.urlsafe_b64encode(hashlib.sha256(document).digest()).rstrip(b"=").decode()
    kept = [row for row in rows if row[0] != target]
    own = [row for row in kept if row[0].endswith(".dist-info/RECORD")]
    rest = [row for row in kept if row not in own]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [*rest, [target, f"sha256={digest}", str(len(document))], *own]
    )
    return text.getvalue().encode()
