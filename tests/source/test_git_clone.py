from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aisbom.collect.repository.git import COLLECTOR
from aisbom.model import Observation
from aisbom.source.git_clone import clone_repository, is_git_source
from tests.collect.git_repository import git, repository
from tests.conftest import collect


def bare(tmp_path: Path) -> Path:
    repository(
        tmp_path / "work",
        {"a.txt": "one\n", ".gitattributes": "*.bin filter=evil\n", "w.bin": "raw\n"},
    )
    git(tmp_path / "work", "tag", "v1")
    (tmp_path / "work" / "a.txt").write_text("two\n")
    git(tmp_path / "work", "commit", "-qam", "second")
    git(tmp_path, "clone", "-q", "--bare", "work", "bare.git")
    return tmp_path / "bare.git"


def test_what_is_a_git_source(tmp_path: Path) -> None:
    for text in (
        "https://host.example/o/r",
        "git+https://h.example/o/r@v1",
        "ssh://git@h.example/o/r",
        "git@h.example:o/r.git",
        "file:///x/y",
        "git://h.example/r",
    ):
        assert is_git_source(text), text
    for text in (
        ".",
        "/",
        "x.whl",
        "ext::sh -c evil",
        "https://h.example/x-1-py3-none-any.whl",
        "--upload-pack=x",
        "C:\\x",
        "a:b",
        "http://h.example/x y",
    ):
        assert not is_git_source(text), text
    assert is_git_source(str(bare(tmp_path)))
    assert not is_git_source(str(tmp_path / "work"))


@pytest.mark.parametrize(
    "more", ["requirements.txt", "model.safetensors", "hooks/model.pkl", "objects/ab/model.bin"]
)
def test_a_folder_dressed_as_a_bare_repository_is_a_folder(tmp_path: Path, more: str) -> None:
    source = bare(tmp_path)
    git(source, "gc", "-q")
    assert is_git_source(str(source))
    (source / more).parent.mkdir(exist_ok=True)
    (source / more).write_text("numpy==1.0\n")
    assert not is_git_source(str(source))


@pytest.mark.parametrize("as_address", [True, False])
def test_a_bare_repository_is_cloned_and_gone_afterwards(tmp_path: Path, as_address: bool) -> None:
    source = bare(tmp_path)
    with clone_repository(source.as_uri() if as_address else str(source)) as (folder, name, remote):
        assert (name, remote) == ("bare", "")
        assert (folder / "a.txt").read_text() == "two\n"
        (found,) = collect(folder, COLLECTOR)
        assert isinstance(found, Observation)
        assert (found.fact("dirty"), found.fact("shallow"), found.fact("vcs-url")) == (
            "no",
            "yes",
            "",
        )
        assert found.version == git(source, "rev-parse", "HEAD")
    assert not folder.parent.exists()


def test_a_tag_is_taken_as_revision(tmp_path: Path) -> None:
    with clone_repository(bare(tmp_path).as_uri() + "#v1") as (folder, _, _):
        assert (folder / "a.txt").read_text() == "one\n"


def test_nothing_that_the_source_or_the_user_names_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = bare(tmp_path)
    marker = tmp_path / "ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\necho $0 >> {marker}\ncat\n")
    script.chmod(0o755)
    with (source / "config").open("a") as config:
        config.write(
            f'[filter "evil"]\n\tsmudge = {script}\n\tclean = {script}\n\trequired ='
            f" true\n[core]\n\tfsmonitor = {script}\n\thooksPath = {tmp_path}/hooks\n\tsshCommand ="
            f" {script}\n\talternateRefsCommand = {script}\n[uploadpack]\n\tpackObjectsHook ="
            f" {script}\n[include]\n\tpath = /dev/zero\n[extensions]\n\tpartialClone ="
            ' origin\n[remote "origin"]\n\turl = ssh://h.example/x\n\tpromisor = true\n'
        )
    (tmp_path / "hooks").mkdir()
    for folder in (tmp_path / "hooks", source / "hooks"):
        for hook in ("post-checkout", "reference-transaction", "post-upload-pack"):
            (folder / hook).write_text(script.read_text())
            (folder / hook).chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        f'[filter "evil"]\n\tsmudge = {script}\n\trequired = true\n[init]\n\ttemplateDir ='
        f" {source}\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(source))
    with clone_repository(str(source)) as (folder, _, _):
        assert (folder / "w.bin").read_text() == "raw\n"
        assert not (folder / ".git" / "hooks").exists()
    assert not marker.exists()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("file:///nowhere/at/all", "no git repository"),
        ("https://user:hunter2@127.0.0.1:9/o/r.git", "git cannot read it"),
        ("https://h.example/o/r#--x", "not a branch"),
    ],
)
def test_errors_are_one_line_without_credentials(source: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught, clone_repository(source):
        pass
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_repository_and_a_missing_tag_are_errors(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "empty.git")
    with (
        pytest.raises(ValueError, match="no commit yet"),
        clone_repository(str(tmp_path / "empty.git")),
    ):
        pass
    with (
        pytest.raises(ValueError, match=r"git cannot read it: .*v9"),
        clone_repository(bare(tmp_path).as_uri() + "#v9"),
    ):
        pass


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_copy_is_removed_when_the_program_is_ended(
    tmp_path: Path, number: signal.Signals
) -> None:
    source = bare(tmp_path)
    (tmp_path / "temporary").mkdir()
    program = (
        "from aisbom.source.git_clone import clone_repository\nimport signal, time\n"
        # Who runs the tests in the background may have it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"with clone_repository({str(source)!r}) as (folder, *_):\n"
        "    print(folder, flush=True)\n    time.sleep(60)\n"
    )
    environment = {
        **os.environ,
        "TMPDIR": str(tmp_path / "temporary"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    ) as process:
        assert process.stdout
        folder = process.stdout.readline().strip()
        assert folder
        assert Path(folder).is_dir()
        time.sleep(0.1)
        process.send_signal(number)
        process.wait(20)
    assert not list((tmp_path / "temporary").iterdir())
