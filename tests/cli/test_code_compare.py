"""`aisbom code compare` as a user runs it."""

from __future__ import annotations

import json

import pytest

from tests.codeprint import mutate
from tests.codeprint.made import sample
from tests.program import run


@pytest.fixture
def files(tmp_path):
    (tmp_path / "source.py").write_text(sample("lantern"))
    (tmp_path / "entry.py").write_text(
        mutate.with_header(mutate.renamed(mutate.halved(sample("lantern"))), "Beacon Systems Inc.")
    )
    (tmp_path / "other.py").write_text(sample("harbour"))
    (tmp_path / "binary.py").write_bytes(b"\x7fELF\0\0\1" * 400)
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / "broken.whl").write_bytes(b"PK\3\4 and no more")
    return tmp_path


def test_json_and_text(files):
    done = run(
        "code",
        "compare",
        "entry.py",
        "source.py",
        "--format",
        "json",
        cwd=files,
        AISBOM_CODE_INDEX=str(files / "none"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["basis"], found["attribution"]) == ("family", "replaced")
    assert "does not show which of the two came first" in found["summary"]
    assert all(row["a"]["line"] <= row["a"]["end"] for row in found["functions"])
    again = run(
        "code",
        "compare",
        "entry.py",
        "source.py",
        "--format",
        "json",
        cwd=files,
        AISBOM_CODE_INDEX=str(files / "none"),
    )
    assert again.stdout == done.stdout
    text = run("code", "compare", "other.py", "source.py", cwd=files).stdout
    assert text.startswith("basis: none")
    assert str(files) not in text + done.stdout


@pytest.mark.parametrize(
    ("a", "b", "code"),
    [
        ("none.py", "source.py", 2),
        ("source.py", "none.py", 2),
        ("binary.py", "source.py", 3),
        ("source.py", "empty", 3),
        ("notes.txt", "source.py", 3),
        ("broken.whl", "source.py", 3),
    ],
)
def test_wrong_input_is_one_line(files, a, b, code):
    done = run("code", "compare", a, b, cwd=files)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("aisbom: ")
    assert done.stderr.count("\n") == 1
