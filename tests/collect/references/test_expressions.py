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


def test_a_call_is_not_put_together_with_what_another_call_passes() -> None:
    text = (
        "def fetch(repo, name='n.bin'):\n    where = 'https://h/' + repo\n"
        "    use(f'{repo}/{name}')\n    use(where + '/' + name)\n    use('/'.join([repo, name]))\n"
        "    use('{}/{}'.format(repo, name))\n    use(repo)\n"
        "fetch('a/one', 'x.bin')\nfetch(name='y.bin', repo='b/two')\nfetch('c/three')"
    )
    files = "a/one/x.bin|b/two/y.bin|c/three/n.bin"
    whole = "|".join(f"https://h/{file}" for file in files.split("|"))
    joined, added, listed, filled, alone = found(text)
    assert joined == listed == filled == files
    # What a name is made of on another line is not followed back to the call.
    assert set(added.split("|")) >= set(whole.split("|"))
    assert alone == "a/one|b/two|c/three"


def test_a_turn_of_a_loop_is_not_put_together_with_another() -> None:
    text = (
        "def fetch(repo, name):\n    use(f'{repo}/{name}')\n"
        "FILES = [('a/one', 'x.bin'), ('b/two', 'y.bin')]\n"
        "for repo, name in FILES:\n    use(repo + '/' + name)\n    fetch(repo, name)\n"
        "for repo, name in {'c/three': 'z.bin', 'd/four': 'w.bin'}.items():\n"
        "    use(f'{repo}/{name}')\n"
        "for one in [{'r': 'e', 'n': 'f'}, {'r': 'g', 'n': 'h'}]:\n"
        "    use(one['r'] + '/' + one['n'])\n"
        "fetch('i/five', 'v.bin')\n"
    )
    called, added, table, keys = found(text)
    assert called == "a/one/x.bin|b/two/y.bin|i/five/v.bin"
    assert added == "a/one/x.bin|b/two/y.bin"
    assert table == "c/three/z.bin|d/four/w.bin"
    assert keys == "e/f|g/h"


def test_a_default_holds_where_no_call_passes_another() -> None:
    text = "def f(a='d', b='e'):\n    use(a + b)\n    use(a)\nf('x', 'y')\nf('z')"
    assert found(text) == ["de|xy|ze", "d|x|z"]


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
