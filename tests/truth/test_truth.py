"""The bars, on the half that nothing was tuned on. `python -m tests.truth [SITE-PACKAGES ...]`
prints everything.
"""

from __future__ import annotations

import re

import pytest

from tests.truth.labelled import distributions, licence_files
from tests.truth.measure import concluded, files, origins, present, report

REPORTING = [row for row in distributions() if not row.tuning]


def test_enough_is_labelled() -> None:
    rows, texts = distributions(), licence_files()
    assert len(rows) >= 200
    assert len(texts) >= 150
    assert len({row.name for row in rows}) == len(rows)
    assert min(len(REPORTING), len(rows) - len(REPORTING)) >= 100
    assert all(row.origin and row.licences and "?" not in row.licences for row in rows)


def test_no_person_stands_in_the_rows() -> None:
    for row in distributions():
        assert all(re.fullmatch(r"(?:team|someone)@[\w.-]+", mail) for mail in row.mail), row.name


def test_origins() -> None:
    found = origins(REPORTING)
    assert found.precision >= 0.98, found.confusions
    assert found.recall >= 0.85, found.confusions
    assert found.persons == ()


def test_no_country_for_a_project_that_a_person_runs_in_either_half() -> None:
    assert origins(row for row in distributions() if "person" in row.origin).asserted == 0


def test_licences() -> None:
    found = concluded(REPORTING)
    assert found.share >= 0.95, found.confusions
    assert found.rows - found.right - found.silent == 0, found.confusions


def test_licence_files() -> None:
    """Those that are installed where the tests run; texts are not kept here."""
    found = files(present(row for row in licence_files() if row.kind == "single"))
    if found.rows < 20:
        pytest.skip(f"only {found.rows} of the labelled licence files are installed here")
    assert found.share >= 0.95, found.confusions


def test_the_report_names_both_halves() -> None:
    text = report()
    assert "tuning half" in text
    assert "reporting half" in text
    assert "labelled blind" in text
    assert "files a second" in text
    print("\n" + text)
