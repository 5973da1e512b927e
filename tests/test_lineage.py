"""Copied code through the real program: changed copies are found, judged where something shows who
took it from whom, and code of one's own is not found.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from aisbom.codeprint.index import SHIPPED
from tests.codeprint import mutate
from tests.codeprint.made import sample
from tests.program import every_component, properties, run
from tests.test_fixtures import FIXTURES, indexed

UPSTREAM = FIXTURES / "copied-code" / "upstream"
MODEL = (UPSTREAM / "1.1" / "norae" / "modeling_norae.py").read_text("utf-8")
RENAMED = (
    MODEL.replace("Norae", "Haneul").replace("norae", "haneul").replace("Haneul Labs", "Norae Labs")
)
ORIGIN = "pkg:pypi/norae#norae/modeling_norae.py"
BARE = MODEL.split("\n", 2)[2]

COPIES = {
    "kept/modeling_a.py": (RENAMED, "kept"),
    "removed/modeling_b.py": (mutate.without_header(RENAMED), ""),
    "replaced/modeling_c.py": (f"# Copyright (c) 2026 Haneul Compute\n{BARE}", ""),
    "reformatted/modeling_d.py": (mutate.requoted(mutate.exploded(BARE)), ""),
    "translated/modeling_e.py": (mutate.translated(BARE), ""),
    "half/modeling_f.py": (BARE[: BARE.index("class NoraeLayer")], ""),
    "reordered/modeling_h.py": (mutate.reordered(BARE), ""),
    "renamed/modeling_i.py": (mutate.renamed(BARE), "unknown"),
    "said/modeling_g.py": (f"# Adapted from https://github.com/norae-labs/norae\n{BARE}", "kept"),
}
OWN = {
    "own/server.py": (
        (FIXTURES / "copied-code" / "input" / "src" / "haneul" / "server.py").read_text("utf-8")
    ),
    "own/harbour.py": sample("harbour"),
    "own/settings.py": sample("settings"),
    "own/pieces.py": sample("pieces"),
    "own/__init__.py": (
        "from own.server import Waiting\nfrom own.settings import *\n\n__all__ = ['Waiting']\n"
    ),
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("lineage")
    for name, text in {**{name: text for name, (text, _) in COPIES.items()}, **OWN}.items():
        path = folder / "tree" / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    index = indexed(UPSTREAM, folder / "index")
    done = run(
        "generate",
        folder / "tree",
        "-o",
        folder / "o.json",
        "--quiet",
        "--no-cache",
        AISBOM_CODE_INDEX=str(index),
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads((folder / "o.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", COPIES)
def test_a_changed_copy_is_found_and_judged_by_an_order_alone(
    document: dict[str, Any], name: str
) -> None:
    rows = [
        row
        for row in every_component(document)
        if f"src/{name}" in {o["location"] for o in row["evidence"]["occurrences"]}
    ]
    (row,) = [row for row in rows if properties(row, "aisbom:code-from:basis")]
    # A donor is named, and a notice judged, where something in the file shows the order: a kept
    # notice, a comment. What another file of the tree says shows the donor, and judges nobody. Of a
    # family only the members are named.
    derived = COPIES[name][1] != "unknown"
    assert properties(row, "aisbom:code-from:basis") == ["derived" if derived else "family"]
    assert properties(row, "aisbom:code-from") == [ORIGIN] * derived
    assert properties(row, "aisbom:code-from:member") == [ORIGIN] * (not derived)
    judged = COPIES[name][1]
    assert properties(row, "aisbom:attribution") == [judged] * bool(judged)
    assert properties(row, "aisbom:code-from:holder") == ["Norae Labs = kept"] * (judged == "kept")
    assert bool(row.get("pedigree", {}).get("ancestors")) == derived
    assert any("symbol" in o for o in row["evidence"]["occurrences"])


@pytest.mark.parametrize("name", OWN)
def test_code_of_ones_own_is_found_nowhere(document: dict[str, Any], name: str) -> None:
    for row in every_component(document):
        if f"src/{name}" in {o["location"] for o in row["evidence"]["occurrences"]}:
            assert not properties(row, "aisbom:code-from")


def test_what_was_compared_with_is_said(document: dict[str, Any]) -> None:
    (covers,) = properties(document["metadata"], "aisbom:index:coverage")
    assert f"{len(list(SHIPPED.glob('*.codeindex'))) + 1} projects (1 of them added" in covers


def test_nothing_found_in_code_says_anything_of_weights(document: dict[str, Any]) -> None:
    predicates = {
        claim["predicate"].partition("=")[0] for claim in document["declarations"]["claims"]
    }
    assert "code-from" in predicates
    assert not any(
        name.startswith(("weights-from", "initialisation", "origin.trained")) for name in predicates
    )
