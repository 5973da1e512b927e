from __future__ import annotations

from aisbom.collect.conda.environment_yml import COLLECTOR
from tests.collect.rows import edges, gaps, observed
from tests.conftest import MakeTree, collect

TEXT = """\
name: env
channels:
  - pytorch
  - https://conda.anaconda.org/conda-forge/
  - defaults
dependencies:
  - python=3.11
  - numpy==1.26.4
  - conda-forge::faiss=1.8.0=py311_cuda
  - 7
  - [x]
  - pip
  - pip:
      - torch==2.5.1+cu118
      - --extra-index-url https://download.pytorch.org/whl/cu118
      - -r reqs/more.txt
      - -r none.txt
      - -e ./mine
      - not a requirement
  - npm:
      - left-pad
prefix: /home/someone/miniconda3/envs/env
"""


def test_an_environment(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree({"env/environment-gpu.yml": TEXT, "env/reqs/more.txt": "more==1\n"}), COLLECTOR
    )
    seen = observed(rows, "requirement")
    assert set(seen) == {"python", "numpy", "faiss", "pip", "torch", "more"}
    assert (seen["python"].purl, seen["python"].fact("specifier"), seen["python"].version) == (
        "pkg:conda/python",
        "=3.11",
        "",
    )
    assert seen["numpy"].all("channel") == ("conda-forge", "pytorch")
    assert (seen["faiss"].purl, seen["faiss"].all("channel")) == (
        "pkg:conda/faiss@1.8.0?build=py311_cuda&channel=conda-forge",
        ("conda-forge",),
    )
    assert (seen["torch"].purl, seen["torch"].fact("extra-index")) == (
        "pkg:pypi/torch@2.5.1%2Bcu118",
        "https://download.pytorch.org/whl/cu118",
    )
    assert (
        seen["numpy"].evidence.at.line,
        seen["torch"].evidence.at.line,
        str(seen["more"].evidence.at),
    ) == (8, 14, "env/reqs/more.txt:1")
    assert edges(rows) >= {
        ("project:env", "pkg:conda/numpy@1.26.4"),
        ("project:env", "pkg:pypi/torch@2.5.1%2Bcu118"),
        ("project:env", "project:env/mine"),
    }
    found = "\n".join(gaps(rows))
    for line in (10, 11, 17, 19, 20):
        assert f"env/environment-gpu.yml:{line}: " in found
    assert not any("someone" in repr(row) for row in rows)


def test_files_that_are_no_environment_say_nothing(make_tree: MakeTree) -> None:
    files = {
        "environment.yml": "kind: Deployment\nspec: 1\n",
        "a/environment.yaml": "",
        "b/environment.yml": "# nothing\n",
        "c/env.yml": TEXT,
    }
    assert collect(make_tree(files), COLLECTOR) == ()


def test_the_token_of_a_channel_stays_out(make_tree: MakeTree) -> None:
    text = (
        "dependencies:\n- https://conda.anaconda.org/t/tk-secret/c/linux-64/aom-3.9.1-h_0.conda\n-"
        " https://h/t/tk-secret/x\n"
    )
    rows = collect(make_tree({"environment.yml": text}), COLLECTOR)
    assert observed(rows)["aom"].version == "3.9.1"
    assert not any("tk-secret" in repr(row) for row in rows)


def test_wrong_types(make_tree: MakeTree) -> None:
    files = {
        "environment.yml": "- a\n- b\n",
        "a/environment.yml": "dependencies: text\n",
        "b/environment.yml": "channels: {}\ndependencies:\n- pip: x\n- ok\n",
    }
    rows = collect(make_tree(files), COLLECTOR)
    assert set(observed(rows)) == {"ok"}
    assert [g.partition(": ")[0] for g in gaps(rows)] == [
        "a/environment.yml:1",
        "b/environment.yml:1",
        "b/environment.yml:3",
        "environment.yml",
    ]
