"""Each refusal of the checks, and the shipped data, which none of them refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aisbom.knowledge.check import check
from aisbom.knowledge.read import DATA
from tests.knowledge.test_knowledge import HEADER, own_row


def test_the_shipped_data_hold() -> None:
    assert check() == []


def refused(tmp_path: Path, *rows: str, header: str = HEADER) -> list[str]:
    extra = tmp_path / "own.csv"
    extra.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return check(extra)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"legal_seat": "XX"}, "unknown country code 'XX' in legal_seat"),
        ({"legal_seat": "kr"}, "unknown country code 'kr' in legal_seat"),
        ({"ultimate_parent_country": "EU"}, "unknown country code 'EU' in ultimate_parent_country"),
        ({"legal_seat": ""}, "needs a legal_seat"),
        ({"scope": "international", "effective_seat": "KR"}, "has no effective_seat"),
        ({"scope": "undetermined"}, "has no seat"),
        ({"scope": "everywhere"}, "scope is 'everywhere', not one of"),
        ({"kind": "person"}, "kind is 'person', not one of"),
        ({"source": ""}, "no source"),
        ({"source": "I know it"}, "is no URL"),
        ({"as_of": ""}, "no as_of"),
        ({"as_of": "last year"}, "is no date"),
        ({"id": "Example Lab"}, "is not made of"),
        ({"name": ""}, "no name"),
        ({"domains": "Lab.Example"}, "is no domain in lower case"),
        ({"github": "https://github.com/x"}, "is no account name"),
        (
            {"github": "huggingface"},
            "the github account 'huggingface' is taken by organisations.csv:",
        ),
        ({"hub": "TheBloke"}, "the hub account 'thebloke' is taken by not_origin.csv:"),
        ({"domains": "upstage.ai"}, "the domain 'upstage.ai' is taken by organisations.csv:"),
        ({"aliases": "The  HuggingFace"}, "the name 'huggingface' is taken by organisations.csv:"),
        ({"parent": "nobody"}, "no organisation has the id of the parent 'nobody'"),
        ({"parent": "example-lab"}, "the parents form a circle"),
        (
            {"parent": "google", "ultimate_parent_country": "KR"},
            "but the parents end at 'google' ('US')",
        ),
        ({"id": "upstage", "name": "Up Stage Two"}, "whose period overlaps"),
        ({"valid_from": "2024", "valid_to": "2023"}, "is not before valid_to"),
    ],
)
def test_a_row_is_refused(tmp_path: Path, cells: dict[str, str], message: str) -> None:
    problems = refused(tmp_path, own_row(**cells))
    assert any(message in problem for problem in problems), problems
    assert all(problem.startswith(("own.csv:2: ", "organisations.csv:")) for problem in problems)


def test_a_good_row_is_not_refused(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, own_row(), own_row(id="other", name="Another Lab", parent="example-lab"))
        == ["own.csv:3: ultimate_parent_country is '', but the parents end at 'example-lab' ('')"]
        or refused(
            tmp_path, own_row(), own_row(id="other", name="Another Lab", parent="example-lab")
        )
        == []
    )


def test_two_rows_with_one_id(tmp_path: Path) -> None:
    problems = refused(tmp_path, own_row(), own_row())
    assert any(
        "own.csv:3: the id 'example-lab' has another row at line 2" in problem
        for problem in problems
    )


def test_a_circle_of_three(tmp_path: Path) -> None:
    rows = [
        own_row(id=a, name=f"Lab {a}", parent=b)
        for a, b in (("aa", "bb"), ("bb", "cc"), ("cc", "aa"))
    ]
    assert any("aa -> bb -> cc -> aa" in problem for problem in refused(tmp_path, *rows))


def test_periods_may_follow_each_other(tmp_path: Path) -> None:
    rows = [
        own_row(valid_to="2020-05"),
        own_row(valid_from="2020-05", legal_seat="US", github="example-lab-kr"),
    ]
    assert refused(tmp_path, *rows) == []


def test_unknown_and_missing_columns(tmp_path: Path) -> None:
    problems = refused(tmp_path, own_row(), header=HEADER.replace("legal_seat", "seat"))
    assert problems == [
        "own.csv:1: missing column 'legal_seat'",
        "own.csv:1: unknown column 'seat'",
    ]


def test_columns_in_another_order(tmp_path: Path) -> None:
    assert "order" in refused(tmp_path, own_row(), header=HEADER.replace("id,name", "name,id"))[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "own.csv:1: no header"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (HEADER.encode() + b"\na,b\n", "own.csv:2: 2 cells, 22 expected"),
        (HEADER.encode() + b'\n"a,b\n"\n', "own.csv:2: "),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    extra = tmp_path / "own.csv"
    extra.write_bytes(content)
    problems = check(extra)
    assert len(problems) == 1 and message in problems[0]


def test_a_missing_file(tmp_path: Path) -> None:
    assert check(tmp_path / "none.csv") == ["none.csv: cannot be read: No such file or directory"]


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        (
            "packages.csv",
            "some-package,nobody,https://x.example/,2026-01,",
            "no organisation has the id 'nobody'",
        ),
        (
            "packages.csv",
            "Some_Package,google,https://x.example/,2026-01,",
            "the normalised name is 'some-package'",
        ),
        ("packages.csv", "torch,google,https://x.example/,2026-01,", "the same name as line"),
        ("packages.csv", "some-package,google,,2026-01,", "no source"),
        (
            "model_families.csv",
            "some_type,nobody,curated,https://x.example/,2026-01,",
            "no organisation has the id 'nobody'",
        ),
        (
            "model_families.csv",
            "some_type,google; unknown,curated,https://x.example/,2026-01,",
            "'unknown' stands alone",
        ),
        (
            "model_families.csv",
            "some_type,,curated,https://x.example/,2026-01,",
            "no organisation; unknown or person-undisclosed says",
        ),
        (
            "model_families.csv",
            "some_type,google,guess,https://x.example/,2026-01,",
            "basis is 'guess'",
        ),
        (
            "person_run.csv",
            "pypi,tqdm,https://x.example/,2026-01,",
            "the same where and key as line",
        ),
        (
            "not_origin.csv",
            "google,huggingface,mirror,,why,https://x.example/,2026-01",
            "the hub account 'google' is taken by not_origin.csv",
        ),
        (
            "licence_names.csv",
            "text,mit  licence,MIT,medium,https://x.example/,2026-01,",
            "the same kind and words as line",
        ),
        (
            "licences.csv",
            "mit,X,,1,1,1,1,1,notice,,https://x.example/,2026-01,",
            "the same id as line",
        ),
        (
            "licences.csv",
            "no id,X,,1,1,1,1,1,notice,,https://x.example/,2026-01,",
            "neither an SPDX identifier nor LicenseRef",
        ),
        (
            "licences.csv",
            "LicenseRef-X,X,nobody,1,1,1,1,1,notice,,https://x.example/,2026-01,",
            "no organisation has the id of the steward",
        ),
        (
            "licences.csv",
            "LicenseRef-X,X,,yes,1,1,1,1,notice,,https://x.example/,2026-01,",
            "use is 'yes', not 1, 0 or empty",
        ),
        (
            "licences.csv",
            "LicenseRef-X,X,,1,1,1,1,1,beer,,https://x.example/,2026-01,",
            "unknown obligation 'beer'",
        ),
        (
            "licences.csv",
            "LicenseRef-X,X,,1,1,1,1,1,notice,many,https://x.example/,2026-01,",
            "user_threshold 'many' is no number",
        ),
        (
            "licences.csv",
            "LicenseRef-X,X,,1,1,1,1,1,notice,100,https://x.example/,2026-01,",
            "go together",
        ),
        (
            "licences.csv",
            "LicenseRef-X,X,,1,1,1,1,1,naming,,https://x.example/,2026-01,",
            "no_naming is granted although naming is asked",
        ),
        (
            "country_groups.csv",
            "EU,XX,2020-01-01,,https://x.example/,2026-01",
            "unknown country code 'XX'",
        ),
        ("countries.csv", "KR,Korea", "the same code as line"),
        ("hosts.csv", "some.example,smoke,free", "use is 'smoke'"),
    ],
)
def test_a_row_of_another_file_is_refused(
    tmp_path: Path, file: str, row: str, message: str
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    with (folder / file).open("a") as stream:
        stream.write(row + "\n")
    problems = check(folder=folder)
    assert problems and any(message in problem for problem in problems), problems
