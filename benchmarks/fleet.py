"""A fleet of submissions of known making, scanned whole, through kills, and one by one.

    python -m benchmarks.fleet FOLDER [--count 200] [--workers 2] [--seed 1]

Makes the submissions (fixtures, cuts of installed packages, decoders of known descent), then

    whole     one undisturbed run
    killed    a worker killed after a third, the run killed after two thirds, the same command again
    engine    how busy workers are, and the clock against as many plain processes without an engine
    alone     the same units, one after the other in this process, without an engine
    single    the same submissions by the real command, one after the other in this process

and prints whether all of them left the same bytes, CPU and wall seconds, the memory of workers, what
`fleet match` finds against what was made of what, and the time of each shipped question, as small
files and compacted. FOLDER keeps everything; what is
there is not made again.

On a machine that others use as well the clock says little: compare CPU seconds, and the share of
the time in which workers had a unit in hand, which is what the engine adds.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
EPOCH = "1700000000"
LOOK = 0.25
PACKAGES = (
    "rich",
    "typer",
    "yaml",
    "git",
    "hypothesis",
    "dask",
    "distributed",
    "packaging",
    "fsspec",
    "tornado",
    "jinja2",
    "numpy",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    listed = make(given.folder, given.count, random.Random(given.seed))
    whole, killed = given.folder / "whole", given.folder / "killed"
    print(f"{given.count} submissions, {given.workers} workers, load {os.getloadavg()[0]:.1f}")
    shutil.rmtree(whole, ignore_errors=True)
    told("whole", scan(listed, whole, given.workers))
    through_kills(listed, killed, given.workers)
    print("killed: the same bytes in all files:", digests(whole) == digests(killed))
    told("nothing changed", scan(listed, whole, given.workers))
    span = in_hand(listed, given.folder / "engine", given.workers)
    plain = side_by_side(listed, given.folder / "plain", given.workers)
    print(
        f"throughput of the engine: {plain / span:.2f} of that of {given.workers} plain processes"
    )
    alone(listed, given.folder / "alone")
    print("alone: the same bytes in all files:", digests(whole) == digests(given.folder / "alone"))
    single(listed, whole)
    matches(whole)
    questions(whole)


def make(folder: Path, count: int, dice: random.Random) -> Path:
    """The list of submissions, made unless it is there."""
    listed = folder / "list.csv"
    if listed.exists():
        return listed
    places = {p.parent.name: p for p in sorted((ROOT / "fixtures").glob("*/input"))}
    sources = python_files()
    for number in range(count - len(places)):
        name = f"s{number:04d}"
        places[name] = made(folder / "in" / name, number, sources, dice)
    lines = [f"{name},{place}" for name, place in list(places.items())[:count]]
    listed.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text("\n".join(["submission,location", *lines]) + "\n")
    return listed


def python_files() -> list[list[Path]]:
    """Source files of each package, largest packages cut."""
    site = Path(sysconfig.get_path("purelib"))
    found = []
    for name in PACKAGES:
        files = sorted((site / name).rglob("*.py")) if (site / name).is_dir() else []
        files = [file for file in files if 500 < file.stat().st_size < 12_000]
        if files:
            found.append(files[:400])
    return found


def made(tree: Path, number: int, sources: list[list[Path]], dice: random.Random) -> Path:
    """A submission: its own files, a fork of a part of a package with changed lines, now and then
    a decoder that is its own, tuned or copied.
    """
    tree.mkdir(parents=True)
    (tree / "requirements.txt").write_text(f"numpy==2.{number % 4}.0\ntorch>=2.{number % 6}\n")
    (tree / "README.md").write_text(
        f"# Submission {number}\n\nBuilt on acme/encoder-{number % 7}b.\n"
    )
    (tree / "LICENSE").write_text("MIT License\n\nCopyright (c) 2026 Acme Labs Inc.\n")
    size = 60 if number % 40 == 3 else 15 if number % 10 == 0 else 4
    package = dice.choice(sources)
    first = dice.randrange(max(1, len(package) - size))
    for file in package[first : first + size]:
        lines = file.read_text("utf-8", "replace").splitlines(keepends=True)
        if dice.random() < 0.3 and len(lines) > 20:
            at = dice.randrange(10, len(lines) - 1)
            lines[at:at] = [f"# changed in {number}\n"]
        target = tree / "src" / file.parent.name / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(lines), "utf-8")
    if number % 8 == 0:
        (tree / "model").mkdir()
        (tree / "model" / "model.safetensors").write_bytes(decoder(number))
    return tree


def decoder(number: int) -> bytes:
    """Own (two in five), tuned from one base, the base itself."""
    import numpy as np

    from tests.fleet.test_match import noisy, safetensors
    from tests.weights.arrays import model

    kind = number // 8 % 5
    if kind < 2:
        return safetensors(model(1000 + number))
    tables = model(1)
    if kind < 4:
        tables = noisy(tables, 0.3, number)
    assert all(isinstance(value, np.ndarray) for value in tables.values())
    return safetensors(tables)


def scan(listed: Path, catalogue: Path, workers: int) -> dict[str, float | str]:
    """One run of the command, watched. Its processor time is that of all its processes."""
    begun, before = time.monotonic(), os.times()
    process = subprocess.Popen(command(listed, catalogue, workers), stdout=subprocess.PIPE)
    peak = 0.0
    while process.poll() is None:
        for worker in workers_of(process.pid):
            with contextlib.suppress(psutil.Error):
                peak = max(peak, worker.memory_info().rss)
        time.sleep(LOOK)
    used = os.times()
    cpu = used.children_user + used.children_system - before.children_user - before.children_system
    out = process.stdout.read().decode().strip() if process.stdout else ""
    return {"said": out, "wall": time.monotonic() - begun, "cpu": cpu, "peak": peak}


def command(listed: Path, catalogue: Path, workers: int) -> list[str]:
    words = ["fleet", "scan", str(listed), "-o", str(catalogue), "--workers", str(workers)]
    return [sys.executable, "-m", "aisbom", *words]


def workers_of(driver: int) -> list[psutil.Process]:
    try:
        below = psutil.Process(driver).children(recursive=True)
    except psutil.Error:
        return []
    found = []
    for one in below:
        with contextlib.suppress(psutil.Error):
            if "spawn_main" in " ".join(one.cmdline()):
                found.append(one)
    return found


def told(name: str, run: dict[str, float | str]) -> None:
    print(
        f"{name}: {run['said']}; wall {run['wall']:.0f} s, CPU {run['cpu']:.1f} s, largest worker"
        f" {float(run['peak']) / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}"
    )


def through_kills(listed: Path, catalogue: Path, workers: int) -> None:
    total = len(listed.read_text().splitlines()) - 1
    shutil.rmtree(catalogue, ignore_errors=True)
    process = subprocess.Popen(command(listed, catalogue, workers), stdout=subprocess.DEVNULL)
    for share, victims in ((3, "worker"), (3 / 2, "driver")):
        while process.poll() is None and committed(catalogue) < total / share:
            time.sleep(LOOK)
        if victims == "worker":
            for worker in workers_of(process.pid)[:1]:
                worker.kill()
    process.send_signal(signal.SIGKILL)
    process.wait()
    print(f"killed: a worker, then the run: {committed(catalogue)} committed")
    time.sleep(4 * LOOK)
    told("resumed", scan(listed, catalogue, workers))


def committed(catalogue: Path) -> int:
    done = catalogue / "done"
    return sum(not path.name.startswith(".") for path in done.iterdir()) if done.is_dir() else 0


def digests(catalogue: Path) -> dict[str, bytes]:
    import hashlib

    return {
        str(path.relative_to(catalogue)): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted(catalogue.rglob("*"))
        if path.is_file() and not path.name.startswith(".writing-")
    }


def in_hand(listed: Path, catalogue: Path, workers: int) -> float:
    """What share of the time, from the first unit to the last, workers had a unit in hand; and the
    processor time of workers and of the caller (who is the scheduler, too) meanwhile. Returns that
    time in seconds.
    """
    from aisbom.fleet import cluster
    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.question import Question
    from aisbom.fleet.sources import submissions
    from aisbom.fleet.unit import Outcome, Run

    shutil.rmtree(catalogue, ignore_errors=True)
    ended: list[tuple[float, float]] = []

    used: list[tuple[float, float]] = []

    def note(outcome: Outcome, done: int, total: int) -> None:
        ended.append((time.monotonic(), outcome.seconds))
        if done in (1, total):
            times = [worker.cpu_times() for worker in workers_of(os.getpid())]
            used.append((sum(one.user + one.system for one in times), time.process_time()))

    begun = time.monotonic()
    made = Catalogue.make(str(catalogue), Question())
    cluster.scan(submissions([str(listed)]), made, cluster.Workers(workers), Run(), note)
    first = min(at - seconds for at, seconds in ended)
    span, busy = ended[-1][0] - first, sum(seconds for _, seconds in ended)
    print(
        f"engine: {first - begun:.1f} s until the first unit, then {span:.1f} s; a unit in hand"
        f" {busy / span / workers:.1%} of the time of {workers} workers; CPU after the first unit:"
        f" workers {used[1][0] - used[0][0]:.1f} s, caller {used[1][1] - used[0][1]:.1f} s"
    )
    return span


def side_by_side(listed: Path, catalogue: Path, workers: int) -> float:
    """The same units in as many processes as there are workers, each with its share of the list and
    no engine: what the machine can do. Returns the seconds from the first unit to the last.
    """
    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.question import Question

    shutil.rmtree(catalogue, ignore_errors=True)
    Catalogue.make(str(catalogue), Question())
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context) as pool:
        # Every process has a share in hand at once: none takes the share of another.
        shares = [
            pool.submit(scan_share, listed, catalogue, first, workers) for first in range(workers)
        ]
        times = [share.result() for share in shares]
    return max(end for _, end in times) - min(begin for begin, _ in times)


def scan_share(listed: Path, catalogue: Path, first: int, step: int) -> tuple[float, float]:
    """Scan every `step`-th submission; returns when the first was begun and the last had ended."""
    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.sources import submissions
    from aisbom.fleet.unit import Run, scan_submission

    opened = Catalogue.open(str(catalogue))
    begun = time.monotonic()
    for one in list(submissions([str(listed)]))[first::step]:
        assert scan_submission(one, opened, Run("plain")).state in ("scanned", "kept")
    return begun, time.monotonic()


def alone(listed: Path, catalogue: Path) -> None:
    """Every unit without an engine, as an array job of a cluster runs it."""
    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.question import Question
    from aisbom.fleet.sources import submissions
    from aisbom.fleet.unit import Run, scan_submission

    shutil.rmtree(catalogue, ignore_errors=True)
    made = Catalogue.make(str(catalogue), Question())
    begun, before = time.monotonic(), time.process_time()
    for one in submissions([str(listed)]):
        assert scan_submission(one, made, Run("alone")).state in ("scanned", "kept")
    print(f"alone: wall {time.monotonic() - begun:.0f} s, CPU {time.process_time() - before:.1f} s")


def single(listed: Path, catalogue: Path) -> None:
    """The real command on each submission, against the document in the catalogue."""
    from aisbom.fleet import parts
    from aisbom.fleet.catalogue import Catalogue

    held = Catalogue.open(str(catalogue))
    units = {entry.submission: entry.unit for entry in held.entries()}
    same, begun, before = 0, time.monotonic(), time.process_time()
    differ = []
    for name, place in places_of(listed):
        data = parts.decompress(held.store.read(f"documents/{units[name]}.cdx.json.zst"))
        if generated(place) == data:
            same += 1
        else:
            differ.append(name)
    print(
        f"single: {same} of {len(units)} documents byte-identical {differ or ''}; wall"
        f" {time.monotonic() - begun:.0f} s, CPU {time.process_time() - before:.1f} s"
    )


def places_of(listed: Path) -> Iterator[tuple[str, str]]:
    for line in listed.read_text().splitlines()[1:]:
        name, _, place = line.partition(",")
        yield name, place


def generated(place: str) -> bytes:
    from aisbom.cli import main as aisbom

    words = ("-q", "-o", "-", "--no-cache", "--tree-says", "declarations", "--jobs", "1")
    out = io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(out):
        aisbom(["generate", place, *words])
        out.flush()
        return out.buffer.getvalue()


def matches(catalogue: Path) -> None:
    """What is said of pairs of the submissions made here, and what of it is wrong: a file that was
    not made of the same file, weights that do not come from one base.
    """
    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.match import match

    held = Catalogue.open(str(catalogue))
    begun = time.process_time()
    found = match(held)
    used = time.process_time() - begun
    names = {entry.unit: entry.submission for entry in held.entries()}

    def base(unit: str) -> int:
        number = int(names[unit][1:])
        return 1 if number // 8 % 5 >= 2 else 1000 + number

    def package(path: str) -> str:
        return path.rpartition("/")[0]

    rows = [r for r in (*found.weights, *found.code, *found.files) if r.verdict != "inconclusive"]
    ours = [row for row in rows if names[row.a][1:].isdigit() and names[row.b][1:].isdigit()]
    for kind in ("tensor", "units", "function", "file"):
        these = [row for row in ours if row.kind == kind]
        if kind in ("tensor", "units"):
            wrong = [row for row in these if base(row.a) != base(row.b)]
        else:
            # Two files of one package may hold the same code: theirs, not ours.
            wrong = [row for row in these if package(row.a_path) != package(row.b_path)]
        print(
            f"match, {kind}: {len(these)} pairs, {len(wrong)} wrong {[r.words for r in wrong[:3]]}"
        )
    tuned = sum(n // 8 % 5 >= 2 for n in range(0, 10**6, 8) if f"s{n:04d}" in names.values())
    print(
        f"match: {used:.1f} s; pairs of checkpoints of one base: {tuned * (tuned - 1) // 2};"
        f" {len(rows) - len(ours)} more with fixtures; looked at {found.weight_pairs:,} pairs of"
        f" checkpoints, {found.function_pairs:,} of functions, {found.file_pairs:,} of files"
    )


def questions(catalogue: Path) -> None:
    """Seconds of each shipped question: as units wrote their rows, and put together."""
    from aisbom.fleet import query
    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.tables import compact

    held = Catalogue.open(str(catalogue))
    query.query(held, "SELECT 1")  # what a first question imports is not its own
    for name in ("as small files", "compacted"):
        rows = []
        for one in query.questions().values():
            begun = time.monotonic()
            answer = query.ask(held, one.name, "numpy" if one.takes_word else None)
            rows.append((one.name, len(answer.rows), round(time.monotonic() - begun, 3)))
        print(name, json.dumps(rows))
        compact(held)


if __name__ == "__main__":
    main()
