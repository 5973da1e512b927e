"""Whole commands as ratios in one run: cold against warm, an environment against cyclonedx-py,
`--help` against bare Python.

    python benchmarks/whole_commands.py TREE ENVIRONMENT [CYCLONEDX_PY]

TREE is a folder to scan, ENVIRONMENT a virtual environment, CYCLONEDX_PY the path of an installed
cyclonedx-py. Prints medians of three runs in turn, and their ratio: single times say little on a
shared machine. Compiled Python is kept, as in any installed program: without it every run compiles
all modules again. cyclonedx-py reads no weights, so an environment is also measured with `--hash
none`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 3
MODEL = Path(__file__).parents[1] / "fixtures" / "multimodal" / "input"
AISBOM = [sys.executable, "-m", "aisbom"]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def pair(name: str, one: list[str], two: list[str], environment: dict[str, str]) -> None:
    """Run the two in turn after a warm-up each; print both medians and the median of the ratios
    pair by pair.
    """
    for command in (one, two):
        seconds(command, environment)
    times = [(seconds(one, environment), seconds(two, environment)) for _ in range(RUNS)]
    ratio = statistics.median(a / b for a, b in times)
    first, second = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{name:<42} {first:7.3f} s {second:7.3f} s   ratio {ratio:.2f}")


def main() -> None:
    tree, installed, *rest = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
        }
        environment |= {
            "AISBOM_CACHE_DIR": str(Path(scratch) / "cache"),
            "PYTHONPYCACHEPREFIX": str(Path(scratch) / "compiled"),
        }
        output = ["-o", str(Path(scratch) / "out.json"), "-q"]
        cold, warm = (
            [*AISBOM, "generate", tree, *output, "--no-cache"],
            [*AISBOM, "generate", tree, *output],
        )
        pair("tree: unchanged again / cold", warm, cold, environment)
        empty = Path(scratch) / "empty"
        empty.mkdir()
        ours = [*AISBOM, "generate", str(empty), "--python", installed, *output, "--no-cache"]
        if rest:
            theirs = [rest[0], "environment", installed, "-o", str(Path(scratch) / "theirs.json")]
            pair("environment: aisbom / cyclonedx-py", ours, theirs, environment)
            pair(
                "environment, --hash none / cyclonedx-py",
                [*ours, "--hash", "none"],
                theirs,
                environment,
            )
        model = [*AISBOM, "generate", str(MODEL), *output, "--no-cache"]
        pair(
            "model repository / python -c pass", model, [sys.executable, "-c", "pass"], environment
        )
        pair(
            "aisbom --help / python -c pass",
            [*AISBOM, "--help"],
            [sys.executable, "-c", "pass"],
            environment,
        )


if __name__ == "__main__":
    main()
