from __future__ import annotations

import ast

import pytest

from aisbom.source.python_text import parse


@pytest.mark.parametrize("joint", [".", " . ", ".\\\n"])
@pytest.mark.parametrize("before", ["import ", "from "])
def test_a_name_without_end_costs_only_itself(before: str, joint: str) -> None:
    name = joint.join(["a"] * 100_000)
    after = " import b" if before == "from " else ""
    tree = parse(f"x = 1\n{before}{name}{after}\nimport torch\n")
    assert isinstance(tree.body[-1], ast.Import)
    assert tree.body[-1].lineno == 3 + name.count("\n")


def test_usual_names_stay() -> None:
    text = "import a.b.c\nx = '" + "a." * 300 + "'\n" + "y = [1.0, 2.0]\n" * 300
    assert ast.dump(parse("import a.b.c\n")) == ast.dump(ast.parse("import a.b.c\n"))
    assert isinstance(parse(text).body[0], ast.Import)


def test_the_search_is_linear() -> None:
    for text in ("a" * 2_000_000, "a " * 500_000, "a." * 150 + "\n" + "b" * 1_000_000 + "." * 201):
        try:
            parse(f"x = '''{text}'''\n")
        except (SyntaxError, MemoryError):
            continue
