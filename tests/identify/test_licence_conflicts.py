"""Licences that do not go together, over whole trees; and where nothing may be said."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.knowledge import load
from aisbom.pipeline import Options, scan
from tests.conftest import MakeTree
from tests.licences.texts import apache

GPL = "# SPDX-License-Identifier: GPL-3.0-only\n"


def project(expression: str, *lines: str) -> str:
    licence = f'license = "{expression}"\n' if expression else ""
    return f'[project]\nname = "whole"\nversion = "1"\n{licence}' + "".join(
        f"{line}\n" for line in lines
    )


def card(licence: str, more: str = "") -> str:
    return f"---\n{f'license: {licence}' if licence else 'language: ko'}\n{more}---\n# A model\n"


CONFIG = '{"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 64}'


def told(root: Path) -> dict[str, tuple[str, str]]:
    """{rule: (sentence, confidence)} of everything found in a tree."""
    found = scan(root, Options(name="whole"))
    claims = [claim for claim in found.claims if claim.attribute == "licence.conflict"]
    return {
        claim.value.partition(": ")[0]: (claim.value, claim.evidence[0].confidence)
        for claim in claims
    }


@pytest.mark.parametrize(
    ("whole", "part", "rule"),
    [
        ("Apache-2.0", "cc-by-nc-4.0", "no-commercial-use"),
        ("MIT", "cc-by-nc-nd-4.0", "no-commercial-use"),
        ("GPL-3.0-only", "cc-by-nc-4.0", "no-commercial-use"),
        ("MIT", "cc-by-nd-4.0", "no-change"),
        ("MIT", "gemma", "limited-use"),
        ("Apache-2.0", "llama3.1", "limited-use"),
        ("Apache-2.0", "agpl-3.0", "copyleft"),
        ("BSD-3-Clause", "gpl-2.0", "copyleft"),
    ],
)
def test_a_model_inside_a_project(make_tree: MakeTree, whole: str, part: str, rule: str) -> None:
    root = make_tree(
        {
            "pyproject.toml": project(whole),
            "models/m/README.md": card(part),
            "models/m/config.json": CONFIG,
        }
    )
    ((found, (sentence, sure)),) = told(root).items()
    assert (found, sure) == (rule, "medium")
    assert "models/m/README.md:" in sentence
    assert "pyproject.toml:" in sentence


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("Apache-2.0", "apache-2.0"),
        ("Apache-2.0", "mit"),
        ("GPL-3.0-or-later", "apache-2.0"),
        ("GPL-3.0-or-later", "gpl-2.0"),
        ("AGPL-3.0-only", "gpl-3.0"),
        ("MIT", "lgpl-3.0"),
        ("CC-BY-NC-4.0", "cc-by-nc-4.0"),
        ("CC-BY-NC-4.0", "gemma"),
        ("MIT OR GPL-3.0-only", "cc-by-nc-4.0"),
        ("", "cc-by-nc-4.0"),
        ("LicenseRef-Own", "cc-by-nc-4.0"),
        ("Apache-2.0", "other"),
    ],
)
def test_where_nothing_is_said(make_tree: MakeTree, whole: str, part: str) -> None:
    root = make_tree(
        {
            "pyproject.toml": project(whole),
            "models/m/README.md": card(part),
            "models/m/config.json": CONFIG,
        }
    )
    assert told(root) == {}


def test_a_model_of_a_test_is_no_part_of_the_product(make_tree: MakeTree) -> None:
    files = {"tests/m/README.md": card("cc-by-nc-4.0"), "tests/m/config.json": CONFIG}
    assert told(make_tree({"pyproject.toml": project("MIT"), **files})) == {}


def test_copyleft_in_vendored_code(make_tree: MakeTree) -> None:
    files = {
        "whole/__init__.py": "x = 1\n",
        "whole/_vendor/gnu/__init__.py": f"{GPL}y = 2\n",
        "LICENSE": apache(),
    }
    found = told(make_tree({"pyproject.toml": project("Apache-2.0"), **files}))
    assert list(found) == ["copyleft"]
    assert "_vendor/gnu/__init__.py" in found["copyleft"][0]


def test_a_dependency_is_a_question_and_no_finding(make_tree: MakeTree) -> None:
    meta = "Metadata-Version: 2.4\nName: gnu\nVersion: 1\nLicense-Expression: GPL-3.0-only\n"
    root = make_tree(
        {
            "pyproject.toml": project("MIT", 'dependencies = ["gnu"]'),
            "env/gnu-1.dist-info/METADATA": meta,
        }
    )
    found = told(root)
    assert [sure for _, sure in found.values()] == ["low"]
    dev = project("MIT", "[dependency-groups]", 'dev = ["gnu"]')
    assert told(make_tree({"pyproject.toml": dev, "env/gnu-1.dist-info/METADATA": meta})) == {}


@pytest.mark.parametrize("whole", ["MIT", ""])
def test_a_model_that_is_only_described_is_accused_of_nothing(
    make_tree: MakeTree, whole: str
) -> None:
    """Its weights, and what they are licensed under, are somewhere else."""
    root = make_tree(
        {
            "pyproject.toml": project(whole),
            "models/m/README.md": card(""),
            "models/m/config.json": CONFIG,
        }
    )
    assert told(root) == {}


def test_a_licence_file_beside_a_model_is_a_statement(make_tree: MakeTree) -> None:
    files = {
        "models/m/README.md": card(""),
        "models/m/config.json": CONFIG,
        "models/m/LICENSE": apache(),
    }
    assert told(make_tree({"pyproject.toml": project("MIT"), **files})) == {}


def test_a_project_without_a_licence_has_code_without_one(make_tree: MakeTree) -> None:
    assert list(
        told(make_tree({"pyproject.toml": project(""), "whole/__init__.py": "x = 1\n"}))
    ) == ["no-licence"]
    assert told(make_tree({"pyproject.toml": project("MIT"), "whole/__init__.py": "x = 1\n"})) == {}


@pytest.mark.parametrize(
    ("place", "rules"),
    [("whole/CREDITS", []), ("CREDITS", []), ("other/CREDITS", ["no-licence"])],
    ids=["beside", "above", "elsewhere"],
)
def test_credits_may_hold_the_licence_of_what_lies_under_them(
    make_tree: MakeTree, place: str, rules: list[str]
) -> None:
    text = "tower\nhttps://github.com/norae-labs/tower\n----\nMIT License\n"
    tree = {"pyproject.toml": project(""), place: text, "whole/main.py": "x = 1\n"}
    assert list(told(make_tree(tree))) == rules


@pytest.mark.parametrize(
    ("folder", "files", "commands", "rules"),
    [
        ("code", 4, 1, []),
        ("own/code", 4, 1, ["no-licence"]),
        ("code", 1, 4, ["no-licence"]),
    ],
    ids=["most of the code", "further down", "little of it"],
)
def test_a_licence_of_most_of_the_code_may_be_meant_for_the_rest(
    make_tree: MakeTree, folder: str, files: int, commands: int, rules: list[str]
) -> None:
    tree = {f"{folder}/LICENSE": apache()}
    tree |= {f"{folder}/n{n}.py": f"x = {n}\n" for n in range(files)}
    tree |= {f"commands/run_{n}.sh": "python code/n0.py\n" for n in range(commands)}
    assert list(told(make_tree(tree))) == rules


@pytest.mark.parametrize(
    "files",
    [
        {"LICENSE": "You may read this.\n"},
        {"LICENSE": b"\x00\x01\x02 not a text \x00" * 40},
        {"COPYING": "MIT, as everything here\n"},
        {"README.md": "---\nlicense: mit\nlicense: cc-by-nc-4.0\n---\n", "config.json": CONFIG},
    ],
    ids=["unknown words", "binary", "a mention", "card with a key twice"],
)
def test_what_may_state_a_licence_stands_against_a_claim_of_absence(
    make_tree: MakeTree, files: dict[str, str | bytes]
) -> None:
    root = make_tree({"pyproject.toml": project(""), "whole/__init__.py": "x = 1\n", **files})
    assert told(root) == {}


def test_every_rule_has_a_licence_that_it_holds_for_and_one_that_it_does_not() -> None:
    from aisbom.identify.licence_conflicts import RULES

    rows = load().licences.values()
    for rule in RULES:
        assert any(rule.part(row) for row in rows), rule.id
        assert any(rule.whole(row) and not rule.part(row) for row in rows), rule.id


@pytest.mark.parametrize(
    ("folder", "own", "rule"),
    [
        ("third_party/norae", "CC-BY-NC-4.0", {"no-commercial-use"}),
        ("third_party/norae", "AGPL-3.0-only", {"copyleft"}),
        ("third_party/norae", "MIT", set()),
        ("third_party/norae", "", set()),
        ("examples/norae", "CC-BY-NC-4.0", set()),
    ],
)
def test_a_project_inside_a_project(
    make_tree: MakeTree, folder: str, own: str, rule: set[str]
) -> None:
    manifest = project(own).replace("whole", "norae")
    tree = {
        "pyproject.toml": project("Apache-2.0"),
        f"{folder}/pyproject.toml": manifest,
        f"{folder}/norae/a.txt": "nothing of code\n",
    }
    assert set(told(make_tree(tree))) == rule
