"""A document alone answers as the tree does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from aisbom.bom.build import build
from aisbom.bom.scan import scan_of
from aisbom.classify import classify, under
from aisbom.judge import profile as profiles
from aisbom.model import Component, Evidence, Location, Observation, Scan, Sighting, facts
from aisbom.pipeline import Options, measure, scan
from tests.conftest import MakeTree
from tests.program import run

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = ("honest", "multimodal", "encoders-frozen", "small-stack")
ODD = ("a b", "a#b", "a: b", "a:7", "[1]", "가 나", 'a"b', "a [b] c")


def pair(tree: Path) -> tuple[Scan, Scan]:
    """The scan of a tree, and the scan that its bill tells of."""
    found = scan(tree, Options())
    told = scan_of(build(found, measure(found, "model")))
    return found, under(told, profiles.load("model"))


@pytest.mark.parametrize("case", CASES)
def test_every_claim_comes_back_with_its_ref(case: str) -> None:
    found, told = pair(FIXTURES / case / "input")
    assert {claim.ref for claim in told.claims} == {claim.ref for claim in found.claims}
    assert told.gaps == found.gaps


@pytest.mark.parametrize("profile", profiles.list_profiles())
def test_the_score_is_the_same_under_every_definition(profile: str) -> None:
    found, told = pair(FIXTURES / "multimodal" / "input")
    ours, theirs = measure(found, profile, ("KR",)), measure(told, profile, ("KR",))
    assert (theirs.score, theirs.moves) == (ours.score, ours.moves)
    assert [v.verdict for v in theirs.requirements] == [v.verdict for v in ours.requirements]


def test_places_of_any_name_come_back(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {}
    for name in ODD:
        files[f"{name}/requirements.txt"] = "numpy==2.0.0\n-e broken @ nothing\n"
        files[f"{name}/main.py"] = "import openai\nclient = openai.OpenAI()\n"
        files[f"{name}/model.safetensors"] = b"broken"
    found, told = pair(make_tree(files))
    assert len(found.gaps) >= len(ODD)
    assert told.gaps == found.gaps
    assert {claim.ref for claim in told.claims} == {claim.ref for claim in found.claims}
    for ours in found.components:
        theirs = told.component(ours.ref)
        places = {(o.evidence.at, o.evidence.by, o.evidence.excerpt) for o in theirs.observations}
        assert places
        assert places <= {
            (o.evidence.at, o.evidence.by, o.evidence.excerpt) for o in ours.observations
        }


@pytest.mark.parametrize("command", [("score",), ("check",), ("check", "--format", "json")])
def test_commands_say_the_same_of_a_tree_of_odd_names_and_its_document(
    command: tuple[str, ...], make_tree: MakeTree, tmp_path: Path
) -> None:
    tree = make_tree({f"{name}/requirements.txt": "numpy==2.0.0\n" for name in ODD})
    document = tmp_path / "o.xml"
    words = ("-q", "--no-cache", "--claims", "all")
    assert run("generate", tree, "-o", document, *words).returncode == 0
    answers = [run(*command, path).stdout for path in (tree, document)]
    assert answers[0] == answers[1] != ""
    explained = run("explain", document, "numpy").stdout
    for name in ODD:
        assert f"{name}/requirements.txt:1  [requirements]" in explained


def test_what_speaks_against_is_read_from_the_document(tmp_path: Path) -> None:
    done = run("explain", FIXTURES / "multimodal" / "input", "byeol-omni", "--no-cache")
    document = tmp_path / "o.json"
    run("generate", FIXTURES / "multimodal" / "input", "-o", document, "-q", "--no-cache")
    assert json.loads(document.read_bytes())
    told = run("explain", document, "byeol-omni").stdout.splitlines()
    ours = [row for row in done.stdout.splitlines() if "weights-values" not in row]
    assert [row for row in told if "seen in" not in row] == [
        row for row in ours if "seen in" not in row
    ]


def test_what_only_a_release_of_somebody_else_names_is_no_part_of_the_product() -> None:
    def component(ref: str, kind: Sighting, path: str, *rows: tuple[str, str]) -> Component:
        seen = Evidence("reader", "manifest-analysis", "high", Location(path, 1))
        return Component(
            ref, "library", ref, "", "", (Observation(kind, ref, "", "", seen, facts(*rows)),)
        )

    root = component("root", "tree", "")
    parts = (
        component("copy", "release", "lib/x", ("root", "lib/x")),
        component("image", "image", "lib/x/Dockerfile"),
        component("asked", "requirement", "lib/x/requirements.txt"),
    )
    found = Scan("root", tuple(sorted((root, *parts))))
    found = replace(found, claims=tuple(sorted(classify(found))))
    found = under(found, profiles.load("model"))
    told = under(scan_of(build(found, measure(found, "model"))), profiles.load("model"))
    for judged in (found, told):
        roles = {c.subject: c.value for c in judged.claims if c.attribute == "role"}
        assert roles["image"] == "tooling"
        assert roles["asked"] != "tooling"
    assert {claim.ref for claim in told.claims} == {claim.ref for claim in found.claims}
