"""Patterns that an earlier run compiled equal those that `re` compiles."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.cache import patterns

TEXTS: list[tuple[str | bytes, int]] = [
    (r"", 0),
    (r"[^/]*requirements[^/]*\.(?:txt|in)|setup\.(?:py|cfg)", 0),
    (r"(?P<name>[\w.-]+)\s*(?P<rest>==|>=)?(?P=name)", re.IGNORECASE),
    (r"(?i:license|licence)\b(?!s)(?<=e)", re.MULTILINE),
    (r"(?x) a  # a comment", 0),
    (r"(?a)\w+|é|[가-힣]{2,}", 0),
    (rb"(?s)\x00(?P<tail>.*)\Z", 0),
    (rb"[^\x00-\x7f]+?", re.VERBOSE),
    (r"(a)(?:b)(c(d))?(?(1)e|f)", re.DOTALL),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path))
    return tmp_path


def compiled(monkeypatch: pytest.MonkeyPatch) -> tuple[list[re.Pattern[Any]], int]:
    """All of `TEXTS` with what is kept, and how many of them had to be parsed."""
    parsed: list[object] = []
    own = re._parser.parse  # type: ignore[attr-defined]
    with monkeypatch.context() as patch, patterns.reuse_patterns():
        patch.setattr("re._parser.parse", lambda *a: parsed.append(a) or own(*a))
        re.purge()
        return [re.compile(*one) for one in TEXTS], len(parsed)


def test_they_are_equal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, parsed = compiled(monkeypatch)
    assert parsed == len(TEXTS)
    again, parsed = compiled(monkeypatch)
    assert parsed == 0
    re.purge()
    for one, two, text in zip(first, again, TEXTS, strict=True):
        fresh = re.compile(*text)
        assert one is not two
        assert two is not fresh
        # Two patterns are equal where their flags, their text and their code are.
        assert one == two == fresh
        assert one.groups == two.groups == fresh.groups
        assert dict(one.groupindex) == dict(two.groupindex) == dict(fresh.groupindex)
        assert repr(two) == repr(fresh)


@given(st.text(max_size=30), st.sampled_from([0, re.I, re.M | re.S, re.X, re.A]))
def test_any_text(text: str, flags: int) -> None:
    """What is no expression is refused in the same words."""
    table = patterns._Patterns(re._compiler, Path("nowhere"))  # type: ignore[attr-defined]
    try:
        expected = re._compiler.compile(text, flags)  # type: ignore[attr-defined]
    except re.error as error:
        with pytest.raises(re.error, match=re.escape(str(error))):
            table.compile(text, flags)
        return
    assert table.compile(text, flags) == expected == table.compile(text, flags)


def test_a_damaged_file_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled(monkeypatch)
    (file,) = folder.iterdir()
    sound = file.read_bytes()
    for at in range(0, len(sound), 97):
        file.write_bytes(sound[:at] + bytes([sound[at] ^ 4]) + sound[at + 1 :])
        assert compiled(monkeypatch)[1] == len(TEXTS)
        assert file.read_bytes() == sound
    file.write_bytes(sound[:50])
    assert compiled(monkeypatch)[1] == len(TEXTS)
    file.unlink()
    file.mkdir()  # it cannot be written
    assert compiled(monkeypatch)[1] == len(TEXTS)


def test_what_a_run_did_not_use_makes_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_MOST", 5)
    for names in ("abc", "defg"):
        with patterns.reuse_patterns():
            re.purge()
            for name in names:
                re.compile(f"room {name}")
    kept = patterns._Patterns(
        re._compiler,  # type: ignore[attr-defined]
        next(folder.iterdir()),
    )._known
    assert {text for _, text, _ in kept} == {f"room {name}" for name in "defg"}


def test_another_interpreter_compiles_as_always(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two steps are private to CPython: where one is not there, nothing is kept."""
    own = re._compiler.compile  # type: ignore[attr-defined]
    monkeypatch.delattr("re._compiler.MAGIC")
    with patterns.reuse_patterns():
        assert re._compiler.compile is own  # type: ignore[attr-defined]
    assert list(folder.iterdir()) == []


def test_without_cache_nothing_is_kept(tmp_path: Path) -> None:
    """`verify` and who asks for `--no-cache` run what `re` compiles."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/requirements.txt").write_text("numpy==2.1.0\n")
    command = [sys.executable, "-m", "aisbom", "generate", "tree", "-q", "-o", "out.json"]
    environment = {"AISBOM_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    for more, there in (["--no-cache"], False), ([], True):
        subprocess.run([*command, *more], check=True, cwd=tmp_path, env=environment)
        assert any((tmp_path / "cache").glob("patterns-*")) is there
