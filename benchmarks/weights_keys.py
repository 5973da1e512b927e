"""How fast tensors are keyed by value here: `python benchmarks/weights_keys.py [FOLDER]`.

For each type and size of matrix the speed of all keys, with numpy and with compiled loops (the
extra `fast`), as a share of that of SHA-256 over the same bytes: one after the other in one run, in
processor time on one thread, the best of ROUNDS. Beside it how many times as fast two threads are
on the clock, and what keys of the transposes add. 128 MB of files while it runs.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from aisbom.weights import compiled, identity
from aisbom.weights.read.reader import Checkpoint, open_checkpoint

ROUNDS = 7
BLOCK = 512 << 10
"""Bytes that are read and hashed at a time, as the keys are."""

TOTAL = 128 << 20
"""Bytes of each checkpoint."""

SIZES = {"64 MB": 64 << 20, "16 MB": 16 << 20, "4 MB": 4 << 20}
"""Bytes of each matrix, of which there are as many as make up a checkpoint."""


def tables() -> dict[str, tuple[str, bytes]]:
    """A name for each kind of values, the type they are stored in, and their bytes."""
    values = (np.random.default_rng(1).standard_t(6, TOTAL // 4) * 0.05).astype(np.float32)
    bits = values.view(np.uint32)
    halves = values.astype(np.float16)
    return {
        "bf16": ("BF16", (bits >> 16).astype("<u2").repeat(2).tobytes()),
        "f16": ("F16", np.roll(halves, 5).repeat(2).tobytes()),
        "f32": ("F32", values.tobytes()),
        "f32 that is bf16": ("F32", (bits & np.uint32(0xFFFF0000)).tobytes()),
        "f32 that is f16": ("F32", halves.astype(np.float32).tobytes()),
    }


def write(path: Path, dtype: str, data: bytes, each: int) -> None:
    """One safetensors file of square matrices of `each` bytes."""
    width = 2048
    rows = each // width // (4 if dtype == "F32" else 2)
    head = {
        f"w{n}": {
            "dtype": dtype,
            "shape": [rows, width],
            "data_offsets": [n * each, (n + 1) * each],
        }
        for n in range(len(data) // each)
    }
    text = json.dumps(head).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def measure(opened: Checkpoint) -> str:
    """A line of what was measured."""

    def hash_all() -> None:
        for info in opened.tensors:
            step = BLOCK * info.numel // info.nbytes
            for start in range(0, info.numel, step):
                state.update(opened.read(info.name, start, min(step, info.numel - start)))

    def key_all(compiling: bool, jobs: int = 1, transposed: bool = False) -> Callable[[], object]:
        def work() -> None:
            compiled.WORTH = 0 if compiling else 1 << 60
            identity.of(opened, opened.tensors, jobs, transposed)

        return work

    fast = compiled.compile_loops() is not None
    ways = {"numpy": key_all(False)}
    if fast:
        ways |= {"compiled": key_all(True), "two": key_all(True, 2)}
        ways |= {"transposed": key_all(True, 1, True)}
    hashed: list[float] = []
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        state = hashlib.sha256()
        hashed.append(spent(hash_all)[0])
        for name, work in ways.items():
            took[name].append(spent(work))
    processor = {name: min(row[0] for row in rows) for name, rows in took.items()}
    line = f"SHA-256 {TOTAL / min(hashed) / 1e9:.2f} GB/s  numpy {min(hashed) / processor['numpy']:.2f}"
    if fast:
        clock = {name: min(row[1] for row in took[name]) for name in ("compiled", "two")}
        line += (
            f"  compiled {min(hashed) / processor['compiled']:.2f}"
            f"  two threads {clock['compiled'] / clock['two']:.2f} times"
            f"  with transposes {min(hashed) / processor['transposed']:.2f}"
        )
    return line


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the processor and of the clock."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - processor, time.perf_counter() - clock


def main() -> None:
    """One line for each."""
    folder = Path(tempfile.mkdtemp(dir=sys.argv[1] if len(sys.argv) > 1 else None))
    try:
        for kind, (dtype, data) in tables().items():
            for size, each in SIZES.items():
                path = folder / "values.safetensors"
                write(path, dtype, data, each)
                opened = open_checkpoint(path)
                print(f"{kind:<17} matrices of {size:<5}  {measure(opened)}", flush=True)
                opened.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
