"""A bundle: one archive whose manifest lists the SHA-256 of every other file of it.

Files lie in it uncompressed, in one order and with one date, so that equal contents are equal
bytes, whatever made the archive.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from aisbom.attest.envelope import SignatureError

MANIFEST = "manifest.json"
MAX_BUNDLE = 1024 * 1024 * 1024
_MAX_FILES = 20_000
_DATE = (1980, 1, 1, 0, 0, 0)


def write(facts: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """The archive of `files`, with a manifest of `facts` and of the digests of all files."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    text = json.dumps({**facts, "files": digests}, ensure_ascii=False, indent=2, sort_keys=True)
    rows = {**files, MANIFEST: f"{text}\n".encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(rows):
            member = zipfile.ZipInfo(name, _DATE)
            member.external_attr = 0o100644 << 16
            member.create_system = 3
            archive.writestr(member, rows[name])
    return out.getvalue()


def read(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """(the manifest, the other files). Raises NotVerified with one line for an archive that was cut
    off, that lacks or adds a file, or of which a file was changed.
    """
    files = _files(data)
    try:
        manifest = json.loads(files.pop(MANIFEST))
        digests = {str(name): str(digest) for name, digest in manifest["files"].items()}
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise SignatureError(
            f"is no bundle of aisbom: its {MANIFEST} is missing or broken"
        ) from error
    for name, digest in sorted(digests.items()):
        if name not in files:
            raise SignatureError(f"{name}: is in the manifest and not in the bundle")
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise SignatureError(f"{name}: was changed after the bundle was made")
    for name in sorted(files.keys() - digests.keys()):
        raise SignatureError(f"{name}: was added after the bundle was made")
    return manifest, files


def _files(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MAX_FILES or sum(m.file_size for m in members) > MAX_BUNDLE:
                raise SignatureError(
                    f"holds more than {_MAX_FILES:,} files or {MAX_BUNDLE:,} bytes"
                )
            if any(m.compress_type != zipfile.ZIP_STORED for m in members):
                raise SignatureError("is no bundle of aisbom: its files are compressed")
            if len({m.filename for m in members}) != len(members):
                raise SignatureError("holds two files of one name")
            return {m.filename: archive.read(m) for m in members}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise SignatureError("is no archive, or was cut off or overwritten") from error
