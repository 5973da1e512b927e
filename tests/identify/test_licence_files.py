"""Observed and concluded licences, contradictions, and whose licence text a component bears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aisbom.identify import identify
from aisbom.identify.licence_agreement import agree, covers
from aisbom.identify.licence_files import (
    claim_observed_licence,
    licences,
    sentences,
    stewards,
)
from aisbom.knowledge import load
from aisbom.model import Claim, Component, Evidence, Location, Observation, Scan, facts
from aisbom.model.facts import SAYS_LICENCE, LicenceSaid
from aisbom.model.ledger import Ledger, resolve
from tests.identify.test_forks import root
from tests.identify.test_origin import component

K = load()


def notice(path: str, guess: str = "", **more: str) -> Observation:
    evidence = Evidence("notices", "manifest-analysis", "high", Location(path), "")
    named = facts(
        *((key.replace("_", "-"), value) for key, value in more.items()),
        file_kind="licence",
        licence_guess=guess,
    )
    return Observation("notice", path.rpartition("/")[2], "", "", evidence, named)


def with_files(subject: Component, *files: Observation) -> Component:
    return replace(subject, observations=tuple(sorted((*subject.observations, *files))))


def values(claims: list[Claim], attribute: str) -> list[str]:
    return [claim.value for claim in claims if claim.attribute == attribute]


def conclusions(subject: Component) -> list[Claim]:
    return [
        c for c in licences(subject, K) if c.attribute in ("licence.concluded", "contradiction")
    ]


def hints(subject: Component) -> list[Claim]:
    return list(stewards(Scan("", (subject,)), Ledger(identify(subject, K)), K))


def test_what_agrees_is_concluded_and_surer() -> None:
    subject = with_files(
        component(("license", "MIT"), kind="distribution"),
        notice("x.dist-info/licenses/LICENSE", "MIT"),
    )
    found = resolve(conclusions(subject))
    assert (found.value, found.confidence) == ("MIT", "high")


def test_what_differs_is_a_contradiction_with_both_places() -> None:
    subject = with_files(
        component(("license", "MIT"), kind="distribution"),
        notice("x.dist-info/licenses/LICENSE", "GPL-3.0"),
    )
    claims = list(conclusions(subject))
    assert values(claims, "licence.concluded") == []
    (sentence,) = values(claims, "contradiction")
    assert "declares MIT" in sentence
    assert "x.dist-info/licenses/LICENSE holds the text of GPL-3.0" in sentence
    assert len(claims[0].evidence) == 2


def test_a_text_alone_and_a_declaration_alone() -> None:
    alone = with_files(component(kind="project"), notice("LICENSE", "ISC"))
    assert resolve(conclusions(alone)).value == "ISC"
    assert resolve(conclusions(component(("license", "ISC"), kind="distribution"))).value == "ISC"


def test_words_that_leave_it_open_are_settled_by_the_text() -> None:
    subject = with_files(
        component(("license", "BSD"), kind="distribution"),
        notice("x.dist-info/LICENSE", "BSD-3-Clause"),
    )
    assert resolve(conclusions(subject)).value == "BSD-3-Clause"


def test_two_files_that_bear_their_licences_in_their_names_are_a_choice() -> None:
    files = [
        notice("x.dist-info/licenses/LICENSE-MIT", "MIT"),
        notice("x.dist-info/licenses/LICENSE-APACHE", "Apache-2.0"),
    ]
    stated = with_files(
        component(("license-expression", "MIT OR Apache-2.0"), kind="distribution"), *files
    )
    assert resolve(conclusions(stated)).value == "MIT OR Apache-2.0"
    part = with_files(component(("license-expression", "MIT"), kind="distribution"), *files)
    assert resolve(conclusions(part)).value == "MIT"
    unstated = with_files(
        component(kind="project"),
        *(replace(f, evidence=replace(f.evidence, at=Location(f.name))) for f in files),
    )
    assert resolve(conclusions(unstated)).value == "Apache-2.0 OR MIT"


def test_two_files_of_which_nothing_says_how_they_go_together() -> None:
    files = [notice("LICENSE", "MIT"), notice("COPYING", "Apache-2.0")]
    subject = with_files(component(kind="project"), *files)
    assert resolve(conclusions(subject)).state == "unknown"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("LICENSE-Live2D.md", "agreed"),
        ("LICENSE-x", "unknown"),
        ("LICENSE-restrictions.md", "unknown"),
        ("LICENSE-Norae", "unknown"),
    ],
)
def test_a_file_called_after_a_part_that_is_brought_along_holds_for_that_part(
    name: str, state: str
) -> None:
    own = notice(name, licence_title="Terms of Use for Samples", licence_restricts="")
    subject = with_files(component(kind="project", name="norae"), notice("LICENSE", "MIT"), own)
    answer = resolve([c for c in licences(subject, K) if c.attribute == "licence.observed"])
    assert (answer.state, answer.value) == (state, "MIT" if state == "agreed" else "unknown")


def test_what_lies_deeper_does_not_speak_for_the_whole() -> None:
    files = [
        notice("x.dist-info/licenses/LICENSE", "MIT"),
        notice("x.dist-info/licenses/vendor/y/LICENSE", "GPL-3.0"),
    ]
    subject = with_files(component(("license", "MIT"), kind="distribution"), *files)
    assert values(list(claim_observed_licence(subject, K)), "licence.observed") == ["MIT"]


@pytest.mark.parametrize("more", [{"licence_rest": "500"}, {"licence_line": "300"}])
def test_a_file_with_much_else_in_it_is_a_hint(more: dict[str, str]) -> None:
    subject = with_files(component(kind="project"), notice("LICENSE", "MIT", **more))
    assert resolve(claim_observed_licence(subject, K)).state == "unknown"


def test_added_terms_are_said() -> None:
    subject = with_files(
        component(kind="project"), notice("LICENSE", "", licence_altered="MIT: commons clause")
    )
    (claim,) = claim_observed_licence(subject, K)
    assert claim.value == "unknown"
    assert "commons clause" in claim.evidence[0].excerpt


@pytest.mark.parametrize(
    ("declared", "text", "fits"),
    [
        ("GPL-3.0-or-later", "GPL-3.0", True),
        ("GPL-2.0-only", "GPL-3.0", False),
        ("LGPL-3.0-only", "GPL-3.0", False),
        ("MIT AND BSD-3-Clause", "BSD-3-Clause", True),
        ("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception", True),
        ("PSF-2.0", "Python-2.0.1", True),
        ("LicenseRef-EXAONE", "LicenseRef-EXAONE-1.1-NC", True),
        ("LicenseRef-Llama-3", "LicenseRef-Llama-3.1", False),
        ("LicenseRef-EXAONE-1.1-NC", "LicenseRef-EXAONE-1.2-NC", False),
        ("BSD-2-Clause", "BSD-3-Clause", False),
    ],
)
def test_whether_a_text_is_the_declared_one(declared: str, text: str, fits: bool) -> None:
    assert agree(declared, text) is fits
    assert covers(declared, [text]) is fits
    assert not covers(declared, [text, "ISC"])


def test_another_labs_licence_is_a_hint_and_no_origin() -> None:
    subject = component(
        ("model-id", "skt/A.X-4.0"),
        ("license", "other"),
        ("license-name", "qwen"),
        kind="model",
        purl="",
    )
    claims = hints(subject)
    assert resolve(claims).state == "unknown"
    assert values(claims, "licence.steward") == [K.organisation("alibaba").name]  # type: ignore[union-attr]
    assert "the maker is SK Telecom" in claims[0].evidence[0].excerpt
    assert not [c for c in claims if c.attribute.startswith("origin")]
    assert hints(component(("license", "MIT"), kind="distribution")) == []


@pytest.mark.parametrize(
    ("address", "concluded"),
    [
        ("https://github.com/pytorch/vision", ["BSD-3-Clause"]),  # a manifest that was left here
        ("https://github.com/norae-labs/norae", []),
        ("https://github.com/norae-labs/an-old-name", []),
        ("https://norae.example.org", []),
    ],
)
def test_a_manifest_of_another_project_does_not_contest_the_licence_here(
    address: str, concluded: list[str]
) -> None:
    pairs = (("license", "MIT"), ("home-page", address))
    subject = with_files(
        root("https://github.com/norae-labs/norae", *pairs), notice("LICENSE", "BSD-3-Clause")
    )
    assert values(list(licences(subject, K)), "licence.concluded") == concluded


def test_terms_of_a_data_set_do_not_hold_for_code_of_which_a_sentence_speaks() -> None:
    said = SAYS_LICENCE(LicenceSaid("code", "GPL-3.0", 9, "GNU GPL v3.0 for the Code"))
    at = Evidence("licence-sentences", "manifest-analysis", "medium", Location("README.md", 9), "")
    readme = Observation("notice", "", "", "", at, facts(said, file_kind="readme"))
    terms = notice("LICENSE", "CC-BY-NC-4.0", licence_part="data")
    both = with_files(component(kind="project"), terms, readme)
    assert values(conclusions(both), "licence.concluded") == ["GPL-3.0-only"]
    alone = with_files(component(kind="project"), terms)
    assert values(conclusions(alone), "licence.concluded") == ["CC-BY-NC-4.0"]


@pytest.mark.parametrize(
    ("folder", "sure"), [("", "medium"), ("code", "medium"), ("code/norae", "low")]
)
def test_a_readme_further_down_speaks_for_its_folder(folder: str, sure: str) -> None:
    said = SAYS_LICENCE(LicenceSaid("all", "CC-BY-NC-4.0", 9, "Norae is under CC-BY-NC 4.0"))
    path = f"{folder}/README.md".strip("/")
    at = Evidence("licence-sentences", "manifest-analysis", "medium", Location(path, 9), "")
    files = [
        Observation("source", "a.py", "", "", replace(at, at=Location(place)), ())
        for place in ("code/a.py", "code/norae/b.py")
    ]
    readme = Observation("notice", "", "", "", at, facts(said, file_kind="readme"))
    tree = Component("code:code", "library", "code", "", "", (*files, readme))
    (claim,) = sentences(tree)
    assert {e.confidence for e in claim.evidence} == {sure}


def test_a_sentence_without_a_version_excludes_no_later_one() -> None:
    said = SAYS_LICENCE(LicenceSaid("all", "AGPL-3.0", 9, "under the AGPL v3"))
    at = Evidence("licence-sentences", "manifest-analysis", "medium", Location("README.md", 9), "")
    readme = Observation("notice", "", "", "", at, facts(said, file_kind="readme"))
    for guess, value in (("AGPL-3.0-or-later", "AGPL-3.0-or-later"), ("AGPL-3.0", "AGPL-3.0-only")):
        subject = with_files(component(kind="project"), notice("LICENSE", guess), readme)
        assert values(conclusions(subject), "licence.concluded") == [value]


@pytest.mark.parametrize(
    ("title", "concluded"),
    [
        ("Norae License", ["LicenseRef-x-Norae-License"]),
        ("Norae Licensing Agreement", ["LicenseRef-x-Norae-Licensing-Agreement"]),
        # An unusual text of a known licence, or of none that has a name.
        ("The MIT License", ["MIT"]),
        ("Software License Agreement", ["MIT"]),
        ("License", ["MIT"]),
    ],
)
def test_a_text_with_a_name_of_its_own_outweighs_a_classifier(
    title: str, concluded: list[str]
) -> None:
    text = notice("x/LICENSE", licence_title=title)
    subject = with_files(component(("license", "MIT"), kind="project"), text)
    found = [c for c in licences(subject, K) if c.attribute == "licence.concluded"]
    said = values(found, "licence.concluded") or [
        Ledger(licences(subject, K)).licence("x-example").value
    ]
    assert said == concluded
