"""Headers of a code tree: a holder with a real share speaks, a single file does not, and a
project's word is declared, not derived.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aisbom.identify import source_headers
from aisbom.knowledge import load
from aisbom.model import Claim, Component, Evidence, Location, Observation, Relation, Scan, facts
from aisbom.model.ledger import Ledger, resolve


def source(path: str, lines: int, *holders: str) -> Observation:
    evidence = Evidence(
        "notices",
        "source-code-analysis",
        "high",
        Location(path, 1),
        f"# Copyright {' '.join(holders)}",
    )
    return Observation(
        "source",
        path,
        "",
        "",
        evidence,
        facts(*(("copyright-holder", h) for h in holders), lines=lines),
    )


def tree(*sources: Observation) -> Component:
    return Component("code:src", "file", "src", "", "", tuple(sorted(sources)))


def origin(*sources: Observation) -> list[Claim]:
    return [
        c
        for c in source_headers.holders(tree(*sources), load())
        if c.attribute == "origin.developed"
    ]


def test_a_holder_of_most_lines_speaks_for_the_tree() -> None:
    (claim,) = origin(source("a.py", 90, "Google LLC"), source("b.py", 10))
    assert (claim.value, claim.evidence[0].confidence) == ("US", "medium")
    assert "90% of the lines" in claim.evidence[0].excerpt
    assert claim.evidence[0].at == Location("a.py", 1)


def test_somebody_s_file_among_others_does_not() -> None:
    (claim,) = origin(source("a.py", 10, "Google LLC"), source("b.py", 90))
    assert claim.value == "unknown"


def test_less_than_half_of_the_lines_is_a_hint() -> None:
    (claim,) = origin(source("a.py", 30, "Google LLC"), source("b.py", 70))
    assert (claim.value, resolve([claim]).state) == ("US", "unknown")


def test_two_holders_from_two_countries_are_both() -> None:
    (claim,) = origin(source("a.py", 50, "Google LLC"), source("b.py", 50, "Alibaba Group"))
    assert claim.value == "CN,US"


def test_a_person_finds_nothing() -> None:
    (claim,) = origin(source("a.py", 100, "J. Random Hacker"))
    assert claim.value == "unknown"


def project(value: str) -> Claim:
    evidence = Evidence(
        "origin/repository-owner",
        "manifest-analysis",
        "medium",
        Location("pyproject.toml", 3),
        "project-url",
    )
    return Claim("root", "origin.developed", value, (evidence,))


def inherited(own: Component, held: list[Relation], claims: list[Claim]) -> Iterator[Claim]:
    at = (Evidence("path-role/folder", "filename", "medium", Location("a.py")),)
    ledger = Ledger([*claims, Claim(own.ref, "path-role", "product", at)])
    return source_headers.inherit_project_claims(Scan("root", (own,), tuple(held)), ledger, load())


def test_a_tree_without_headers_is_declared_by_its_project() -> None:
    own = tree(source("a.py", 100))
    held = [Relation("root", own.ref, "contains", Location("a.py"))]
    (claim,) = inherited(own, held, [project("KR"), *origin(source("a.py", 100))])
    assert (claim.value, claim.status, claim.evidence[0].by) == (
        "KR",
        "declared",
        "origin/project-steward",
    )


def test_a_header_that_says_something_else_is_not_overwritten() -> None:
    files = (source("a.py", 100, "Google LLC"),)
    own = tree(*files)
    held = [Relation("root", own.ref, "contains", Location("a.py"))]
    claims = [project("KR"), *source_headers.holders(own, load())]
    assert list(inherited(own, held, claims)) == []


def test_a_country_of_the_headers_has_no_organisation_of_the_project() -> None:
    """Two holders of one country leave no organisation: the project's is not put beside it."""
    own = tree(source("a.py", 100, "Google LLC", "OpenAI"))
    held = [Relation("root", own.ref, "contains", Location("a.py"))]
    made = replace(project("Zhipu AI"), attribute="origin.developed.organisation")
    claims = [project("CN"), made, *source_headers.holders(own, load())]
    assert [claim.value for claim in inherited(own, held, claims)] == []


def test_every_known_holder_is_listed_with_its_share() -> None:
    claims = source_headers.holders(
        tree(
            source("a.py", 90, "Google LLC"),
            source("b.py", 10, "Alibaba Group", "J. Random Hacker"),
        ),
        load(),
    )
    values = [c.value for c in claims if c.attribute == "copyright-organisation"]
    assert [value.partition(": ")[2] for value in values] == [
        "US, 1 of 2 files, 0.9000 of the lines",
        "CN, 1 of 2 files, 0.1000 of the lines",
    ]
