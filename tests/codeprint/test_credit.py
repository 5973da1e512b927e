"""Who a file credits at its head."""

from __future__ import annotations

import pytest

from aisbom.codeprint.credit import Holder, holders, key, keys


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp949"])
def test_holders_have_lines_in_any_encoding(encoding):
    text = (
        "# 머리말\n# Copyright (c) 2024 Lantern Works Ltd\n# Copyright 2025 한빛연구소\nimport os\n"
    )
    assert holders(text.encode(encoding)) == (
        Holder(2, "Lantern Works Ltd"),
        Holder(3, "한빛연구소"),
    )


def test_code_that_speaks_of_copyright_names_nobody():
    assert holders(b'notice = "Copyright 2024 Lantern Works Ltd"\n') == ()


def test_spellings_of_one_holder():
    assert key("The Hugging Face Inc. team.") == key("HuggingFace")
    assert key("NVIDIA CORPORATION & AFFILIATES") != key("NVIDIA Research")


def test_a_line_that_joins_two_holders_is_compared_with_either() -> None:
    joined = keys("EleutherAI and The HuggingFace Inc. team")
    assert key("The HuggingFace Inc. team") in joined
    assert key("EleutherAI") in joined
    assert not joined & keys("NVIDIA CORPORATION & AFFILIATES")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Facebook, Inc. and its affiliates", "Lantern Works, Inc. and its affiliates"),
        ("Norae Labs, Inc.", "Lantern Works, Inc."),
        ("Norae Labs and others", "Lantern Works and others"),
        ("Norae Labs and contributors", "Lantern Works and contributors"),
    ],
)
def test_words_that_name_nobody_join_no_two_holders(one: str, other: str) -> None:
    assert not keys(one) & keys(other)
