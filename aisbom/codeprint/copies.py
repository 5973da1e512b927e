"""A copy of a release in a tree: its folders, its release, and what is identical, modified, added
and missing in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aisbom.codeprint import copy_folders, identity
from aisbom.codeprint.contents import PLAIN, Blobs
from aisbom.codeprint.scanned import MADE_BY_BUILDS, ScannedPaths, below, inside, kind

_EMPTY = int.from_bytes(identity.blob(b"")[:8], "big")
"""An empty file: scans do not look at them, so that one is not here means nothing."""


@dataclass(frozen=True, slots=True)
class VendoredRelease:
    """A copy of one release. Paths are the scanned tree's, except in `missing` and on the right of
    `modified`.

    `root` is the folder of the tree and `upstream` the folder of the release that correspond, `""`
    the top of either. `added` are files below `root`, of a kind the index covers, that this release
    has nowhere. `also` are other versions that agree equally well. Of a release that is known in
    part (`within`), files elsewhere are compared with all releases, and none of them is `missing`.
    `single` says that one file alone was recognised.
    """

    project: str
    version: str
    tag: str
    commit: str
    date: str
    root: str
    upstream: str
    identical: tuple[str, ...]
    modified: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]
    also: tuple[str, ...]
    single: bool
    within: tuple[str, ...] = ()


@dataclass(eq=False)
class Copy:
    """`folders` are pairs (here, upstream): the copy's own first, then folders in it that were
    renamed or moved.

    `small` are files too small to tell anything by (an empty module) whose content the release has
    under another name.
    """

    folders: list[tuple[str, str]]
    release: int = 0
    also: tuple[int, ...] = ()
    upstream_of: dict[int, int] = field(default_factory=dict)
    identical: set[int] = field(default_factory=set)
    small: set[int] = field(default_factory=set)
    moved_from: set[int] = field(default_factory=set)

    def map_paths(self, tree: ScannedPaths, book: Blobs) -> dict[int, int]:
        """Scanned path to upstream path (numbers), for every path here that upstream has or had."""
        found: dict[int, int] = {}
        # The deepest folder of ours decides.
        for root, upstream in sorted(self.folders, key=lambda pair: len(pair[0])):
            skip, above = len(root) + bool(root), f"{upstream}/" if upstream else ""
            for path in tree.numbers(root):
                number = book.project.number.get(above + tree.paths[path][skip:])
                if number is not None:
                    found[path] = number
                else:
                    found.pop(path, None)
        return found

    def settle(self, tree: ScannedPaths, book: Blobs) -> set[int]:
        """Choose the release that agrees in most files; returns the scanned files whose content is
        that release's.
        """
        self.upstream_of = self.map_paths(tree, book)
        rows = [
            row
            for path, number in self.upstream_of.items()
            for row in book.rows_of(number)
            if int(book.blob[row]) in tree.keys_of(path)
        ]
        # Then the release that has most of the paths that are here, whatever their content; what is
        # missing may have been removed.
        best = book.best(rows, self.upstream_of.values())
        self.release = copy_folders.latest(book, best)
        self.also = tuple(n for n in best if n != self.release)
        state = book.at(self.release)
        contents: dict[int, int] = {}
        for row in (*state.values(), *book.unknown(self.release)):
            contents.setdefault(int(book.blob[row]), row)
        self.identical, self.small, self.moved_from = set(), set(), set()
        for path in tree.numbers(self.folders[0][0]):
            keys = tree.keys_of(path)
            if any(int(book.blob[row]) in keys for row in self._rows(path, state, book)):
                self.identical.add(path)
            elif kind(tree.paths[path]) in book.project.kinds:
                # The same content under another name: moved within the copy, and still upstream's.
                row = next((contents[key] for key in keys if key in contents), -1)
                if row >= 0 and book.size[row] == PLAIN:
                    self.small.add(path)
                elif row >= 0:
                    self.identical.add(path)
                    self.moved_from.add(int(book.path[row]))
        return self.identical

    def _rows(self, path: int, state: Mapping[int, int], book: Blobs) -> Sequence[int]:
        """The rows of what upstream has at this path: of any release, where nothing is known of it
        in this one.
        """
        number = self.upstream_of.get(path, -1)
        if number in state:
            return (state[number],)
        return book.rows_of(number) if number >= 0 and not book.knows(self.release, number) else ()

    def _news(self, name: str, book: Blobs) -> bool:
        """Whether the index can tell that upstream has no such file: by this release, or by one
        before and one after it.
        """
        for root, upstream in sorted(self.folders, key=lambda pair: -len(pair[0])):
            if inside(below(name), root):
                rest = name[len(root) + bool(root) :]
                path = f"{upstream}/{rest}" if upstream else rest
                return book.rules_out(self.release, path)
        return False

    def describe(
        self, tree: ScannedPaths, book: Blobs, taken: Mapping[int, tuple[int, Copy]]
    ) -> VendoredRelease:
        """The row of this copy. Files that belong to another copy are none of its own."""
        paths = book.project.paths
        state = book.at(self.release)
        root, upstream = self.folders[0]
        mine = [path for path in tree.numbers(root) if taken.get(path, (0, self))[1] is self]
        others = [
            copy.folders[0][0]
            for copy in {id(copy): copy for _, copy in taken.values()}.values()
            if copy is not self
        ]
        nested = [folder for folder in others if folder != root and inside(folder, root)]
        modified, added = [], []
        for path in mine:
            name = tree.paths[path]
            if path in self.identical or path in self.small or kind(name) not in book.project.kinds:
                continue
            number = self.upstream_of.get(path, -1)
            if number in state or (number >= 0 and not book.knows(self.release, number)):
                modified.append((name, paths[number]))
            elif (
                not MADE_BY_BUILDS.search(name)
                and not any(inside(name, folder) for folder in nested)
                and self._news(name, book)
            ):
                added.append(name)
        have = {
            self.upstream_of[path] for path in mine if path in self.upstream_of
        } | self.moved_from
        wanted = [above for _, above in self.folders]
        missing = [
            paths[number]
            for number, row in state.items()
            if number not in have
            and int(book.blob[row]) != _EMPTY
            and any(inside(paths[number], above) for above in wanted)
        ]
        release = book.project.releases[self.release]
        return VendoredRelease(
            book.project.purl,
            release.version,
            release.tag,
            release.commit,
            release.date,
            root,
            upstream,
            tuple(
                tree.paths[path] for path in mine if path in self.identical or path in self.small
            ),
            tuple(modified),
            tuple(added),
            tuple(sorted(missing)),
            tuple(book.project.releases[number].version for number in self.also),
            single=False,
            within=release.within,
        )


def join_folder(copies: Sequence[Copy], new: Copy, tree: ScannedPaths, book: Blobs) -> Copy | None:
    """The copy that `new` turns out to be a renamed or moved folder of, with that folder added to
    it; None if it stands alone.

    Folders of one copy lie in one another, here, and do not hold the same upstream files twice.
    """
    root, upstream = new.folders[0]
    theirs = set(new.map_paths(tree, book).values())
    for copy in copies:
        first, above = copy.folders[0]
        if not (inside(root, first) or inside(first, root)) or not (
            inside(upstream, above) or inside(above, upstream)
        ):
            continue
        had = {
            number
            for path, number in copy.map_paths(tree, book).items()
            if not inside(tree.paths[path], root) or inside(first, root)
        }
        if len(theirs & had) >= copy_folders.MOST * len(theirs):
            continue
        copy.folders.append((root, upstream))
        if len(root) < len(first):
            copy.folders.sort(key=lambda pair: len(pair[0]))
        return copy
    return None
