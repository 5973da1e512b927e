"""Checkpoints that were changed so as to hide where they come from, and what `aisbom weights compare`
says of each, beside three published statistics on the same pairs.

Needs torch, scipy and numpy. Run from the root of the repository:

    python -m benchmarks.weights_laundered --models FOLDER -o FILE.md

Trained models are kept in FOLDER (those of `weights_variants` are used again).
"""

from __future__ import annotations

import argparse
import itertools
import math
import resource
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from aisbom.weights import circuits, gains, recover, units
from aisbom.weights import heads as heads_of
from aisbom.weights.compare import compare
from aisbom.weights.placing import Cell
from aisbom.weights.products import GROUPS, Read, UnitVectors, even, similarity
from aisbom.weights.side import of_checkpoint
from aisbom.weights.strength import heads_alike, heads_in_place, together
from aisbom.weights.verdict import LOG10_ACCUSE
from benchmarks import weights_published as published
from benchmarks.weights_variants import (
    HEADS,
    LAYERS,
    LENGTH,
    UNITS,
    VOCABULARY,
    WIDTH,
    Decoder,
    each,
    experts,
    grid,
    kept,
    layers,
    lora,
    mixed,
    text,
    trained,
)
from tests.weights import launder
from tests.weights.arrays import Arrays

Tables = dict[str, Any]
FOUND = ("identical", "identical-after-transform", "quantised-copy", "common-origin")
WORDS = {f"token {at}": at for at in range(VOCABULARY)}


def outer(change: Callable[[Tables], Tables]) -> Callable[[Tables], Tables]:
    """A change of `launder`, which knows the names of larger models, for those of the benchmark."""

    def changed(tables: Tables) -> Tables:
        named = {k if k == "lm_head.weight" else f"model.{k}": v for k, v in tables.items()}
        return {k.removeprefix("model."): v for k, v in change(named).items()}

    return changed


ROTATE = outer(lambda t: launder.rotate(t, launder.orthogonal(WIDTH, 11)))
HADAMARD = outer(lambda t: launder.rotate(t, launder.hadamard(WIDTH, 12)))
PERMUTE = outer(lambda t: launder.permute(t, 13))
RESCALE = outer(lambda t: launder.rescale(t, 14))
EXTREME = outer(lambda t: launder.rescale(t, 15, 4.0))
FOLD = outer(launder.fold)


def heads(
    tables: Tables, *, stem: str = "layers.", count: int = HEADS, reorder: bool = True
) -> Tables:
    """Heads in another order; queries with keys, and values with outputs, of each turned by a
    matrix of its own and scaled.
    """
    dice, found = np.random.default_rng(16), dict(tables)
    for name in sorted(k for k in tables if k.startswith(stem) and k.endswith("q_proj.weight")):
        names = [name.replace("q_proj", f"{word}_proj") for word in "qkvo"]
        q, k, v, o = (tables[n].astype(np.float32) for n in names)
        size = q.shape[0] // count
        order = dice.permutation(count) if reorder else np.arange(count)
        rows = (order[:, None] * size + np.arange(size)).ravel()
        q, k, v, o = q[rows], k[rows], v[rows], o[:, rows]
        for head in range(count):
            at = slice(head * size, (head + 1) * size)
            scales = np.exp(0.5 * dice.normal(size=2))
            turns = [np.linalg.qr(dice.normal(size=(size, size)))[0] for _ in range(2)]
            q[at], k[at] = scales[0] * turns[0] @ q[at], turns[0] @ k[at] / scales[0]
            v[at], o[:, at] = scales[1] * turns[1] @ v[at], o[:, at] @ turns[1].T / scales[1]
        for key, value in zip(names, (q, k, v, o), strict=True):
            found[key] = np.ascontiguousarray(value, np.float32)
    return found


def attention_of(tables: Tables, other: Tables) -> Tables:
    """Attention and embeddings of the first, hidden layers of the second."""
    return {k: (other if ".mlp." in k else tables)[k] for k in tables}


class Rounded(torch.nn.Module):
    """Weights on a grid of 4 bits in groups of 32; gradients pass as if they were not."""

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        rows = values.reshape(-1, 32)
        low = rows.min(1, keepdim=True).values
        step = (rows.max(1, keepdim=True).values - low) / 15
        on_grid = ((rows - low) / step).round() * step + low
        return values + (on_grid.reshape(values.shape) - values).detach()


def rounding_aware(start: Tables, steps: int = 200) -> Tables:
    """Trained on as it will be rounded (quantisation-aware), and stored rounded."""
    torch.manual_seed(31)
    model = Decoder()
    model.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in start.items()})
    for part in model.layers.modules():
        if isinstance(part, torch.nn.Linear):
            torch.nn.utils.parametrize.register_parametrization(part, "weight", Rounded())
    best, batch = torch.optim.AdamW(model.parameters(), lr=1e-3), text(77)
    for _ in range(steps):
        ids = batch()
        loss = functional.cross_entropy(model(ids)[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
        best.zero_grad()
        loss.backward()
        best.step()
    for part in model.layers.modules():
        if isinstance(part, torch.nn.Linear):
            torch.nn.utils.parametrize.remove_parametrizations(part, "weight")
    return {k: v.detach().numpy().copy() for k, v in model.state_dict().items()}


def multimodal(tables: Tables) -> Tables:
    """The text model inside a larger one, with an encoder of images that is not its own."""
    dice = np.random.default_rng(17)

    def normal(*shape: int) -> Any:
        return (dice.standard_t(6, size=shape) * 0.05).astype(np.float32)

    found = {
        k if k == "lm_head.weight" else f"language_model.model.{k}": v for k, v in tables.items()
    }
    found["vision_tower.patch_embedding.weight"] = normal(96, 3, 8, 8)
    for layer in range(2):
        stem = f"vision_tower.layers.{layer}.mlp."
        found |= {f"{stem}fc1.weight": normal(384, 96), f"{stem}fc2.weight": normal(96, 384)}
    found["multi_modal_projector.weight"] = normal(WIDTH, 96)
    return found


def wider(tables: Tables) -> Tables:
    """A quarter more units, put in at random places."""
    dice, found = np.random.default_rng(18), dict(tables)
    for layer in range(LAYERS):
        places = np.sort(dice.integers(0, UNITS, size=UNITS // 4))
        for word in ("gate", "up", "down"):
            key = f"layers.{layer}.mlp.{word}_proj.weight"
            axis = 1 if word == "down" else 0
            v = tables[key]
            shape = (UNITS // 4, WIDTH) if axis == 0 else (WIDTH, UNITS // 4)
            more = (dice.normal(size=shape) * v.std()).astype(np.float32)
            found[key] = np.insert(v, places, more, axis=axis)
    return found


def transplanted(tables: Tables, donor: Tables) -> Tables:
    """Another model's vocabulary in front and behind."""
    return tables | {k: donor[k] for k in ("embed_tokens.weight", "lm_head.weight")}


def renumbered(tables: Tables) -> Tables:
    order = np.random.default_rng(19).permutation(VOCABULARY)
    return {
        k: v[order] if k in ("embed_tokens.weight", "lm_head.weight") else v
        for k, v in tables.items()
    }


def rewarded(start: Tables, steps: int = 60) -> Tables:
    """Drift as reinforcement learning leaves it: texts of the model's own, weighted by a reward (how
    many even tokens) less its mean.
    """
    torch.manual_seed(21)
    model = Decoder()
    model.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in start.items()})
    best = torch.optim.AdamW(model.parameters(), lr=3e-4)
    for _ in range(steps):
        ids = torch.randint(VOCABULARY, (16, 1))
        with torch.no_grad():
            for _ in range(LENGTH - 1):
                share = model(ids)[:, -1].softmax(-1)
                ids = torch.cat([ids, torch.multinomial(share, 1)], dim=1)
        reward = (ids % 2 == 0).float().mean(1)
        each_loss = functional.cross_entropy(
            model(ids)[:, :-1].flatten(0, 1), ids[:, 1:].flatten(), reduction="none"
        ).view(16, -1)
        loss = (each_loss.mean(1) * (reward - reward.mean())).mean()
        best.zero_grad()
        loss.backward()
        best.step()
    return {k: v.detach().numpy().copy() for k, v in model.state_dict().items()}


def variants(a: Tables, folder: Path, other: Tables) -> dict[str, Tables]:
    light = kept(folder, "light", lambda: trained(1, 1, 150, 3e-4, a))
    heavy = kept(folder, "heavy", lambda: trained(1, 77, 200, 3e-3, a))
    long = kept(folder, "long", lambda: trained(1, 99, 2000, 3e-3, a))
    drift = kept(folder, "rewarded", lambda: rewarded(a))
    aware = kept(folder, "aware", lambda: rounding_aware(a))
    four = lambda t: each(t, lambda v: grid(v, 4, 32))  # noqa: E731
    mixture = {k: (other if ".1." in k or ".3." in k else heavy)[k] for k in heavy}
    return {
        "rotated": ROTATE(a),
        "rotated (Hadamard)": HADAMARD(a),
        "rotated, light fine-tune": ROTATE(light),
        "rotated, heavy fine-tune": ROTATE(heavy),
        "rotated, 4 bits (QuaRot)": four(HADAMARD(a)),
        "rotated, fine-tuned, 4 bits (SpinQuant)": four(ROTATE(heavy)),
        "rotated, units permuted": PERMUTE(ROTATE(a)),
        "rotated, permuted, light fine-tune": PERMUTE(ROTATE(light)),
        "rotated, permuted, heavy fine-tune": PERMUTE(ROTATE(heavy)),
        "rotated, permuted, 4 bits": four(PERMUTE(ROTATE(heavy))),
        "channels rescaled (SmoothQuant)": RESCALE(a),
        "rescaled, heavy fine-tune, 4 bits (AWQ)": four(RESCALE(heavy)),
        "rescaled beyond all measure, fine-tuned": EXTREME(heavy),
        "gains folded, heavy fine-tune": FOLD(heavy),
        "heads permuted and turned inside": heads(a),
        "heads turned, rotated, permuted, fine-tuned": PERMUTE(ROTATE(heads(heavy))),
        "attention taken over, hidden layers another's": attention_of(a, other),
        "attention taken over, heads turned inside": attention_of(heads(a, reorder=False), other),
        "trained as it is rounded to 4 bits": aware,
        "trained as it is rounded to 4 bits, rotated": ROTATE(aware),
        "trained as it is rounded to 4 bits, permuted": PERMUTE(aware),
        "trained as it is rounded to 4 bits, rotated, permuted": PERMUTE(ROTATE(aware)),
        "mean of two parents, rotated": ROTATE(mixed(heavy, other, 0.5)),
        "mean of two parents, rotated, permuted": PERMUTE(ROTATE(mixed(heavy, other, 0.5))),
        "10 times the training": long,
        "10 times the training, rotated": ROTATE(long),
        "10 times the training, rotated, permuted": PERMUTE(ROTATE(long)),
        "drift of reinforcement learning": drift,
        "drift, rotated, permuted": PERMUTE(ROTATE(drift)),
        "multimodal extension, rotated, fine-tuned": multimodal(ROTATE(heavy)),
        "layers of two parents, fine-tuned": mixture,
        "depth up-scaling, rotated, fine-tuned": layers(ROTATE(heavy), [0, 1, 2, 1, 2, 3]),
        "units added, rotated, fine-tuned": wider(ROTATE(heavy)),
        "experts from a dense model, rotated": experts(ROTATE(heavy), 4, 0.1),
        "another model's vocabulary, fine-tuned": transplanted(heavy, other),
        "another model's vocabulary, rotated": transplanted(ROTATE(heavy), ROTATE(other)),
        "tokens renumbered, rotated, a tokenizer that lies": renumbered(ROTATE(light)),
        "tokens renumbered, rotated, permuted": renumbered(PERMUTE(ROTATE(light))),
        "another model's vocabulary, rotated, permuted": transplanted(
            PERMUTE(ROTATE(heavy)), ROTATE(other)
        ),
    }


def side(name: str, tables: Tables) -> Any:
    found = of_checkpoint(Arrays(tables), name)
    found.vocabulary, found.heads = WORDS, {WIDTH: HEADS}
    return found


def resampled(models: list[Tables], pairs: int, labels: int = 96) -> tuple[int, int, float, int]:
    """Independent pairs: two different models, two layers of each, one of eight blocks of 128 units
    and of four choices of tokens. How many were accused by units in place, the most in place, the smallest
    corrected log10 p, and the most agreements of one pair of layers.
    """
    dice = np.random.default_rng(7)
    accused = most = agreed = 0
    least = 0.0
    blocks = [int(first) for first in dice.integers(0, UNITS - 128, size=8)]
    chosen = [dice.permutation(VOCABULARY)[:labels] for _ in range(4)]

    @cache
    def described(at: int, layer: int, block: int, tokens: int) -> dict[str, UnitVectors]:
        model, stem = models[at], f"layers.{layer}."
        into = model["embed_tokens.weight"] * model[stem + "post_attention_layernorm.weight"]
        into = into[chosen[tokens]]
        after = (model["lm_head.weight"] * model["norm.weight"])[chosen[tokens]]
        units_of = slice(blocks[block], blocks[block] + 128)
        rows = {
            "gate": model[stem + "mlp.gate_proj.weight"][units_of] @ into.T,
            "up": model[stem + "mlp.up_proj.weight"][units_of] @ into.T,
            "down": model[stem + "mlp.down_proj.weight"][:, units_of].T @ after.T,
        }
        found = {}
        for group, words in (("in", ("gate", "up")), ("out", ("down",))):
            kinds, usable = units.features([even(rows[w]) for w in words])
            found[group] = UnitVectors(dict(zip(words, kinds, strict=True)), usable, np.ones(128))
        return found

    for _ in range(pairs):
        x, y = dice.permutation(len(models))[:2]
        block, tokens = int(dice.integers(8)), int(dice.integers(4))
        two = [
            [
                described(int(at), int(layer), block, tokens)
                for layer in dice.permutation(LAYERS)[:2]
            ]
            for at in (x, y)
        ]
        hits = []
        for left, right in itertools.product(*two):
            mutual = []
            for group in GROUPS:
                s = similarity(left[group], right[group])
                usable = left[group].usable, right[group].usable
                forth, back = units.matches(s, *usable), units.matches(s.T, *usable[::-1])
                hits.append(units.in_place(forth))
                mutual.append(set(units.mutual(forth, back)))
            agreed = max(agreed, len(mutual[0] & mutual[1]))
        scores = [units.log10_hits(n) + math.log10(len(hits) + 2) for n in hits]
        accused += sum(score < LOG10_ACCUSE for score in scores) >= 2
        most, least = max(most, *hits), min(least, *scores)
    return accused, most, least, agreed


def resampled_heads(models: list[Tables], pairs: int, depth: int = 4 * LAYERS) -> str:
    """Independent pairs of `depth` layers: each layer from any two different models, any layer of
    either, one of eight choices of labels, the heads of one side in any order. How many were accused
    by heads in place (exact) or matched alike (empirical), and the most of either.
    """
    dice = np.random.default_rng(9)
    chosen = [dice.permutation(VOCABULARY)[: circuits.LABELS] for _ in range(8)]
    sides = [side(f"model {at}", tables) for at, tables in enumerate(models)]
    rows = [heads_of.layers(one.checkpoint.tensors, one.heads) for one in sides]

    @cache
    def described(at: int, layer: int, tokens: int) -> dict[str, Any]:
        table = models[at]["embed_tokens.weight"][chosen[tokens]]
        after = (models[at]["lm_head.weight"] * models[at]["norm.weight"])[chosen[tokens]]
        products = Read(sides[at].checkpoint, table, after, gains.NONE)
        tables = circuits.circuits(sides[at], products, rows[at][layer])
        return {group: units.features([x]) for group, x in tables.items()}

    @cache
    def looked(x: int, of_x: int, y: int, of_y: int, tokens: int) -> dict[str, tuple[Any, Any]]:
        """By group, the head of y that each head of x is most like, and those that choose each other."""
        found = {}
        for group in circuits.GROUPS:
            ((p,), up), ((q,), uq) = (
                described(*one, tokens)[group] for one in ((x, of_x), (y, of_y))
            )
            s = units.similarity([p], [q])
            forth, back = units.matches(s, up, uq), units.matches(s.T, uq, up)
            found[group] = forth, set(units.mutual(forth, back))
        return found

    accused = in_place = alike = 0
    least = 0.0
    for _ in range(pairs):
        cells, agreed = [], []
        for layer in range(depth):
            x, y = (int(at) for at in dice.permutation(len(models))[:2])
            of_x, of_y = (int(at) for at in dice.integers(LAYERS, size=2))
            order = dice.permutation(HEADS)
            two = looked(x, of_x, y, of_y, int(dice.integers(8)))
            for group, (forth, _mutual) in two.items():
                match = np.where(forth >= 0, order[forth], -1)
                hits = units.in_place(match)
                name = str(layer)
                cells.append(Cell(name, name, group, hits, HEADS, match, True, None, "head"))
            agreed.append((*({(i, int(order[j])) for i, j in m} for _, m in two.values()), HEADS))
        rows_of = [
            circuits._alike(name, agreed[at::2], dice) for at, name in enumerate(("even", "odd"))
        ]
        # A comparison looks at every layer of one against every layer of the other.
        tests = depth * len(cells) + len(rows_of)
        strength = together([heads_in_place(cells, tests)], [heads_alike(rows_of, tests)])
        accused += strength.accuses
        least = min(least, strength.log10_p)
        in_place = max(
            in_place, *(sum(c.hits for c in cells if c.group == g) for g in circuits.GROUPS)
        )
        alike = max(alike, *(row.count for row in rows_of))
    half = depth * HEADS // 2
    needed = math.ceil(max(circuits.LEAST_HEADS, 3 * circuits.HEADS_ALLOWED * half))
    return (
        f"{pairs:,} resampled independent pairs of {depth} layers, heads: {accused} accused; at most"
        f" {in_place} of {2 * half} heads in place, least log10 p {least:.2f}; at most {alike} of {half}"
        f" matched alike ({needed} or more are needed)."
    )


def auc(derived: list[float], independent: list[float]) -> float:
    """The chance that a derived pair scores above an independent one."""
    wins = sum((x > y) + 0.5 * (x == y) for x in derived for y in independent)
    return wins / (len(derived) * len(independent))


def large(width: int, depth: int) -> str:
    """Pairs with the shapes of a larger model and values drawn, not trained, with spectra that fall
    as those of trained matrices do: a laundered copy and an independent one; time and memory.
    """
    return "\n- ".join(_large(width, depth, independent=row) for row in (False, True))


def drawn(seed: int, width: int, depth: int) -> Tables:
    """Tables of a decoder: a few strong directions in noise of heavy tails."""
    dice = np.random.default_rng(seed)

    def normal(*shape: int) -> Any:
        x = dice.standard_normal(shape, np.float32) / np.sqrt(dice.chisquare(6, shape[:1]) / 6)[
            (..., *[None] * (len(shape) - 1))
        ].astype(np.float32)
        if len(shape) == 2:
            rank = 64
            fall = np.arange(1, rank + 1, dtype=np.float32) ** -0.5
            left, right = (dice.standard_normal((n, rank), np.float32) for n in shape)
            x += (left * fall) @ right.T / np.float32(2)
        return (x * np.float32(0.02)).astype(np.float32)

    rows = {
        "model.embed_tokens.weight": normal(8192, width),
        "model.norm.weight": 1 + normal(width),
    }
    for layer in range(depth):
        stem = f"model.layers.{layer}."
        rows[stem + "input_layernorm.weight"] = 1 + normal(width)
        rows[stem + "post_attention_layernorm.weight"] = 1 + normal(width)
        for word in "qkvo":
            rows[f"{stem}self_attn.{word}_proj.weight"] = normal(width, width)
        for word in ("gate", "up"):
            rows[f"{stem}mlp.{word}_proj.weight"] = normal(4 * width, width)
        rows[stem + "mlp.down_proj.weight"] = normal(width, 4 * width)
    return rows


def _large(width: int, depth: int, *, independent: bool) -> str:
    rows, count = drawn(23, width, depth), width // 64
    copy = drawn(24, width, depth) if independent else launder.noisy(rows, 0.5, 1)
    copy = heads(copy, stem="model.", count=count)
    copy = launder.permute(launder.rotate(copy, launder.orthogonal(width, 2)), 3)
    sides = []
    for tables in (rows, copy):
        found = of_checkpoint(Arrays(tables), "large", 0)
        found.vocabulary = {f"token {at}": at for at in range(8192)}
        found.heads = {width: count}
        sides.append(found)
    del copy
    begun, used = time.perf_counter(), time.process_time()
    answer = compare(*sides).answer
    return (
        f"{sum(v.size for v in rows.values()) / 1e6:.0f} million parameters,"
        f" {'independent' if independent else 'noise of half their size'}, heads turned and reordered,"
        f" rotated, permuted: {answer['verdict']}, log10 p {answer['log10_p']:.0f},"
        f" {_most_alike(answer)} heads matched alike,"
        f" {time.perf_counter() - begun:.0f} s ({time.process_time() - used:.0f} s of processor),"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB at most with both models"
        " in memory."
    )


def _most_alike(answer: Any) -> str:
    rows = answer["heads"]["matched_alike"] if answer["heads"] else []
    best = max(rows, key=lambda row: row["heads"], default=None)
    return f"{best['heads']} of {best['of']}" if best else "no"


def ranks(a: Tables) -> str:
    """What is said of the rank of an adapter that was merged: the extracted LoRA."""
    told = []
    for rank in (2, 4, 8, 16):
        answer = compare(side("A", a), side("B", lora(a, rank))).answer
        words = [row["detail"] for row in answer["residuals"] if row["shape"] == "low-rank"]
        told.append(f"{rank}: {len(words)} matrices, {max(set(words), key=words.count)!r}")
    return "LoRA merged, by rank, what is said of the difference: " + "; ".join(told)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--large", type=int, nargs=2, metavar=("WIDTH", "LAYERS"))
    given = parser.parse_args()
    torch.set_num_threads(1)
    a = kept(given.models, "a", lambda: trained(1, 1, 200))
    others = [
        kept(given.models, f"i{n}", lambda n=n: trained(100 + n, 1 if n % 2 else 50 + n, 200))
        for n in range(6)
    ]
    rows: list[tuple[str, bool, Tables]] = [
        (name, True, t) for name, t in variants(a, given.models, others[0]).items()
    ]
    for at, t in enumerate(others):
        rows.append((f"independent {at}", False, t))
        rows.append((f"independent {at}, rotated, permuted", False, PERMUTE(ROTATE(t))))
    home, texts = side("A", a), torch.cat([text(1)() for _ in range(4)])
    lines = [
        "| pair | verdict | corrected log10 p | found by | HuRef | REEF | AWM |",
        "|---|---|---|---|---|---|---|",
    ]
    scores: dict[str, dict[bool, list[float]]] = {
        n: {True: [], False: []} for n in ("ours", "HuRef", "REEF", "AWM")
    }
    seconds, counts = [], {True: 0, False: 0}
    for name, derived, tables in rows:
        begun = time.process_time()
        answer = compare(home, side("B", tables)).answer
        seconds.append(time.process_time() - begun)
        counts[derived] += answer["verdict"] in FOUND
        row = {"ours": -answer["log10_p"]}
        if {k: v.shape for k, v in tables.items()} == {k: v.shape for k, v in a.items()}:
            row |= {
                "HuRef": published.huref(a, tables),
                "REEF": published.reef(a, tables, texts),
                "AWM": published.awm(a, tables),
            }
            for key, value in row.items():
                scores[key][derived].append(value)
        shown = " | ".join(f"{row[n]:.3f}" if n in row else "" for n in ("HuRef", "REEF", "AWM"))
        lines.append(
            f"| {name} | {answer['verdict']} | {answer['log10_p']:.1f} | {answer['found_by']} | {shown} |"
        )
        print(lines[-1], f"{seconds[-1]:.1f} s", file=sys.stderr)
    total = {d: sum(row[1] is d for row in rows) for d in (True, False)}
    ends = [
        (
            f"{counts[True]} of {total[True]} laundered copies found; {counts[False]} of {total[False]}"
            " independent pairs accused."
        ),
        f"Processor time a pair: {np.median(seconds):.1f} s in the middle, {max(seconds):.1f} s at most.",
    ]
    for name, both in scores.items():
        low = min(both[True])
        false = sum(value >= low for value in both[False])
        more = f", {sum(v >= 0.8 for v in both[False])} at its own 0.8" if name == "REEF" else ""
        ends.append(
            f"{name}: AUC {auc(both[True], both[False]):.3f} over {len(both[True])} derived and"
            f" {len(both[False])} independent pairs of one shape; at a threshold that finds all, {false}"
            f" independent pairs accused{more}."
        )
    if given.pairs:
        accused, most, least, agreed = resampled([a, *others], given.pairs)
        ends.append(
            f"{given.pairs:,} resampled independent pairs, products: {accused} accused; at most {most}"
            f" of 128 units in place, least log10 p {least:.2f}; at most {agreed} of 128 units matched"
            f" alike by both sides ({recover.THRESHOLD} or more are needed)."
        )
        ends.append(resampled_heads([a, *others], given.pairs))
    ends.append(ranks(a))
    if given.large:
        ends.append(large(*given.large))
    out = "\n".join([*lines, "", *(f"- {line}" for line in ends)]) + "\n"
    if given.output:
        given.output.write_text(out, encoding="utf-8")
    print(out)


if __name__ == "__main__":
    main()
