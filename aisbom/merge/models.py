"""Sightings of model files into models: a folder with a card, a config or weights is one model, its
files are its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aisbom.merge import network_files, submodels, tokenizers
from aisbom.merge.owners import parent
from aisbom.model import Component, Evidence, Location, Observation, Relation, facts
from aisbom.weights.read.shards import shard_stem

MODEL_KINDS = frozenset(
    {
        "model",
        "weights",
        "weight-data",
        "digest",
        "values",
        "match",
        "tokenizer",
        "submodel",
        "training-log",
    }
)

_GENERIC = frozenset(
    {
        "",
        "model",
        "models",
        "weights",
        "checkpoint",
        "ckpt",
        "final",
        "best",
        "output",
        "hf",
        "main",
        "files",
        "data",
    }
)


def group(sightings: Iterable[Observation]) -> dict[str, tuple[Observation, ...]]:
    """`{place: sightings}`: by the folder of the nearest card or config above a file, else by the
    weight file (shards together).
    """
    every = sorted(sightings)
    homes = submodels.homes(every)
    # Files of values alone go where the model goes that they are the values of.
    owners = {
        o.evidence.at.path: o.fact("values-of") for o in reversed(every) if o.kind == "weight-data"
    }
    apart = _own_names(every)
    groups: dict[str, list[Observation]] = {}
    for sighting in every:
        path = owners.get(sighting.evidence.at.path, sighting.evidence.at.path)
        folder = path.rpartition("/")[0]
        home = _home(folder, homes)
        if home is None:
            if sighting.kind == "training-log":
                continue  # of no model that is here: a file of numbers
            if path in apart:
                home = path
            elif "tokenizer" in (sighting.kind, sighting.fact("of")):
                home = folder
            else:
                name = shard_stem(path.rpartition("/")[2])
                home = f"{folder}/{name}" if folder else name
        groups.setdefault(home, []).append(sighting)
    return {home: tuple(found) for home, found in groups.items()}


def components(
    sightings: Sequence[Observation], root: Component
) -> tuple[list[Component], list[Relation]]:
    """The models of a tree with their parts, and what contains what. A part that is a model of its
    own stands inside its model.
    """
    homes = submodels.homes(sightings)
    # The settings of a processor are a format: without a model beside them they are no model.
    loose = [o for o in sightings if _processor(o) and _home(o.evidence.at.folder, homes) is None]
    networks, contains = network_files.components(
        [o for o in sightings if network_files.of_network_file(o)],
        loose,
        [o for o in sightings if o.kind == "design"],
    )
    made: dict[str, Component] = {c.ref: c for c in networks}
    sightings = [
        o
        for o in sightings
        if not network_files.of_network_file(o) and o not in loose and o.kind != "design"
    ]
    groups = {place: (*found, *_files_of_parts(found)) for place, found in group(sightings).items()}
    described = [o for o in sightings if o.kind == "submodel"]
    inside = submodels.find_nested_models(
        (place for place, found in groups.items() if any(o.kind != "tokenizer" for o in found)),
        described,
    )
    names = {place: _name(place, found, root) for place, found in groups.items()}
    moved: dict[str, tuple[Observation, ...]] = {}
    refs: dict[str, str] = {}
    for place, found in sorted(groups.items()):
        # Tokenizer files alone (a code folder with a tokenizer.json) are a part, not a model.
        lone = all("tokenizer" in (o.kind, o.fact("of")) for o in found)
        refs[place] = f"tokenizer:{place}" if lone else f"model:{place}"
        whole = {o.evidence.at.path: o.name for o in _files_of_parts(found)}
        own = tuple(
            _without_part(o) if o.evidence.at.path in whole else o
            for o in found
            if o.kind != "submodel"
        )
        if not own:
            continue
        ids = sorted({o.fact("model-id") for o in own if o.fact("model-id")})
        version = next((o.version for o in own if o.kind == "model" and o.version), "")
        stated = next((o.purl for o in own if o.kind == "model" and o.purl), "")
        kind = "file" if lone else "machine-learning-model"
        purl = stated if place not in inside else ""
        name = ids[0] if len(ids) == 1 and place not in inside else names[place]
        made[refs[place]] = Component(refs[place], kind, name, version, purl, own)
        if lone:
            continue
        for path, part in sorted(parts(own).items()):
            sort = "tokenizer" if any(o.kind == "tokenizer" for o in part) else "weights"
            piece = Component(f"{sort}:{path}", "file", path.rpartition("/")[2], "", "", part)
            made[piece.ref] = piece
            above = whole.get(part[0].evidence.at.path)
            holder = f"{refs[place]}#{above}" if above else refs[place]
            contains.append(Relation(holder, piece.ref, "contains", part[0].evidence.at))
        folders = {
            folder: submodels.part_of(folder, [around], [folder])
            for folder, around in inside.items()
            if around == place
        }
        here, there = submodels.divide_sightings(
            [o for o in found if o.kind == "submodel"], folders
        )
        moved.update(there)
        for name_, part in sorted(here.items()):
            piece = Component(
                f"{refs[place]}#{name_}",
                "machine-learning-model",
                f"{names[place]} {name_}",
                "",
                "",
                part,
            )
            made[piece.ref] = piece
            contains.append(Relation(refs[place], piece.ref, "contains", part[0].evidence.at))
    for folder, above in sorted(inside.items()):
        held = made.get(refs.get(folder, ""))
        if held is not None and refs[above] in made:
            more = (*moved.get(folder, ()), *_observe_folder_part(folder, above, held))
            made[held.ref] = Component(
                held.ref,
                held.kind,
                held.name,
                held.version,
                held.purl,
                tuple(sorted({*held.observations, *more})),
            )
            contains.append(
                Relation(refs[above], held.ref, "contains", held.observations[0].evidence.at)
            )
    return tokenizers.compare_tokenizers([made[ref] for ref in sorted(made)]), contains


def _files_of_parts(found: Iterable[Observation]) -> list[Observation]:
    """Sightings of the parts that whole files of a model are, where another file holds the model: a
    projector beside the language model that it serves.
    """
    files = [o for o in found if o.kind == "weights"]
    if all(o.fact("part") for o in files):
        return []
    return [
        replace(
            o, kind="submodel", name=o.fact("part"), facts=facts(*o.facts, ("basis", "tensors"))
        )
        for o in files
        if o.fact("part")
    ]


def _without_part(o: Observation) -> Observation:
    return replace(o, facts=tuple(pair for pair in o.facts if pair[0] != "part"))


def _processor(o: Observation) -> bool:
    return o.kind == "model" and o.fact("file-kind") == "preprocessor"


def _observe_folder_part(folder: str, above: str, held: Component) -> Iterator[Observation]:
    """A sighting of the part that the name of a folder reveals."""
    part = submodels.part_of(folder, [above])
    if part:
        name = folder.rpartition("/")[2]
        at = held.observations[0].evidence.at
        seen = Evidence(
            "folder-name", "filename", "medium", Location(at.path), name, sees="content"
        )
        yield Observation("submodel", part, "", "", seen, (("basis", "folder"), ("part", part)))


def _name(place: str, found: Sequence[Observation], root: Component) -> str:
    """The folder's name; where that says nothing (`model`, `checkpoint`), the title of the card."""
    folder = place.rpartition("/")[2].rstrip("!")
    title = next((o.fact("title") for o in found if o.fact("title")), "")
    if folder.lower() in _GENERIC and re.fullmatch(r"[\w.\-+]+(?: [\w.\-+]+){0,3}", title):
        return title
    return folder or root.name


def _own_names(sightings: Iterable[Observation]) -> frozenset[str]:
    """Paths of tokenizers of a name of their own: several in a folder are several."""
    return frozenset(
        o.evidence.at.path
        for o in sightings
        if o.kind == "tokenizer" and o.fact("file-kind") == "tokenizer"
    )


def parts(sightings: Iterable[Observation]) -> dict[str, tuple[Observation, ...]]:
    """`{path: sightings}` of one model's weights and tokenizer: shards of one checkpoint are one
    part.
    """
    found: dict[str, list[Observation]] = {}
    every = list(sightings)
    apart = _own_names(every)
    for sighting in every:
        if sighting.kind in ("weights", "weight-data", "digest", "tokenizer"):
            path = sighting.evidence.at.path
            folder, _, name = path.rpartition("/")
            stem = (
                "tokenizer"
                if "tokenizer" in (sighting.kind, sighting.fact("of"))
                and (path not in apart or len(apart) == 1)
                else shard_stem(name)
            )
            found.setdefault(f"{folder}/{stem}" if folder else stem, []).append(sighting)
    return {path: tuple(group) for path, group in found.items()}


def _home(folder: str, homes: frozenset[str]) -> str | None:
    """The folder of the nearest model above; a file further down than three folders is taken to be
    something else.
    """
    for _ in range(4):
        if folder in homes:
            return folder
        if not folder:
            return None
        folder = parent(folder)
    return None
