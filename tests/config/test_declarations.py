"""Declarations: they meet the files in the ledger, never overwrite them, and a mistake in one is a
line that names it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.conftest import MakeTree
from tests.program import every_component, properties, run

CARD = "---\nlicense: apache-2.0\npipeline_tag: text-generation\n---\n# base\n"
TUNED = (
    "---\nlicense: apache-2.0\npipeline_tag: text-generation\nbase_model:"
    " openai/whisper-tiny\nbase_model_relation: finetune\n---\n"
)
CONFIG = '{"model_type": "haneul", "architectures": ["HaneulForCausalLM"], "hidden_size": 8}'
LOG = '{"step": 0}\n'
CLAIM = """home = "KR"

[[claim]]
component = "models/base"
declared-by = "Haneul Compute (haneul.example)"
evidence = ["train.log"]
initialisation = "random"
origin.trained = "KR"
"""


def tree(make_tree: MakeTree, toml: str, card: str = CARD) -> Any:
    return make_tree(
        {
            "models/base/README.md": card,
            "models/base/config.json": CONFIG,
            "train.log": LOG,
            "aisbom.toml": toml,
        }
    )


def document(root: Any, *arguments: str) -> dict[str, Any]:
    done = run("generate", root, "-o", "-", "-q", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def part(made: dict[str, Any], ref: str) -> dict[str, Any]:
    return next(row for row in every_component(made) if row["bom-ref"] == ref)


def test_a_declaration_is_a_claim_at_its_line_with_the_digests_of_what_supports_it(
    make_tree: MakeTree,
) -> None:
    made = document(tree(make_tree, CLAIM))
    model = part(made, "model:models/base")
    assert properties(model, "aisbom:initialisation") == ["random"]
    assert properties(model, "aisbom:origin:trained:country") == ["KR"]
    claim = next(
        row for row in made["declarations"]["claims"] if row["predicate"] == "initialisation=random"
    )
    assert claim["reasoning"] == "declared; confidence medium"
    evidence = {row["bom-ref"]: row for row in made["declarations"]["evidence"]}
    rows = [evidence[ref] for ref in claim["evidence"]]
    told = [json.loads(row["data"][0]["contents"]["attachment"]["content"]) for row in rows]
    assert {row["at"] for row in told} == {"aisbom.toml:7", "train.log"}
    assert any(hashlib.sha256(LOG.encode()).hexdigest() in row["description"] for row in rows)


def test_without_a_supporting_file_it_is_a_hint_and_decides_nothing(make_tree: MakeTree) -> None:
    made = document(tree(make_tree, CLAIM.replace('evidence = ["train.log"]\n', "")))
    model = part(made, "model:models/base")
    assert properties(model, "aisbom:initialisation") == ["unknown"]
    assert any(
        value.startswith("initialisation=random") for value in properties(model, "aisbom:declared")
    )


def test_a_declaration_never_overwrites_what_the_files_show(make_tree: MakeTree) -> None:
    root = tree(make_tree, CLAIM, TUNED)
    made = document(root)
    model = part(made, "model:models/base")
    assert properties(model, "aisbom:initialisation") == ["unknown"]
    (sentence,) = properties(model, "aisbom:contradiction")
    assert "aisbom.toml:7" in sentence
    assert "models/base/README.md:" in sentence
    shown = run("explain", root, "models/base").stdout
    assert "initialisation: contested (pretrained / random)" in shown
    assert "because, declared: random" in shown


def test_a_declaration_of_nothing_that_is_there_is_a_gap(make_tree: MakeTree) -> None:
    made = document(tree(make_tree, CLAIM.replace("models/base", "models/bsae")))
    gaps = properties(made["metadata"], "aisbom:gap")
    assert [
        gap.startswith("aisbom.toml:7: ") and "models/bsae" in gap
        for gap in gaps
        if "initialisation" in gap
    ] == [True]


OVERRIDE = """
[[role]]
component = "models/*"
role = "tooling"
reason = "a model for the tests of the serving code"
"""


def test_an_override_counts_is_told_and_keeps_what_the_program_said(make_tree: MakeTree) -> None:
    root = tree(make_tree, OVERRIDE)
    made = document(root)
    assert properties(part(made, "model:models/base"), "aisbom:component:role") == ["tooling"]
    (told,) = properties(made["metadata"], "aisbom:sovereignty:override")
    assert "a model for the tests" in told
    assert "aisbom.toml:4" in told
    shown = run("explain", root, "models/base").stdout
    assert "withdrawn: core" in shown
    assert "override" in run("score", root).stdout


def test_an_override_of_the_class_moves_the_role_with_it(make_tree: MakeTree) -> None:
    toml = OVERRIDE.replace('role = "tooling"', 'class = "encoder-weights"')
    root = tree(make_tree, toml)
    found = json.loads(run("score", root, "--format", "json", "--profile", "weights-only").stdout)
    assert {(row["class"], row["role"]) for row in found["contributions"]} == {
        ("encoder-weights", "peripheral")
    }


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        (
            CLAIM.replace("initialisation", "initialization"),
            "aisbom.toml:7: unknown key 'initialization'; did you mean 'initialisation'?",
        ),
        (
            CLAIM.replace('"random"', '"scratch"'),
            "aisbom.toml:7: initialisation 'scratch' is not one of random, pretrained, frozen",
        ),
        (
            CLAIM.replace("origin.trained", "origin.trainde"),
            "aisbom.toml:8: unknown stage 'trainde'; did you mean 'trained'?",
        ),
        (
            CLAIM.replace('= "KR"\n', '= "XX"\n').replace('home = "XX"', 'home = "KR"'),
            "aisbom.toml:8: origin.trained: 'XX'",
        ),
        (CLAIM.replace("train.log", "trian.log"), "evidence 'trian.log' is not in the tree"),
        (CLAIM.replace("train.log", "../secret"), "evidence '../secret' is not in the tree"),
        (
            CLAIM.replace('declared-by = "Haneul Compute (haneul.example)"\n', ""),
            "aisbom.toml:3: 'declared-by' is missing",
        ),
        ('[[claim]]\ncomponent = "a"\ndeclared-by = "b"\n', "aisbom.toml:2: nothing is declared"),
        ("claim = 3\n", "aisbom.toml:1: 'claim' must be tables"),
        ("claim = [3]\n", "aisbom.toml:1: 'claim' must be tables"),
        ('[[role]]\ncomponent = "a"\nrole = "core"\n', "aisbom.toml:1: 'reason' is missing"),
        (OVERRIDE.replace("tooling", "cor"), "aisbom.toml:4: role 'cor' is not one of core"),
        (
            OVERRIDE.replace("tooling", "core") + OVERRIDE.replace("*", "base"),
            "contradictory overrides",
        ),
        (CLAIM + "objective = 3\n", "aisbom.toml:9: 'objective' must say of what"),
        (CLAIM + "objective.SOV-7 = 9\n", "aisbom.toml:9: objective.SOV-7 is a level from 0 to 4"),
        ("[[roles]]\n", "unknown key 'roles'; did you mean 'role'?"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_line_and_key(
    make_tree: MakeTree, toml: str, says: str
) -> None:
    done = run("score", tree(make_tree, toml))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert says in done.stderr


def test_contradictory_overrides_name_both_lines(make_tree: MakeTree) -> None:
    done = run(
        "score",
        tree(make_tree, OVERRIDE + OVERRIDE.replace("tooling", "core").replace("models/*", "base")),
    )
    assert done.returncode == 2
    assert "aisbom.toml:4" in done.stderr
    assert "aisbom.toml:9" in done.stderr


def test_pyproject_may_hold_the_declarations_and_lines_inside_long_texts_do_not_count(
    make_tree: MakeTree,
) -> None:
    toml = (
        '[project]\nname = "x"\ndescription ='
        ' """\n[[tool.aisbom.claim]]\n"""\n\n[[tool.aisbom.claim]]\ncomponent ='
        ' "models/base"\ndeclared-by = "d"\nevidence = "train.log"\ninitialisation = "frozen"\n'
    )
    root = make_tree(
        {
            "models/base/README.md": CARD,
            "models/base/config.json": CONFIG,
            "train.log": LOG,
            "pyproject.toml": toml,
        }
    )
    assert "frozen" in run("explain", root, "models/base").stdout
    assert "pyproject.toml:11" in run("explain", root, "models/base").stdout


LEVELS = """
[[claim]]
component = "."
declared-by = "Haneul Compute (haneul.example)"
evidence = ["train.log"]
objective.SOV-7 = {level}
"""


@pytest.mark.parametrize(("level", "word"), [(1, "fail"), (2, "pass"), (4, "pass")])
def test_the_minimum_level_comes_first_and_is_only_ever_declared(
    make_tree: MakeTree, level: int, word: str
) -> None:
    from importlib import resources

    text = (resources.files("aisbom.knowledge") / "profiles" / "eu-csf-1.2.1.toml").read_text(
        "utf-8"
    )
    root = tree(make_tree, LEVELS.format(level=level))
    (root / "tender.toml").write_text(
        text.replace('"eu-csf-1.2.1"', '"tender"').replace(
            'weight = 10\nnote = "Cert', 'weight = 10\nminimum = 2\nnote = "Cert'
        )
    )
    found = json.loads(
        run("score", root, "--profile", root / "tender.toml", "--format", "json").stdout
    )
    verdicts = {row["id"]: row["verdict"] for row in found["requirements"]}
    assert verdicts["sov-7"] == word
    assert verdicts["sov-5"] == "unknown"
    assert found["verdict"] == ("fail" if word == "fail" else "undetermined")
    share = next(row["share"] for row in found["objectives"] if row["id"] == "SOV-7")
    assert share == [level / 4, level / 4]
