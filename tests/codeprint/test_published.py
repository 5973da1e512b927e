"""Releases known from their wheels or sdists beside commits that have everything: named exactly,
and silent on what packages leave out.
"""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.codeprint.build import build
from aisbom.codeprint.container import Container, write
from aisbom.codeprint.contents import blobs
from aisbom.codeprint.copies import VendoredRelease
from aisbom.codeprint.index import Index
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.project import Project
from aisbom.codeprint.releases import trees
from tests.codeprint.indexes import Files, below, cloned, code, identities, index, package
from tests.program import run

PLAN = Plan("gamma", "pkg:pypi/gamma", licence="MIT")
PARTS = ("core", "layers", "models")


def _source(version: str, changed: int, *, tests: int = 0) -> Files:
    """A repository of 60 modules, of which the first `changed` are not as they began, and of 24
    tests, `tests` of them changed.
    """
    files = {
        ("src/" + path if path.startswith("gamma/") else path): text
        for path, text in package("gamma").items()
    }
    files |= {f"tests/more/test_{n}.py": code(f"gamma_more_{n}", 12) for n in range(12)}
    modules = sorted(path for path in files if path.startswith("src/") and "module_" in path)
    for path in modules[:changed]:
        files[path] = f"# {path} of {changed}\n" + files[path]
    for path in sorted(path for path in files if path.startswith("tests/"))[:tests]:
        files[path] = f"# test of {tests}\n" + files[path]
    return files | {"src/gamma/version.py": f'__version__ = "{version}"\n'}


MAIN = {
    "state-0": _source("1.0.0.dev0", 4, tests=2),
    "state-1": _source("1.1.0.dev0", 12, tests=5),
    "state-2": _source("1.2.0.dev0", 20, tests=9),
}
RELEASES = {
    "1.0.0": _source("1.0.0", 4, tests=2),
    "1.0.1": _source("1.0.1", 7, tests=3),
    "1.1.0": _source("1.1.0", 14, tests=5),
    "1.3.0": _source("1.3.0", 26, tests=11),
}


def _unpacked(source: Files) -> Files:
    return {
        path.removeprefix("src/"): text for path, text in source.items() if path.startswith("src/")
    }


def _wheel(folder: Path, version: str, source: Files) -> Path:
    path = folder / f"gamma-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in _unpacked(source).items():
            packed.writestr(zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10)), text)
        about = f"Metadata-Version: 2.1\nName: gamma\nVersion: {version}\n\nText.\nVersion: 9\n"
        packed.writestr(
            zipfile.ZipInfo(f"gamma-{version}.dist-info/METADATA", (2024, 5, 6, 7, 8, 10)), about
        )
        packed.writestr(f"gamma-{version}.data/scripts/gamma.py", code("script"))
    return path


def _sdist(folder: Path, version: str, source: Files) -> Path:
    path = folder / f"gamma-{version}.tar.gz"
    made = {
        "PKG-INFO": f"Metadata-Version: 2.1\nName: gamma\nVersion: {version}\n",
        "src/gamma/_version.py": "version = 0\n",
    }
    made |= {"setup.cfg": "[egg_info]\ntag_build = \ntag_date = 0\n\n"}
    with tarfile.open(path, "w:gz") as packed:
        for name, text in (source | made).items():
            info = tarfile.TarInfo(f"gamma-{version}/{name}")
            info.size, info.mtime = len(text.encode()), 1_715_000_000
            packed.addfile(info, io.BytesIO(text.encode()))
    return path


def _places(folder: Path) -> list[Place]:
    clone = cloned(folder / "clone", MAIN)
    main = Place(clone, every="change", stated="src/gamma/version.py")
    return [
        main,
        *(
            Place(_wheel(folder, version, source), under="src")
            for version, source in RELEASES.items()
        ),
    ]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(Container(build(_places(tmp_path_factory.mktemp("mixed")), PLAN).data))


def _patched(files: Files, start: str) -> tuple[Files, list[str], list[str], list[str]]:
    """The files with five changed, two added and ten removed, and the version file gone; then the
    changed, added and gone paths.
    """
    changed = [f"{start}gamma/layers/module_{n}.py" for n in range(3)] + [
        f"{start}gamma/models/module_{n}.py" for n in (4, 19)
    ]
    own = {f"{start}gamma/models/ours_{n}.py": code(f"ours_{n}") for n in range(2)}
    gone = [f"{start}gamma/core/module_{n}.py" for n in range(10, 20)] + [
        f"{start}gamma/version.py"
    ]
    kept = {
        path: text + "# ours\n" * (path in changed)
        for path, text in files.items()
        if path not in gone
    }
    return kept | own, sorted(changed), sorted(own), sorted(gone)


def _one(files: Files, *projects: Project) -> VendoredRelease:
    [found] = trees(identities(files), index(*projects))
    return found


def test_what_is_known_of_a_wheel_is_what_lies_in_it(mixed: Project) -> None:
    assert [
        (r.version.partition("+")[0], r.date, r.within) for r in mixed.releases if not r.commit
    ] == [(version, "2024-05-06", ("src/gamma",)) for version in RELEASES]
    assert all(release.within == () for release in mixed.releases if release.commit)
    assert "3 commits of the main line and 4 published packages" in mixed.covers
    assert not any("scripts" in path or "dist-info" in path for path in mixed.paths)


def test_paths_that_wheels_lack_have_no_row_for_each_of_them(mixed: Project) -> None:
    book = blobs(mixed)
    assert len(book.rows_of(mixed.number["setup.py"])) == 1
    assert mixed.number["setup.py"] not in book.at(1) and mixed.number["setup.py"] in book.around(1)


@pytest.mark.parametrize("version", RELEASES)
def test_a_patched_checkout_is_named_exactly(mixed: Project, version: str) -> None:
    files, changed, own, gone = _patched(RELEASES[version], "src/")
    found = _one(files, mixed)
    assert (found.version, found.root, found.upstream) == (version, "", "")
    assert all(".dev0+g" in other for other in found.also)
    here = [name for name, _ in found.modified]
    assert [name for name in here if name.startswith("src/")] == changed
    # A test whose content no commit of the index has can only be told to differ.
    assert all(name.startswith("tests/") for name in here if name not in changed)
    assert sorted(found.missing) == gone and list(found.added) == own


@pytest.mark.parametrize("version", RELEASES)
def test_a_patched_unpacked_wheel_is_named_exactly(mixed: Project, version: str) -> None:
    files, changed, own, gone = _patched(_unpacked(RELEASES[version]), "")
    found = _one(files, mixed)
    assert (found.version, found.root, found.upstream) == (version, "gamma", "src/gamma")
    assert all(".dev0+g" in other for other in found.also)
    assert ([name for name, _ in found.modified], list(found.added)) == (changed, own)
    assert list(found.missing) == sorted(f"src/{name}" for name in gone)


def test_a_commit_between_releases_is_named_where_it_agrees_better(mixed: Project) -> None:
    found = _one(_patched(MAIN["state-1"], "src/")[0], mixed)
    assert found.version.startswith("1.1.0.dev0+g") and found.commit


def test_of_a_commit_and_a_release_that_agree_equally_well_it_is_the_release(
    mixed: Project,
) -> None:
    files = {
        path: text for path, text in RELEASES["1.0.0"].items() if path != "src/gamma/version.py"
    }
    found = _one(files, mixed)
    assert found.version == "1.0.0" and [version.partition("+")[0] for version in found.also] == [
        "1.0.0.dev0"
    ]
    assert (found.modified, found.added, found.missing) == ((), (), ("src/gamma/version.py",))


def test_where_packages_have_too_little_of_it_the_commit_is_named(mixed: Project) -> None:
    files = {path: text for path, text in MAIN["state-1"].items() if path.startswith("tests/")}
    few = {
        path: MAIN["state-1"][path]
        for path in ("src/gamma/models/module_1.py", "src/gamma/models/module_2.py", "setup.py")
    }
    found = _one(files | few, mixed)
    assert found.version.startswith("1.1.0.dev0+g") and not found.modified and not found.added


def test_a_new_file_elsewhere_is_an_addition_only_where_commits_on_both_sides_lack_it(
    mixed: Project,
) -> None:
    own = {"tests/test_ours.py": code("our_test"), "tools/ours.py": code("our_tool")}
    assert list(_one(RELEASES["1.0.1"] | own, mixed).added) == sorted(own)
    # After the last commit that the index has, upstream may have added it.
    late = _one(RELEASES["1.3.0"] | own, mixed)
    assert (late.version, late.added) == ("1.3.0", ())


def test_wheels_alone_say_nothing_of_what_they_lack(tmp_path: Path) -> None:
    places = [
        Place(_wheel(tmp_path, version, source), under="src")
        for version, source in RELEASES.items()
    ]
    alone = Project(Container(build(places, PLAN).data))
    found = _one(RELEASES["1.0.1"] | {"src/gamma/ours.py": code("ours")}, alone)
    assert (found.version, found.added, found.missing, found.modified) == (
        "1.0.1",
        ("src/gamma/ours.py",),
        (),
        (),
    )


def test_an_empty_file_that_is_not_here_is_not_missing(mixed: Project) -> None:
    files = {path: text for path, text in RELEASES["1.0.1"].items() if text}
    assert len(files) == len(RELEASES["1.0.1"]) - 3
    assert _one(files, mixed).missing == ()


def test_a_checkout_below_a_folder_beside_ones_own_code(mixed: Project) -> None:
    own = {f"app/page_{n}.py": code(f"app_{n}") for n in range(40)}
    found = _one(own | below("third_party/gamma", RELEASES["1.0.1"]), mixed)
    assert (found.version, found.root, found.upstream, found.added) == (
        "1.0.1",
        "third_party/gamma",
        "",
        (),
    )
    assert found.within == ("src/gamma",)


def test_an_sdist_leaves_out_what_it_has_nothing_of_unless_it_is_whole(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "clone", {"v1.0.0": RELEASES["1.0.0"]})
    lean = {path: text for path, text in RELEASES["1.0.1"].items() if not path.startswith("tests/")}
    found = Project(
        Container(build([Place(clone), Place(_sdist(tmp_path, "1.0.1", lean))], PLAN).data)
    )
    assert [(r.version, r.date, r.within) for r in found.releases] == [
        ("1.0.0", "2023-11-14", ()),
        ("1.0.1", "2024-05-06", ("README.md", "setup.cfg", "setup.py", "src")),
    ]
    assert (
        _one(RELEASES["1.0.1"], found).version == "1.0.1"
        and not _one(RELEASES["1.0.1"], found).added
    )
    # What a build made is none of upstream's files.
    assert not {"src/gamma/_version.py", "setup.cfg", "PKG-INFO"} & set(found.paths)
    whole = Project(
        Container(
            build(
                [Place(clone), Place(_sdist(tmp_path, "1.0.1", RELEASES["1.0.1"]), whole=True)],
                PLAN,
            ).data
        )
    )
    told = _one(RELEASES["1.0.1"] | {"tests/test_ours.py": code("ours")}, whole)
    assert (whole.releases[1].within, told.version, told.added) == (
        (),
        "1.0.1",
        ("tests/test_ours.py",),
    )


def test_a_clone_counts_before_a_package_of_the_same_version(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "clone", {"v1.0.0": RELEASES["1.0.0"]})
    found = Project(
        Container(
            build(
                [Place(clone), Place(_wheel(tmp_path, "1.0.0", RELEASES["1.0.0"]), under="src")],
                PLAN,
            ).data
        )
    )
    assert [(release.tag, release.within) for release in found.releases] == [("v1.0.0", ())]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    places = _places(tmp_path)
    assert build(places, PLAN).data == build(places, PLAN).data


def _told(project: Project, within: object) -> bytes:
    """The bytes of an index whose second release has this `within`."""
    about = {
        "layout": 1,
        "project": project.name,
        "purl": project.purl,
        "kinds": sorted(project.kinds),
    }
    about["releases"] = [
        {"version": r.version, "tag": r.tag, "commit": r.commit, "date": r.date}
        for r in project.releases
    ]
    if within is not None:
        about["releases"][1]["within"] = within
    arrays = {
        name: project.array(name)
        for name in ("blob", "blob_path", "blob_first", "blob_last", "blob_size")
    }
    return write(
        {"about.json": json.dumps(about).encode(), "paths.txt": "\n".join(project.paths).encode()},
        arrays,
    )


def test_a_file_without_the_key_is_of_whole_releases(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "clone", {"v1.0.0": RELEASES["1.0.0"], "v1.0.1": RELEASES["1.0.1"]})
    new = Project(Container(build([Place(clone)], PLAN).data))
    assert b"within" not in new._container.read("about.json")
    old = Project(Container(_told(new, None)))
    files, changed, own, gone = _patched(RELEASES["1.0.1"], "src/")
    for project in (old, new):
        found = _one(files, project)
        assert [name for name, _ in found.modified] == changed
        assert (found.version, list(found.added), sorted(found.missing)) == ("1.0.1", own, gone)


@pytest.mark.parametrize("within", ["src", 3, [1], ["x" * 500], ["a"] * 2000, {"src": 1}])
def test_a_coverage_that_is_no_list_of_paths_is_one_line(mixed: Project, within: object) -> None:
    with pytest.raises(ValueError, match=r"within.*not a list of texts"):
        Project(Container(_told(mixed, within)))


def test_too_many_different_coverages_are_one_line(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "clone", {"v1.0.0": RELEASES["1.0.0"], "v1.0.1": RELEASES["1.0.1"]})
    told = Container(_told(Project(Container(build([Place(clone)], PLAN).data)), None))
    about = told.json("about.json")
    about["releases"] += [{**about["releases"][1], "within": [f"part_{n}"]} for n in range(2000)]
    members = {"about.json": json.dumps(about).encode(), "paths.txt": told.read("paths.txt")}
    many = Project(Container(write(members, {name: told.array(name) for name in told.arrays()})))
    with pytest.raises(ValueError, match="too many different parts"):
        blobs(many)


def test_wheels_beside_a_clone_on_the_command_line(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "clone", MAIN)
    wheels = [_wheel(tmp_path, version, source) for version, source in RELEASES.items()]
    target = tmp_path / "gamma.codeindex"
    asked = (
        "code",
        "index",
        "build",
        clone,
        *wheels,
        "--every",
        "month",
        "--under",
        "src",
        "-o",
        target,
        "--project",
        "gamma",
    )
    built = run(*asked)
    assert built.returncode == 0 and "7 releases" in built.stdout, built.stderr
    [row] = json.loads(run("code", "index", "info", target, "--format", "json").stdout)["projects"]
    packed = [release for release in row["releases"] if not release["commit"]]
    assert [(release["version"], release["within"]) for release in packed] == [
        (version, ["src/gamma"]) for version in RELEASES
    ]
    assert all("within" not in release for release in row["releases"] if release["commit"])


PATHS = sorted(RELEASES["1.0.1"])


@given(
    st.sets(st.sampled_from(PATHS), max_size=30),
    st.sets(st.sampled_from(PATHS), max_size=30),
    st.sampled_from(list(RELEASES)),
)
def test_every_file_is_in_one_list_and_nothing_unknown_is_missing(
    mixed: Project, touched: set[str], gone: set[str], version: str
) -> None:
    files = {
        path: text + "# ours\n" * (path in touched)
        for path, text in RELEASES[version].items()
        if path not in gone
    }
    seen: list[str] = []
    for copy in trees(identities(files), Index([mixed])):
        seen += [*copy.identical, *copy.added, *(here for here, _ in copy.modified)]
        if not copy.commit and not copy.single:
            assert all(path.startswith("src/gamma/") for path in copy.missing)
    assert len(seen) == len(set(seen)) and set(seen) <= set(files)
