from __future__ import annotations

from aisbom.collect.python.pyproject import COLLECTOR
from tests.collect.rows import edges, gaps, observed
from tests.conftest import MakeTree, collect

TEXT = """\
[tool.poetry]
name = "p"
version = "0.3"
license = "MIT"
authors = ["Some Team <team@example.org>"]
homepage = "https://example.org"

[tool.poetry.dependencies]
python = "^3.9"
caret = "^1.2.3"
tilde = "~1.2"
wild = "2.*"
exact = "1.0"
any = "*"
optional-one = {version = ">=1", optional = true}
extras-one = {version = "^0.2", extras = ["a", "b"], markers = "os_name == 'nt'", python = "<3.12"}
repo = {git = "https://github.com/o/repo.git", rev = "abc"}
local = {path = "../lib", develop = true}
far = {url = "https://host/far-1.0-py3-none-any.whl"}
private = {version = "1.1", source = "ours"}
union = "^1 || ^2"
several = [
    {version = "1.0", python = "<3.10"},
    {version = "2.0", python = ">=3.10"},
]
wrong = 3

[tool.poetry.extras]
opt = ["optional-one"]

[tool.poetry.group.test.dependencies]
pytest = "^8"
[tool.poetry.group.all]
include-groups = ["test"]

[tool.poetry.dev-dependencies]
black = "24.1.0"

[[tool.poetry.source]]
name = "ours"
url = "https://pypi.example.org/simple"
"""


def test_poetry_tables(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"app/pyproject.toml": TEXT}), COLLECTOR)
    project = observed(rows, "project")["p"]
    assert (
        project.version,
        project.fact("license"),
        project.fact("author-email"),
        project.fact("requires-python"),
    ) == (
        "0.3",
        "MIT",
        "team@example.org",
        "<4.0,>=3.9",
    )
    seen = observed(rows, "requirement")
    assert "python" not in seen
    specifiers = {
        name: seen[name].fact("specifier")
        for name in ("caret", "tilde", "wild", "exact", "any", "union")
    }
    assert specifiers == {
        "caret": "<2.0.0,>=1.2.3",
        "tilde": "<1.3,>=1.2",
        "wild": "==2.*",
        "exact": "==1.0",
        "any": "",
        "union": "^1 || ^2",
    }
    assert (seen["exact"].version, seen["union"].version, seen["wild"].version) == ("1.0", "", "")
    assert seen["optional-one"].all("group") == ("extra:opt",)
    assert seen["extras-one"].all("extra") == ("a", "b")
    assert seen["extras-one"].fact("marker") == "os_name == 'nt' and python_version < \"3.12\""
    assert seen["repo"].fact("vcs-url") == "git+https://github.com/o/repo.git@abc"
    assert (seen["local"].fact("path"), seen["local"].fact("editable")) == ("lib", "yes")
    assert seen["far"].fact("url") == "https://host/far-1.0-py3-none-any.whl"
    assert seen["private"].fact("index") == "https://pypi.example.org/simple"
    assert set(seen["pytest"].all("group")) == {"group:test", "group:all"}
    assert (seen["black"].version, seen["black"].fact("group")) == ("24.1.0", "dev")
    assert {target for _, target in edges(rows)} >= {"pkg:pypi/several@1.0", "pkg:pypi/several@2.0"}
    assert gaps(rows) == [
        (
            "app/pyproject.toml:26: tool.poetry.dependencies.wrong: a string or a table is expected,"
            " not a number"
        )
    ]
    assert (seen["caret"].evidence.at.line, seen["caret"].evidence.excerpt) == (
        10,
        'caret = "^1.2.3"',
    )
