"""Make the shipped index of known code from local git clones and published packages, as
tools/code_index.toml says.

    python tools/code_index.py --clones FOLDER [--packages FOLDER] [--only NAME ...]
                               [--reprint | --since] [--holders]

`--clones` holds one clone per repository, as `owner+name` or `owner+name/repo`, bare or not;
`--packages` the wheels and source distributions that the list names, anywhere in it, under the
names they were published by. Nothing is downloaded. The same input gives the same bytes.
`--reprint` leaves the exact contents of an index as they are and makes its fingerprints again, from
those clones and packages that are there.
`--since` leaves all of an index as it is, and adds since when the heads of its files name whom they
name now, from those contents that are there: of the clones that the list names, with the history of
their main lines, and of the packages in the list.
`--holders` prints who the heads of the files name, by number of files.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from aisbom.codeprint import git_releases
from aisbom.codeprint.build import build, top_holders
from aisbom.codeprint.container import SUFFIX
from aisbom.codeprint.first_named import add_since
from aisbom.codeprint.index import CATALOGUE, SHIPPED, catalogue
from aisbom.codeprint.known import key_of
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.release_sources import open_sources
from aisbom.codeprint.reprint import reprint


def main() -> int:
    """Build every project of the list, or those named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--holders", action="store_true")
    parser.add_argument("--reprint", action="store_true")
    parser.add_argument("--since", action="store_true")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    given = parser.parse_args()
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["project"]
    given.output.mkdir(parents=True, exist_ok=True)
    failed = total = 0
    for row in rows:
        if given.only and row["project"] not in given.only:
            continue
        begun = time.monotonic()
        file, lacking = given.output / f"{row['project']}{SUFFIX}", 0
        if given.since:
            total += _add_since(file, row, given.clones, given.packages)
            continue
        try:
            places = [_place(given.clones, source) for source in row.get("sources", ())]
            if given.reprint:
                places = [place for place in places if place.path.is_dir()]
            places += [
                place
                for source in row.get("packages", ())
                for place in _packages(given.packages, row["project"], source, given.reprint)
            ]
            if given.reprint:
                built, lacking = reprint(file.read_bytes(), places, _plan(row))
            else:
                built = build(places, _plan(row))
        except (ValueError, OSError) as error:
            print(f"{row['project']}: {error}", file=sys.stderr)
            failed += 1
            continue
        file.write_bytes(built.data)
        total += len(built.data)
        print(
            f"{row['project']:20} {len(built.data):9,} bytes {built.releases:4} releases"
            f" {built.paths:6,} paths {built.contents:7,} contents {built.prints:6,} printed"
            f" {time.monotonic() - begun:6.1f} s" + f", {lacking} contents lacking" * bool(lacking),
            flush=True,
        )
        if given.holders:
            print(f"{'':20} {top_holders(built.holders)}")
    (given.output / CATALOGUE).write_text(catalogue(given.output), encoding="utf-8")
    print(f"{total:,} bytes in all")
    return 1 if failed else 0


def _add_since(file: Path, row: dict[str, Any], clones: Path, packages: Path | None) -> int:
    """Write the index with since when heads name their holders, and give its size."""
    repositories = [source["clone"] for source in row.get("sources", ())]
    repositories.append(row["repository"].removeprefix("https://github.com/"))
    places = [_place(clones, {"clone": name}) for name in dict.fromkeys(repositories)]
    places = [place for place in places if git_releases.is_clone(place.path)]
    archives = [
        place
        for source in row.get("packages", ())
        if packages is not None
        for place in _packages(packages, row["project"], source, True)
    ]
    data, lacking = file.read_bytes(), 0
    if not places and not archives:
        return len(data)
    changes: list[git_releases.Change] = []
    for place in places:
        with git_releases.Clone(place.path) as clone:
            changes += clone.list_changes()

    def read(keys: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        nonlocal lacking
        left = set(keys)
        with ExitStack() as stack:
            for place in places:
                clone = stack.enter_context(git_releases.Clone(place.path))
                for start, data in clone.find_contents({key.to_bytes(8, "big") for key in left}):
                    left.discard(key := int.from_bytes(start, "big"))
                    yield key, data
            for source in open_sources(archives, _plan(row), stack) if left else ():
                files = source.files(source.releases[0]).values()
                here = {digest for digest in files if key_of(digest) in left}
                for digest, data in source.contents(source.sizes(here)):
                    left.discard(key_of(digest))
                    yield key_of(digest), data
        lacking = len(left)

    data, since = add_since(data, changes, read)
    file.write_bytes(data)
    print(
        f"{row['project']:20} {len(data):9,} bytes {len(since.rows):6,} named later"
        f" {len(since.unread):6,} not known, {lacking:,} contents lacking",
        flush=True,
    )
    return len(data)


def _place(clones: Path, source: dict[str, Any]) -> Place:
    told = dict(source)
    folder = clones / told.pop("clone").replace("/", "+")
    return Place(folder / "repo" if (folder / "repo").is_dir() else folder, **told)


def _packages(folder: Path | None, project: str, source: dict[str, Any], some: bool) -> list[Place]:
    """The wheel or source distribution of each version that `source` lists, of `some` those that
    are there.
    """
    if folder is None:
        raise ValueError("it needs --packages FOLDER")
    told = dict(source)
    kind, versions = told.pop("kind"), told.pop("versions").split()
    end = "-*.whl" if kind == "wheel" else ".tar.gz"
    found = {version: sorted(folder.rglob(f"{project}-{version}{end}")) for version in versions}
    lacking = [version for version, paths in found.items() if not paths]
    if lacking and not some:
        raise ValueError(f"--packages lacks the {kind} of {', '.join(lacking)}")
    return [Place(paths[0], **told) for paths in found.values() if paths]


def _plan(row: dict[str, Any]) -> Plan:
    told = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in row.items()
        if key not in ("sources", "packages")
    }
    return Plan(**told, made="tools/code_index.py")


if __name__ == "__main__":
    sys.exit(main())
