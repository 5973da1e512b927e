"""A catalogue and submissions on an object store that speaks S3: a local server, where moto and s3fs
are installed.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aisbom.errors import UsageError
from aisbom.fleet import watch
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.match import match
from aisbom.fleet.query import query
from aisbom.fleet.question import Question
from aisbom.fleet.sources import open_submission, submissions
from aisbom.fleet.tables import compact
from aisbom.fleet.unit import Run, scan_submission
from tests.conftest import MakeTree
from tests.fleet.conftest import files_of, scan_list, write_list

moto_server = pytest.importorskip("moto.server", reason="moto is not installed")
pytest.importorskip("s3fs", reason="s3fs is not installed")

SECRET = "hunter2secret"
TREE = {"requirements.txt": "numpy==2.1.0\n", "main.py": "import numpy\n"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def store(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """The file system of an empty bucket `bucket`; a process that is started here reaches it, too."""
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOFNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    s3fs.S3FileSystem.clear_instance_cache()
    there = s3fs.S3FileSystem()
    there.mkdir("bucket")
    yield there
    there.rm("bucket", recursive=True)
    s3fs.S3FileSystem.clear_instance_cache()


def objects(store: Any, folder: str) -> dict[str, bytes]:
    return {path.removeprefix(f"{folder}/"): store.cat_file(path) for path in store.find(folder)}


def test_a_catalogue_in_a_bucket_is_that_of_a_folder(
    store: Any, make_tree: MakeTree, tmp_path: Path
) -> None:
    (one,) = submissions([str(make_tree(TREE))])
    for url in (str(tmp_path / "c"), "s3://bucket/catalogue"):
        catalogue = Catalogue.make(url, Question())
        assert scan_submission(one, catalogue, Run()).state == "scanned"
        compact(catalogue)
        match(catalogue)
        assert query(catalogue, "SELECT count(*) FROM submissions").rows == [(1,)]
        assert scan_submission(one, catalogue, Run()).state == "kept"
    assert objects(store, "bucket/catalogue") == files_of(tmp_path / "c")


def test_the_command_on_an_engine_writes_a_bucket(
    store: Any, make_tree: MakeTree, tmp_path: Path
) -> None:
    tree = make_tree(TREE)
    words = ("fleet", "scan", str(tree), "-o", "s3://bucket/c", "--workers", "1")
    done = subprocess.run(
        [sys.executable, "-m", "aisbom", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 submissions: 1 scanned")
    local = Catalogue.make(str(tmp_path / "c"), Catalogue.open("s3://bucket/c").question)
    for one in submissions([str(tree)]):
        scan_submission(one, local, Run())
    assert objects(store, "bucket/c") == files_of(tmp_path / "c")
    assert not any(SECRET.encode() in data for data in objects(store, "bucket/c").values())


def test_submissions_are_fetched_from_a_bucket(
    store: Any, make_tree: MakeTree, tmp_path: Path
) -> None:
    """A folder of objects, and an archive: with the answer that the same files have on a disk."""
    tree = make_tree(TREE)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(tree, "tree")
    store.pipe_file("bucket/in/packed.tar.gz", packed.getvalue())
    (tmp_path / "packed.tar.gz").write_bytes(packed.getvalue())
    for name, text in TREE.items():
        store.pipe_file(f"bucket/in/tree/{name}", text.encode())
    units = []
    for number, root in enumerate((str(tmp_path), "s3://bucket/in")):
        places = {"folder": f"{root}/tree", "archive": f"{root}/packed.tar.gz"}
        catalogue = Catalogue.make(str(tmp_path / f"c{number}"), Question())
        outcomes = scan_list(write_list(tmp_path / f"{number}.csv", places), catalogue)
        assert [one.state for one in outcomes] == ["scanned", "scanned"]
        units.append([one.unit for one in outcomes])
    assert units[0] == units[1]


def test_what_is_not_in_a_bucket_is_refused_without_credentials(store: Any, tmp_path: Path) -> None:
    url = f"s3://AKIAOFNOBODY:{SECRET}@bucket/nothing?sig={SECRET}"
    (one,) = submissions([url])
    with pytest.raises(UsageError) as error, open_submission(one):
        pass
    assert SECRET not in str(error.value)
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    outcome = scan_submission(one, catalogue, Run())
    assert (outcome.state, outcome.kind) == ("failed", "refused")
    for name, data in files_of(tmp_path / "c").items():
        assert SECRET.encode() not in data, name


def test_an_unreadable_bucket_is_one_line(store: Any) -> None:
    with pytest.raises(UsageError, match=r"^s3://nowhere/c: [^\n]+$"):
        Catalogue.make("s3://nowhere/c", Question())


def test_watch_sees_an_object_that_changed(store: Any) -> None:
    store.pipe_file("bucket/w/a.txt", b"1")
    (one,) = submissions(["s3://bucket/w"])
    first = watch.revision(one)
    assert first
    assert first == watch.revision(one)
    store.pipe_file("bucket/w/a.txt", b"2")  # the same size: its tag tells
    assert watch.revision(one) != first
