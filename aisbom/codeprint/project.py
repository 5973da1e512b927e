"""One project of the code index: its releases, the paths they hold, and the notices of
their files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from aisbom.codeprint.container import Container

if TYPE_CHECKING:
    import numpy as np


LAYOUT = 2

_READ = (1, LAYOUT)
"""Layout 1 has each array in a member of its own."""


ALWAYS = -1
"""In the place of the number of a release: before all of them."""


MAX_RELEASES = 60_000


MAX_PATHS = 1_000_000


_ADDRESS = re.compile(
    r"(?:https?://|git://|ssh://)?(?:[\w.\-]+@)?(?:www\.)?(?:github\.com|gitlab\.com|gitee\.com)[/:]"
    r"([\w.\-]+/[\w.\-]+)",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f]")


def slug(address: str) -> str:
    """`owner/name` of an address on a code host, in lower case, as the index has it; `""` for any
    other.

    >>> slug("https://github.com/Norae-Labs/norae.git")
    'norae-labs/norae'
    """
    match = _ADDRESS.match(address)
    if not match:
        return ""
    from aisbom.codeprint import other_names

    return other_names.of_index(match[1].casefold().removesuffix(".git").rstrip("."))


@dataclass(frozen=True, slots=True)
class Release:
    """One state of a project that the index knows. `tag` is `""` for a dated commit, `commit` too
    for what was published without one.

    `date` (YYYY-MM-DD) is the commit's, or the day a wheel or source distribution was packed, or
    `""`. `within` are the files and folders that are known of it, as a wheel has no tests; `()` is
    everything.
    """

    version: str
    tag: str
    commit: str
    date: str
    within: tuple[str, ...] = ()

    @property
    def is_published(self) -> bool:
        """Whether this is a release, and no commit between two of them."""
        return bool(self.tag or not self.commit)

    def knows(self, path: str) -> bool:
        """Whether the index knows if this release has an upstream path, and with which content."""
        return not self.within or any(
            path == part or path.startswith(f"{part}/") for part in self.within
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """What the head of a file says of its owners, in order; `spdx` is its SPDX-License-Identifier
    or `""`.

    `hidden` are digests of holders that may be people, whose names an index does not carry.
    `since` is, for each of `holders`, the number of the first release from which on every content
    of the file names them; ALWAYS where no content is known that does not. It is empty where the
    heads of earlier contents were not read.
    """

    holders: tuple[str, ...] = ()
    spdx: str = ""
    hidden: tuple[str, ...] = ()
    since: tuple[int, ...] = ()

    def names(self, holder: str) -> bool:
        """Whether this holder is one of them."""
        told = holder.casefold()
        return any(told == own.casefold() for own in self.holders) or _digest(told) in self.hidden


class _Notices(NamedTuple):
    """The notices of a project, the one of each path (-1: none), and since when it names its
    holders (path to place of the holder to release). Of the paths `unread` that is not known; None
    is all of them.
    """

    rows: tuple[Notice, ...]
    of: tuple[int, ...]
    since: Mapping[int, Mapping[int, int]]
    unread: frozenset[int] | None


class Project:
    """One project of the index: what is said of it is read at once (or is `about`, where that is
    known), its arrays when they are asked for. Raises ValueError.
    """

    def __init__(
        self,
        container: Container,
        shipped: bool = False,
        file: str = "",
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self._container = container
        self.shipped = shipped
        self.file = file
        if about is None:
            about = container.json("about.json")
        if not isinstance(about, dict) or about.get("layout") not in _READ:
            raise ValueError(f"no index of layout {LAYOUT}: made by another version of the program")
        self.about: Mapping[str, Any] = about
        self.name = _text(about, "project")
        self.purl = _text(about, "purl")
        self.repository = _text(about, "repository")
        self.licence = _text(about, "licence")
        self.covers = _text(about, "covers")
        self.made = _text(about, "made")
        self.holders = _texts(about, "holders")
        self.kinds = frozenset(_texts(about, "kinds"))
        rows = about.get("releases")
        if (
            not self.name
            or not self.purl
            or not isinstance(rows, list)
            or not 0 < len(rows) <= MAX_RELEASES
        ):
            raise ValueError("no sound index: about.json names no project, or no release")
        self.released = len(rows)
        if not shipped:
            _ = self.releases
        self.counts = {
            name: value
            for name, value in (about.get("counts") or {}).items()
            if isinstance(value, int)
        }

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """The releases, in order. Raises ValueError."""
        return tuple(_release(row) for row in self.about["releases"])

    @property
    def dates(self) -> list[str]:
        """The dates of the releases that have one."""
        return [date for row in self.about["releases"] if (date := _text(row, "date"))]

    @property
    def digest(self) -> str:
        """Changes when anything in the file does."""
        return self._container.digest

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._container.size

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every path of every release, sorted; other tables name a path by its number here."""
        text = self._container.read("paths.txt").decode("utf-8", "replace")
        paths = tuple(text.split("\n")) if text else ()
        if len(paths) > MAX_PATHS:
            raise ValueError("no sound index: too many paths")
        return paths

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The number of each path."""
        return {path: number for number, path in enumerate(self.paths)}

    def array(self, name: str) -> np.ndarray:
        """One array. Raises ValueError where there is none, or none that is sound."""
        return self._container.array(name)

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """All arrays whose names begin so."""
        return self._container.arrays(prefix)

    @cached_property
    def _notices(self) -> _Notices:
        if "notices.json" not in self._container:
            return _Notices((), (), {}, None)
        told = self._container.json("notices.json")
        try:
            rows = tuple(
                Notice(
                    tuple(str(h)[:200] for h in row["holders"]),
                    str(row.get("spdx", ""))[:100],
                    tuple(map(str, row.get("hidden", ()))),
                )
                for row in told["notices"]
            )
            of = tuple(int(number) for number in told["of"])
            since: dict[int, dict[int, int]] = {}
            for path, place, release in told.get("since", ()):
                since.setdefault(int(path), {})[int(place)] = int(release)
            unread = frozenset(map(int, told.get("unread", ()))) if "since" in told else None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(
                "no sound index: notices.json is not the table it should be"
            ) from error
        return _Notices(rows, of, since, unread)

    def notice(self, path: int) -> Notice | None:
        """What the head of the file of this number says in the latest release that has it; None
        where it says nothing, or was not read.
        """
        known = self._notices
        number = known.of[path] if 0 <= path < len(known.of) else -1
        if not 0 <= number < len(known.rows):
            return None
        notice = known.rows[number]
        if known.unread is None or path in known.unread:
            return notice
        since = known.since.get(path, {})
        places = range(len(notice.holders))
        return replace(notice, since=tuple(since.get(place, ALWAYS) for place in places))

    def count_hidden(self, holder: str) -> int:
        """How many files name a holder whom the index keeps as a digest alone."""
        return self._hidden[_digest(holder.casefold())]

    @cached_property
    def _hidden(self) -> Counter[str]:
        known = self._notices
        files = Counter(known.of)
        found: Counter[str] = Counter()
        for number, notice in enumerate(known.rows):
            for digest in notice.hidden:
                found[digest] += files[number]
        return found

    def contents(self, path: int) -> list[int]:
        """For each content of the file of this number, the number of the first of the releases in a
        row that have it, rising; `[]` where no contents are known.
        """
        if self._runs is None:
            return []
        of, first = self._runs
        firsts: list[int] = first[of == path].tolist()
        return sorted(firsts)

    @cached_property
    def _runs(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The path and the first release of each run of releases with one content."""
        try:
            rows = self.arrays("blob")
            return rows["blob_path"].copy(), rows["blob_first"].copy()
        except (ValueError, KeyError):
            return None

    def unchanged_since(self, path: int, release: int = 0) -> bool:
        """Whether the last version of the file of this number is that of a release (a number in
        `releases`), so that its notice is that release's too; True where no contents are known.
        """
        firsts = self.contents(path)
        return not firsts or firsts[-1] <= max(release, firsts[0])

    def holders_in(self, path: int, release: int) -> tuple[str, ...]:
        """The holders whom the file of this number certainly named in a release (a number in
        `releases`).
        """
        notice = self.notice(path)
        if notice is None:
            return ()
        if notice.since:
            named = zip(notice.holders, notice.since, strict=True)
            return tuple(holder for holder, since in named if since <= release)
        return notice.holders if self.unchanged_since(path, release) else ()


def _digest(holder: str) -> str:
    return sha256(holder.encode()).hexdigest()[:16]


def _text(about: Mapping[str, Any], key: str) -> str:
    value = about.get(key, "")
    if not isinstance(value, str) or len(value) > 4000 or _CONTROL.search(value):
        raise ValueError(f"no sound index: {key} in about.json is not a line of text")
    return value


def _texts(about: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = about.get(key, [])
    if (
        not isinstance(value, list)
        or len(value) > 1000
        or not all(isinstance(item, str) and len(item) < 400 for item in value)
    ):
        raise ValueError(f"no sound index: {key} in about.json is not a list of texts")
    return tuple(value)


def _release(row: object) -> Release:
    if not isinstance(row, dict):
        raise ValueError("no sound index: a release in about.json is not a table")
    return Release(
        _text(row, "version"),
        _text(row, "tag"),
        _text(row, "commit"),
        _text(row, "date"),
        _texts(row, "within"),
    )
