"""Sentences about licences: which licence, and for what; sentences about others state nothing."""

from __future__ import annotations

import pytest

from aisbom.licences.statements import named, statements


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("The source code is licensed under [Apache 2.0](L) License.", [("code", "Apache-2.0")]),
        ("The pretrained weights are released under CC-BY-NC 4.0.", [("weights", "CC-BY-NC-4.0")]),
        ("This repository is licensed under the MIT License.", [("all", "MIT")]),
        (
            "Our code is under MIT; the models are licensed under the CC BY-NC-SA 4.0 license.",
            [("code", "MIT"), ("weights", "CC-BY-NC-SA-4.0")],
        ),
        ("The dataset is distributed under CC BY 4.0.", [("data", "CC-BY-4.0")]),
        ("This project is available under GPLv3.", [("all", "GPL-3.0")]),
    ],
)
def test_what_a_sentence_says(text: str, rows: list[tuple[str, str]]) -> None:
    assert [(row.part, row.name) for row in statements(text)] == rows


@pytest.mark.parametrize(
    "text",
    [
        "This project is based on X, which is licensed under the MIT License.",
        "The original code is licensed under Apache 2.0.",
        "Third-party code is licensed under its own terms, such as MIT.",
        "The code is licensed under MIT or Apache 2.0.",
        "We thank the authors, whose code is under MIT.",
        "A model under test is compared with the MIT reference.",
        "Mit freundlichen Grüßen",
    ],
)
def test_what_states_nothing(text: str) -> None:
    assert statements(text) == []


def test_names_in_words() -> None:
    assert list(named("CC-BY-NC")) == ["LicenseRef-CC-BY-NC"]
    assert list(named("the GNU Affero General Public License version 3")) == ["AGPL-3.0"]
    assert list(named("[x](https://creativecommons.org/licenses/by/4.0/)")) == []


def test_long_lines_are_read_in_time() -> None:
    statements("under the " * 390 + "\n" + "is licensed under " * 200)
