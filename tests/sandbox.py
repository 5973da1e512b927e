"""What the program may do while it scans: an audit hook sees every socket, program, piece of code,
unpickled name and change to a file, and notes what is not allowed.

Whatever a file does to its reader becomes a gap, so an exception would be swallowed: what was done
is written to a file, into which `tests/program.py` and `tests/conftest.py` look afterwards.
"""

from __future__ import annotations

import os
import stat
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOG = "AISBOM_TEST_LOG"
"""The variable that names the file of what was done and is not allowed."""

_CODE = tuple(
    os.path.realpath(place)
    for place in (
        *(ROOT / "aisbom", ROOT / "tests", sys.prefix, sys.base_prefix),
        *map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")),
    )
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PLUMBING = ("cat-file", "check-attr", "checkout", "clone", "ls-tree", "rev-list", "log")
_GIT_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}")
_GIT_VARIABLES = ("GIT_ALLOW_PROTOCOL", "GIT_NO_REPLACE_OBJECTS", "GIT_TERMINAL_PROMPT")
_OWN = ("aisbom.", "concurrent.futures.", "multiprocessing.", "pathlib.", "tests.")
"""Modules of what the program's own processes hand each other."""


@dataclass(slots=True)
class Watch:
    """What one run may change, and where the rest is noted. `loopback`: it was asked to ask a
    server of the test.
    """

    log: Path
    places: tuple[str, ...]
    temporary: str
    loopback: bool = False
    active: bool = True

    def __call__(self, event: str, values: tuple[Any, ...]) -> None:
        check = _CHECKS.get(event)
        if check is None or not self.active:
            return
        self.active = False
        try:
            if wrong := check(self, values):
                with self.log.open("a", encoding="utf-8") as out:
                    out.write(f"{event}: {wrong}\n")
        finally:
            self.active = True

    def may_change(self, path: object) -> bool:
        """Whether it is a file that the run was asked to write (or the one beside it, which takes
        its place), lies in a folder of its own, or is no file.
        """
        if not isinstance(path, (str, bytes, os.PathLike)):
            return True
        place = _absolute(Path.cwd(), os.fsdecode(path))
        folder, _, name = place.rpartition("/")
        # `.out.json.k3x9` lies beside `out.json` before it takes its place.
        beside = f"{folder}/{name[1:].rpartition('.')[0]}"
        compiled = "/__pycache__" in place and place.startswith(_CODE)
        if compiled or self._is_temporary(place):
            return True
        return _is_no_file(place) or any(
            one in (place, beside) or place.startswith(f"{one}/") for one in self.places
        )

    def _is_temporary(self, place: str) -> bool:
        """A name of the program's own, what lies below it, or a file without a name."""
        own = place.removeprefix(self.temporary).lstrip("/").partition("/")[0]
        return place.startswith(self.temporary) and (
            not own or own.startswith(("aisbom-", "tmp")) or len(own) == 8
        )


def _absolute(folder: Path, path: str) -> str:
    return os.path.normpath(folder / path)


def _is_no_file(place: str) -> bool:
    try:
        mode = Path(place).stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _socket(watch: Watch, values: tuple[Any, ...]) -> str:
    address = next((v for v in values if isinstance(v, (str, bytes, tuple))), "")
    host = address[0] if isinstance(address, tuple) and address else address
    return "" if watch.loopback and host in ("127.0.0.1", "localhost", "::1") else repr(address)


def _program(_watch: Watch, values: tuple[Any, ...]) -> str:
    words = [os.fsdecode(word) for word in values[1]]
    variables = {os.fsdecode(key) for key in values[3] or ()}
    if words[0] == os.devnull:
        return ""  # nothing is run, on purpose
    if words[1:] == ["-m", "pip", "--version"] and "PYTHONSAFEPATH" in variables:
        return ""  # pip-audit asks so, and no `pip` of the scanned tree answers
    plain = (word for word in words[1:] if not word.startswith("-") and "=" not in word)
    lawful = (
        Path(words[0]).name == "git"
        and next(plain, "") in _PLUMBING
        and all(setting in words for setting in _GIT_SETTINGS)
        and variables.issuperset(_GIT_VARIABLES)
        and not any(word.startswith("ext::") for word in words)
    )
    return "" if lawful else repr(words)


def _never(_watch: Watch, values: tuple[Any, ...]) -> str:
    return repr(values)[:200]


def _opened(watch: Watch, values: tuple[Any, ...]) -> str:
    path, mode, flags = values
    writes = flags & _WRITES if mode is None else set("wax+") & set(mode)
    return repr(path) if writes and not watch.may_change(path) else ""


def _changed(watch: Watch, values: tuple[Any, ...]) -> str:
    """Paths below the descriptor of a folder are those of a temporary folder that is removed."""
    if any(isinstance(value, int) and value > 2 for value in values[1:]) and "/" not in str(
        values[0]
    ):
        return ""
    return "" if all(map(watch.may_change, values)) else repr(values)


def _unpickled(_watch: Watch, values: tuple[Any, ...]) -> str:
    name = f"{values[0]}.{values[1]}"
    return "" if name.startswith(_OWN) or values[0] == "builtins" else name


def _run(_watch: Watch, values: tuple[Any, ...]) -> str:
    name = getattr(values[0], "co_filename", "<")
    lawful = name.startswith("<") or os.path.realpath(name).startswith(_CODE)
    return "" if lawful else name


_CHECKS: dict[str, Callable[[Watch, tuple[Any, ...]], str]] = {
    **dict.fromkeys(("socket.connect", "socket.bind", "socket.sendto"), _socket),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyname"), _socket),
    "subprocess.Popen": _program,
    **dict.fromkeys(("os.system", "os.exec", "os.posix_spawn", "os.spawn"), _never),
    "pickle.find_class": _unpickled,
    "exec": _run,
    "open": _opened,
    **dict.fromkeys(("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate"), _changed),
    **dict.fromkeys(("os.link", "os.symlink", "os.chmod", "os.chown", "os.utime"), _changed),
    "sqlite3.connect": _changed,
}


def watch_run(arguments: Sequence[str], cwd: str, environment: dict[str, str]) -> None:
    """Watch this process, and those forked from it, to its end: it may change what its options
    name, temporary files and its cache.
    """
    values = [word.partition("=")[2] for word in arguments if word.startswith("-") and "=" in word]
    values += [word for option, word in pairwise(arguments) if option.startswith("-")]
    values += ["aisbom.cdx.json", "aisbom.cdx.xml"]
    values += [f"{word}.intoto.jsonl" for word in arguments]  # what `attest` writes beside an SBOM
    values += [value for key, value in environment.items() if key.startswith("AISBOM_")]
    top = Path(cwd)
    if "--embed" in arguments:  # the wheel that the document goes into
        values += [word for word in arguments if word.endswith(".whl")]
        values += [
            str(wheel) for word in arguments for wheel in (top / word / "dist").glob("*.whl")
        ]
    places = [_absolute(top, value) for value in values if value]
    # A folder that an option names is read; the one of the cache is written.
    caches = environment.get("AISBOM_CACHE_DIR", "")
    allowed = (p for p in places if p == caches or not Path(p).is_dir())
    asks = any(word.startswith(("--online", "--osv", "--vulnerab")) for word in arguments)
    temporary = tempfile.gettempdir()  # not in the hook: whoever asks first holds a lock
    if log := environment.get(LOG):
        sys.addaudithook(Watch(Path(log), tuple(allowed), temporary, asks))


_HERE: list[Watch] = []


@contextmanager
def watched(log: Path) -> Iterator[None]:
    """Watch what this process does inside the block: it may change nothing but temporary files."""
    if not _HERE:
        _HERE.append(Watch(log, (), tempfile.gettempdir(), active=False))
        sys.addaudithook(_HERE[0])
    watch = _HERE[0]
    watch.active = True
    try:
        yield
    finally:
        watch.active = False


def broken(log: Path) -> str:
    """What was noted so far, once."""
    if not log.exists():
        return ""
    text = log.read_text("utf-8")
    log.unlink()
    return text
