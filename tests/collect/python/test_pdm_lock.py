from __future__ import annotations

from aisbom.collect.python.pdm_lock import COLLECTOR
from tests.collect.rows import edges, gaps, observed
from tests.conftest import MakeTree, collect

A, B = "a" * 64, "b" * 64


def test_packages(make_tree: MakeTree) -> None:
    text = f"""\
[metadata]
groups = ["default", "test"]
lock_version = "4.5.0"

[[package]]
name = "uvicorn"
version = "0.30.0"
groups = ["default"]
marker = "python_version >= \\"3.9\\""
dependencies = [
    "click>=7.0",
    "h11>=0.8; os_name == 'nt'",
    "bad requirement here",
]
files = [
    {{file = "uvicorn-0.30.0.tar.gz", hash = "sha256:{A}"}},
    {{url = "https://host/uvicorn-0.30.0-py3-none-any.whl", hash = "sha256:{B}"}},
]

[[package]]
name = "uvicorn"
version = "0.30.0"
extras = ["standard"]
groups = ["default"]
dependencies = ["uvicorn==0.30.0", "httptools"]

[[package]]
name = "click"
version = "8.1"
groups = ["default", "test"]
git = "https://github.com/pallets/click.git"
ref = "main"
revision = "abc"

[[package]]
name = "mine"
version = "0.1"
path = "./mine"
editable = true
dependencies = ["click"]
"""
    rows = collect(make_tree({"pdm.lock": text}), COLLECTOR)
    seen = observed(rows, "locked")
    assert "mine" not in seen
    assert (seen["click"].fact("vcs-url"), seen["click"].all("group")) == (
        "git+https://github.com/pallets/click.git@abc",
        ("group:test", "runtime"),
    )
    first = next(r for r in rows if getattr(r, "name", "") == "uvicorn" and r.all("hash"))  # type: ignore[union-attr]
    assert first.all("hash") == (f"sha256:{A}", f"sha256:{B}")  # type: ignore[union-attr]
    assert edges(rows) == {
        (
            "pkg:pypi/uvicorn@0.30.0",
            "pkg:pypi/click@8.1?vcs_url=git%2Bhttps://github.com/pallets/click.git%40abc",
        ),
        ("pkg:pypi/uvicorn@0.30.0", "pkg:pypi/h11"),
        ("pkg:pypi/uvicorn@0.30.0", "pkg:pypi/httptools"),
        (
            "project:mine",
            "pkg:pypi/click@8.1?vcs_url=git%2Bhttps://github.com/pallets/click.git%40abc",
        ),
    }
    assert [g.partition(": ")[0] for g in gaps(rows)] == ["pdm.lock:13"]


def test_files_apart_as_before_4_0(make_tree: MakeTree) -> None:
    text = f'[[package]]\nname = "x"\nversion = "1"\n[metadata]\n[metadata.files]\n"x 1" = [\n    {{file = "x-1.tar.gz", hash = "sha256:{A}"}},\n]\n'
    assert observed(collect(make_tree({"pdm.lock": text}), COLLECTOR))["x"].all("hash") == (
        f"sha256:{A}",
    )
