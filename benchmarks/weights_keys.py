"""How fast tensors are keyed by value here: `python benchmarks/weights_keys.py [FOLDER]`.

Prints, for each type and size of matrix, the speed of all keys as a share of that of SHA-256 over
the same bytes, one after the other in one run: the best of ROUNDS in processor time on one thread,
and how many times faster two threads are on the clock. Another 300 MB of files while it runs.
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

from aisbom.weights import identity
from aisbom.weights.read.reader import Checkpoint, open_checkpoint

ROUNDS = 7
TOTAL = 256 << 20
"""Bytes of each checkpoint."""

SIZES = {"64 MB": 64 << 20, "4 MB": 4 << 20}
"""Bytes of each matrix, four and 64 to a checkpoint."""


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


def measure(opened: Checkpoint, transposed: bool) -> tuple[float, float, float]:
    """Gigabytes a second of SHA-256 and of the keys, and how many times faster two threads are."""

    def hash_all() -> None:
        for info in opened.tensors:
            for start in range(0, info.numel, 1 << 18):
                state.update(opened.read(info.name, start, min(1 << 18, info.numel - start)))

    def key_all(jobs: int) -> Callable[[], object]:
        return lambda: identity.of(opened, opened.tensors, jobs, transposed)

    hashed, keyed, one, two = [], [], [], []
    for _ in range(ROUNDS):
        state = hashlib.sha256()
        hashed.append(spent(hash_all)[0])
        processor, clock = spent(key_all(1))
        keyed.append(processor)
        one.append(clock)
        two.append(spent(key_all(2))[1])
    return TOTAL / min(hashed) / 1e9, TOTAL / min(keyed) / 1e9, min(one) / min(two)


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
                for transposed in (False, True):
                    theirs, ours, threads = measure(opened, transposed)
                    print(
                        f"{kind:<17} matrices of {size:<5} {'with' if transposed else 'no  '} id_t"
                        f"  SHA-256 {theirs:.2f} GB/s  keys {ours:.2f} GB/s"
                        f"  ratio {ours / theirs:.2f}  two threads {threads:.2f} times",
                        flush=True,
                    )
                opened.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
