"""Sightings of model files into models: a folder with a card, a config or weights is one model, its files are its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aisbom.merge.places import parent
from aisbom.model import Observation

_SHARD = re.compile(r"^(?P<stem>.+?)[-_.]?(?:model-)?\d{5}-of-\d{5}(?P<rest>(?:\.[A-Za-z0-9]+)+)$")

MODEL_KINDS = frozenset({"model", "weights", "digest", "values", "match", "tokenizer"})


def group(sightings: Iterable[Observation]) -> dict[str, tuple[Observation, ...]]:
    """`{place: sightings}`: by the folder of the nearest card or config above a file, else by the weight file (shards together)."""
    every = sorted(sightings)
    homes = {o.evidence.at.folder for o in every if o.kind == "model"}
    groups: dict[str, list[Observation]] = {}
    for sighting in every:
        folder = sighting.evidence.at.folder
        home = _home(folder, homes)
        if home is None:
            if "tokenizer" in (sighting.kind, sighting.fact("of")):
                home = folder
            else:
                name = shard_stem(sighting.evidence.at.path.rpartition("/")[2])
                home = f"{folder}/{name}" if folder else name
        groups.setdefault(home, []).append(sighting)
    return {home: tuple(found) for home, found in groups.items()}


def parts(sightings: Iterable[Observation]) -> dict[str, tuple[Observation, ...]]:
    """`{path: sightings}` of one model's weights and tokenizer: shards of one checkpoint are one part."""
    found: dict[str, list[Observation]] = {}
    for sighting in sightings:
        if sighting.kind not in ("model", "notice"):
            path = sighting.evidence.at.path
            folder, _, name = path.rpartition("/")
            stem = "tokenizer" if "tokenizer" in (sighting.kind, sighting.fact("of")) else shard_stem(name)
            found.setdefault(f"{folder}/{stem}" if folder else stem, []).append(sighting)
    return {path: tuple(group) for path, group in found.items()}


def shard_stem(name: str) -> str:
    """The name that the shards of one checkpoint share: `model-00001-of-00004.safetensors` -> `model.safetensors`."""
    match = _SHARD.match(name)
    if match:
        return f"{match['stem']}{match['rest']}"
    return name.removesuffix(".index.json") if name.endswith(".index.json") else name


def _home(folder: str, homes: set[str]) -> str | None:
    """The folder of the nearest model above; a file further down than three folders is taken to be something else."""
    for _ in range(4):
        if folder in homes:
            return folder
        if not folder:
            return None
        folder = parent(folder)
    return None
