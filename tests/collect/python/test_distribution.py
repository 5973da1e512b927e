"""Installed and packed distributions, sdists and source trees: what each file yields, at which
line, and where it stays silent.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aisbom.collect.executors import Serial
from aisbom.collect.python import metadata
from aisbom.collect.python.distribution import COLLECTOR
from aisbom.collect.python.record import direct_url, record
from aisbom.collect.run import gather
from aisbom.model import Gap, Observation, Relation, Row
from aisbom.source.tree import Tree, Unreadable
from tests.conftest import MakeTree, collect

SITE = "venv/lib/python3.11/site-packages"
DEMO = f"{SITE}/demo_pkg-1.0.dist-info"
METADATA = """Metadata-Version: 2.4
Name: Demo_Pkg
Version: 1.0+cpu
Summary: A demonstration
License-Expression: Apache-2.0
License-File: LICENSE
Classifier: License :: OSI Approved :: Apache Software License
Classifier: Programming Language :: Python
Classifier: Topic :: Security
Project-URL: Source, https://example.org/demo
Author-email: Someone <someone@example.org>
Requires-Python: >=3.9
Provides-Extra: fast
Requires-Dist: alpha[x,Y_Z]>=1,<2
Requires-Dist: beta (==2.0) ; extra == 'Fast'
Requires-Dist: gamma; python_version < "3.8"
Requires-Dist: delta @ git+https://example.org/d.git@v1

# A title

Requires-Dist: not-a-header
"""


def observations(rows: tuple[Row, ...], kind: str) -> list[Observation]:
    return [row for row in rows if isinstance(row, Observation) and row.kind == kind]


def relations(rows: tuple[Row, ...]) -> list[Relation]:
    return [row for row in rows if isinstance(row, Relation)]


def gaps(rows: tuple[Row, ...]) -> list[Gap]:
    return [row for row in rows if isinstance(row, Gap)]


def only(make_tree: MakeTree, files: Mapping[str, str | bytes]) -> tuple[Row, ...]:
    return collect(make_tree(files), COLLECTOR)


def test_an_installed_distribution_states_its_facts_at_the_line_of_its_name(
    make_tree: MakeTree,
) -> None:
    listed = (
        "../../../bin/demo,,\ndemo/__init__.py,sha256=abc,1\ndemo_pkg-1.0.dist-info/METADATA,,\n"
    )
    rows = only(
        make_tree,
        {
            f"{DEMO}/METADATA": METADATA,
            f"{DEMO}/WHEEL": (
                "Wheel-Version: 1.0\nTag: cp311-cp311-linux_x86_64\nTag:"
                " cp311-cp311-manylinux2014_x86_64\n"
            ),
            f"{DEMO}/INSTALLER": "pip\n",
            f"{DEMO}/REQUESTED": "",
            f"{DEMO}/RECORD": listed,
        },
    )
    (seen,) = observations(rows, "distribution")
    assert (seen.name, seen.version, seen.purl) == (
        "Demo_Pkg",
        "1.0+cpu",
        "pkg:pypi/demo-pkg@1.0%2Bcpu",
    )
    assert (seen.evidence.at.path, seen.evidence.at.line, seen.evidence.excerpt) == (
        f"{DEMO}/METADATA",
        2,
        "Name: Demo_Pkg",
    )
    assert dict(seen.facts) | {"classifier": "", "tag": ""} == {
        "author-email": "Someone <someone@example.org>",
        "classifier": "",
        "files": "3",
        "import": "demo",
        "installed": "yes",
        "installer": "pip",
        "license-expression": "Apache-2.0",
        "license-file": "LICENSE",
        "project-url": "Source, https://example.org/demo",
        "provides-extra": "fast",
        "record-digest": hashlib.sha256(listed.encode()).hexdigest(),
        "requested": "yes",
        "requires-python": ">=3.9",
        "scope": SITE,
        "summary": "A demonstration",
        "tag": "",
    }
    assert seen.all("classifier") == (
        "License :: OSI Approved :: Apache Software License",
        "Topic :: Security",
    )
    assert seen.all("tag") == ("cp311-cp311-linux_x86_64", "cp311-cp311-manylinux2014_x86_64")
    assert not gaps(rows)


def test_requires_dist_become_relations_at_their_lines_and_an_installed_one_declares_no_requirement(
    make_tree: MakeTree,
) -> None:
    rows = only(make_tree, {f"{DEMO}/METADATA": METADATA})
    found = {relation.target: relation for relation in relations(rows)}
    assert {target: relation.at.line for target, relation in found.items()} == {
        "pkg:pypi/alpha": 14,
        "pkg:pypi/beta": 15,
        "pkg:pypi/gamma": 16,
        "pkg:pypi/delta": 17,
    }
    assert {relation.source for relation in found.values()} == {"pkg:pypi/demo-pkg@1.0%2Bcpu"}
    assert {relation.fact("scope") for relation in found.values()} == {SITE}
    assert found["pkg:pypi/alpha"].all("extra") == ("x", "y-z")
    assert found["pkg:pypi/alpha"].fact("specifier") == "<2,>=1"
    assert found["pkg:pypi/beta"].fact("group") == "extra:fast"
    assert found["pkg:pypi/gamma"].fact("marker") == 'python_version < "3.8"'
    assert found["pkg:pypi/delta"].fact("vcs-url") == "git+https://example.org/d.git@v1"
    assert not observations(rows, "requirement")


def test_an_unpacked_wheel_declares_its_requirements(make_tree: MakeTree) -> None:
    rows = only(
        make_tree,
        {
            "vendor/demo_pkg-1.0.dist-info/METADATA": METADATA,
            "vendor/demo_pkg-1.0.dist-info/RECORD": "demo.py,,\n",
        },
    )
    (seen,) = observations(rows, "distribution")
    assert (seen.fact("installed"), seen.fact("scope"), seen.fact("import")) == (
        "",
        "vendor",
        "demo",
    )
    declared = {o.name: o for o in observations(rows, "requirement")}
    assert {name: o.fact("group") for name, o in declared.items()} == {
        "alpha": "runtime",
        "beta": "extra:fast",
        "gamma": "runtime",
        "delta": "runtime",
    }
    assert (declared["beta"].version, declared["beta"].purl, declared["alpha"].version) == (
        "2.0",
        "pkg:pypi/beta@2.0",
        "",
    )


def test_a_wheel_read_in_place_is_never_installed(tmp_path: Path) -> None:
    # Some builders leave INSTALLER in what they pack.
    with zipfile.ZipFile(tmp_path / "demo.whl", "w") as wheel:
        wheel.writestr("demo_pkg-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("demo_pkg-1.0.dist-info/INSTALLER", "pip")
    rows = collect(tmp_path, COLLECTOR)
    (seen,) = observations(rows, "distribution")
    assert (seen.fact("scope"), seen.fact("installed")) == ("demo.whl!", "")
    assert len(observations(rows, "requirement")) == 4


@pytest.mark.parametrize(
    ("extra", "installed"),
    [
        ({"app/d-1.dist-info/INSTALLER": "uv"}, "yes"),
        ({"app/d-1.dist-info/RECORD": "d/__pycache__/a.cpython-311.pyc,,\n"}, "yes"),
        ({"app/d-1.dist-info/RECORD": "d/a.py,,\n"}, ""),
        ({}, ""),
    ],
)
def test_traces_of_an_installer_make_an_installed_one_outside_site_packages(
    make_tree: MakeTree, extra: dict[str, str], installed: str
) -> None:
    (seen,) = observations(
        only(make_tree, {"app/d-1.dist-info/METADATA": "Name: d\nVersion: 1\n", **extra}),
        "distribution",
    )
    assert seen.fact("installed") == installed


def test_two_of_one_name_in_one_environment_are_two_sightings(make_tree: MakeTree) -> None:
    rows = only(
        make_tree,
        {
            f"{SITE}/d-{version}.dist-info/METADATA": f"Name: d\nVersion: {version}\n"
            for version in ("1", "2")
        },
    )
    assert [o.purl for o in observations(rows, "distribution")] == ["pkg:pypi/d@1", "pkg:pypi/d@2"]


def test_the_remains_of_an_uninstall_are_no_distribution(make_tree: MakeTree) -> None:
    rows = only(make_tree, {f"{SITE}/~emo-1.0.dist-info/METADATA": METADATA})
    assert [type(row) for row in rows] == [Gap]


def test_an_old_egg_info_reads_requires_txt_with_its_sections(make_tree: MakeTree) -> None:
    folder = f"{SITE}/old-1.0.egg-info"
    text = (
        'six\n\n[:python_version < "3"]\nenum34>=1\n\n[ssl:sys_platform == "win32" or os_name =='
        ' "nt"]\nwincertstore\n'
    )
    text += "\n[ssl]\n\nbad req !\n"
    rows = only(
        make_tree,
        {
            f"{folder}/PKG-INFO": "Name: old\nVersion: 1.0\nLicense: UNKNOWN\n",
            f"{folder}/requires.txt": text,
        },
    )
    found = {relation.target[9:]: relation for relation in relations(rows)}
    assert {name: (r.at.path, r.at.line) for name, r in found.items()} == {
        "six": (f"{folder}/requires.txt", 1),
        "enum34": (f"{folder}/requires.txt", 4),
        "wincertstore": (f"{folder}/requires.txt", 7),
    }
    assert found["enum34"].fact("marker") == 'python_version < "3"'
    assert (
        found["wincertstore"].fact("marker")
        == 'extra == "ssl" and (sys_platform == "win32" or os_name == "nt")'
    )
    assert found["wincertstore"].fact("group") == "extra:ssl"
    assert [(gap.at.line, gap.at.path) for gap in gaps(rows)] == [(11, f"{folder}/requires.txt")]
    (seen,) = observations(rows, "distribution")
    assert (seen.fact("installed"), seen.fact("license")) == ("yes", "")


def test_flat_egg_info_files_and_eggs(make_tree: MakeTree) -> None:
    rows = only(
        make_tree,
        {
            f"{SITE}/flat-0.1-py3.11.egg-info": "Metadata-Version: 1.0\nName: flat\nVersion: 0.1\n",
            f"{SITE}/egged-2.0-py3.11.egg/EGG-INFO/PKG-INFO": "Name: egged\nVersion: 2.0\n",
        },
    )
    seen = observations(rows, "distribution")
    assert [(o.name, o.fact("scope"), o.fact("installed")) for o in seen] == [
        ("egged", SITE, "yes"),
        ("flat", SITE, "yes"),
    ]


def test_the_top_of_an_sdist_is_a_project_with_requirements(make_tree: MakeTree) -> None:
    rows = only(
        make_tree,
        {
            "PKG-INFO": METADATA,
            "demo_pkg.egg-info/PKG-INFO": "Name: Demo_Pkg\nVersion: 1.0\n",
            "setup.py": "",
        },
    )
    projects = sorted(observations(rows, "project"), key=lambda o: o.evidence.at)
    assert [(o.evidence.at.path, o.fact("folder")) for o in projects] == [
        ("PKG-INFO", ""),
        ("demo_pkg.egg-info/PKG-INFO", "."),
    ]
    assert projects[0].fact("license-expression") == "Apache-2.0"
    assert not observations(rows, "distribution")
    assert {(r.source, r.target) for r in relations(rows)} == {
        ("project:", f"pkg:pypi/{name}") for name in ("alpha", "beta@2.0", "gamma", "delta")
    }
    assert len(observations(rows, "requirement")) == 4


@pytest.mark.parametrize(
    ("egg", "manifest", "root"),
    [
        ("a/x.egg-info", "a/setup.cfg", "a"),
        ("a/src/x.egg-info", "a/pyproject.toml", "a"),
        ("a/lib/x.egg-info", "a/setup.py", "a"),
        ("a/src/x.egg-info", "a/src/setup.py", "a/src"),
        ("src/x.egg-info", "setup.py", "."),
    ],
)
def test_egg_info_in_a_source_tree_speaks_of_that_project(
    make_tree: MakeTree, egg: str, manifest: str, root: str
) -> None:
    rows = only(
        make_tree, {f"{egg}/PKG-INFO": "Name: x\nVersion: 1\nRequires-Dist: y\n", manifest: ""}
    )
    (seen,) = observations(rows, "project")
    assert seen.fact("folder") == root
    assert [r.source for r in relations(rows)] == [f"project:{root.removeprefix('.')}"]
    assert not observations(rows, "distribution")


@pytest.mark.parametrize(
    "files", [{}, {"a/x.egg-info/installed-files.txt": "", "a/setup.py": ""}, {"setup.py": ""}]
)
def test_egg_info_elsewhere_speaks_of_a_distribution(
    make_tree: MakeTree, files: dict[str, str]
) -> None:
    rows = only(make_tree, {"a/x.egg-info/PKG-INFO": "Name: x\nVersion: 1\n", **files})
    assert [o.kind for o in rows if isinstance(o, Observation)] == ["distribution"]


def test_a_stray_manifest_in_an_environment_makes_no_project(make_tree: MakeTree) -> None:
    rows = only(
        make_tree,
        {
            f"{SITE}/x-1.egg-info/PKG-INFO": "Name: x\nVersion: 1\n",
            f"{SITE}/setup.py": "",
            f"{SITE}/tool/tests/data/PKG-INFO": "Name: fixture\nVersion: 1\n",
        },
    )
    assert [(o.kind, o.name) for o in rows if isinstance(o, Observation)] == [("distribution", "x")]


def test_dynamic_dependencies_of_an_sdist_are_said_aloud(make_tree: MakeTree) -> None:
    rows = only(
        make_tree, {"PKG-INFO": "Name: x\nVersion: 1\nDynamic: Requires-Dist\nDynamic: license\n"}
    )
    assert [(gap.at.line, "dynamic" in gap.reason) for gap in gaps(rows)] == [(3, True)]


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("", 0, "no Name and Version"),
        (b"\x00\x01\x02\xff" * 1000, 0, "no Name and Version"),
        ("Name: demo\n", 0, "no Version"),
        ("Version: 3\n", 0, "no Name"),
        ("Name: demo\nVersion: latest build\n", 2, "PEP 440"),
        ("Name: -demo-\nVersion: 1\n", 1, "valid name"),
        ("Name: demo\nVersion: 1\nwhat is this\n", 3, "not a header"),
        ("Name: demo\nVersion: 1\nRequires-Dist: ==1.0\n", 3, "not a requirement"),
        (f"Name: demo\nVersion: 1\nRequires-Dist: a; {'(' * 50_000}\n", 3, "not a requirement"),
        (
            f"Name: demo\nVersion: 1\nRequires-Dist: a; {'(' * 1500}os_name == 'x'\n",
            3,
            "not a requirement",
        ),
    ],
)
def test_what_is_wrong_in_metadata_is_a_gap_and_the_rest_is_read(
    make_tree: MakeTree, content: str | bytes, line: int, word: str
) -> None:
    rows = only(make_tree, {f"{SITE}/demo-1.5.dist-info/METADATA": content})
    assert any(gap.at.line == line and word in gap.reason for gap in gaps(rows)), gaps(rows)
    (seen,) = observations(rows, "distribution")
    assert seen.purl.startswith("pkg:pypi/")


def test_a_name_taken_from_the_folder_is_marked_as_such(make_tree: MakeTree) -> None:
    (seen,) = observations(
        only(make_tree, {f"{SITE}/demo-1.5.dist-info/METADATA": "\n"}), "distribution"
    )
    assert (seen.name, seen.version, seen.evidence.technique, seen.evidence.confidence) == (
        "demo",
        "1.5",
        "filename",
        "medium",
    )


def test_a_body_of_fifty_megabytes_costs_nothing(make_tree: MakeTree) -> None:
    root = make_tree(
        {f"{DEMO}/METADATA": METADATA.encode() + b"Requires-Dist: z\n" * (50 * 1024 * 1024 // 17)}
    )
    rows = collect(root, COLLECTOR)
    assert len(relations(rows)) == 4


def test_a_description_of_fifty_megabytes_among_the_headers_is_a_gap(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            f"{DEMO}/METADATA": (
                b"Name: demo\nVersion: 1\nDescription: x\n" + b"        word word\n" * 3_000_000
            )
        }
    )
    rows = collect(root, COLLECTOR)
    assert [o.name for o in observations(rows, "distribution")] == ["demo"]
    assert ["was not read" in gap.reason for gap in gaps(rows)] == [True]


def test_bytes_that_are_not_utf8_are_read_as_well_as_possible(make_tree: MakeTree) -> None:
    (seen,) = observations(
        only(
            make_tree,
            {f"{DEMO}/METADATA": b"Name: d\nVersion: 1\nAuthor: Andr\xe9\nSummary: ok\n\nbody"},
        ),
        "distribution",
    )
    assert (seen.fact("author"), seen.fact("summary")) == ("André", "ok")


def test_a_licence_text_among_the_headers_is_told_by_its_first_line(make_tree: MakeTree) -> None:
    text = (
        "Name: d\nVersion: 1\nLicense: MIT License\n        \n        Permission is hereby granted"
        + " word" * 200
        + "\nSummary: end\n"
    )
    (seen,) = observations(only(make_tree, {f"{DEMO}/METADATA": text}), "distribution")
    assert seen.fact("license") == "MIT License"
    assert seen.fact("summary") == "end"


def test_record_with_quotes_absolute_paths_and_nothing(make_tree: MakeTree) -> None:
    listed = (
        '"odd,'
        ' name/a.py",,\n/usr/local/bin/tool,,\n../../evil/b.py,,\n,,\ngood/c.py,,\nmod.cpython-311-x86_64-linux-gnu.so,,\n"broken\n'
    )
    rows = only(make_tree, {f"{DEMO}/METADATA": METADATA, f"{DEMO}/RECORD": listed})
    (seen,) = observations(rows, "distribution")
    assert seen.fact("files") == "5"
    assert seen.all("import") == ("good", "mod")
    assert [gap.at.line for gap in gaps(rows)] == [4, 7]


def test_import_names_prefer_what_is_stated(make_tree: MakeTree) -> None:
    base = "Name: d\nVersion: 1\n"
    rows = only(
        make_tree,
        {
            f"{SITE}/a-1.dist-info/METADATA": (
                base + "Import-Name: stated.sub\nImport-Name: _inner ; private\n"
            ),
            f"{SITE}/a-1.dist-info/top_level.txt": "legacy\n",
            f"{SITE}/b-1.dist-info/METADATA": base,
            f"{SITE}/b-1.dist-info/top_level.txt": "legacy\n../x\n\n",
            f"{SITE}/b-1.dist-info/RECORD": "listed/a.py,,\n",
            f"{SITE}/c-1.dist-info/METADATA": base,
            f"{SITE}/c-1.dist-info/RECORD": "".join(
                f"m{number:02}/__init__.py,,\n" for number in range(50)
            ),
        },
    )
    found = {o.evidence.at.folder[-13]: o.all("import") for o in observations(rows, "distribution")}
    assert (found["a"], found["b"], len(found["c"])) == (("_inner", "stated"), ("legacy",), 20)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            {
                "url": "https://u:secret@example.org/r.git",
                "vcs_info": {"vcs": "git", "commit_id": "a" * 40},
            },
            {"vcs-url": f"git+https://example.org/r.git@{'a' * 40}", "commit": "a" * 40},
        ),
        (
            {"url": "https://example.org/a.whl", "archive_info": {"hash": "sha256=" + "B" * 64}},
            {"url": "https://example.org/a.whl", "hash": "sha256:" + "b" * 64},
        ),
        (
            {
                "url": "https://example.org/a.whl",
                "archive_info": {"hashes": {"sha256": "c" * 64, "evil": 3, "md5": "c" * 64}},
            },
            {"url": "https://example.org/a.whl", "hash": "sha256:" + "c" * 64},
        ),
        (
            {"url": "file:///home/someone/work", "dir_info": {"editable": True}},
            {"local": "yes", "editable": "yes"},
        ),
        ({"url": "file:///home/someone/work", "dir_info": {"editable": "no"}}, {"local": "yes"}),
        (
            {"url": "https://example.org/x", "vcs_info": [], "archive_info": 7, "dir_info": None},
            {"url": "https://example.org/x"},
        ),
    ],
)
def test_direct_url(make_tree: MakeTree, stated: object, expected: dict[str, str]) -> None:
    rows = only(
        make_tree,
        {
            f"{DEMO}/METADATA": "Name: d\nVersion: 1\n",
            f"{DEMO}/direct_url.json": json.dumps(stated),
        },
    )
    (seen,) = observations(rows, "distribution")
    keys = ("url", "vcs-url", "commit", "hash", "local", "editable")
    assert {key: seen.fact(key) for key in keys if seen.fact(key)} == expected
    assert "secret" not in repr(rows)
    assert "someone" not in repr(rows)


@pytest.mark.parametrize("content", ["[]", '{"url": 3}', "null", "{", "[" * 100_000, '"x"'])
def test_a_direct_url_that_cannot_be_read_is_a_gap_and_the_distribution_stays(
    make_tree: MakeTree, content: str
) -> None:
    rows = only(
        make_tree, {f"{DEMO}/METADATA": "Name: d\nVersion: 1\n", f"{DEMO}/direct_url.json": content}
    )
    assert len(observations(rows, "distribution")) == 1
    assert [gap.at.path for gap in gaps(rows)] == [f"{DEMO}/direct_url.json"]


def test_distributions_vendored_inside_another_have_their_own_scope(make_tree: MakeTree) -> None:
    inner = f"{SITE}/setuptools/_vendor"
    rows = only(
        make_tree,
        {
            f"{inner}/x-1.dist-info/METADATA": "Name: x\nVersion: 1\n",
            f"{inner}/x-1.dist-info/INSTALLER": "pip",
        },
    )
    (seen,) = observations(rows, "distribution")
    assert (seen.fact("scope"), seen.fact("installed")) == (inner, "yes")


def test_a_hundred_and_twenty_distributions_are_all_read(make_tree: MakeTree) -> None:
    needs = "".join(
        f"Requires-Dist: dep{n}>={n}.0 ; python_version >= '3.{n}' and extra == 'e{n}'\n"
        for n in range(13)
    )
    files = {
        f"{SITE}/d{n}-1.dist-info/METADATA": f"Name: d{n}\nVersion: 1\n{needs}\n" + "text\n" * 5000
        for n in range(120)
    }
    tree = Tree(make_tree(files))
    assert len(tree.listing[0]) == 120
    rows = gather((tree,), (COLLECTOR,), Serial()).rows
    assert len(observations(rows, "distribution")) == 120


@given(st.binary(max_size=400))
@example(b"\n\nName: x\n")
@example("Name: x\n".encode("utf-16"))
def test_headers_of_any_bytes_are_read_without_an_error(data: bytes) -> None:
    found = metadata.parse(data)
    assert all(row.line >= 1 and row.key for row in found.rows)


@given(st.binary(max_size=400))
def test_direct_urls_of_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        direct_url(data)
    except Unreadable as error:
        assert "\n" not in str(error)


_paths = st.lists(st.text('ab,"/.; é', min_size=1, max_size=12).filter(str.strip), max_size=12)


@given(_paths)
def test_record_counts_what_the_csv_module_wrote(paths: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows((path, "", "") for path in paths)
    found = record(out.getvalue().encode())
    assert (found.files, found.faults) == (len(paths), ())
