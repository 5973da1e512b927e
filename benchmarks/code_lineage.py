"""How well derived code is found, on the model folders of the transformers package: recall of
declared parents, and false positives.

    python benchmarks/code_lineage.py PATH-TO-TRANSFORMERS [--write] [--sampling] [--speed FOLDER]

PATH is the package (the folder that holds `models/`). Nothing in it is imported or run. Truth is
read from it by AST:

- a file `modeling_X` is generated from `modular_X`; what `modular_X` imports from `modeling_Y` or
  `modular_Y` of another folder are its declared parents, exactly these files;
- a comment `# Copied from transformers.models.Y` declares Y for the folder it stands in.

Two files are *unrelated* if their folders have no declared ancestor in common (each is its own),
over the transitive closure of both declarations. The stricter figure takes the first declaration
alone: what is only "Copied from" then counts as a false positive. The folder under test is left out
of the index. What was generated from it stays in; as its declared kin these pairs are no false
positives, and they are no hits either: only declared parents are to be found.

The score is a logistic combination (`aisbom/codeprint/null.json`), fitted on half of the folders
and reported on the other half, both ways; `--write` fits on all and writes weights and null.
Folders are halved by CRC-32 of their names.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import time
import zlib
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from aisbom.codeprint import fingerprints as prints_of
from aisbom.codeprint.candidates import standing_out
from aisbom.codeprint.corpus import FEATURES, RARE, Corpus
from aisbom.codeprint.corpus_arrays import join_tables
from aisbom.codeprint.fingerprint_table import Table, table
from aisbom.codeprint.fingerprints import of_file

RATES = (1e-4, 5e-4, 1e-3, 5e-3)
_COPIED = re.compile(r"# Copied from transformers\.models\.(\w+)\.")
TARGET = Path(__file__).parent.parent / "aisbom" / "codeprint" / "null.json"


def imported(path: Path) -> list[tuple[str, str, str]]:
    """(folder, module, name) of what a modular file imports from other model folders."""
    rows = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            if node.level == 3 and parts[0] == "models":
                parts = parts[1:]
            elif node.level == 0 and parts[:2] == ["transformers", "models"]:
                parts = parts[2:]
            elif node.level != 2:
                continue
            if parts and parts[0] not in (path.parent.name, "auto"):
                rows += [
                    (parts[0], parts[1] if len(parts) > 1 else "", alias.name)
                    for alias in node.names
                ]
    return rows


def generated(stem: str) -> str:
    return stem.replace("modular_", "modeling_", 1)


class Truth:
    """Declared parents between files, and which folders have a declared ancestor in common."""

    def __init__(self, models: Path) -> None:
        self.parents: set[tuple[str, str]] = set()
        self.inherited: Counter[tuple[str, str]] = Counter()
        modular: set[tuple[str, str]] = set()
        for path in sorted(models.glob("*/modular_*.py")):
            rows = imported(path)
            modular |= {(path.parent.name, folder) for folder, _, _ in rows}
            of = {
                name: generated(module)
                for _, module, name in rows
                if module.startswith(("modeling_", "modular_"))
            }
            self.parents |= {(generated(path.stem), module) for module in of.values()}
            for node in ast.parse(path.read_text("utf-8")).body:
                for base in node.bases if isinstance(node, ast.ClassDef) else ():
                    if isinstance(base, ast.Name) and base.id in of:
                        self.inherited[generated(path.stem), of[base.id]] += 1
        copied = {
            (path.parent.name, name)
            for path in sorted(models.glob("*/*.py"))
            for name in _COPIED.findall(path.read_text("utf-8"))
            if name != path.parent.name
        }
        self.modular, self.both = _ancestors(modular), _ancestors(modular | copied)


def _ancestors(edges: set[tuple[str, str]]) -> dict[str, set[str]]:
    up = defaultdict(set)
    for child, parent in edges:
        up[child].add(parent)
    found = {}
    for start in {name for edge in edges for name in edge}:
        seen, stack = {start}, [start]
        while stack:
            for name in up.get(stack.pop(), ()):
                if name not in seen:
                    seen.add(name)
                    stack.append(name)
        found[start] = seen
    return found


def kin(ancestors: dict[str, set[str]], folders: list[str]) -> np.ndarray:
    """Whether two files' folders have a declared ancestor in common."""
    sets = [ancestors.get(folder, {folder}) for folder in folders]
    return np.array([[bool(a & b) for b in sets] for a in sets])


def recall(score: np.ndarray, parents: np.ndarray, unrelated: np.ndarray) -> list[float]:
    """Of the pairs in `parents`, how many score above what so many of the unrelated ones reach."""
    null = np.sort(score[unrelated])[::-1]
    return [float((score[parents] > null[int(rate * len(null))]).mean()) for rate in RATES]


def fitted(x: np.ndarray, y: np.ndarray, penalty: float = 3.0) -> np.ndarray:
    """Weights of a logistic regression, the last one the constant, for columns as they are."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    ridge = penalty * np.diag(np.r_[np.ones(x.shape[1]), 0])
    b = np.zeros(z.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(z @ b, -40, 40)))
        step = np.linalg.solve(
            (z * (p * (1 - p) + 1e-9)[:, None]).T @ z + ridge, z.T @ (p - y) + ridge @ b
        )
        b -= step
        if np.abs(step).max() < 1e-7:
            break
    scaled = b[:-1] / spread
    return np.r_[scaled, b[-1] - (scaled * mean).sum()]


def _squares(features: np.ndarray) -> np.ndarray:
    return np.concatenate([features, features**2], axis=-1)


def shown(name: str, rates: list[float]) -> None:
    print(f"  {name:<58}" + "".join(f"{rate:8.3f}" for rate in rates))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("package", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sampling", action="store_true")
    parser.add_argument("--speed", type=Path)
    given = parser.parse_args()
    models = given.package / "models"
    truth = Truth(models)
    files = sorted(models.glob("*/modeling_*.py"))
    contents = [(path, path.read_bytes()) for path in files]
    kept = [
        (path, data, one)
        for path, data in contents
        if (one := of_file(str(path), data)) is not None
    ]
    corpus = Corpus(
        join_tables(
            [Table(table((number, str(path), data) for number, (path, data, _) in enumerate(kept)))]
        )
    )
    folders = [path.parent.name for path, _, _ in kept]
    stems = [path.stem for path, _, _ in kept]
    number = len(kept)
    own = defaultdict(list)
    for place, folder in enumerate(folders):
        own[folder].append(place)
    features = np.zeros((number, number, len(FEATURES)))
    baseline = np.zeros((number, number), bool)
    renamed = np.zeros((number, number), int)
    said = np.zeros((number, number), bool)
    spent = 0.0
    for place, (_, _, one) in enumerate(kept):
        start = time.perf_counter()
        found = corpus.evidence(one, without=own[folders[place]])
        spent += time.perf_counter() - start
        features[place, found.paths] = found.features
        for path, row in zip(found.paths.tolist(), found.features, strict=True):
            there = found.same.path == path
            rare = ((found.same.paths <= RARE) & ~found.same.renamed & there).sum()
            baseline[place, path] = row[1] >= 0.30 and rare >= 2
            renamed[place, path] = ((found.same.paths <= RARE) & found.same.renamed & there).sum()
        for row in standing_out(one, corpus, found):
            said[place, found.paths[row]] = True
    per_file = spent / number
    same = np.array([[a == b for b in folders] for a in folders])
    parents = np.array([[(a, b) in truth.parents for b in stems] for a in stems]) & ~same
    classes = np.array([[truth.inherited[a, b] for b in stems] for a in stems]) * parents
    unrelated = ~kin(truth.both, folders) & ~same
    strict = ~kin(truth.modular, folders) & ~same
    print(
        f"{number} files, {parents.sum()} declared parents, {unrelated.sum():,} unrelated pairs"
        f" ({strict.sum():,} by modular files alone)"
    )
    print(f"one file against the index: {1000 * per_file:.1f} ms")
    print(f"rule of the start (weighted containment >= .30 and two rare functions): recall {baseline[parents].mean():.3f} of all,"
          f" {baseline[classes >= 2].mean():.3f} of those of two classes, false positives {baseline[unrelated].mean():.5f}")  # fmt: skip
    half = np.array([zlib.crc32(folder.encode()) % 2 for folder in folders])
    score = np.zeros((number, number))
    for side in (0, 1):
        rows = (parents | unrelated) & (half == side)[:, None]
        weights = fitted(_squares(features[rows]), parents[rows].astype(float))
        score[half != side] = _squares(features[half != side]) @ weights[:-1] + weights[-1]
    print(
        "\nrecall at a rate of false positives of"
        + " " * 22
        + "".join(f"{rate:8.2%}" for rate in RATES)
    )
    for name, wanted in (
        ("all declared parents", parents),
        ("parents of at least one class", classes >= 1),
        ("parents of at least two classes", classes >= 2),
        ("parents of at least three classes", classes >= 3),
    ):
        shown(f"{name} ({wanted.sum()})", recall(score, wanted, unrelated))
    shown("all, 'Copied from' counted as false positives", recall(score, parents, strict))
    for column, name in enumerate(FEATURES):
        shown(f"{name} alone", recall(features[:, :, column], parents, unrelated))
    rows = parents | unrelated
    weights = fitted(_squares(features[rows]), parents[rows].astype(float))
    full = _squares(features) @ weights[:-1] + weights[-1]
    related = kin(truth.both, folders)
    print(f"\nas `derive` decides, with the weights as shipped (fitted on all): recall {said[parents].mean():.3f} of all,"
          f" {said[classes >= 2].mean():.3f} of those of two classes, false positives {said[unrelated].mean():.4%};"
          f" of {said.sum():,} members named {(said & related).sum() / said.sum():.3f} are declared kin")  # fmt: skip
    first = np.argsort(np.where(unrelated, -score, np.inf), axis=None)[:16]
    print(
        "highest false positives:",
        ", ".join(
            f"{stems[at // number][9:]} in {stems[at % number][9:]}" for at in first.tolist()
        ),
    )
    naming(score, unrelated, related, same)
    print(
        "\nnot one function of another file alike but for its names, rare ones only: unrelated"
        " pairs with at least"
    )
    for least in (1, 2, 3):
        print(f"  {least}: {(renamed[unrelated] >= least).mean():.5%}")
    if given.write:
        about = (
            f"{number} modelling files, {unrelated.sum():,} pairs without a declared ancestor in"
            f" common, {parents.sum()} declared parents"
        )
        null = {
            "score": full[unrelated],
            "containment": features[:, :, 0][unrelated],
            "renamed": renamed[unrelated],
        }
        write(given.package, about, weights, null)
    if given.sampling:
        sampling(kept)
    if given.speed:
        speed(given.speed, corpus)


def naming(score: np.ndarray, unrelated: np.ndarray, related: np.ndarray, same: np.ndarray) -> None:
    """Of the files of which anything is said at two thresholds: how often the first, and how many
    of all named, are declared kin.
    """
    print(
        "\nfiles of which a family is named; the first member is declared kin; of all members (at"
        " most 8), declared kin"
    )
    for rate in RATES[:3]:
        limit = np.sort(score[unrelated])[::-1][int(rate * unrelated.sum())]
        ranked = np.where(same, -np.inf, score)
        order = np.argsort(-ranked, axis=1)[:, :8]
        rows = np.arange(len(score))[:, None]
        above = ranked[rows, order] > limit
        hit = related[rows, order]
        named = above[:, 0]
        print(
            f"  at {rate:.2%}: {named.sum()} of {len(score)} files, {hit[named, 0].mean():.3f},"
            f" {(hit & above).sum() / above.sum():.3f}"
        )


LEVELS = (
    0,
    10,
    25,
    50,
    75,
    90,
    95,
    97.5,
    99,
    99.5,
    99.75,
    99.9,
    99.95,
    99.975,
    99.99,
    99.995,
    99.999,
)


def write(package: Path, about: str, weights: np.ndarray, null: dict[str, np.ndarray]) -> None:
    """Weights and null distributions (of unrelated pairs: score, containment, renamed functions),
    as data of the program.
    """
    version = re.search(r'__version__ = "([^"]+)"', (package / "__init__.py").read_text("utf-8"))
    kept = len(FEATURES)
    data = {
        "made": "python benchmarks/code_lineage.py PATH-TO-TRANSFORMERS --write",
        "of": f"transformers {version[1] if version else ''}: {about}",
        "features": {
            name: [round(float(weights[n]), 5), round(float(weights[kept + n]), 5)]
            for n, name in enumerate(FEATURES)
        },
        "constant": round(float(weights[-1]), 5),
        "score": [
            [level, round(float(np.percentile(null["score"], level)), 4)] for level in LEVELS
        ],
        "containment": [
            [level, round(float(np.percentile(null["containment"], level)), 5)] for level in LEVELS
        ],
        "renamed": [
            [least, round(float((null["renamed"] < least).mean() * 100), 4)] for least in (1, 2, 3)
        ],
    }
    TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(f"\nwrote {TARGET.name}")


def sampling(kept: list[tuple[Path, bytes, prints_of.Prints]]) -> None:
    """What sampling costs: size, error of containment, and how often a function keeps at least one
    fingerprint.
    """
    print(
        "\nsampling: fingerprints kept, mean and 99 % error of containment (pairs that share a"
        " tenth), functions with one at least"
    )
    whole = [of_file(str(path), data, 1) for path, data, _ in kept[::4]]
    whole = [one for one in whole if one is not None]
    exact = [set(one.runs.tolist()) for one in whole]
    truth = {
        (i, j): len(a & b) / len(a)
        for i, a in enumerate(exact)
        for j, b in enumerate(exact)
        if i != j
    }
    chosen = [pair for pair, value in truth.items() if value >= 0.1]
    for name, pick in (
        ("one in 2 by value", lambda runs: runs[runs % 2 == 0]),
        ("one in 4 by value", lambda runs: runs[runs % 4 == 0]),
        ("one in 8 by value", lambda runs: runs[runs % 8 == 0]),
        ("winnowed, window 4", lambda runs: winnowed(runs, 4)),
        ("winnowed, window 8", lambda runs: winnowed(runs, 8)),
    ):
        sets = [set(pick(one.runs).tolist()) for one in whole]
        error = np.array(
            [abs(len(sets[i] & sets[j]) / max(1, len(sets[i])) - truth[i, j]) for i, j in chosen]
        )
        spans = [one.runs[f.first : f.last] for one in whole for f in one.functions]
        some = np.mean([len(pick(span)) > 0 for span in spans])
        share = sum(map(len, sets)) / sum(map(len, exact))
        print(
            f"  {name:<22} {share:6.1%}   {error.mean():.4f}   {np.percentile(error, 99):.4f}  "
            f" {some:.3f}"
        )


def winnowed(runs: np.ndarray, window: int) -> np.ndarray:
    if len(runs) < window:
        return runs[:0]
    seen = np.lib.stride_tricks.sliding_window_view(runs, window)
    return runs[np.unique(np.arange(len(seen)) + seen.argmin(axis=1))]


def speed(folder: Path, corpus: Corpus) -> None:
    """Fingerprints of a whole folder, and every file against the index, beside reading it."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    start = time.process_time()
    contents = [(str(path), path.read_bytes()) for path in paths]
    read = time.process_time() - start
    start = time.process_time()
    contents = [(str(path), path.read_bytes()) for path in paths]
    read = min(read, time.process_time() - start)
    start = time.process_time()
    printed = [one for path, data in contents if (one := of_file(path, data)) is not None]
    prints = time.process_time() - start
    size = sum(len(one.data) for one in printed)
    start = time.process_time()
    for one in printed:
        corpus.evidence(one)
    found = time.process_time() - start
    print(
        f"\n{len(paths)} files, {len(printed)} of them source of {size / 1e6:.1f} MB: prints"
        f" {size / 1e6 / prints:.1f} MB/s"
    )
    print(
        f"  processor time: prints / plain reading {prints / read:.1f}, comparison / plain reading"
        f" {found / read:.1f}, together {prints + found:.1f} s"
    )


if __name__ == "__main__":
    main()
