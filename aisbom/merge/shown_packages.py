"""Packages that a README shows how to install beside a manifest: one that nothing else asks for and
that the product's code imports is needed; what is left are alternatives, and repetitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aisbom.model import Observation, Relation, Row
from aisbom.model.path_roles import path_role

SHOWN = ("group", "shown")
_ASIDE = frozenset({SHOWN, ("group", "group:notebook")})
"""What names a package without saying that the product needs it."""

_MODULES = {
    "beautifulsoup4": "bs4",
    "faiss-cpu": "faiss",
    "faiss-gpu": "faiss",
    "mmcv-full": "mmcv",
    "open-clip-torch": "open_clip",
    "openai-whisper": "whisper",
    "opencv-contrib-python": "cv2",
    "opencv-python": "cv2",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "python-dotenv": "dotenv",
    "pytorch": "torch",
    "pyyaml": "yaml",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
    "tensorflow-gpu": "tensorflow",
}
"""What a package is imported as, where that is not its name."""


def settle_shown(rows: Sequence[Row]) -> list[Row]:
    """The rows; of what is `shown`, that which is needed is asked for at run time, and the rest is
    gone.
    """
    imported = {
        name.lower()
        for o in rows
        if isinstance(o, Observation)
        and o.kind == "source"
        and path_role(o.evidence.at.path) == "product"
        for name in o.all("imports")
    }
    asked = {
        _name(o)
        for o in rows
        if isinstance(o, Observation) and o.kind == "requirement" and _ASIDE.isdisjoint(o.facts)
    }
    needed = {
        o.purl
        for o in rows
        if isinstance(o, Observation)
        and SHOWN in o.facts
        and _name(o) not in asked
        and _MODULES.get(_name(o), _name(o).replace("-", "_")).lower() in imported
    }
    made: list[Row] = []
    for row in rows:
        if isinstance(row, (Observation, Relation)) and SHOWN in row.facts:
            if (row.purl if isinstance(row, Observation) else row.target) not in needed:
                continue
            row = replace(row, facts=_at_run_time(row.facts))  # noqa: PLW2901
        made.append(row)
    return made


def _name(o: Observation) -> str:
    return o.name.lower().replace("_", "-").replace(".", "-")


def _at_run_time(facts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(("group", "runtime") if pair == SHOWN else pair for pair in facts))
