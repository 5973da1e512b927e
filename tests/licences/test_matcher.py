"""The matcher: real texts and changes to them that change nothing, and changes that change
everything.
"""

from __future__ import annotations

import csv
import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.licences import match
from aisbom.licences.reference import load
from tests.licences.texts import INSTALLED, apache, installed, mit


def ids(text: str) -> list[str]:
    return [found.id for found in match(text).found]


def unwrapped(text: str) -> str:
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


CHANGES = {
    "as it is": lambda text: text,
    "in capitals": str.upper,
    "on long lines": unwrapped,
    "on short lines": lambda text: "\n\n".join(
        textwrap.fill(part, 40) for part in unwrapped(text).split("\n\n")
    ),
    "commented": lambda text: "\n".join(f"# {line}" for line in text.split("\n")),
    "in a C comment": lambda text: (
        "/*\n" + "\n".join(f" * {line}" for line in text.split("\n")) + "\n */"
    ),
    "with a title and a holder": lambda text: (
        "The Licence of Our Product\n\nCopyright (c) 2019-2024, Some Company Ltd. and"
        f" others\n\n{text}"
    ),
    "with windows line ends": lambda text: text.replace("\n", "\r\n"),
    "with curly quotes": lambda text: text.replace('"', "”").replace("'", "’"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("name", "end", "identifier"), INSTALLED)
def test_a_text_stays_itself(name: str, end: str, identifier: str, change: str) -> None:
    found = match(CHANGES[change](installed(name, end)))
    assert ([one.id for one in found.found], found.altered) == ([identifier], ())


@pytest.mark.parametrize("change", CHANGES)
def test_our_own_licence(change: str) -> None:
    assert ids(CHANGES[change](apache())) == ["Apache-2.0"]


def test_an_apache_licence_without_its_appendix() -> None:
    assert ids(apache().partition("APPENDIX:")[0]) == ["Apache-2.0"]


def test_clauses_make_the_licence() -> None:
    three = installed("gitpython", "LICENSE")
    two = re.sub(r"\n\* Neither the name.*?permission\.\n", "\n", three, flags=re.DOTALL)
    assert "Neither" in three
    assert "Neither" not in two
    assert (ids(three), ids(two)) == (["BSD-3-Clause"], ["BSD-2-Clause"])


def test_a_condition_left_out_makes_another_licence() -> None:
    text = re.sub(
        r"The above copyright notice and this permission notice shall be.*?Software\.",
        "",
        mit(),
        flags=re.DOTALL,
    )
    assert ids(text) == ["MIT-0"]


def test_a_sentence_more_makes_another_licence() -> None:
    text = (
        mit()
        + "\nExcept as contained in this notice, the name of X Consortium shall not be used in"
        " advertising.\n"
    )
    assert ids(text) != ["MIT"]


@pytest.mark.parametrize(
    "more",
    [
        (
            'The Software is provided under the License with the "Commons Clause" License Condition'
            " v1.0."
        ),
        "The Software may be used for non-commercial purposes.",
        "With more than a million monthly active users another licence is needed.",
        "This licence does not admit military use.",
    ],
)
def test_added_terms_are_not_overlooked(more: str) -> None:
    found = match(f"{mit()}\n{more}\n")
    assert found.altered or [one.id for one in found.found] != ["MIT"]


def modified(end: str = "with content created by the Software.") -> str:
    """The text of MIT that calls itself modified and says one thing more."""
    more = f"The above copyright notice and this permission notice need not be included {end}"
    first, _, rest = mit().partition('THE SOFTWARE IS PROVIDED "AS IS"')
    return f'Modified MIT License\n\n{first}{more}\n\nTHE SOFTWARE IS PROVIDED "AS IS"{rest}'


@pytest.mark.parametrize("comment", ["", "# "])
def test_a_common_text_that_calls_itself_changed_is_no_rare_licence(comment: str) -> None:
    """A rare licence with a clause of its own shares all but that clause with the common one."""
    found = match("\n".join(comment + line for line in modified().split("\n")))
    assert (found.found, found.near) == ((), "MIT")


def test_a_rare_licence_is_found_where_its_own_clause_stands() -> None:
    first, _, rest = mit().partition('THE SOFTWARE IS PROVIDED "AS IS"')
    good = "The Software shall be used for Good, not Evil.\n\n"
    assert ids(f'{first}{good}THE SOFTWARE IS PROVIDED "AS IS"{rest}') == ["JSON"]


def test_several_licences_in_their_order() -> None:
    text = (
        f"{mit()}\n\n-----\nThird parties\n\n{installed('packaging', 'LICENSE.BSD')}\n\n{apache()}"
    )
    found = match(text)
    assert [one.id for one in found.found] == ["MIT", "BSD-2-Clause", "Apache-2.0"]
    assert [one.line for one in found.found] == sorted(one.line for one in found.found)


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        (
            (
                'Licensed under the Apache License, Version 2.0 (the "License");\nyou may not use'
                " this file except in compliance"
            ),
            "Apache-2.0",
        ),
        (
            (
                "This Source Code Form is subject to the terms of the Mozilla Public License,\nv."
                " 2.0. If a copy was not distributed"
            ),
            "MPL-2.0",
        ),
        (
            (
                "GNU General Public License as published by the Free Software Foundation; either"
                " version\n3 of it, or any later version"
            ),
            "GPL-3.0-or-later",
        ),
        ("under the GNU Lesser General Public License version 2.1", "LGPL-2.1"),
        ("SPDX-License-Identifier: LicenseRef-Own\nany text", "LicenseRef-Own"),
    ],
)
def test_notices_that_name_a_licence(text: str, identifier: str) -> None:
    assert ids(text) == [identifier]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" * 200_000,
        "linking " * 30_000,
        "\0" * 1000,
        "You may not use this under the MIT License.",
        (
            "This software is made available under the terms of *either* of the licenses found in"
            " LICENSE.APACHE or LICENSE.BSD."
        ),
        "Dual licensed under the MIT License and something else, available under the MIT license",
        "SPDX-License-Identifier: MIT\nSPDX-License-Identifier: ISC\n",
        "Built with Llama 3.1. See the Llama 3.1 Community License Agreement.",
        "copyright (c) " * 5000,
    ],
)
def test_when_unsure_nothing(text: str) -> None:
    assert ids(text) == []


FILLER = " ".join(f"term{number} of the agreement between you and us" for number in range(60))
TITLES = (
    ("EXAONE AI Model License Agreement 1.0 - NC", "LicenseRef-EXAONE-1.0-NC"),
    ("# Mistral AI Research License\n\n## 1. Scope and acceptance", "LicenseRef-Mistral-Research"),
    (
        "# Mistral AI Non-Production License\n\n## 1. Scope and acceptance",
        "LicenseRef-Mistral-NonProduction",
    ),
    (
        (
            "Qwen RESEARCH LICENSE AGREEMENT\nQwen RESEARCH LICENSE AGREEMENT Release Date:"
            " September 19, 2024"
        ),
        "LicenseRef-Qwen-Research",
    ),
    ("The glm-4-9b License\n1. 定义", "LicenseRef-GLM-4"),
    ("KANANA LICENSE AGREEMENT", "LicenseRef-Kanana"),
    ("DEEPFLOYD IF LICENSE AGREEMENT", "LicenseRef-DeepFloyd-IF"),
    ("NVIDIA Source Code License for Norae", "LicenseRef-NVIDIA-Source-Code-NC"),
    ("S-Lab License 1.0", "LicenseRef-S-Lab-1.0"),
    ("Seamless Licensing Agreement", "LicenseRef-Seamless"),
    (
        (
            "Upstage Solar License\nby Upstage Co., Ltd., incorporated under the laws of the"
            " Republic of Korea"
        ),
        "LicenseRef-Upstage-Solar",
    ),
)
KNOWN = (
    (
        (
            "META LLAMA 3 COMMUNITY LICENSE AGREEMENT\nMeta Llama 3 Version Release Date: April 18,"
            " 2024"
        ),
        "LicenseRef-Llama-3",
    ),
    ("EXAONE AI Model License Agreement 1.2 - NC", "LicenseRef-EXAONE-1.2-NC"),
    ("Tongyi Qianwen RESEARCH LICENSE AGREEMENT", "LicenseRef-Tongyi-Qianwen-Research"),
    ("The ChatGLM2-6B License", "LicenseRef-ChatGLM2"),
    ("The ChatGLM3-6B License", "LicenseRef-ChatGLM3"),
    ("Yi Series Models Community License Agreement", "LicenseRef-Yi"),
)


@pytest.mark.parametrize(("title", "identifier"), TITLES)
def test_model_licences_without_a_reference_text(title: str, identifier: str) -> None:
    """A title tells these: the words of their terms are not kept."""
    assert ids(f"{title}\n\n{FILLER}") == [identifier]
    # The same words further down are a mention.
    assert ids(f"{FILLER}\n\n{FILLER}\n\n{title}") == []


@pytest.mark.parametrize(("title", "identifier"), KNOWN)
def test_a_title_over_other_words_is_not_the_licence_whose_text_is_known(
    title: str, identifier: str
) -> None:
    assert identifier in {text.id for text in load().texts}
    assert ids(f"{title}\n\n{FILLER}") == []


def test_a_solar_licence_is_not_the_apache_licence_it_is_made_from() -> None:
    assert ids(
        f"Upstage Solar License\nby Upstage Co., Ltd. of the Republic of Korea\n\n{apache()}"
    ) == ["LicenseRef-Upstage-Solar"]


def test_the_references_are_in_order() -> None:
    known = load()
    assert len(known.texts) > 700
    assert all(reference.kept > 0 and reference.words >= 12 for reference in known.texts)
    with_versions = {reference.id for reference in known.texts} & set(known.versions)
    assert {
        "MIT",
        "Apache-2.0",
        "LicenseRef-Llama-3.1",
        "LicenseRef-Llama-3.2",
        "LicenseRef-Gemma",
        "LicenseRef-Qwen",
    } <= with_versions


def test_every_identifier_of_a_model_licence_has_its_terms() -> None:
    from aisbom.knowledge import load as knowledge

    known = load()
    ids_ = {reference.id for reference in known.texts} | set(known.versions)
    missing = sorted(
        one for one in ids_ if one.startswith("LicenseRef-") and knowledge().terms(one) is None
    )
    assert missing == []


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    found = match(text)
    assert all(0 < one.share <= 1 and 1 <= one.line <= text.count("\n") + 1 for one in found.found)


@given(st.integers(0, 40), st.integers(0, 10_000))
def test_cut_texts_are_never_another_licence(lines: int, seed: int) -> None:
    """Whatever part of a text is left, it is that licence, a twin with fewer conditions, or
    nothing.
    """
    whole = mit().split("\n")
    start = seed % len(whole)
    kept = "\n".join(whole[:start] + whole[start + lines :])
    assert set(ids(kept)) <= {"MIT", "MIT-0"}


def _more() -> list[tuple[str, str]]:
    lines = (
        (Path(__file__).parents[2] / "tools" / "licence_more.csv").read_text("utf-8").splitlines()
    )
    return [
        (row["key"], row["id"])
        for row in csv.DictReader(line for line in lines if not line.startswith("#"))
    ]


@pytest.mark.parametrize(("key", "identifier"), _more())
def test_texts_beside_those_of_scancode_are_references(key: str, identifier: str) -> None:
    assert identifier in {text.id for text in load().texts if text.key == key}


def test_a_reference_and_its_near_twin_differ_in_a_phrase() -> None:
    """What shares most of its words with another model licence has phrases of its own, or it could
    be taken for that one.
    """
    known = load()
    shares: dict[tuple[str, str], int] = {}
    for value in known.shingles.values:
        numbers = known.shingles.holders(value)
        held = sorted(
            {known.texts[n].id for n in numbers if known.texts[n].id.startswith("LicenseRef-")}
        )
        for one in held:
            for two in held:
                if one < two:
                    shares[one, two] = shares.get((one, two), 0) + 1
    size = {text.id: text.kept for text in known.texts}
    twins = [
        pair for pair, count in shares.items() if count > 0.5 * min(size[pair[0]], size[pair[1]])
    ]
    assert len(twins) >= 5
    assert [
        pair for pair in twins if not (pair[0] in known.versions or pair[1] in known.versions)
    ] == []
