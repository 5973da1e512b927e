"""`aisbom check` as a user runs it: verdicts of the fixtures, exit codes, one line for what is
wrong.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import one_line
from tests.conftest import MakeTree
from tests.program import ROOT, document_of, run, run_once

FIXTURES = Path(__file__).parents[2] / "fixtures"
GATES = ("gate-compliant", "gate-undecided", "gate-violating")
EPOCH = "1767225600"  # 2026-01-01

POLICY = """name = "own"
version = "1"
title = "t"
[[requirement]]
id = "weights-free"
leg = "policy"
title = "t"
message = "m"
help = "h"
about = { class = ["backbone-weights"] }
licence-free = 1.0
"""
WAIVER = """[[policy.waiver]]
requirement = "weights-free"
component = "dami-mini"
reason = "bought"
owner = "legal"
expires = 2026-01-01
"""
CARD = "---\nlicense: cc-by-nc-4.0\npipeline_tag: text-generation\n---\n# dami-mini\n"


def tree(make_tree: MakeTree, config: str = 'policy = "own.toml"\n', policy: str = POLICY) -> Path:
    config_json = '{"model_type": "dami"}'
    return make_tree(
        {
            "aisbom.toml": config,
            "own.toml": policy,
            "models/dami-mini/README.md": CARD,
            "models/dami-mini/config.json": config_json,
        }
    )


def under(case: str, policy: str) -> subprocess.CompletedProcess[str]:
    """What a check of a fixture's tree says under a policy."""
    words = ["--policy", policy, "--format", "json", "--tree-says", "everything"]
    return run_once("check", FIXTURES / case / "input", *words, SOURCE_DATE_EPOCH=EPOCH)


@pytest.mark.parametrize("case", GATES)
def test_the_verdicts_of_a_fixture_under_every_policy(
    case: str, request: pytest.FixtureRequest
) -> None:
    """`expected-verdicts.json` of the case; `--accept` writes it anew."""
    from aisbom.judge.policy_file import list_policies

    found: dict[str, Any] = {}
    for name in list_policies():
        done = under(case, name)
        made = json.loads(done.stdout)
        found[name] = {"verdict": made["verdict"], "exit": done.returncode}
        found[name] |= {
            row["id"]: f"{row['verdict']} [{row['severity']}] {row['message']}"
            for row in made["requirements"]
        }
    expected = FIXTURES / case / "expected-verdicts.json"
    if request.config.getoption("--accept"):
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    assert found == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize(
    ("case", "verdict", "code", "strict"),
    [(GATES[0], "pass", 0, 0), (GATES[1], "unknown", 0, 1), (GATES[2], "fail", 1, 1)],
)
def test_the_gate(case: str, verdict: str, code: int, strict: int) -> None:
    root = FIXTURES / case / "input"
    plain = run("check", ".", "--format", "json", cwd=root)
    assert (json.loads(plain.stdout)["verdict"], plain.returncode) == (verdict, code)
    assert run("check", ".", "--strict", cwd=root).returncode == strict
    assert run("check", ".", "--strict", "--format", "sarif", cwd=root).returncode == 0


@pytest.mark.parametrize("case", GATES)
def test_a_document_is_judged_like_the_tree(case: str) -> None:
    root, document = FIXTURES / case / "input", document_of(FIXTURES / case)
    for name in ("kr-msit-2026-01", "no-undeclared-parts", "submission-licences", "eu"):
        one = json.loads(under(case, name).stdout)
        words = ["--policy", name, "--config", "aisbom.toml", "--format", "json"]
        words += ["--tree-says", "everything"]
        two = json.loads(run("check", document, *words, cwd=root, SOURCE_DATE_EPOCH=EPOCH).stdout)
        for row in (*one["requirements"], *two["requirements"]):
            for finding in row["findings"]:
                del finding[
                    "places"
                ]  # of a part without claims a document tells the first place only
            for key in ("places", "message", "found"):
                del row[key]
        assert one == two


def test_default_policy_and_the_one_of_the_configuration(make_tree: MakeTree) -> None:
    plain = make_tree({"requirements.txt": "numpy\n"})
    assert (
        json.loads(run("check", plain, "--format", "json").stdout)["policy"]["name"]
        == "no-undeclared-parts"
    )
    assert (
        json.loads(run("check", tree(make_tree), "--format", "json").stdout)["policy"]["name"]
        == "own"
    )


def test_a_waiver_of_the_configuration(make_tree: MakeTree) -> None:
    root = tree(make_tree, f'[policy]\nuse = "own.toml"\n{WAIVER}')
    on_the_day = run("check", root, "--format", "json", SOURCE_DATE_EPOCH=EPOCH)
    made = json.loads(on_the_day.stdout)
    assert (made["verdict"], on_the_day.returncode) == ("pass", 0)
    assert [(w["requirement"], w["owner"], w["expires"]) for w in made["waived"]] == [
        ("weights-free", "legal", "2026-01-01")
    ]
    later = run("check", root, SOURCE_DATE_EPOCH="1767312000")
    assert later.returncode == 1
    assert (
        "expired waiver, waives nothing: aisbom.toml:3: weights-free for dami-mini ended on"
        " 2026-01-01 (owner legal)" in later.stdout
    )


def test_a_waiver_in_pyproject(make_tree: MakeTree) -> None:
    table = '[tool.aisbom.policy]\nuse = "own.toml"\n' + WAIVER.replace(
        "[[policy", "[[tool.aisbom.policy"
    ).replace("owner", "ownr")
    root = make_tree({"pyproject.toml": table, "own.toml": POLICY, "requirements.txt": "numpy\n"})
    done = run("check", root)
    assert done.returncode == 2
    assert "pyproject.toml:3: waiver 1: unknown key 'ownr'; did you mean 'owner'?" in done.stderr


@pytest.mark.parametrize(
    ("config", "policy", "arguments", "says"),
    [
        (
            "",
            POLICY,
            ["--policy", "kr-msit"],
            "--policy 'kr-msit': no such policy; did you mean 'kr-msit-2026-01'",
        ),
        ("", POLICY, ["--policy", "none.toml"], "--policy 'none.toml': no such file"),
        ("", POLICY, ["--policy", "../x"], "no such file"),
        ("", POLICY, ["--profile", "nope"], "nope: no such profile"),
        ("", POLICY, ["--home", "XX"], "XX: not an ISO 3166-1"),
        ("", POLICY, ["--source-root", "nowhere"], "--source-root nowhere: no such folder"),
        (
            'policy = "own.toml"\n',
            POLICY.replace("licence-free", "licence-fre"),
            [],
            "unknown key 'licence-fre'; did you mean 'licence-free'?",
        ),
        (
            'policy = "own.toml"\n',
            POLICY.replace("licence-free = 1.0", 'attribute = "orign.trained"\nknown = true'),
            [],
            "did you mean 'origin.trained'?",
        ),
        ('policy = "own.toml"\n', "[[[", [], "own.toml: not valid TOML"),
        (
            'policy = "/etc/x.toml"\n',
            POLICY,
            [],
            "aisbom.toml:1: policy '/etc/x.toml' lies outside the tree",
        ),
        ("policy = 3\n", POLICY, [], "aisbom.toml:1: 'policy' must be the name of one, or a table"),
        (
            'polcy = "eu"\n',
            POLICY,
            [],
            "aisbom.toml:1: unknown key 'polcy'; did you mean 'policy'?",
        ),
        (
            f"[policy]\n{WAIVER}",
            POLICY,
            [],
            (
                "aisbom.toml:2: waiver of 'weights-free': policy no-undeclared-parts has no such"
                " requirement"
            ),
        ),
        (
            f'[policy]\nuse = "own.toml"\n{WAIVER.replace("reason", "resaon")}',
            POLICY,
            [],
            "aisbom.toml:3: waiver 1: unknown key 'resaon'",
        ),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    make_tree: MakeTree, config: str, policy: str, arguments: list[str], says: str
) -> None:
    root = tree(make_tree, config, policy)
    done = run("check", ".", *arguments, cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert one_line(done.stderr)


def test_a_document_of_another_tool_is_one_line_and_exit_2(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    head = {"component": {"bom-ref": "a", "name": "a", "type": "library"}}
    other.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": head}))
    done = run("check", other)
    assert (done.returncode, done.stdout, one_line(done.stderr)) == (2, "", True)
    assert "has no aisbom: properties" in done.stderr


def test_a_rule_on_a_missing_fact_is_undecided_and_says_what_would_settle_it(
    make_tree: MakeTree,
) -> None:
    text = POLICY.replace("licence-free = 1.0", 'attribute = "initialisation"\nmust-be = "random"')
    done = run("check", ".", cwd=tree(make_tree, policy=text))
    assert done.returncode == 0
    assert "initialisation" in done.stdout
    assert "what would settle it: h" in done.stdout
    assert (
        run("check", ".", cwd=tree(make_tree, policy='on-unknown = "fail"\n' + text)).returncode
        == 1
    )


def test_nothing_scanned_is_not_nothing_found(tmp_path: Path) -> None:
    for form in ("text", "sarif"):
        done = run("check", tmp_path, "--format", form)
        assert (done.returncode, done.stdout) == (3, "")
        assert "nothing to check was found" in done.stderr


def test_no_clock_but_for_waivers(make_tree: MakeTree) -> None:
    root = tree(make_tree)
    one, two = (
        run("check", root, "--format", form, SOURCE_DATE_EPOCH=epoch)
        for form in ("json",)
        for epoch in ("0", EPOCH)
    )
    assert one.stdout == two.stdout


def test_sarif_of_a_subfolder_points_from_where_the_user_stands(make_tree: MakeTree) -> None:
    root = tree(make_tree)
    made = json.loads(run("check", "tree", "--format", "sarif", cwd=root.parent).stdout)
    (row,) = made["runs"][0]["results"]
    place = row["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "tree/models/dami-mini/README.md"
    assert place["region"]["startLine"] == 2


def test_a_document_checked_elsewhere_points_to_no_file_of_the_folder(tmp_path: Path) -> None:
    document = tmp_path / "bom.json"
    tree = ROOT / "fixtures" / "gate-violating" / "input"
    assert run("generate", tree, "-o", document, "-q", "--no-cache").returncode == 0
    (tmp_path / "README.md").write_text("of another project\n")
    words = ("--policy", "no-undeclared-parts", "--format", "sarif")
    done = run("check", "bom.json", *words, cwd=tmp_path)
    places = [
        at["physicalLocation"]["artifactLocation"]["uri"]
        for row in json.loads(done.stdout)["runs"][0]["results"]
        for at in row["locations"]
    ]
    assert places
    assert all((tree / place).exists() for place in places)
    with_root = run("check", "bom.json", *words, "--source-root", tree, cwd=tmp_path)
    assert json.loads(with_root.stdout)["runs"][0]["results"]
