"""What the tables hold, in figures."""

from __future__ import annotations

import re

from aisbom.knowledge import load
from aisbom.knowledge.ages import list_sources
from aisbom.knowledge.rows import FILES
from aisbom.knowledge.stats import stats
from tests.program import run

K = load()


def test_every_table_and_its_age() -> None:
    text = stats(K)
    for name in FILES:
        assert re.search(rf"^{re.escape(name)} +[\d,]+", text, re.MULTILINE), name
    assert re.search(r"^organisations\.csv +1,\d+  2026-\d\d", text, re.MULTILINE)


def test_shares_add_up() -> None:
    text = stats(K)
    for line in re.findall(r"^  (?:steward|owner): (.*)$", text, re.MULTILINE):
        shares = [float(share) for share in re.findall(r"\((\d\.\d\d)\)", line)]
        assert shares and abs(sum(shares) - 1) < 0.03


def test_the_command() -> None:
    done = run("knowledge", "stats")
    assert done.returncode == 0 and "package_table.tsv:" in done.stdout


def test_the_age_of_a_row() -> None:
    (family,) = list_sources(K, "hub_families.csv", "Qwen/Qwen2.5-3B*")
    assert re.fullmatch(r"hub_families\.csv:\d+ Qwen/Qwen2\.5-3B\*", family.row)
    assert (family.title, family.day, family.url[:5]) == ("", "2026-01", "https")
    assert next(list_sources(K, "packages.csv", "torch")).row.startswith("packages.csv:")
    sources = list(list_sources(K, "package_table.tsv", "PyPI metadata 2.1; wolfi"))
    assert [one.day[:2] for one in sources] == ["20", "20"]
    assert all(one.title for one in sources)
    assert list(list_sources(K, "accounts.csv", "github/no-such-account")) == []
