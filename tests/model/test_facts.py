"""The table of facts holds what the package writes and reads, and the text of a record loses
nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aisbom
from aisbom.model import Evidence, Location, Observation, redact
from aisbom.model.facts import KEYS, MEMBER, NESTED, RECORDS, Key, Member, Stage
from aisbom.model.sightings import SIGHTINGS, Sighting
from aisbom.pipeline import Options, scan

FIXTURES = Path(__file__).parents[2] / "fixtures"
PACKAGE = Path(aisbom.__file__).parent
TABLE = PACKAGE / "model" / "facts"
TREES = {
    path: ast.parse(path.read_text("utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent != TABLE
}
STAGE_OF = {"emit": "bom", "pipeline.py": "pipeline"}
WRITES = {"facts", "_sorted", "_ordered"}


def stage(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return STAGE_OF.get(first, first)


def reads(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every key in quotes that is asked for: `x.fact("key")`, `x.facts("key")`, `x.all("key")`."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("fact", "facts", "all")
            and len(node.args) == 1
            and isinstance(node.args[0], ast.Constant)
        ):
            holder = node.func.value
            # Headers of e-mail form have a method of this name too.
            if isinstance(holder, ast.Name) and holder.id in ("headers", "self"):
                continue
            yield node.lineno, str(node.args[0].value)


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every key in quotes that is stated: `facts(("key", value), key=value)`."""
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in WRITES
        ):
            continue
        for keyword in node.keywords:
            if keyword.arg:
                yield node.lineno, keyword.arg.replace("_", "-")
        for argument in node.args:
            if isinstance(argument, ast.Tuple) and isinstance(argument.elts[0], ast.Constant):
                yield node.lineno, str(argument.elts[0].value)


def constants(tree: ast.AST) -> set[str]:
    """Texts in quotes, keywords and the names that are used: whatever may be a key."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg.replace("_", "-"))
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


def test_every_key_in_quotes_is_in_the_table() -> None:
    unknown = [
        f"{path.relative_to(PACKAGE)}:{line}: {key}"
        for path, tree in TREES.items()
        for line, key in (*reads(tree), *writes(tree))
        if key not in KEYS
    ]
    assert not unknown


def test_who_reads_a_key_stands_in_the_table() -> None:
    """A stage that asks for a key in quotes is named as its reader."""
    missing = [
        f"{path.relative_to(PACKAGE)}:{line}: {key} is read by {stage(path)}"
        for path, tree in TREES.items()
        for line, key in reads(tree)
        if stage(path) not in (*KEYS[key].read_by, *KEYS[key].written_by)
    ]
    assert not missing


def test_the_table_names_nobody_who_does_not_know_the_key() -> None:
    """Whoever is said to write or read a key has it in quotes, or the name of its record."""
    words: dict[str, set[str]] = {}
    for path, tree in TREES.items():
        words.setdefault(stage(path), set()).update(constants(tree))
    wrong = []
    for key in KEYS.values():
        names = {key.name, key.name.upper().replace("-", "_")}
        # Composed of a prefix and a name: `text-hidden-size`, `card-uses`.
        part, _, rest = key.name.partition("-")
        names |= {rest} if part in (*NESTED, "card") else set()
        for who in (*key.written_by, *key.read_by):
            if not names & words.get(who, set()):
                wrong.append(f"{key.name}: {who}")
    assert not wrong


def test_every_record_has_one_name_and_is_written_and_read() -> None:
    assert len({key.name for key in RECORDS}) == len(RECORDS)
    for key in RECORDS:
        assert key.record
        assert key.written_by
        assert key.read_by


def test_stages_and_kinds_are_those_of_the_types() -> None:
    assert set(SIGHTINGS) == set(get_args(Sighting))
    assert {who for key in KEYS.values() for who in (*key.written_by, *key.read_by)} <= set(
        get_args(Stage)
    )


def test_kinds_in_quotes_are_in_the_table() -> None:
    """`"kind" in x.kinds`, `x.kinds & {"kind"}`; mypy holds the others."""
    unknown = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            sides: list[ast.expr] = []
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.Sub):
                sides = [node.left, node.right]
            if not any(isinstance(s, ast.Attribute) and s.attr == "kinds" for s in sides):
                continue
            for side in sides:
                for inner in ast.walk(side):
                    if isinstance(inner, ast.Constant) and inner.value not in SIGHTINGS:
                        unknown.append(f"{path.relative_to(PACKAGE)}:{inner.lineno}: {inner.value}")
    assert not unknown


# What a file system, an editor or a stranger may put into a name.
ANY = st.text(max_size=40) | st.sampled_from(
    ["a b", "a#b", "a: b", "a\nb", 'a"b', "a'b", "가 나", "a -> b", "[1]", "\\", "/ =", "", " "]
)


def values(kind: Any) -> st.SearchStrategy[Any]:
    if kind is str:
        return ANY
    if kind is int:
        return st.integers(0, 2**63 - 1)
    if kind is float:
        return st.floats(0, 1)
    return st.lists(ANY, max_size=5).map(tuple)


def records() -> st.SearchStrategy[tuple[Key[Any], Any]]:
    def one(key: Key[Any]) -> st.SearchStrategy[tuple[Key[Any], Any]]:
        hints = get_type_hints(key.shape)
        parts = st.tuples(*(values(hints[name]) for name in key.shape._fields))
        return parts.map(lambda row: (key, key.shape(*row)))

    return st.sampled_from(RECORDS).flatmap(one)


@given(records())
def test_a_record_comes_back_as_it_was(pair: tuple[Key[Any], Any]) -> None:
    """The text of a record is canonical and loses nothing, whatever stands in its parts."""
    key, value = pair
    text = key.text(value)
    assert key.parse(text) == value
    assert key.text(key.parse(text)) == text
    assert "\n" not in text


@given(records())
def test_a_record_survives_redaction(pair: tuple[Key[Any], Any]) -> None:
    """Redaction changes parts, never the shape; a second one changes nothing more."""
    key, value = pair
    seen = Evidence("t", "other", "low", Location("x"))
    row = Observation("content", "", "", "", seen, (key(value),))
    once = redact.row(row)
    assert isinstance(once, Observation)
    assert len(once.get(key)) == 1
    assert redact.row(once) == once


def test_a_secret_in_a_record_is_taken_out() -> None:
    member = Member(0, "pkg:pypi/x", "https://user:secret@example.org/\x00x.py", 0.5, 0.5)
    seen = Evidence("t", "other", "low", Location("x"))
    row = redact.row(Observation("content", "", "", "", seen, (MEMBER(member),)))
    assert isinstance(row, Observation)
    assert row.get(MEMBER)[0].path == "https://example.org/ x.py"


def test_values_come_sorted_by_their_parts_and_not_by_their_text() -> None:
    seen = Evidence("t", "other", "low", Location("x"))
    rows = [Member(n, "pkg:pypi/x", "x.py", 0.5, 0.5) for n in range(12)]
    found = Observation("content", "", "", "", seen, tuple(sorted(MEMBER(m) for m in rows)))
    assert found.get(MEMBER) == tuple(rows)


@pytest.mark.parametrize("text", ["", "0 pkg:pypi/x#a b 0.5 0.5", "[]", "{}", "[1,2,3]"])
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="fact 'member': not a Member"):
        MEMBER.parse(text)


@pytest.mark.parametrize(("value", "text"), [(True, "yes"), (False, "no")])
def test_a_plain_fact_has_a_text_too(value: bool, text: str) -> None:
    assert KEYS["frozen"](value) == ("frozen", text)
    assert KEYS["frozen"].parse(text) is value
    assert KEYS["lines"].parse(KEYS["lines"].text(12)) == 12


@pytest.mark.parametrize("case", ["honest", "multimodal", "small-stack"])
def test_what_a_scan_tells_is_in_the_table(case: str) -> None:
    """Keys that are put together while the program runs are held against the table here."""
    found = scan(FIXTURES / case / "input", Options(hash="none"))
    keys = {key for key, _ in found.facts}
    for component in found.components:
        for sighting in component.observations:
            assert sighting.kind in SIGHTINGS
            keys |= {key for key, _ in sighting.facts}
    keys |= {key for relation in found.relations for key, _ in relation.facts}
    keys |= {key for claim in found.claims for e in claim.evidence for key, _ in e.facts}
    assert keys <= set(KEYS)
    assert len(keys) > 20
