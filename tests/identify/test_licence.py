"""Declared licences: one claim per source, and nothing made up where the words leave it open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.licenses import canonicalize_license_expression

from aisbom.identify.licence import claim_declared_licence, expression
from aisbom.knowledge import load
from aisbom.knowledge.read import DATA, table
from aisbom.knowledge.rows import LicenceName
from aisbom.model import Claim, Component
from aisbom.model.ledger import Answer, resolve
from tests.identify.test_origin import component

K = load()


def claims(*pairs: tuple[str, str], kind: str = "distribution") -> list[Claim]:
    return list(claim_declared_licence(component(*pairs, kind=kind), K))


def answer(*pairs: tuple[str, str], kind: str = "distribution") -> Answer:
    return resolve(claims(*pairs, kind=kind))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MIT", "MIT"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception"),
        ("LicenseRef-Our-Own", "LicenseRef-Our-Own"),
    ],
)
def test_expressions(text: str, value: str) -> None:
    found = answer(("license-expression", text))
    assert (found.value, found.confidence) == (value, "high")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MIT License", "MIT"),
        ("The MIT License (MIT)", "MIT"),
        ("MIT Licence\n\nCopyright (c) 2020 Somebody", "MIT"),
        ("Apache 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("3-Clause BSD License", "BSD-3-Clause"),
        ("BSD 3-Clause", "BSD-3-Clause"),
        ("MPL 2.0", "MPL-2.0"),
        ("PSF", "PSF-2.0"),
        ("GPLv3+", "GPL-3.0-or-later"),
        ("LGPLv3", "LGPL-3.0-only"),
        ("MPL-2.0 AND MIT", "MPL-2.0 AND MIT"),
        ("NVIDIA Proprietary Software", "LicenseRef-NVIDIA-Proprietary"),
    ],
)
def test_free_text(text: str, value: str) -> None:
    assert answer(("license", text)).value == value


@pytest.mark.parametrize(
    "text",
    [
        "BSD",
        "LGPL",
        "GPL",
        "see LICENSE",
        "=====",
        "MIT MIT",
        "(MIT",
        "MIT or",
        "(" * 900,
    ],
)
def test_free_text_that_leaves_it_open(text: str) -> None:
    (claim,) = claims(("license", text))
    assert claim.value == "unknown" and claim.evidence[0].confidence == "low"
    assert claim.evidence[0].excerpt.startswith(f"license {text[:20]}")


def test_words_that_are_no_identifier_are_kept_as_a_name() -> None:
    (claim,) = claims(("license", "License agreement for matplotlib versions 1.3.0 and later"))
    assert claim.value.startswith("LicenseRef-License-agreement-for-matplotlib")
    assert claim.evidence[0].confidence == "low"


@pytest.mark.parametrize(
    ("classifiers", "value"),
    [
        (["License :: OSI Approved :: MIT License"], "MIT"),
        (["License :: OSI Approved :: Apache Software License"], "Apache-2.0"),
        (["License :: OSI Approved", "License :: OSI Approved :: MIT License"], "MIT"),
        (
            ["License :: OSI Approved :: GNU Lesser General Public License v3 or later (LGPLv3+)"],
            "LGPL-3.0-or-later",
        ),
    ],
)
def test_classifiers(classifiers: list[str], value: str) -> None:
    assert answer(*(("classifier", text) for text in classifiers)).value == value


@pytest.mark.parametrize(
    "classifiers",
    [
        ["License :: OSI Approved :: BSD License"],
        [
            "License :: OSI Approved :: MIT License",
            "License :: OSI Approved :: Apache Software License",
        ],
        ["License :: OSI Approved :: MIT License", "License :: Something New"],
        ["License :: Other/Proprietary License"],
    ],
)
def test_classifiers_that_leave_it_open(classifiers: list[str]) -> None:
    (claim,) = claims(*(("classifier", text) for text in classifiers))
    assert claim.value == "unknown" and claim.evidence[0].confidence == "low"


def test_other_classifiers_are_no_licence() -> None:
    assert claims(("classifier", "Topic :: Security")) == []


def test_a_better_source_outweighs_an_ambiguous_classifier() -> None:
    found = answer(
        ("license", "BSD-3-Clause"), ("classifier", "License :: OSI Approved :: BSD License")
    )
    assert found.state == "agreed" and found.value == "BSD-3-Clause"


def test_sources_that_disagree_are_contested() -> None:
    found = answer(
        ("license", "MIT"), ("classifier", "License :: OSI Approved :: Apache Software License")
    )
    assert found.state == "contested" and found.values == ("Apache-2.0", "MIT")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("llama3.1", "LicenseRef-Llama-3.1"),
        ("gemma", "LicenseRef-Gemma"),
        ("bigscience-openrail-m", "LicenseRef-BigScience-OpenRAIL-M"),
        ("other", "unknown"),
        ("bsd", "unknown"),
        ("my own terms", "unknown"),
    ],
)
def test_model_cards(word: str, value: str) -> None:
    (claim,) = claims(("license", word), kind="model")
    assert claim.value == value and claim.evidence[0].by == "licence/model-card"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exaone", "LicenseRef-EXAONE"),
        ("tongyi-qianwen", "LicenseRef-Tongyi-Qianwen"),
        ("modified-mit", "LicenseRef-Modified-MIT"),
        ("Our Model Terms v1.2", "LicenseRef-Our-Model-Terms-v1.2"),
        ("llama3.1", "LicenseRef-Llama-3.1"),
        ("mit", "unknown"),
        ("apache-2.0", "unknown"),
        ("///", "unknown"),
    ],
)
def test_a_custom_model_licence_is_never_an_osi_licence(name: str, value: str) -> None:
    (claim,) = claims(("license", "other"), ("license-name", name), kind="model")
    assert claim.value == value


def test_nothing_declared_nothing_claimed() -> None:
    assert claims(("author", "Somebody")) == []
    assert claims(("license", "MIT"), kind="requirement") == []


def test_every_expression_of_the_table_is_canonical() -> None:
    for row in table(DATA / "licence_names.csv", LicenceName):
        assert (
            row.expression == "unknown"
            or canonicalize_license_expression(row.expression) == row.expression
        )


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    value = expression(text)
    assert not value or canonicalize_license_expression(value) == value
    claims(("license", text), ("license-expression", text), ("classifier", f"License :: {text}"))
    for claim in claims(("license", text), ("license-name", text), kind="model"):
        assert claim.value == "unknown" or expression(claim.value) == claim.value


def test_subject_and_attribute() -> None:
    subject: Component = component(("license", "MIT"))
    (claim,) = claim_declared_licence(subject, K)
    assert (claim.subject, claim.attribute) == (subject.ref, "licence.declared")
