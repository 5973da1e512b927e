"""Every hostile tree through the real program, under a limit of memory and time and without a
network: what it costs, and what falls short, by kind.

    python -m benchmarks.hostile [NAME ...] [--memory GIB] [--seconds N]

A tree falls short where the program does not end as it should, says that it is defect, loses or
accuses the harmless neighbour, does not speak of what was cut or can run code, prints what steers
its reader, leaves files or processes behind, or runs what it reads (tests/hostile/outcome.py).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.hostile import CASES, Case, archives, files, judged, models, parsers, repositories, words
from tests.hostile.outcome import KINDS, Short, plant, shortfalls
from tests.program import ROOT

GROUPS = (archives, files, judged, models, parsers, repositories, words)
GIB = 1 << 30


def tried(case: Case, folder: Path, memory: int, seconds: int) -> tuple[list[Short], float, float]:
    """What falls short, seconds of the processor, and the most memory of a process in MB."""
    tree = folder / "tree"
    plant(tree)
    (folder / "temporary").mkdir()
    case.build(tree)
    given = ["generate", str(tree), "-o", str(folder / "out.json"), *case.words]
    code, out, err, spent, most = ended(given, folder, memory, seconds)
    if code is None:
        return [Short("hang", f"no end within {seconds} s")], spent, 0
    short = list(shortfalls(case, folder, code, out, err))
    if case.verdict and not short:
        asked = ["check", str(tree), "--policy", case.policy, "--format", "json"]
        code, out, err, more, _ = ended(asked, folder, memory, seconds)
        spent += more
        verdict = json.loads(out)["verdict"] if out else err
        if verdict != case.verdict:
            short.append(Short("verdict", f"{case.policy}: {verdict}"))
    return short, spent, most


def ended(
    words: list[str], folder: Path, memory: int, seconds: int
) -> tuple[int | None, str, str, float, float]:
    """Exit code (None: no end in time), standard output and error, seconds, and MB of a run."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder / "temporary"),
        "AISBOM_CACHE_DIR": str(folder / "cache"),
        "AISBOM_CODE_INDEX": os.devnull,
    }
    alone = ["unshare", "-rn"] if shutil.which("unshare") else []

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    begin = time.monotonic()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(
            [*alone, sys.executable, "-m", "aisbom", *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=limit,  # noqa: PLW1509
            start_new_session=True,
        )
        status, usage = 0, None
        while usage is None and time.monotonic() - begin < seconds:
            done, status, spent = os.wait4(process.pid, os.WNOHANG)
            usage = spent if done else None
            time.sleep(0.05)
        if usage is None:
            os.killpg(process.pid, signal.SIGKILL)
            _, _, usage = os.wait4(process.pid, 0)
            return None, "", "", usage.ru_utime + usage.ru_stime, 0
        out.seek(0)
        err.seek(0)
        code = os.waitstatus_to_exitcode(status)
        seconds_used = usage.ru_utime + usage.ru_stime
        return code, out.read(), err.read(), seconds_used, usage.ru_maxrss / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--memory", type=float, default=4)
    options.add_argument("--seconds", type=int, default=60)
    given = options.parse_args()
    chosen = {name: case for name, case in CASES.items() if not given.names or name in given.names}
    failed = 0
    counts: Counter[tuple[str, str]] = Counter()
    # What makes the trees keeps to a bound as well.
    resource.setrlimit(resource.RLIMIT_AS, (6 * GIB, resource.RLIM_INFINITY))
    for name, case in chosen.items():
        folder = Path(tempfile.mkdtemp(prefix="aisbom-hostile-"))
        try:
            short, spent, most = tried(case, folder, int(given.memory * GIB), given.seconds)
        except Exception as error:
            raise SystemExit(f"{name} could not be made: {error!r}") from error
        finally:
            subprocess.run(["rm", "-rf", folder], check=False)
        failed += bool(short)
        print(f"{'short' if short else 'ok':<6}{spent:6.1f} s {most:6.0f} MB  {name}", flush=True)
        for line in short:
            print(f"         {line.kind}: {line.words}", flush=True)
        counts.update((case.group, kind) for kind in {line.kind for line in short})
        counts[case.group, "trees"] += 1
    columns = ("trees", *KINDS)
    print(f"\n{'':<14}" + "".join(f"{column:>11}" for column in columns))
    for group in sorted({case.group for case in chosen.values()}):
        print(f"{group:<14}" + "".join(f"{counts[group, column]:>11}" for column in columns))
    print(f"{len(chosen)} trees, {failed} fall short")


if __name__ == "__main__":
    main()
