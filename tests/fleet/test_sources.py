"""What a list may say, and what is shown of a location."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aisbom.errors import UsageError
from aisbom.fleet.sources import open_submission, public_form, submissions
from tests.conftest import MakeTree


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://user:secret@github.com/o/r.git", "https://github.com/o/r"),
        ("git@github.com:o/r.git", "https://github.com/o/r"),
        ("https://github.com/o/r@v1", "https://github.com/o/r@v1"),
        ("s3://key:secret@bucket/path?sig=abc", "s3://bucket/path"),
        ("hf:owner/name@main", "hf:owner/name@main"),
        ("file:///home/somebody/r.git", "r.git"),
        ("/home/somebody/submission", "submission"),
    ],
)
def test_what_is_shown_of_a_location(location: str, expected: str) -> None:
    assert public_form(location) == expected


def test_lists_name_submissions_places_and_rounds(make_tree: MakeTree, tmp_path: Path) -> None:
    make_tree({"x.txt": "1"})
    (tmp_path / "a.csv").write_text("submission,location,round\nfirst,tree,1\nfirst,tree,2\n")
    (tmp_path / "b.jsonl").write_text(json.dumps({"location": "tree"}) + "\n\n")
    (tmp_path / "c.txt").write_text("# a comment\ntree\n")
    found = submissions([str(tmp_path / "a.csv"), str(tmp_path / "b.jsonl")], "9")
    assert [(one.name, one.round) for one in found] == [
        ("first", "1"),
        ("first", "2"),
        ("tree", "9"),
    ]
    assert len({one.entry for one in found}) == 3
    (one,) = submissions([str(tmp_path / "c.txt")])
    assert (one.name, one.shown, Path(one.location)) == ("tree", "tree", tmp_path / "tree")


def test_a_location_stands_in_no_repr(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("https://user:secret@github.com/o/r.git\n")
    assert "secret" not in repr(submissions([str(tmp_path / "a.txt")]))


def test_a_line_without_a_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("submission,location\nx,\n")
    with pytest.raises(UsageError, match=r"a\.csv:2: has no `location`"):
        submissions([str(tmp_path / "a.csv")])


def test_a_folder_of_an_object_store_is_fetched_and_gone(tmp_path: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe_file("/bucket/sub/main.py", b"import numpy\n")
    memory.pipe_file("/bucket/sub/deep/x.txt", b"1")
    (one,) = submissions(["memory://bucket/sub"])
    with open_submission(one) as there:
        assert (there.path.name, (there.path / "deep" / "x.txt").read_bytes()) == ("sub", b"1")
        kept = there.path
    assert not kept.exists()


def test_a_catalogue_on_an_object_store_is_the_same(make_tree: MakeTree, tmp_path: Path) -> None:
    import fsspec

    from aisbom.fleet.catalogue import Catalogue
    from aisbom.fleet.query import query
    from aisbom.fleet.question import Question
    from aisbom.fleet.tables import compact
    from aisbom.fleet.unit import Run, scan_submission
    from tests.fleet.conftest import files_of

    (one,) = submissions([str(make_tree({"requirements.txt": "numpy==2.1.0\n"}))])
    stores = [
        Catalogue.make(str(tmp_path / "c"), Question()),
        Catalogue.make("memory://catalogue", Question()),
    ]
    for catalogue in stores:
        assert scan_submission(one, catalogue, Run()).state == "scanned"
        compact(catalogue)
        assert query(catalogue, "SELECT count(*) FROM submissions").rows == [(1,)]
        assert scan_submission(one, catalogue, Run()).state == "kept"
    memory = fsspec.filesystem("memory")
    there = {
        path.removeprefix("/catalogue/"): memory.cat_file(path)
        for path in memory.find("/catalogue")
    }
    assert there == files_of(tmp_path / "c")
