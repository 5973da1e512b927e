"""Weights in a bucket of an object store: `gs://bucket/checkpoints/norae_base/params`,
`s3://bucket/norae.ckpt`. Nobody's machine is meant, so a bucket says as much as a URL; but training
also writes there, and data lies there.
"""

from __future__ import annotations

from typing import NamedTuple

from aisbom.collect.references.loaders import BUCKETS
from aisbom.lazy_module import compile_later

_ADDRESS = compile_later(
    r"(?P<scheme>[a-z0-9]{2,3})://(?P<bucket>[a-z0-9][a-z0-9.\-_]{2,62})/(?P<path>[\w.\-/=+]{2,400})"
)
_PLACEHOLDER = compile_later(
    r"(?:(?:my|your|our|some|the|test|example)[-_.]?)?"
    r"(?:my|your|bucket|bucket[-_]?name|example|path|foo|bar|xxx+|placeholder)(?:[-_.]?\w{0,8})?"
)
_WEIGHTS = compile_later(
    r".+\.(?:pth?|pyth|bin|safetensors|gguf|ckpt|onnx|h5|tflite|pdparams|msgpack|npz|nemo)"
)
_TOKENIZER = compile_later(
    r"(?=.*(?:token|spm|sentencepiece|vocab|bpe)).+\.(?:model|vocab|tiktoken)"
)
_HOLDS = frozenset(
    {
        *("checkpoint", "checkpoints", "ckpt", "ckpts", "weights", "pretrained"),
        *("pretrained_models", "pretrained-models", "model_zoo", "models"),
    }
)
"""Folders of models: what lies in one is called after the model."""
_INSIDE = compile_later(
    r"params|assets|train_state|model|models|default|state|ema_params|weights|items|checkpoints?|(?:step[-_]?)?\d{1,9}(?:[-_]\w{1,20})?"
)
"""What lies in a model's own folder."""
_TELLS = compile_later(r"(?=.*[A-Za-z])(?=.*[\d\-_])[\w.\-=+]{3,120}")


class Stored(NamedTuple):
    """What an address leads to: a name, the address without what lies in the model's folder, and
    whether it is `weights` or a `tokenizer`.
    """

    name: str
    url: str
    part: str


def find_stored(text: str) -> Stored | None:
    """The model or tokenizer at an address in a bucket; None for anything else, also for what names
    no model.

    >>> find_stored("gs://lab-assets/checkpoints/norae_base/params")
    Stored(name='norae_base', url='gs://lab-assets/checkpoints/norae_base', part='weights')
    >>> find_stored("s3://lab/data/norae_base/train.parquet")
    """
    match = _ADDRESS.fullmatch(text) if text.startswith(BUCKETS) else None
    if match is None or _PLACEHOLDER.fullmatch(match["bucket"]):
        return None
    names = [name for name in match["path"].split("/") if name not in ("", ".", "..")]
    start = f"{match['scheme']}://{match['bucket']}"
    last = names[-1].lower() if names else ""
    if _TOKENIZER.fullmatch(last):
        return Stored(names[-1], "/".join((start, *names)), "tokenizer")
    if _WEIGHTS.fullmatch(last):
        return Stored(names[-1], "/".join((start, *names)), "weights")
    end = _find_folder(names)
    return Stored(names[end - 1], "/".join((start, *names[:end])), "weights") if end else None


def _find_folder(names: list[str]) -> int:
    """Where a path through a folder of models ends in that of one model; 0 if in none."""
    at = max((n for n, name in enumerate(names[:-1]) if name.lower() in _HOLDS), default=-1)
    end = len(names)
    while end > at + 2 and _INSIDE.fullmatch(names[end - 1]):
        end -= 1
    name = names[end - 1] if at >= 0 else ""
    # A file of another kind, or a folder that says nothing, is none.
    told = _TELLS.fullmatch(name) and not _INSIDE.fullmatch(name) and "." not in name[-6:]
    return end if told else 0
