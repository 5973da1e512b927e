"""What `--python PATH` may name, in every layout, without running anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from aisbom.source.python_environment import Installation, site_packages

posix = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def build(root: Path, files: Mapping[str, str] = {}, folders: tuple[str, ...] = ()) -> Path:
    for name in folders:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def labels(found: Installation) -> list[str]:
    return [label for label, _ in found.folders]


def venv(root: Path, config: str = "home = /usr/bin\nversion = 3.11.7\n") -> Path:
    build(
        root,
        {"real/bin/python3.12": "not run", "env/pyvenv.cfg": config},
        ("env/lib/python3.11/site-packages", "real/lib/python3.12/site-packages"),
    )
    (root / "env/bin").mkdir()
    (root / "env/bin/python").symlink_to(root / "real/bin/python3.12")
    (root / "env/lib64").symlink_to("lib")
    return root / "env"


@posix
@pytest.mark.parametrize("what", ["", "bin/python", "lib/python3.11/site-packages"])
def test_a_virtual_environment_by_any_of_its_names(tmp_path: Path, what: str) -> None:
    env = venv(tmp_path)
    found = site_packages(env / what)
    assert found == Installation(
        (("environment/lib/python3.11/site-packages", env / "lib/python3.11/site-packages"),),
        "3.11.7",
    )


@posix
def test_a_relative_path_is_as_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(venv(tmp_path) / "bin")
    assert labels(site_packages(Path("python"))) == ["environment/lib/python3.11/site-packages"]


@posix
@pytest.mark.parametrize(
    ("config", "version"),
    [
        ("version_info = 3.10.2.final.0\n", "3.10.2"),
        ("VERSION = 3.12.0rc1\n", "3.12.0rc1"),
        ("uv = 0.5\nversion_info = 3.13\n", "3.13"),
    ],
)
def test_the_version_is_what_pyvenv_cfg_says(tmp_path: Path, config: str, version: str) -> None:
    short = ".".join(version.split(".")[:2])
    env = build(tmp_path, {"pyvenv.cfg": config}, (f"lib/python{short}/site-packages",))
    assert site_packages(env).python_full_version == version


def test_an_environment_with_access_to_the_system_says_so(tmp_path: Path) -> None:
    env = build(
        tmp_path,
        {"pyvenv.cfg": "version = 3.11.7\ninclude-system-site-packages = TRUE\n"},
        ("lib/python3.11/site-packages",),
    )
    assert "include-system-site-packages" in site_packages(env).notes[0]
    assert (
        "include-system-site-packages"
        in site_packages(env / "lib/python3.11/site-packages").notes[0]
    )


def test_a_windows_environment(tmp_path: Path) -> None:
    env = build(
        tmp_path,
        {"pyvenv.cfg": "version = 3.12.1\n", "Scripts/python.exe": ""},
        ("Lib/site-packages",),
    )
    for what in (env, env / "Scripts/python.exe", env / "Lib/site-packages"):
        assert (labels(site_packages(what)), site_packages(what).python_full_version) == (
            ["environment/Lib/site-packages"],
            "3.12.1",
        )


@posix
def test_a_debian_system_has_three_folders_and_the_version_of_its_default(tmp_path: Path) -> None:
    root = build(
        tmp_path,
        {
            "bin/python3.11": "",
            "include/python3.11/patchlevel.h": '#define PY_VERSION      \t"3.11.2"\n',
        },
        (
            "lib/python3/dist-packages",
            "local/lib/python3.11/dist-packages",
            "lib/python3.11/site-packages",
        ),
    )
    (root / "bin/python3").symlink_to("python3.11")
    for what in (root, root / "bin/python3"):
        assert labels(site_packages(what)) == [
            "environment/local/lib/python3.11/dist-packages",
            "environment/lib/python3/dist-packages",
            "environment/lib/python3.11/site-packages",
        ]
        assert site_packages(what).python_full_version == "3.11.2"


@posix
def test_an_interpreter_of_several_names_its_own_folder(tmp_path: Path) -> None:
    root = build(
        tmp_path,
        {"bin/python3.9": "", "bin/python3.12": ""},
        ("lib/python3.9/site-packages", "lib/python3.12/site-packages"),
    )
    assert labels(site_packages(root / "bin/python3.9")) == [
        "environment/lib/python3.9/site-packages"
    ]
    assert (len(site_packages(root).folders), site_packages(root).python_full_version) == (2, "")


def test_a_conda_prefix(tmp_path: Path) -> None:
    files = {
        "conda-meta/python-3.10.13-h955ad1f_0.json": "{}",
        "conda-meta/python-dateutil-2.8.2-py_0.json": "{}",
    }
    root = build(tmp_path, files, ("lib/python3.10/site-packages",))
    assert site_packages(root).python_full_version == "3.10.13"


def test_a_lone_library_folder(tmp_path: Path) -> None:
    folder = build(tmp_path, folders=("deps/site-packages",)) / "deps/site-packages"
    assert site_packages(folder) == Installation((("environment/site-packages", folder),))


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ("nothing", "no such file"),
        ("empty", "no site-packages"),
        ("notes.txt", "not a Python interpreter"),
        ("bin/python3", "no site-packages"),
    ],
)
def test_what_is_no_installation_is_refused_in_one_line(
    tmp_path: Path, what: str, word: str
) -> None:
    build(tmp_path, {"notes.txt": "", "bin/python3": ""}, ("empty",))
    with pytest.raises(ValueError, match=word) as caught:
        site_packages(tmp_path / what)
    assert "\n" not in str(caught.value)
    assert "give an environment folder" in str(caught.value)


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    build(tmp_path, folders=("env/lib",))
    (tmp_path / "env/lib").chmod(0)
    with pytest.raises(ValueError, match="cannot be read"):
        site_packages(tmp_path / "env")


def test_a_strange_pyvenv_cfg_does_no_harm(tmp_path: Path) -> None:
    env = build(tmp_path, folders=("lib/python3.11/site-packages",))
    (env / "pyvenv.cfg").write_bytes(b"\xff\x00 = \n==\nversion = ../../etc\nversion\n")
    assert site_packages(env).python_full_version == "3.11"


def test_nothing_is_run(tmp_path: Path) -> None:
    env = build(
        tmp_path,
        {"bin/python": "#!/bin/sh\ntouch $(dirname $0)/ran\n"},
        ("lib/python3.11/site-packages",),
    )
    (env / "bin/python").chmod(0o755)
    site_packages(env / "bin/python")
    assert not (env / "bin/ran").exists()
