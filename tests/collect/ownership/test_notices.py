from __future__ import annotations

import pytest

from aisbom.collect.ownership.notices import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.model.facts import (
    HOLDER_LINE,
    LICENCE_TEXT,
    RESTRICTS,
    SAID_SOURCE,
    SAYS_LICENCE,
    STATES_LICENCE,
)
from tests.conftest import MakeTree, collect
from tests.licences.texts import apache, mit

SOURCE = '''#!/usr/bin/env python
# Generated: do not edit.
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Copyright contributors to the Some project
#
# Copyright (c) 2019, 2020,
#   Zeta Company and the Other team. All rights reserved.
# Copyright 2018 Alpha Lab.
"""Docs. Copyright notices are kept."""
import os, sys
import numpy.linalg as la  # why
from torch.nn import functional
from . import sibling
from .x import y


def f(c):
    # Adapted from https://host.example/o/r/a.py
    import yaml
    copyright = "Copyright (c) 2020 Nobody"
    from collections import abc
    return """
Copyright 2020 Template In A String
"""
'''


def one(make_tree: MakeTree, name: str, content: str | bytes) -> Observation:
    (found,) = collect(make_tree({name: content}), COLLECTOR)
    assert isinstance(found, Observation)
    return found


def test_a_source_file(make_tree: MakeTree) -> None:
    found = one(make_tree, "pkg/some.py", SOURCE)
    assert (found.kind, found.name, found.evidence.at.line) == ("source", "some.py", 3)
    assert found.evidence.excerpt == "# SPDX-License-Identifier: Apache-2.0"
    assert found.all("copyright-holder") == (
        "contributors to the Some project",
        "Zeta Company and the Other team",
        "Alpha Lab",
    )
    assert found.all("spdx") == ("Apache-2.0",)
    assert [said.source for said in found.get(SAID_SOURCE)] == ["https://host.example/o/r/a.py"]
    assert [row.line for row in sorted(found.get(HOLDER_LINE), key=lambda r: r.line)] == [4, 6, 8]
    assert found.all("imports") == ("os", "sys", "numpy", "torch", "yaml", "collections")
    assert (found.fact("language"), found.fact("lines")) == ("Python", "22")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.cu",
            "/*\n * Copyright (c) 2023, Some Company. All rights reserved.\n */\n#include <x.h>\n",
        ),
        ("a.cpp", "// Copyright 2023 Some Company\nint x;\n"),
        ("a.sh", "#!/bin/sh\r\n# Copyright 2023 Some Company\r\n"),
        ("a.h", "/* Copyright 2023 Some Company */\n"),
        ("a.py", '"""\nCopyright 2023 Some Company\n"""\nimport x\n'),
        ("a.java", "/**\n  Copyright 2023 Some Company\n*/\npackage a;\n"),
        ("b.py", "\ufeff# Copyright 2023 Some Company\n"),
        ("u.py", "\ufeff# Copyright 2023 Some Company\n".encode("utf-16")),
        ("l.c", "/* \xa9 2023 Some Company */\n".encode("latin-1")),
    ],
)
def test_notices_of_many_languages(make_tree: MakeTree, name: str, content: str | bytes) -> None:
    if name == "l.c":
        content = "/* Copyright \xa9 2023 Some Company */\n".encode("latin-1")
    assert one(make_tree, name, content).all("copyright-holder") == ("Some Company",)


def test_a_notice_in_cp949(make_tree: MakeTree) -> None:
    found = one(make_tree, "k.c", "// Copyright (c) 2023 어떤연구소\n".encode("cp949"))
    assert found.all("copyright-holder") == ("어떤연구소",)


@pytest.mark.parametrize(
    "content",
    [
        'project = "x"\ncopyright = "2020, Some Company"\n',
        'NOTICE = "# Copyright 2020 Some Company"\n',
        'import re\nPATTERN = re.compile(r"Copyright (c) 2020 (.*)")\n',
        "import x\nTEXT = '''\nCopyright 2020 Some Company\n'''\n",
        "# THE COPYRIGHT HOLDERS BE LIABLE\n# the above copyright notice\n",
        "# Copyright [yyyy] [name of copyright owner]\n",
        "x = f(c) + 2020\n",
    ],
)
def test_code_and_templates_name_nobody(make_tree: MakeTree, content: str) -> None:
    found = one(make_tree, "a.py", content)
    assert found.all("copyright-holder") == ()
    assert found.evidence.at.line == 0


def test_a_header_behind_a_long_banner_is_found(make_tree: MakeTree) -> None:
    found = one(
        make_tree, "a.py", "# banner line\n" * 300 + "# Copyright 2020 Some Company\nimport x\n"
    )
    assert (found.all("copyright-holder"), found.evidence.at.line) == (("Some Company",), 301)


def test_large_files_are_only_counted(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "big.py": "# Copyright 2020 Some Company\n\n" * 80_000,
            "long.js": "// Copyright 2020 Some Company\n" + "x" * (1024 * 1024 + 10),
            "two.ts": b"G\0\0\1" + b"\xff" * 3000,
        }
    )
    found = collect(root, COLLECTOR)
    rows = {row.name: row for row in found if isinstance(row, Observation)}
    assert {
        name: (row.fact("lines"), row.all("copyright-holder")) for name, row in rows.items()
    } == {
        "big.py": ("80000", ()),
        "long.js": ("2", ()),
    }
    assert {row.at.path for row in found if isinstance(row, Gap)} == {"big.py", "long.js", "two.ts"}


def test_empty_and_odd_files(make_tree: MakeTree) -> None:
    found = collect(
        make_tree({"a.py": "", "b.py": "\n \n", "c.py": "x = 1", "d.rb": "# Copyright 2020 X\n"}),
        COLLECTOR,
    )
    assert [row.fact("lines") for row in found if isinstance(row, Observation)] == ["0", "0", "1"]


def test_licence_and_notice_files(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "LICENSE": "Copyright (c) 2020 Zeta Company\nCopyright (c) 2019 Alpha Lab\n\n" + mit(),
            "NOTICE.txt": (
                "Some Product\nCopyright 2021 Some Company\n\nThis product includes software (MIT"
                " License).\n"
            ),
            "LICENSES/ISC.txt": "a text",
            "license.json": "{}",
            "license_check.py": "x = 1\n",
            "AUTHORS": "Copyright 2020 A",
        }
    )
    rows = {row.name: row for row in collect(root, COLLECTOR) if isinstance(row, Observation)}
    assert set(rows) == {"LICENSE", "NOTICE.txt", "ISC.txt", "license_check.py"}
    licence = rows["LICENSE"]
    assert (licence.kind, licence.fact("file-kind"), licence.fact("licence-guess")) == (
        "notice",
        "licence",
        "MIT",
    )
    assert (licence.all("copyright-holder")[:2], licence.evidence.at.line) == (
        ("Zeta Company", "Alpha Lab"),
        1,
    )
    assert (licence.fact("licence-basis"), licence.fact("licence-line")) == ("similar 1.00", "8")
    notice = rows["NOTICE.txt"]
    assert (
        notice.fact("file-kind"),
        notice.fact("licence-guess"),
        notice.all("copyright-holder"),
    ) == ("notice", "", ("Some Company",))
    assert rows["ISC.txt"].fact("licence-guess") == ""


def test_the_author_of_a_licence_text_is_not_the_projects(make_tree: MakeTree) -> None:
    text = (
        "GNU General Public License, version 3\n\nCopyright (C) 2007 Free Software Foundation,"
        " Inc.\nPreamble\n"
    )
    found = one(make_tree, "COPYING", text)
    assert (found.fact("licence-guess"), found.all("copyright-holder")) == ("GPL-3.0", ())


def test_a_long_source_is_cut_between_characters(make_tree: MakeTree) -> None:
    found = one(make_tree, "a.py", "# Copyright 2020 어떤연구소\n" + "# 가나다라마바사\n" * 5000)
    assert found.all("copyright-holder") == ("어떤연구소",)
    assert found.evidence.excerpt == "# Copyright 2020 어떤연구소"


def test_a_common_licence_that_calls_itself_changed_is_one_of_its_own(make_tree: MakeTree) -> None:
    """A known text with words of its own is no identifier, and its whole text is kept."""
    text = mit().replace("MIT License", "Modified MIT License", 1)
    text = text if "Modified MIT License" in text else f"Modified MIT License\n\n{text}"
    found = one(make_tree, "LICENSE", f"{text}\nNo notice is needed in what it makes.\n")
    assert (found.fact("licence-guess"), found.fact("licence-similar")) == ("", "MIT")
    assert "Modified MIT License" in found.fact("licence-title")
    (kept,) = found.get(LICENCE_TEXT)
    assert "No notice is needed in what it makes." in kept.lines


@pytest.mark.parametrize(
    ("text", "holders"),
    [
        (
            'Keep this in all copies:\n"Some Model is\nCopyright (c) Zeta Company."\n',
            (),
        ),
        (
            "Keep this line: \u201cSome Model,\nCopyright \u00a9 Zeta Company.\u201d\n",
            (),
        ),
        (
            'The "Model" is what this is about.\n\nCopyright (c) 2024 Zeta Company\n',
            ("Zeta Company",),
        ),
        ('"Some Model"\nCopyright (c) 2024 Zeta Company\n', ("Zeta Company",)),
    ],
)
def test_a_notice_that_a_licence_quotes_is_not_its_holder_s(
    make_tree: MakeTree, text: str, holders: tuple[str, ...]
) -> None:
    found = one(make_tree, "LICENSE", "SOME COMMUNITY LICENSE AGREEMENT\n\n" + text)
    assert found.all("copyright-holder") == holders


def test_a_clause_in_a_known_text_is_found_above_an_untouched_copy(make_tree: MakeTree) -> None:
    """The licence of a third party below is no reason to look past what was put into the first."""
    terms = apache().partition("END OF TERMS")
    clause = (
        "10. This code is provided for research purposes only, not for any commercial purposes.\n"
    )
    text = f"{terms[0]}\n{clause}\n{terms[1]}{terms[2]}\n\nOther dependencies and licenses:\n\n"
    found = one(make_tree, "LICENSE", f"{text}1. norae\nCopyright 2019 Somun\n\n{apache()}")
    assert (found.fact("licence-guess"), found.fact("licence-similar")) == ("", "Apache-2.0")
    assert {row.kind for row in found.get(RESTRICTS)} == {"non-commercial", "research-only"}
    assert "Apache-2.0" in found.all("licence-other")


def test_terms_of_what_a_project_builds_on_are_not_its_own(make_tree: MakeTree) -> None:
    """A list of other projects, under a rule, with the terms of each."""
    text = (
        f"{apache()}\n   =========================\n"
        "   This project is inspired by these projects and is subject to the following licenses:\n\n"
        "   1. [Norae](https://example.org/norae)\n\n"
        "NORAE COMMUNITY LICENSE AGREEMENT\nThis agreement does not apply in South Korea. You must "
        "request a license if you have more than 100 million monthly active users, and you must "
        "not use the works outside the territory or for military purposes.\n"
    )
    found = one(make_tree, "LICENSE", text)
    assert found.fact("licence-guess") == "Apache-2.0"
    assert not found.get(RESTRICTS)


def test_words_beside_a_known_text_that_only_restate_it(make_tree: MakeTree) -> None:
    """Advice and a disclaimer that name the same licence set no terms; a condition may be one."""
    said = "Norae and its weights are now released under the Apache License, Version 2.0.\n"
    advice = "We encourage artists to name the model where they publish what it has made. " * 20
    beside = {
        f"{said}{advice}": "",
        advice: "yes",
        f"{said}{advice}Hosting it for others needs our prior consent.\n": "yes",
    }
    for text, rest in beside.items():
        found = one(make_tree, "LICENSE", f"{apache()}\n\n{text}")
        assert found.fact("licence-guess") == "Apache-2.0"
        assert bool(found.fact("licence-rest")) is bool(rest)


def test_a_licence_file_of_one_sentence_names_its_licence(make_tree: MakeTree) -> None:
    said = "Norae, Copyright (c) 2024 Zeta Company, is licensed under the Creative Commons"
    text = (
        f"{said} Attribution-NonCommercial-ShareAlike 4.0 license.\n\nIt lies here:\n\thttps://x\n"
    )
    found = one(make_tree, "LICENSE", text)
    assert [row.name for row in found.get(SAYS_LICENCE)] == ["CC-BY-NC-SA-4.0"]
    assert not found.fact("licence-title")


@pytest.mark.parametrize(
    ("name", "held_for"), [("Norae LICENSE AGREEMENT", "weights"), ("LICENSE", "")]
)
def test_terms_of_a_model_beside_the_licence_of_all_hold_for_weights(
    make_tree: MakeTree, name: str, held_for: str
) -> None:
    terms = (
        "Norae LICENSE AGREEMENT\n\nThis Agreement governs Your use of Norae (the Model"
        " Materials). " + "The licensee is granted a licence under these terms. " * 12
    )
    assert one(make_tree, name, terms).fact("licence-part") == held_for


def test_the_front_matter_and_tags_of_a_page_are_no_title(make_tree: MakeTree) -> None:
    terms = "The licensee is granted a licence under these terms. " * 12
    matter = "---\nlanguage: en\nlicense: other\n---\n<!-- x -->\n"
    page = f'{matter}# <span id="a">Terms of Norae</span>\n\n{terms}'
    assert one(make_tree, "LICENSE", page).fact("licence-title") == "Terms of Norae"


def test_a_licence_file_that_holds_a_name_alone(make_tree: MakeTree) -> None:
    found = one(make_tree, "LICENSE", "OpenRAIL-AS\n")
    assert [row.name for row in found.get(SAYS_LICENCE)] == ["LicenseRef-OpenRAIL"]


def test_a_few_words_that_name_no_licence(make_tree: MakeTree) -> None:
    assert not one(make_tree, "LICENSE", "See the website of Norae\n").get(SAYS_LICENCE)


@pytest.mark.parametrize(
    "title", ["Contributor License Agreement", "Developer Certificate of Origin", "贡献者许可协议"]
)
def test_what_contributors_sign_licenses_nothing(make_tree: MakeTree, title: str) -> None:
    terms = "You grant us a licence to use, copy and sublicense your contribution. " * 12
    found = one(make_tree, "LICENSE-CLA", f"{title}\n\nCopyright (c) 2022 Zeta Company\n\n{terms}")
    assert found.fact("file-kind") == "notice"
    assert not found.fact("licence-title")
    assert not found.fact("licence-guess")


def test_other_agreements_are_licences(make_tree: MakeTree) -> None:
    terms = "You grant us a licence to use, copy and sublicense your contribution. " * 12
    assert one(make_tree, "LICENSE", f"Norae Agreement\n\n{terms}").fact("licence-title")


def test_a_header_names_a_maker_s_licence_for_code(make_tree: MakeTree) -> None:
    head = "# Copyright (c) 2021 Zeta\n#\n# This work is licensed under the {}\nimport os\n"
    named = one(make_tree, "a.py", head.format("NVIDIA Source Code License"))
    assert [row.name for row in named.get(STATES_LICENCE)] == ["LicenseRef-NVIDIA-Source-Code-NC"]


def test_a_header_that_names_the_licence_of_a_model(make_tree: MakeTree) -> None:
    """Weights that a file speaks of may be under it: the file is not."""
    head = "# Copyright (c) 2021 Zeta\n#\n# The model is licensed under the Gemma Terms of Use\n"
    assert not one(make_tree, "a.py", f"{head}import os\n").get(STATES_LICENCE)


@pytest.mark.parametrize(
    ("title", "held_for"),
    [
        ("Norae Dataset License Agreement", "data"),
        ("Norae 데이터셋 라이선스", "data"),
        ("Norae Agreement on software and data", ""),
    ],
)
def test_the_title_of_terms_says_that_they_are_for_data(
    make_tree: MakeTree, title: str, held_for: str
) -> None:
    terms = "The licensee is granted a licence under these terms. " * 12
    assert one(make_tree, "LICENSE", f"{title}\n\n{terms}").fact("licence-part") == held_for
