from __future__ import annotations

from aisbom.collect.python.pylock import COLLECTOR
from tests.collect.rows import edges, gaps, observed
from tests.conftest import MakeTree, collect

A, B, C = "a" * 64, "b" * 64, "c" * 64
TEXT = f"""\
lock-version = "1.0"
created-by = "a tool"

[[packages]]
name = "attrs"
version = "25.1.0"
marker = "python_version >= '3.8'"
index = "https://pypi.org/simple"
dependencies = [{{name = "numpy"}}, {{name = "repo"}}]
sdist = {{name = "attrs.tar.gz", url = "https://files.pythonhosted.org/attrs-25.1.0.tar.gz", hashes = {{sha256 = "{A}"}}}}
wheels = [
  {{ url = "https://files.pythonhosted.org/attrs-25.1.0-py3-none-any.whl", upload-time = 2026-05-20T15:12:23Z, size = 15062, hashes = {{ sha256 = "{B}" }} }},
]

[[packages]]
name = "repo"
[packages.vcs]
type = "git"
url = "https://github.com/o/repo.git"
requested-revision = "main"
commit-id = "abc"
subdirectory = "py"

[[packages]]
name = "boxed"
version = "1"
[packages.archive]
url = "https://host/boxed-1.zip"
[packages.archive.hashes]
sha256 = "{C}"

[[packages]]
name = "numpy"
version = "2.0"
index = "https://pypi.example.org/simple"

[[packages]]
name = "self"
directory = {{path = ".", editable = true}}
dependencies = [{{name = "attrs"}}]
"""


def test_packages(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree(
            {"app/pylock.toml": TEXT, "app/pylock.dev.toml": TEXT, "app/pylock-dev.toml": TEXT}
        ),
        COLLECTOR,
    )
    assert gaps(rows) == []
    assert {r.evidence.at.path for r in observed(rows).values()} <= {
        "app/pylock.toml",
        "app/pylock.dev.toml",
    }
    seen = observed(rows, "locked")
    assert set(seen) == {"attrs", "repo", "boxed", "numpy"}
    assert seen["attrs"].all("hash") == (f"sha256:{A}", f"sha256:{B}")
    assert (seen["attrs"].fact("index"), seen["numpy"].fact("index")) == (
        "",
        "https://pypi.example.org/simple",
    )
    assert (
        seen["repo"].fact("vcs-url"),
        seen["repo"].fact("subdirectory"),
        seen["repo"].version,
    ) == (
        "git+https://github.com/o/repo.git@abc",
        "py",
        "",
    )
    assert (seen["boxed"].fact("url"), seen["boxed"].fact("hash")) == (
        "https://host/boxed-1.zip",
        f"sha256:{C}",
    )
    assert edges(rows) == {
        (
            "pkg:pypi/attrs@25.1.0",
            "pkg:pypi/numpy@2.0?repository_url=https://pypi.example.org/simple",
        ),
        (
            "pkg:pypi/attrs@25.1.0",
            "pkg:pypi/repo?vcs_url=git%2Bhttps://github.com/o/repo.git%40abc",
        ),
        ("project:app", "pkg:pypi/attrs@25.1.0"),
    }


def test_the_first_upload_of_a_package_is_when_it_was_released(make_tree: MakeTree) -> None:
    seen = observed(collect(make_tree({"pylock.toml": TEXT}), COLLECTOR), "locked")
    assert seen["attrs"].fact("upload-time") == "2026-05-20"
    assert seen["numpy"].fact("upload-time") == ""
