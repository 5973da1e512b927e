"""Derived and independent checkpoints of small trained decoders, and what `aisbom weights compare`
says of each.

Needs torch and numpy; a few minutes on two cores. Run from the root of the repository:

    python benchmarks/weights_variants.py --models FOLDER -o docs/weights-table.md

Trained models are kept in FOLDER, so that a second run only compares.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parent.parent))

from aisbom.weights import units
from aisbom.weights.compare import compare
from aisbom.weights.read import ggml
from aisbom.weights.read.stored import TensorInfo
from aisbom.weights.side import of_checkpoint
from aisbom.weights.verdict import LOG10_ACCUSE
from tests.weights.arrays import Arrays

VOCABULARY, WIDTH, LAYERS, HEADS, UNITS, LENGTH = 300, 64, 4, 4, 256, 32
Tables = dict[str, Any]


class Norm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = Norm(), Norm()
        self.self_attn = nn.ModuleDict(
            {f"{n}_proj": nn.Linear(WIDTH, WIDTH, bias=False) for n in "qkvo"}
        )
        self.mlp = nn.ModuleDict(
            {
                "gate_proj": nn.Linear(WIDTH, UNITS, bias=False),
                "up_proj": nn.Linear(WIDTH, UNITS, bias=False),
                "down_proj": nn.Linear(UNITS, WIDTH, bias=False),
            }
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.input_layernorm(x)
        q, k, v = (
            self.self_attn[f"{n}_proj"](y).unflatten(-1, (HEADS, -1)).transpose(1, 2) for n in "qkv"
        )
        x = x + self.self_attn["o_proj"](
            functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            .transpose(1, 2)
            .flatten(2)
        )
        y = self.post_attention_layernorm(x)
        return x + self.mlp["down_proj"](
            functional.silu(self.mlp["gate_proj"](y)) * self.mlp["up_proj"](y)
        )


class Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = Norm()
        self.lm_head = nn.Linear(WIDTH, VOCABULARY, bias=False)
        for p in self.parameters():
            if p.dim() == 2:
                nn.init.normal_(p, std=0.02)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x)
        return self.lm_head(self.norm(x))


def text(seed: int) -> Callable[[], torch.Tensor]:
    """Batches of a random order-2 grammar with repeated phrases: something to learn, other for each
    seed.
    """
    dice = np.random.default_rng(seed)
    following = dice.integers(0, VOCABULARY, size=(VOCABULARY, 8))
    phrases = dice.integers(0, VOCABULARY, size=(200, 8))

    def batch() -> torch.Tensor:
        rows = np.zeros((8, LENGTH), np.int64)
        for row in rows:
            at, token = 0, int(dice.integers(VOCABULARY))
            while at < LENGTH:
                if dice.random() < 0.1:
                    phrase = phrases[dice.integers(200)]
                    n = min(8, LENGTH - at)
                    row[at : at + n] = phrase[:n]
                    at, token = at + n, int(phrase[n - 1])
                else:
                    token = int(following[token, min(7, int(dice.exponential(1.5)))])
                    row[at] = token
                    at += 1
        return torch.from_numpy(rows)

    return batch


def trained(
    seed: int, data: int, steps: int, rate: float = 3e-3, start: Tables | None = None
) -> Tables:
    torch.manual_seed(seed)
    model = Decoder()
    if start is not None:
        model.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in start.items()})
    best = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.05)
    batch, loss = text(data), torch.tensor(0.0)
    for step in range(steps):
        for group in best.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 30) * (0.1 + 0.9 * (1 - step / steps))
        ids = batch()
        loss = functional.cross_entropy(model(ids)[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
        best.zero_grad()
        loss.backward()
        best.step()
    print(
        f"  trained seed {seed} on data {data}: {steps} steps, loss {loss.item():.2f}",
        file=sys.stderr,
    )
    return {k: v.detach().numpy().copy() for k, v in model.state_dict().items()}


def kept(folder: Path, name: str, make: Callable[[], Tables]) -> Tables:
    path = folder / f"{name}.npz"
    if not path.is_file():
        np.savez(path, **make())
    return dict(np.load(path))


# ---- variants
# --------------------------------------------------------------------------------------------------

DICE = np.random.default_rng(20)


def each(tables: Tables, change: Callable[[Any], Any], only: str = "") -> Tables:
    return {k: change(v) if v.ndim == 2 and only in k else v for k, v in tables.items()}


def layers(tables: Tables, order: list[int]) -> Tables:
    found = {k: v for k, v in tables.items() if not k.startswith("layers.")}
    for to, source in enumerate(order):
        for k, v in tables.items():
            if k.startswith(f"layers.{source}."):
                found[f"layers.{to}." + k.split(".", 2)[2]] = v
    return found


def noisy(tables: Tables, share: float) -> Tables:
    return each(
        tables, lambda v: v + DICE.normal(size=v.shape).astype(np.float32) * v.std() * share
    )


def grid(v: Any, bits: int, group: int) -> Any:
    x = v.reshape(-1, group)
    low = x.min(axis=1, keepdims=True)
    step = (x.max(axis=1, keepdims=True) - low) / (2**bits - 1)
    return (
        (np.round((x - low) / np.where(step > 0, step, 1)) * step + low)
        .reshape(v.shape)
        .astype(np.float32)
    )


def codes8(tables: Tables) -> Tables:
    found: Tables = {}
    for k, v in tables.items():
        if v.ndim == 2 and "layers" in k:
            scale = np.abs(v).max(axis=1, keepdims=True) / 127
            found[k] = np.round(v / scale).astype(np.int8)
            found[k + "_scale"] = scale.astype(np.float32)
        else:
            found[k] = v
    return found


def lora(tables: Tables, rank: int = 4) -> Tables:
    def change(v: Any) -> Any:
        add = DICE.normal(size=(v.shape[0], rank)) @ DICE.normal(size=(rank, v.shape[1]))
        return (v + add * (v.std() / add.std())).astype(np.float32)

    return each(tables, change, "layers.")


def mixed(a: Tables, b: Tables, share: float) -> Tables:
    return {k: ((1 - share) * a[k] + share * b[k]).astype(np.float32) for k in a}


def task(a: Tables, b: Tables, scale: float) -> Tables:
    return {k: (a[k] + scale * (b[k] - a[k])).astype(np.float32) for k in a}


def ties(a: Tables, b: Tables, c: Tables) -> Tables:
    def trim(d: Any) -> Any:
        return np.where(np.abs(d) >= np.quantile(np.abs(d), 0.8), d, 0)

    return {k: (a[k] + 0.5 * (trim(b[k] - a[k]) + trim(c[k] - a[k]))).astype(np.float32) for k in a}


def pruned(v: Any, share: float) -> Any:
    return np.where(np.abs(v) < np.quantile(np.abs(v), share), 0, v).astype(np.float32)


def two_of_four(v: Any) -> Any:
    x = np.abs(v).reshape(-1, 4)
    keep = x.argsort(axis=1).argsort(axis=1) >= 2
    return np.where(keep.reshape(v.shape), v, 0).astype(np.float32)


def chosen_units(
    tables: Tables, choose: Callable[[], Any], names: tuple[str, ...] = ("gate_proj", "up_proj")
) -> Tables:
    found = dict(tables)
    for layer in range(LAYERS):
        picked = choose()
        for name in names:
            key = f"layers.{layer}.mlp.{name}.weight"
            found[key] = tables[key][picked]
        key = f"layers.{layer}.mlp.down_proj.weight"
        found[key] = tables[key][:, picked]
    return found


def residual(tables: Tables, picked: Any, signs: Any | None = None) -> Tables:
    found = {}
    for k, v in tables.items():
        s = np.ones(len(picked), np.float32) if signs is None else signs
        if v.ndim == 1:
            found[k] = v[picked]
        elif "o_proj" in k or "down_proj" in k:
            found[k] = v[picked] * s[:, None]
        else:
            found[k] = v[:, picked] * s
    return {k: np.ascontiguousarray(v) for k, v in found.items()}


def permuted(tables: Tables) -> Tables:
    return chosen_units(residual(tables, DICE.permutation(WIDTH)), lambda: DICE.permutation(UNITS))


def heads(tables: Tables) -> Tables:
    found = dict(tables)
    for layer in range(LAYERS):
        order = DICE.permutation(HEADS)
        rows = (order[:, None] * (WIDTH // HEADS) + np.arange(WIDTH // HEADS)).ravel()
        for name in "qkv":
            key = f"layers.{layer}.self_attn.{name}_proj.weight"
            found[key] = tables[key][rows]
        key = f"layers.{layer}.self_attn.o_proj.weight"
        found[key] = np.ascontiguousarray(tables[key][:, rows])
    return found


def flipped(tables: Tables) -> Tables:
    found = dict(tables)
    for layer in range(LAYERS):
        s = DICE.choice([-1.0, 1.0], size=UNITS).astype(np.float32)
        found[f"layers.{layer}.mlp.up_proj.weight"] = (
            tables[f"layers.{layer}.mlp.up_proj.weight"] * s[:, None]
        )
        found[f"layers.{layer}.mlp.down_proj.weight"] = (
            tables[f"layers.{layer}.mlp.down_proj.weight"] * s
        )
    return found


def experts(tables: Tables, count: int, noise: float) -> Tables:
    found = {k: v for k, v in tables.items() if ".mlp." not in k}
    for layer in range(LAYERS):
        for expert, name in itertools.product(range(count), ("gate_proj", "up_proj", "down_proj")):
            v = tables[f"layers.{layer}.mlp.{name}.weight"]
            found[f"layers.{layer}.mlp.experts.{expert}.{name}.weight"] = (
                v + DICE.normal(size=v.shape) * v.std() * noise
            ).astype(np.float32)
        found[f"layers.{layer}.mlp.gate.weight"] = DICE.normal(size=(count, WIDTH)).astype(
            np.float32
        )
    return found


def slices(tables: Tables) -> Tables:
    """Fine-grained experts: each holds a quarter of the dense layer's units, in stacked tensors."""
    found = {k: v for k, v in tables.items() if ".mlp." not in k}
    for layer in range(LAYERS):
        stem = f"layers.{layer}.mlp."
        gate, up, down = (tables[f"{stem}{n}_proj.weight"] for n in ("gate", "up", "down"))
        part = UNITS // 4
        found[stem + "experts.gate_up_proj"] = np.stack(
            [np.concatenate([m[i * part : (i + 1) * part] for m in (gate, up)]) for i in range(4)]
        )
        found[stem + "experts.down_proj"] = np.stack(
            [down[:, i * part : (i + 1) * part] for i in range(4)]
        )
    return {
        k: v if v.ndim == 1 else (v + DICE.normal(size=v.shape) * v.std() * 0.1).astype(np.float32)
        for k, v in found.items()
    }


def nameless(tables: Tables) -> Tables:
    return {f"t.{at}": np.ascontiguousarray(v.T) for at, v in enumerate(tables.values())}


def extended(tables: Tables) -> Tables:
    found = dict(tables)
    for k in ("embed_tokens.weight", "lm_head.weight"):
        found[k] = np.concatenate(
            [tables[k], DICE.normal(size=(100, WIDTH)).astype(np.float32) * tables[k].std()]
        )
    return found


class Worded(Arrays):
    """A model with the texts of its tokens, as a tokenizer beside it gives them."""

    def __init__(self, tables: Tables, order: Any) -> None:
        """`order` says which token of A each row stands for."""
        super().__init__(
            {
                k: v[order] if k in ("embed_tokens.weight", "lm_head.weight") else v
                for k, v in tables.items()
            }
        )
        self.vocabulary = {f"token {token}": row for row, token in enumerate(order)}


class Blocks(Arrays):
    """MLP matrices stored in a quantised GGML type, decoded by the program's own decoder."""

    def __init__(self, tables: Tables, dtype: str, encode: Callable[[Any], bytes]) -> None:
        super().__init__(tables)
        self._blocks = {k: encode(v) for k, v in tables.items() if v.ndim == 2}
        self._kind = dtype
        self.tensors = tuple(
            (
                TensorInfo(t.name, dtype, t.shape, len(self._blocks[t.name]), False)
                if t.name in self._blocks
                else t
            )
            for t in self.tensors
        )

    def read(self, name: str, start: int = 0, count: int | None = None) -> bytes:
        if name in self._blocks:
            raise ValueError(f"{name}: {self._kind} is not stored as plain values")
        return super().read(name, start, count)

    def read_f32(self, name: str, start_row: int, rows: int) -> bytes:
        each, size = ggml.BLOCKS[self._kind]
        width = next(t.shape[-1] for t in self.tensors if t.name == name)
        line = width // each * size
        return bytes(
            ggml.floats(
                self._kind, self._blocks[name][start_row * line : (start_row + rows) * line]
            )
        )


def q8_0(v: Any) -> bytes:
    x = v.reshape(-1, 32)
    d = (np.abs(x).max(axis=1) / 127).astype(np.float16)
    q = (
        np.round(x / np.maximum(d.astype(np.float32), 1e-9)[:, None])
        .clip(-127, 127)
        .astype(np.int8)
    )
    return np.concatenate(
        [d[:, None].view(np.uint8).reshape(-1, 2), q.view(np.uint8)], axis=1
    ).tobytes()


def q4_0(v: Any) -> bytes:
    x = v.reshape(-1, 32)
    peak = np.take_along_axis(x, np.abs(x).argmax(axis=1)[:, None], 1)[:, 0]
    d = (peak / -8).astype(np.float16)
    safe = np.where(d == 0, 1, d).astype(np.float32)
    q = np.floor(x / safe[:, None] + 8.5).clip(0, 15).astype(np.uint8)
    return np.concatenate(
        [d[:, None].view(np.uint8).reshape(-1, 2), q[:, :16] | q[:, 16:] << 4], axis=1
    ).tobytes()


def q4_k(v: Any) -> bytes:
    x = np.concatenate([v.reshape(-1), np.zeros(-v.size % 256, np.float32)]).reshape(-1, 8, 32)
    low = np.maximum(0, -x.min(axis=2))
    step = (x.max(axis=2) + low) / 15
    d, m = (step.max(axis=1) / 63).astype(np.float16), (low.max(axis=1) / 63).astype(np.float16)
    sc = (
        np.round(step / np.maximum(d.astype(np.float32), 1e-9)[:, None])
        .clip(0, 63)
        .astype(np.uint8)
    )
    mn = (
        np.round(low / np.maximum(m.astype(np.float32), 1e-9)[:, None]).clip(0, 63).astype(np.uint8)
    )
    real, base = d.astype(np.float32)[:, None] * sc, m.astype(np.float32)[:, None] * mn
    q = (
        np.round((x + base[..., None]) / np.maximum(real, 1e-9)[..., None])
        .clip(0, 15)
        .astype(np.uint8)
    )
    packed = np.zeros((x.shape[0], 12), np.uint8)
    packed[:, 0:4] = sc[:, :4] | (sc[:, 4:] >> 4) << 6
    packed[:, 4:8] = mn[:, :4] | (mn[:, 4:] >> 4) << 6
    packed[:, 8:12] = (sc[:, 4:] & 15) | (mn[:, 4:] & 15) << 4
    nibbles = (q[:, 0::2] | q[:, 1::2] << 4).reshape(-1, 128)
    return np.concatenate(
        [
            d[:, None].view(np.uint8).reshape(-1, 2),
            m[:, None].view(np.uint8).reshape(-1, 2),
            packed,
            nibbles,
        ],
        axis=1,
    ).tobytes()


def q6_k(v: Any) -> bytes:
    x = np.concatenate([v.reshape(-1), np.zeros(-v.size % 256, np.float32)]).reshape(-1, 16, 16)
    step = np.abs(x).max(axis=2) / 32
    d = (step.max(axis=1) / 127).astype(np.float16)
    sc = (
        np.round(step / np.maximum(d.astype(np.float32), 1e-9)[:, None])
        .clip(0, 127)
        .astype(np.int8)
    )
    real = d.astype(np.float32)[:, None] * sc
    q = (
        (np.round(x / np.maximum(real, 1e-9)[..., None]).clip(-32, 31) + 32)
        .astype(np.uint8)
        .reshape(-1, 2, 4, 32)
    )
    # Of each 128 values the four runs of 32 share their bytes: low halves of runs 0, 1 and 2, 3;
    # two upper bits of all four.
    low = np.concatenate(
        [q[:, :, 0] & 15 | (q[:, :, 2] & 15) << 4, q[:, :, 1] & 15 | (q[:, :, 3] & 15) << 4], axis=2
    )
    high = (
        q[:, :, 0] >> 4 | (q[:, :, 1] >> 4) << 2 | (q[:, :, 2] >> 4) << 4 | (q[:, :, 3] >> 4) << 6
    )
    parts = [
        low.reshape(-1, 128),
        high.reshape(-1, 64),
        sc.view(np.uint8),
        d[:, None].view(np.uint8).reshape(-1, 2),
    ]
    return np.concatenate(parts, axis=1).tobytes()


def fused(tables: Tables) -> Tables:
    """Query, key and value in one matrix, gate and up in another, as several programs store
    them.
    """
    found = {
        k: v
        for k, v in tables.items()
        if not any(f"{w}_proj" in k for w in ("q", "k", "v", "gate", "up"))
    }
    for layer in range(LAYERS):
        for place, words, name in (
            ("self_attn", "qkv", "qkv_proj"),
            ("mlp", ("gate", "up"), "gate_up_proj"),
        ):
            stem = f"layers.{layer}.{place}."
            found[f"{stem}{name}.weight"] = np.concatenate(
                [tables[f"{stem}{w}_proj.weight"] for w in words]
            )
    return found


def written_back(kind: str, encode: Callable[[Any], bytes]) -> Callable[[Any], Any]:
    """Super-blocks of 256 values do not fit rows of 64: the values that a K type leaves, decoded by
    the program's own decoder.
    """
    return lambda v: (
        np.frombuffer(ggml.floats(kind, encode(v)), "<f4")[: v.size].reshape(v.shape).copy()
    )


def variants(a: Tables, folder: Path, other: Tables) -> dict[str, Any]:
    light = kept(folder, "light", lambda: trained(1, 1, 150, 3e-4, a))
    heavy = kept(folder, "heavy", lambda: trained(1, 77, 200, 3e-3, a))
    heavier = kept(folder, "heavier", lambda: trained(1, 78, 600, 6e-3, a))
    half_units = np.sort(DICE.permutation(UNITS)[: UNITS * 7 // 10])
    found: dict[str, Any] = {
        "the same": a,
        "cast to bf16": each(a, lambda v: torch.from_numpy(v).bfloat16().float().numpy()),
        "cast to f16": each(a, lambda v: v.astype(np.float16)),
        "f16, then bf16": each(
            a, lambda v: torch.from_numpy(v.astype(np.float16)).bfloat16().float().numpy()
        ),
        "int8 codes and scales": codes8(a),
        "int8, written back": each(a, lambda v: grid(v, 8, v.shape[1])),
        "4 bits in groups of 32": each(a, lambda v: grid(v, 4, 32)),
        "2 bits in groups of 32": each(a, lambda v: grid(v, 2, 32)),
        "light fine-tune": light,
        "heavy fine-tune, other data": heavy,
        "heavier fine-tune, twice the rate": heavier,
        "LoRA merged, as large as the weights": lora(a),
        "merge: mean of two fine-tunes": mixed(light, heavy, 0.5),
        "merge: half an independent model": mixed(a, other, 0.5),
        "merge: task vector x 1.5": task(a, heavy, 1.5),
        "merge: trimmed signs (TIES)": ties(a, light, heavy),
        "a layer dropped": layers(a, [0, 2, 3]),
        "depth up-scaling": layers(a, [0, 1, 2, 1, 2, 3]),
        "depth up-scaling, then fine-tuned": layers(heavy, [0, 1, 2, 1, 2, 3]),
        "layers alternating with an independent model": {
            k: (other if ".1." in k or ".3." in k else a)[k] for k in a
        },
        "pruned by size, 50 %": each(a, lambda v: pruned(v, 0.5)),
        "pruned by size, 80 %": each(a, lambda v: pruned(v, 0.8)),
        "pruned 2 of 4": each(a, two_of_four),
        "30 % of the units removed": chosen_units(a, lambda: half_units),
        "30 % of the units removed, noise": noisy(chosen_units(a, lambda: half_units), 0.3),
        "a quarter of the width removed, noise": noisy(
            residual(a, np.sort(DICE.permutation(WIDTH)[: WIDTH * 3 // 4])), 0.2
        ),
        "full permutation": permuted(a),
        "full permutation, noise 10 %": noisy(permuted(a), 0.1),
        "full permutation, fine-tuned": permuted(light),
        "units permuted, noise 30 %": noisy(chosen_units(a, lambda: DICE.permutation(UNITS)), 0.3),
        "noise 10 %": noisy(a, 0.1),
        "noise 100 %": noisy(a, 1.0),
        "noise 200 %": noisy(a, 2.0),
        "MoE up-cycling, 4 experts, noise 10 %": experts(a, 4, 0.1),
        "MoE up-cycling, slices stacked, noise 10 %": slices(a),
        "signs of units flipped": flipped(a),
        "signs of units flipped, noise 30 %": noisy(flipped(a), 0.3),
        "signs of the residual flipped, noise 10 %": noisy(
            residual(a, np.arange(WIDTH), DICE.choice([-1.0, 1.0], WIDTH).astype(np.float32)), 0.1
        ),
        "heads permuted, fine-tuned": heads(heavy),
        "tied embeddings": {k: v for k, v in heavy.items() if k != "lm_head.weight"},
        "vocabulary extended, fine-tuned": extended(heavy),
        "no names, stored transposed": nameless(a),
        "no names, stored transposed, fine-tuned": nameless(heavy),
    }
    for kind, encode in (("Q8_0", q8_0), ("Q4_0", q4_0)):
        found[f"GGUF {kind}"] = Blocks(a, kind, encode)
    for kind, encode in (("Q4_K", q4_k), ("Q6_K", q6_k)):
        found[f"GGUF {kind}, values written back"] = each(a, written_back(kind, encode))
    found["query, key, value fused, gate and up fused"] = fused(a)
    found["tokens in another order, fine-tuned"] = Worded(light, DICE.permutation(VOCABULARY))
    found["full permutation, tokens in another order, fine-tuned"] = Worded(
        permuted(light), DICE.permutation(VOCABULARY)
    )
    return found


# ---- the table
# --------------------------------------------------------------------------------------------------


def side(name: str, tables: Any) -> Any:
    found = of_checkpoint(tables if isinstance(tables, Arrays) else Arrays(tables), name)
    found.vocabulary = getattr(
        tables, "vocabulary", {f"token {at}": at for at in range(VOCABULARY)}
    )
    return found


def resampled(models: list[Tables], pairs: int) -> tuple[int, int, float]:
    """Independent pairs: two different models, three layers of each in random order, a random block
    of 128 units, random columns.

    Gives how many were accused, the most units in place in one cell, and the smallest corrected
    log10 p.
    """
    dice = np.random.default_rng(7)
    accused = most = 0
    least = 0.0
    for _ in range(pairs):
        x, y = dice.permutation(len(models))[:2]
        first, cells = int(dice.integers(0, UNITS - 128)), []
        columns = dice.permutation(WIDTH)[:64]
        for la, lb in itertools.product(dice.permutation(LAYERS)[:2], dice.permutation(LAYERS)[:2]):
            for names in (("gate_proj", "up_proj"), ("down_proj",)):
                sides = []
                for model, layer in ((models[x], la), (models[y], lb)):
                    kinds = [model[f"layers.{layer}.mlp.{n}.weight"] for n in names]
                    kinds = [
                        k.T if n == "down_proj" else k for n, k in zip(names, kinds, strict=True)
                    ]
                    sides.append(
                        units.features([k[first : first + 128][:, columns] for k in kinds])
                    )
                (p, up), (q, uq) = sides
                cells.append(units.in_place(units.matches(units.similarity(p, q), up, uq)))
        scores = [units.log10_hits(hits) + math.log10(len(cells) + 2) for hits in cells]
        accused += sum(score < LOG10_ACCUSE for score in scores) >= 2
        most, least = max(most, *cells), min(least, *scores)
    return accused, most, least


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=200)
    given = parser.parse_args()
    given.models.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    a = kept(given.models, "a", lambda: trained(1, 1, given.steps))
    # Some independents share the training text, as two models of one corpus do; none shares the
    # seed.
    others = [
        kept(
            given.models, f"i{n}", lambda n=n: trained(100 + n, 1 if n % 2 else 50 + n, given.steps)
        )
        for n in range(6)
    ]
    home = side("A", a)
    lines = [
        (
            "| variant | verdict | corrected log10 p | units in place | r | equal numbers |"
            " LayerNorm cosine | after shuffling |"
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    missed, cosines = [], {"derived": [], "independent": []}

    def row(name: str, tables: Any, kind: str) -> str:
        begun = time.perf_counter()
        answer = compare(home, side("B", tables)).answer
        norm = answer["not_evidence"]
        best = max((r["in_place"] for r in answer["layer_map"]), default=0)
        of = max((r["of"] for r in answer["layer_map"]), default=0)
        cosine = norm.get("layernorm_cosine", float("nan"))
        cosines[kind].append(cosine)
        r = f"{answer['effect']['r']:.3f}" if answer["effect"] else ""
        lines.append(
            f"| {name} | {answer['verdict']} | {answer['log10_p']:.1f} |"
            f" {f'{best} of {of}' if best else answer['found_by']} | {r} |"
            f" {answer['evidential_share']:.1%} | {cosine:.4f} |"
            f" {norm.get('layernorm_cosine_shuffled', float('nan')):.4f} |"
        )
        shapes = sorted({r["shape"] for r in answer["residuals"]})
        print(
            f"{name}: {answer['verdict']} {answer['log10_p']} {shapes} {answer['found_by']}"
            f" {time.perf_counter() - begun:.1f} s",
            file=sys.stderr,
        )
        return str(answer["verdict"])

    derived = variants(a, given.models, others[0])
    for name, tables in derived.items():
        if row(name, tables, "derived") not in (
            "identical",
            "identical-after-transform",
            "quantised-copy",
            "common-origin",
        ):
            missed.append(name)
    words = [row(f"independent {at}", t, "independent") for at, t in enumerate(others)]
    cleared, open_ends = words.count("no-common-origin"), words.count("inconclusive")
    accused, most, least = resampled([a, *others], given.pairs)
    below = sum(
        x >= y for x in cosines["independent"] for y in cosines["derived"] if not math.isnan(y)
    )
    pairs = sum(not math.isnan(y) for y in cosines["derived"]) * len(cosines["independent"])
    low, high = min(cosines["independent"]), max(cosines["independent"])
    ends = [
        f"{len(derived) - len(missed)} of {len(derived)} derived variants found"
        + (f"; missed: {', '.join(missed)}" if missed else "")
        + ".",
        (
            f"{len(others) - cleared - open_ends} of {len(others)} independent models accused;"
            f" {cleared} cleared, {open_ends} inconclusive."
        ),
        (
            f"{given.pairs:,} resampled independent pairs: {accused} accused; at most {most} of 128"
            f" units in place; least log10 p {least:.2f}."
        ),
        (
            f"LayerNorm cosine of independent models: {low:.4f} to {high:.4f}; not below a derived"
            f" one's in {below} of {pairs} pairs."
        ),
    ]
    lines += ["", *ends]
    text_out = "\n".join(lines) + "\n"
    if given.output:
        given.output.write_text(text_out, encoding="utf-8")
    print(text_out)


if __name__ == "__main__":
    main()
