"""What an index is to be made of: where releases are, and which of their files it is to cover."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from pathlib import Path

from aisbom.codeprint.scanned import kind

_CODE = (
    "c cc cl cpp cu cuh cxx go h hh hpp java js jsx m metal mjs mm perl pl pm py pyx rs svelte ts"
    " tsx vue"
)
_KEPT_WITH_IT = "bash cfg cmake ini j2 jinja jinja2 kt proto pxd pyi sh toml yaml yml"
_ASIDE = (
    "test tests testing doc docs example examples benchmark benchmarks tutorials ci .ci .github"
    " .buildkite"
)
_NOT_THEIRS = "third_party 3rdparty _vendor vendor node_modules"

PRINTED = frozenset(_CODE.split())
KINDS = PRINTED | frozenset(_KEPT_WITH_IT.split())
"""Kinds of files whose content is kept, by the end of their names: source text and the
configuration that is kept with it.
"""

_NOT_PRODUCT = frozenset(f"{_ASIDE} {_NOT_THEIRS}".split())
MAX_CONTENT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where releases are: a git clone, or a folder or archive that is one release: `version`, or
    what a wheel or sdist states.

    Of a clone, those whose tags fit `tags`, of the days `since` to `until`; `keep` is `all` or
    `minor` (the last of each minor line). `every` (`month`, `quarter`, `change`) takes commits of
    the main line instead, and `stated` is the file that states the version at one. `under` is the
    upstream folder of what a wheel holds. `whole` says that a source distribution leaves nothing of
    the repository out.
    """

    path: Path
    tags: str = "*"
    since: str = ""
    until: str = "9999"
    keep: str = "all"
    every: str = ""
    stated: str = ""
    version: str = ""
    under: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an index is to say and to cover. `paths` are beginnings of upstream paths, `without`
    those of what is left out of them, `printed` patterns (`*` for any text).

    Fingerprints are of up to `contents` contents of each path, the last one first: copies are of
    what was current when they were made (`printed.py`).
    """

    project: str
    purl: str
    repository: str = ""
    licence: str = ""
    holders: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    contents: int = 3
    made: str = ""

    def covers(self, path: str) -> bool:
        """Whether a path is to be in the index."""
        return (
            kind(path) in KINDS
            and (not self.paths or path.startswith(self.paths))
            and not path.startswith(self.without)
        )

    def prints(self, path: str) -> bool:
        """Whether a path is code of the product, whose fingerprints are kept."""
        parts = path.split("/")
        if kind(path) not in PRINTED or (
            self.printed and not any(fnmatch.fnmatchcase(path, glob) for glob in self.printed)
        ):
            return False
        return (
            not _NOT_PRODUCT & set(parts[:-1])
            and not parts[-1].startswith(("test_", "conftest"))
            and not parts[-1].endswith("_test.py")
        )
