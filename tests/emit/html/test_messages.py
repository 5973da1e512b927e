"""Every message that a collector says has its Korean, whatever stands in its places; what others
say stays as it is.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from aisbom.emit.html.messages import translate, translate_error
from aisbom.emit.html.words import words
from tests.conftest import MakeTree
from tests.program import ROOT, document_of, run

PACKAGE = ROOT / "aisbom"
REASONS = {
    **dict.fromkeys(("Unreadable", "BadArchive", "TooLarge", "Undecided", "NotAnswered"), 0),
    **dict.fromkeys(("InvalidRequirement", "Note", "miss", "wrong", "harm", "note"), 0),
    **dict.fromkeys(("_gap", "gap", "add", "Hazard"), 1),
    "Gap": 2,
}
"""What takes a message, and as which of its arguments."""

SPEAKS_OTHERWISE = ("cli/", "fleet/", "emit/", "config/")
"""What writes to a terminal, with catalogues of its own or in English for who operates it."""

READERS = ("collect", "source", "weights/read", "weights/unsafe", "merge", "examine", "advisories")
"""Where a ValueError becomes a gap."""

ENGLISH = re.compile(
    r"\b(?:and|are|as|asks|begins?|behind|by|calls|cannot|characters|counted|declares|does|ends|from|has|have"
    r"|holds|is|it|its|larger|more|named|names|neither|no|nor|not|of|only|opened|or|reaches|read"
    r"|than|that|the|there|this|to|was|were|which|with|without)\b"
)


def forms(path: Path) -> Iterator[str]:
    """The literal messages in a module; what is computed in them is `{0}`, `{1}`, ..."""
    relative = path.relative_to(PACKAGE).as_posix()
    return taken(path, REASONS | ({"ValueError": 0} if relative.startswith(READERS) else {}))


def taken(path: Path, taking: Mapping[str, int]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        # `seen.add(one)` takes one argument; a hazard is added with what it runs through.
        if name in taking and len(node.args) > taking[name]:
            for found in spelled(node.args[taking[name]]):
                if re.search("[a-z]", re.sub(r"\{\d\}", "", found)) and " " in found:
                    yield found


def spelled(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from spelled(node.body)
        yield from spelled(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        text, places = "", 0
        for value in node.values:
            if isinstance(value, ast.Constant):
                text += str(value.value)
            elif not text.endswith("}"):  # two places side by side are one to a reader
                text, places = f"{text}{{{places}}}", places + 1
        # What follows a word without a space says how many more there are, if there are.
        yield re.sub(r"(?<=[a-z]{2})\{\d\}$", "", text)


def every_form() -> set[str]:
    return {
        form
        for path in PACKAGE.rglob("*.py")
        if not path.relative_to(PACKAGE).as_posix().startswith(SPEAKS_OTHERWISE)
        for form in forms(path)
    }


def filled(form: str) -> str:
    """A form with names that no message is made of."""
    return re.sub(r"\{(\d)\}", r"norae\1.bin", form)


def left_over(said: str) -> str:
    """The English of the program in a text: what is quoted is a name."""
    return " ".join(ENGLISH.findall(re.sub(r"`[^`]*`|\{[^}]*\}", "", said)))


MISTAKES = {
    **dict.fromkeys(("UsageError", "SignatureError", "ConfigError"), 0),
    "fail": 1,
}
"""What takes the sentence about a mistake, and as which of its arguments."""


def every_mistake() -> set[str]:
    return {
        form
        for path in PACKAGE.rglob("*.py")
        for form in taken(path, MISTAKES)
        if re.sub(r"\{\d\}|--[a-z]+|\W", "", form)  # else all of it is somebody else's
    }


def test_every_mistake_is_told_in_korean() -> None:
    assert len(every_mistake()) > 150
    for form in sorted(every_mistake()):
        said = translate_error(filled(form), "ko")
        assert re.search("[가-힣]", said), form
        assert not left_over(said), said
        for place in re.findall(r"\{(\d)\}", form):
            assert f"norae{place}.bin" in said, form


def test_a_name_in_a_mistake_stays() -> None:
    for name in ("a and b.json", "no such file.json", "none", "x: y", "a; b", "the tree/of"):
        said = translate_error(f"{name}: cannot be read: E", "ko")
        assert said == f"{name}: 읽을 수 없음: E"
    assert translate_error("x" * 5000 + ": no such file", "ko").endswith("no such file")
    assert translate_error("a: no such file", "en") == "a: no such file"


def test_the_korean_of_mistakes_has_their_places() -> None:
    tables = tomllib.loads((PACKAGE / "emit/html/errors.ko.toml").read_text("utf-8")).values()
    for form, said in ((form, said) for table in tables for form, said in table.items()):
        assert sorted(re.findall(r"\{\d\}", form)) == sorted(re.findall(r"\{\d\}", said)), form
        assert not re.search(r"\((?:는|가|를|으|와|이)\)", said), said


def test_there_are_messages_to_look_at() -> None:
    assert len(every_form()) > 300


@pytest.mark.parametrize("form", sorted(every_form()))
def test_every_message_has_its_korean(form: str) -> None:
    said = translate(filled(form), "ko")
    assert re.search("[가-힣]", said), said
    assert not left_over(said), said
    for place in re.findall(r"\{(\d)\}", form):
        assert f"norae{place}.bin" in said, "what stands in a place must not be lost"


def catalogue() -> dict[str, str]:
    text = (PACKAGE / "emit/html/messages.ko.toml").read_text("utf-8")
    return {key: said for table in tomllib.loads(text).values() for key, said in table.items()}


def test_the_korean_has_the_places_of_the_english() -> None:
    for form, said in catalogue().items():
        if "{include-group" not in form:
            assert sorted(re.findall(r"\{\d\}", form)) == sorted(re.findall(r"\{\d\}", said)), form


def test_no_korean_of_a_message_that_nobody_says() -> None:
    """Every run of words of a form stands somewhere in the program."""
    source = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    joined = re.sub(r'"\s*\n\s*f?"', "", source)
    tables = tomllib.loads((PACKAGE / "emit/html/messages.ko.toml").read_text("utf-8"))
    said_by_others = {"No such file or directory", "Permission denied"}
    for form in {key for table in tables.values() for key in table} - said_by_others:
        for run_of_words in re.split(r"\{\d\}|[,();]", form):
            words_of_it = run_of_words.strip(" :(),;.")
            assert words_of_it in joined or words_of_it in PIECED, (form, words_of_it)


PIECED = {
    "unknown keys",
    "home not given",
    "which this requirement asks for: taken to hold where installed",
    "no Name and Version",
    "no Version",
    "no Name: taken from the folder name",
    "no Version: taken from the folder name",
    "no Name and Version: taken from the folder name",
    "sets an attribute with a name that it computes on an object",
}
"""Messages that are put together of pieces."""


def test_messages_stand_inside_messages() -> None:
    korean = words("ko")
    inner = "can run code when it is loaded: calls os.system; names builtins.eval and 2 more"
    assert korean.message(inner) == (
        "불러올 때 코드 실행(확인됨): os.system 호출; builtins.eval 지정 외 2건"
    )
    assert korean.message("pip install: a computed word (13 characters), not read") == (
        "pip install: 계산으로 정해지는 단어(13자), 읽지 않음"
    )
    assert korean.message("not a sound GGUF file: GGUF version 9: not known") == (
        "올바른 GGUF 파일이 아님: GGUF 9판: 알 수 없음"
    )


def test_what_others_say_stays() -> None:
    for text in ("Une phrase de quelqu'un", "x" * 5000 + ": not read", "", "{0}", "a; b"):
        assert translate(text, "ko") == text
        assert translate(text, "en") == text
    assert translate("broken link", "en") == "broken link"


def test_gaps_and_hazards_of_a_tree_are_said_in_korean(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree(
        {
            "go.mod": "module x\nrequire github.com/a/b v1.2.3\n",
            "requirements.txt": "numpy==1\n???\n-r none.txt\n",
            "setup.py": "from setuptools import setup\nsetup(**computed())\n",
            "model.gguf": b"GGUF" + bytes([9, 0, 0, 0]) + bytes(64),
            "model.safetensors": b"\xff" * 64,
            "weights.pt": b"cos\nsystem\n(S'true'\ntR.",
            "config.json": '{"model_type": "llama", "auto_map": {"AutoModel": "modeling.Own"}}',
            "pyproject.toml": "[project]\nname = 3\n",
            "Dockerfile": "FROM $BASE\nRUN pip install $X\n",
        }
    )
    document = tmp_path / "bom.json"
    assert run("generate", tree, "-o", document, "-q", "--no-cache").returncode == 0
    page = run("report", document, "-o", "-", "--lang", "ko").stdout
    gaps = page.partition('id="gaps-h"')[2].partition("</ul>")[0]
    rows = re.findall(r"</span>: (.*?) <span", gaps)
    assert len(rows) > 5
    for row in rows:
        assert re.search("[가-힣]", row), row
        assert not left_over(row), row
    assert "posix.system 호출" in page or "os.system 호출" in page
    assert "modeling.Own 필요" in page


@pytest.mark.parametrize("case", ["multimodal", "style-nemo-archive", "style-foreign-documents"])
def test_no_reason_of_a_fixture_stays_english(case: str) -> None:
    page = run("report", document_of(ROOT / "fixtures" / case), "-o", "-", "--lang", "ko").stdout
    gaps = page.partition('id="gaps-h"')[2].partition("</section>")[0]
    for row in re.findall(r"</span>: (.*?) <span", gaps):
        assert not left_over(row), row
    assert "The index of known code" not in page
