"""What the table of packages may not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.knowledge import package_check
from aisbom.knowledge.package_table import COLUMNS

SOURCES = {"wolfi", "spack", "by hand", "PyPI metadata"}


def problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[str]:
    table = tmp_path / "package_table.tsv"
    table.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n", "utf-8")
    monkeypatch.setattr(package_check, "TABLE", table)
    return list(package_check.table(SOURCES))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a\tlicence\tMIT\t\t1", "5 cells, 6 expected"),
        ("A_b\tlicence\tMIT\t\t1\twolfi", "the normalised name is 'a-b'"),
        ("a\tcolour\tred\t\t1\twolfi", "neither a licence nor a repository"),
        ("a\tlicence\t\t\t1\twolfi", "neither a licence nor a repository"),
        ("a\tlicence\tMIT\t\tmany\twolfi", "is no number of distributions"),
        ("a\tlicence\tMIT\t\t0\twolfi", "is no number of distributions"),
        ("a\tlicence\tMIT\tnewer\t1\tby hand", "is no range"),
        ("a\tlicence\tMIT\t\t1\thearsay", "has no source 'hearsay'"),
    ],
)
def test_a_row_is_refused(
    line: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = problems(tmp_path, monkeypatch, line)
    assert message in problem and problem.startswith("package_table.tsv:2:")


def test_good_rows_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (
        "a\tlicence\tISC\t<2\t1\tby hand",
        "a\tlicence\tMIT\t>=2\t1\tby hand",
        "a\trepository\tgithub.com/x/a\t\t1\tPyPI metadata 2.0",
        "b\tlicence\tMIT\t\t2\tspack; wolfi",
    )
    assert problems(tmp_path, monkeypatch, *rows) == []


@pytest.mark.parametrize(
    "rows",
    [
        ("b\tlicence\tMIT\t\t1\twolfi", "a\tlicence\tMIT\t\t1\twolfi"),
        ("a\tlicence\tMIT\t\t1\twolfi", "a\tlicence\tMIT\t\t1\twolfi"),
    ],
)
def test_order_and_repeats(
    rows: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any("rows are sorted, each once" in p for p in problems(tmp_path, monkeypatch, *rows))


def test_two_rows_by_hand_that_contradict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ("a\tlicence\tISC\t\t1\tby hand", "a\tlicence\tMIT\t\t1\tby hand")
    assert any("two licences by hand" in p for p in problems(tmp_path, monkeypatch, *rows))
