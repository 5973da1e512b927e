"""What reading headers and digesting weights costs here: `python benchmarks/weights_read.py
[FOLDER]` (sparse files; 2 GB of real ones).

Prints milliseconds and bytes per header, the peak of memory, the speed of a full digest as a share
of sha256sum's, side by side, and what a sketch of a sparse checkpoint of 200 GB costs, with two
such compared by their sketches. `weights_keys` measures keys of values.
"""

from __future__ import annotations

import gc
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

import numpy as np

from aisbom.examine import digests
from aisbom.source import resumable
from aisbom.weights import sketch
from aisbom.weights.axes import start
from aisbom.weights.compare import compare
from aisbom.weights.read import source
from aisbom.weights.read.reader import open_checkpoint
from aisbom.weights.side import SAMPLED, SKETCHED, of_checkpoint

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
        f"model.layers.{n}.mlp.w": {
            "dtype": "F16",
            "shape": [each // 2],
            "data_offsets": [n * each, (n + 1) * each],
        }
        for n in range(tensors)
    }
    text = json.dumps(table).encode()
    sparse(path, len(text).to_bytes(8, "little") + text, tensors * each)


def gguf(path: Path, tensors: int, each: int, words: int) -> None:
    def named(text: str) -> bytes:
        return struct.pack("<Q", len(text)) + text.encode()

    head = b"GGUF" + struct.pack("<IQQ", 3, tensors, 2)
    head += (
        named("tokenizer.ggml.tokens")
        + struct.pack("<IIQ", 9, 8, words)
        + b"".join(named(f"token{n}") for n in range(words))
    )
    head += (
        named("tokenizer.ggml.merges")
        + struct.pack("<IIQ", 9, 8, words)
        + b"".join(named(f"a b{n}") for n in range(words))
    )
    for n in range(tensors):
        head += named(f"blk.{n}.ffn.weight") + struct.pack(
            "<IQQIQ", 2, 4096, each // 2 // 4096, 1, n * each
        )
    sparse(path, head + bytes(-len(head) % 32), tensors * each)


def sparse(path: Path, head: bytes, size: int) -> None:
    path.write_bytes(head)
    with path.open("r+b") as stream:
        stream.truncate(len(head) + size)


def header(path: Path, total: list[int]) -> None:
    times = []
    for _ in range(2 * ROUNDS):
        total[0] = 0
        begun = time.process_time()
        opened = open_checkpoint(path)
        times.append(time.process_time() - begun)
        opened.close()
    size = path.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{path.name:<28} {size / 1e9:8.1f} GB {len(opened.tensors):>7,} tensors  processor time"
        f" {min(times) * 1e3:.1f} ms at best, {sorted(times)[ROUNDS] * 1e3:.1f} ms in the middle "
        f" {total[0]:>11,} bytes read ({100 * total[0] / size:.4f} %)  peak {peak} MB"
    )


def many(path: Path) -> None:
    """A header of many tensors beside the parsing of its JSON alone, in one run."""
    length = int.from_bytes(path.open("rb").read(8), "little")
    text = path.open("rb").read(8 + length)[8:].decode()
    ours, parsing = [], []
    for _ in range(2 * ROUNDS):
        begun = time.process_time()
        open_checkpoint(path).close()
        middle = time.process_time()
        json.loads(text)
        ours.append(middle - begun)
        parsing.append(time.process_time() - middle)
    print(f"{path.name}: {min(ours) / min(parsing):.1f} times the parsing of its JSON at best")


def digest(folder: Path) -> None:
    path = folder / "two-gb.bin"
    block = os.urandom(1 << 20)
    with path.open("wb") as stream:
        for _ in range(2048):
            stream.write(block)
    print(
        f"\nfull digest of 2 GiB in the page cache; resumable here: {resumable.start() is not None}"
    )
    ratios = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        with path.open("rb") as stream:
            ours = digests.full(stream, "f", "1:1:1", None)
        middle = time.perf_counter()
        theirs = subprocess.run(
            ["sha256sum", path], capture_output=True, text=True, check=True
        ).stdout.split()[0]
        end = time.perf_counter()
        assert ours == theirs
        ratios.append((end - middle) / (middle - begun))
        print(
            f"  ours {2.147 / (middle - begun):.2f} GB/s   sha256sum {2.147 / (end - middle):.2f}"
            f" GB/s   ratio {ratios[-1]:.2f}"
        )
    print(f"  median ratio {sorted(ratios)[ROUNDS // 2]:.2f}")


def decoder(path: Path, tables: int, noise: int = 0) -> None:
    """A sparse checkpoint of 200 GB: values stand where a sketch looks at units, and zeros
    elsewhere.
    """
    width, units, layers = 8192, 28672, 80
    shapes: list[tuple[str, tuple[int, int]]] = [
        ("model.embed_tokens.weight", (128_256, width)),
        ("lm_head.weight", (128_256, width)),
    ]
    for n in range(layers):
        stem = f"model.layers.{n}."
        shapes += [(f"{stem}mlp.{w}_proj.weight", (units, width)) for w in ("gate", "up")]
        shapes += [(f"{stem}mlp.down_proj.weight", (width, units))]
        shapes += [
            (f"{stem}self_attn.{w}_proj.weight", (rows, width))
            for w, rows in (("q", width), ("k", 1024), ("v", 1024), ("o", width))
        ]
    left = 200_000_000_000 // 2 - sum(rows * columns for _, (rows, columns) in shapes)
    shapes.append(("rest.weight", (left // width, width)))
    head, at = {}, 0
    for name, (rows, columns) in shapes:
        head[name] = {
            "dtype": "BF16",
            "shape": [rows, columns],
            "data_offsets": [at, at + rows * columns * 2],
        }
        at += rows * columns * 2
    text = json.dumps(head).encode()
    sparse(path, len(text).to_bytes(8, "little") + text, at)
    first = start(SKETCHED.seed, units, SKETCHED.count)
    dice, other = np.random.default_rng(tables), np.random.default_rng(noise)
    with path.open("r+b") as stream:
        for name, (_, columns) in shapes:
            if "down_proj" in name:
                # Enough not to be taken for a constant; its columns are not sampled here.
                stream.seek(8 + len(text) + head[name]["data_offsets"][0])
                stream.write(
                    (dice.standard_t(6, 1 << 18).astype(np.float32).view(np.uint32) >> 16)
                    .astype("<u2")
                    .tobytes()
                )
            if "gate" in name or "up_proj" in name:
                rows = dice.standard_t(6, (SKETCHED.count, columns)).astype(np.float32) * 0.02
                rows = rows + other.standard_normal(rows.shape).astype(np.float32) * 0.01 * (
                    noise > 0
                )
                codes = (rows.astype(np.float32).view(np.uint32) >> 16).astype("<u2").tobytes()
                for row in (0, first):
                    stream.seek(8 + len(text) + head[name]["data_offsets"][0] + row * columns * 2)
                    stream.write(codes)


def sketched(folder: Path, total: list[int]) -> None:
    """Sketches of three such checkpoints, and what they say of each other."""
    print("\nsketch of a sparse checkpoint of 200 GB")
    sides = {}
    for name, tables, noise in (("a", 1, 0), ("b", 1, 2), ("c", 3, 0)):
        path = folder / f"{name}.safetensors"
        decoder(path, tables, noise)
        total[0] = 0
        begun = time.process_time()
        data = sketch.write(of_checkpoint(open_checkpoint(path), name, SAMPLED))
        spent = time.process_time() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"  {name}: {spent:.1f} s of processor time, {total[0] / 1e9:.2f} GB read"
            f" ({100 * total[0] / path.stat().st_size:.2f} %), {len(data):,} bytes, peak {peak} MB"
        )
        sides[name] = sketch.read(data)
        path.unlink()
    for other, what in (("b", "the same with noise of half its size"), ("c", "an independent one")):
        begun = time.perf_counter()
        answer = compare(sides["a"], sides[other]).answer
        spent = time.perf_counter() - begun
        print(
            f"  a and {other} ({what}): {answer['verdict']}, log10 p {answer['log10_p']},"
            f" {spent:.1f} s"
        )


def main() -> None:
    """Run all of it."""
    gc.set_threshold(100_000, 50, 100)  # as the program does
    folder = Path(tempfile.mkdtemp(dir=sys.argv[1] if len(sys.argv) > 1 else None))
    total = counted()
    try:
        safetensors(folder / "one.safetensors", 700, 285_714_286 // 8192 * 8192)
        gguf(folder / "one.gguf", 700, 285_714_286 // 8192 * 8192, 32_000)
        gguf(folder / "large-vocabulary.gguf", 700, 285_714_286 // 8192 * 8192, 250_000)
        safetensors(folder / "many-tensors.safetensors", 10_000, 1 << 20)
        for path in sorted(folder.iterdir()):
            header(path, total)
        many(folder / "many-tensors.safetensors")
        for path in folder.iterdir():
            path.unlink()
        sketched(folder, total)
        digest(folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
