"""What shares only a name is not the same thing: indexes, repositories, folders, copies inside
packages, locks of neighbours. Trees are scanned by the program's own collectors.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.program import run

Tree = Callable[[dict[str, str | bytes]], Path]

SITE = ".venv/lib/python3.12/site-packages"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def document(root: Path) -> dict[str, Any]:
    done = run("generate", ".", "-o", "-", cwd=root)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def purls(found: dict[str, Any]) -> list[str]:
    every = [found["metadata"]["component"], *found["components"]]
    return sorted(row["purl"] for row in every if "purl" in row)


def edges(found: dict[str, Any], ref: str) -> list[str]:
    rows = {row["ref"]: row.get("dependsOn", []) for row in found["dependencies"]}
    return sorted(rows[ref])


def metadata(name: str, version: str, more: str = "") -> str:
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}\n"


UV = """version = 1
[[package]]
name = "app"
version = "1"
source = {{ virtual = "." }}
dependencies = [{edges}]
{packages}
"""
PACKAGE = """[[package]]
name = "torch"
version = "2.6.0"
source = {{ registry = "{index}" }}
wheels = [{{ url = "{index}/torch.whl", hash = "sha256:{digest}" }}]
"""


def test_each_index_is_a_package_with_its_own_digests(make_tree: Tree) -> None:
    indexes = ("https://wheels.example/cpu", "https://wheels.example/cu124")
    asked = ", ".join(
        f'{{ name = "torch", version = "2.6.0", source = {{ registry = "{one}" }} }}'
        for one in indexes
    )
    packages = "".join(
        PACKAGE.format(index=one, digest=str(number) * 64) for number, one in enumerate(indexes)
    )
    found = document(make_tree({"uv.lock": UV.format(edges=asked, packages=packages)}))
    rows = {row["purl"]: row for row in found["components"] if row["name"] == "torch"}
    assert sorted(rows) == [f"pkg:pypi/torch@2.6.0?repository_url={one}" for one in indexes]
    for number, one in enumerate(indexes):
        row = rows[f"pkg:pypi/torch@2.6.0?repository_url={one}"]
        (reference,) = (r for r in row["externalReferences"] if r["type"] == "distribution")
        assert reference["url"] == f"{one}/torch/"
        assert [h["content"] for h in reference["hashes"]] == [str(number) * 64]
    assert "pypi.org/project/torch" not in json.dumps(found)
    assert edges(found, found["metadata"]["component"]["bom-ref"]) == sorted(
        row["bom-ref"] for row in rows.values()
    )


def test_an_edge_leads_to_the_index_that_the_lock_names(make_tree: Tree) -> None:
    asked = '{ name = "torch", version = "2.6.0", source = { registry = "https://one.example" } }'
    packages = PACKAGE.format(index="https://one.example", digest="1" * 64) + PACKAGE.format(
        index="https://pypi.org/simple", digest="2" * 64
    )
    found = document(make_tree({"uv.lock": UV.format(edges=asked, packages=packages)}))
    root = found["metadata"]["component"]["bom-ref"]
    assert "pkg:pypi/torch@2.6.0?repository_url=https://one.example" in edges(found, root)


def test_what_is_installed_is_what_the_lock_names(make_tree: Tree) -> None:
    packages = PACKAGE.format(index="https://one.example", digest="1" * 64)
    asked = '{ name = "torch" }'
    found = document(
        make_tree(
            {
                "uv.lock": UV.format(edges=asked, packages=packages),
                f"{SITE}/torch-2.6.0.dist-info/METADATA": metadata("torch", "2.6.0"),
                f"{SITE}/torch-2.6.0.dist-info/RECORD": "torch-2.6.0.dist-info/METADATA,,\n",
            }
        )
    )
    assert purls(found) == ["pkg:pypi/torch@2.6.0?repository_url=https://one.example"]


def test_credentials_of_an_index_are_in_no_purl(make_tree: Tree) -> None:
    text = "--index-url https://alice:s3cret@corp.example/simple/?key=abc\nx==1\n"
    found = document(make_tree({"requirements.txt": text}))
    assert "pkg:pypi/x@1?repository_url=https://corp.example/simple" in purls(found)
    assert "s3cret" not in json.dumps(found) and "alice" not in json.dumps(found)


REPOSITORIES = [
    (f"git+https://github.com/o/x@{COMMIT}", f"git%2Bhttps://github.com/o/x%40{COMMIT}"),
    ("git+ssh://git@host.example/team/x.git@v1", "git%2Bssh://git%40host.example/team/x.git%40v1"),
    (
        "git+https://user:token@host.example/team/x.git@v1",
        "git%2Bhttps://host.example/team/x.git%40v1",
    ),
]


@pytest.mark.parametrize(("address", "qualifier"), REPOSITORIES)
def test_a_repository_is_no_index(make_tree: Tree, address: str, qualifier: str) -> None:
    found = document(make_tree({"requirements.txt": f"x @ {address}\n"}))
    assert f"pkg:pypi/x?vcs_url={qualifier}" in purls(found)


LOCALS: list[dict[str, str | bytes]] = [
    {"Pipfile": '[packages]\nlibx = {path = "./libs/x", editable = true}\n'},
    {"pyproject.toml": '[tool.poetry.dependencies]\nlibx = {path = "libs/x", develop = true}\n'},
    {"requirements.txt": "-e ./libs/x\n"},
    {"requirements.txt": "libx @ file:./libs/x\n"},
    {"Pipfile.lock": '{"_meta": {}, "default": {"libx": {"path": "./libs/x", "editable": true}}}'},
    {
        "poetry.lock": '[[package]]\nname = "libx"\nversion = "0.1"\n'
        '[package.source]\ntype = "directory"\nurl = "libs/x"\n'
    },
    {
        "uv.lock": 'version = 1\n[[package]]\nname = "libx"\nversion = "0.1"\n'
        'source = { editable = "libs/x" }\n'
    },
    {
        "pylock.toml": 'lock-version = "1.0"\n[[packages]]\nname = "libx"\nversion = "0.1"\n'
        '[packages.directory]\npath = "libs/x"\n'
    },
    {
        "pdm.lock": '[[package]]\nname = "libx"\nversion = "0.1"\npath = "./libs/x"\n'
        "editable = true\n"
    },
]


@pytest.mark.parametrize("manifest", LOCALS, ids=lambda m: next(iter(m)))
def test_a_package_of_the_tree_is_there_once_and_has_no_public_purl(
    make_tree: Tree, manifest: dict[str, str | bytes]
) -> None:
    setup = 'from setuptools import setup\nsetup(name="libx", version="0.1")\n'
    found = document(make_tree({**manifest, "libs/x/setup.py": setup}))
    assert [row["name"] for row in found["components"] if row["name"] == "libx"] == ["libx"]
    assert not [purl for purl in purls(found) if purl.startswith("pkg:pypi/")]


@pytest.mark.parametrize(
    "place",
    ["../elsewhere", "/srv/lib", "C:\\\\lib", "file:///opt/lib-1.0.whl", "wheels/side-1.0.whl"],
)
def test_a_package_from_a_place_outside_has_no_public_purl(make_tree: Tree, place: str) -> None:
    text = f'{{"_meta": {{}}, "default": {{"side": {{"path": "{place}"}}}}}}'
    found = document(make_tree({"Pipfile.lock": text}))
    assert "side" in {row["name"] for row in found["components"]} and purls(found) == []


def test_a_package_of_the_index_keeps_its_purl_beside_local_ones(make_tree: Tree) -> None:
    found = document(make_tree({"requirements.txt": "requests==2.32.5\n-e ./libs/x\n"}))
    assert purls(found) == ["pkg:pypi/requests@2.32.5"]


def test_a_wheel_that_is_scanned_keeps_its_purl(make_tree: Tree) -> None:
    found = document(make_tree({"x-1.0.dist-info/METADATA": metadata("x", "1.0")}))
    assert purls(found) == ["pkg:pypi/x@1.0"]


def environment(**more: str) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["a>=1"]\n',
        f"{SITE}/a-1.0.dist-info/METADATA": metadata("a", "1.0", "Requires-Dist: b>=1\n"),
        f"{SITE}/a-1.0.dist-info/RECORD": "a-1.0.dist-info/METADATA,,\n",
        f"{SITE}/b-1.0.dist-info/METADATA": metadata("b", "1.0"),
        f"{SITE}/b-1.0.dist-info/RECORD": "b-1.0.dist-info/METADATA,,\n",
        f"{SITE}/holder-3.dist-info/METADATA": metadata("holder", "3"),
        f"{SITE}/holder-3.dist-info/RECORD": "holder-3.dist-info/METADATA,,\nholder/__init__.py,,\n",
    }
    return files | {f"{SITE}/{name}": text for name, text in more.items()}


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_copy_inside_a_package_is_nobody_elses_dependency(make_tree: Tree, version: str) -> None:
    found = document(
        make_tree(
            environment(
                **{
                    f"holder/_vendor/{name}-{version}.dist-info/METADATA": metadata(name, version)
                    for name in ("a", "b")
                }
            )
        )
    )
    rows = {row["ref"]: row.get("dependsOn", []) for row in found["dependencies"]}
    app = found["metadata"]["component"]["bom-ref"]
    assert [ref for ref in rows[app] if ref.startswith("pkg:pypi/a")] == ["pkg:pypi/a@1.0"]
    assert rows["pkg:pypi/a@1.0"] == ["pkg:pypi/b@1.0"]
    inside = [
        row for row in rows["pkg:pypi/holder@3"] if row.startswith(("pkg:pypi/a@", "pkg:pypi/b@"))
    ]
    assert len(inside) == 2 and not {"pkg:pypi/a@1.0", "pkg:pypi/b@1.0"} & set(inside)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_an_sbom_inside_a_package_is_that_packages(make_tree: Tree, version: str) -> None:
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.4",
        "version": 1,
        "metadata": {"component": {"bom-ref": "h", "name": "holder", "type": "library"}},
        "components": [
            {
                "type": "library",
                "bom-ref": f"pkg:pypi/{name}@{version}",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name}@{version}",
            }
            for name in ("a", "b")
        ],
        "dependencies": [{"ref": "h", "dependsOn": [f"pkg:pypi/a@{version}"]}],
    }
    found = document(make_tree(environment(**{"holder/_vendor/bom.cdx.json": json.dumps(bom)})))
    rows = {row["ref"]: row.get("dependsOn", []) for row in found["dependencies"]}
    app = found["metadata"]["component"]["bom-ref"]
    assert [ref for ref in rows[app] if ref.startswith("pkg:pypi/a")] == ["pkg:pypi/a@1.0"]
    assert rows["pkg:pypi/a@1.0"] == ["pkg:pypi/b@1.0"]


def test_the_lock_of_a_neighbour_says_nothing_about_this_service(make_tree: Tree) -> None:
    lock = '[[package]]\nname = "x"\nversion = "1.5"\n'
    project = '[project]\nname = "{}"\nversion = "1"\ndependencies = ["x>=1"]\n'
    found = document(
        make_tree(
            {
                "one/pyproject.toml": project.format("one"),
                "one/poetry.lock": lock,
                "two/pyproject.toml": project.format("two"),
            }
        )
    )
    assert purls(found) == ["pkg:pypi/x", "pkg:pypi/x@1.5"]
    rows = {row["ref"]: row.get("dependsOn", []) for row in found["dependencies"]}
    by_name = {row["name"]: row["bom-ref"] for row in found["components"]}
    assert rows[by_name["one"]] == ["pkg:pypi/x@1.5"]
    assert rows[by_name["two"]] == ["pkg:pypi/x"]


def test_a_lock_above_speaks_for_the_folders_below(make_tree: Tree) -> None:
    project = '[project]\nname = "one"\nversion = "1"\ndependencies = ["x>=1"]\n'
    found = document(
        make_tree(
            {
                "requirements.txt": "x\n",
                "poetry.lock": '[[package]]\nname = "x"\nversion = "1.5"\n',
                "one/pyproject.toml": project,
            }
        )
    )
    assert purls(found) == ["pkg:pypi/x@1.5"]


def test_a_repository_is_not_met_from_an_index(make_tree: Tree) -> None:
    found = document(
        make_tree(
            {
                "poetry.lock": '[[package]]\nname = "x"\nversion = "1.5"\n',
                "requirements.txt": "x @ git+https://github.com/o/x@v1\n",
            }
        )
    )
    assert purls(found) == [
        "pkg:pypi/x?vcs_url=git%2Bhttps://github.com/o/x%40v1",
        "pkg:pypi/x@1.5",
    ]
