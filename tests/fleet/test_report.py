"""The organiser's page: everything in it, nothing steers it, and it needs nobody."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from lxml import html

from aisbom.fleet import query
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.match import match
from aisbom.fleet.question import Question
from aisbom.fleet.report import report
from aisbom.judge import profile as profiles
from tests.conftest import MakeTree
from tests.fleet.conftest import CASES, scan_list, write_list


def test_the_page_has_every_submission_under_every_profile(
    filled: Catalogue, tmp_path: Path
) -> None:
    shutil.copytree(filled.store.path(""), tmp_path / "c")
    catalogue = Catalogue.open(str(tmp_path / "c"))
    unmatched = report(catalogue).decode()
    assert "Not looked at" in unmatched
    match(catalogue)
    page = report(catalogue)
    assert page == report(catalogue)
    tree = html.fromstring(page)
    rows = tree.xpath("//section[@aria-labelledby='verdicts']//tbody/tr")
    assert sorted(row.xpath("string(th)") for row in rows) == sorted(CASES)
    assert all(len(row.xpath("td/span")) == len(profiles.list_profiles()) for row in rows)
    pairs = query.query(catalogue, "SELECT count(*) FROM matches WHERE verdict <> 'inconclusive'")
    if pairs.rows[0][0]:
        assert tree.xpath("//svg//line")
    assert "There is one round." in page.decode()


def test_the_page_reaches_for_nothing(filled: Catalogue, tmp_path: Path) -> None:
    shutil.copytree(filled.store.path(""), tmp_path / "c")
    page = report(Catalogue.open(str(tmp_path / "c"))).decode()
    assert not re.findall(r"<script|<link|<img|<iframe|\b(?:src|href)=\"(?!#)|url\(|@import", page)
    assert "default-src 'none'" in page


def test_names_of_strangers_stay_text(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree({"requirements.txt": "numpy==2.1.0\n"})
    name = "<script>alert(1)</script>"
    listed = tmp_path / "list.csv"
    listed.write_text(f'submission,location,round\n"{name}",{tree},1\n"{name}",{tree},2\n')
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    scan_list(listed, catalogue)
    page = report(catalogue).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    changed = html.fromstring(page).xpath("//section[@aria-labelledby='changed']//td[1]/text()")
    assert changed == ["same"]


def test_an_empty_and_a_failed_one_are_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    listed = write_list(
        tmp_path / "list.csv", {"e": tmp_path / "empty", "f": "https://127.0.0.1:9/r.git"}
    )
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    scan_list(listed, catalogue)
    page = report(catalogue).decode()
    assert "Without an answer" in page
    assert "refused" in page
