"""Repositories of the hub as submissions: a server of ours speaks its protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.query import query
from aisbom.fleet.question import Question
from aisbom.fleet.sources import submissions
from aisbom.fleet.unit import Run, scan_submission
from tests.fleet.conftest import EPOCH, files_of

pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")

TOKEN = "hf_nobodysTokenOfTwentyLetters12"
FILES = {
    "README.md": b"---\nlicense: apache-2.0\n---\n# Small\n",
    "config.json": b'{"model_type": "llama", "hidden_size": 8}\n',
    "deep/requirements.txt": b"numpy==2.1.0\n",
}


class Hub(BaseHTTPRequestHandler):
    """One repository, `acme/small`, at one commit."""

    commit = "1" * 40

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/api/models/acme/small"):
            rows = [
                {
                    **{"type": "file", "path": name, "rfilename": name, "size": len(data)},
                    "oid": sha1(data).hexdigest(),  # noqa: S324
                }
                for name, data in FILES.items()
            ]
            info = {"id": "acme/small", "modelId": "acme/small", "sha": self.commit}
            self.say(json.dumps(rows if "/tree/" in path else {**info, "siblings": rows}).encode())
        elif path.startswith("/acme/small/resolve/"):
            data = FILES.get(path.split("/", 5)[5])
            self.say(data if data is not None else b"", 200 if data is not None else 404)
        else:
            self.say(b'{"error": "Repository not found"}', 404)

    def say(self, data: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", f'"{sha1(data).hexdigest()}"')  # noqa: S324
        self.send_header("X-Repo-Commit", self.commit)
        if status == 404:
            self.send_header("X-Error-Code", "RepoNotFound")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def program(hub: str, home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """The address of the hub is read once a process, where the library is imported."""
    return subprocess.run(
        [sys.executable, *map(str, words)],
        env={
            **{"PATH": os.environ["PATH"], "HOME": str(home), "HF_HOME": str(home / "hf")},
            **{"HF_ENDPOINT": hub, "HF_TOKEN": TOKEN, "SOURCE_DATE_EPOCH": EPOCH},
            **{"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"},
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_repository_of_the_hub_has_the_answer_of_its_files(hub: str, tmp_path: Path) -> None:
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    words = ("-m", "aisbom.fleet.unit", "hf:acme/small@main", catalogue.store.url)
    done = program(hub, tmp_path, *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("acme/small@main: scanned ")
    (entry,) = catalogue.entries()
    assert entry.location == "hf:acme/small@main"
    rows = query(catalogue, "SELECT path FROM files").rows
    assert {path for (path,) in rows} == set(FILES)
    for name, data in FILES.items():
        place = tmp_path / "local" / "small" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (local,) = submissions([str(tmp_path / "local" / "small")])
    assert scan_submission(local, catalogue, Run()).unit == entry.unit
    assert not any(TOKEN.encode() in data for data in files_of(tmp_path / "c").values())


@pytest.mark.parametrize("address", ["hub", "nobody answers"])
def test_what_the_hub_does_not_have_is_refused(address: str, hub: str, tmp_path: Path) -> None:
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    words = ("-m", "aisbom.fleet.unit", "hf:acme/missing", catalogue.store.url)
    done = program(hub if address == "hub" else "http://127.0.0.1:9", tmp_path, *words)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    (failure,) = catalogue.failures()
    assert (failure.kind, failure.location) == ("refused", "hf:acme/missing")
    assert failure.words.startswith("hf:acme/missing: ")
    assert TOKEN not in failure.words
    assert str(tmp_path) not in failure.words


_REVISION = """
import sys
from aisbom.fleet import watch
from aisbom.fleet.sources import submissions
print(repr(watch.revision(submissions([sys.argv[1]])[0])))
"""


def test_watch_is_told_a_commit_and_reads_where_nobody_answers(hub: str, tmp_path: Path) -> None:
    said = program(hub, tmp_path, "-c", _REVISION, "hf:acme/small")
    assert said.stdout == f"{'1' * 40!r}\n", said.stderr
    for address, name in ((hub, "missing"), ("http://127.0.0.1:9", "small")):
        said = program(address, tmp_path, "-c", _REVISION, f"hf:acme/{name}")
        assert said.stdout == "''\n", said.stderr
