"""Make the shipped index of known code from local git clones, as tools/code_index.toml says.

    python tools/code_index.py --clones FOLDER [--only NAME ...] [--holders]

FOLDER holds one clone per repository, as `owner+name` or `owner+name/repo`, bare or not. Nothing is downloaded. The same clones give the
same bytes. `--holders` prints who the heads of the files name, by number of files.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from aisbom.codeprint.build import Place, Plan, build, top_holders
from aisbom.codeprint.container import SUFFIX
from aisbom.codeprint.index import SHIPPED


def main() -> int:
    """Build every project of the list, or those named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--holders", action="store_true")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    given = parser.parse_args()
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["project"]
    given.output.mkdir(parents=True, exist_ok=True)
    failed = total = 0
    for row in rows:
        if given.only and row["project"] not in given.only:
            continue
        begun = time.monotonic()
        try:
            built = build([_place(given.clones, source) for source in row["sources"]], _plan(row))
        except ValueError as error:
            print(f"{row['project']}: {error}", file=sys.stderr)
            failed += 1
            continue
        (given.output / f"{row['project']}{SUFFIX}").write_bytes(built.data)
        total += len(built.data)
        print(
            f"{row['project']:20} {len(built.data):9,} bytes {built.releases:4} releases {built.paths:6,} paths {built.contents:7,} "
            f"contents {built.prints:6,} printed {time.monotonic() - begun:6.1f} s",
            flush=True,
        )
        if given.holders:
            print(f"{'':20} {top_holders(built.holders)}")
    print(f"{total:,} bytes in all")
    return 1 if failed else 0


def _place(clones: Path, source: dict[str, Any]) -> Place:
    told = dict(source)
    folder = clones / told.pop("clone").replace("/", "+")
    return Place(folder / "repo" if (folder / "repo").is_dir() else folder, **told)


def _plan(row: dict[str, Any]) -> Plan:
    told = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items() if key != "sources"}
    return Plan(**told, made="tools/code_index.py")


if __name__ == "__main__":
    sys.exit(main())
