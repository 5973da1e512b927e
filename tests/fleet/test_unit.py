"""One unit, one key, one marker written last."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aisbom.errors import UsageError
from aisbom.fleet import parts
from aisbom.fleet.catalogue import Catalogue, dump_row
from aisbom.fleet.question import Question
from aisbom.fleet.sources import submissions
from aisbom.fleet.unit import Run, scan_submission
from tests.conftest import MakeTree
from tests.fleet.conftest import CASES, EPOCH, files_of, scan_list, write_list
from tests.program import ROOT, run_bytes

TREE = {"requirements.txt": "numpy==2.1.0\n", "main.py": "import numpy\n"}


@pytest.mark.parametrize("case", CASES[:3])
def test_a_document_is_what_generate_writes(case: str, filled: Catalogue) -> None:
    (entry,) = [one for one in filled.entries() if one.submission == case]
    data = parts.decompress(filled.store.read(f"documents/{entry.unit}.cdx.json.zst"))
    words = ("-q", "-o", "-", "--no-cache", "--tree-says", "declarations")
    tree = ROOT / "fixtures" / case / "input"
    done = run_bytes("generate", tree, *words, SOURCE_DATE_EPOCH=EPOCH)
    assert done.stdout == data


def test_two_workers_on_one_unit_write_the_same_bytes(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree(TREE)
    seen = []
    for name in ("one", "two"):
        catalogue = Catalogue.make(str(tmp_path / name), Question())
        (one,) = submissions([str(tree)])
        assert scan_submission(one, catalogue, Run(name)).state == "scanned"
        seen.append(files_of(tmp_path / name))
    assert seen[0] == seen[1]
    assert not any(name.startswith("attempts/") for name in seen[0])


def test_what_has_a_marker_is_not_scanned_again(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree(TREE)
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    (one,) = submissions([str(tree)], "1")
    first = scan_submission(one, catalogue, Run())
    again = scan_submission(replace(one, round="2"), catalogue, Run())
    assert (first.state, again.state, first.unit == again.unit) == ("scanned", "kept", True)
    (tree / "main.py").write_text("import torch\n")
    changed = scan_submission(replace(one, round="2"), catalogue, Run())
    assert (changed.state, changed.unit == first.unit) == ("scanned", False)
    assert [entry.round for entry in catalogue.entries()] == ["1", "2"]


def test_what_has_no_marker_was_never_there(make_tree: MakeTree, tmp_path: Path) -> None:
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    (one,) = submissions([str(make_tree(TREE))])
    unit = scan_submission(one, catalogue, Run()).unit
    whole = files_of(tmp_path / "c")
    (tmp_path / "c" / "done" / f"{unit}.json").unlink()
    assert catalogue.entries() == []
    assert scan_submission(one, catalogue, Run()).state == "scanned"
    assert files_of(tmp_path / "c") == whole


def test_the_marker_names_every_object_with_its_digest(filled: Catalogue) -> None:
    from hashlib import sha256

    for entry in filled.entries():
        written = filled.marker(entry.unit)["written"]
        assert written
        for name, digest in written.items():
            assert sha256(filled.store.read(name)).hexdigest() == digest


def test_another_question_is_refused_by_the_worker(make_tree: MakeTree, tmp_path: Path) -> None:
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    (one,) = submissions([str(make_tree(TREE))])
    before = files_of(tmp_path / "c")
    with pytest.raises(UsageError, match="another version"):
        scan_submission(one, catalogue, Run(question="0" * 64))
    assert files_of(tmp_path / "c") == before


def test_a_submission_that_ends_its_worker_too_often_is_quarantined(
    make_tree: MakeTree, tmp_path: Path
) -> None:
    """Three attempts of one run that left nothing behind, as a killed process does."""
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    (one,) = submissions([str(make_tree(TREE))])
    unit = scan_submission(one, catalogue, Run()).unit
    (tmp_path / "c" / "done" / f"{unit}.json").unlink()
    row = {"run": "r", "attempts": 3, "unit": unit}
    catalogue.store.write(f"attempts/{one.entry}.json", dump_row(row))
    first = scan_submission(one, catalogue, Run("r"))
    assert (first.state, first.kind) == ("failed", "killed")
    later = scan_submission(one, catalogue, Run("another run"))
    assert (later.state, later.kind) == ("failed", "killed")
    (failure,) = catalogue.failures()
    assert (failure.submission, failure.attempts, catalogue.entries()) == (one.name, 3, [])
    tried = scan_submission(one, catalogue, Run("a third", retry_failed=True))
    assert (tried.state, catalogue.failures()) == ("scanned", [])


def test_attempts_of_another_run_do_not_count(make_tree: MakeTree, tmp_path: Path) -> None:
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    (one,) = submissions([str(make_tree(TREE))])
    row = {"run": "killed from outside", "attempts": 9, "unit": ""}
    catalogue.store.write(f"attempts/{one.entry}.json", dump_row(row))
    assert scan_submission(one, catalogue, Run("r")).state == "scanned"


def test_a_submission_without_files_is_an_answer(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = tmp_path / "empty"
    tree.mkdir()
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    (one,) = submissions([str(tree)])
    outcome = scan_submission(one, catalogue, Run())
    assert outcome.state == "scanned"
    assert not catalogue.store.exists(f"documents/{outcome.unit}.cdx.json.zst")


def test_a_tree_that_has_a_say_elsewhere_has_none_here(make_tree: MakeTree, tmp_path: Path) -> None:
    """The submission's own configuration may not choose what it is judged by."""
    tree = make_tree({**TREE, "aisbom.toml": 'home = "FR"\nexclude = ["main.py"]\n'})
    catalogue = Catalogue.make(str(tmp_path / "c"), Question(home=("KR",)))
    (one,) = submissions([str(tree)])
    unit = scan_submission(one, catalogue, Run()).unit
    document = json.loads(parts.decompress(catalogue.store.read(f"documents/{unit}.cdx.json.zst")))
    said = {p["name"]: p["value"] for p in document["metadata"]["properties"]}
    assert said["aisbom:sovereignty:home"] == "KR"


def test_a_full_disk_stops_and_blames_nobody(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    (one,) = submissions([str(make_tree(TREE))])
    written = catalogue.store.write

    def full(name: str, data: bytes) -> None:
        if name.startswith("parts/"):
            raise OSError(28, "No space left on device")
        written(name, data)

    monkeypatch.setattr(catalogue.store, "write", full)
    outcome = scan_submission(one, catalogue, Run())
    assert (outcome.state, outcome.words) == ("stopped", "No space left on device")
    assert catalogue.failures() == []
    monkeypatch.undo()
    assert scan_submission(one, catalogue, Run()).state == "scanned"


def test_a_bomb_is_a_gap_of_its_submission(tmp_path: Path) -> None:
    import zipfile

    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(40):
            made.writestr(f"{number}.json", b"0" * (64 * 1024 * 1024))
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    (one,) = submissions([str(bomb)])
    outcome = scan_submission(one, catalogue, Run())
    assert outcome.state in ("scanned", "failed")
    assert outcome.seconds < 60


def test_the_same_from_a_shell(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree(TREE)
    Catalogue.make(str(tmp_path / "c"), Question())
    words = [sys.executable, "-m", "aisbom.fleet.unit", str(tree), str(tmp_path / "c"), "a", "1"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("a: scanned ")
    assert [(e.submission, e.round) for e in Catalogue.open(str(tmp_path / "c")).entries()] == [
        ("a", "1")
    ]


def test_nothing_of_the_machine_is_written(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree(TREE)
    listed = write_list(
        tmp_path / "list.csv",
        {"a": tree, "b": "https://bob:hunter2secret@127.0.0.1:9/r.git?token=hunter2secret"},
    )
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    outcomes = scan_list(listed, catalogue)
    assert sorted(one.state for one in outcomes) == ["failed", "scanned"]
    every = [name.encode() + data for name, data in files_of(tmp_path / "c").items()]
    every.append(repr((outcomes, submissions([str(listed)]))).encode())
    unpacked = [
        parts.decompress(d) for n, d in files_of(tmp_path / "c").items() if n.endswith(".zst")
    ]
    for data in (*every, *unpacked):
        assert b"hunter2secret" not in data
        assert str(tmp_path).encode() not in data
