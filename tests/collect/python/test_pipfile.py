from __future__ import annotations

import json

from aisbom.collect.python.pipfile import COLLECTOR, LOCK_COLLECTOR
from tests.collect.rows import edges, gaps, observed
from tests.conftest import MakeTree, collect

PIPFILE = """\
[[source]]
url = "https://pypi.org/simple"
name = "pypi"

[[source]]
url = "https://pypi.example.org/simple"
name = "ours"

[packages]
requests = "*"
flask = "==3.0"
numpy = {version = ">=1.26", extras = ["x"], markers = "os_name == 'nt'", sys_platform = "== 'win32'"}
repo = {git = "https://github.com/o/repo.git", ref = "v1", editable = true}
mine = {path = "./mine"}
private = {version = "==1", index = "ours"}
odd = ["x"]

[dev-packages]
pytest = "~=8.0"

[docs]
sphinx = "*"

[requires]
python_version = "3.11"
"""


def test_pipfile(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"Pipfile": PIPFILE}), COLLECTOR)
    seen = observed(rows, "requirement")
    assert set(seen) == {
        "requests",
        "flask",
        "numpy",
        "repo",
        "mine",
        "private",
        "pytest",
        "sphinx",
    }
    assert (
        seen["flask"].version,
        seen["requests"].version,
        seen["requests"].fact("specifier"),
    ) == ("3.0", "", "")
    assert seen["numpy"].fact("marker") == "os_name == 'nt' and sys_platform == 'win32'"
    assert (seen["repo"].fact("vcs-url"), seen["repo"].fact("editable")) == (
        "git+https://github.com/o/repo.git@v1",
        "yes",
    )
    assert (seen["private"].fact("index"), seen["mine"].fact("path")) == (
        "https://pypi.example.org/simple",
        "mine",
    )
    assert [seen[n].fact("group") for n in ("flask", "pytest", "sphinx")] == [
        "runtime",
        "dev",
        "group:docs",
    ]
    assert ("project:", "pkg:pypi/flask@3.0") in edges(rows)
    assert gaps(rows) == ["Pipfile:16: packages.odd: a string or a table is expected, not an array"]


def test_pipfile_lock(make_tree: MakeTree) -> None:
    lock = {
        "_meta": {"sources": [{"name": "ours", "url": "https://pypi.example.org/simple"}]},
        "default": {
            "request": {"version": "==1.0"},
            "requests": {
                "hashes": ["sha256:" + "a" * 64],
                "index": "ours",
                "markers": "python_version >= '3.8'",
                "version": "==2.32",
            },
            "repo": {"git": "https://github.com/o/repo.git", "ref": "abc", "editable": True},
            "bad": [],
            "loose": {"version": ">=1"},
        },
        "develop": {"pytest": {"version": "==8.0"}},
    }
    text = json.dumps(lock, indent=4)
    rows = collect(make_tree({"Pipfile.lock": text}), LOCK_COLLECTOR)
    seen = observed(rows, "locked")
    assert (seen["requests"].version, seen["requests"].fact("index")) == (
        "2.32",
        "https://pypi.example.org/simple",
    )
    assert seen["requests"].all("hash") == ("sha256:" + "a" * 64,)
    assert seen["repo"].fact("vcs-url") == "git+https://github.com/o/repo.git@abc"
    assert (seen["pytest"].fact("group"), seen["request"].fact("group"), seen["loose"].version) == (
        "dev",
        "runtime",
        "",
    )
    lines = text.split("\n")
    for name, row in seen.items():
        assert lines[row.evidence.at.line - 1].strip().startswith(f'"{name}": ')
    assert len(gaps(rows)) == 2
