"""A copy of a release is named, and what was changed in it; what is no copy is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.codeprint import handed_on, identity
from aisbom.codeprint.index import Index
from aisbom.codeprint.known import key_of, projects_of
from aisbom.codeprint.releases import trees
from tests.codeprint.indexes import Files, below, code, identities, index, package, project


def _releases(name: str) -> dict[str, Files]:
    """Four releases: each changes four modules and the version, the third adds a module and removes
    another.
    """
    found: dict[str, Files] = {}
    files = package(name)
    for number, tag in enumerate(("v1.0.0", "v1.0.1", "v1.1.0", "v1.2.0")):
        files = {**files, f"{name}/version.py": f'__version__ = "{tag[1:]}"\n'}
        for n in range(number * 4, number * 4 + 4):
            path = f"{name}/models/module_{n}.py"
            files[path] = f"# changed in {tag}\n" + files[path] if number else files[path]
        if tag == "v1.1.0":
            files[f"{name}/core/newcomer.py"] = code(f"{name}_newcomer")
            del files[f"{name}/layers/module_0.py"]
        found[tag] = dict(files)
    return found


ALPHA = _releases("alpha")
BETA = _releases("beta")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("known")
    return index(project(folder, "alpha", ALPHA), project(folder, "beta", BETA))


def test_a_patched_fork_is_one_copy_with_its_lists(known: Index) -> None:
    files = dict(ALPHA["v1.1.0"])
    del files["alpha/version.py"]
    removed = [f"alpha/layers/module_{n}.py" for n in range(1, 13)]
    patched = [f"alpha/core/module_{n}.py" for n in range(8)] + [
        "alpha/models/module_3.py",
        "alpha/models/module_9.py",
    ]
    files = {
        path: content + "# ours\n" if path in patched else content
        for path, content in files.items()
        if path not in removed
    }
    own = {f"alpha/models/ours_{n}.py": code(f"ours_{n}") for n in range(3)}
    [found] = trees(identities({**files, **own}), known)
    assert (found.project, found.version, found.tag, found.root, found.upstream) == (
        "pkg:pypi/alpha",
        "1.1.0",
        "v1.1.0",
        "",
        "",
    )
    assert [here for here, _ in found.modified] == sorted(patched)
    assert list(found.added) == sorted(own)
    assert list(found.missing) == sorted([*removed, "alpha/version.py"])
    assert found.also == () and not found.single and found.date and len(found.commit) == 40
    # Documentation is of a kind the index does not cover: neither identical nor added.
    assert "README.md" not in found.identical + found.added


@pytest.mark.parametrize("tag", ALPHA)
def test_every_release_is_named(known: Index, tag: str) -> None:
    [found] = trees(identities(ALPHA[tag]), known)
    assert (found.tag, found.modified, found.added, found.missing, found.also) == (
        tag,
        (),
        (),
        (),
        (),
    )


def test_a_vendored_folder_does_not_make_its_project_a_fork(known: Index) -> None:
    own = {
        f"app/{part}/page_{n}.py": code(f"app_{part}_{n}")
        for part in ("web", "store")
        for n in range(30)
    }
    vendored = below("app/third_party", ALPHA["v1.0.1"], "")
    [found] = trees(identities({**own, **vendored}), known)
    assert (found.version, found.root, found.upstream, found.added) == (
        "1.0.1",
        "app/third_party",
        "",
        (),
    )


def test_a_package_beside_ones_own_code_at_the_top_is_that_folder_alone(known: Index) -> None:
    own = {f"app/page_{n}.py": code(f"app_{n}") for n in range(40)} | {
        "setup.py": code("own_setup"),
        "tests/test_app.py": code("own_test"),
    }
    vendored = {
        path: content for path, content in ALPHA["v1.2.0"].items() if path.startswith("alpha/")
    }
    [found] = trees(identities({**own, **vendored}), known)
    assert (found.version, found.root, found.upstream, found.added, found.modified) == (
        "1.2.0",
        "alpha",
        "alpha",
        (),
        (),
    )


def test_a_part_of_a_package_that_was_renamed_and_moved(known: Index) -> None:
    own = {f"engine/page_{n}.py": code(f"engine_{n}") for n in range(10)}
    part = below("engine/kernels", ALPHA["v1.1.0"], "alpha/models/")
    [found] = trees(identities({**own, **part}), known)
    assert (found.root, found.upstream, found.missing) == ("engine/kernels", "alpha/models", ())
    assert found.version == "1.1.0"


def test_a_fork_whose_package_was_renamed_stays_one_copy(known: Index) -> None:
    files = {
        path.replace("alpha/", "omega/", 1): content for path, content in ALPHA["v1.1.0"].items()
    }
    [found] = trees(identities(files), known)
    assert (found.version, found.root, found.added, found.missing, found.modified) == (
        "1.1.0",
        "",
        (),
        (),
        (),
    )


def test_a_moved_file_is_still_upstreams(known: Index) -> None:
    files = dict(ALPHA["v1.1.0"])
    files["alpha/elsewhere/renamed.py"] = files.pop("alpha/core/module_1.py")
    [found] = trees(identities(files), known)
    assert "alpha/elsewhere/renamed.py" in found.identical and not found.added and not found.missing


def test_a_file_as_another_release_had_it_is_a_modified_one(known: Index) -> None:
    files = ALPHA["v1.1.0"] | {
        "alpha/models/module_5.py": ALPHA["v1.0.0"]["alpha/models/module_5.py"]
    }
    [found] = trees(identities(files), known)
    assert (found.version, found.modified) == (
        "1.1.0",
        (("alpha/models/module_5.py", "alpha/models/module_5.py"),),
    )


def test_the_layout_of_a_wheel_and_what_a_build_adds(tmp_path: Path) -> None:
    source = {
        f"src/gamma/{path.removeprefix('gamma/')}" if path.startswith("gamma/") else path: c
        for path, c in package("gamma").items()
    }
    gamma = index(project(tmp_path, "gamma", {"v2.0": source}))
    wheel = {
        path.removeprefix("src/"): content
        for path, content in source.items()
        if path.startswith("src/")
    }
    wheel |= {
        "gamma/_version.py": "version = '2.0'\n",
        "gamma-2.0.dist-info/METADATA": "Name: gamma\n",
    }
    [found] = trees(identities(wheel), gamma)
    assert (found.version, found.root, found.upstream, found.added, found.missing) == (
        "2.0",
        "gamma",
        "src/gamma",
        (),
        (),
    )


def test_two_copies_of_one_project_are_two(known: Index) -> None:
    files = below("old", ALPHA["v1.0.0"]) | below("new", ALPHA["v1.2.0"])
    found = trees(identities(files), known)
    assert [(copy.root, copy.version) for copy in found] == [("new", "1.2.0"), ("old", "1.0.0")]


def test_a_project_vendored_inside_a_fork_is_its_own_copy_and_none_of_the_forks_additions(
    known: Index,
) -> None:
    files = (
        ALPHA["v1.1.0"]
        | below("alpha/third_party/beta", BETA["v1.0.0"], "beta/")
        | {"alpha/ours.py": code("ours")}
    )
    first, second = trees(identities(files), known)
    assert (first.project, first.root, first.added) == ("pkg:pypi/alpha", "", ("alpha/ours.py",))
    assert (second.project, second.root, second.version, second.missing) == (
        "pkg:pypi/beta",
        "alpha/third_party/beta",
        "1.0.0",
        (),
    )
    assert not set(first.identical) & set(second.identical)


def test_what_upstream_vendored_itself_is_upstreams(tmp_path: Path) -> None:
    library = package("library", 30)
    installer = package("installer") | below("installer/_vendor/library", library, "library/")
    both = index(
        project(tmp_path, "library", {"v1": library}),
        project(tmp_path, "installer", {"v9": installer}),
    )
    [found] = trees(identities(installer), both)
    assert (found.project, found.root, found.missing) == ("pkg:pypi/installer", "", ())
    # Alone in someone else's tree the same folder is the library.
    [alone] = trees(identities(below("tool/_vendor/library", library, "library/")), both)
    assert (alone.project, alone.root) == ("pkg:pypi/library", "tool/_vendor/library")


def test_who_had_the_content_later_has_it_from_who_had_it_first(tmp_path: Path) -> None:
    """Even where the later project agrees in more files: what is in between may be in no index."""
    library = package("library", 30)
    between = {
        path: text + "# in between two releases\n" if path.endswith("_1.py") else text
        for path, text in library.items()
    }
    vendored = below("installer/vocoder", between, "library/")
    more = package("installer") | {"installer/more.py": code("installer_more")}
    both = index(
        project(tmp_path, "library", {"v1": library}),
        project(
            tmp_path,
            "installer",
            # What v9 has first was not there yet when v8 was prepared, a month after the library.
            {"v6": {}, "v7": package("installer"), "v8": more, "v9": more | vendored},
        ),
    )
    [alone] = trees(identities(below("tool/vocoder", between, "library/")), both)
    assert (alone.project, alone.root, len(alone.modified)) == (
        "pkg:pypi/library",
        "tool/vocoder",
        3,
    )


def test_one_large_file_alone_is_recognised_and_a_small_one_is_not(known: Index) -> None:
    own = {f"app/page_{n}.py": code(f"app_{n}") for n in range(10)}
    [found] = trees(
        identities(own | {"app/bundled.py": ALPHA["v1.0.0"]["alpha/core/module_7.py"]}), known
    )
    assert (
        found.single
        and found.identical == ("app/bundled.py",)
        and found.project == "pkg:pypi/alpha"
    )
    # It did not change from release to release, and the row says so.
    assert (found.version, set(found.also)) == ("1.2.0", {"1.0.0", "1.0.1", "1.1.0"})
    assert (
        trees(identities(own | {"app/bundled.py": ALPHA["v1.0.0"]["tests/test_1.py"]}), known) == []
    )


def test_a_file_that_two_projects_share_says_nothing_alone(tmp_path: Path) -> None:
    shared = {"util/compat.py": code("compat", 100)}
    both = index(
        project(tmp_path, "alpha", {"v1": package("alpha") | shared}),
        project(tmp_path, "beta", {"v1": package("beta") | shared}),
    )
    assert (
        trees(
            identities({"app/compat.py": shared["util/compat.py"], "app/main.py": code("main")}),
            both,
        )
        == []
    )


def test_empty_and_tiny_files_make_no_copy(known: Index) -> None:
    files = {f"app/{part}/__init__.py": "" for part in ("core", "layers", "models", "web")} | {
        "alpha/version.py": '__version__ = "1.0.0"\n'
    }
    assert trees(identities(files), known) == []


def test_only_projects_that_have_more_of_it_than_tiny_files_are_unpacked(known: Index) -> None:
    """Every project has an empty file; each that is unpacked takes milliseconds."""
    tiny = {"app/__init__.py": "", "app/version.py": '__version__ = "1.0.0"\n'}
    shared = {**tiny, "app/part.py": BETA["v1.0.0"]["beta/core/module_1.py"]}
    keys = {
        name: [key_of(blob) for blob in identities(files).values()]
        for name, files in (("tiny", tiny), ("shared", shared))
    }
    assert projects_of(known, keys["tiny"]) == []
    (number,) = projects_of(known, keys["shared"])
    assert known.projects[number].name == "beta"


def test_a_project_that_depends_on_another_has_no_copy_of_it(known: Index) -> None:
    files = {f"app/page_{n}.py": f"import alpha\n{code(f'app_{n}')}" for n in range(20)} | {
        "requirements.txt": "alpha==1.1.0\n"
    }
    assert trees(identities(files), known) == []
    assert trees({}, known) == []
    assert trees(identities(ALPHA["v1.0.0"]), Index(())) == []


def test_line_ends_do_not_hide_a_copy(known: Index) -> None:
    turned = {
        path: content.replace("\n", "\r\n").encode() for path, content in ALPHA["v1.1.0"].items()
    }
    blobs = {path: identity.blob(data) for path, data in turned.items()}
    plain = {
        path: digest for path, data in turned.items() if (digest := identity.with_plain_lines(data))
    }
    assert trees(blobs, known) == []
    [found] = trees(blobs, known, plain)
    assert (found.version, found.modified, found.added) == ("1.1.0", (), ())


def test_releases_that_agree_equally_well_are_named_beside_the_last_final_one(
    tmp_path: Path,
) -> None:
    files = package("delta")
    same = {"v1.0": files, "v1.1": files | {"README.md": "# new\n"}, "v1.2rc1": files}
    [found] = trees(identities(files), index(project(tmp_path, "delta", same)))
    assert (found.version, found.also) == ("1.1", ("1.0", "1.2rc1"))


def test_paths_with_odd_characters_do_no_harm(known: Index) -> None:
    odd = {
        "a\0b.py": b"\0" * 20,
        "": b"\1" * 20,
        "/": b"\2" * 20,
        "x//y.py": b"\3" * 20,
        "é/\udcff.py": b"\4" * 20,
        "short.py": b"",
    }
    assert trees(odd, known) == []


PATHS = sorted(ALPHA["v1.1.0"])


@given(st.sets(st.sampled_from(PATHS), max_size=40), st.sampled_from(["", "vendor/x", "a/b/c/d"]))
def test_every_file_is_in_one_list_at_the_most(known: Index, touched: set[str], root: str) -> None:
    files = {
        path: content + "# ours\n" * (path in touched) for path, content in ALPHA["v1.1.0"].items()
    }
    files = below(root, files) if root else files
    seen: list[str] = []
    for copy in trees(identities(files), known):
        seen += [*copy.identical, *copy.added, *(here for here, _ in copy.modified)]
    assert len(seen) == len(set(seen)) and set(seen) <= set(files)


def test_what_the_scanned_project_had_first_is_nobodys_copy(tmp_path: Path) -> None:
    mine, theirs = package("mine", 20), package("theirs", 20)
    extra = {"mine/extra.py": code("extra")}
    both = index(
        # A month lies between two releases: v4 has what it has first after theirs had it.
        project(
            tmp_path,
            "mine",
            {"v1": mine, "v2": mine, "v3": mine | extra, "v4": extra | below("vendored", theirs)},
        ),
        project(tmp_path, "theirs", {"v2": theirs | below("their_vendor", mine)}),
    )
    tree = identities(mine | below("vendored", theirs))
    [found] = trees(tree, both, own={"pkg:pypi/mine"})
    assert (found.project, found.root) == ("pkg:pypi/theirs", "vendored")
    assert not trees(identities(mine), both, own={"pkg:pypi/mine"})


def test_who_has_a_content_only_after_it_came_here_is_no_source(tmp_path: Path) -> None:
    theirs = package("theirs", 20)
    known = index(
        project(tmp_path, "theirs", {"v1": package("else", 9), "v2": package("else"), "v3": theirs})
    )
    tree = identities(below("vendored", theirs, "theirs/"))
    # v2 is of 14 December 2023: what is new in v3 was not there when it was prepared.
    before, after = dict.fromkeys(tree, "2023-11-10"), dict.fromkeys(tree, "2024-02-01")
    assert not trees(tree, known, came=before)
    assert [found.root for found in trees(tree, known, came=after)] == ["vendored"]
    assert trees(tree, known, came=dict.fromkeys(tree, "")) == trees(tree, known)


def test_a_single_file_needs_a_source_that_had_it_before(tmp_path: Path) -> None:
    big = {"theirs/big.py": code("big") * 40}
    known = index(project(tmp_path, "theirs", {"v1": big | package("theirs", 20)}))
    tree = identities({"here.py": big["theirs/big.py"]})
    # v1 is the first that is known of the project: whether it had the file before, nobody knows.
    assert not trees(tree, known, came=dict.fromkeys(tree, "2023-01-01"))
    assert [one.single for one in trees(tree, known, came=dict.fromkeys(tree, "2024-02-01"))] == [
        True
    ]


def test_a_release_that_is_younger_than_the_copy_is_not_named(tmp_path: Path) -> None:
    """v2 and v3 have the folder as it is here; it may have been so before the first that is known.
    A fork that keeps the history has the files from the commits before the release.
    """
    theirs = package("theirs", 20)
    releases = {"v1": package("else"), "v2": theirs, "v3": theirs | package("more")}
    known = index(project(tmp_path, "theirs", {"v0": theirs, **releases}))
    tree = identities(below("vendored", theirs, "theirs/"))

    def versions(day: str) -> tuple[str, tuple[str, ...]]:
        [found] = trees(tree, known, came=dict.fromkeys(tree, day))
        return found.version, found.also

    assert versions("") == ("3", ("0", "2"))
    assert versions("2024-02-01") == ("3", ("0", "2"))  # v3 is of 12 February
    assert versions("2024-01-01") == ("2", ("0",))  # v2 of 13 January
    assert versions("2023-11-14") == ("0", ())
    assert versions("2023-06-01") == ("", ())


def test_what_a_project_has_from_another_is_not_recognised_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = {"theirs/big.py": code("big") * 40}
    known = index(project(tmp_path, "theirs", {"v1": big}))
    tree = identities({"here.py": big["theirs/big.py"]})
    assert trees(tree, known)
    key = key_of(tree["here.py"])
    monkeypatch.setattr(handed_on, "is_known", lambda one: one == key)
    assert not trees(tree, known)
