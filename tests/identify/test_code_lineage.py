from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from aisbom.identify.code_lineage import lineage
from aisbom.knowledge import load
from aisbom.model import Claim, Component, Evidence, Location, Observation, Relation, Scan, facts
from aisbom.model.facts import (
    COPY_OF,
    HOLDER_LINE,
    IN_TREE,
    LATER_HOLDER,
    MEMBER,
    ORDER_SIGN,
    ORIGINAL_HOLDER,
    SAID_SOURCE,
    THEIR_HOLDER,
    THEIR_REPOSITORY,
    CopyOf,
    FileHolder,
    HolderLine,
    LaterHolder,
    Member,
    OfMember,
    OrderSign,
    SaidSource,
)
from aisbom.model.ledger import Ledger, resolve

UPSTREAM = "pkg:pypi/norae#norae/modeling_norae.py"
COVERAGE = "2 releases of 1 project"


def content(
    path: str,
    basis: str = "derived",
    holders: tuple[str, ...] = ("Norae Labs",),
    order: str = "line 1 names it",
    sign: str = "comment",
    upstream: str = UPSTREAM,
    share: float = 0.88,
) -> Observation:
    """A file that agrees with one file of an index, whose header names `holders`."""
    evidence = Evidence(
        "lineage",
        "ast-fingerprint",
        "medium",
        Location(path, 7),
        "88% of its fingerprints are in it",
    )
    told = [THEIR_HOLDER(OfMember(0, holder)) for holder in holders]
    pairs = facts(
        ("lineage", basis),
        ("percentile", "0.9991"),
        MEMBER(Member(0, *upstream.split("#"), share, 0.71)),
        *([ORDER_SIGN(OrderSign(0, sign, 1, "", order))] if order else []),
        THEIR_REPOSITORY(OfMember(0, "https://host.example/norae-labs/norae")),
        *told,
    )
    return Observation("content", "x.py", "", "", evidence, pairs)


def source(path: str, *pairs: tuple[str, str]) -> Observation:
    evidence = Evidence("notices", "source-code-analysis", "high", Location(path, 1), "# a header")
    return Observation("source", "x.py", "", "", evidence, facts(("lines", "100"), *pairs))


def credit(name: str) -> Observation:
    return Observation(
        "credit",
        name,
        "",
        "",
        Evidence("credits", "manifest-analysis", "medium", Location("NOTICE", 4), name),
        (),
    )


def said(source: str) -> tuple[str, str]:
    return SAID_SOURCE(SaidSource(1, source, True))


def component(ref: str, *seen: Observation) -> Component:
    return Component(ref, "library", ref, "", "", tuple(sorted(seen)))


def claimed(components: Sequence[Component], relations: Sequence[Relation]) -> Iterator[Claim]:
    scan = Scan("", tuple(components), tuple(relations), facts=facts(index=COVERAGE))
    return lineage(scan, Ledger(), load())


def judged(part: Component, *root: Observation) -> dict[str, set[str]]:
    whole = component("project:x", *root)
    held = Relation(whole.ref, part.ref, "contains", Location(""))
    found: dict[str, set[str]] = {}
    for claim in claimed([whole, part], [held]):
        found.setdefault(claim.attribute, set()).add(claim.value)
    return found


def test_a_header_that_names_somebody_else_is_replaced() -> None:
    part = component(
        "p", content("src/x.py"), source("src/x.py", ("copyright-holder", "Haneul Compute"))
    )
    assert judged(part) == {
        "code-from": {UPSTREAM},
        "code-from.basis": {"derived"},
        "attribution": {"replaced"},
        "code-from.holder": {"Norae Labs = replaced"},
    }


def test_nobody_is_judged_by_a_family_and_no_donor_is_named() -> None:
    for header in ((), (("copyright-holder", "Haneul Compute"),)):
        part = component("p", content("src/x.py", "family"), source("src/x.py", *header))
        assert judged(part) == {
            "code-from.member": {UPSTREAM},
            "code-from.basis": {"family"},
            "attribution": {"unknown"},
        }


def test_a_line_that_names_a_holder_with_another_is_that_of_a_file_beside() -> None:
    """A project has many files of one make: who keeps the line of one lost none of another."""
    made = content("src/x.py", holders=("Norae Labs and Upstage",), sign="notice")
    line = ("copyright-holder", "OpenAI and Norae Labs")
    found = judged(component("p", made, source("src/x.py", line)))
    assert found["attribution"] == {"kept"}
    assert found["code-from"] == {"pkg:pypi/norae"}
    apart = (("copyright-holder", "OpenAI"), ("copyright-holder", "Norae Labs"))
    found = judged(component("p", made, source("src/x.py", *apart)))
    assert "replaced" in found["attribution"]


def test_each_holder_of_the_original_has_an_answer_of_its_own() -> None:
    holders = (
        "contributors to the vLLM project",
        "The ZhipuAI Team",
        "EleutherAI and the HuggingFace Inc. team",
    )
    mine = ("Copyright contributors to the vLLM project", "Haneul Compute", "EleutherAI and others")
    part = component(
        "p",
        content("src/x.py", holders=holders),
        source("src/x.py", *(("copyright-holder", name) for name in mine)),
    )
    found = judged(part, credit("Hugging Face"))
    assert found["code-from.holder"] == {
        "vLLM project = kept",
        "EleutherAI Institute = kept",
        "Zhipu AI (Z.ai) = replaced",
        "Hugging Face, Inc. = repository-level",
    }
    assert found["code-from.country"] == {"CN", "US", "international"}
    claims = [c for c in claimed([part], []) if c.attribute == "attribution"]
    assert len(claims) == 4
    assert resolve(claims).value == "replaced"


def test_an_original_that_names_nobody_accuses_nobody_and_is_credited_all_the_same() -> None:
    bare = content("src/x.py", holders=())
    assert judged(component("p", bare, source("src/x.py")))["attribution"] == {"unknown"}
    stated = component("p", bare, source("src/x.py", said("https://host.example/o/norae/a.py")))
    assert judged(stated)["attribution"] == {"kept"}
    part = component("p", bare, source("src/x.py"))
    assert judged(part, credit("norae"))["attribution"] == {"repository-level"}
    assert judged(part, credit("noraebang"))["attribution"] == {"unknown"}


def test_an_original_that_names_nobody_is_credited_by_the_line_of_who_publishes_it() -> None:
    bare = content("src/x.py", holders=())
    where = THEIR_REPOSITORY(OfMember(0, "https://github.com/upstageai/norae"))
    bare = replace(bare, facts=facts(*[row for row in bare.facts if row[0] != where[0]], where))
    lines = [
        source(
            "src/x.py",
            ("copyright-holder", holder),
            HOLDER_LINE(HolderLine(holder, 2)),
        )
        for holder in ("Upstage", "Haneul Compute")
    ]
    found = [judged(component("p", bare, line))["attribution"] for line in lines]
    assert found == [{"kept"}, {"unknown"}]


def test_nobody_takes_from_oneself() -> None:
    made = content("src/x.py", holders=("Upstage",), order="a NOTICE credits it", sign="credit")
    part = component("p", made, source("src/x.py"))
    root = component("project:x")
    scan = Scan(root.ref, (root, part), (Relation("project:x", "p", "contains", Location("")),))
    evidence = Evidence("origin/repository-owner", "manifest-analysis", "medium", Location(".git"))
    ledger = Ledger([Claim(root.ref, "origin.developed.organisation", "Upstage", (evidence,))])
    claims = list(lineage(scan, ledger, load()))
    assert {c.value for c in claims if c.attribute == "attribution"} <= {"unknown"}
    assert {c.value for c in claims if c.attribute == "code-from.basis"} == {"family"}
    assert not [c for c in claims if c.attribute == "code-from"]


@pytest.mark.parametrize(
    ("address", "sources"),
    [
        # Another account of the same group: the project has moved. In somebody else's, it is a fork.
        ("https://github.com/alibaba-damo-academy/norae", set()),
        ("https://github.com/vllm-project/norae", {"pkg:github/vllm-project/norae"}),
        ("https://github.com/alibaba-damo-academy/sori", {"pkg:github/alibaba-damo-academy/sori"}),
    ],
)
def test_an_earlier_address_of_the_project_is_no_other_project(
    address: str, sources: set[str]
) -> None:
    e = Evidence("git", "manifest-analysis", "high", Location(".git"), "")
    remote = facts(("vcs-url", "https://github.com/modelscope/Norae"))
    root = component("project:x", Observation("repository", "norae", "", "", e, remote))
    part = component("p", source("src/x.py", said(address)))
    scan = Scan(
        root.ref,
        (root, part),
        (Relation("project:x", "p", "contains", Location("")),),
        facts=facts(index=COVERAGE),
    )
    claims = list(lineage(scan, Ledger(), load()))
    found = {c.value for c in claims if c.attribute == "code-from"}
    assert {one for one in found if one.startswith("pkg:")} == sources


def test_a_fork_is_made_by_whoever_forked_and_holds_what_is_anothers() -> None:
    """That a manifest still names upstream makes nobody of the fork its holder."""
    e = Evidence("git", "manifest-analysis", "high", Location(".git"), "")
    remote = facts(
        ("vcs-url", "https://github.com/upstageai/vllm"),
        COPY_OF(CopyOf("https://github.com/vllm-project/vllm", "pkg:pypi/vllm@0.12.0")),
    )
    root = component("project:x", Observation("repository", "vllm", "", "", e, remote))
    made = content("src/x.py", holders=("contributors to the vLLM project",), sign="in-tree")
    part = component("p", made, source("src/x.py"))
    scan = Scan(root.ref, (root, part), (Relation("project:x", "p", "contains", Location("")),))
    maker = Claim(root.ref, "origin.developed.organisation", "vLLM project", (e,))
    claims = list(lineage(scan, Ledger([maker]), load()))
    assert {c.value for c in claims if c.attribute == "code-from.holder"} == {
        "vLLM project = missing"
    }


def test_the_notice_of_an_original_in_the_same_tree_is_read_there() -> None:
    made = content("src/x.py", holders=("Somebody of the index",))
    made = replace(made, facts=facts(*made.facts, IN_TREE(OfMember(0, "src/y.py"))))
    original = component("q", source("src/y.py", ("copyright-holder", "Norae Labs")))
    part = component("p", made, source("src/x.py"))
    (claim,) = [c for c in claimed([original, part], []) if c.attribute == "code-from.holder"]
    assert claim.value == "Norae Labs = missing"
    assert "(src/y.py) names Norae Labs" in claim.evidence[0].excerpt


def test_words_that_were_taken_over_with_a_file_of_the_tree_speak_of_that_file() -> None:
    copy = content("src/x.py", sign="in-tree")
    copy = replace(copy, facts=(*copy.facts, IN_TREE(OfMember(0, "src/old.py"))))
    own = said("https://github.com/a/own")
    part = component("p", copy, source("src/x.py", said("https://github.com/b/theirs"), own))
    original = source("src/old.py", said("https://github.com/b/theirs"))
    whole = component("project:x", original)
    held = Relation(whole.ref, part.ref, "contains", Location(""))
    named = [c.value for c in claimed([whole, part], [held]) if c.subject == "p"]
    assert "pkg:github/a/own" in named
    assert "pkg:github/b/theirs" not in named


def test_no_header_and_no_credit_is_missing() -> None:
    assert judged(component("p", content("src/x.py"), source("src/x.py")))["attribution"] == {
        "missing"
    }


def test_a_credit_of_the_repository_is_repository_level() -> None:
    part = component(
        "p", content("src/x.py"), source("src/x.py", ("copyright-holder", "Haneul Compute"))
    )
    for row in ("Norae Labs", "norae", "https://host.example/norae-labs/norae"):
        assert judged(part, credit(row))["attribution"] == {"repository-level"}
    assert judged(part, credit("noraebang"))["attribution"] == {"replaced"}


def test_a_kept_header_and_a_comment_are_kept() -> None:
    held = component(
        "p", content("src/x.py"), source("src/x.py", ("copyright-holder", "Norae Labs, Inc."))
    )
    stated = component(
        "p",
        content("src/x.py"),
        source("src/x.py", said("https://host.example/o/norae/a.py")),
    )
    assert judged(held)["attribution"] == judged(stated)["attribution"] == {"kept"}


def test_a_file_that_names_its_source_openly_lost_no_line_of_a_third() -> None:
    """The line of a second holder may have come into the original after it was copied; where
    another stands in its place, or the file names no file, it is lost.
    """
    holders = ("Norae Labs", "Haneul Compute")
    made = content(
        "src/x.py", holders=holders, upstream="pkg:pypi/norae#src/norae/models/modeling_norae.py"
    )
    file = "https://host.example/norae-labs/norae/blob/main/" + made.get(MEMBER)[0].path

    def lost(*pairs: tuple[str, str]) -> list[str]:
        part = component("p", made, source("src/x.py", *pairs))
        found = claimed([component("project:x"), part], [])
        return [c.value + c.evidence[0].excerpt for c in found if "Haneul Compute =" in c.value]

    for address in (file, file.rpartition("/")[0] + "/", made.get(MEMBER)[0].path):
        assert not lost(said(address))
        (words,) = lost(said(address), ("copyright-holder", "Gureum Inc."))
        assert words.startswith("Haneul Compute = replaced")
        assert f"it names {address} as its source" in words
    for address in ("https://host.example/norae-labs/norae", "https://host.example/a/b/other.py"):
        (words,) = lost(said(address))
        assert words.startswith("Haneul Compute = missing")
    assert lost(SAID_SOURCE(SaidSource(90, file, False)))


@pytest.mark.parametrize("sign", ["comment", "credit"])
def test_of_a_project_that_is_named_alone_no_file_is_the_original(sign: str) -> None:
    """Where the file that agrees most holds little of it, another of the project may be meant: it
    is not named, and nobody's line is missing.
    """
    head = source(
        "src/x.py",
        said("https://host.example/norae-labs/norae"),
        ("copyright-holder", "Gureum Inc."),
    )
    both, path = ("Norae Labs", "Haneul Compute"), UPSTREAM.partition("#")[2]
    little = content("src/x.py", holders=both, sign=sign, share=0.05)
    found = judged(component("p", little, head))
    assert "attribution" not in found
    assert found["code-from"] == {UPSTREAM.partition("#")[0]}
    for part in (
        component("p", content("src/x.py", holders=both, sign=sign), head),
        component("p", little, source("src/x.py", said(path), ("copyright-holder", "Gureum Inc."))),
    ):
        assert "Haneul Compute = replaced" in judged(part)["code-from.holder"]
        assert UPSTREAM in judged(part)["code-from"]


def test_two_spellings_of_one_organisation_are_one_holder() -> None:
    part = component(
        "p",
        content("src/x.py", holders=("The HuggingFace Inc. team",)),
        source("src/x.py", ("copyright-holder", "Hugging Face, Inc.")),
    )
    assert judged(part)["attribution"] == {"kept"}


def test_what_holds_for_few_files_of_many_is_counted_and_does_not_answer() -> None:
    names = [f"a/{name}.py" for name in "abcdefghij"]
    kept = [source(name, ("copyright-holder", "Norae Labs")) for name in names]
    part = component("p", *map(content, [*names, "a/x.py"]), *kept, source("a/x.py"))
    claims = [c for c in claimed([part], []) if c.attribute == "attribution"]
    assert resolve(claims).value == "kept"
    (lost,) = [c for c in claims if c.value == "missing"]
    assert {e.at.path for e in lost.evidence} == {"a/x.py"}
    assert any(e.excerpt == "Norae Labs: of 11 files 10 kept, 1 missing" for e in lost.evidence)


def test_a_measurement_names_its_null_and_says_what_it_does_not_show() -> None:
    (claim,) = [
        c
        for c in claimed([component("p", content("a/x.py", "family", order=""))], [])
        if c.attribute == "code-from.member"
    ]
    assert "99.910% of unrelated pairs of files agree less" in claim.evidence[0].excerpt
    assert "which of them came first is not shown" in claim.evidence[0].excerpt
    (claim,) = [
        c
        for c in claimed(
            [component("p", content("a/x.py", "derived", order="line 1 names it"))],
            [],
        )
        if c.attribute == "code-from"
    ]
    assert "order: line 1 names it" in claim.evidence[0].excerpt


def release(*pairs: tuple[str, str]) -> Observation:
    evidence = Evidence(
        "lineage",
        "hash-comparison",
        "high",
        Location("third_party/norae/a.py"),
        "9 of 10 files are byte for byte",
    )
    root = [] if any(key == "root" for key, _ in pairs) else [("root", "third_party/norae")]
    told = [
        ("release", "1.1"),
        ("identical", "9"),
        *root,
        ("upstream-holder", "Norae Labs"),
        ("upstream-licence", "MIT"),
        *pairs,
    ]
    return Observation("release", "norae", "1.1", "pkg:pypi/norae@1.1", evidence, facts(*told))


def test_a_release_is_what_it_is_and_its_licence_file_keeps_the_credit() -> None:
    notice = Evidence(
        "notices",
        "manifest-analysis",
        "high",
        Location("third_party/norae/LICENSE", 3),
        "Copyright (c) 2024 Norae Labs",
    )
    licence = Observation(
        "notice",
        "LICENSE",
        "",
        "",
        notice,
        facts(("file-kind", "licence"), ("copyright-holder", "Norae Labs")),
    )
    found = judged(component("p", release(), licence))
    assert found["code-from"] == {"pkg:pypi/norae@1.1"}
    assert found["code-from.basis"] == {"identical"}
    assert found["licence.declared"] == {"MIT"}
    assert found["attribution"] == {"kept"}


def test_a_release_without_licence_header_or_credit_is_missing() -> None:
    moved = ("root", "src/codec")
    assert judged(component("p", release(moved)))["attribution"] == {"missing"}
    assert judged(component("p", release(moved)), credit("Norae Labs"))["attribution"] == {
        "repository-level"
    }


def test_a_readme_of_any_folder_above_a_file_credits_and_one_beside_does_not() -> None:
    moved = component("p", release(("root", "src/codec")))
    for place, word in (("third_party/README.md", "repository-level"), ("x/README.md", "missing")):
        evidence = replace(credit("").evidence, at=Location(place, 4))
        told = replace(credit("https://github.com/norae-labs/norae"), evidence=evidence)
        other = component("code:other", told)
        root = component("project:x")
        held = tuple(Relation(root.ref, c.ref, "contains", Location("")) for c in (moved, other))
        scan = Scan(root.ref, (root, moved, other), held, facts=facts(index=COVERAGE))
        verdicts = [
            c.value for c in lineage(scan, Ledger(), load()) if c.attribute == "attribution"
        ]
        assert verdicts == [word]


@pytest.mark.parametrize(
    ("root", "path", "kinds", "word"),
    [
        ("src/codec", "src/train.py", (), "repository-level"),
        ("src/codec", "src/models/net.py", (), "repository-level"),
        ("src/codec", "lib/train.py", (), "missing"),
        ("src/codec", "src/other/net.py", (release(("root", "src/other")),), "missing"),
        ("codec", "train.py", (), "repository-level"),
        ("codec", "lib/train.py", (), "missing"),
    ],
    ids=["beside", "below", "elsewhere", "of-another-release", "at-the-top", "below-the-top"],
)
def test_the_line_of_a_holder_in_a_file_around_is_no_loss(
    root: str, path: str, kinds: tuple[Observation, ...], word: str
) -> None:
    moved = component("p", release(("root", root)))
    other = component("code:other", *kinds, source(path, ("copyright-holder", "Norae Labs")))
    whole = component("project:x")
    held = [Relation(whole.ref, c.ref, "contains", Location("")) for c in (moved, other)]
    found = claimed([whole, moved, other], held)
    words = {c.value for c in found if (c.subject, c.attribute) == ("p", "attribution")}
    assert words == {word}


def test_of_a_single_file_without_header_nothing_is_missing() -> None:
    alone = release(("root", "src/codec.py"))
    pairs = [pair for pair in alone.facts if pair[0] != "identical"]
    part = component("p", replace(alone, facts=facts(*pairs, ("identical", "1"))))
    assert "attribution" not in judged(part)


def test_a_licence_whose_text_names_nobody_leaves_no_notice_to_lose() -> None:
    one = release(("root", "src/codec"))
    pairs = [pair for pair in one.facts if pair[0] != "upstream-licence"]
    of_everybody = facts(*pairs, ("upstream-licence", "Apache-2.0"))
    assert "attribution" not in judged(component("p", replace(one, facts=of_everybody)))


def test_a_folder_of_the_projects_own_name_says_whose_it_is() -> None:
    assert judged(component("p", release()))["attribution"] == {"repository-level"}


def test_nothing_is_missing_from_a_part_that_upstream_may_have_from_a_third() -> None:
    part = release(("root", "src/codec"), ("upstream-root", "norae/third/codec"))
    assert "attribution" not in judged(component("p", part))


def test_what_the_files_of_a_small_release_name_is_a_hint_and_of_a_large_one_nothing() -> None:
    said = SAID_SOURCE(SaidSource(3, "https://github.com/baram-ai/baram/blob/main/act.py", True))
    file = source("third_party/norae/a.py", said)
    for count, sure in (("40", {"low"}), ("41", set())):
        claims = claimed([component("p", release(("identical", count)), file)], [])
        told = [c for c in claims if c.value == "pkg:github/baram-ai/baram#act.py"]
        assert {e.confidence for c in told for e in c.evidence} == sure


def test_a_changed_file_that_lost_its_notice_is_found_in_a_release_that_kept_its_own() -> None:
    mine = source("third_party/norae/b.py", ("copyright-holder", "Haneul Compute"))
    other = source("third_party/norae/a.py", ("copyright-holder", "Norae Labs"))
    part = component(
        "p",
        release(ORIGINAL_HOLDER(FileHolder("third_party/norae/b.py", "Norae Labs"))),
        mine,
        other,
    )
    claims = [c for c in claimed([part], []) if c.attribute == "attribution"]
    assert resolve(claims).value == "kept"
    (lost,) = [c for c in claims if c.value == "replaced"]
    assert {e.at.path for e in lost.evidence} == {"third_party/norae/b.py"}
    assert any("of 10 files 9 kept, 1 replaced" in e.excerpt for e in lost.evidence)


def test_code_that_agrees_with_nothing_is_unknown_and_never_original() -> None:
    examined = Observation(
        "examined",
        "x.py",
        "",
        "",
        Evidence("lineage", "hash-comparison", "high", Location("a/x.py"), ""),
        facts(examined="9"),
    )
    (claim,) = claimed([component("p", source("a/x.py"), examined)], [])
    assert (claim.attribute, claim.value) == ("code-from", "unknown")
    assert "no proof of originality" in claim.evidence[0].excerpt
    assert COVERAGE in claim.evidence[0].excerpt
    assert resolve([claim]).state == "unknown"


def test_a_comment_with_an_address_declares_where_code_comes_from() -> None:
    part = component(
        "p",
        source(
            "a/x.py",
            said("https://github.com/Norae-Labs/norae/blob/main/a.py"),
            said("Other"),
        ),
    )
    assert judged(part) == {
        "code-from": {"pkg:github/norae-labs/norae#a.py"},
        "code-from.basis": {"declared"},
        "attribution": {"kept"},
    }


def test_code_that_was_not_compared_gets_no_claim() -> None:
    assert judged(component("p", source("a/x.py"))) == {}


def every(claims: list[Claim]) -> set[str]:
    return {c.attribute for c in claims}


def test_nothing_here_speaks_of_weights() -> None:
    part = component("p", content("a/x.py"), source("a/x.py"))
    assert not any(
        name.startswith(("weights", "origin.trained", "initialisation"))
        for name in every(list(claimed([part], [])))
    )


def test_a_class_that_inherits_declares_its_source_and_stays_in_its_tree() -> None:
    part = component(
        "p", content("src/x.py", "declared", order="line 7: class A inherits B"), source("src/x.py")
    )
    assert judged(part) == {
        "code-from": {UPSTREAM},
        "code-from.basis": {"declared"},
        "attribution": {"kept"},
    }


def test_comments_that_name_other_files_of_the_project_lead_away_from_this_one() -> None:
    """What agrees has it from the same place: nobody's line of it is lost, and the project alone is
    the source by comparison.
    """
    made = content("src/x.py", holders=("Norae Labs", "Haneul Compute"), sign="comment")
    head = ("copyright-holder", "Gureum Inc.")
    stem = made.get(MEMBER)[0].path.rpartition("/")[2].removesuffix(".py")
    project = made.get(THEIR_REPOSITORY)[0].text.rpartition("/")[2]

    def found(*named: str) -> dict[str, set[str]]:
        told = [SAID_SOURCE(SaidSource(30, name, False)) for name in named]
        return judged(component("p", made, source("src/x.py", head, *told)))

    other = f"{project}.models.sori.modeling_sori._mask"
    assert "Haneul Compute = replaced" not in found(other).get("code-from.holder", set())
    assert UPSTREAM not in found(other)["code-from"]
    # The file itself is named, or no file is, or one of another project.
    for names in ((other, f"{project}.models.{stem}.Net"), (project,), ("x.y.z.w",), ()):
        assert "Haneul Compute = replaced" in found(*names)["code-from.holder"]


def later(content: Observation, *, recorded: bool) -> Observation:
    row = LATER_HOLDER(LaterHolder(0, "Norae Labs", recorded))
    return replace(content, facts=facts(*content.facts, row))


@pytest.mark.parametrize("sign", ["comment", "in-tree", "credit"])
@pytest.mark.parametrize("recorded", [True, False])
def test_a_line_that_earlier_versions_had_not_is_lost_by_nobody(sign: str, recorded: bool) -> None:
    """A head was put on a file one day; who copied it before took nothing away."""
    for header in ((), (("copyright-holder", "Haneul Compute"),)):
        file = later(content("src/x.py", sign=sign), recorded=recorded)
        part = component("p", file, source("src/x.py", *header))
        (claim,) = [c for c in claimed([part], []) if c.attribute == "attribution"]
        had = "had no such line" if recorded else "may have had no such line"
        assert claim.value == "unknown"
        assert claim.evidence[0].excerpt == (
            f"the original names Norae Labs; earlier versions of it {had}"
        )
    part = component("p", file, source("src/x.py", ("copyright-holder", "Norae Labs")))
    assert judged(part)["attribution"] == {"kept"}


def test_a_file_of_which_less_than_most_is_in_one_of_the_tree_lost_nobody_s_line() -> None:
    for share, expected in ((0.46, None), (0.59, None), (0.6, {"missing"})):
        file = content("src/x.py", sign="in-tree", share=share)
        assert judged(component("p", file, source("src/x.py"))).get("attribution") == expected


@pytest.mark.parametrize(
    ("said_at_the_top", "lost"),
    [
        ("https://haneul.example/evaluation/", False),
        ("https://github.com/haneul/eval/blob/main/eval.py", False),
        ("norae", False),  # the project itself: who publishes it is credited
        ("https://arxiv.org/abs/2001.00001", True),
    ],
)
def test_a_file_that_names_another_source_lost_no_third_s_line(
    said_at_the_top: str, lost: bool
) -> None:
    file = content("src/x.py", sign="in-tree")
    found = judged(component("p", file, source("src/x.py", said(said_at_the_top))))
    assert ("missing" in found.get("attribution", ())) == lost


def test_an_original_that_is_itself_from_elsewhere_hands_on_no_line_of_its_own() -> None:
    made = content("src/x.py", holders=("Somebody of the index",), sign="in-tree")
    made = replace(made, facts=facts(*made.facts, IN_TREE(OfMember(0, "src/y.py"))))
    for words, expected in (("https://haneul.example/eval/", None), ("norae", {"missing"})):
        there = source("src/y.py", ("copyright-holder", "Norae Labs"), said(words))
        found = judged(component("p", made, source("src/x.py"), there))
        assert found.get("attribution") == expected


def test_words_that_were_taken_over_with_the_original_hide_nothing() -> None:
    """Nobody's line is missing from a file that names its source; who stands in the holder's place
    is still told.
    """
    made = content("src/x.py", holders=("Somebody of the index",), sign="in-tree")
    made = replace(made, facts=facts(*made.facts, IN_TREE(OfMember(0, "src/y.py"))))
    words = said("https://github.com/haneul/eval/blob/main/y.py")
    there = source("src/y.py", ("copyright-holder", "Norae Labs"), words)
    assert "attribution" not in judged(component("p", made, source("src/x.py", words), there))
    head = source("src/x.py", words, ("copyright-holder", "Haneul Compute"))
    assert judged(component("p", made, head, there))["attribution"] == {"replaced"}
