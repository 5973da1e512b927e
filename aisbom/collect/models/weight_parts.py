"""The parts of a checkpoint that the names of its tensors reveal, with the sizes that their shapes
show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aisbom.model import part_names
from aisbom.weights import structure
from aisbom.weights.read.stored import TensorInfo

_LAYER = re.compile(r"(?:^|\.)(?:layers|layer|h|blocks|block|resblocks)\.(\d{1,5})\.")
_EMBEDDING = re.compile(
    r"(?:^|\.)(?:embed_tokens|wte|word_embeddings|tok_embeddings|token_embd|embed_in)\.weight$"
)
_LINEAR = re.compile(r"\.weight$|^weight$")
_CONTAINED = 0.02
"""With no more tensors than this beside it, a part that stands alone is the model."""


@dataclass(frozen=True, slots=True)
class TensorGroup:
    """Tensors of one part: `prefix` is what their names share."""

    part: str
    prefix: str
    tensors: tuple[TensorInfo, ...]

    def facts(self) -> list[tuple[str, str | int | None]]:
        """What an observation says of it. `width` is the length that most of its one-dimensional
        tensors have.
        """
        found: list[tuple[str, str | int | None]] = [
            ("part", self.part),
            ("basis", "tensors"),
            ("prefix", self.prefix),
            ("tensors", len(self.tensors)),
            ("parameters", sum(t.numel for t in self.tensors)),
            ("names-digest", structure.names_digest(self.tensors)),
            *(("dtype", dtype) for dtype in sorted({t.dtype for t in self.tensors})),
            *shapes(self.tensors),
        ]
        if part_names.kind(self.part) == "projector":
            linear = sorted(
                (t for t in self.tensors if len(t.shape) == 2 and _LINEAR.search(t.name)),
                key=lambda t: _natural(t.name),
            )
            if linear:
                found += [("in-width", linear[0].shape[1]), ("out-width", linear[-1].shape[0])]
        else:
            widths = Counter(t.shape[0] for t in self.tensors if len(t.shape) == 1)
            if widths:
                found.append(("width", min(widths, key=lambda n: (-widths[n], n))))
        return found


def group_tensors(tensors: Sequence[TensorInfo]) -> Iterator[TensorGroup]:
    """The parts of a checkpoint, none where its names tell of one network only. Text alone is the
    model, not a part of it.
    """
    groups: dict[str, list[TensorInfo]] = {}
    prefixes: dict[str, set[str]] = {}
    named = 0
    for tensor in tensors:
        part, prefix = part_names.of_prefix(tensor.name)
        if part:
            named += 1
            groups.setdefault(part, []).append(tensor)
            prefixes.setdefault(part, set()).add(prefix)
    kinds = {part_names.kind(part) for part in groups}
    rest = len(tensors) - named
    alone = len(kinds) == 1 and rest <= _CONTAINED * len(tensors)
    if not groups or alone or not kinds - {"language-model", "text-encoder"}:
        return
    for part, members in sorted(groups.items()):
        yield TensorGroup(part, sorted(prefixes[part])[0], tuple(members))


def shapes(tensors: Iterable[TensorInfo]) -> list[tuple[str, str | int | None]]:
    """How many layers the numbers in the names show, and the two sides of the table of token
    embeddings, where there is just one.
    """
    layers = Counter[str]()
    tables = []
    for tensor in tensors:
        for match in _LAYER.finditer(tensor.name):
            stem = tensor.name[: match.start(1)]
            layers[stem] = max(layers[stem], int(match[1]) + 1)
            break
        if len(tensor.shape) == 2 and _EMBEDDING.search(tensor.name):
            tables.append(tensor)
    found: list[tuple[str, str | int | None]] = []
    if len(layers) == 1:
        found.append(("layers", next(iter(layers.values()))))
    if len(tables) == 1:
        rows, width = max(tables[0].shape), min(tables[0].shape)
        found += [("table", tables[0].name[:120]), ("table-rows", rows), ("table-width", width)]
    return found


def _natural(name: str) -> list[tuple[int, str]]:
    return [
        (int(piece), "") if piece.isdigit() else (-1, piece)
        for piece in re.split(r"(\d{1,9})", name)
    ]
