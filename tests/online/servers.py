"""A server on this machine that stands for an index or a hub, and what a server can do wrong."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

METADATA = (
    b"Metadata-Version: 2.4\nName: zq-thing\nVersion: 1.0\nLicense-Expression: MIT\n"
    b"Project-URL: Source, https://github.com/huggingface/zq-thing\n\nWords.\n"
)
DIGEST = hashlib.sha256(METADATA).hexdigest()
WHEEL = "zq_thing-1.0-py3-none-any.whl"


class Index:
    """A simple index on this machine. `answers` maps paths to what the handler does."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.append(self.path)
                index.answers.get(self.path, respond(b"not found", status=404))(self)

            def log_message(self, *_: Any) -> None:
                """Tests read `asked`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/simple"

    def serve(self, **more: Any) -> None:
        """One package with one wheel and its metadata file."""
        file = {
            "filename": WHEEL,
            "url": f"../../files/{WHEEL}",
            "hashes": {},
            "core-metadata": {"sha256": DIGEST},
        } | more
        page = json.dumps({"meta": {"api-version": "1.1"}, "files": [file]}).encode()
        self.answers["/simple/zq-thing/"] = respond(page, "application/vnd.pypi.simple.v1+json")
        self.answers[f"/files/{WHEEL}.metadata"] = respond(METADATA)


def respond(
    body: bytes, kind: str = "text/plain", status: int = 200, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(1_000):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(10 * 2**30))
    handler.end_headers()
    try:
        for _ in range(200):
            handler.wfile.write(b"x" * 2**20)
    except OSError:
        return
