"""A defect of ours is exit code 4 and one line, never the user's mistake, never a violated policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aisbom import cli, pipeline
from aisbom.errors import UsageError
from tests.conftest import MakeTree

FILES = {"requirements.txt": "numpy==1.0\n"}


def broken(error: Exception) -> Callable[..., None]:
    def scan(*_: object) -> None:
        raise error

    return scan


@pytest.mark.parametrize("command", ["generate", "score", "check", "explain"])
@pytest.mark.parametrize(
    "error",
    [ValueError("not a\nnumber"), KeyError("x"), RecursionError(), OSError("odd"), MemoryError()],
    ids=lambda error: type(error).__name__,
)
def test_whatever_a_stage_raises_is_said_to_be_a_defect(
    make_tree: MakeTree,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    error: Exception,
) -> None:
    monkeypatch.setattr(pipeline, "scan", broken(error))
    root = make_tree(FILES)
    words = [command, str(root), *(["numpy"] if command == "explain" else []), "--no-cache"]
    assert cli.main(words) == 4
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(
        f"aisbom: a defect of aisbom, please report it: {type(error).__name__} at aisbom/document.py:"
    )


def test_the_line_holds_no_path_of_the_machine_and_no_secret(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "/home/alice/x of https://me:s3cret@host.example/o"
    monkeypatch.setattr(pipeline, "scan", broken(RuntimeError(words)))
    root = make_tree(FILES)
    assert cli.main(["generate", str(root), "--no-cache"]) == 4
    told = capsys.readouterr().err
    for secret in ("alice", "s3cret", str(root), str(Path.cwd())):
        assert secret not in told


@pytest.mark.parametrize("way", ["--verbose", "-v", "AISBOM_DEBUG"])
def test_a_traceback_is_shown_to_who_asks_for_it(
    make_tree: MakeTree,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    way: str,
) -> None:
    monkeypatch.setattr(pipeline, "scan", broken(ValueError("odd")))
    words = ["generate", str(make_tree(FILES)), "--no-cache"]
    if way.startswith("-"):
        words.append(way)
    else:
        monkeypatch.setenv(way, "1")
    assert cli.main(words) == 4
    told = capsys.readouterr().err
    assert "Traceback (most recent call last)" in told
    assert told.splitlines()[-1].startswith("aisbom: a defect of aisbom")


def test_what_the_user_can_mend_is_no_defect(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipeline, "scan", broken(UsageError("x: write y")))
    assert cli.main(["generate", str(make_tree(FILES)), "--no-cache"]) == 2
    assert capsys.readouterr().err == "aisbom: x: write y\n"


def test_ctrl_c_is_neither(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "scan", interrupted)
    assert cli.main(["generate", str(make_tree(FILES)), "--no-cache"]) == 130
    assert capsys.readouterr().err == "aisbom: interrupted; nothing was written\n"
