"""Nothing scanned and no argument steers a terminal or a workflow runner."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import orjson
import pytest
from lxml import etree

from aisbom.cli.write_file import write
from aisbom.model.plain import escape_json, plain, steers, unsteering_json, unsteering_xml
from tests.conftest import MakeTree
from tests.program import run

EVIL = "a\n::error title=x::y\x1b[31m ##[error]z \u202etxt.\x9b31m"
COMMANDS = ("\n::", "##[", "::error", "\x1b", "\u202e", "\x9b")


def harmless(text: str) -> bool:
    return not any(words in text for words in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        ("generate", EVIL),
        ("generate", EVIL, "--lang", "ko"),
        ("check", EVIL),
        ("explain", ".", EVIL, "--lang", "ko"),
        ("explain", ".", EVIL),
        ("check", ".", "--policy", EVIL),
        ("check", ".", "--home", EVIL),
        ("check", ".", "--profile", EVIL),
        ("generate", ".", "-o", f"no/{EVIL}"),
        ("generate", ".", "--config", EVIL),
        ("knowledge", "show", EVIL),
    ],
)
def test_arguments(make_tree: MakeTree, words: tuple[str, ...]) -> None:
    done = run(*words, cwd=make_tree({"requirements.txt": "numpy\n"}))
    assert done.returncode != 0
    assert harmless(done.stdout)
    assert harmless(done.stderr)
    assert len(done.stderr.splitlines()) == 1


def test_what_a_tree_says(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "pyproject.toml": '[project]\nname = "x"\nversion = "1 ::error::y ##[error]z"\n',
            "\u202egpj.py": "x = 1\n",
            "del\x7f.py": "x = 1\n",
            "c1\x9b.py": "x = 1\n",
            "::error title=a::b.py": "# Copyright 2024 Some Body Ltd.\nx = 1\n",
            "models/##[error]m/config.json": '{"model_type": "llama"}',
            "aisbom.toml": 'home = "\\u001b[31m##[error]"\n',
        }
    )
    done = run("generate", ".", cwd=root)
    assert (done.returncode, harmless(done.stderr)) == (2, True)
    (root / "aisbom.toml").unlink()
    done = run("generate", ".", "-v", cwd=root)
    assert done.returncode == 0
    assert harmless(done.stdout)
    assert harmless(done.stderr)
    for form in ("text", "markdown", "json", "sarif"):
        told = run("check", ".", "--format", form, cwd=root).stdout
        assert not any(letter in told for letter in "\x1b\u202e\x9b\x7f")
    text = (root / "aisbom.cdx.json").read_text("utf-8")
    for form in ("json", "xml", "spdx3"):
        # A document is printed by whoever wants to see it, in a step of a runner, too.
        told = run("generate", ".", "-q", "-o", "-", "--format", form, cwd=root).stdout
        assert "[error]m" in told
        assert not any(words in told for words in (*"\x1b\u202e\x9b\x7f", "##[", "\n::"))
    gaps = [
        row for row in json.loads(text)["metadata"]["properties"] if row["name"] == "aisbom:gap"
    ]
    assert sum("control characters" in row["value"] for row in gaps) == 3


def test_the_words_stay_readable() -> None:
    assert plain("a::b c++ ## x [y] ::") == "a::b c++ ## x [y] : :"
    assert plain("::x") == ": :x"
    assert json.loads(escape_json(json.dumps({"a": "\x7f\u202e한"}, ensure_ascii=False))) == {
        "a": "\x7f\u202e한"
    }
    assert "##[" not in escape_json(json.dumps("a##[error]b"))
    assert json.loads(escape_json(json.dumps("a##[error]b"))) == "a##[error]b"
    assert not steers("한글 이름 e\u0301 👩‍💻.py")


def test_documents_say_the_same_without_commands() -> None:
    said = "a ##[error]b ###[c \\##[d\n::error::x\n \n\t ::set-output::y"
    data = unsteering_json(orjson.dumps({said: said}))
    assert orjson.loads(data) == {said: said}
    row = etree.Element("a", b=said)
    row.text = said
    made = unsteering_xml(etree.tostring(row, encoding="utf-8"))
    back = etree.fromstring(made)
    assert (back.text, back.get("b")) == (said, said)
    for one in (data, made):
        assert b"##[" not in one
        assert not any(line.lstrip().startswith(b"::") for line in one.splitlines())


def test_devices_and_pipes_stay_what_they_are(tmp_path: Path) -> None:
    write(Path(os.devnull), b"x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError):
        write(tmp_path / "pipe", b"x")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write(tmp_path / "pipe", b"x")
    assert os.read(reader, 9) == b"x"
    os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_link_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("kept")
    (tmp_path / "link").symlink_to("target")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "target").read_text() == "kept"
    assert (tmp_path / "link").read_bytes() == b"new"
