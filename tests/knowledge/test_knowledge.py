"""The loader and its look-ups, over the shipped data."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.knowledge import Invalid, load, names
from aisbom.knowledge.read import DATA, table
from aisbom.knowledge.rows import FILES, Organisation, columns

K = load()
SCHEMAS = Path(__file__).parents[2] / "schemas"
HEADER = ",".join(columns(Organisation))


def own_row(**cells: str) -> str:
    """A row of organisations.csv with the cells named, and what every row must have."""
    given_ = {
        "id": "example-lab",
        "name": "Example Lab",
        "kind": "lab",
        "scope": "national",
        "legal_seat": "KR",
        "confidence": "high",
        "source": "https://lab.example",
        "as_of": "2026-02",
    } | cells
    return ",".join(f'"{given_.get(name, "")}"' for name in columns(Organisation))


def test_nothing_is_read_on_import() -> None:
    code = "import aisbom.knowledge as k; assert k._load_shipped.cache_info().currsize == 0"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_loaded_once() -> None:
    assert load() is load()


def test_loading_parses_only_tables_that_are_asked_in_full() -> None:
    """The long ones are parsed when they are first asked: loading costs what their digest costs."""
    code = (
        "import aisbom.knowledge as k; read = k.table; parsed = []\n"
        "k.table = lambda path, kind: parsed.append(path.name) or read(path, kind)\n"
        "loaded = k.load(); print(*sorted(parsed))\n"
        "assert loaded.by_owner('github', 'huggingface') and loaded.by_name('Upstage')\n"
        "print(*parsed[2:])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["country_groups.csv", "services.csv", "organisations.csv"]


def test_every_row_is_found_by_its_own_key() -> None:
    """Tables that are read late, and names whose trimming is skipped, answer as before."""
    for identity, periods in K.organisations.items():
        row = periods[-1]
        assert K.organisation(identity) == row
        assert all(K.by_domain(domain) == row for domain in row.domains)
        assert all(K.by_owner(*pair) == row for pair in names.owners(row))
        assert all(K.by_name(holder) == row for holder in (*row.aliases, *row.holders))
    asked: dict[str, Callable[[Any], Any]] = {
        "accounts.csv": lambda row: K.account(row.host, row.account.upper()),
        "code_projects.csv": lambda row: K.code_project(row.kind, row.name),
        "hosts.csv": lambda row: row if "." not in row.host or K.silent(row.use, row.host) else 0,
        "hub_families.csv": lambda row: K.hub_family(row.pattern) if row.exact else row,
        "licence_names.csv": lambda row: K.licence(row.kind, row.words),
        "licences.csv": lambda row: K.terms(row.id),
        "model_families.csv": lambda row: K.families.get(row.model_type),
        "package_indexes.csv": lambda row: K.package_index(f"https://{row.address}"),
        "packages.csv": lambda row: K.packages.get(row.name),
        "person_run.csv": lambda row: K.person_run(row.where, row.key),
    }
    for file, ask in asked.items():
        for row in table(DATA / file, FILES[file]):
            assert ask(row) == row, f"{file}:{row.line}"


def test_a_domain_is_found_from_its_subdomains_only() -> None:
    assert K.by_domain("docs.upstage.ai") == K.by_domain("UPSTAGE.AI") != None  # noqa: E711
    assert K.by_domain("notupstage.ai") is None
    assert K.by_domain("ai") is None


@pytest.mark.parametrize(
    ("host", "owner", "identity"),
    [
        ("github", "huggingface", "huggingface"),
        ("github", "HuggingFace", "huggingface"),
        ("hub", "qwen", "alibaba"),
        ("hub", "LGAI-EXAONE", "lgai"),
    ],
)
def test_accounts(host: str, owner: str, identity: str) -> None:
    row = K.by_owner(host, owner)
    assert row and row.id == identity


def test_an_account_of_one_host_is_none_of_another() -> None:
    assert K.by_owner("gitlab", "huggingface") is None


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("The HuggingFace Inc. team", "huggingface"),
        ("Copyright 2018-2024 The Hugging Face team. All rights reserved.", "huggingface"),
        ("(c) 2023, NVIDIA CORPORATION & AFFILIATES. All rights reserved.", "nvidia"),
        ("The Qwen team, Alibaba Group and the HuggingFace Inc. team", "alibaba"),
        ("Upstage Co., Ltd.", "upstage"),
        ("업스테이지", "upstage"),
        ("Copyright ByteDance Ltd. and/or its affiliates", "bytedance"),
        ("2019-2024, 01.AI", "01ai"),
    ],
)
def test_names(text: str, identity: str) -> None:
    row = K.by_name(text)
    assert row and row.id == identity


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MIT",
        "Kimi",
        "Yi",
        "Kenneth",
        "Google Summer of Code student",
        "The",
        "a",
        "Inc.",
        "Team",
        "Individual contributors",
    ],
)
def test_names_of_nobody_we_know(text: str) -> None:
    assert K.by_name(text) is None


@pytest.mark.parametrize(
    ("identity", "origin", "control"),
    [
        ("alibaba", "CN", "CN"),
        ("deepmind", "GB", "US"),
        ("arm", "GB", "JP"),
        ("naverlabseurope", "FR", "KR"),
        ("numpy", "international", ""),
        ("cuhk", "HK", "HK"),
        ("mediatek", "TW", "TW"),
        ("nari", "unknown", ""),
    ],
)
def test_seats_are_kept_apart(identity: str, origin: str, control: str) -> None:
    row = K.organisation(identity)
    assert row and (row.origin, row.ultimate_parent_country) == (origin, control)


@pytest.mark.parametrize(
    ("identity", "on", "country"),
    [
        ("graphcore", "2023-05-01", "GB"),
        ("graphcore", "2025", "JP"),
        ("graphcore", "", "JP"),
        ("github", "2017", "US"),
        ("yandex", "2020-01", "NL"),
    ],
)
def test_ownership_at_a_date(identity: str, on: str, country: str) -> None:
    row = K.organisation(identity, on)
    assert row and row.ultimate_parent_country == country


def test_packages_by_name_and_prefix() -> None:
    for name, steward in (
        ("torch", "pytorch"),
        ("Scikit_Learn", "sklearn"),
        ("nvidia-cublas-cu12", "nvidia"),
    ):
        found = K.package(name)
        assert found and found[1].id == steward
    assert K.package("torch-something-else") is None


def test_person_run_says_no_country() -> None:
    assert K.person_run("pypi", "tqdm") and K.account("github", "lucidrains")
    assert not K.person_run("pypi", "torch")


def test_mixed_namespaces_are_silent_only_for_what_they_republish() -> None:
    assert K.not_origin("TheBloke", "anything")
    assert K.not_origin("nvidia", "DeepSeek-R1-FP4")
    assert not K.not_origin("nvidia", "Nemotron-4-340B-Base")
    assert not K.not_origin("Qwen", "Qwen2.5-7B")


@pytest.mark.parametrize(
    ("use", "host", "silent"),
    [
        ("site", "someone.github.io", True),
        ("site", "project.readthedocs.io", True),
        ("site", "huggingface.co", True),
        ("site", "docs.langchain.com", False),
        ("mail", "users.noreply.github.com", True),
        ("mail", "naver.com", True),
        ("mail", "navercorp.com", False),
        ("mail", "python.org", True),
    ],
)
def test_hosts_that_say_nothing(use: str, host: str, silent: bool) -> None:
    assert bool(K.silent(use, host)) is silent


def test_the_european_union_is_a_group_with_dates() -> None:
    now = K.members("EU")
    assert len(now) == 27 and "GB" not in now and "CH" not in now
    assert "GB" in K.members("EU", "2019-06-01") and "HR" not in K.members("EU", "2010-01-01")
    assert K.members("nothing") == frozenset()


def test_codes_that_are_never_rolled_up() -> None:
    assert {"HK", "MO", "TW", "CN", "KR", "KP"} <= set(K.countries)
    assert len(K.countries) == 249


def test_digest_names_the_data(tmp_path: Path) -> None:
    assert K.digest == load().digest and len(K.digest) == 64
    extra = tmp_path / "own.csv"
    extra.write_text(f"{HEADER}\n{own_row()}\n")
    assert load(extra).digest != K.digest


def test_a_users_file_adds_rows(tmp_path: Path) -> None:
    extra = tmp_path / "own.csv"
    extra.write_text(
        f"# ours\n{HEADER}\n{own_row(github='example-lab-kr; other-account', domains='lab.example')}\n"
    )
    row = load(extra).by_owner("github", "Other-Account")
    assert row and row.origin == "KR"
    assert load(extra).by_owner("github", "huggingface")
    assert K.by_owner("github", "other-account") is None


def test_a_users_file_that_fails_is_refused_with_its_line(tmp_path: Path) -> None:
    extra = tmp_path / "own.csv"
    extra.write_text(f"{HEADER}\n{own_row(legal_seat='XX')}\n")
    with pytest.raises(Invalid, match=r"own\.csv:2: unknown country code 'XX'"):
        load(extra)


@pytest.mark.parametrize(
    "name", sorted(SCHEMAS.glob("knowledge-*.schema.json")), ids=lambda path: path.name
)
def test_rows_are_as_the_schema_says(name: Path) -> None:
    schema = json.loads(name.read_text())
    file = (
        name.name.removeprefix("knowledge-").removesuffix(".schema.json").replace("-", "_") + ".csv"
    )
    kind = FILES[file]
    assert tuple(schema["properties"]) == columns(kind)
    validator = jsonschema_rs.validator_for(schema)
    for row in table(DATA / file, kind):
        cells = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in row._asdict().items()
            if key in columns(kind)
        }
        errors = [f"{file}:{row.line}: {error.message}" for error in validator.iter_errors(cells)]
        assert not errors


def test_no_row_claims_a_check_that_did_not_happen() -> None:
    for file, kind in FILES.items():
        if "as_of" in columns(kind):
            assert {len(row.as_of) for row in table(DATA / file, kind)} == {7}


@given(st.text())
def test_look_ups_take_any_text(text: str) -> None:
    K.by_name(text)
    K.by_domain(text)
    K.package(text)
    assert names.key(names.key(text)) == names.key(text) or text.casefold().startswith("the")


HOLDERS = [name for periods in K.organisations.values() for name in periods[-1].holders]
LEADS = [
    "",
    "Copyright (c) 2021 ",
    "© 2019-2024, ",
    "Copyright 2018- ",
    "Copyright © 2019, 2021 by ",
]


@given(
    st.sampled_from(HOLDERS),
    st.sampled_from(LEADS),
    st.sampled_from(["", " All rights reserved.", " and contributors"]),
)
def test_a_holder_is_found_with_and_without_what_every_line_says(
    name: str, lead: str, tail: str
) -> None:
    assert K.by_name(f"{lead}{name}{tail}") == K.by_name(name) is not None
