"""The command on an engine: what happens to workers, and to whoever hands out the work."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aisbom.fleet.catalogue import Catalogue
from tests.fleet.conftest import EPOCH, files_of, write_list
from tests.program import start

DEADLY = """
import os, signal, sys
def hook(event, given):
    if event == "open" and str(given[0]).endswith("deadly.py"):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
"""
"""What a reader with a defect does: it takes its process with it, on one file."""


def trees(folder: Path, count: int) -> dict[str, Path]:
    found = {}
    for number in range(count):
        tree = folder / f"s{number}"
        tree.mkdir(parents=True)
        (tree / "requirements.txt").write_text(f"numpy==2.1.{number}\n")
        (tree / "main.py").write_text(f"import numpy\nprint({number})\n")
        found[tree.name] = tree
    return found


def fleet(*words: str | Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """The command, given the time that starting workers takes on a busy machine."""
    return subprocess.run(
        [sys.executable, "-m", "aisbom", "fleet", "scan", *map(str, words)],
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **more},
        capture_output=True,
        timeout=1800,
        check=False,
    )


def test_an_input_that_kills_its_worker_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = trees(tmp_path / "in", 3)
    (found["s1"] / "deadly.py").write_text("x = 1\n")
    listed = write_list(tmp_path / "list.csv", found)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(DEADLY)
    words = (listed, "-o", tmp_path / "c", "--workers", "1", "--retries", "1")
    done = fleet(*words, PYTHONPATH=str(tmp_path / "site"))
    assert done.returncode == 3, done.stderr
    # What a worker had committed when it was ended is there when it is asked again.
    told = re.match(rb"3 submissions: (\d) scanned, (\d) kept, 1 failed", done.stdout)
    assert told and int(told[1]) + int(told[2]) == 2
    assert done.stderr == b"aisbom: s1: killed: its worker ended 2 times\n"
    catalogue = Catalogue.open(str(tmp_path / "c"))
    assert [entry.submission for entry in catalogue.entries()] == ["s0", "s2"]
    assert [(f.submission, f.kind) for f in catalogue.failures()] == [("s1", "killed")]
    # Whoever has a reader without the defect names the tree's present state with --retry-failed.
    done = fleet(*words, "--retry-failed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"3 submissions: 1 scanned, 2 kept, 0 failed")


def test_what_takes_too_long_is_named(tmp_path: Path) -> None:
    """A repository whose server takes the connection and never answers."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        address = f"https://bob:hunter2secret@127.0.0.1:{port}/r.git"
        listed = write_list(tmp_path / "list.csv", {"hangs": address})
        words = ("--workers", "1", "--timeout", "20", "--retries", "0")
        done = fleet(listed, "-o", tmp_path / "c", *words)
    assert done.returncode == 3, done.stderr
    assert done.stderr == b"aisbom: hangs: time: it took more than 20 seconds\n"
    assert b"hunter2secret" not in done.stdout
    for name, data in files_of(tmp_path / "c").items():
        assert b"hunter2secret" not in data, name
    (failure,) = Catalogue.open(str(tmp_path / "c")).failures()
    assert (failure.submission, failure.kind) == ("hangs", "time")


def test_kill_of_the_driver_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    listed = write_list(tmp_path / "list.csv", trees(tmp_path / "in", 6))
    whole = fleet(listed, "-o", tmp_path / "whole", "--workers", "2")
    assert whole.returncode == 0, whole.stderr
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    words = [sys.executable, "-m", "aisbom", "fleet", "scan", listed, "-o", tmp_path / "c"]
    driver = subprocess.Popen([*map(str, words), "--workers", "2"], env=environment)
    done = tmp_path / "c" / "done"
    until = time.monotonic() + 1200
    while time.monotonic() < until and not (done.is_dir() and any(done.iterdir())):
        time.sleep(0.05)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    kept = {path.name: path.read_bytes() for path in done.iterdir() if path.suffix == ".json"}
    assert kept
    again = fleet(listed, "-o", tmp_path / "c", "--workers", "2")
    assert again.returncode == 0, again.stderr
    assert int(again.stdout.split(b" kept")[0].split(b", ")[-1]) >= len(kept)
    assert kept.items() <= {p.name: p.read_bytes() for p in done.iterdir()}.items()
    first = {n: d for n, d in files_of(tmp_path / "c").items() if "/.writing-" not in n}
    assert first == files_of(tmp_path / "whole")


def test_two_fleets_write_one_folder(tmp_path: Path) -> None:
    """Begun at once on the same submissions: no lock, and the bytes of one."""
    listed = write_list(tmp_path / "list.csv", trees(tmp_path / "in", 4))
    whole = fleet(listed, "-o", tmp_path / "whole", "--workers", "1")
    assert whole.returncode == 0, whole.stderr
    words = [sys.executable, "-m", "aisbom", "fleet", "scan", listed, "-o", tmp_path / "c"]
    both = [
        subprocess.Popen(
            [*map(str, words), "--workers", "1"],
            env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for one in both:
        out, words_of = one.communicate(timeout=1800)
        assert one.returncode == 0, words_of
        assert b" 0 failed" in out
    assert files_of(tmp_path / "c") == files_of(tmp_path / "whole")


def test_a_full_disk_ends_the_run_and_blames_nobody(tmp_path: Path) -> None:
    """A file may grow to 2,000 bytes: the first document does not fit."""
    import resource

    listed = write_list(tmp_path / "list.csv", trees(tmp_path / "in", 2))
    words = (listed, "-o", tmp_path / "c", "--workers", "1")
    done = subprocess.run(
        [sys.executable, "-m", "aisbom", "fleet", "scan", *map(str, words)],
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
        capture_output=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert b"the catalogue cannot be written: File too large" in done.stderr
    assert done.stderr.count(b"\n") == 1
    catalogue = Catalogue.open(str(tmp_path / "c"))
    assert (catalogue.entries(), catalogue.failures()) == ([], [])
    again = fleet(*words)
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith(b"2 submissions: 2 scanned")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing-here",), "nothing-here: no such file or folder"),
        (("in/s0", "other/s0"), "a second submission is called 's0'"),
        (("in/s0", "--profile", "no-such"), "is scanned under a shipped profile"),
        (("in/s0", "--home", "XX"), "XX"),
        (("bad.csv",), "bad.csv:1: has no column `location`"),
        (("bad.jsonl",), "bad.jsonl:1: no JSON"),
        (("hf:no-owner",), "hf:OWNER/NAME"),
        (("in/s0", "--scheduler", "tcp://127.0.0.1:9"), "no scheduler answers there"),
    ],
)
def test_a_mistake_is_one_line(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    trees(tmp_path / "in", 1)
    trees(tmp_path / "other", 1)
    (tmp_path / "bad.csv").write_text("name\nx\n")
    (tmp_path / "bad.jsonl").write_text("{\n")
    done = start("fleet", "scan", *words, "-o", "c", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
