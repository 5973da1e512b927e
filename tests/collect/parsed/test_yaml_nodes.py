from __future__ import annotations

import datetime
import math
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.parsed.yaml_nodes import load, load_with_lines
from aisbom.source.tree import Tree, Unreadable
from tests.conftest import MakeTree


def test_scalars_follow_the_core_schema() -> None:
    text = (
        "a: 1\nb: 1.5\nc: true\nd: null\ne: no\nf: 2024-01-01\ng: '1'\nh: 1_000\ni: 12:30\nj:\nk:"
        " .inf\nl: 0x1F\nm: !!str 5\nn: -3e2\n"
    )
    assert load(text) == {
        "a": 1,
        "b": 1.5,
        "c": True,
        "d": None,
        "e": "no",
        "f": "2024-01-01",
        "g": "1",
        "h": "1_000",
        "i": "12:30",
        "j": None,
        "k": ".inf",
        "l": "0x1F",
        "m": "5",
        "n": -300.0,
    }


def test_keys_are_the_words_that_stand_there() -> None:
    assert load("1: a\nyes: b\n1.10: c\n[x, y]: d\n? {q: 1}\n: e\n") == {
        "1": "a",
        "yes": "b",
        "1.10": "c",
        "<key of line 4>": "d",
        "<key of line 5>": "e",
    }


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "~\n"])
def test_nothing(text: str) -> None:
    assert load(text) is None


def test_duplicate_keys_take_the_last() -> None:
    assert load("a: 1\na: 2\n") == {"a": 2}


def test_aliases_are_shared_and_merge_keys_are_ordinary() -> None:
    value = load("base: &b {x: 1}\nsame: *b\nmerged:\n  <<: *b\n")
    assert value["same"] is value["base"]
    assert value["merged"] == {"<<": {"x": 1}}


def test_nothing_is_constructed_from_a_tag() -> None:
    assert load("a: !!python/object/apply:os.system ['true']\nb: !mine {x: 1}\n") == {
        "a": ["true"],
        "b": {"x": 1},
    }


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "".join(" " * n + "a:\n" for n in range(300)),
    ],
)
def test_depth_is_bounded(text: str) -> None:
    # PyYAML 6.0.4 and newer count open brackets themselves, before our own bound is met.
    with pytest.raises((Unreadable, yaml.YAMLError), match=r"64 levels|maximum nesting depth"):
        load(text)


def test_sixty_four_levels_are_read() -> None:
    value = load("[" * 64 + "]" * 64)
    for _ in range(63):
        (value,) = value
    assert value == []


def test_aliases_do_not_multiply() -> None:
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    with pytest.raises(Unreadable, match="aliases"):
        load(laughs)
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 200))
    with pytest.raises(Unreadable, match="aliases"):
        load(chain)


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: *none\n", "&x {k: *x}\n"])
def test_an_alias_of_itself_or_of_nothing(text: str) -> None:
    with pytest.raises((Unreadable, yaml.YAMLError)):
        load(text)


@pytest.mark.parametrize(
    "text", ["a: [1\n", "a: 'x\n", "\tx: 1\n", "a: b: c\n", "a\0b", "%YAML 9\n---\n"]
)
def test_bad_syntax_raises(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        load(text)


def test_lines_and_raw_scalars(make_tree: MakeTree) -> None:
    root = make_tree({"x.yml": "a: 1.10\nb:\n  - one\n  - k: 2024-01-01\n    l:\n---\nsecond: 1\n"})
    file = Tree(root).get("x.yml")
    assert file
    document = load_with_lines(file, "test")
    top = document.root
    assert (top.get("a").value, top.get("a").line) == ("1.10", 1)
    items = list(top.get("b").array())
    assert [(item.line, item.name()) for item in items] == [(3, "b[0]"), (4, "b[1]")]
    assert (items[1].get("k").value, items[1].get("k").line, items[1].get("l").value) == (
        "2024-01-01",
        4,
        None,
    )
    assert [(gap.at.line, gap.reason) for gap in document.drain()] == [
        (6, "a second YAML document: not read")
    ]


def test_without_the_loader_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert load("a: &x [1, '2']\nb: *x\n") == {"a": [1, "2"], "b": [1, "2"]}


# The library writes YAML 1.1, where `0E0` and `0o7` are no numbers and stand without quotes.
_NUMBER = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+", re.ASCII)
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)

_PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | _TEXT.filter(lambda text: not _NUMBER.fullmatch(text)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(_PLAIN)
def test_what_the_library_writes_is_read_back(value: Any) -> None:
    assert load(yaml.safe_dump(value, allow_unicode=True)) == value


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            [
                "a",
                ":",
                " ",
                "\n",
                "-",
                "[",
                "]",
                "{",
                "}",
                "&a",
                "*a",
                "!",
                "|",
                ">",
                "'",
                '"',
                "#",
                "? ",
                "---",
                "\t",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_random_text_is_read_or_refused(text: str) -> None:
    try:
        value = load(text)
    except (yaml.YAMLError, Unreadable, UnicodeEncodeError):
        return
    waiting = [value]
    while waiting:
        one = waiting.pop()
        assert not isinstance(one, datetime.date | bytes)
        if isinstance(one, float):
            assert math.isfinite(one)
        waiting.extend(
            one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
        )
