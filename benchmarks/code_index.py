"""How fast the shipped index opens and answers: `python benchmarks/code_index.py`. Ratios to
reading and hashing the same bytes.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable

OPEN = (
    "from aisbom.codeprint.index import load; index, notes = load(); index.coverage(); index.digest"
)


def _best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of processor time: what else the machine does has no part in it."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def _process(code: str) -> float:
    """The same of a fresh process that runs this code."""
    told = f"import time; begun = time.process_time(); {code}; print(time.process_time() - begun)"
    runs = [
        subprocess.run(
            [sys.executable, "-c", told], check=True, capture_output=True, text=True
        ).stdout
        for _ in range(7)
    ]
    return min(map(float, runs))


def main() -> None:
    from aisbom.codeprint import identity, releases
    from aisbom.codeprint.contents import blobs
    from aisbom.codeprint.index import load

    bare, opened = _process("import aisbom.codeprint.index"), _process(OPEN)
    print(
        f"opening all of it: {1000 * (opened - bare):.0f} ms beside {1000 * bare:.0f} ms of imports"
    )
    index, notes = load()
    for note in notes:
        print(note)
    begun = time.process_time()
    books = [blobs(project) for project in index.projects]
    print(
        f"{len(books)} projects, {sum(len(book.blob) for book in books):,} contents; arrays loaded"
        f" in {time.process_time() - begun:.2f} s"
    )
    # A tree of 10,000 paths: a release of the largest project, and files that nobody knows.
    random.seed(7)
    largest = max(books, key=lambda book: len(book.blob))
    state = largest.at(len(largest.project.releases) - 1)
    fork = {
        f"fork/{largest.project.paths[path]}": int(largest.blob[row]).to_bytes(8, "big") + bytes(12)
        for path, row in state.items()
    }
    own = {f"own/{number}.py": random.randbytes(20) for number in range(max(0, 10_000 - len(fork)))}
    taken = _best(lambda: releases.trees({**fork, **own}, index))
    data = [os.urandom(20_000) for _ in range(500)]
    hashing = 20 * _best(lambda: [identity.blob(part) for part in data])
    print(
        f"trees() over {len(fork) + len(own):,} paths, {len(fork):,} of them"
        f" {largest.project.name}'s: {taken:.3f} s"
    )
    print(
        f"that is {taken / hashing:.2f} times what hashing 10,000 files of 20 kB takes, without"
        " reading them"
    )
    print(
        [
            (row.project, row.version, row.root, len(row.identical))
            for row in releases.trees({**fork, **own}, index)
        ][:3]
    )


if __name__ == "__main__":
    main()
