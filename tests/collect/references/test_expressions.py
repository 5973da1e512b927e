from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.references.expressions import Module
from aisbom.collect.references.python_names import Names


def found(text: str) -> list[str]:
    """What the argument of each call of `use` may be, in order, joined by `|`."""
    module = Module(Names(ast.parse(text)))
    return [
        "|".join(sorted({t.value for t in module.texts(c.node.args[0], c.scope)}))
        for c in module.calls
        if c.name == "use"
    ]


def test_constants_and_aliases() -> None:
    assert found("A = 'a'\nB = A\nuse(B)") == ["a"]


def test_a_later_assignment_replaces_an_earlier_one_and_a_branch_adds_to_it() -> None:
    assert found("x = 'a'\nuse(x)\nx = 'b'\nuse(x)\nif c:\n    x = 'd'\nuse(x)") == [
        "a",
        "b",
        "b|d",
    ]


def test_texts_that_are_put_together() -> None:
    assert found(
        "o = 'own'\nuse(f'{o}/x')\nuse(o + '/y')\nuse('%s/%s' % (o, 'z'))\nuse('{}/{n}'.format(o,"
        " n='w'))\nuse('/'.join([o, 'v']))"
    ) == [
        "own/x",
        "own/y",
        "own/z",
        "own/w",
        "own/v",
    ]


def test_a_part_that_is_not_known_settles_nothing() -> None:
    assert (
        found(
            "use(f'{unknown}/x')\nuse(unknown + 'x')\nuse('%s' %"
            " unknown)\nuse(os.environ['X'])\nuse(os.environ.get('X'))"
        )
        == [""] * 5
    )


def test_conditions_give_both() -> None:
    assert found("use('a' if c else 'b')\nuse(None or 'd')\nuse(os.environ.get('M', 'e'))") == [
        "a|b",
        "d",
        "e",
    ]


def test_tables() -> None:
    assert found(
        "T = {'a': 'x', 'b': {'c': 'y'}}\nuse(T['a'])\nuse(T['b']['c'])\nuse(T.get(k))\nuse({'p':"
        " '1', 'q': '2'}[k])"
    ) == [
        "x",
        "y",
        "x",
        "1|2",
    ]
    assert found(
        "T = {'a': 'x'}\nfor k, v in T.items():\n    use(v)\nfor k in T:\n    use(k)\nfor z in"
        " ['1', '2']:\n    use(z)"
    ) == [
        "x",
        "a",
        "1|2",
    ]


def test_parameters_have_their_default_and_what_callers_give() -> None:
    assert found("def f(m='a', *, n='b'):\n    use(m)\n    use(n)\nf('c')\nf(n='d')") == [
        "a|c",
        "b|d",
    ]


def test_fields_of_classes_and_options_of_command_lines() -> None:
    text = """
class A:
    model: str = "field"
    def go(self):
        use(self.model)
class B(A):
    def go(self):
        use(self.model)
parser.add_argument("--model-name", "-m", default="option")
args = parser.parse_args()
use(args.model_name)
use(other.model_name)
"""
    assert found(text) == ["field", "field", "option", ""]


def test_defaults_of_click_and_dataclasses() -> None:
    text = (
        "from transformers import AutoModel as AM\nimport timm.models as"
        " tm\nAM.from_pretrained('x')\ntm.create('y')\nf()()"
    )
    assert {c.name for c in Module(Names(ast.parse(text))).calls} == {
        "transformers.AutoModel.from_pretrained",
        "timm.models.create",
        "()",
        "f",
    }


@given(
    st.lists(st.sampled_from(["A", "B", "C", "D"]), min_size=1, max_size=12),
    st.sampled_from(["A", "B"]),
)
def test_any_graph_of_names_ends(targets: list[str], asked: str) -> None:
    names = ["A", "B", "C", "D"]
    lines = [f"{names[n % 4]} = {target}" for n, target in enumerate(targets)]
    assert found("\n".join([*lines, f"use({asked})"])) == [""]


def test_a_question_without_end_leaves_the_others_their_answers() -> None:
    lines = [f"def f{n}(x):\n" + "".join(f"    f{m}(x)\n" for m in range(12)) for n in range(12)]
    text = "".join(lines) + "f0('a')\nuse(f0)\n"
    tree = ast.parse(text + "m = 'own/norae'\nuse(m)\n")
    module = Module(Names(tree))
    first, last = module.calls[0], module.calls[-1]
    module.texts(first.node.args[0], first.scope)
    assert module.spent
    assert [one.value for one in module.texts(last.node.args[0], last.scope)] == ["own/norae"]
