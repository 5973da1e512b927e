from __future__ import annotations

import pytest

from aisbom.collect.conda.pixi import COLLECTOR
from aisbom.collect.conda.pixi_lock import COLLECTOR as LOCK
from aisbom.collect.python import pyproject
from tests.collect.rows import all_observed, edges, gaps, observed, relations
from tests.conftest import MakeTree, collect

MANIFEST = """\
[workspace]
name = "p"
version = "0.1"
channels = ["conda-forge", {channel = "pytorch", priority = 1}]

[dependencies]
python = ">=3.11"
numpy = "==1.26.4"
fuzzy = "1.26.*"
torch = {version = "2.4", build = "*cuda*", channel = "pytorch"}
bad = 1

[pypi-dependencies]
requests = "*"
flask = {version = "==3.0", extras = ["async"]}
repo = {git = "https://github.com/o/repo", rev = "abc"}
mine = {path = "./mine", editable = true}
odd = "not a specifier"

[target.win-64.dependencies]
winlib = "*"

[feature.test.dependencies]
pytest = "*"
[feature.test.pypi-dependencies]
hypothesis = ">=6"

[host-dependencies]
cmake = "*"
"""


def test_the_manifest(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"pixi.toml": MANIFEST}), COLLECTOR)
    assert observed(rows, "project")["p"].version == "0.1"
    seen = observed(rows, "requirement")
    assert (seen["numpy"].purl, seen["numpy"].all("channel")) == (
        "pkg:conda/numpy@1.26.4",
        ("conda-forge", "pytorch"),
    )
    assert (seen["fuzzy"].version, seen["fuzzy"].fact("specifier")) == ("", "1.26.*")
    assert seen["torch"].purl == "pkg:conda/torch@2.4?channel=pytorch"
    assert (seen["flask"].purl, seen["flask"].all("extra")) == ("pkg:pypi/flask@3.0", ("async",))
    assert (
        seen["repo"].fact("vcs-url"),
        seen["mine"].fact("path"),
        seen["mine"].fact("editable"),
    ) == (
        "git+https://github.com/o/repo@abc",
        "mine",
        "yes",
    )
    assert (
        seen["winlib"].fact("platform"),
        seen["pytest"].fact("group"),
        seen["hypothesis"].fact("group"),
    ) == (
        "win-64",
        "group:test",
        "group:test",
    )
    assert (seen["cmake"].fact("group"), seen["requests"].fact("specifier")) == ("build", "")
    assert [g.partition(": ")[0] for g in gaps(rows)] == ["pixi.toml:11", "pixi.toml:18"]


def test_the_tables_of_pyproject(make_tree: MakeTree) -> None:
    text = (
        '[tool.pixi.workspace]\nchannels = ["conda-forge"]\n[tool.pixi.dependencies]\nnumpy = "*"\n'
    )
    root = make_tree({"a/pyproject.toml": text})
    assert edges(collect(root, COLLECTOR)) == {("project:a", "pkg:conda/numpy")}
    assert edges(collect(root, pyproject.COLLECTOR)) == set()


@pytest.mark.parametrize("text", ["[tool.pixi", "[tool.pixi]\nx = \n", '[project]\nname = "x"\n'])
def test_what_is_wrong_with_pyproject_is_for_its_own_reader(make_tree: MakeTree, text: str) -> None:
    assert collect(make_tree({"pyproject.toml": text}), COLLECTOR) == ()


A = "a" * 64
V6 = f"""\
version: 6
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-2.4.3-py312_0.conda
      - pypi: https://files.pythonhosted.org/packages/aa/flask-3.0-py3-none-any.whl
      - pypi: ./
  test:
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-2.4.3-py312_0.conda
packages:
- conda: https://conda.anaconda.org/conda-forge/linux-64/libblas-3.11.0-5_h.conda
  sha256: {A}
- conda: https://conda.anaconda.org/conda-forge/linux-64/numpy-2.4.3-py312_0.conda
  sha256: {A}
  md5: 346722a0be40f6edc53f12640d301338
  depends:
  - libblas >=3.9.0,<4.0a0
  - python >=3.12,<3.13.0a0
  - __glibc >=2.17
  license: BSD-3-Clause
- conda: https://conda.anaconda.org/conda-forge/osx-64/numpy-2.4.3-py312_1.conda
  sha256: {A}
- conda: https://conda.anaconda.org/conda-forge/noarch/pandas-2-py_0.conda
  depends:
  - numpy
- pypi: https://files.pythonhosted.org/packages/aa/flask-3.0-py3-none-any.whl
  name: flask
  version: '3.0'
  sha256: {A}
  requires_dist:
  - werkzeug>=3.0
  - asgiref ; extra == 'async'
- pypi: https://files.pythonhosted.org/packages/aa/werkzeug-3.10-py3-none-any.whl
  name: werkzeug
  version: 3.10
- pypi: git+https://github.com/o/repo?rev=main#abc
  name: repo
  version: '1'
- pypi: ./
  name: mine
  version: 0.1.0
  editable: true
  requires_dist:
  - flask
- what: 1
- text
"""


def test_a_lock_of_version_6(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"w/pixi.lock": V6}), LOCK)
    seen = observed(rows, "locked")
    numpy = all_observed(rows, "numpy")[0]
    key = "pkg:conda/numpy@2.4.3?build=py312_0&channel=conda-forge&subdir=linux-64"
    assert (numpy.purl, numpy.all("group"), numpy.fact("hash")) == (
        key,
        ("group:test", "runtime"),
        f"sha256:{A}",
    )
    assert (numpy.fact("license"), numpy.evidence.at.line) == ("BSD-3-Clause", 18)
    assert seen["werkzeug"].version == "3.10"  # never the number 3.1
    assert (seen["flask"].fact("group"), seen["flask"].evidence.excerpt) == (
        "runtime",
        "name: flask version: '3.0'",
    )
    assert seen["repo"].fact("vcs-url") == "git+https://github.com/o/repo@abc"
    assert "mine" not in seen
    assert edges(rows) == {
        (key, "pkg:conda/libblas@3.11.0?build=5_h&channel=conda-forge&subdir=linux-64"),
        (key, "pkg:conda/python"),
        (
            "pkg:conda/pandas@2?build=py_0&channel=conda-forge&subdir=noarch",
            "pkg:conda/numpy",
        ),  # which one depends on the platform
        ("pkg:pypi/flask@3.0", "pkg:pypi/werkzeug@3.10"),
        ("project:w", "pkg:pypi/flask@3.0"),
    }
    assert {r.at.line for r in relations(rows) if r.source == key} == {22, 23}
    assert len(gaps(rows)) == 2


def test_a_lock_of_version_4(make_tree: MakeTree) -> None:
    text = f"""\
version: 4
environments:
  default:
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/bzip2-1.0.8-h_4.conda
packages:
- kind: conda
  name: bzip2
  version: 1.0.8
  build: h_4
  subdir: linux-64
  url: https://conda.anaconda.org/conda-forge/linux-64/bzip2-1.0.8-h_4.conda
  sha256: {A}
- kind: pypi
  name: flask
  version: 3.0
  url: https://pypi.example.org/flask-3.0.whl
  sha256: {A}
"""
    seen = observed(collect(make_tree({"pixi.lock": text}), LOCK))
    assert (
        seen["bzip2"].purl == "pkg:conda/bzip2@1.0.8?build=h_4&channel=conda-forge&subdir=linux-64"
    )
    assert (seen["bzip2"].evidence.at.line, seen["bzip2"].fact("group")) == (9, "runtime")
    assert (seen["flask"].version, seen["flask"].fact("url")) == (
        "3.0",
        "https://pypi.example.org/flask-3.0.whl",
    )


def test_another_version_is_said(make_tree: MakeTree) -> None:
    assert gaps(collect(make_tree({"pixi.lock": "version: 9\npackages: []\n"}), LOCK)) == [
        "pixi.lock:1: version 9 of the lock format: read as version 6"
    ]
