"""Licences in the comments of source files: in full, by notice, by name; and what restricts."""

from __future__ import annotations

import pytest

from aisbom.licences.headers import headers
from aisbom.licences.own_part import own_part
from tests.licences.texts import apache, mit


def found(text: str, code: int | None = None) -> tuple[list[tuple[str, int]], set[str]]:
    lines = text.split("\n")
    stated, limits = headers(lines, text.lower().encode(), len(lines) if code is None else code)
    return [(row.name, row.line) for row in stated], {row.kind for row in limits}


def commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


def test_the_notice_of_a_licence_and_a_text_in_full() -> None:
    notice = apache().partition("Copyright [yyyy]")[2].partition("\n")[2]
    names = [name for name, _ in found(commented(notice))[0]]
    assert names == ["Apache-2.0"]
    (row,) = found(f"# Made by us\n{commented(mit())}\nimport x\n")[0]
    assert row[0] == "MIT"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("# MIT License", "MIT"),
        ("# Taken from: https://host.example/a/b\n# under Apache 2 license", "Apache-2.0"),
        ("# License: BSD 3-Clause", "BSD-3-Clause"),
    ],
)
def test_by_name(line: str, name: str) -> None:
    assert [row[0] for row in found(f"{line}\nimport x\n", 2)[0]] == [name]


CREATIVE_COMMONS = """# Nuri
# Copyright (c) 2020-present Haneul Corp.
#
# This work is licensed under the Creative Commons Attribution-NonCommercial
# 4.0 International License. To view a copy of this license, visit
# http://creativecommons.org/licenses/by-nc/4.0/ or send a letter to Creative Commons.
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CREATIVE_COMMONS, "CC-BY-NC-4.0"),
        ("# Licensed under CC BY-NC-SA 4.0 (non-commercial use only).\n", "CC-BY-NC-SA-4.0"),
    ],
)
def test_what_the_name_of_a_licence_says_is_no_restriction_besides(text: str, name: str) -> None:
    stated, limits = found(text)
    assert [row[0] for row in stated] == [name]
    assert not limits


def test_what_a_licence_does_not_say_restricts_besides_it() -> None:
    text = "# Licensed under CC BY 4.0. Only non-commercial use is allowed.\n"
    assert found(text)[1] == {"non-commercial"}


def test_two_licences_of_two_holders_in_one_header() -> None:
    text = """# Copyright (c) 2021 Haneul. Licensed under the Apache License, Version 2.0 [see LICENSE]
# Copyright (c) Somun, Inc. This source code is licensed under the MIT license found in the
# LICENSE file in the root directory of this source tree.
"""
    assert {name for name, _ in found(text)[0]} == {"Apache-2.0", "MIT"}


def test_a_comment_that_restricts() -> None:
    text = "# Copyright Somun 2024\n# If used elsewhere, only non-commercial use is allowed.\n"
    assert found(text)[1] == {"non-commercial"}


@pytest.mark.parametrize(
    "text",
    [
        "# SPDX-License-Identifier: MIT\n# A server. It is not intended for production use.\n",
        "# This script is only for research and debugging.\n",
        "# Do not use it to train large models on one machine.\n",
        "# See the LICENSE of the project.\n",
    ],
)
def test_what_a_script_is_meant_for_is_no_licence(text: str) -> None:
    assert found(text) == ([], set())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("Python", 'import x\nA = """\n# Licensed under the MIT License\n"""\n'),
        ("Python", "# REUSE-IgnoreStart\n# MIT License\n# REUSE-IgnoreEnd\nimport x\n"),
        ("TypeScript", "const a = `\n// MIT License\n`\n"),
        ("Shell", "cat <<'EOF'\n# MIT License\nEOF\nls\n"),
        # Documentation whose lines begin like code begins no code.
        ("Python", '"""\nDoc of it.\n"""\nA = """\nMIT License\n"""\n'),
        ("Python", "# a\n\n'''\nDoc\n'''\nA = '''MIT License'''\n"),
    ],
)
def test_what_a_file_only_holds_is_taken_out(language: str, text: str) -> None:
    kept = own_part(text.encode(), language)
    assert kept.count(b"\n") == text.count("\n")
    assert b"MIT" not in kept


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("Python", '"""\nCopyright 2024 Somun\nMIT License\n"""\nimport x\n'),
        ("Python", "# it's MIT License\nA = 'x'\n"),
        ("Python", '"""\nDoc of it.\n"""\nimport x\n# MIT License\n'),
        ("Python", 'r"""\nMIT License\n"""\nimport x\n'),
        ("Python", 'A = "\\"\\"\\""  # MIT License\n'),
        ("Shell", "x=$((1<<2))\n# MIT License\n"),
    ],
)
def test_what_a_file_says_stays(language: str, text: str) -> None:
    assert b"MIT" in own_part(text.encode(), language)


def test_strings_that_never_end_are_read_in_time() -> None:
    for mark in ('"""', "'''", "'", '"', "\\"):
        own_part(f"x = 1\n{mark * 60_000}".encode(), "Python")
    own_part(b"`" * 60_001, "TypeScript")
    own_part(b"cat <<A\n" * 5_000, "Shell")
