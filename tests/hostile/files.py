"""What lies in a folder and is no plain file, or has a name made to do harm."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from tests.hostile import case
from tests.hostile.parsers import write

ESC = "\x1b]0;owned\x07"


@case("poetry.lock", "model.safetensors", "a.py", "socket.py", "pyproject.toml")
def pipes_and_sockets(root: Path) -> None:
    for name in ("poetry.lock", "model.safetensors", "a.py", "pyproject.toml"):
        os.mkfifo(root / name)
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(root)
        listening.bind("socket.py")
        os.chdir(here)


@case("aisbom.toml")
def pipe_in_place_of_the_configuration(root: Path) -> None:
    os.mkfifo(root / "aisbom.toml")


@case("zero.py", "passwd/requirements.txt", "up", unsaid=("root:x",))
def links_out(root: Path) -> None:
    (root / "zero.py").symlink_to("/dev/zero")
    (root / "passwd").mkdir()
    (root / "passwd" / "requirements.txt").symlink_to("/etc/passwd")
    (root / "LICENSE").symlink_to("/etc/passwd")
    (root / "up").symlink_to("..")
    (root / "proc").symlink_to("/proc/self")


@case("a", "b")
def links_in_circles(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    (root / "self").symlink_to(".")
    (root / "chain0.py").write_text("import numpy\n")
    for number in range(60):
        (root / f"chain{number + 1}.py").symlink_to(f"chain{number}.py")


@case("d", large=True)  # pytest cannot remove it
def folders_of_2000_levels(root: Path) -> None:
    here = os.open(root, os.O_RDONLY)
    for _ in range(2000):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


@case("__pycache__", ".eggs", ".hg", ".svn", ".ipynb_checkpoints", "node_modules")
def folders_skipped_by_name(root: Path) -> None:
    for name in ("__pycache__", ".eggs", ".hg", ".svn", ".ipynb_checkpoints", "node_modules"):
        write(root, f"{name}/requirements.txt", "hidden==1\n")


@case(seen=("shown",))
def folder_whose_name_ends_in_site_packages(root: Path) -> None:
    write(root, "my-site-packages/requirements.txt", "shown==1\n")


@case("site-packages")
def manifests_below_site_packages(root: Path) -> None:
    write(root, "site-packages/requirements.txt", "hidden==1\n")
    write(root, "site-packages/x/setup.py", "setup(install_requires=['hidden2'])\n")


@case()
def names_that_steer(root: Path) -> None:
    names = (
        *(f"a{ESC}.py", "b\n::error::x.py", "c\r.py", "d\u202egnp.py", "e\x9b31m.py", "f\x7f.py"),
        *("##[error]x.py", "::set-output name=x::y.py", "%0A::error::.py", "]]><x>.py"),
        *("-rf.py", "--help.py", "$(id).py", "`id`.py", "a;b.py", "a|b.md", "<script>.md"),
    )
    for name in names:
        write(root, name, "import numpy\n# Copyright 2020 Example Ltd.\n")


@case()
def names_that_are_no_unicode(root: Path) -> None:
    raw = os.fsencode(root)
    for name in (b"\xff\xfe.py", b"\xc7\xd1\xb1\xdb.py", b"a\xed\xa0\x80.py"):
        with open(raw + b"/" + name, "wb") as out:  # noqa: PTH123
            out.write(b"import numpy\n")


@case()
def texts_that_steer(root: Path) -> None:
    evil = f"x{ESC}\n::error::owned ##[error]owned \u202e \ud800 \x9b ]]> <script>".encode(
        "utf-8", "replace"
    ).decode()
    for name in ("requirements.txt", "LICENSE", "NOTICE", "README.md", "Dockerfile", "a.sh"):
        write(root, f"t/{name}", evil + f"\nFROM {evil}\nCopyright 2020 {evil}\nnumpy=={evil}\n")
    write(root, "pyproject.toml", f'[project]\nname = "x"\ndependencies = ["numpy=={evil!a}"]\n')


@case(unsaid=("hunter2", "AKIAIOSFODNN7EXAMPL2", "ghp_", "Kx8vQ2mN", "somebody"))
def secrets_in_lines_that_are_none(root: Path) -> None:
    token = "ghp_" + "a1B2c3D4" * 5
    write(
        root,
        "requirements.txt",
        f"numpy=={token}\n-e git+https://somebody:hunter2@example.invalid/x\n"
        f'AKIAIOSFODNN7EXAMPL2 is no requirement\napi_key="Kx8vQ2mNp4Rt6Ws9Yz1B"\n'
        f"--token Kx8vQ2mNp4Rt6Ws9Yz1B\n/home/somebody/x.whl\n/data1/somebody/y @ z\n"
        f"Authorization: Bearer Kx8vQ2mNp4Rt6Ws9Yz1B\nHF_TOKEN=Kx8vQ2mNp4Rt6Ws9Yz1B\n"
        "X-Key: Kx8vQ2mNp4Rt6Ws9Yz1B\n",
    )
    write(root, "a/pyproject.toml", f'[project]\nname = "{token}\n')
    write(root, "b/uv.lock", f"version = 1\n[[package]\nname = '{token}'\n")
    write(root, "c/environment.yml", f"dependencies: [{token}\n")
    write(root, "d/Pipfile.lock", f'{{"default": {{"{token}": ')
    write(root, "e/setup.cfg", f"[options\n{token}\n")
    write(root, "f/a.py", f"x = '{token}\n")
    write(root, "g/config.json", f'{{"model_type": "{token}')


@case()
def files_20_000(root: Path) -> None:
    for number in range(200):
        folder = root / f"f{number}"
        folder.mkdir()
        for inner in range(100):
            (folder / f"{inner}.bin").touch()


@case()
def cache_folders_shipped_in_the_tree(root: Path) -> None:
    write(root, ".cache/aisbom/documents-1.sqlite", b"SQLite format 3\0" + bytes(5000))
    write(root, "aisbom/rows-1.sqlite", b"SQLite format 3\0" + bytes(5000))
    write(root, "aisbom.cdx.json", "{}")


@case()
def modules_of_our_own_names(root: Path) -> None:
    flag = root.parent / "executed"
    for name in ("sitecustomize", "usercustomize", "aisbom", "numpy", "yaml", "json", "typer"):
        write(root, f"{name}.py", f"open({str(flag)!r}, 'w')\n")
    for name in ("conftest.py", "setup.py", "evil.pth", "__init__.py", "__main__.py"):
        write(root, name, f"import os; open({str(flag)!r}, 'w')\n")
