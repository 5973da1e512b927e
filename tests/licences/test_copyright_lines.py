from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.licences.copyright_lines import holder


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Copyright (c) 2019-2021, Some Company. All rights reserved.", "Some Company"),
        (
            "Copyright 2020 Some Company, Inc. and its affiliates.",
            "Some Company, Inc. and its affiliates",
        ),
        ("COPYRIGHT © 2018, 2019, 2021-present Some Lab", "Some Lab"),
        ("© 2024 Some Lab", "Some Lab"),
        ("(C) 2011 Someone <someone@host.example>", "Someone"),
        ("Copyright (c) 2015- Some Project and contributors", "Some Project"),
        ("Copyright contributors to the Some project", "contributors to the Some project"),
        ("Copyright The Some Authors", "The Some Authors"),
        ("SPDX-FileCopyrightText: 2022 Some Company", "Some Company"),
        (
            (
                "SPDX-FileCopyrightText: Copyright (c) 1993-2023 SOME CORPORATION & AFFILIATES. All"
                " rights reserved."
            ),
            "SOME CORPORATION & AFFILIATES",
        ),
        ("Portions Copyright (c) 2020 Other Company", "Other Company"),
        ("Copyright (c) 2024 Some Inc (authors: Somebody, Somebody Else)", "Some Inc"),
        ("Copyright 2021-2023 Some Corp. (author: Somebody)", "Some Corp"),
        ("Copyright    2023    (authors: Somebody)", "Somebody"),
        ("Modified by us. Copyright 2021 Other Company.", "Other Company"),
        ("Copyright 2022 A and the B team. All rights", "A and the B team"),
        ("Copyright (c) Some Company 2019", "Some Company"),
        ("Copyright (c) 2023 Some University. Developed at the lab of it by", "Some University"),
        ("Copyright (c) 2023 주식회사 어떤연구소. All Rights Reserved.", "주식회사 어떤연구소"),
        ("Copyright (C) 2020 Some Company. Licensed under the MIT License.", "Some Company"),
        ("Copyright 2020 Some Company https://host.example/x", "Some Company"),
    ],
)
def test_who_is_named(text: str, name: str) -> None:
    assert holder(text) == name


@pytest.mark.parametrize(
    "text", ["Copyright (c) 2019, 2020,", "Copyright 2021", "SPDX-FileCopyrightText: 2022"]
)
def test_years_alone_wait_for_the_next_line(text: str) -> None:
    assert holder(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Copyright [yyyy] [name of copyright owner]",
        "Copyright {yyyy} {name of copyright owner}",
        "Copyright (c) <year> <owner>",
        "Copyright (c) 2020 (author name)",
        "Copyright (C) <year>  <name of author>",
        "Copyright (c) [year] [fullname]",
        "Copyright (c) YEAR Your Name",
        "Copyright (c) %s Some",
        'copyright = "2020, Some Company"',
        "copyright: str = notice",
        "copyright_line = 3",
        "copyright()",
        "COPYRIGHT HOLDERS AND CONTRIBUTORS BE LIABLE",
        "copyright notice, this list of conditions",
        "the copyright owner or entity authorized by",
        "copyright license to reproduce",
        "Copyright and related rights",
        "grants a copyright licence to 2020 people",
        "(c) You must retain, in the Source form",
        "f(c) 2020 is called",
        r"re.compile('Copyright (\(c\)) \d{4}')",
        "Copyright",
        "",
    ],
)
def test_what_names_nobody(text: str) -> None:
    assert not holder(text)


@given(st.text(alphabet="Copyright (c)©2019,-\n\t[]{}<>@.x:;/*#", max_size=300))
def test_a_name_is_one_tidy_line(text: str) -> None:
    name = holder(f"Copyright 2020 {text}")
    assert name is None or (name == name.strip() and len(name) <= 200 and "\n" not in name)


@pytest.mark.parametrize(
    "text",
    [
        "the " * 5000 + "copyright",
        "copyright " * 5000,
        " ,:" * 5000 + "copyright x",
        "a" * 100_000 + "@",
        "2019-" * 9000,
    ],
)
def test_long_lines_take_no_time(text: str) -> None:
    start = time.process_time()
    holder(text)
    holder("Copyright 2020 " + text)
    assert time.process_time() - start < 0.5
