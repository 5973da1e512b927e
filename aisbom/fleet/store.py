"""Objects by path below a folder or any fsspec URL, each written whole or not at all.

On a disk an object is written beside its place and renamed; object stores put whole objects. There
is no lock: two writers of one object write the same bytes, or the last one wins.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from aisbom.errors import UsageError
from aisbom.fleet.error_words import describe_error
from aisbom.fleet.needs import import_extra
from aisbom.model import redact


class Store:
    """The objects below `url`. Pickles as its address."""

    def __init__(self, url: str) -> None:
        fsspec = import_extra("fsspec")
        self.url = url
        try:
            self.fs, self._root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{self.address}: {describe_error(error, url)}") from error
        self.local = "file" in _protocols(self.fs)

    def __reduce__(self) -> tuple[type[Store], tuple[str]]:
        return Store, (self.url,)

    @property
    def address(self) -> str:
        """The address as it may be shown: a URL without credentials and query, a path as it was
        given.
        """
        return redact.text(re.split(r"[?#]", self.url)[0]) if "://" in self.url else self.url

    def path(self, name: str) -> str:
        """Where an object lies, as its file system calls it."""
        return f"{self._root.rstrip('/')}/{name}" if name else self._root

    def exists(self, name: str = "") -> bool:
        """Whether there is such an object or folder, now: nothing is remembered."""
        if not self.local:
            self.fs.invalidate_cache()
        return bool(self.fs.exists(self.path(name)))

    def read(self, name: str) -> bytes:
        """The bytes of an object. Raises OSError."""
        data = self.fs.cat_file(self.path(name))
        return bytes(data)

    def write(self, name: str, data: bytes) -> None:
        """Put an object into its place. Raises OSError; what was there stays whole then."""
        if not self.local:
            self.fs.pipe_file(self.path(name), data)
            return
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=".writing-", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(beside, 0o644)  # noqa: PTH101  as any file: mkstemp hides it
            os.replace(beside, place)  # noqa: PTH105
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside)  # noqa: PTH108
            raise

    def create(self, name: str, data: bytes) -> bool:
        """Put an object where none is; whether this call did. On an object store, which has no
        such question, the last writer wins.
        """
        if not self.local:
            if self.exists(name):
                return False
            self.write(name, data)
            return True
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=".writing-", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(beside, 0o644)  # noqa: PTH101
            os.link(beside, place)
        except FileExistsError:
            return False
        finally:
            os.unlink(beside)  # noqa: PTH108
        return True

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects; those that are not there stay away."""
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                self.fs.rm_file(self.path(name))

    def names(self, folder: str, suffix: str = "") -> list[str]:
        """The names of the objects in a folder, without it, sorted; none where it is not there."""
        if not self.local:
            self.fs.invalidate_cache()
        try:
            found = self.fs.ls(self.path(folder), detail=False)
        except FileNotFoundError:
            return []
        names = (PurePosixPath(path).name for path in found)
        return sorted(n for n in names if n.endswith(suffix) and not n.startswith("."))


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)
