"""Who develops a component: hits, and the many cases where nothing may be said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.identify.origin import claim_developer
from aisbom.knowledge import load
from aisbom.model import Claim, Component, Evidence, Location, Observation, facts
from aisbom.model.facts import HOLDER_LINE, HolderLine
from aisbom.model.ledger import Answer, resolve

K = load()


def component(
    *pairs: tuple[str, str],
    kind: str = "distribution",
    name: str = "example",
    purl: str | None = None,
    line: int = 3,
) -> Component:
    """A component with one sighting that holds these facts."""
    purl = f"pkg:pypi/{name}@1.0" if purl is None else purl
    evidence = Evidence(
        "test", "manifest-analysis", "high", Location(f"site/{name}.dist-info/METADATA", line), name
    )
    return Component(
        f"x-{name}",
        "library",
        name,
        "1.0",
        purl,
        (Observation(kind, name, "1.0", purl, evidence, facts(*pairs)),),
    )


def claims(subject: Component, attribute: str = "origin.developed") -> list[Claim]:
    return [claim for claim in claim_developer(subject, K) if claim.attribute == attribute]


def answer(subject: Component, attribute: str = "origin.developed") -> Answer:
    return resolve(claims(subject, attribute))


REPOSITORY = [
    ("project-url", "Source, https://github.com/huggingface/x", "US"),
    ("project-url", "Repository, https://github.com/UpstageAI/x.git", "KR"),
    ("project-url", "Source Code, git@github.com:mistralai/x.git", "FR"),
    ("project-url", "homepage, http://www.github.com/QwenLM/x", "CN"),
    ("project-url", "Bug Tracker, https://github.com/naver/x/issues", "KR"),
    ("home-page", "https://github.com/google/x", "US"),
    ("home-page", "github.com/google/x", "US"),
    ("vcs-url", "git+https://github.com/pfnet/x@abc#egg=x", "JP"),
    ("vcs-url", "git+ssh://git@github.com/idiap/x.git", "CH"),
    ("project-url", "Source, https://github.com/numpy/x", "international"),
    ("project-url", "Source, https://github.com/google-deepmind/x", "GB"),
    ("project-url", "Source, https://github.com/SAMSUNG/x", "KR"),
]


@pytest.mark.parametrize(("key", "value", "origin"), REPOSITORY)
def test_owner_of_the_repository(key: str, value: str, origin: str) -> None:
    found = answer(component((key, value)))
    assert (found.value, found.confidence) == (origin, "medium")


def test_both_hops_are_cited_with_the_place() -> None:
    (claim,) = claims(
        component(("project-url", "Source, https://github.com/Tencent/ncnn"), line=17)
    )
    (evidence,) = claim.evidence
    assert (
        evidence.by == "origin/repository-owner"
        and evidence.at.line == 17
        and evidence.confidence == "medium"
    )
    assert (
        evidence.excerpt
        == "project-url Source, https://github.com/Tencent/ncnn -> Tencent Holdings Ltd. [tencent,"
        " 2026-01] -> CN (legal seat KY)"
    )


def test_organisation_and_ultimate_parent_beside_it() -> None:
    subject = component(("project-url", "Source, https://github.com/google-deepmind/x"))
    assert answer(subject, "origin.developed.organisation").value == "Google DeepMind"
    assert answer(subject, "control").value == "US"
    assert "parent Alphabet Inc. -> US" in claims(subject, "control")[0].evidence[0].excerpt


def test_two_rules_that_agree_are_high() -> None:
    found = answer(
        component(("project-url", "Source, https://github.com/UpstageAI/x"), ("author", "Upstage"))
    )
    assert (found.value, found.confidence) == ("KR", "high")


def test_the_same_rule_twice_is_not_high() -> None:
    found = answer(
        component(
            ("project-url", "Source, https://github.com/UpstageAI/x"),
            ("vcs-url", "https://github.com/UpstageAI/x"),
        )
    )
    assert found.confidence == "medium"


def test_strong_rules_that_disagree_are_contested() -> None:
    found = answer(
        component(
            ("project-url", "Source, https://github.com/UpstageAI/x"), ("author", "Mistral AI")
        )
    )
    assert found.state == "contested" and found.values == ("FR", "KR")


@pytest.mark.parametrize(
    "pairs",
    [
        # Personal names, however national they sound, and addresses that anybody may have.
        [("author", "Kim Example"), ("author-email", "Kim Example <kim@gmail.com>")],
        [("author-email", "someone@naver.com")],
        [("author-email", "someone@qq.com")],
        [("author-email", "someone@web.de")],
        [("author-email", "someone@mail.example.kr")],
        [("author-email", "1+someone@users.noreply.github.com")],
        [("author-email", "list@python.org"), ("maintainer-email", "x@googlegroups.com")],
        [("author-email", "someone@snu.ac.kr")],
        [("author-email", "someone@stanford.edu")],
        [("author", "Mistral"), ("author", "Kimi"), ("author", "Yi"), ("author", "MIT")],
        [("author", "A contributor to PyTorch Team projects")],
        [("home-page", "https://someone.github.io/x")],
        [("home-page", "https://x.readthedocs.io")],
        [("home-page", "https://huggingface.co/docs/x")],
        [("home-page", "https://pypi.org/project/x")],
        [("home-page", "https://www.stanford.edu/~someone/x")],
        [("home-page", "https://notgoogle.com")],
        [("project-url", "Homepage, https://blog.naver.com/someone")],
        [("project-url", "Documentation, https://upstage.ai/docs")],
        [("project-url", "Funding, https://github.com/sponsors/huggingface")],
        [("project-url", "Source, https://github.com/features/actions")],
        [
            ("project-url", "Source, https://github.com/someone-unknown/x"),
            ("author-email", "someone@google.com"),
        ],
        [
            ("project-url", "Source, https://github.com/someone-unknown/x"),
            ("project-url", "Homepage, https://github.com/huggingface/x"),
        ],
        [("author-email", "a@google.com, b@navercorp.com")],
        [("home-page", "")],
        [("home-page", "https://[broken")],
        [("author-email", "<<<>>>@@@")],
        [("project-url", "no comma here")],
    ],
)
def test_where_nothing_may_be_said(pairs: list[tuple[str, str]]) -> None:
    found = answer(component(*pairs))
    assert found.state == "unknown", found


def test_metadata_that_names_nobody_we_know_is_unknown_out_loud() -> None:
    (claim,) = claims(component(("author", "Somebody"), ("author-email", "x@gmail.com")))
    assert claim.value == "unknown" and "no organisation" in claim.evidence[0].excerpt


def test_a_name_without_metadata_gets_no_claim() -> None:
    assert claims(component(kind="requirement")) == []
    assert (
        claims(
            component(("author", "Google"), ("home-page", "https://google.com"), kind="requirement")
        )
        == []
    )
    assert claims(component()) == []


@pytest.mark.parametrize("name", ["tqdm", "einops", "rich", "kss", "x-transformers"])
def test_a_person_run_project_has_no_country(name: str) -> None:
    subject = component(
        ("author-email", "someone@google.com"),
        ("project-url", "Source, https://github.com/someone/x"),
        name=name,
    )
    found = answer(subject)
    assert found.value == "person-undisclosed"
    assert all(claim.value != "US" for claim in found.carried)


def test_an_account_that_one_person_runs() -> None:
    assert (
        answer(component(("project-url", "Source, https://github.com/lucidrains/x"))).value
        == "person-undisclosed"
    )


@pytest.mark.parametrize("kind", ["requirement", "locked", "distribution"])
def test_the_package_table_speaks_for_a_bare_name(kind: str) -> None:
    (claim,) = claims(component(kind=kind, name="torch"))
    assert (
        claim.value == "international"
        and claim.evidence[0].by == "origin/package-table"
        and claim.evidence[0].confidence == "medium"
    )


@pytest.mark.parametrize(
    ("owner", "origin", "seat", "control"),
    [
        ("pytorch", "international", ["US"], []),
        ("apache", "international", ["US"], []),
        ("eclipse", "international", ["BE"], []),
        ("vllm-project", "international", ["US"], []),
        ("numpy", "international", [], []),
        ("upstageai", "KR", [], ["KR"]),
    ],
)
def test_a_foundation_has_a_seat_beside_its_answer(
    owner: str, origin: str, seat: list[str], control: list[str]
) -> None:
    subject = component(("project-url", f"Source, https://github.com/{owner}/x"))
    found = list(claim_developer(subject, K))
    assert {c.value for c in found if c.attribute == "origin.developed"} == {origin}
    assert [c.value for c in found if c.attribute == "origin.developed.seat"] == seat
    assert [c.value for c in found if c.attribute == "control"] == control


def test_the_package_table_is_silent_on_a_project_of_that_name() -> None:
    assert claims(component(kind="project", name="triton")) == []
    assert answer(component(("author", "Upstage"), kind="project", name="triton")).value == "KR"


def test_an_employee_elsewhere_does_not_move_a_project() -> None:
    found = answer(
        component(
            ("project-url", "Source, https://github.com/fsspec/x"),
            ("maintainer-email", "Some One <so@anaconda.com>"),
        )
    )
    assert found.value == "international" and [claim.value for claim in found.against] == ["US"]


@pytest.mark.parametrize(
    "mail",
    [
        "sdk-team@upstage.ai",
        "example@upstage.ai",
        "Team <opensource@upstage.ai>",
        "upstage@upstage.ai",
    ],
)
def test_an_address_of_a_team_speaks_for_the_project(mail: str) -> None:
    subject = component(
        ("project-url", "Source, https://github.com/someone-unknown/x"), ("author-email", mail)
    )
    assert answer(subject).value == "KR"


def test_company_mail_without_any_repository() -> None:
    assert answer(component(("author-email", "Some One <some.one@upstage.ai>"))).value == "KR"


@pytest.mark.parametrize(
    ("repository", "origin"),
    [
        ("https://github.com/zopefoundation/x", "international"),
        ("https://github.com/nobody-known/x", "unknown"),
        ("", "international"),
    ],
)
def test_a_project_that_left_its_foundation_keeps_the_old_author_line(
    repository: str, origin: str
) -> None:
    pairs = [("author", "Zope Foundation and Contributors"), ("author-email", "Team <x@zope.org>")]
    pairs += [("project-url", f"Source, {repository}")] if repository else []
    assert answer(component(*pairs, name="x")).value == origin


def test_a_company_that_is_named_as_author_speaks_wherever_the_repository_lies() -> None:
    assert (
        answer(
            component(
                ("author", "Google LLC"),
                ("project-url", "Source, https://github.com/nobody-known/x"),
            )
        ).value
        == "US"
    )


@pytest.mark.parametrize(
    ("remote", "package", "origin"),
    [
        # The manifest came with the folder `whisper`: the whole is another project.
        ("https://github.com/nobody-known/prompting-whisper", "whisper", "unknown"),
        ("https://github.com/naver/prompting-whisper", "whisper", "KR"),
        ("https://github.com/openai/prompting-whisper", "whisper", "US"),
        ("https://github.com/nobody-known/Whisper", "whisper", "US"),
        ("https://github.com/nobody-known/clova_net", "clova.net", "US"),
        ("", "whisper", "US"),
    ],
)
def test_an_author_in_a_manifest_of_another_name_is_a_hint(
    remote: str, package: str, origin: str
) -> None:
    manifest = component(("author", "OpenAI"), kind="project", name=package, purl="")
    fetched = Observation(
        "repository",
        package,
        "",
        "",
        Evidence("git", "manifest-analysis", "high", Location(".git"), remote),
        facts(*([("remote", remote)] if remote else [])),
    )
    whole = replace(manifest, observations=(*manifest.observations, fetched))
    assert answer(whole).value == origin


def test_fetched_from_outranks_links() -> None:
    subject = component(
        ("vcs-url", "git+https://github.com/someone-unknown/x"),
        ("project-url", "Source, https://github.com/huggingface/x"),
    )
    assert answer(subject).state == "unknown"


def test_the_site() -> None:
    assert answer(component(("project-url", "Homepage, https://docs.langchain.com/"))).value == "US"
    assert (
        answer(component(("home-page", "https://developers.google.com/protocol-buffers/"))).value
        == "US"
    )


def test_a_row_of_low_confidence_leaves_a_hint() -> None:
    found = answer(component(("project-url", "Source, https://github.com/hpcaitech/x")))
    assert found.state == "unknown" and [claim.value for claim in found.against] == ["SG"]


def test_an_organisation_without_a_seat_is_named() -> None:
    subject = component(("project-url", "Source, https://github.com/nari-labs/x"))
    assert answer(subject).state == "unknown"
    assert answer(subject, "origin.developed.organisation").value == "Nari Labs"


def _licence(*lines: tuple[str, int, str]) -> Component:
    sightings = tuple(
        Observation(
            "notice",
            "x",
            "",
            "",
            Evidence("notices", "manifest-analysis", "high", Location(path, line)),
            facts(HOLDER_LINE(HolderLine(holder, line))),
        )
        for path, line, holder in lines
    )
    return Component(
        "x-1",
        "library",
        "x",
        "",
        "",
        (*component(("author", "Somebody"), name="x").observations, *sightings),
    )


def test_first_holder_of_the_top_licence_file() -> None:
    subject = _licence(
        ("LICENSE", 3, "Copyright 2024 Upstage AI"),
        ("LICENSE", 40, "NVIDIA Corporation"),
        ("third_party/LICENSE", 1, "Google LLC"),
    )
    assert answer(subject).value == "KR"
    assert answer(subject).carried[0].evidence[0].at == Location("LICENSE", 3)


def test_later_holders_and_source_headers_do_not_count() -> None:
    assert (
        answer(_licence(("LICENSE", 1, "Somebody"), ("LICENSE", 40, "Google LLC"))).state
        == "unknown"
    )
    assert answer(_licence(("src/model.py", 1, "Google LLC"))).state == "unknown"
    assert answer(_licence(("LICENSE", 1, "Free Software Foundation, Inc."))).state == "unknown"


def test_a_notice_file_and_a_licence_named_after_another_are_of_third_parties() -> None:
    for other in ("NOTICE", "LICENSE_norae.md"):
        rows = ("LICENSE", 3, "Upstage AI"), (other, 3, "NVIDIA Corporation")
        assert answer(_licence(*rows)).value == "KR"
        assert answer(_licence(("LICENSE", 3, "Somebody"), rows[1])).state == "unknown"
        assert answer(_licence(rows[1])).value == "US", "where there is no other"
        subject = _licence(rows[1])
        nobody = replace(_licence(rows[0]).observations[-1], facts=())
        subject = replace(subject, observations=(*subject.observations, nobody))
        assert answer(subject).state == "unknown", "the plain licence names nobody"


def test_the_account_of_a_checkout_outweighs_a_holder_of_its_licence() -> None:
    owner = component(kind="repository", purl="pkg:github/upstageai/x@abc").observations
    held = _licence(("LICENSE", 3, "NVIDIA Corporation"))
    purl = "pkg:github/upstageai/x@abc"
    found = answer(Component("x", "library", "x", "", purl, (*owner, *held.observations)))
    assert found.value == "KR" and {claim.value for claim in found.against} == {"US"}


def test_purl_of_a_code_host() -> None:
    subject = component(kind="repository", purl="pkg:github/vllm-project/vllm@abc")
    assert answer(subject).value == "international"


def test_models_are_not_answered_here() -> None:
    assert (
        claims(
            component(
                ("model-id", "Qwen/Qwen2.5-7B"),
                kind="model",
                purl="pkg:huggingface/Qwen/Qwen2.5-7B",
            )
        )
        == []
    )


TEXT = st.text(max_size=60)
KEYS = st.sampled_from(
    [
        "author",
        "author-email",
        "maintainer",
        "home-page",
        "project-url",
        "vcs-url",
        "copyright-holder",
        "license",
    ]
)
PAIRS = st.lists(
    st.tuples(KEYS, TEXT | st.sampled_from([value for _, value, _ in REPOSITORY])), max_size=6
)


@given(PAIRS)
def test_whatever_metadata_says_claims_are_well_formed(pairs: list[tuple[str, str]]) -> None:
    for claim in claim_developer(component(*pairs), K):
        assert claim.evidence and all(len(e.excerpt) <= 200 for e in claim.evidence)
        if claim.attribute in ("origin.developed", "control"):
            assert claim.value in K.countries or claim.value in (
                "international",
                "unknown",
                "person-undisclosed",
            )


@given(PAIRS)
def test_order_of_facts_changes_nothing(pairs: list[tuple[str, str]]) -> None:
    assert list(claim_developer(component(*pairs), K)) == list(
        claim_developer(component(*reversed(pairs)), K)
    )


@given(st.from_regex(r"[A-Z][a-z]{3,9} [A-Z][a-z]{3,9}ova?", fullmatch=True))
def test_a_personal_name_alone_never_has_a_country(name: str) -> None:
    assert (
        answer(component(("author", name), ("author-email", f"{name} <x@gmail.com>"))).state
        == "unknown"
    )


@pytest.mark.parametrize(
    ("holder", "values"),
    [
        ("Carnegie Mellon University", ("US",)),
        # A company's line may have come with what was copied: that contests whose account it is.
        ("Hugging Face, Inc.", ("US", "person-undisclosed")),
        ("Somebody", ("person-undisclosed",)),
    ],
)
def test_a_university_s_copyright_in_the_account_of_one_person(
    holder: str, values: tuple[str, ...]
) -> None:
    at = Evidence("notices", "manifest-analysis", "high", Location("LICENSE", 3), holder)
    licence = Observation(
        "notice", "LICENSE", "", "", at, facts(HOLDER_LINE(HolderLine(holder, 3)))
    )
    git = Evidence("git", "manifest-analysis", "high", Location(".git"), "")
    remote = facts(vcs_url="https://github.com/a-r-r-o-w/norae")
    lies = Observation("repository", "norae", "", "", git, remote)
    whole = Component("x", "application", "norae", "", "", (licence, lies))
    assert answer(whole).values == values
