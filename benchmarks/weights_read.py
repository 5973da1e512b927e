"""What reading headers and digesting weights costs here: `python benchmarks/weights_read.py [FOLDER]` (sparse files; 2 GB of real ones).

Prints milliseconds and bytes per header, the peak of memory, and the speed of a full digest as a share of sha256sum's, side by side.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from aisbom import digests, resumable
from aisbom.weights import source
from aisbom.weights.reader import open_checkpoint

ROUNDS = 5


def counted() -> list[int]:
    """Count the bytes that files give out from now on."""
    total = [0]
    original = source.Disk.read_at

    def read_at(self: source.Disk, offset: int, count: int) -> bytes:
        total[0] += count
        return original(self, offset, count)

    source.Disk.read_at = read_at  # type: ignore[method-assign]
    return total


def safetensors(path: Path, tensors: int, each: int) -> None:
    table = {
        f"model.layers.{n}.mlp.w": {"dtype": "F16", "shape": [each // 2], "data_offsets": [n * each, (n + 1) * each]}
        for n in range(tensors)
    }
    text = json.dumps(table).encode()
    sparse(path, len(text).to_bytes(8, "little") + text, tensors * each)


def gguf(path: Path, tensors: int, each: int, words: int) -> None:
    def named(text: str) -> bytes:
        return struct.pack("<Q", len(text)) + text.encode()

    head = b"GGUF" + struct.pack("<IQQ", 3, tensors, 2)
    head += named("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, words) + b"".join(named(f"token{n}") for n in range(words))
    head += named("tokenizer.ggml.merges") + struct.pack("<IIQ", 9, 8, words) + b"".join(named(f"a b{n}") for n in range(words))
    for n in range(tensors):
        head += named(f"blk.{n}.ffn.weight") + struct.pack("<IQQIQ", 2, 4096, each // 2 // 4096, 1, n * each)
    sparse(path, head + bytes(-len(head) % 32), tensors * each)


def sparse(path: Path, head: bytes, size: int) -> None:
    path.write_bytes(head)
    with path.open("r+b") as stream:
        stream.truncate(len(head) + size)


def header(path: Path, total: list[int]) -> None:
    times = []
    for _ in range(ROUNDS):
        total[0] = 0
        begun = time.perf_counter()
        opened = open_checkpoint(path)
        times.append(time.perf_counter() - begun)
        opened.close()
    size = path.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{path.name:<28} {size / 1e9:8.1f} GB {len(opened.tensors):>7,} tensors  median {sorted(times)[ROUNDS // 2] * 1e3:7.1f} ms"
        f"  {total[0]:>11,} bytes read ({100 * total[0] / size:.4f} %)  peak {peak} MB"
    )


def digest(folder: Path) -> None:
    path = folder / "two-gb.bin"
    block = os.urandom(1 << 20)
    with path.open("wb") as stream:
        for _ in range(2048):
            stream.write(block)
    print(f"\nfull digest of 2 GiB in the page cache; resumable here: {resumable.start() is not None}")
    ratios = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        with path.open("rb") as stream:
            ours = digests.full(stream, "f", "1:1:1", None)
        middle = time.perf_counter()
        theirs = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]
        end = time.perf_counter()
        assert ours == theirs
        ratios.append((end - middle) / (middle - begun))
        print(f"  ours {2.147 / (middle - begun):.2f} GB/s   sha256sum {2.147 / (end - middle):.2f} GB/s   ratio {ratios[-1]:.2f}")
    print(f"  median ratio {sorted(ratios)[ROUNDS // 2]:.2f}")


def main() -> None:
    """Run all of it."""
    folder = Path(tempfile.mkdtemp(dir=sys.argv[1] if len(sys.argv) > 1 else None))
    total = counted()
    try:
        safetensors(folder / "one.safetensors", 700, 285_714_286 // 8192 * 8192)
        gguf(folder / "one.gguf", 700, 285_714_286 // 8192 * 8192, 32_000)
        gguf(folder / "large-vocabulary.gguf", 700, 285_714_286 // 8192 * 8192, 250_000)
        safetensors(folder / "many-tensors.safetensors", 10_000, 1 << 20)
        for path in sorted(folder.iterdir()):
            header(path, total)
        digest(folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
