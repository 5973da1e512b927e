"""What the names and shapes of tensors show: the sub-models of a checkpoint, and a digest of its
structure.

Both route a comparison and never accuse: two models of one public architecture have one structure,
whoever trained them.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aisbom.weights.read.stored import TensorInfo

_DIGITS = re.compile(r"\d+")

# Wrappers that training code puts around a whole model; they say nothing about its parts.
_WRAPPERS = frozenset(
    {
        "model",
        "module",
        "state_dict",
        "_orig_mod",
        "base_model",
        "ema",
        "params",
        "network",
        "net",
        "student",
        "teacher",
    }
)

_ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "projector",
        (
            "projector",
            "multi_modal_projector",
            "mm_projector",
            "vision_projector",
            "audio_projector",
            "connector",
            "merger",
            "aligner",
            "qformer",
        ),
    ),
    (
        "vision encoder",
        (
            "visual",
            "vision",
            "vision_tower",
            "vision_model",
            "vision_encoder",
            "vision_backbone",
            "image_encoder",
            "img_encoder",
            "vit",
            "vpm",
        ),
    ),
    (
        "audio encoder",
        ("audio_tower", "audio_model", "audio_encoder", "speech_encoder", "whisper", "apm"),
    ),
    ("language model", ("language_model", "llm", "text_model", "thinker")),
    ("text encoder", ("text_encoder", "bert", "roberta")),
    ("vocoder", ("vocoder", "hifigan", "token2wav")),
)
"""What first parts of names are called across public architectures; words that any network may use
(`encoder`) say nothing here.
"""


@dataclass(frozen=True, slots=True)
class Submodel:
    """Tensors under one prefix. `role` is what such a prefix is usually called, `""` where it has
    no usual name.
    """

    prefix: str
    role: str
    tensors: int
    parameters: int
    digest: str


def grammar(name: str) -> str:
    """The name with every run of digits replaced by `#`: the same line for each layer."""
    return _DIGITS.sub("#", name)


def symbolic(tensors: Iterable[TensorInfo]) -> list[str]:
    """Sorted lines `grammar|dimensions|count`, where dimensions are letters in the order of their
    first use over the sorted lines.

    Two sizes of one architecture have the same letters: `A` stands for one length wherever it
    occurs.
    """
    counted = Counter((grammar(t.name), t.shape) for t in tensors)
    letters: dict[int, str] = {}
    lines = []
    for (name, shape), count in sorted(counted.items()):
        words = [str(n) if n <= 1 else letters.setdefault(n, f"d{len(letters)}") for n in shape]
        lines.append(f"{name}|{','.join(words)}|{count}")
    return lines


def digest(tensors: Iterable[TensorInfo]) -> str:
    """SHA-256 (hex) over the sorted lines `grammar|dimensions` (each once, sizes as letters): equal
    for all sizes of one architecture.
    """
    lines = sorted({line.rpartition("|")[0] for line in symbolic(tensors)})
    return hashlib.sha256(
        "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    ).hexdigest()


def names_digest(tensors: Iterable[TensorInfo]) -> str:
    """SHA-256 (hex) over the sorted lines `name|dimensions`: equal for one model in several
    precisions, not for two shards of one.
    """
    lines = sorted(f"{t.name}|{','.join(map(str, t.shape))}\n" for t in tensors)
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def submodels(tensors: Sequence[TensorInfo], most: int = 40) -> tuple[Submodel, ...]:
    """The parts of a checkpoint by the first parts of its names, largest first; a wrapper around
    everything is looked through.

    A prefix that opens again into several named parts (`model.visual`, `model.language_model`) is
    split once where one of them has a role of its own.
    """
    groups: dict[str, list[TensorInfo]] = {}
    for tensor in tensors:
        groups.setdefault(_prefix(tensor.name), []).append(tensor)
    rows = [
        Submodel(
            prefix,
            role(prefix),
            len(members),
            sum(t.numel for t in members),
            digest(_below(prefix, members)),
        )
        for prefix, members in groups.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.parameters, row.prefix))[:most])


def role(prefix: str) -> str:
    """What a part with this prefix is usually called, from its last word first; `""` where the
    words say nothing.
    """
    for word in reversed(prefix.lower().split(".")):
        for name, words in _ROLES:
            if word in words:
                return name
    return ""


def _prefix(name: str) -> str:
    parts = re.split(r"[./]", name)[:-1]
    taken = []
    for part in parts:
        taken.append(grammar(part))
        if part not in _WRAPPERS:
            break
    return ".".join(taken)


def _below(prefix: str, members: Iterable[TensorInfo]) -> list[TensorInfo]:
    """The same tensors under names without the prefix, so that a renamed part has the same
    digest.
    """
    depth = prefix.count(".") + 1 if prefix else 0
    return [
        TensorInfo(".".join(re.split(r"[./]", t.name)[depth:]), t.dtype, t.shape, t.nbytes, t.exact)
        for t in members
    ]
