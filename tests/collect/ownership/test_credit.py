from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.ownership.credit import COLLECTOR, find_credits
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect

NOTICE = """Haneul
Copyright 2025 Haneul Compute

This product includes software developed at
The Apache Software Foundation (https://www.apache.org/).
This product includes code derived from the Foo Engine project (https://github.com/foo-labs/foo-engine).

Bar Kernels
-----------
Copyright (c) 2021, Bar University. All rights reserved.
http://www.apache.org/licenses/LICENSE-2.0
"""


def found(make_tree: MakeTree, name: str, text: str | bytes) -> set[tuple[str, str, int]]:
    rows = collect(make_tree({name: text}), COLLECTOR)
    return {
        (r.fact("credit"), r.name, r.evidence.at.line) for r in rows if isinstance(r, Observation)
    }


def test_a_notice_credits_holders_projects_and_addresses(make_tree: MakeTree) -> None:
    assert found(make_tree, "NOTICE.txt", NOTICE) == {
        ("holder", "Haneul Compute", 2),
        ("address", "https://www.apache.org", 5),
        ("project", "Foo Engine", 6),
        ("address", "https://github.com/foo-labs/foo-engine", 6),
        ("project", "Bar Kernels", 8),
        ("holder", "Bar University", 10),
    }


def test_fields_headings_and_other_encodings(make_tree: MakeTree) -> None:
    text = (
        "## foo-engine (Apache-2.0)\nName: bar_kernels\n저작권 고지\nCopyright 2024 하늘컴퓨트"
        " 주식회사\n"
    )
    expected = {
        ("project", "foo-engine", 1),
        ("project", "bar_kernels", 2),
        ("holder", "하늘컴퓨트 주식회사", 4),
    }
    assert found(make_tree, "THIRD_PARTY_NOTICES.md", text) == expected
    for codec in ("cp949", "utf-16"):
        assert found(make_tree, "THIRD_PARTY_NOTICES.md", text.encode(codec)) == expected


def test_of_authors_only_organisations_are_taken(make_tree: MakeTree) -> None:
    text = (
        "# The authors\nFoo Labs Inc. <opensource@foo.example>\nA. N. Other"
        " <other@mail.example>\nother-handle\nThe Bar Authors\n"
    )
    assert {name for _, name, _ in found(make_tree, "AUTHORS", text)} == {
        "Foo Labs Inc.",
        "The Bar Authors",
    }


def test_prose_and_licence_texts_credit_nobody(make_tree: MakeTree) -> None:
    text = (
        "Licensed under the Apache License, Version"
        " 2.0;\nhttp://www.apache.org/licenses/LICENSE-2.0\n## License\n\nTERMS\n-----\n"
    )
    assert found(make_tree, "LICENSE", text) == set()


def test_too_many_credits_are_a_gap(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree({"NOTICE": "".join(f"Copyright 2020 Company {n}\n" for n in range(1200))}),
        COLLECTOR,
    )
    assert sum(isinstance(r, Observation) for r in rows) == 1000
    assert [r.reason for r in rows if isinstance(r, Gap)] == [
        "more than 1,000 credits: the rest was not read"
    ]


@given(st.text(max_size=400), st.booleans())
def test_any_text_gives_lines_that_are_there(text: str, people: bool) -> None:
    """Every credit stands at a line of the file, in the words of that line."""
    lines = text.split("\n")
    for number, _, value, words in find_credits(text, people):
        assert value
        assert words in lines[number - 1]
