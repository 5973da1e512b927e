"""A reference index out of a few texts, as the container holds it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from aisbom.codeprint.container import Container, write
from aisbom.codeprint.fingerprint_table import pack_arrays
from aisbom.codeprint.fingerprints import of_file
from aisbom.codeprint.index import Index
from aisbom.codeprint.printed import ContentPrints
from aisbom.codeprint.project import Project

SAMPLES = Path(__file__).parent / "fixtures"


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.py").read_text("utf-8")


def table(files: Iterable[tuple[int, str, bytes]]) -> dict[str, Any]:
    """The print arrays of (path number, path, content), each of the first release."""
    return pack_arrays(
        ContentPrints(number, 0, prints)
        for number, path, data in files
        if (prints := of_file(path, data)) is not None
    )


def project(
    name: str, files: Mapping[str, str], holders: tuple[str, ...] = (), **spoiled: object
) -> Project:
    """A project of these files; `spoiled` arrays take the place of sound ones."""
    paths = sorted(files)
    about = {
        "layout": 1,
        "project": name,
        "purl": f"pkg:pypi/{name}",
        "repository": f"https://github.com/example/{name}",
        "licence": "Apache-2.0",
        "holders": list(holders),
        "covers": "a test",
        "made": "by a test",
        "releases": [{"version": "1.0", "tag": "v1.0", "commit": "0" * 40, "date": "2024-01-01"}],
    }
    members = {"about.json": json.dumps(about).encode(), "paths.txt": "\n".join(paths).encode()}
    arrays = table((number, path, files[path].encode()) for number, path in enumerate(paths))
    return Project(Container(write(members, {**arrays, **spoiled})))


def index(*projects: Project) -> Index:
    return Index(projects)
