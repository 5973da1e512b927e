"""The parts of a model that are models of their own: encoders, projectors, decoders, codecs,
adapters, checkpoints of one run.

A part is known from a nested configuration, from the prefix of tensors in the model's own file, or
from a folder below the model. Sightings of the same part of the same model are one component, whose
ref is `model:<place>#<part>` inside the model's files and `model:<folder>` for a folder of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from aisbom.merge.owners import parent
from aisbom.model import Observation, part_names

_CHECKPOINT = re.compile(
    r"(?:checkpoint|global_step|step|epoch|iter)[-_]?\d+|(?:best|last|final)[-_](?:model|checkpoint)"
)
_FAR = 3


def homes(sightings: Iterable[Observation]) -> frozenset[str]:
    """Folders that are a model: they hold a card or a configuration, or weights below a model under
    the name of a part.
    """
    every = list(sightings)
    found = {
        o.evidence.at.folder
        for o in every
        if o.kind == "model" and o.fact("file-kind") != "preprocessor"
    }
    named = {o.fact("folder") for o in every if o.kind == "submodel" and o.fact("folder")}
    weights = {o.evidence.at.folder for o in every if o.kind == "weights"}
    return frozenset(found | {folder for folder in weights if part_of(folder, found, named)})


def part_of(folder: str, found: Iterable[str], named: Iterable[str] = ()) -> str:
    """The part that a folder below a model is by its name, or because the model's own index names
    it; `""` for any other folder.
    """
    above = holder(folder, found)
    if above is None:
        return ""
    name = folder.rpartition("/")[2]
    return part_names.of_folder(name) or ("part" if folder in named else "")


def holder(folder: str, found: Iterable[str]) -> str | None:
    """The nearest folder above that is a model, at most three levels up."""
    known = found if isinstance(found, frozenset | set) else set(found)
    place = folder
    for _ in range(_FAR):
        if not place:
            return None
        place = parent(place)
        if place in known:
            return place
    return None


def find_nested_models(places: Iterable[str], submodels: Iterable[Observation]) -> dict[str, str]:
    """`{folder of a part: folder of its model}` for the models that are parts of another: by name,
    by the model's index, or checkpoints.
    """
    known = frozenset(places)
    named = {o.fact("folder") for o in submodels if o.fact("folder")}
    found = {}
    for place in known:
        above = holder(place, known)
        if above is not None and (
            part_of(place, known, named) or _CHECKPOINT.fullmatch(place.rpartition("/")[2].lower())
        ):
            found[place] = above
    return found


def divide_sightings(
    sightings: Iterable[Observation], inside: Mapping[str, str]
) -> tuple[dict[str, tuple[Observation, ...]], dict[str, tuple[Observation, ...]]]:
    """(parts in the model's own files by name, sightings that belong to a folder of its own by that
    folder) of one model's parts.

    `inside` maps the folders of this model's parts to their part names. A part that a configuration
    describes and a folder holds is the folder's.
    """
    here: dict[str, list[Observation]] = {}
    there: dict[str, list[Observation]] = {}
    by_part: dict[str, list[str]] = {}
    for folder, part in inside.items():
        by_part.setdefault(part, []).append(folder)
    every = list(sightings)
    held = {o.name for o in every if o.fact("basis") == "tensors"}
    for o in every:
        folders = [o.fact("folder")] if o.fact("folder") in inside else by_part.get(o.name, [])
        if o.name not in held and len(folders) == 1:
            there.setdefault(folders[0], []).append(o)
        else:
            here.setdefault(_find_meant_part(o, held), []).append(o)
    return {part: tuple(found) for part, found in here.items()}, {
        folder: tuple(found) for folder, found in there.items()
    }


def _find_meant_part(o: Observation, held: set[str]) -> str:
    """The part of the tensors that a configuration describes: `thinker.audio-encoder` where only
    `audio-encoder` has tensors.
    """
    if o.name in held:
        return o.name
    bare = o.name.rpartition(".")[2]
    like = sorted(name for name in held if name.rpartition(".")[2] == bare)
    return like[0] if len(like) == 1 else o.name
