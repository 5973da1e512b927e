"""Three published statistics of common origin, from their papers, on state dicts of the small
decoders of `weights_variants`: what they would have said of the same pairs.

- HuRef (arXiv 2312.04828): cosine of invariant terms, X Wq' Wk X', X Wv' Wo' X' and X W1' W2' X', of
  the last two layers, X being embeddings of rare tokens.
- REEF (arXiv 2410.14273): linear CKA of hidden states of the same texts; its threshold is 0.8.
- AWM (arXiv 2510.06738): residual dimensions assigned through embeddings of common tokens, with
  signs, then unbiased CKA of query and key matrices, mean over layers; its independent pairs have
  0.0038 on average with a deviation of 0.0028.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from benchmarks.weights_variants import LAYERS, VOCABULARY, Decoder

Tables = dict[str, Any]


def huref(a: Tables, b: Tables) -> float:
    """Mean cosine of the invariant terms of the last two layers."""
    x, y = _invariant_terms(a), _invariant_terms(b)
    return float(
        np.mean([np.corrcoef(p.ravel(), q.ravel())[0, 1] for p, q in zip(x, y, strict=True)])
    )


def reef(a: Tables, b: Tables, texts: torch.Tensor) -> float:
    """Linear CKA of hidden states behind the middle layer."""
    x, y = (_states(tables, texts) for tables in (a, b))
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    cross = float((x.T @ y).__pow__(2).sum())
    return cross / float(np.sqrt(((x.T @ x) ** 2).sum() * ((y.T @ y) ** 2).sum()))


def awm(a: Tables, b: Tables) -> float:
    """Mean unbiased CKA of query and key matrices over layers after assignment."""
    x, y = (t["embed_tokens.weight"].astype(np.float64) for t in (a, b))
    count = min(x.shape[0], y.shape[0])
    x, y = (e[:count] / np.sqrt((e[:count] ** 2).sum(axis=0)) for e in (x, y))
    cosines = x.T @ y
    rows, columns = linear_sum_assignment(-np.abs(cosines))
    signs = np.sign(cosines[rows, columns])
    found = []
    for layer in range(LAYERS):
        for word in ("q", "k"):
            name = f"layers.{layer}.self_attn.{word}_proj.weight"
            found.append(_unbiased(a[name][:, rows].T, (b[name][:, columns] * signs).T))
    return float(np.mean(found))


def _invariant_terms(t: Tables) -> list[Any]:
    x = t["embed_tokens.weight"][VOCABULARY // 2 : VOCABULARY]
    found = []
    for layer in (LAYERS - 2, LAYERS - 1):
        q, k, v, o = (t[f"layers.{layer}.self_attn.{w}_proj.weight"] for w in "qkvo")
        up, down = (t[f"layers.{layer}.mlp.{w}_proj.weight"] for w in ("up", "down"))
        found += [x @ q.T @ k @ x.T, x @ v.T @ o.T @ x.T, x @ up.T @ down.T @ x.T]
    return found


def _states(tables: Tables, texts: torch.Tensor) -> Any:
    model = Decoder()
    model.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in tables.items()})
    with torch.no_grad():
        x = model.embed_tokens(texts)
        for layer in model.layers[: LAYERS // 2]:
            x = layer(x)
    return x.flatten(0, 1).double().numpy()


def _unbiased(x: Any, y: Any) -> float:
    """CKA with the unbiased estimate of HSIC (Song et al. 2012), rows being examples."""

    def hsic(k: Any, m: Any) -> float:
        n = k.shape[0]
        term = (k * m).sum() + k.sum() * m.sum() / ((n - 1) * (n - 2))
        return float(term - 2 / (n - 2) * (k.sum(axis=0) @ m.sum(axis=1))) / (n * (n - 3))

    k, m = x.astype(np.float64) @ x.T, y.astype(np.float64) @ y.T
    np.fill_diagonal(k, 0)
    np.fill_diagonal(m, 0)
    power = hsic(k, k) * hsic(m, m)
    return hsic(k, m) / np.sqrt(power) if power > 0 else 0.0
