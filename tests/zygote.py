"""The program, loaded once and forked for every run: a real process with its own folder, variables
and streams, which does not wait for its imports.

`python -m tests.zygote SOCKET` serves one run after the other. A client connects, hands over its
three standard streams and what to run, and gets the exit code.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import struct
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMALL = ROOT / "fixtures" / "small-stack" / "input"
LENGTH = struct.Struct("!I")


def ask(where: str, arguments: list[str], cwd: str, environment: dict[str, str]) -> int:
    """Run the program with the streams 0, 1 and 2 of this process; returns its exit code."""
    return ask_with(where, arguments, cwd, environment, [0, 1, 2])


def ask_with(
    where: str, arguments: list[str], cwd: str, environment: dict[str, str], streams: list[int]
) -> int:
    """The same with other streams."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(where)
        message = json.dumps([arguments, cwd, environment]).encode()
        socket.send_fds(connection, [LENGTH.pack(len(message))], streams)
        connection.sendall(message)
        code = connection.recv(LENGTH.size)
        return int(LENGTH.unpack(code)[0])


def serve(where: str) -> None:
    """Load the program, run it once for its caches, and serve until the socket's owner is gone."""
    from aisbom.cli import main

    parent = os.getppid()
    with tempfile.TemporaryDirectory() as folder:
        document = str(Path(folder, "warm.cdx.json"))
        nothing = os.open(os.devnull, os.O_WRONLY)
        saved = os.dup(1)
        os.dup2(nothing, 1)
        for arguments in (
            ["generate", str(SMALL), "-q", "-o", document],
            ["generate", str(SMALL), "-q", "-o", str(Path(folder, "warm.xml"))],
            ["check", document, "--format", "sarif"],
            ["score", document, "--all-profiles"],
            ["explain", document, "numpy"],
        ):
            main(arguments)
        os.dup2(saved, 1)
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as server:
        # Named only when it listens: whoever sees the name may call.
        server.bind(f"{where}-")
        server.listen(8)
        os.rename(f"{where}-", where)  # noqa: PTH104
        server.settimeout(5)
        while os.getppid() == parent:
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(None)
                _serve_one(connection)


def _serve_one(connection: socket.socket) -> None:
    head, streams, _, _ = socket.recv_fds(connection, LENGTH.size, 3)
    size = LENGTH.unpack(head)[0]
    message = b""
    while len(message) < size:
        message += connection.recv(size - len(message))
    child = os.fork()
    if not child:
        _run(json.loads(message), streams)
    for stream in streams:
        os.close(stream)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    connection.sendall(LENGTH.pack(code & 0xFFFFFFFF))


def _run(message: tuple[list[str], str, dict[str, str]], streams: list[int]) -> None:
    """Become the process that was asked for."""
    from aisbom.cli import main
    from tests import sandbox

    arguments, cwd, environment = message
    code = 70
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(cwd)
        tempfile.tempdir = None  # asked of the variables anew
        sys.argv = ["aisbom", *arguments]
        encoding = environment.get("PYTHONIOENCODING", "utf-8")
        for name, number in (("stdout", 1), ("stderr", 2)):
            setattr(sys, name, os.fdopen(os.dup(number), "w", encoding=encoding))
        sys.stdin = os.fdopen(os.dup(0), encoding="utf-8")
        sandbox.watch_run(arguments, cwd, environment)
        try:
            code = main(arguments)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 70
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
