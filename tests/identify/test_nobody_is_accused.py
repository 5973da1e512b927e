"""Whom no combination of headers, credits and holders may accuse: the members of a family, and
whoever made the scanned tree.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.identify.code_lineage import lineage
from aisbom.knowledge import load
from aisbom.model import Claim, Component, Evidence, Location, Relation, Scan, facts
from aisbom.model.ledger import Ledger
from tests.identify.test_code_lineage import COVERAGE, component, content, credit, said, source

HOLDERS = (
    "Norae Labs",
    "NAVER Corp.",
    "NVIDIA CORPORATION & AFFILIATES",
    "The HuggingFace Inc. team",
    "EleutherAI and the HuggingFace Inc. team",
    "contributors to the vLLM project",
    "Somebody Else",
)
SPELLINGS = ("NAVER Corp.", "NAVER Corporation", "Copyright (c) NAVER Corp", "NAVER Cloud Corp.")
WEAK = ("folder", "dates", "beside", "contributor", "imports")
SIGNS = ("comment", "notice", "credit", "in-tree", *WEAK)
GRAVE = ("missing", "replaced")

some = st.lists(st.sampled_from(HOLDERS), max_size=3).map(tuple)
headers = st.lists(st.sampled_from([*HOLDERS, *SPELLINGS]), max_size=3)
words = st.lists(st.sampled_from(["https://github.com/norae-labs/norae", "ComfyUI"]), max_size=2)


def judged(part: Component, *root: object, maker: str = "") -> list[Claim]:
    whole = component("project:x", *root)  # type: ignore[arg-type]
    held = Relation(whole.ref, part.ref, "contains", Location(""))
    scan = Scan(whole.ref, (whole, part), (held,), facts=facts(index=COVERAGE))
    ledger = Ledger()
    if maker:
        e = Evidence("origin/repository-owner", "manifest-analysis", "high", Location(".git"), "")
        ledger.add([Claim(whole.ref, "origin.developed.organisation", maker, (e,))])
    return list(lineage(scan, ledger, load()))


def accused(claims: list[Claim]) -> list[str]:
    return [
        claim.value
        for claim in claims
        if claim.attribute in ("attribution", "code-from.holder") and claim.value.endswith(GRAVE)
    ]


@settings(max_examples=150, deadline=None)
@given(theirs=some, header=headers, told=words, credited=st.booleans())
def test_nobody_is_accused_on_a_family(
    theirs: tuple[str, ...], header: list[str], told: list[str], credited: bool
) -> None:
    lines = [("copyright-holder", holder) for holder in header]
    part = component(
        "p",
        content("src/x.py", "family", theirs, order=""),
        source("src/x.py", *lines, *map(said, told)),
    )
    claims = judged(part, *([credit("https://github.com/a/b")] if credited else []))
    assert accused(claims) == []
    # What its comments name stands beside the family; the index names members and no donor.
    named = {c.value for c in claims if c.attribute == "code-from"}
    assert not any("modeling_norae" in value for value in named)


@settings(max_examples=150, deadline=None)
@given(
    theirs=st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=3).map(tuple),
    header=headers,
    sign=st.sampled_from(SIGNS),
)
def test_nobody_takes_from_ones_own_organisation(
    theirs: tuple[str, ...], header: list[str], sign: str
) -> None:
    lines = [("copyright-holder", holder) for holder in header]
    part = component(
        "p", content("src/x.py", "derived", theirs, sign=sign), source("src/x.py", *lines)
    )
    assert accused(judged(part, maker="NAVER Corporation")) == []


@settings(max_examples=100, deadline=None)
@given(theirs=some, header=headers, sign=st.sampled_from(WEAK))
def test_neither_a_folder_nor_days_nor_company_accuse_anybody(
    theirs: tuple[str, ...], header: list[str], sign: str
) -> None:
    lines = [("copyright-holder", holder) for holder in header]
    part = component(
        "p", content("src/x.py", "derived", theirs, sign=sign), source("src/x.py", *lines)
    )
    assert accused(judged(part)) == []


def test_the_same_facts_with_words_of_the_files_own_do() -> None:
    part = component("p", content("src/x.py", "derived"), source("src/x.py"))
    assert accused(judged(part)) == ["missing", "Norae Labs = missing"]
