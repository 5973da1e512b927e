"""What recipes of distributions say of packages of the Python index, and where they say nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aisbom.knowledge import load

TOOLS = str(Path(__file__).resolve().parents[2] / "tools")
K = load()

META = """{% set name = "Some_Thing" %}
{% set version = "1.2.3" %}

package:
  name: {{ name|lower }}
  version: {{ version }}

source:
  url: https://pypi.io/packages/source/{{ name[0] }}/{{ name }}/{{ name }}-{{ version }}.tar.gz

requirements:
  run:
    - python

about:
  home: https://example.org/
  dev_url: https://github.com/makers/some-thing
  license: Apache 2.0
  license_file: LICENSE
"""
RECIPE = """schema_version: 1

context:
  name: some-thing
  version: "1.2.3"

package:
  name: ${{ name|lower }}
  version: ${{ version }}

source:
  url: https://pypi.org/packages/source/${{ name[0] }}/${{ name }}/some_thing-${{ version }}.tar.gz

about:
  homepage: https://example.org/
  repository: https://github.com/makers/some-thing
  license: Apache-2.0  # as its file says
"""
DIGEST = "ab/cd/" + "0" * 60


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(TOOLS)
    yield
    for name in ("package_recipes", "package_sources"):
        sys.modules.pop(name, None)


def commit(folder: Path, day: str, **files: str | None) -> None:
    """One commit of a day; `a__b` stands for the path `recipes/a/b.yaml`, None removes it."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    for key, text in files.items():
        path = folder / "recipes" / f"{key.replace('__', '/')}.yaml"
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    git(folder, "add", "-A")
    stamp = f"{day}T12:00:00Z"
    git(folder, "commit", "-q", "-m", "x", GIT_AUTHOR_DATE=stamp, GIT_COMMITTER_DATE=stamp)


def git(folder: Path, *arguments: str, **environment: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    folder.mkdir(exist_ok=True)
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, env=environment)


def read(folder: Path) -> list[tuple[str, str, str, str]]:
    from package_recipes import READERS

    rows = READERS["conda-forge"](folder, K)
    return [(row.name, row.what, row.value, row.source) for row in rows]


@pytest.mark.parametrize(("name", "text"), [("a__meta", META), ("a__recipe", RECIPE)])
def test_both_formats(name: str, text: str, tmp_path: Path) -> None:
    commit(tmp_path / "clone", "2024-03-05", **{name: text})
    assert read(tmp_path / "clone") == [
        ("some-thing", "licence", "Apache-2.0", "conda-forge 1.2.3, 2024-03"),
        ("some-thing", "repository", "github.com/makers/some-thing", "conda-forge 1.2.3, 2024-03"),
    ]


def test_the_newest_recipe_speaks_also_where_it_was_removed(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    commit(clone, "2019-01-01", a__meta=META.replace("1.2.3", "0.1").replace("Apache 2.0", "MIT"))
    commit(clone, "2020-01-01", b__meta=META)
    commit(clone, "2021-01-01", a__meta=None, b__meta=None)
    assert read(clone) == [
        ("some-thing", "licence", "Apache-2.0", "conda-forge 1.2.3, 2020-01"),
    ]


@pytest.mark.parametrize(
    "archive",
    [
        "https://files.pythonhosted.org/packages/" + DIGEST + "/Some_Thing-1.2.3.tar.gz",
        "https://pypi.python.org/packages/py3/S/Some.Thing/Some_Thing-1.2.3-py3-none-any.whl",
        "https://pypi.org/packages/source/{{ name[0] }}/{{ name.replace('_', '-') }}/x.tar.gz",
    ],
)
def test_addresses_of_the_index(archive: str, tmp_path: Path) -> None:
    lines = [f"  url: {archive}" if "  url:" in line else line for line in META.splitlines()]
    commit(tmp_path / "clone", "2024-03-05", a__meta="\n".join(lines))
    assert {row[0] for row in read(tmp_path / "clone")} == {"some-thing"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # The index does not state the name, or a template that is not resolved does.
        ("pypi.io/packages/source", "example.org/packages/source"),
        ('set name = "Some_Thing"', "set name = environ['NAME']"),
        ("/{{ name }}/", "/{{ name[:4] }}/"),
        ("/{{ name }}/", "/{{ name + suffix }}/"),
        # Two values of one name, two archives: which of them is not said.
        ("{% set version", '{% set name = "other" %}\n{% set version'),
        (
            "requirements:",
            "  - url: https://pypi.org/packages/source/o/other/other-1.tar.gz\nrequirements:",
        ),
        # No version that one could go by.
        ('set version = "1.2.3"', 'set version = "main"'),
    ],
)
def test_where_a_recipe_says_nothing(old: str, new: str, tmp_path: Path) -> None:
    assert old in META
    commit(tmp_path / "clone", "2024-03-05", a__meta=META.replace(old, new))
    assert read(tmp_path / "clone") == []


@pytest.mark.parametrize(
    "words", ["BSD", "{{ licence }}", "BSD-4-Clause", "EPL-2.0 AND MIT", ">", ""]
)
def test_licences_that_name_none_or_are_a_guess(words: str, tmp_path: Path) -> None:
    commit(tmp_path / "clone", "2024-03-05", a__meta=META.replace("Apache 2.0", words))
    assert [row[1] for row in read(tmp_path / "clone")] == ["repository"]


def test_msys2(tmp_path: Path) -> None:
    from package_recipes import READERS

    build = """_realname=thing
pkgver=2.0
msys2_references=(
  'purl: pkg:pypi/Some.Thing'
)
msys2_repository_url='https://github.com/makers/thing'
license=('spdx:MIT')
url="https://example.org"
"""
    clone = tmp_path / "clone"
    for folder, text in (
        ("one", build),
        ("two", build.replace("Some.Thing'", "a'\n  'purl: pkg:pypi/b'")),
        ("three", build.replace("pypi/Some.Thing", "cargo/x")),
        ("four", build.replace("Some.Thing", "other").replace("MIT')", "MIT' 'ISC')")),
    ):
        (clone / folder).mkdir(parents=True)
        (clone / folder / "PKGBUILD").write_text(text, "utf-8")
    commit(clone, "2026-08-22")
    rows = [(row.name, row.what, row.value, row.source) for row in READERS["msys2"](clone, K)]
    assert sorted(rows) == [
        ("other", "repository", "github.com/makers/thing", "msys2"),
        ("some-thing", "licence", "MIT", "msys2"),
        ("some-thing", "repository", "github.com/makers/thing", "msys2"),
    ]


def test_nothing_of_a_recipe_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    hostile = META.replace("about:", f"about:\n  {{{{ open('{mark}', 'w') }}}}\n  {{% do x() %}}")
    clone = tmp_path / "clone"
    commit(clone, "2024-03-05", a__meta=hostile)
    (clone / ".git" / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {mark}\n")
    read(clone)
    assert not mark.exists()
