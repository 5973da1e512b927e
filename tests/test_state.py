"""What a run leaves where it was cut, where there is no room, and beside another run: the next one
is right, nothing is half written, and the exit code says so. Real processes, killed for real.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import MakeTree
from tests.program import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")

KILLS = 20
BEFORE = b'{"what": "stood here before"}'


@pytest.fixture
def tree(make_tree: MakeTree) -> Path:
    text = "import torch\nx = torch.load('a.pt')\n"
    root = make_tree({f"m{n}/a.py": f"{text}y = {n}\n" for n in range(120)})
    (root / "requirements.txt").write_text("numpy==1.0\n")
    for path in root.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return root


def started(
    tree: Path, output: Path | str, cache: Path, *more: str, room: int | None = None
) -> subprocess.Popen[str]:
    def limit() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    environment |= {"AISBOM_CACHE_DIR": str(cache), "AISBOM_CODE_INDEX": os.devnull}
    environment["SOURCE_DATE_EPOCH"] = "1700000000"
    words = [sys.executable, "-m", "aisbom", "generate", tree, "-q", "-o", output, *more]
    return subprocess.Popen(
        [*map(str, words), "--jobs", "2"],
        cwd=tree.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,  # noqa: PLW1509
    )


def written(tree: Path, output: Path, cache: Path) -> bytes:
    done = started(tree, output, cache)
    _, said = done.communicate(timeout=120)
    assert (done.returncode, said) == (0, "")
    return output.read_bytes()


def test_runs_that_are_killed_leave_the_next_one_right(tree: Path, tmp_path: Path) -> None:
    output, cache = tmp_path / "out" / "out.json", tmp_path / "cache"
    output.parent.mkdir()
    begin = time.monotonic()
    whole = written(tree, tmp_path / "whole.json", tmp_path / "other")
    takes = time.monotonic() - begin
    chance = random.Random(19)  # noqa: S311
    met = 0
    for number in range(KILLS):
        if number % 2:  # a cache that is being filled, and one that holds the answer
            shutil.rmtree(cache)
        output.write_bytes(BEFORE)
        done = started(tree, output, cache)
        time.sleep(chance.uniform(0.02, takes * (1 if number % 2 else 0.4)))
        done.kill()
        done.communicate(timeout=60)
        met += done.returncode == -signal.SIGKILL
        assert output.read_bytes() in (BEFORE, whole)
        assert written(tree, output, cache) == whole
    assert met >= KILLS / 2  # the others had ended before
    beside = [path for path in output.parent.iterdir() if path != output]
    assert len(beside) <= KILLS  # what a killed run could not take away is hidden and small
    assert all(path.name.startswith(".out.json.") for path in beside)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_asked_to_end_says_so(tree: Path, tmp_path: Path, number: int) -> None:
    output = tmp_path / "out.json"
    output.write_bytes(BEFORE)
    done = started(tree, output, tmp_path / "cache")
    time.sleep(0.8)
    done.send_signal(number)
    _, said = done.communicate(timeout=60)
    if done.returncode != 0:
        # Interrupted within the `exec` of a text, as of a dataclass that is being made, CPython ends
        # the process by SIGINT whatever was caught and returned; a shell sees 130 in both cases.
        assert done.returncode in (130, -number, -signal.SIGINT), said
        # Asked to end between the writing and its own end, it has written the whole.
        if output.read_bytes() != BEFORE:
            whole = written(tree, tmp_path / "whole.json", tmp_path / "fresh")
            assert output.read_bytes() == whole
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_room_nothing_is_half_written(tree: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "out.json"
    output.parent.mkdir()
    output.write_bytes(BEFORE)
    done = started(tree, output, tmp_path / "cache", room=4096)
    _, said = done.communicate(timeout=120)
    assert done.returncode == 2, said
    assert said.count("\n") == 1
    assert [path.name for path in output.parent.iterdir()] == ["out.json"]
    assert output.read_bytes() == BEFORE
    # The cache could not be written either, and does no harm later.
    assert written(tree, output, tmp_path / "cache") == written(
        tree, tmp_path / "b.json", tmp_path / "fresh"
    )


def test_a_full_device_for_the_cache_costs_nothing(tree: Path, tmp_path: Path) -> None:
    whole = written(tree, tmp_path / "a.json", tmp_path / "other")
    (tmp_path / "cache").mkdir()
    for name in ("documents-2.sqlite", "rows-1.sqlite"):
        (tmp_path / "cache" / name).symlink_to("/dev/full")
    assert written(tree, tmp_path / "b.json", tmp_path / "cache") == whole


@pytest.mark.parametrize("what", ["folder", "missing", "file in place of a folder", "sysfs"])
def test_an_output_that_cannot_be_is_one_line(tree: Path, tmp_path: Path, what: str) -> None:
    (tmp_path / "file").write_text("x")
    target = {
        "folder": tmp_path,
        "missing": tmp_path / "none" / "out.json",
        "file in place of a folder": tmp_path / "file" / "out.json",
        "sysfs": Path("/proc/self/out.json"),
    }[what]
    done = started(tree, target, tmp_path / "cache")
    _, said = done.communicate(timeout=120)
    assert (done.returncode, said.count("\n")) == (2, 1), said


def test_runs_at_once_write_the_same(tree: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    runs = [started(tree, tmp_path / f"{n}.json", cache) for n in range(3)]
    runs += [started(tree, tmp_path / "same.json", cache) for _ in range(2)]
    for done in runs:
        _, said = done.communicate(timeout=120)
        assert (done.returncode, said) == (0, "")
    names = ("0.json", "1.json", "2.json", "same.json")
    assert len({(tmp_path / name).read_bytes() for name in names}) == 1
    assert sorted(p.name for p in tmp_path.glob("*.json")) == sorted(names)


@pytest.mark.parametrize("damage", ["cut", "zeros", "noise", "rows changed", "empty"])
def test_a_damaged_cache_changes_no_answer(tree: Path, tmp_path: Path, damage: str) -> None:
    cache, output = tmp_path / "cache", tmp_path / "out.json"
    whole = written(tree, output, cache)
    files = [path for path in cache.rglob("*") if path.is_file()]
    assert files
    for path in files:
        data = bytearray(path.read_bytes())
        if damage == "cut":
            data = data[: len(data) // 2]
        elif damage == "zeros":
            data[len(data) // 3 :] = bytes(len(data) - len(data) // 3)
        elif damage == "noise":
            chance = random.Random(1)  # noqa: S311
            for _ in range(len(data) // 50):
                data[chance.randrange(len(data))] = chance.randrange(256)
        elif damage == "rows changed":
            data = data.replace(b"numpy", b"evil!")
        else:
            data.clear()
        path.write_bytes(bytes(data))
    assert written(tree, output, cache) == whole
    assert json.loads(whole)["bomFormat"] == "CycloneDX"
