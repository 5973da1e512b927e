"""The watch over the program notes what a scan must not do, and lets it do what it has to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox import ROOT

WATCH = """
import os, pickle, socket, sqlite3, subprocess, sys
from pathlib import Path
from tests import sandbox
sandbox.watch_run(["generate", "tree", "-o", "out.json"], os.getcwd(), {sandbox.LOG: "log"})
try:
    exec(sys.argv[1])
except Exception:
    pass
"""
GIT = (
    "['git', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', 'ls-tree', 'HEAD'],"
    " env={'GIT_ALLOW_PROTOCOL': 'none', 'GIT_NO_REPLACE_OBJECTS': '1', 'GIT_TERMINAL_PROMPT': '0',"
    " 'PATH': os.environ['PATH']}"
)


def noted(tmp_path: Path, code: str) -> str:
    (tmp_path / "tree").mkdir(exist_ok=True)
    (tmp_path / "tree" / "planted.py").write_text("x = 1\n")
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    words = [sys.executable, "-c", WATCH, code]
    subprocess.run(words, cwd=tmp_path, env=environment, check=True, timeout=60)
    log = tmp_path / "log"
    return log.read_text("utf-8") if log.exists() else ""


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("socket.socket().connect(('127.0.0.1', 9))", "socket."),
        ("socket.getaddrinfo('192.0.2.1', 80)", "socket.getaddrinfo"),
        ("os.system('true')", "os.system"),
        ("subprocess.run(['true'])", "subprocess.Popen"),
        ("subprocess.run(['git', 'status'])", "subprocess.Popen"),
        (f"subprocess.run({GIT.replace('ls-tree', 'fetch')})", "subprocess.Popen"),
        (f"subprocess.run({GIT.replace('/dev/null', 'hooks')})", "subprocess.Popen"),
        (f"subprocess.run({GIT.replace('HEAD', 'ext::sh')})", "subprocess.Popen"),
        ("pickle.loads(b'cposix\\nsystem\\n.')", "pickle.find_class"),
        ("sys.path.insert(0, 'tree'); import planted", "exec"),
        ("open('tree/new.txt', 'w')", "open"),
        ("open('tree/planted.py', 'r+')", "open"),
        ("os.open('elsewhere', os.O_CREAT | os.O_WRONLY)", "open"),
        ("os.remove('tree/planted.py')", "os.remove"),
        ("os.rename('tree/planted.py', 'tree/b.py')", "os.rename"),
        ("os.mkdir('tree/folder')", "os.mkdir"),
        ("os.symlink('a', 'tree/link')", "os.symlink"),
        ("os.chmod('tree/planted.py', 0o777)", "os.chmod"),
        ("sqlite3.connect('tree/x.sqlite')", "sqlite3.connect"),
    ],
)
def test_what_is_not_allowed_is_noted(tmp_path: Path, code: str, event: str) -> None:
    assert noted(tmp_path, code).startswith(event)


@pytest.mark.parametrize(
    "code",
    [
        "open('tree/planted.py').read()",
        "open('out.json', 'w')",
        "open('.out.json.k3x9', 'w'); os.rename('.out.json.k3x9', 'out.json')",
        "open('/dev/null', 'w')",
        "import tempfile; tempfile.TemporaryFile()",
        "import tempfile; tempfile.mkdtemp(prefix='aisbom-')",
        f"subprocess.run({GIT})",
        "pickle.loads(pickle.dumps(Path('a')))",
        "import wave",
    ],
)
def test_what_a_scan_has_to_do_is_not(tmp_path: Path, code: str) -> None:
    assert noted(tmp_path, code) == ""
