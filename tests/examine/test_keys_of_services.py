"""Keys that no table knows: whose they are, their names say, but for the program's own."""

from __future__ import annotations

import pytest

from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Evidence, Location, Observation, facts

K = load()


def key(name: str, path: str) -> Observation:
    seen = Evidence("env-names", "source-code-analysis", "high", Location(path, 1), name)
    return Observation("service", name, "", "", seen, facts(how="env"))


def project(name: str) -> Observation:
    seen = Evidence("pyproject", "manifest-analysis", "high", Location("pyproject.toml", 2), name)
    return Observation("project", name, "", f"pkg:pypi/{name}", seen, ())


@pytest.mark.parametrize(
    ("name", "path", "found"),
    [
        ("NORAE_API_KEY", "app/config.py", True),
        ("NORAE_API_KEY", "tests/test_config.py", False),  # a test may make one up
        ("SORI_API_KEY", "app/config.py", False),  # that of the program itself
        ("FIRST_API_KEY", "app/config.py", False),
        ("OPENAI_API_KEY", "tests/test_config.py", True),  # one that a table knows
    ],
)
def test_a_key_that_no_table_knows(name: str, path: str, found: bool) -> None:
    rows = list(resolve_names([project("sori"), key(name, path)], K))
    assert [row.kind for row in rows if isinstance(row, Observation)] == [
        "project",
        *(["service"] if found else []),
    ]
