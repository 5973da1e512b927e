"""One small archive of each kind, as bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile


def archives() -> dict[str, bytes]:
    """`{name: bytes}`; times and owners are fixed, so the bytes are too."""
    tars = {}
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=form) as tar:
            for name in ("a.py", "한글/" + "b" * 90 + ".txt", "a.py"):
                info = tarfile.TarInfo(name)
                info.size = 6
                tar.addfile(info, io.BytesIO(b"x = 1\n"))
        tars[form] = stream.getvalue()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in ("a.py", "한글.txt", "b/c.tar"):
            zipped.writestr(zipfile.ZipInfo(name), tars[tarfile.GNU_FORMAT])
    return {
        "gnu.tar": tars[tarfile.GNU_FORMAT],
        "pax.tar": tars[tarfile.PAX_FORMAT],
        "ustar.tar": tars[tarfile.USTAR_FORMAT],
        "a.tar.gz": gzip.compress(tars[tarfile.GNU_FORMAT], mtime=0),
        "a.tar.bz2": bz2.compress(tars[tarfile.GNU_FORMAT]),
        "a.tar.xz": lzma.compress(tars[tarfile.GNU_FORMAT]),
        "a.zip": stream.getvalue(),
    }
