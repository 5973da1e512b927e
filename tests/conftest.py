"""What every test may use: trees made of strings, and the rows that collectors find in them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from aisbom.collect.collector import Collector
from aisbom.collect.executors import Serial
from aisbom.collect.run import gather
from aisbom.model import Row
from aisbom.source.tree import Tree
from tests import sandbox
from tests.program import SHARED

# How long an example takes is the machine's affair; what a submission is judged by is the same on
# every run.
settings.register_profile(
    "aisbom",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("aisbom")

MakeTree = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def make_tree(tmp_path: Path) -> MakeTree:
    """Write `{relative path: content}` below a fresh folder and return it."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "tree"
        for name, content in files.items():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return make


def collect(root: Path, *collectors: Collector) -> tuple[Row, ...]:
    """The rows that these collectors find below `root`, through the real gatherer (gaps
    included).
    """
    log = Path(os.environ[SHARED], f"collect-{os.getpid()}")
    with sandbox.watched(log):
        rows = gather((Tree(root),), collectors, Serial()).rows
    done = sandbox.broken(log)
    assert not done, f"not allowed while {root.name} was read:\n{done}"
    return rows


def pytest_configure(config: pytest.Config) -> None:
    """One folder for what the tests of a session share, whichever process they run in."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="aisbom-tests-")
        os.environ[SHARED] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="write the expected.json of every fixture anew"
    )
