from __future__ import annotations

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.parsed import lines


def _toml(text: str) -> tuple[dict[str, Any], lines.Lines]:
    data = tomllib.loads(text)
    return data, lines.of_toml(text, data)


def test_tables_keys_and_arrays() -> None:
    text = '''\
top = 1
[a]
"quo.ted" = """
[not.a.header]
x = 1
"""
b.c = 2  # [comment]
list = [
  "one", # [
  "two", "three",

  { k = "v" },
  [
    "inner",
  ],
  """long
  """, "after",
]
[[a.many]]
n = 1
[a.many.sub]
s = 1
[[a.many]]
n = 2
[a.many.sub]
s = 2
[ z . "y" ]
end = \'\'\'
\'\'\'
last = { p = [ 1,
 2 ] }
'''
    data, where = _toml(text)
    a = data["a"]
    assert where[id(data), "top"] == 1
    assert where[id(a), "quo.ted"] == 3
    assert (where[id(a), "b"], where[id(a["b"]), "c"]) == (7, 7)
    assert [where[id(a["list"]), n] for n in range(7)] == [9, 10, 10, 12, 13, 16, 17]
    assert where[id(a["list"][4]), 0] == 14
    many = a["many"]
    assert [where[id(many), n] for n in range(2)] == [19, 23]
    assert [where[id(one["sub"]), "s"] for one in many] == [22, 26]
    assert (where[id(data["z"]["y"]), "end"], where[id(data["z"]["y"]), "last"]) == (28, 30)


def test_json() -> None:
    text = (
        '{\n "a": {"x": [1,\n  "s\\n", {"k": null}]},\n "ab": "a",\n "a\\u0062c": {\n  "q": []\n'
        " }\n}"
    )
    data = json.loads(text)
    where = lines.of_json(text, data)
    assert [where[id(data), key] for key in ("a", "ab", "abc")] == [2, 4, 5]
    x = data["a"]["x"]
    assert [where[id(x), n] for n in range(3)] == [2, 3, 3]
    assert (where[id(x[2]), "k"], where[id(data["abc"]), "q"]) == (3, 6)


_KEYS = st.text("abcd-_", min_size=1, max_size=4)
_STRINGS = st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), max_size=8)


@given(st.dictionaries(_KEYS, st.lists(_STRINGS, max_size=4), max_size=6), st.integers(0, 3))
def test_every_line_is_the_one_that_was_written(data: dict[str, list[str]], blank: int) -> None:
    rows: list[str] = []
    expected: dict[tuple[str, int | None], int] = {}
    for key, values in data.items():
        rows += ["# ] [x]"] * blank
        expected[key, None] = len(rows) + 1
        rows.append(f"{key} = [")
        for number, value in enumerate(values):
            expected[key, number] = len(rows) + 1
            rows.append(f"  {json.dumps(value)},  # , ]")
        rows.append("]")
    parsed, where = _toml("\n".join(rows))
    for (key, number), line in expected.items():
        assert where[(id(parsed), key) if number is None else (id(parsed[key]), number)] == line


@given(
    st.recursive(
        _STRINGS | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
        max_leaves=12,
    ),
    st.integers(0, 2),
)
def test_every_json_value_has_a_line(value: Any, indent: int) -> None:
    text = json.dumps(value, indent=indent)
    data = json.loads(text)
    where = lines.of_json(text, data)
    rows = text.split("\n")
    waiting = [data]
    while waiting:
        held = waiting.pop()
        if isinstance(held, dict):
            for key, inner in held.items():
                assert f'"{key}":' in rows[where[id(held), key] - 1]
                waiting.append(inner)
        elif isinstance(held, list):
            for number, inner in enumerate(held):
                if not isinstance(inner, dict | list):
                    assert json.dumps(inner) in rows[where[id(held), number] - 1]
                waiting.append(inner)
