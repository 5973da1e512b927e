from __future__ import annotations

from aisbom.collect.python.setup_cfg import COLLECTOR
from tests.collect.rows import edges, gaps, observed
from tests.conftest import MakeTree, collect

TEXT = """\
[metadata]
name = thing
version = attr: thing.__version__
license = MIT
license_files =
    LICENSE
    NOTICE
classifiers =
    License :: OSI Approved :: MIT License
    Programming Language :: Python
project_urls =
    Source = https://example.org/src
url: https://example.org

[options]
python_requires = >=3.9
install_requires =
    torch==2.5.1
    # a comment
    numpy>=1.26; python_version < "3.13"  # why

    not a requirement
setup_requires = wheel; cython
tests_require = pytest

[options.extras_require]
gpu = triton==3.0
docs =
    sphinx
broken line
"""


def test_a_setup_cfg(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"app/setup.cfg": TEXT}), COLLECTOR)
    project = observed(rows, "project")["thing"]
    assert (project.version, project.fact("license"), project.all("license-file")) == (
        "",
        "MIT",
        ("LICENSE", "NOTICE"),
    )
    assert (project.all("classifier"), project.fact("project-url")) == (
        ("License :: OSI Approved :: MIT License",),
        "Source, https://example.org/src",
    )
    assert (project.fact("home-page"), project.fact("requires-python")) == (
        "https://example.org",
        ">=3.9",
    )
    seen = observed(rows, "requirement")
    assert {n: (r.evidence.at.line, r.fact("group")) for n, r in seen.items()} == {
        "torch": (18, "runtime"),
        "numpy": (20, "runtime"),
        "wheel": (23, "build"),
        "cython": (23, "build"),
        "pytest": (24, "group:test"),
        "triton": (27, "extra:gpu"),
        "sphinx": (29, "extra:docs"),
    }
    assert seen["numpy"].fact("marker") == 'python_version < "3.13"'
    assert ("project:app", "pkg:pypi/triton@3.0") in edges(rows)
    assert [g.partition(": ")[0] for g in gaps(rows)] == ["app/setup.cfg:22", "app/setup.cfg:30"]


def test_settings_of_tools_alone_say_nothing(make_tree: MakeTree) -> None:
    assert (
        collect(
            make_tree(
                {"setup.cfg": "[flake8]\nmax-line-length = 100\n[bdist_wheel]\nuniversal=1\n"}
            ),
            COLLECTOR,
        )
        == ()
    )


def test_files_read_at_build_time(make_tree: MakeTree) -> None:
    files = {
        "setup.cfg": "[options]\ninstall_requires = file: deps.txt, none.txt\n",
        "deps.txt": "x==1\n",
    }
    rows = collect(make_tree(files), COLLECTOR)
    assert str(observed(rows)["x"].evidence.at) == "deps.txt:1"
    assert gaps(rows) == ["setup.cfg:2: reads a file that does not exist: none.txt"]


def test_a_null_byte_spoils_one_line(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree({"setup.cfg": "[options]\ninstall_requires =\n    x\n    y\0\n    z\n"}),
        COLLECTOR,
    )
    assert set(observed(rows)) == {"x", "z"}
    assert gaps(rows) == ["setup.cfg:4: a null byte in the line: not read"]
