"""Indexes from clones, folders and archives: read without a checkout, the same bytes twice, one
line for what is broken.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from aisbom.codeprint import git_releases, identity
from aisbom.codeprint.build import build
from aisbom.codeprint.container import Container
from aisbom.codeprint.contents import blobs
from aisbom.codeprint.index import Index
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.project import Project
from aisbom.codeprint.releases import trees
from tests.codeprint.indexes import cloned, code, identities, package
from tests.collect.git_repository import git
from tests.program import run

PLAN = Plan("alpha", "pkg:pypi/alpha", licence="Apache-2.0", holders=("The Alpha Team",))


def _project(*places: Place) -> Project:
    return Project(Container(build(places, PLAN).data))


def test_what_is_left_out_is_not_covered() -> None:
    plan = Plan("alpha", "pkg:pypi/alpha", paths=("alpha/",), without=("alpha/theirs/", "alpha/b"))
    covered = [
        path
        for path in ("alpha/a.py", "alpha/b.py", "alpha/theirs/c.py", "other/a.py", "alpha/x.png")
        if plan.covers(path)
    ]
    assert covered == ["alpha/a.py"]


def test_a_clone_gives_its_tags_in_order_with_dates_and_commits(tmp_path: Path) -> None:
    files = package("alpha", 9)
    releases = {
        "v1.10.0": files,
        "v1.9.0": files,
        "core_v2.0rc1": files,
        "nightly": files,
        "before-moe": files,
    }
    clone = cloned(tmp_path / "alpha", releases)
    found = _project(Place(clone))
    assert [(release.version, release.tag) for release in found.releases] == [
        ("1.9.0", "v1.9.0"),
        ("1.10.0", "v1.10.0"),
        ("2.0rc1", "core_v2.0rc1"),
    ]
    assert found.releases[0].commit == git(clone, "rev-parse", "v1.9.0^{commit}")
    assert found.releases[1].date == "2023-11-14"
    assert [release.version for release in _project(Place(clone, tags="v*")).releases] == [
        "1.9.0",
        "1.10.0",
    ]
    assert [release.version for release in _project(Place(clone, since="2023-12-01")).releases] == [
        "1.9.0",
        "2.0rc1",
    ]
    assert [
        release.version for release in _project(Place(clone, keep="minor", tags="v1*")).releases
    ] == ["1.9.0", "1.10.0"]


def test_a_bare_clone_gives_the_same_bytes_and_so_does_a_second_run(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "alpha", {"v1.0": package("alpha", 9), "v1.1": package("alpha", 12)})
    git(tmp_path, "clone", "-q", "--bare", str(clone), "bare.git")
    first = build([Place(clone)], PLAN).data
    assert (
        first
        == build([Place(clone)], PLAN).data
        == build([Place(tmp_path / "bare.git")], PLAN).data
    )


def test_the_rows_say_in_which_releases_a_path_had_a_content(tmp_path: Path) -> None:
    one, two = {"a.py": code("one"), "b.py": code("b")}, {"a.py": code("two"), "b.py": code("b")}
    found = _project(Place(cloned(tmp_path / "alpha", {"v1": one, "v2": two, "v3": one})))
    book = blobs(found)
    rows = [
        (found.paths[p], f, s)
        for p, f, s in zip(book.path.tolist(), book.first.tolist(), book.last.tolist(), strict=True)
    ]
    assert rows == [("a.py", 0, 0), ("a.py", 1, 1), ("a.py", 2, 2), ("b.py", 0, 2)]
    assert (
        int(book.blob[0])
        == int.from_bytes(identity.blob(one["a.py"].encode())[:8], "big")
        == int(book.blob[2])
    )


def test_notices_are_those_of_the_last_content(tmp_path: Path) -> None:
    head = (
        "# Copyright 2024 The Alpha Team. All rights reserved.\n# SPDX-License-Identifier:"
        " Apache-2.0\n"
    )
    found = _project(
        Place(
            cloned(
                tmp_path / "alpha",
                {
                    "v1": {"a.py": code("a"), "b.py": code("b")},
                    "v2": {"a.py": head + code("a"), "b.py": code("b")},
                },
            )
        )
    )
    notice = found.notice(found.number["a.py"])
    assert (
        notice is not None and notice.holders == ("The Alpha Team",) and notice.spdx == "Apache-2.0"
    )
    assert found.notice(found.number["b.py"]) is None


def test_a_project_without_tags_is_known_by_commits_of_its_main_line(tmp_path: Path) -> None:
    clone = cloned(
        tmp_path / "alpha",
        {
            f"state-{n}": {"a.py": code(f"a{n}"), "b.py": code("b"), "c.py": code("c")}
            for n in range(8)
        },
    )
    with pytest.raises(ValueError, match="--every quarter"):
        build([Place(clone, tags="v*")], PLAN)
    found = _project(Place(clone, every="quarter"))
    assert [release.version.partition("+")[0] for release in found.releases] == [
        "2023.12.14",
        "2024.3.13",
        "2024.6.11",
    ]
    assert all(
        release.version.endswith(f"+g{release.commit[:12]}") and not release.tag
        for release in found.releases
    )
    assert "3 commits of the main line" in found.covers


def test_the_version_a_commit_states_names_it(tmp_path: Path) -> None:
    states = {
        f"s{n}": {"a.py": code(f"a{n}"), "v.py": f'__version__ = "1.{n // 2}.0.dev0"\n'}
        for n in range(6)
    }
    clone = cloned(tmp_path / "alpha", states)
    found = _project(Place(clone, every="change", stated="v.py"))
    assert [release.version.partition("+")[0] for release in found.releases] == [
        "1.0.0.dev0",
        "1.1.0.dev0",
        "1.2.0.dev0",
    ]
    # Each is the last commit before the version changes.
    assert found.releases[0].commit == git(clone, "rev-parse", "s1^{commit}")


def test_folders_wheels_and_sdists_are_one_release_each(tmp_path: Path) -> None:
    files = package("alpha", 9)
    for name, content in files.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_text(content, encoding="utf-8", newline="")
    with zipfile.ZipFile(tmp_path / "alpha-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)
    with tarfile.open(tmp_path / "alpha-1.0.tar.gz", "w:gz") as sdist:
        for name, content in files.items():
            info = tarfile.TarInfo(f"alpha-1.0/{name}")
            info.size = len(content.encode())
            sdist.addfile(info, io.BytesIO(content.encode()))
    for source in ("folder", "alpha-1.0-py3-none-any.whl", "alpha-1.0.tar.gz"):
        [found] = trees(
            identities(files), Index([_project(Place(tmp_path / source, version="1.0"))])
        )
        assert (found.version, found.root, found.modified, found.added, found.missing) == (
            "1.0",
            "",
            (),
            (),
            (),
        )
    with pytest.raises(ValueError, match="--version"):
        build([Place(tmp_path / "folder")], PLAN)


def test_settings_and_hooks_of_a_clone_have_no_part(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "alpha", {"v1": package("alpha", 9)})
    plain = build([Place(clone)], PLAN).data
    trap, sign = tmp_path / "trap.sh", tmp_path / "was-run"
    trap.write_text(f"#!/bin/sh\ntouch {sign}\n")
    trap.chmod(0o755)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (clone / ".git" / "hooks").mkdir(exist_ok=True)
        (clone / ".git" / "hooks" / hook).write_text(trap.read_text())
        (clone / ".git" / "hooks" / hook).chmod(0o755)
    with (clone / ".git" / "config").open("a") as config:
        config.write(
            f'[core]\n\tfsmonitor = {trap}\n\tpager = {trap}\n[filter "x"]\n\tsmudge ='
            f" {trap}\n[alias]\n\tls-tree = !{trap}\n"
        )
    assert build([Place(clone)], PLAN).data == plain
    assert not sign.exists()


def _loses_its_objects(clone: Path) -> None:
    for path in sorted((clone / ".git" / "objects").glob("[0-9a-f][0-9a-f]/*"))[::3]:
        path.unlink()


def _borrows(clone: Path) -> None:
    (clone / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (clone / ".git" / "objects" / "info" / "alternates").write_text("/somewhere/else\n")


def _is_a_link(clone: Path) -> None:
    (clone / ".git" / "objects").rename(clone.parent / "objects")
    (clone / ".git" / "objects").symlink_to(clone.parent / "objects")


def _has_no_tags(clone: Path) -> None:
    git(clone, "tag", "-d", "v1")


def _has_too_many_references(clone: Path) -> None:
    sha = git(clone, "rev-parse", "v1")
    (clone / ".git" / "packed-refs").write_text(
        "".join(f"{sha} refs/tags/v1.{n}\n" for n in range(100_000))
    )


@pytest.mark.parametrize("damage", [_loses_its_objects, _borrows, _is_a_link, _has_no_tags])
def test_a_broken_clone_is_one_line(tmp_path: Path, damage: object) -> None:
    clone = cloned(tmp_path / "alpha", {"v1": package("alpha", 9)})
    damage(clone)  # type: ignore[operator]
    ended = run(
        "code", "index", "build", clone, "-o", tmp_path / "x.codeindex", "--project", "alpha"
    )
    assert (
        ended.returncode == 3
        and ended.stderr.count("\n") == 1
        and not (tmp_path / "x.codeindex").exists()
    )


def test_a_hundred_thousand_tags_of_one_commit_are_one_state(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "alpha", {"v1": package("alpha", 9)})
    _has_too_many_references(clone)
    with pytest.raises(ValueError, match=r"more than [\d,]+ (?:references|releases)"):
        build([Place(clone)], PLAN)


def test_links_and_odd_names_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.py").write_text(code("a"))
    (tmp_path / "tree" / "round").symlink_to(tmp_path / "tree")
    (tmp_path / "tree" / "self.py").symlink_to("self.py")
    (tmp_path / "secret.py").write_text(code("secret"))
    (tmp_path / "tree" / "out.py").symlink_to(tmp_path / "secret.py")
    os.mkfifo(tmp_path / "tree" / "pipe.py")
    (tmp_path / "tree" / "two\nlines.py").write_text(code("two"))
    assert _project(Place(tmp_path / "tree", version="1")).paths == ("a.py",)


def test_a_zip_bomb_and_a_broken_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.py", code("a"))
        packed.writestr("bomb.py", b"0" * (64 * 1024 * 1024))
    assert _project(Place(tmp_path / "bomb.zip", version="1")).paths == ("a.py",)
    (tmp_path / "bad.zip").write_bytes((tmp_path / "bomb.zip").read_bytes()[:500])
    with pytest.raises(ValueError, match="cannot be read"):
        build([Place(tmp_path / "bad.zip", version="1")], PLAN)


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v1.2.3", "1.2.3"),
        ("core_v0.12.0rc1", "0.12.0rc1"),
        ("release-4.5.post1", "4.5.post1"),
        ("x", ""),
    ],
)
def test_tags_to_versions(tag: str, version: str) -> None:
    assert git_releases.version(tag) == version


def test_build_add_and_info_on_the_command_line(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "alpha", {"v1.0": package("alpha", 9), "v1.1": package("alpha", 12)})
    target = tmp_path / "alpha.codeindex"
    own = {"AISBOM_CODE_INDEX": str(tmp_path / "own")}
    built = run(
        "code",
        "index",
        "build",
        clone,
        "-o",
        target,
        "--project",
        "alpha",
        "--purl",
        "pkg:pypi/alpha",
        "--licence",
        "MIT",
    )
    assert built.returncode == 0 and "2 releases" in built.stdout and target.is_file()
    assert str(tmp_path) not in Container(target).read("about.json").decode()
    assert run("code", "index", "add", target, **own).stdout == "kept as alpha.codeindex\n"
    told = json.loads(run("code", "index", "info", "--format", "json", **own).stdout)
    [row] = [row for row in told["projects"] if not row["shipped"]]
    assert (row["purl"], row["licence"], [r["tag"] for r in row["releases"]]) == (
        "pkg:pypi/alpha",
        "MIT",
        ["v1.0", "v1.1"],
    )
    assert (
        "2 tags dated 2023-11-14 to 2023-12-14 (1.0 to 1.1)"
        in run("code", "index", "info", target).stdout
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "nowhere", "-o", "x.codeindex", "--project", "a"),
        ("build", ".", "-o", "no/such/x", "--project", "a"),
        ("build", ".", "-o", "x", "--project", "a/b"),
        ("build", ".", "-o", "x", "--project", "a", "--since", "yesterday"),
        ("build", ".", "-o", "x", "--project", "a", "--purl", "alpha"),
        ("add", "nowhere"),
        ("add", "text"),
        ("info", "text"),
        ("info", "nowhere"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "text").write_text("this is no index")
    ended = run("code", "index", *arguments, cwd=tmp_path)
    assert (
        ended.returncode == 2
        and ended.stderr.startswith("aisbom: ")
        and ended.stderr.count("\n") == 1
    )
