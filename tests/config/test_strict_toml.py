"""TOML with a line for every key: where something is wrong, the user is sent to the right place."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.config.strict_toml import ConfigError, Keys, find_lines, parse
from aisbom.config.toml_lines import headers, line_of

TEXT = '''# home = "in a comment"
home = "KR" # exclude = []
"quoted key" = 1
a.b."c d" = 2
text = """
home = "in a string"
[claim]
"""
raw = \'\'\'
[[claim]]\'\'\'
list = [
  "home",  # [x]
  { inner = 1 },
]

[policy]
use = "eu"
[[policy.waiver]]
reason = "one"
[[policy.waiver]]
reason = "two"
expires = 2026-12-31

[[claim]]
component = "a"
origin.trained = "KR"
[claim.objective]
SOV-7 = 3
[[claim]]
[claim.origin]
developed = "KR"
'''


def test_every_key_and_table_has_its_line() -> None:
    assert find_lines(TEXT) == {
        ("home",): 2,
        ("quoted key",): 3,
        ("a",): 4,
        ("a", "b"): 4,
        ("a", "b", "c d"): 4,
        ("text",): 5,
        ("raw",): 9,
        ("list",): 11,
        ("policy",): 16,
        ("policy", "use"): 17,
        ("policy", "waiver"): 18,
        ("policy", "waiver", 0): 18,
        ("policy", "waiver", 0, "reason"): 19,
        ("policy", "waiver", 1): 20,
        ("policy", "waiver", 1, "reason"): 21,
        ("policy", "waiver", 1, "expires"): 22,
        ("claim",): 24,
        ("claim", 0): 24,
        ("claim", 0, "component"): 25,
        ("claim", 0, "origin"): 26,
        ("claim", 0, "origin", "trained"): 26,
        ("claim", 0, "objective"): 27,
        ("claim", 0, "objective", "SOV-7"): 28,
        ("claim", 1): 29,
        ("claim", 1, "origin"): 30,
        ("claim", 1, "origin", "developed"): 31,
    }
    assert headers(TEXT, "policy", "waiver") == (18, 20)
    assert headers(TEXT, "nothing") == ()
    assert (line_of(TEXT, "waiver"), line_of(TEXT, "use"), line_of(TEXT, "no")) == (18, 17, 1)


def test_a_key_that_is_missing_is_looked_for_in_its_table() -> None:
    root = parse(TEXT, "x.toml")
    first, second = root.tables("claim")
    assert (first.line("reason"), second.line("reason"), root.line("nothing")) == (24, 29, 1)
    with pytest.raises(ConfigError, match=r"^x.toml:29: 'component' is missing"):
        second.text("component")
    with pytest.raises(ConfigError, match=r"^x.toml:25: unknown key 'component'; did you mean"):
        first.refuse_unknown(("compnent", "origin", "objective"))
    with pytest.raises(ConfigError, match=r"^x.toml:17: 'use' must be a table"):
        root.table("policy").table("use")
    with pytest.raises(ConfigError, match=r"^x.toml:2: 'home' must be tables: \[\[home\]\]"):
        list(root.tables("home"))
    assert root.texts("home") == ("KR",)
    assert root.texts("nothing") == ()


@pytest.mark.parametrize("text", ["[[[", "a = ", "a = 1\na = 2", "a = [" * 3000, "\0"])
def test_what_is_no_toml_is_one_line(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "x.toml")
    assert str(caught.value).startswith("x.toml: not valid TOML: ")
    assert "\n" not in str(caught.value)


NAME = st.text("abcdefgh-_0123456789", min_size=1, max_size=6)
STRING = st.text("ab =[]#.\"'\n\\é", max_size=12)


def written(value: str, form: int) -> str:
    """A TOML string in one of its four forms, whichever can hold the value."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if form == 0 and "'" not in value and "\n" not in value:
        return f"'{value}'"
    if form == 1 and "'" not in value:
        return f"'''\n{value}'''"
    if form == 2:
        return f'"""\n{escaped}"""'
    return '"' + escaped.replace("\n", "\\n") + '"'


@given(
    st.lists(
        st.tuples(NAME, STRING, st.integers(0, 3), st.sampled_from(["", "# x = 1\n", "\n"])),
        max_size=6,
        unique_by=lambda row: row[0],
    ),
    st.booleans(),
)
def test_lines_are_those_that_were_written(
    rows: list[tuple[str, str, int, str]], inside: bool
) -> None:
    """TOML 1.0: a key, an equals sign and a value are on one line, but values may span lines."""
    text, expected = "", {}
    prefix: Keys = ()
    if inside:
        text, expected, prefix = "[[row]]\n", {("row",): 1, ("row", 0): 1}, ("row", 0)
    for key, value, form, before in rows:
        text += before
        expected[*prefix, key] = text.count("\n") + 1
        text += f"{key} = {written(value, form)}\n"
    assert len(tomllib.loads(text).get("row", [{}])[0] if inside else tomllib.loads(text)) == len(
        rows
    )
    assert find_lines(text) == expected
