"""Every hostile tree through the real program, under a limit of memory and time and without a
network: what it costs, and what falls short.

    python -m benchmarks.hostile [NAME ...] [--memory GIB] [--seconds N]

A tree falls short where the program does not end with 0, says that it is defect, loses the harmless
neighbour, does not speak of what was cut, leaves files or processes behind, or runs what it reads.
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
from pathlib import Path

from tests.hostile import CASES, Case, archives, files, parsers, repositories
from tests.program import ROOT, every_component, properties

GROUPS = (archives, files, parsers, repositories)
GIB = 1 << 30


def tried(case: Case, folder: Path, memory: int, seconds: int) -> tuple[list[str], float, float]:
    """What falls short, seconds of the processor, and the most memory of a process in MB."""
    tree, temporary = folder / "tree", folder / "temporary"
    (tree / "neighbour").mkdir(parents=True)
    temporary.mkdir()
    (tree / "neighbour" / "requirements.txt").write_text("neighbour==1\n")
    case.build(tree)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(temporary),
        "AISBOM_CACHE_DIR": str(folder / "cache"),
        "AISBOM_CODE_INDEX": os.devnull,
    }
    words = [sys.executable, "-m", "aisbom", "generate", tree, "-q", "-o", folder / "out.json"]
    command = [*(["unshare", "-rn"] if shutil.which("unshare") else []), *words]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    begin = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            preexec_fn=limit,  # noqa: PLW1509
            start_new_session=True,
        )
        status, usage = 0, None
        while usage is None and time.monotonic() - begin < seconds:
            ended, status, spent = os.wait4(process.pid, os.WNOHANG)
            usage = spent if ended else None
            time.sleep(0.05)
        if usage is None:
            os.killpg(process.pid, signal.SIGKILL)
            _, _, spent = os.wait4(process.pid, 0)
            return [f"no end within {seconds} s"], spent.ru_utime + spent.ru_stime, 0
        said.seek(0)
        code = os.waitstatus_to_exitcode(status)
        short = short_of(case, folder, code, said.read())
    return short, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def short_of(case: Case, folder: Path, code: int, said: str) -> list[str]:
    """What a reader misses in what the program left."""
    short = [f"exit {code}: {said.strip()[-300:]}"] if code else []
    short += [f"says: {said.strip()[:200]}"] if said and not code else []
    short += ["something was run"] if (folder / "executed").exists() else []
    short += [f"left behind: {path.name}" for path in (folder / "temporary").iterdir()]
    if not (folder / "out.json").exists():
        return [*short, "no document"]
    text = (folder / "out.json").read_text("utf-8")
    document = json.loads(text)
    names = {row["name"] for row in every_component(document)}
    gaps = properties(document["metadata"], "aisbom:gap")
    short += [f"lost: {name}" for name in ("neighbour", *case.seen) if name not in names]
    short += [
        f"no gap at {place}" for place in case.gaps if not any(g.startswith(place) for g in gaps)
    ]
    return short + [f"says {word!r}" for word in case.unsaid if word in text + said]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--memory", type=float, default=4)
    options.add_argument("--seconds", type=int, default=60)
    given = options.parse_args()
    chosen = {name: case for name, case in CASES.items() if not given.names or name in given.names}
    failed = 0
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
            print(f"         {line}", flush=True)
    print(f"{len(chosen)} trees, {failed} fall short")


if __name__ == "__main__":
    main()
