"""Sketches of known models: those shipped with the program and those an organiser adds."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aisbom import user_folders
from aisbom.weights import sketch
from aisbom.weights.shared import find_shared
from aisbom.weights.side import Side

SHIPPED = Path(__file__).parent / "references"
SUFFIX = ".sketch"
MAX_FILE = 1_000_000
RELATED = 0.1
"""The share of parameters from which two models are taken for relatives."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A sketch with where it comes from. `digest` is the SHA-256 that seeds comparisons with it."""

    name: str
    source: str
    licence: str
    digest: str
    shipped: bool
    side: Side


def folder() -> Path | None:
    """Where added references are kept: AISBOM_REFERENCES, else below the user's data folder; None
    for a user without one.
    """
    named = os.environ.get("AISBOM_REFERENCES")
    if named:
        return Path(named)
    data = user_folders.data_folder()
    return data / "references" if data else None


def load() -> tuple[list[Reference], list[str]]:
    """All references by name, and a sentence for each file that is none.

    Read once a process, as long as the files stay the same; nobody may change what they hold.
    """
    files = [
        path
        for where in (SHIPPED, folder())
        if where is not None and where.is_dir()
        for path in sorted(where.glob("*" + SUFFIX))
    ]
    found, notes = _read(tuple((path, _stamp(path)) for path in files))
    return list(found), list(notes)


@lru_cache(maxsize=4)
def _read(
    stamped: tuple[tuple[Path, tuple[int, ...]], ...],
) -> tuple[tuple[Reference, ...], tuple[str, ...]]:
    found, notes = [], []
    for path, _ in stamped:
        try:
            about, side = sketch.read_labelled(path.read_bytes())
            found.append(
                Reference(
                    about["label"],
                    about["source"],
                    about["licence"],
                    about["digest"],
                    path.parent == SHIPPED,
                    side,
                )
            )
        except (ValueError, OSError) as error:
            notes.append(f"reference {path.name}: {error}")
    return tuple(sorted(found, key=lambda r: (r.name, r.digest))), tuple(notes)


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes when a file does; empty for one that cannot be looked at."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_size


def add(data: bytes, name: str) -> Path:
    """Keep a sketch under a name. Raises ValueError for what is none or a name that is no file
    name, OSError where it cannot be written.
    """
    sketch.read(data)
    if not name or name.startswith(".") or any(c in name for c in "/\\\0") or len(name) > 100:
        raise ValueError("a reference is named by a plain file name")
    where = folder()
    if where is None:
        raise ValueError("this user has no data folder; set AISBOM_REFERENCES to a folder")
    where.mkdir(parents=True, exist_ok=True)
    path = where / f"{name}{SUFFIX}"
    path.write_bytes(data)
    return path


def common(references: Sequence[Reference]) -> frozenset[str]:
    """Contents that several models hold although they have next to nothing else in common, nor with
    a model that both are related to: public buffers, no sign of origin.
    """
    worth = [_worth(reference) for reference in references]
    holders: dict[str, list[int]] = defaultdict(list)
    for at, held in enumerate(worth):
        for content in held:
            holders[content].append(at)
    family = list(range(len(references)))
    for at, held in enumerate(worth):
        for other in sorted({n for content in held for n in holders[content] if n < at}):
            if family[other] != family[at] and _is_related(
                references[at], references[other], held, worth[other]
            ):
                joined, left = family[other], family[at]
                family = [joined if name == left else name for name in family]
    return frozenset(c for c, who in holders.items() if len({family[at] for at in who}) > 1)


def _worth(reference: Reference) -> dict[str, int]:
    """How many parameters each content of evidential tensors stands for."""
    found: dict[str, int] = defaultdict(int)
    for key in reference.side.keys:
        if key.content and not key.why_not:
            found[key.content] += key.numel
    return found


def _is_related(x: Reference, y: Reference, of_x: dict[str, int], of_y: dict[str, int]) -> bool:
    """Whether a tenth of either is in the other: as it is, or, where that is not so, cast, without
    signs or fused.
    """
    both = of_x.keys() & of_y.keys()
    for of in (of_x, of_y):
        if both and sum(of[c] for c in both) >= RELATED * sum(of.values()):
            return True
    found = find_shared(x.side.keys, y.side.keys)
    return max(found.share, found.share_of_a) >= RELATED
