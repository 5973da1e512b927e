"""Every parser of what strangers write, fed with damaged inputs: what it raises that it should not,
and what takes it longer than it may.

    python -m benchmarks.fuzz --minutes N [--parser WORD ...] [--list] [--engine atheris]

N minutes of the processor for each parser whose name holds one of the words. Hypothesis makes the damage from the
parser's seeds and the saved corpus; with `--engine atheris`, where that is installed, coverage
guides it. What falls short is saved below tests/fuzz/corpus, from where the tests run it again.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FunctionType

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz import CORPUS, Parser, parsers

SECONDS = 10
MEMORY = 4 << 30
LARGEST = 128 * 1024
_TEXT = (
    "\" ' [ ] { } ( ) : , = # - * &a *a null true -1 0 1e999 NaN ../ !/ \\ ${A} %(a)s \u202e \ud7ff"
    " \x1b[ :: http:// git+ << --- ``` [[ }} {% 9999999999999999999999999999999999999999"
)
WORDS = (
    *(word.encode() for word in _TEXT.split(" ")),
    *(b"\0", b"\n", b" ", b"\xff", b"\xff\xff\xff\x7f", b"\x00" * 8, b"\xff" * 8, b"\x80"),
    *(b"\xc3", b"\xed\xa0\x80"),
)


def damaged(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """One of the seeds with up to eight cuts, repetitions, insertions and changed bytes."""
    place = st.integers(0, 1 << 16)
    edit = st.one_of(
        st.tuples(st.just("put"), place, st.sampled_from(WORDS) | st.binary(max_size=8)),
        st.tuples(st.just("set"), place, st.binary(min_size=1, max_size=8)),
        st.tuples(st.just("cut"), place, st.integers(1, 200)),
        st.tuples(st.just("again"), place, st.integers(1, 64)),
        st.tuples(st.just("end"), place, st.just(0)),
    )

    def build(seed: bytes, edits: list[tuple[str, int, object]]) -> bytes:
        data = bytearray(seed)
        for what, number, more in edits:
            at = number % (len(data) + 1)
            if what == "put":
                data[at:at] = more
            elif what == "set":
                data[at : at + len(more)] = more
            elif what == "cut":
                del data[at : at + more]
            elif what == "again":
                data[at:at] = data[at : at + 16] * more
            else:
                del data[at:]
        return bytes(data[:LARGEST])

    return st.builds(build, st.sampled_from(seeds), st.lists(edit, min_size=1, max_size=8))


def tried(parser: Parser, data: bytes) -> str:
    """What is wrong with how a parser takes these bytes; empty where nothing is."""
    folder = Path(tempfile.mkdtemp(prefix="aisbom-fuzz-", dir=_memory()))
    begin = time.process_time()
    try:
        parser.try_(data, folder)
    except Exception as error:  # noqa: BLE001
        line = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(line.filename).name}:{line.lineno}: {error}"[:200]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    spent = time.process_time() - begin
    return f"takes {spent:.0f} s" if spent > SECONDS else ""


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def with_hypothesis(parser: Parser, seconds: float) -> tuple[int, dict[str, bytes]]:
    """How many inputs were tried, and one for each thing that falls short."""
    end, count = time.process_time() + seconds, 0
    found: dict[str, bytes] = {}

    @settings(
        max_examples=300,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged(seeds(parser)))
    def one(data: bytes) -> None:
        nonlocal count
        if time.process_time() < end:
            count += 1
            if what := tried(parser, data):
                known = what.partition(": ")[0]
                if known not in found or len(data) < len(found[known]):
                    found[known] = data

    while time.process_time() < end:
        one()
    return count, found


def with_atheris(parser: Parser, seconds: float) -> tuple[int, dict[str, bytes]]:
    """The same in this process, guided by coverage; it ends with the first thing that falls short."""
    import atheris

    for function in gc.get_objects():
        if isinstance(function, FunctionType) and str(function.__module__).startswith("aisbom."):
            atheris.instrument_func(function)
    corpus = Path(tempfile.mkdtemp(prefix="aisbom-corpus-"))
    for number, seed in enumerate(seeds(parser)):
        (corpus / str(number)).write_bytes(seed)
    found: dict[str, bytes] = {}
    count = 0

    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        if what := tried(parser, data):
            found[what] = data
            save(parser, found)
            print(f"{parser.name}: {what}", flush=True)
            raise SystemExit(1)

    limits = [f"-max_total_time={seconds:.0f}", f"-max_len={LARGEST}", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, "-verbosity=0", str(corpus)], one)
    atheris.Fuzz()
    return count, found


def seeds(parser: Parser) -> tuple[bytes, ...]:
    """The inputs of a parser, and what was saved of it."""
    folder = CORPUS / parser.name.replace(":", "-")
    saved = sorted(folder.iterdir()) if folder.is_dir() else []
    return (*parser.seeds, *(path.read_bytes() for path in saved))


def save(parser: Parser, found: dict[str, bytes]) -> None:
    """Keep what falls short as a case."""
    folder = CORPUS / parser.name.replace(":", "-")
    for data in found.values():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--parser", nargs="*", default=[""], metavar="WORD")
    options.add_argument("--engine", choices=("hypothesis", "atheris"), default="hypothesis")
    options.add_argument("--list", action="store_true")
    given_ = options.parse_args()
    chosen = [p for p in parsers() if any(word in p.name for word in given_.parser)]
    if given_.list:
        print("\n".join(parser.name for parser in chosen))
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    short = 0
    for parser in chosen:
        if given_.engine == "atheris" and len(chosen) > 1:
            words = [
                "--minutes",
                str(given_.minutes),
                "--engine",
                "atheris",
                "--parser",
                parser.name,
            ]
            done = subprocess.run([sys.executable, "-m", "benchmarks.fuzz", *words], check=False)
            short += done.returncode != 0
            continue
        run = with_atheris if given_.engine == "atheris" else with_hypothesis
        count, found = run(parser, given_.minutes * 60)
        save(parser, found)
        short += bool(found)
        print(f"{parser.name:<50} {count:>9,} inputs {len(found):>3} fall short", flush=True)
        for what in found:
            print(f"    {what}", flush=True)
    print(f"{len(chosen)} parsers, {short} fall short")


if __name__ == "__main__":
    main()
