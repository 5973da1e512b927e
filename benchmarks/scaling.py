"""What a scan costs by the number of files.

    python benchmarks/scaling.py [--files 4 200 2000 20000] [--runs 3]

Makes its trees itself (one file in ten names a model) and prints, for each size, processor time
and peak memory of a cold scan, of one of an unchanged tree, of one with one file changed, and of
another checkout of the same bytes with the cache of the first; and how much faster two processes
read it than one. Runs take turns and the least of each counts, since a shared machine only ever
adds.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PLAIN = '''"""Part {0}."""


def total_{0}(values, scale={0}):
    """The sum of what is left."""
    kept = [value * scale for value in values if value > {0}]
    return sum(kept) / max(1, len(kept))


class Part{0}:
    def __init__(self, width, depth):
        self.layers = [total_{0}([width, depth, number]) for number in range(depth)]

    def forward(self, hidden, mask=None):
        for number, layer in enumerate(self.layers):
            hidden = hidden + layer * (mask or {0}) - number
        return hidden
'''
NAMES = """

from transformers import AutoModel

model = AutoModel.from_pretrained("acme/encoder-{0}", trust_remote_code=True)
"""
SETTLED = 2.1


def tree(folder: Path, files: int) -> Path:
    """A folder with so many files, in folders of a hundred."""
    for number in range(files):
        path = folder / f"part_{number // 100:05}" / f"module_{number:07}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PLAIN.format(number) + (NAMES.format(number) if number % 10 == 0 else ""))
    return folder


def cost(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Wall and processor seconds, and the peak memory in MB, of one run."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    wall = time.perf_counter() - begun
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def forget(environment: dict[str, str]) -> None:
    """Make the next scan a cold one: what is kept of trees goes, the index of known code stays as
    every scan but the first of a machine finds it.
    """
    for path in Path(environment["AISBOM_CACHE_DIR"]).glob("*.sqlite*"):
        path.unlink()


def in_turn(
    runs: int, environment: dict[str, str], cold: bool = False, **commands: Sequence[str]
) -> dict[str, tuple[float, float, float]]:
    """The least of each number over so many rounds; `cold`: nothing is kept from run to run."""
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            if cold:
                forget(environment)
            found[name].append(cost(command, environment))
    return {name: tuple(map(min, zip(*rows, strict=True))) for name, rows in found.items()}


def show(name: str, row: tuple[float, float, float], than: tuple[float, float, float]) -> None:
    wall, cpu, memory = row
    ratio = f"{cpu / than[1]:6.2f}"
    print(f"{name:<34}{wall:9.2f} s{cpu:9.2f} s{memory:8.0f} MB   x{ratio}", flush=True)


def sizes(given: argparse.Namespace, scratch: Path, environment: dict[str, str]) -> None:
    print(f"{'':<34}{'wall':>11}{'processor':>11}{'memory':>11}   of cold")
    for files in given.files:
        root = tree(scratch / f"tree-{files}" / "demo", files)
        output = ["-o", str(scratch / "out.json"), "-q"]
        scan = [sys.executable, "-m", "aisbom", "generate", str(root), *output]
        cold = in_turn(given.runs, environment, cold=True, scan=scan)["scan"]
        show(f"{files:,} files", cold, cold)
        two = in_turn(given.runs, environment, cold=True, scan=[*scan, "--jobs", "2"])["scan"]
        one = in_turn(given.runs, environment, cold=True, scan=[*scan, "--jobs", "1"])["scan"]
        print(f"  two processes{one[0] / two[0]:>31.2f} times as fast as one, by the wall")
        time.sleep(SETTLED)
        cost(scan, environment)
        show("  unchanged", in_turn(given.runs, environment, warm=scan)["warm"], cold)
        changed = next(root.rglob("*.py"))
        changed.write_text(changed.read_text() + "# changed\n")
        time.sleep(SETTLED)
        show("  one file changed", cost(scan, environment), cold)
        other = scratch / f"other-{files}" / "demo"
        shutil.copytree(root, other)
        time.sleep(SETTLED)
        show("  another checkout", cost([*scan[:4], str(other), *output], environment), cold)
        shutil.rmtree(other)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, nargs="+", default=[4, 200, 2000])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment |= {
            "AISBOM_CACHE_DIR": str(scratch / "cache"),
            "PYTHONPYCACHEPREFIX": str(scratch / "compiled"),
        }
        first = tree(scratch / "first", 4)
        cost(
            [sys.executable, "-m", "aisbom", "generate", str(first), "-o", str(scratch / "x.json")],
            environment,
        )
        sizes(given, scratch, environment)
    print(
        f"peak of any run: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
