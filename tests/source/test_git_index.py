"""What is read of an index and of a configuration is what GitPython reads, and what it refuses is
refused.
"""

from __future__ import annotations

import io
import os
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aisbom.source import git_index, git_store

git_store.run_no_git_on_import()
from git.config import GitConfigParser  # noqa: E402
from git.index.fun import read_cache  # noqa: E402

REFUSED = (ValueError, AssertionError, LookupError, ArithmeticError, struct.error)
PATHS = (
    *("a.c", "src/pkg/part.py", ".github/workflows/ci.yml", ".gitignore", "sub/.gitattributes"),
    *("with space.txt", "a/b (1)/[c]{d}", "...", "x/.gitx", ".gitmodules"),
)
ODD = (
    *(".git/config", "a/.GIT", "a/.git .", "../up", "a//b", "/a", "git~1/x", "a\\b", "é.py", "a:b"),
    *("a/./b", "line\nbreak", "a/"),
)


def entry(path: bytes, mode: int = 0o100644, stage: int = 0, extended: int | None = None) -> bytes:
    flags = min(len(path), 0xFFF) | stage << 12 | (0x4000 if extended is not None else 0)
    sha = bytes(range(20))
    data = struct.pack(">10L20sH", 1, 2, 3, 4, 5, 6, mode, 7, 8, 1234, sha, flags)
    data += b"" if extended is None else struct.pack(">H", extended)
    data += path
    return data + b"\0" * (8 - len(data) % 8)


def index(*parts: bytes, version: int = 2, tail: bytes = b"") -> bytes:
    return struct.pack(">4sLL", b"DIRC", version, len(parts)) + b"".join(parts) + tail + b"s" * 20


def theirs(data: bytes) -> list[Any] | type[BaseException]:
    try:
        found = read_cache(io.BytesIO(data))[1].values()
    except REFUSED as error:
        return type(error)
    return [(e.mode, e.hexsha, e.stage, str(e.path), e.size, e.extended_flags) for e in found]


def ours(data: bytes) -> list[Any] | type[BaseException]:
    try:
        return [tuple(entry) for entry in git_index.entries(data)]
    except REFUSED as error:
        return type(error)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*PATHS, *ODD]),
            st.sampled_from([0o100644, 0o100755, 0o120000, 0o160000]),
            st.integers(0, 3),
            st.sampled_from([None, 0, 0x4000]),
        ),
        max_size=5,
    ),
    st.sampled_from([1, 2, 3, 4]),
    st.sampled_from([b"", b"TREE\0\0\0\3abc", b"link\0\0\0\0", b"TREE\0\0\0\4abc", b"TRE"]),
    st.integers(0, 60),
)
def test_an_index(
    rows: list[tuple[str, int, int, int | None]], version: int, tail: bytes, cut: int
) -> None:
    data = index(*(entry(os.fsencode(p), *rest) for p, *rest in rows), version=version, tail=tail)
    assert ours(data) == theirs(data)
    assert ours(data[: len(data) - cut]) == theirs(data[: len(data) - cut])


def test_what_git_writes_is_read_here(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    (tmp_path / "link").symlink_to("a.c")
    git("add", "-A")
    git("config", "remote.origin.url", "https://example.org/a/b.git")
    data = (tmp_path / ".git/index").read_bytes()
    assert git_index._plain(data)
    assert ours(data) == theirs(data)
    settings = (tmp_path / ".git/config").read_bytes()
    plain = git_store._plain_configuration(settings)
    assert plain == parsed(settings)
    assert plain is not None
    assert plain['remote "origin"'] == {"url": "https://example.org/a/b.git"}


def parsed(data: bytes) -> dict[str, dict[str, str]]:
    parser = GitConfigParser(git_store._NamedBytes(data), read_only=True, merge_includes=False)
    parser.read()
    return {
        str(section): {str(key).lower(): str(value) for key, value in parser.items(section)}
        for section in parser.sections()
    }


LINES = (
    *("[core]", '[remote "origin"]', '[branch "v0.12/x"]', "[Core]", "[DEFAULT]", "[a b]", ""),
    *("\tbare = false", "\tURL = https://example.org/a?b=c&d", "\turl = git@host:a/b.git"),
    *("\tfetch = +refs/heads/*:refs/remotes/origin/*", "\tfetch = +refs/tags/*:refs/tags/*"),
    *('\tname = "quoted"', "\tname = a # b", "\tname = a;b", "\tname = a\\", "\tname", "# remark"),
    *("\tname =", "\tname = [x]", "rem = a", "\tname = two words", "\tname = ends ", "name=a"),
)


@example(b"[core]\n[Core]")
@given(st.lists(st.sampled_from(LINES), max_size=8).map(lambda lines: "\n".join(lines).encode()))
def test_a_configuration(data: bytes) -> None:
    found = git_store._plain_configuration(data)
    assert found is None or found == parsed(data)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf[core]\n", b"[core]\r\n", b"\tbare = x\n", b"\xe9"])
def test_no_plain_configuration(data: bytes) -> None:
    assert git_store._plain_configuration(data) is None
