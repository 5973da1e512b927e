"""What a model can be changed by without computing anything else: each returns new tables of a
small decoder as `arrays.model` makes it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Tables = dict[str, Any]
_READS = ("q_proj", "k_proj", "v_proj", "gate_proj", "up_proj")
_WRITES = ("o_proj", "down_proj")


def fold(tables: Tables) -> Tables:
    """Gains moved into the matrices behind them; the output head is untied."""
    found = dict(tables)
    for name, value in tables.items():
        if any(word in name for word in _READS):
            stem = name.split(".mlp.")[0].split(".self_attn.")[0]
            found[name] = value * tables[_norm_name(tables, stem, ".mlp." in name)]
    head = tables.get("lm_head.weight", tables["model.embed_tokens.weight"])
    found["lm_head.weight"] = head * tables["model.norm.weight"]
    for name, value in tables.items():
        if "norm" in name:
            found[name] = np.ones_like(value)
    return found


def rotate(tables: Tables, q: Any) -> Tables:
    """The residual stream turned by an orthogonal matrix, gains folded first."""
    found = fold(tables)
    for name, value in found.items():
        if any(word in name for word in _WRITES):
            found[name] = q.T @ value
        elif any(word in name for word in (*_READS, "embed_tokens", "lm_head")):
            found[name] = value @ q
    return {k: np.ascontiguousarray(v, dtype=np.float32) for k, v in found.items()}


def orthogonal(width: int, seed: int) -> Any:
    """A random orthogonal matrix."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(width, width)))[0]


def hadamard(width: int, seed: int) -> Any:
    """A Hadamard matrix with random signs, as quantising programs use it; `width` a power of two."""
    q = np.ones((1, 1))
    while q.shape[0] < width:
        q = np.block([[q, q], [q, -q]])
    return q / np.sqrt(width) * np.random.default_rng(seed).choice([-1.0, 1.0], size=width)


def permute(tables: Tables, seed: int) -> Tables:
    """The units of every hidden layer in another order."""
    dice, found, orders = np.random.default_rng(seed), dict(tables), {}
    for name, value in sorted(tables.items()):
        if ".mlp." in name:
            stem, wide = name.split(".mlp.")[0], "down_proj" in name
            order = orders.setdefault(stem, dice.permutation(value.shape[1 if wide else 0]))
            found[name] = np.ascontiguousarray(value[:, order] if wide else value[order])
    return found


def rescale(tables: Tables, seed: int, spread: float = 1.0) -> Tables:
    """Channels scaled before each hidden layer, and back in its normalisation; units scaled between
    up and down.
    """
    dice, found = np.random.default_rng(seed), dict(tables)
    for name in [n for n in tables if n.endswith("up_proj.weight")]:
        stem = name.split(".mlp.")[0]
        units, width = tables[name].shape
        by_channel, by_unit = (np.exp(spread * dice.normal(size=n)) for n in (width, units))
        norm = _norm_name(tables, stem, mlp=True)
        found[norm] = tables[norm] / by_channel
        for word in _READS if norm == _norm_name(tables, stem, mlp=False) else _READS[3:]:
            key = next(n for n in tables if n.startswith(stem + ".") and word in n)
            found[key] = tables[key] * by_channel
        found[name] = found[name] * by_unit[:, None]
        down = name.replace("up_proj", "down_proj")
        found[down] = tables[down] / by_unit
    return {k: v.astype(np.float32) for k, v in found.items()}


def noisy(tables: Tables, share: float, seed: int) -> Tables:
    """Every matrix changed by `share` of its spread."""
    dice = np.random.default_rng(seed)
    return {
        k: (v + dice.normal(size=v.shape) * v.std() * share).astype(np.float32)
        if v.ndim == 2
        else v
        for k, v in tables.items()
    }


def _norm_name(tables: Tables, stem: str, mlp: bool) -> str:
    name = f"{stem}.post_attention_layernorm.weight"
    return name if mlp and name in tables else f"{stem}.input_layernorm.weight"
