"""Policies: what a file may say, what an undecided rule comes to, and when a waiver counts."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from aisbom.judge import policy, policy_file
from aisbom.judge.policy import Policy, Result
from aisbom.model.vocabulary import ATTRIBUTES, CLASSES, LEGS, PATH_ROLES, ROLES, SCORE_ROLES
from tests.judge.stack import Part, scan, scored

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schemas" / "policy.schema.json").read_text("utf-8"))
FILES = sorted((ROOT / "aisbom" / "knowledge" / "policies").glob("*.toml"))
DAY = date(2026, 6, 15)

HEAD = 'name = "p"\nversion = "1"\ntitle = "t"\n'
RULE = '[[requirement]]\nid = "random"\nleg = "technical"\ntitle = "t"\nmessage = "m"\nhelp = "h"\n'
RANDOM = (
    RULE
    + 'about = { class = "backbone-weights" }\nattribute = "initialisation"\nmust-be = "random"\n'
)
WAIVER = (
    '[[waiver]]\nrequirement = "random"\ncomponent = "a"\nreason = "bought"\nowner ='
    ' "legal"\nexpires = 2026-06-15\n'
)


def read(text: str) -> Policy:
    return policy_file.read(text.encode(), "p.toml")


def check(text: str, *words: str, day: date = DAY) -> Result:
    parts = [
        Part("backbone-weights", name, initialisation=word)
        for name, word in zip("abc", words, strict=False)
    ]
    return policy.check(read(text), scan(*parts), scored(), {}.get, day)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_shipped_policies_are_as_the_schema_says(path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    errors = [e.message for e in jsonschema_rs.validator_for(SCHEMA).iter_errors(table)]
    assert errors == []
    made = policy_file.load(path.stem)
    assert made.name == path.stem
    for rule in made.rules:
        # Every message says what was found and where (computed), why it matters, and what would
        # settle it.
        assert len(rule.message) > 20
        assert len(rule.help) > 20


def test_the_shipped_ones() -> None:
    assert policy_file.list_policies() == (
        "eu",
        "known-vulnerabilities",
        "kr-msit-2025-07",
        "kr-msit-2026-01",
        "no-undeclared-parts",
        "submission-licences",
        "unsafe-weights",
    )
    assert policy_file.DEFAULT in policy_file.list_policies()


@pytest.mark.parametrize("name", ["kr-msit-2025-07", "kr-msit-2026-01"])
def test_the_korean_ones_say_that_they_are_no_official_text(name: str) -> None:
    text = (ROOT / "aisbom" / "knowledge" / "policies" / f"{name}.toml").read_text("utf-8")
    assert "press reports" in text
    assert "NOT an official text" in text


def test_the_schema_knows_the_words_of_the_program() -> None:
    words = SCHEMA["$defs"]
    assert words["class"]["enum"] == list(CLASSES)
    assert words["role"]["enum"] == list(ROLES)
    assert words["path-role"]["enum"] == list(PATH_ROLES)
    score = words["requirement"]["properties"]["score"]["properties"]
    assert score["role"]["enum"] == list(SCORE_ROLES)
    assert score["leg"]["enum"] == list(LEGS)


def test_the_schema_knows_the_attributes(request: pytest.FixtureRequest) -> None:
    """`--accept` writes them: a new policy fact is one row of the vocabulary."""
    path = ROOT / "schemas" / "policy.schema.json"
    rows = ",\n".join(f'        "{name}"' for name in ATTRIBUTES)
    block = f'"attribute": {{\n      "enum": [\n{rows}\n      ]'
    text = path.read_text("utf-8")
    if request.config.getoption("--accept"):
        expression = r'"attribute": \{\s*"enum": \[[^\]]*\]'
        path.write_text(re.sub(expression, lambda _: block, text, count=1), "utf-8")
    else:
        assert block in text


@pytest.mark.parametrize(
    "text",
    [
        HEAD + RANDOM.replace("must-be", "must_be"),
        HEAD + RANDOM + "declared = true\n",
        HEAD + RANDOM.replace("initialisation", "initialization"),
        HEAD + RANDOM + 'severity = "fatal"\n',
        HEAD + RANDOM + WAIVER.replace("reason", "why"),
        HEAD + 'on-unknown = "maybe"\n' + RANDOM,
        HEAD,
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"^p\.toml"):
        read(text)
    assert not jsonschema_rs.validator_for(SCHEMA).is_valid(tomllib.loads(text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[[", "p.toml: not valid TOML"),
        ('titel = "x"\n' + HEAD + RANDOM, "p.toml:1: unknown key 'titel'; did you mean 'title'?"),
        (
            HEAD + 'on-unknown = "wrn"\n' + RANDOM,
            "p.toml:4: 'on-unknown' cannot be 'wrn'; did you mean 'warn'?",
        ),
        (HEAD + "home = 3\n" + RANDOM, "p.toml:4: 'home' must be a list"),
        (HEAD, "p.toml: has no [[requirement]]"),
        (
            HEAD + RANDOM.replace("must-be", "must-bee"),
            "p.toml:4: requirement 1 (random): unknown key 'must-bee'; did you mean 'must-be'?",
        ),
        (
            HEAD + RANDOM + WAIVER.replace('requirement = "random"', 'requirement = "randm"'),
            "p.toml:13: waiver of 'randm': policy p has no",
        ),
        (
            HEAD + RANDOM + WAIVER.replace('owner = "legal"\n', ""),
            "p.toml:13: waiver 1: has no 'owner'",
        ),
        (
            HEAD + RANDOM + WAIVER.replace('reason = "bought"', 'reason = " "'),
            "p.toml:13: waiver 1: has no 'reason'",
        ),
        (
            HEAD + RANDOM + WAIVER.replace("2026-06-15", '"soon"'),
            "p.toml:13: waiver 1: 'expires' must be a date",
        ),
        (
            HEAD + RANDOM + WAIVER.replace("expires = 2026-06-15\n", ""),
            "p.toml:13: waiver 1: 'expires' must be a date",
        ),
        (
            HEAD + RANDOM + WAIVER + WAIVER.replace("owner", "woner"),
            "p.toml:19: waiver 2: unknown key 'woner'; did you mean 'owner'?",
        ),
    ],
)
def test_a_bad_policy_is_one_line(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"^p\.toml") as caught:
        read(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text() -> None:
    for data in (b"\xff\xfe\x00", b"a = " + b"[" * 100_000):
        with pytest.raises(ValueError, match=r"^p\.toml: not valid TOML"):
            policy_file.read(data, "p.toml")


def test_unknown_names_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="did you mean 'kr-msit-2026-01'"):
        policy_file.load("kr-msit-2026-1")
    with pytest.raises(ValueError, match="no such file"):
        policy_file.load(str(tmp_path / "none.toml"))
    with pytest.raises(ValueError, match="no such file"):
        policy_file.load(f"{tmp_path}/")


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (["random"], "pass"),
        (["frozen"], "fail"),
        (["unknown"], "unknown"),
        (["frozen", "unknown"], "fail"),
        ([], "unknown"),
    ],
)
def test_the_verdict(words: list[str], verdict: str) -> None:
    assert check(HEAD + RANDOM, *words).verdict == verdict


def test_only_errors_make_the_verdict() -> None:
    warned = check(HEAD + RANDOM + 'severity = "warning"\n', "frozen")
    assert (warned.verdict, warned.requirements[0].verdict) == ("pass", "fail")


@pytest.mark.parametrize(
    ("on_unknown", "holds", "strict"),
    [("fail", False, False), ("warn", True, False), ("pass", True, False)],
)
def test_on_unknown_moves_the_gate_and_never_the_verdict(
    on_unknown: str, holds: bool, strict: bool
) -> None:
    found = check(HEAD + f'on-unknown = "{on_unknown}"\n' + RANDOM, "unknown")
    assert (found.verdict, found.holds(), found.holds(strict=True)) == ("unknown", holds, strict)
    assert not check(HEAD + f'on-unknown = "{on_unknown}"\n' + RANDOM, "frozen").holds()


def test_a_waiver_counts_up_to_its_last_day() -> None:
    text = HEAD + RANDOM + WAIVER
    on_the_day, after = check(text, "frozen"), check(text, "frozen", day=date(2026, 6, 16))
    assert on_the_day.verdict == "pass"
    assert [(w.requirement, w.finding.name, w.finding.verdict) for w in on_the_day.waived] == [
        ("random", "a", "fail")
    ]
    assert "bought" in on_the_day.requirements[0].message
    assert (after.verdict, after.waived) == ("fail", ())
    assert [w.component for w in after.expired] == ["a"]


def test_a_waiver_covers_only_what_it_names() -> None:
    found = check(HEAD + RANDOM + WAIVER, "frozen", "frozen")
    assert (found.verdict, len(found.waived)) == ("fail", 1)
    assert (
        check(HEAD + RANDOM + WAIVER.replace('"a"', '"*"'), "frozen", "unknown").verdict == "pass"
    )
    assert (
        check(HEAD + RANDOM + WAIVER.replace('"a"', '"a/*"'), "frozen").verdict == "pass"
    )  # a path
    idle = check(HEAD + RANDOM + WAIVER, "random")
    assert [w.component for w in idle.idle] == ["a"]


def test_today_comes_from_the_epoch_where_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert policy.today() == date(2026, 1, 1)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(ValueError, match="SOURCE_DATE_EPOCH"):
        policy.today()


def stated(root: Path, text: str, given: str = "") -> Policy:
    table: dict[str, Any] = tomllib.loads(text)["policy"]
    return policy_file.choose_policy(given, root, table, "aisbom.toml", text)


def test_the_configuration_chooses_and_waives(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(HEAD + RANDOM)
    waiver = WAIVER.replace("[[waiver]]", "[[policy.waiver]]")
    made = stated(tmp_path, f'[policy]\nuse = "own.toml"\n{waiver}')
    assert (made.name, len(made.waivers), made.waivers[0].place) == ("p", 1, "aisbom.toml:3")
    # Another policy is asked for: the waivers were written for the configured one.
    assert stated(tmp_path, f'[policy]\nuse = "own.toml"\n{waiver}', "eu").waivers == ()
    with pytest.raises(
        ValueError, match=r"aisbom\.toml:2: waiver of 'random': policy eu has no such requirement"
    ):
        stated(tmp_path, f"[policy]\n{waiver}", "eu")
    with pytest.raises(ValueError, match="lies outside the tree"):
        stated(tmp_path, '[policy]\nuse = "../own.toml"\n')
    with pytest.raises(
        ValueError, match=r"aisbom\.toml:2: unknown key 'usw' in \[policy\]; did you mean 'use'"
    ):
        stated(tmp_path, '[policy]\nusw = "eu"\n')


# --- the Korean ruling
# --------------------------------------------------------------------------------------------------


def ruling(*parts: Part) -> dict[str, str]:
    found = policy.check(
        policy_file.load("kr-msit-2026-01"), scan(*parts), scored(), {"Apache-2.0": 1.0}.get, DAY
    )  # type: ignore[arg-type]
    return {"": found.verdict, **{v.id: v.verdict for v in found.requirements}}


def backbone(**said: Any) -> Part:
    return Part(
        "backbone-weights",
        "w",
        sees="statement",
        **{"origin.trained": "KR", "initialisation": "random", **said},
    )


def test_foreign_code_lineage_with_own_attested_weights_passes_the_minimum_condition() -> None:
    code = Part(
        "model-code",
        "m",
        code_from="pkg:pypi/other",
        attribution="kept",
        **{"origin.developed": "KR", "licence.observed": "Apache-2.0"},
    )
    found = ruling(backbone(**{"origin.architecture": "US"}), code)
    assert found[""] == "pass"
    assert found["own-architecture"] == "fail"  # an aim, said and not counted


def test_not_attested_is_undecided() -> None:
    assert (
        ruling(backbone(initialisation="unknown"))["weights-initialised-then-trained"] == "unknown"
    )


@pytest.mark.parametrize(
    ("origin", "word", "verdict"),
    [
        ("CN", "frozen", "fail"),
        ("CN", "pretrained", "pass"),
        ("CN", "unknown", "unknown"),
        ("KR", "frozen", "pass"),
        ("unknown", "frozen", "unknown"),
    ],
)
def test_an_external_encoder_is_barred_only_frozen(origin: str, word: str, verdict: str) -> None:
    encoder = Part("encoder-weights", "e", **{"origin.trained": origin, "initialisation": word})
    assert ruling(backbone(), encoder)["encoder-not-frozen"] == verdict


def test_a_replaced_notice_fails_the_ethical_leg_alone() -> None:
    code = Part(
        "model-code",
        "m",
        code_from="pkg:pypi/other",
        attribution="replaced",
        **{"origin.developed": "KR", "licence.observed": "Apache-2.0"},
    )
    found = ruling(backbone(), code)
    assert [k for k, v in found.items() if v == "fail"] == ["", "references-are-noticed"]
