from __future__ import annotations

from pathlib import Path

from aisbom.collect.repository.gitmodules import COLLECTOR
from aisbom.model import Gap, Observation
from tests.collect.git_repository import git, repository
from tests.conftest import MakeTree, collect

TEXT = """\
# third-party
[submodule "core"]
\tpath = libs/core
\turl = https://token@github.com/owner/core.git
\tbranch = main
[submodule "beside"]
\tpath = "libs/beside" ; why
\turl = ../beside.git
\tupdate = !touch evil
[submodule "out"]
\tpath = ../../out
\turl = https://github.com/owner/out
[submodule "mine"]
\tpath = mine
\turl = /home/someone/mine
"""


def test_a_repository_of_the_hub_is_a_model_or_data(make_tree: MakeTree) -> None:
    hub = "https://huggingface.co"
    text = "".join(
        f'[submodule "{name}"]\n\tpath = {name}\n\turl = {hub}/{url}\n'
        for name, url in {
            "base": "own/llm-7b",
            "corpus": "datasets/own/texts.git",
            "demo": "spaces/own/demo",
        }.items()
    )
    rows = [
        (row.kind, row.name, row.purl)
        for row in collect(make_tree({".gitmodules": text}), COLLECTOR)
        if isinstance(row, Observation)
    ]
    assert ("reference", "own/llm-7b", "pkg:huggingface/own/llm-7b") in rows
    assert ("dataset", "own/texts", "pkg:huggingface/datasets/own/texts") in rows
    assert [kind for kind, name, _ in rows if name.endswith("demo")] == ["repository"]


def test_sections_without_a_repository(make_tree: MakeTree) -> None:
    root = make_tree({".gitmodules": TEXT, "libs/core/README.md": "x"})
    found = collect(root, COLLECTOR)
    observations = {row.fact("path"): row for row in found if isinstance(row, Observation)}
    assert set(observations) == {"libs/core", "libs/beside", "mine"}
    core = observations["libs/core"]
    assert (core.evidence.at.line, core.name, core.fact("vcs-url"), core.fact("present")) == (
        2,
        "core",
        "https://github.com/owner/core",
        "yes",
    )
    assert core.purl == "pkg:github/owner/core"
    assert observations["libs/beside"].fact("vcs-url") == ""
    assert observations["libs/beside"].fact("present") == "no"
    assert observations["mine"].name == "mine"
    assert "someone" not in repr(found)
    gaps = [(row.at.line, row.reason) for row in found if isinstance(row, Gap)]
    assert [line for line, _ in gaps] == [6, 10, 13]
    assert "the submodule libs/beside is not checked out" in gaps[0][1]
    assert "leaves" in gaps[1][1]
    assert "the submodule mine is not checked out" in gaps[2][1]


def test_commits_and_relative_addresses_come_from_the_repository(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"i": "i"})
    root = tmp_path / "outer"
    repository(root, {"a": "a"}, "https://github.com/owner/outer")
    git(root, "submodule", "-q", "add", (tmp_path / "inner").as_uri(), "libs/inner")
    (root / ".gitmodules").write_text(
        '[submodule "inner"]\n\tpath = libs/inner\n\turl = ../inner.git\n'
    )
    (found,) = collect(root, COLLECTOR)
    assert isinstance(found, Observation)
    assert (found.version, found.purl) == (inner, f"pkg:github/owner/inner@{inner}")
    assert (found.fact("present"), found.fact("submodule")) == ("yes", "yes")


def test_a_broken_file_is_a_gap(make_tree: MakeTree) -> None:
    found = collect(
        make_tree({".gitmodules": b'[core]\n\tx = y\n[submodule "a"\n\0\xff'}), COLLECTOR
    )
    assert [row.at.line for row in found if isinstance(row, Gap)] == [1, 3]
    assert not [row for row in found if isinstance(row, Observation)]
