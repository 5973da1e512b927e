"""What somebody at a terminal sees, on a wide one and on a narrow one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import MakeTree
from tests.program import ROOT, run, server
from tests.zygote import ask_with

pty = pytest.importorskip("pty")

CODE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
SMALL = ROOT / "fixtures" / "small-stack" / "input"


def seen(
    words: list[str], cwd: Path, columns: int = 100, at_once: bool = False, **more: str
) -> str:
    """Everything that a run writes to a terminal of this width; `at_once`: progress from the first
    moment on.
    """
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "AISBOM_CACHE_DIR": os.devnull,
        "AISBOM_CODE_INDEX": os.devnull,
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        **more,
    }
    told: list[bytes] = []
    reader = threading.Thread(target=_read, args=(ours, told))
    reader.start()
    if at_once:
        code = f"import sys; {PATCH}; from aisbom.cli import main; sys.exit(main())"
        subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=cwd, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, check=False,
        )  # fmt: skip
    else:
        ask_with(server(), words, str(cwd), environment, [theirs, theirs, theirs])
    os.close(theirs)
    reader.join()
    os.close(ours)
    return b"".join(told).decode("utf-8").replace("\r\n", "\n")


def _read(terminal: int, told: list[bytes]) -> None:
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so that nobody writes any more
            return
        if not piece:
            return
        told.append(piece)


PATCH = "from aisbom.cli import progress; progress._SHORT = 0.0; progress._REDRAW = 0.0"


def many(make_tree: MakeTree) -> Path:
    return make_tree({f"m{n % 9}/f{n:03}.py": f"import numpy\nx = {n}\n" for n in range(300)})


@pytest.mark.parametrize("columns", [100, 40, 20])
def test_progress_is_one_line_that_goes_away(make_tree: MakeTree, columns: int) -> None:
    told = seen(["generate", "-o", "out.json"], many(make_tree), columns, at_once=True)
    assert "reading" in told
    assert "300/300" in told
    assert ("━" in told) == (columns >= 60)
    # What stays on the screen is the summary: everything before it was drawn over.
    before = told[: told.index("tree: ")]
    assert before.count("\n") <= 1
    assert (
        max(len(line) for line in CODE.sub("", before).replace("\r", "\n").split("\n")) <= columns
    )


def test_progress_is_not_for_logs_and_not_for_who_asked_for_quiet(make_tree: MakeTree) -> None:
    root = many(make_tree)
    assert seen(["generate", "-q", "-o", "out.json"], root, at_once=True) == ""
    assert "reading" not in seen(["generate", "-o", "out.json"], root, at_once=True, TERM="dumb")


def test_long_lines_are_broken_at_words_and_hang(tmp_path: Path) -> None:
    told = CODE.sub("", seen(["score", str(SMALL)], tmp_path, 60))
    told = told[told.index("sovereignty under") :]
    lines = told.split("\n")
    assert max(map(len, lines)) <= 60
    assert any(line.startswith("    ") for line in lines)
    plain = run("score", SMALL, cwd=tmp_path).stdout
    assert " ".join(told.split()) == " ".join(plain.split())


def test_verdicts_have_colours_unless_nobody_wants_them(tmp_path: Path) -> None:
    words = ["check", str(ROOT / "fixtures" / "gate-violating" / "input"), "-q"]
    assert "\x1b[31mFAIL\x1b[0m" in seen(words, tmp_path)
    for more in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        told = seen(words, tmp_path, **more)
        assert "\x1b[3" not in told
        assert "FAIL" in told


def test_a_table_is_drawn_on_a_terminal_only(tmp_path: Path) -> None:
    told = seen(["weights", "reference", "list"], tmp_path, 160)
    assert "──" in told
    assert len(told.split("\n")) > 3


def test_a_short_run_shows_no_progress(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aisbom.cli import progress

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress.show(False) as report:
        report("reading", 1, 2)
        assert report._bars is None  # type: ignore[attr-defined]
        time.sleep(progress._SHORT)
        report("reading", 2, 2)
        assert report._bars is not None  # type: ignore[attr-defined]
