"""The real program in a scrubbed environment, and what matters of a document."""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests import sandbox, zygote

_ALSO = (
    *(
        "aisbom:initialisation",
        "aisbom:attribution",
        "aisbom:declared",
        "aisbom:contradiction",
        "aisbom:weights-from",
        "aisbom:model:part",
    ),
    *(
        "aisbom:model:observation",
        "aisbom:tokenizer:comparison",
        "aisbom:training",
        "aisbom:licence:scope",
        "aisbom:licence:restriction",
        "aisbom:licence:similar",
        "aisbom:fork:of",
        "aisbom:fork:by",
    ),
    *("aisbom:code-from", "aisbom:vendored"),
)
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
ROOT = Path(__file__).parents[1]
SHARED = "AISBOM_TEST_SHARED"
"""The variable that names the folder of what the tests of a session share."""


def run(
    *arguments: str | Path, cwd: Path | None = None, cache: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own: no variables of the caller but what a process needs,
    and a cache of its own or none. Its modules are loaded already (`tests/zygote.py`).
    """
    return _text(run_bytes(*arguments, cwd=cwd, cache=cache, **more))


def run_once(
    *arguments: str | Path, cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """The same, run once in a session, for what reads a fixture and writes to its streams alone:
    the next test, in this process or another, is told what the first one was.
    """
    words = list(map(str, arguments))
    place = _shared(["run", words, str(cwd), more])
    if not place.exists():
        done = run(*arguments, cwd=cwd, **more)
        _put(place, json.dumps([done.returncode, done.stdout, done.stderr]).encode())
    return subprocess.CompletedProcess(words, *json.loads(place.read_bytes()))


def document_of(case: Path, *arguments: str) -> Path:
    """The JSON document of a fixture's input, scanned once in a session."""
    place = _shared(["document", str(case), arguments]).with_suffix(".json")
    if not place.exists():
        done = run_bytes("generate", case / "input", "-q", "-o", "-", "--no-cache", *arguments)
        assert (done.returncode, done.stderr) == (0, b"")
        _put(place, done.stdout)
    return place


def _shared(key: object) -> Path:
    digest = hashlib.sha256(json.dumps(key).encode()).hexdigest()
    return Path(os.environ[SHARED], digest[:32])


def _put(place: Path, data: bytes) -> None:
    """Write it beside its place and rename it: another process sees all of it or nothing."""
    beside = place.with_suffix(f".{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(place)


def run_bytes(
    *arguments: str | Path,
    cwd: Path | None = None,
    cache: Path | None = None,
    stdin: bytes = b"",
    **more: str,
) -> subprocess.CompletedProcess[bytes]:
    """The same with what was written as it was written, and with `stdin` to read from."""
    if not hasattr(socket, "send_fds") or not hasattr(os, "fork"):
        return start(*arguments, cwd=cwd, cache=cache, stdin=stdin, **more)
    words = list(map(str, arguments))
    with ExitStack() as stack:
        given, out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        given.write(stdin)
        given.seek(0)
        streams = [given.fileno(), out.fileno(), err.fileno()]
        where = str(cwd or Path.cwd())
        log = _shared(["log", os.getpid()])
        environment = _environment(cache, more) | {sandbox.LOG: str(log)}
        code = zygote.ask_with(server(), words, where, environment, streams)
        done = sandbox.broken(log)
        assert not done, f"not allowed while {words} ran:\n{done}"
        for stream in (out, err):
            stream.seek(0)
        return subprocess.CompletedProcess(words, code, out.read(), err.read())


def start(
    *arguments: str | Path,
    cwd: Path | None = None,
    cache: Path | None = None,
    stdin: bytes = b"",
    **more: str,
) -> subprocess.CompletedProcess[bytes]:
    """The same as `python -m aisbom ...` from the first import on, for what depends on that."""
    return subprocess.run(
        [sys.executable, "-m", "aisbom", *map(str, arguments)],
        cwd=cwd,
        env=_environment(cache, more),
        input=stdin,
        capture_output=True,
        timeout=300,
        check=False,
    )


def _text(done: subprocess.CompletedProcess[bytes]) -> subprocess.CompletedProcess[str]:
    out, err = (
        stream.decode("utf-8").replace("\r\n", "\n") for stream in (done.stdout, done.stderr)
    )
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def _environment(cache: Path | None, more: dict[str, str]) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if key in _KEPT}
    environment["AISBOM_CACHE_DIR"] = str(cache) if cache else os.devnull
    # The program under test is this one, wherever the command is started and whatever else is
    # installed.
    environment["PYTHONPATH"] = str(ROOT)
    # What the user of this machine added to the indexes and references is no part of a test.
    environment["AISBOM_CODE_INDEX"] = environment["AISBOM_REFERENCES"] = os.devnull
    environment["SOURCE_DATE_EPOCH"] = "1767225600"  # what compares bytes needs one time
    return environment | more


@functools.cache
def server() -> str:
    """The socket of this test process's own zygote, which ends with it."""
    folder = tempfile.mkdtemp(prefix="aisbom-")
    where = str(Path(folder, "s"))
    # A library that starts threads could not be forked.
    environment = {**_environment(None, {}), "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.zygote", where],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
    )

    def end() -> None:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    while not Path(where).exists():
        assert process.poll() is None, "the program could not be loaded"
        time.sleep(0.02)
    return where


def every_component(document: dict[str, Any]) -> list[dict[str, Any]]:
    """All components of a document, nested ones too, the root first."""
    found = [document["metadata"]["component"]]
    stack = list(document.get("components", []))
    while stack:
        row = stack.pop(0)
        found.append(row)
        stack = [*row.get("components", []), *stack]
    return found


def properties(row: dict[str, Any], name: str) -> list[str]:
    """The values of a property, in order."""
    return [p["value"] for p in row.get("properties", []) if p["name"] == name]


def essence(document: dict[str, Any]) -> dict[str, Any]:
    """What a reader would check by eye: parts, where they were seen, how they were judged, edges
    and gaps.
    """
    parts = []
    for row in every_component(document):
        part: dict[str, Any] = {"ref": row["bom-ref"], "type": row["type"], "name": row["name"]}
        for key in ("version", "purl", "scope"):
            if key in row:
                part[key] = row[key]
        licences = [
            choice.get("expression") or choice["license"].get("id") or choice["license"]["name"]
            for choice in row.get("licenses", [])
        ]
        if licences:
            part["licences"] = licences
        if "manufacturer" in row:
            part["maker"] = row["manufacturer"]
        parents = [
            (a.get("purl", a["name"]), *properties(a, "aisbom:model:base_model_relation"))
            for a in row.get("pedigree", {}).get("ancestors", [])
        ]
        if parents:
            part["parents"] = [list(parent) for parent in parents]
        part["seen"] = [
            f"{o['location']}:{o.get('line', 0)}"
            for o in row.get("evidence", {}).get("occurrences", [])
        ]
        for p in row.get("properties", []):
            shown = p["name"].startswith(
                (
                    "aisbom:component:role",
                    "aisbom:component:class",
                    "aisbom:component:path_role",
                    "aisbom:origin",
                    *_ALSO,
                )
            )
            if shown and not p["name"].endswith(("claim", "cdx2_origins")):
                part.setdefault(p["name"], []).append(p["value"])
        if "components" in row:
            part["parts"] = [inner["bom-ref"] for inner in row["components"]]
        parts.append(part)
    meta = document["metadata"]
    return {
        "components": parts,
        "edges": {
            row["ref"]: row["dependsOn"] for row in document["dependencies"] if row["dependsOn"]
        },
        "gaps": properties(meta, "aisbom:gap"),
        "score": {
            p["name"]: p["value"]
            for p in meta["properties"]
            if p["name"].startswith("aisbom:sovereignty")
            and not p["name"].endswith(("digest", ":requirement", ":override"))
        },
        "floors": properties(meta, "aisbom:sovereignty:requirement"),
        "overrides": properties(meta, "aisbom:sovereignty:override"),
    }
