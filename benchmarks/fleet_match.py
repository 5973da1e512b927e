"""Look-ups among synthetic models: time, recall of derived variants, false accusations, and growth.

    python -m benchmarks.fleet_match [--models 1000 10000 100000] [--variants 40] [--plot FILE.svg]

Sign bits: unrelated models have random bits. A derived variant is made by units that keep the
similarity r to its base (docs/weights.md: fine-tune .998, heavy .77, heavier .47, doubled noise
.38), through the same projections that `aisbom.fleet.sign_bits` uses. Then the exact test runs on
every candidate of a sample of real small decoders and on unrelated ones: it decides, not the bits.

Times are of the processor: a machine that others use as well only adds to the clock. Set
OPENBLAS_NUM_THREADS=1 there: threads that wait for each other count as work.

Keys: 291 a model, a third of the models share a third of them with another one.

Fingerprints: 300 a file, a hundred files a submission; one file in ten has 70 % of another one of
another submission. Hashes are 32 bits, so that some coincide.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from aisbom.fleet import match_files, sign_bits
from aisbom.fleet.key_table import KeyTable
from benchmarks.plot import draw_growth

SIMILARITIES = (0.998, 0.77, 0.47, 0.38, 0.25)
LAYER = (16, 80)
KEYS = 291
PRINTS = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--variants", type=int, default=40)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    curves: dict[str, list[float]] = {
        "a look-up by sign bits": [],
        "a look-up by keys": [],
        "all pairs of files": [],
    }
    bits_times, keys_times, prints_times = curves.values()
    print("models  bits MB  build s  look-up ms  chance hits  recall at r = " + str(SIMILARITIES))
    for count in given.models:
        bits_times.append(bits_row(count, given.variants))
    print("models  rows  file MB  build s  look-up ms  found")
    for count in given.models:
        keys_times.append(keys_row(count))
    print("files  fingerprints  s in all  pairs with any in common  derived found  others named")
    for count in given.models:
        prints_times.append(prints_row(count))
    exact()
    if given.plot:
        axes = ("models, or files", "seconds of one core")
        draw_growth(given.plot, "fleet match, synthetic", axes, given.models, curves)


def prints_row(count: int) -> float:
    """Print a line; returns the seconds that all pairs take."""
    dice = np.random.default_rng(10)
    table = dice.integers(0, 2**32, (count, PRINTS), np.uint32, endpoint=False)
    derived = np.arange(105, count, 10)  # none of them is another one's base
    shared = PRINTS * 7 // 10
    table[derived, :shared] = table[derived - 105, :shared]
    runs = [np.unique(row) for row in table]
    units = [f"u{at // 100:06d}" for at in range(count)]
    begun = time.process_time()
    found = match_files.in_common(units, runs, np.zeros(0, np.uint32))
    used = time.process_time() - begun
    named = {
        pair
        for pair, many in found.items()
        if many >= match_files.LEAST
        and many >= match_files.SHARE * min(len(runs[at]) for at in pair)
    }
    truth = {(int(at) - 105, int(at)) for at in derived}
    print(
        f"{count:>7,} {sum(map(len, runs)):>12,} {used:8.1f} {len(found):>12,}"
        f"   {len(named & truth)} of {len(truth)}   {len(named - truth)}"
    )
    return used


def bits_row(count: int, variants: int) -> float:
    """Print a line; returns the seconds that a look-up takes."""
    dice = np.random.default_rng(7)
    bases, queries = _families(variants)
    begun = time.process_time()
    table = dice.integers(0, 2**64, (count, sign_bits.BYTES // 8), np.uint64, endpoint=False)
    for at, base in enumerate(bases):
        table[at * (count // variants)] = np.frombuffer(base, np.uint64)
    build = time.process_time() - begun
    recalls, times, chance = [], [], 0
    for r in SIMILARITIES:
        hits = 0
        for at, query in enumerate(queries[r]):
            begun = time.process_time()
            away = sign_bits.distances(query, table)
            times.append(time.process_time() - begun)
            found = np.flatnonzero(away <= sign_bits.LIMIT)
            home = at * (count // variants)
            hits += home in found
            chance += len(found) - (home in found)
        recalls.append(round(hits / variants, 3))
    size = table.nbytes / 1e6
    middle = float(np.median(times))
    print(
        f"{count:>7,} {size:7.1f} {build:8.2f} {middle * 1000:10.2f} {chance:>11} of"
        f" {len(times) * count:,}   {recalls}"
    )
    return middle


def _families(variants: int) -> tuple[list[bytes], dict[float, list[bytes]]]:
    """Bits of bases, and of a variant of each at every similarity."""
    dice = np.random.default_rng(8)
    bases, queries = [], {r: [] for r in SIMILARITIES}
    for _ in range(variants):
        layers = dice.normal(size=(sign_bits.SLOTS, *LAYER))
        bases.append(_bits(layers))
        for r in SIMILARITIES:
            noise = dice.normal(size=layers.shape)
            queries[r].append(_bits(r * layers + np.sqrt(1 - r * r) * noise))
    return bases, queries


def _bits(layers: np.ndarray) -> bytes:
    from aisbom.weights.units import features

    packed = []
    for slot, layer in enumerate(layers):
        rows, _ = features([layer.astype(np.float32)])
        seen = sign_bits._projection(slot, layer.size) @ rows[0].ravel()
        packed.append(np.packbits(seen > 0).tobytes())
    return b"".join(packed)


def keys_row(count: int) -> float:
    """Print a line; returns the seconds that a look-up takes."""
    dice = np.random.default_rng(9)
    keys = dice.integers(0, 2**64, (count, KEYS), np.uint64, endpoint=False)
    related = np.arange(1, count, 3)
    keys[related, : KEYS // 3] = keys[related - 1, : KEYS // 3]
    owners = np.repeat(np.arange(count, dtype=np.int32), KEYS)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        table = KeyTable.build(Path(folder), [(keys.ravel(), owners)])
        build = time.process_time() - begun
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        times, found = [], 0
        for model in related[:: max(1, len(related) // 100)].tolist():
            begun = time.process_time()
            holders = np.bincount(table.owners_of(keys[model]), minlength=1)
            times.append(time.process_time() - begun)
            found += bool(holders[model - 1] >= KEYS // 3)
        del table
    middle = float(np.median(times))
    print(
        f"{count:>7,} {count * KEYS:>12,} {size:8.1f} {build:8.2f} {middle * 1000:10.3f}"
        f"   {found} of {len(times)}"
    )
    return middle


def exact(children: int = 12, strangers: int = 30) -> None:
    """The exact test on candidates of small decoders, from their sketches as `fleet match` has them:
    derived ones of one base, and unrelated ones that are compared although no bit asked for it.
    """
    from aisbom.weights import sketch
    from aisbom.weights.compare import compare
    from aisbom.weights.side import of_checkpoint
    from tests.fleet.test_match import noisy
    from tests.weights.arrays import Arrays, model

    derived = [
        of_checkpoint(Arrays(noisy(model(1), 0.3, seed)), f"d{seed}") for seed in range(children)
    ]
    unrelated = [
        of_checkpoint(Arrays(model(seed)), f"u{seed}") for seed in range(50, 50 + strangers)
    ]
    sides = [sketch.read(sketch.write(side)) for side in (*derived, *unrelated)]
    bits = [sign_bits.bits(side)[1] for side in sides]
    table = sign_bits.table(bits)
    candidates = {
        (a, b)
        for a in range(len(sides))
        for b in np.flatnonzero(sign_bits.distances(bits[a], table) <= sign_bits.LIMIT).tolist()
        if a < b
    }
    related = {(a, b) for a in range(children) for b in range(a + 1, children)}
    pairs = len(sides) * (len(sides) - 1) // 2
    named = {p for p in candidates if _named(compare, sides, p, pairs)}
    others = [(a, b) for a in range(children, len(sides)) for b in range(a + 1, len(sides))]
    wrong = sum(_named(compare, sides, pair, pairs) for pair in others)
    print(
        f"exact test: {len(candidates & related)} of {len(related)} derived pairs are candidates,"
        f" {len(candidates - related)} others; named {len(named & related)}, wrongly"
        f" {len(named - related)}; of {len(others)} unrelated pairs compared anyway {wrong} named"
    )


def _named(compare, sides, pair, pairs: int) -> bool:
    answer = compare(sides[pair[0]], sides[pair[1]]).answer
    return answer["verdict"] == "common-origin" and answer["log10_p"] + np.log10(pairs) < -9


if __name__ == "__main__":
    main()
