"""What is asked of every submission of a catalogue, and what the answer depends on beside the
submission: the program, its data, what the user added, the libraries that have a say.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Literal

from aisbom.errors import UsageError
from aisbom.fleet import schema
from aisbom.judge import profile as profiles
from aisbom.model import digest
from aisbom.user_folders import data_folder

Hash = Literal["", "none", "sampled", "full"]

_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = (
    *("cyclonedx-python-lib", "license-expression", "lxml", "orjson", "packaging"),
    *("packageurl-python", "numpy", "PyYAML", "GitPython", "jsonschema-rs"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a catalogue asks of every submission. `profile` is the name of a shipped one, `home` are
    jurisdictions, `hash` is what `Options.hash` is, `time` is the one that documents state, in
    seconds since 1970.
    """

    profile: str = "model"
    home: tuple[str, ...] = ()
    hash: Hash = ""
    time: int = 0

    @property
    def digest(self) -> str:
        """Hex SHA-256 over the question and all that answers depend on here: where two machines
        have the same, they write the same bytes.
        """
        return digest(
            [self.profile, list(self.home), self.hash, self.time, schema.VERSION, digest_program()]
        )

    def check(self) -> Question:
        """The same question. Raises UsageError for words that are not known."""
        if self.profile not in profiles.list_profiles():
            raise UsageError(
                f"--profile {self.profile}: a fleet is scanned under a shipped profile, one of"
                f" {', '.join(sorted(profiles.list_profiles()))}; `aisbom fleet rescore` takes a"
                " file"
            )
        if self.home:
            from aisbom.config.home import expand
            from aisbom.knowledge import load

            expand(self.home, load())
        return self


@lru_cache(maxsize=1)
def digest_program() -> str:
    """Hex SHA-256 of this program's own files, of what the user added to them, of Python's version
    and of the versions of the libraries that a document depends on. Read once a process.
    """
    total = hashlib.sha256()
    for name, path in _files():
        data = path.read_bytes()
        total.update(f"{name}\n{len(data)}\n".encode("utf-8", "surrogatepass"))
        total.update(data)
    versions = [f"{name} {_version(name)}" for name in _LIBRARIES]
    total.update("\n".join([*versions, sys.version]).encode())
    return total.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    roots = [("aisbom", _PACKAGE)]
    data = data_folder()
    if data is not None:
        roots.append(("data", data))
    for key in ("AISBOM_CODE_INDEX", "AISBOM_REFERENCES"):
        if named := os.environ.get(key):
            roots.append((key, Path(named)))
    for label, root in roots:
        paths = [root] if root.is_file() else sorted(root.rglob("*"))
        for path in paths:
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{label}/{path.relative_to(root).as_posix()}", path


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
