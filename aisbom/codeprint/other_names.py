"""Under which name the index has a repository that bore or bears another one: a host leads from one
to the other, and comments and READMEs keep the old one (`other_names.csv`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "other_names.csv"


def of_index(name: str) -> str:
    """The `owner/name` of the index for any name (lower case) of a repository."""
    return _table().get(name, name)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, str]:
    rows = (line.split(",") for line in _FILE.read_text("utf-8").splitlines()[1:])
    return {name: project for name, project, _ in rows}
