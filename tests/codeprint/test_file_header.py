from __future__ import annotations

import pytest

from aisbom.codeprint.file_header import notice

KEPT = [
    ("# Copyright 2024 The Example Team. All rights reserved.\n", ("The Example Team",)),
    ("/*\n * Copyright (c) 2020-2023, EXAMPLE CORPORATION.\n */\n", ("EXAMPLE CORPORATION",)),
    ("# coding=utf-8\n#\n# Copyright 2018 A Inc\n# Copyright 2020 B Labs\n", ("A Inc", "B Labs")),
]


@pytest.mark.parametrize(("head", "holders"), KEPT)
def test_organisations_are_kept_by_name(head: str, holders: tuple[str, ...]) -> None:
    found = notice(head.encode())
    assert found is not None and found.holders == holders and not found.hidden


def test_any_other_holder_is_a_digest() -> None:
    found = notice(b"# Copyright (c) 2024, Quux Fnord.\n# SPDX-License-Identifier: MIT\n")
    assert found is not None
    assert found.holders == () and found.spdx == "MIT" and found.names("quux fnord")
    for mixed in (
        "Quux Fnord, Some Company",
        "Some Company (Quux Fnord)",
        "The Example Team and Quux Fnord",
        "Quux Fnord The Example Team",
    ):
        found = notice(f"# Copyright (c) 2024 {mixed}\n".encode())
        assert found is not None and found.holders == () and found.names(mixed)
    known = notice(b"# Copyright (c) 2024, Quux Fnord.\n", frozenset({"Quux Fnord"}))
    assert known is not None and known.holders == ("Quux Fnord",)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"import os\n",
        b"# a comment about copyright law\n",
        b"\0" * 1000,
        b"\xff\xfe" + b"\0" * 99,
    ],
)
def test_no_notice_is_none(head: bytes) -> None:
    assert notice(head) is None
