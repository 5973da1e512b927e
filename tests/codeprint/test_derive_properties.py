"""What no change of writing may change: names, layout, order, the spelling of a holder."""

from __future__ import annotations

import ast
import random
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.codeprint import compare_holders
from aisbom.codeprint.compare import Side, compare, side
from aisbom.codeprint.derivation import Derivation
from aisbom.codeprint.derive import derive
from aisbom.codeprint.fingerprints import Prints, of_file
from aisbom.codeprint.index import Index
from aisbom.knowledge import load
from tests.codeprint import mutate
from tests.codeprint.made import index, project, sample

PATH = "src/lantern/models/lantern.py"
TEXT = mutate.without_header(sample("lantern"))
HOLDER = "Lantern Works Ltd"
SPELLINGS = (
    "Lantern Works Ltd",
    "Lantern Works Ltd.",
    "LANTERN WORKS LTD",
    "the Lantern Works Ltd. All rights reserved.",
    "Lantern Works, Ltd",
    "The Lantern Works Authors",
    "Lantern Works Ltd and contributors",
)
NOTICES = ("Copyright {}", "Copyright (c) 2024 {}", "Copyright 2023-2025 {}", "(C) 2024 {}")
SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def known() -> Index:
    others = {f"src/other/{name}.py": sample(name) for name in ("harbour", "settings", "pieces")}
    return index(
        project("lantern", {PATH: sample("lantern")}, (HOLDER,)),
        project("other", others, ("Other Institute",)),
    )


def of(text: str, known: Index) -> Derivation | None:
    prints = of_file("entry.py", text.encode())
    assert prints is not None
    return derive(prints, known)


def spaced(text: str, chance: random.Random) -> str:
    """Blank lines, comments and trailing spaces wherever they mean nothing."""
    starts = {node.lineno for node in ast.parse(text).body}
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if number in starts and chance.random() < 0.4:
            rows += ["", f"# {chance.choice(('a note', 'TODO', '메모', '-' * 30))}"]
        rows.append(line)
    return "\n".join(rows)


def shuffled(text: str, chance: random.Random) -> str:
    """The classes and functions of the file in another order, behind everything else."""
    lines = text.split("\n")
    nodes = ast.parse(text).body
    blocks, rest = [], []
    for node in nodes:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        part = "\n".join(lines[first - 1 : node.end_lineno])
        (blocks if isinstance(node, ast.FunctionDef | ast.ClassDef) else rest).append(part)
    chance.shuffle(blocks)
    return "\n\n\n".join([*rest, *blocks]) + "\n"


def renamed(text: str, chance: random.Random) -> str:
    """The prefix of the classes, and names of the file's own, by others."""
    prefix = "".join(chance.choice("abcdefghij") for _ in range(7)).title()
    text = re.sub(r"\bLantern(?=[A-Z])", prefix, text)
    return re.sub(r"\blantern_", f"{prefix.lower()}_", text)


CHANGES = (spaced, shuffled, renamed)


@SLOW
@given(
    st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4), st.randoms(use_true_random=False)
)
def test_a_change_of_writing_leaves_the_family_and_names_no_donor(known, changes, chance) -> None:  # type: ignore[no-untyped-def]
    text = TEXT
    for change in changes:
        text = change(text, chance)
    found = of(text, known)
    assert found is not None
    assert found.basis in ("identical", "family")
    assert found.order == ()
    assert (found.members[0].project, found.members[0].path) == ("pkg:pypi/lantern", PATH)
    assert found.percentile > 99.9


@SLOW
@given(
    st.sampled_from(SPELLINGS),
    st.sampled_from(NOTICES),
    st.lists(st.sampled_from(CHANGES), max_size=3),
    st.randoms(use_true_random=False),
)
def test_a_kept_notice_shows_the_order_however_it_is_spelt(
    known, name, notice, changes, chance
) -> None:  # type: ignore[no-untyped-def]
    text = mutate.without_header(mutate.halved(sample("lantern")))
    for change in changes:
        text = change(text, chance)
    found = of(f"# {notice.format(name)}\n\n{text}", known)
    assert found is not None
    assert (found.basis, found.members[0].path) == ("derived", PATH)


@SLOW
@given(
    st.sampled_from(SPELLINGS),
    st.sampled_from(SPELLINGS),
    st.sampled_from(NOTICES),
    st.lists(st.sampled_from(CHANGES), max_size=3),
    st.randoms(use_true_random=False),
)
def test_another_spelling_of_a_holder_is_the_same_holder(
    ours, theirs, notice, changes, chance
) -> None:  # type: ignore[no-untyped-def]
    text = TEXT
    for change in changes:
        text = change(text, chance)
    a = prints("a.py", f"# {notice.format(ours)}\n\n{text}")
    b = prints("b.py", f"# {notice.format(theirs)}\n\n{TEXT}")
    assert compare_holders.answer(compare_holders.fates([(a, b)], "", load())) == "kept"


@SLOW
@given(
    st.sampled_from(SPELLINGS),
    st.lists(st.sampled_from(CHANGES), max_size=3),
    st.randoms(use_true_random=False),
)
def test_a_line_that_is_gone_is_gone_however_the_rest_is_written(theirs, changes, chance) -> None:  # type: ignore[no-untyped-def]
    text = TEXT
    for change in changes:
        text = change(text, chance)
    b = prints("b.py", f"# Copyright 2024 {theirs}\n\n{TEXT}")
    for head, word in (("", "missing"), ("# Copyright 2026 Beacon Systems Inc.\n\n", "replaced")):
        a = prints("a.py", head + text)
        assert compare_holders.answer(compare_holders.fates([(a, b)], "", load())) == word


def prints(path: str, text: str) -> Prints:
    found = of_file(path, text.encode())
    assert found is not None
    return found


def written(folder: Path, files: dict[str, str]) -> Side:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return side(folder)


def verdicts(a: dict[str, str], b: dict[str, str]) -> tuple[str, str, list[str]]:
    """What `code compare` says of two folders: the basis, the word, and the word for each holder."""
    with TemporaryDirectory() as folder:
        said = compare(written(Path(folder, "a"), a), written(Path(folder, "b"), b), load())
    return said["basis"], said["attribution"], [row["verdict"] for row in said["holders"]]


HEADS = {
    "kept": f"# Copyright 2024 {HOLDER}\n# Copyright 2026 Beacon Systems Inc.\n\n",
    "missing": "",
    "replaced": "# Copyright 2026 Beacon Systems Inc.\n\n",
}


@SLOW
@given(
    st.sampled_from(sorted(HEADS)),
    st.sampled_from(SPELLINGS),
    st.sampled_from(("a.py", "model/blocks.py", "src/아무거나/z.py")),
    st.lists(st.sampled_from(CHANGES), max_size=3),
    st.randoms(use_true_random=False),
)
def test_code_compare_says_the_same_however_the_copy_is_written(
    head, theirs, name, changes, chance
) -> None:  # type: ignore[no-untyped-def]
    """Two files of A, one made from B's and one of its own: where they lie, how they are laid out
    and how B spells its holder move neither the basis nor what became of the holder.
    """
    text = TEXT
    for change in changes:
        text = change(text, chance)
    theirs_ = {PATH: f"# Copyright 2024 {theirs}\n\n{TEXT}"}
    own = {"own/settings.py": sample("settings")}
    basis, word, each = verdicts({name: HEADS[head] + text, **own}, theirs_)
    assert (basis, word, each) == verdicts({PATH: HEADS[head] + TEXT, **own}, theirs_)
    assert (basis, word, each) == ("derived" if head == "kept" else "family", head, [head])
