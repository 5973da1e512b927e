"""A document inside a wheel: where PEP 770 puts it, listed in RECORD, and the same every time."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from tests.program import run

NAME = "onnuri-1.0-py3-none-any.whl"
INSIDE = "onnuri-1.0.dist-info/sboms/aisbom.cdx.json"
FILES = {
    "onnuri/__init__.py": "import numpy\n",
    "onnuri-1.0.dist-info/METADATA": "Metadata-Version: 2.4\nName: onnuri\nVersion: 1.0\n"
    "License-Expression: MIT\nRequires-Dist: numpy\n",
    "onnuri-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
}


def write_wheel(path: Path, **more: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        rows = []
        for name, text in {**FILES, **more}.items():
            wheel.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
            rows.append(f"{name},sha256={digest.rstrip(b'=').decode()},{len(text)}")
        rows.append("onnuri-1.0.dist-info/RECORD,,")
        record = zipfile.ZipInfo("onnuri-1.0.dist-info/RECORD", (2026, 1, 2, 3, 4, 6))
        wheel.writestr(record, "\n".join(rows) + "\n")
    return path


def test_it_lies_where_pep_770_puts_it_and_record_lists_it(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path / NAME)
    done = run("generate", wheel, "--embed", "-o", tmp_path / "bom.json", "-q", "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    with zipfile.ZipFile(wheel) as made:
        document = made.read(INSIDE)
        rows = list(csv.reader(made.read("onnuri-1.0.dist-info/RECORD").decode().splitlines()))
        assert {name: made.read(name).decode() for name in FILES} == FILES
        listed = {row[0]: row for row in rows}
        assert set(listed) == set(made.namelist())
    assert document == (tmp_path / "bom.json").read_bytes()
    assert json.loads(document)["metadata"]["component"]["name"] == "onnuri"
    digest = base64.urlsafe_b64encode(hashlib.sha256(document).digest()).rstrip(b"=").decode()
    assert listed[INSIDE][1:] == [f"sha256={digest}", str(len(document))]


def test_twice_is_the_same_bytes(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path / "dist" / NAME)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "onnuri"\nversion = "1.0"\n')
    found = []
    for _ in range(2):
        assert (
            run("generate", tmp_path, "--embed", "-q", "--no-cache", cwd=tmp_path).returncode == 0
        )
        found.append(wheel.read_bytes())
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nothing", "needs one wheel in"),
        ("text.txt", "is no wheel"),
        ("broken.whl", ""),
        ("signed.whl", "is signed"),
    ],
)
def test_what_cannot_be_done_is_one_line(path: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing" / "a.py").write_text("")
    (tmp_path / "text.txt").write_text("")
    (tmp_path / "broken.whl").write_bytes(b"PK")
    write_wheel(tmp_path / "signed.whl", **{"onnuri-1.0.dist-info/RECORD.jws": "{}"})
    before = (tmp_path / "signed.whl").read_bytes()
    done = run("generate", path, "--embed", "-o", "-", "-q", "--no-cache", cwd=tmp_path)
    assert done.returncode in (2, 3)
    assert words in done.stderr
    assert (tmp_path / "signed.whl").read_bytes() == before
