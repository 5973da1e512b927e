"""A reader that never ends costs its own file, and no worker outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aisbom.collect import run as running
from aisbom.collect.collector import Collector
from aisbom.model import Gap, Row
from aisbom.source.tree import File
from tests.conftest import MakeTree, collect

ROOT = Path(__file__).parents[2]


def endless(file: File) -> Iterator[Row]:
    yield Gap("endless", file.at(), "seen before")
    while file.name == "bad.txt":
        pass


def test_a_reader_that_never_ends(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SECONDS", 0.3)
    root = make_tree({"bad.txt": "", "good.txt": ""})
    rows = collect(root, Collector("endless", 1, ("*.txt",), endless, sees="content"))
    told = [f"{row.at}: {row.reason}" for row in rows if isinstance(row, Gap)]
    assert told == [
        "bad.txt: seen before",
        "bad.txt: takes more than 0.3 seconds to read: the rest was not read",
        "good.txt: seen before",
    ]


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent and fields[0] != "Z":
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_worker_is_left(make_tree: MakeTree, number: signal.Signals) -> None:
    text = "import torch\n" + "x = torch.load('a')\n" * 3000
    root = make_tree({f"m{n}.py": text + f"y = {n}\n" for n in range(400)})
    words = [sys.executable, "-m", "aisbom", "generate", str(root), "-o", "-", "--no-cache"]
    done = subprocess.Popen([*words, "--jobs", "2"], stdout=-3, stderr=-3, cwd=ROOT)
    workers: list[int] = []
    end = time.monotonic() + 60
    while not workers and time.monotonic() < end and done.poll() is None:
        workers = children(done.pid)
        time.sleep(0.02)
    assert workers
    done.send_signal(number)
    done.wait(60)
    end = time.monotonic() + 60
    while time.monotonic() < end and any(Path(f"/proc/{worker}").exists() for worker in workers):
        time.sleep(0.1)
    assert not [w for w in workers if Path(f"/proc/{w}").exists()]
    assert done.returncode != 0
    assert os.getpid()
