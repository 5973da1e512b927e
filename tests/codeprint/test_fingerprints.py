"""Fingerprints: what changes them and what does not, and input that is not code."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.codeprint.class_prefix import own_prefix
from aisbom.codeprint.fingerprint_table import Table, pack_arrays
from aisbom.codeprint.fingerprints import are_among, distinct, of_file
from aisbom.codeprint.functions import spans
from aisbom.codeprint.printed import ContentPrints
from aisbom.codeprint.tokens import MAX_LINE, tokenize_file
from tests.codeprint import mutate
from tests.codeprint.made import sample, table

np = pytest.importorskip("numpy")

C = """
#include <cuda.h>
// attention over pages
template <typename scalar_t, int SIZE = 64>
__global__ void page_attention(scalar_t* __restrict__ out, const scalar_t* __restrict__ q, const int* table, const int length) {
  const int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= length) { return; }
  scalar_t total = 0; /* a
  comment */
  for (int step = 0; step < SIZE; ++step) {
    total += q[row * SIZE + step] * q[table[row] * SIZE + step];
  }
  out[row] = total;
}

static int round_up(int value, int unit) {
  while (value % unit != 0) { value = value + 1; value = value * 1; }
  return value / unit * unit + 0 * unit - 0 + unit - unit;
}
"""

statements = st.lists(
    st.sampled_from(
        [
            "value = first(value, 3) + other[1]",
            "for item in items:\n        total += item.size * 2",
            "self.width = config.width // config.heads",
            "if value is None:\n        value = build(total, name='x')",
            "return torch.cat([left, -right], dim=-1)",
            "states = states.view(batch, -1, self.heads)",
            "assert total > 1.5, 'too small'",
        ]
    ),
    min_size=6,
    max_size=14,
)
bodies = st.lists(statements, min_size=2, max_size=6)


def written(functions, comment=False):
    parts = []
    for number, body in enumerate(functions):
        doc = (
            ['"""What it does.\n\n    In two lines.\n    """', "# and a comment"] if comment else []
        )
        lines = "\n    ".join([*doc, *body])
        parts.append(f"def function_{number}(self, config, items, value=None):\n    {lines}\n")
    return "\n\n".join(parts)


def runs(text):
    return of_file("a.py", text.encode(), 1)


@given(bodies)
def test_a_file_is_contained_in_itself(functions):
    mine = runs(written(functions))
    assert np.isin(mine.runs, runs(written(functions)).runs).all()


@given(bodies)
def test_comments_and_docstrings_change_nothing(functions):
    one, two = runs(written(functions)), runs(written(functions, comment=True))
    assert np.array_equal(one.runs, two.runs)
    assert [f.hash for f in one.functions] == [f.hash for f in two.functions]


@given(bodies)
def test_the_order_of_functions_changes_no_function(functions):
    one, two = runs(written(functions)), runs(written(functions[::-1]))
    assert sorted(f.hash for f in one.functions) == sorted(f.hash for f in two.functions)
    assert sorted(f.renamed for f in one.functions) == sorted(f.renamed for f in two.functions)


@settings(max_examples=300)
@given(st.binary(max_size=3000), st.sampled_from(["py", "cu", "rs", "js", "go", "sh", "proto"]))
def test_no_bytes_raise(data, suffix):
    for content in (data, data * 20, b"def f(x):\n    " + data, b'"""' + data, b"/*" + data):
        of_file(f"a.{suffix}", content)


@pytest.mark.parametrize(
    "change", [mutate.exploded, mutate.requoted, mutate.translated, mutate.without_header]
)
@pytest.mark.parametrize("name", ["lantern", "harbour", "settings", "pieces"])
def test_layout_moves_no_token(change, name):
    one, two = runs(sample(name)), runs(change(sample(name)))
    assert np.array_equal(one.runs, two.runs)
    assert [f.hash for f in one.functions] == [f.hash for f in two.functions]


@pytest.mark.parametrize("name", ["lantern", "harbour", "settings", "pieces"])
def test_renaming_keeps_most_functions_alike_but_for_names(name):
    one, two = runs(sample(name)), runs(mutate.renamed(sample(name)))
    kept = {f.renamed for f in one.functions} & {f.renamed for f in two.functions}
    assert len(kept) >= 0.6 * len({f.renamed for f in one.functions})
    assert not {f.hash for f in one.functions if f.tokens > 40} & {f.hash for f in two.functions}


def test_functions_of_the_c_family():
    found = spans(tokenize_file("a.cu", C.encode()))
    assert [(span.name, span.line, span.end) for span in found] == [
        ("page_attention", 5, 13),
        ("round_up", 16, 18),
    ]
    tight = C.replace("\n  ", " ").replace("// attention over pages", "")
    assert [f.hash for f in runs_of_c(tight)] == [f.hash for f in runs_of_c(C)]


def runs_of_c(text):
    return of_file("a.cu", text.encode(), 1).functions


def test_lines_are_counted_over_strings_imports_and_continuations():
    text = (
        'import os\n\nfrom a import (\n    b,\n    c,\n)\nTEXT = """\n\n"""\n\n\n'
        "def name(\n    first,\n    second,\n):\n    return first \\\n        + second\n\n\nx = 1\n"
    )
    (span,) = spans(tokenize_file("a.py", text.encode()))
    assert (span.name, span.line, span.end) == ("name", 12, 17)


@pytest.mark.parametrize(
    ("names", "prefix"),
    [
        (["Olmo2MoeMLP", "Olmo2MoeAttention", "Olmo2MoeRouter", "Rotary"], "Olmo2Moe"),
        (["Qwen2_5_VLMLP", "Qwen2_5_VLVisionBlock"], "Qwen2_5_VL"),
        (["Alpha", "Beta", "Gamma"], ""),
        (["Single"], ""),
        ([], ""),
    ],
)
def test_own_prefix(names, prefix):
    assert own_prefix([name.encode() for name in names]) == prefix.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 50,
        b"x = 1\n" + b"y" * (5 * 1024 * 1024),
        b"(" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"x = (" * 50_000,
        b'"""' * 33_333,
        b"'" * 99_999,
        b"def f(" * 30_000,
        b"from x import (" * 30_000,
        b"class A" * 30_000,
        b"{" * 100_000,
        b"/*" * 100_000,
        b'"""\\' * 100_000,
        b'"\\' * 200_000,
        b"'\\" * 200_000,
        b"`\\" * 200_000,
        b"lambda " * 100_000,
        b"for " * 100_000,
        b"a, " * 100_000,
        b"\nfor a in" * 50_000,
        b"class " + b"A" * 1_000_000 + b"\nclass " + b"A" * 1_000_000,
        b"def f(" + b"()" * 200_000,
        b"\n" * 500_000,
        b" " * 500_000,
        b"\\" * 100_000,
        b"\0" * 1000,
        b"",
    ],
)
@pytest.mark.parametrize("suffix", ["py", "cpp", "rs", "sh"])
def test_hostile_input_ends(data, suffix):
    of_file(f"a.{suffix}", data)


def test_other_encodings():
    text = sample("lantern").replace("# outer product of places and frequencies", "# 한국어 주석")
    plain = runs(text)
    for data in (
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("cp949"),
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r\n").encode(),
    ):
        assert np.array_equal(of_file("a.py", data, 1).runs, plain.runs)


def test_a_long_line_is_left_out_and_the_rest_is_read():
    text = mutate.halved(sample("settings"))
    assert len(text) + MAX_LINE < 2 * 1024 * 1024
    assert np.array_equal(
        runs("DATA = '" + "x" * (MAX_LINE + 1) + "'\n" + text).runs, runs(text).runs
    )


def test_a_table_is_the_same_in_any_order_and_keeps_contents_of_one_path_apart():
    files = [
        ContentPrints(3, 4, of_file("b.py", sample("lantern").encode())),
        ContentPrints(1, 0, of_file("a.py", sample("harbour").encode())),
        ContentPrints(3, 0, of_file("b.py", sample("pieces").encode())),
    ]
    one, two = pack_arrays(files), pack_arrays(files[::-1])
    assert all(np.array_equal(one[name], two[name]) for name in one)
    read = Table(one)
    assert (read.of.tolist(), read.release.tolist()) == ([1, 3, 3], [0, 0, 4])
    assert read.total.tolist() == [
        len(set(one.prints.runs.tolist())) for one in sorted(files, key=lambda one: one[:2])
    ]


@pytest.mark.parametrize("name", sorted(table([(0, "a.py", sample("pieces").encode())])))
@pytest.mark.parametrize("broken", [[], [9, 1, 2], [2, 1], [1] + [255] * 999])
def test_a_broken_table_is_a_value_error(name, broken):
    arrays = {**table([(0, "a.py", sample("pieces").encode())]), name: np.array(broken, np.uint8)}
    if name == "print_names" and broken == [9, 1, 2]:
        arrays[name] = np.frombuffer(io.BytesIO(b"one").getvalue(), np.uint8)
    if name == "print_common" and len(broken) > 3:
        del arrays["print_common_low"]
        Table(arrays).check()  # 999 hashes: sound, and nothing holds them
        return
    with pytest.raises(ValueError, match="print_"):
        Table(arrays).check()


FEW_NUMBERS = st.lists(st.integers(-5, 5), max_size=12)


@given(FEW_NUMBERS, FEW_NUMBERS)
def test_sets_of_numbers_are_those_of_numpy(values: list[int], others: list[int]) -> None:
    one, two = np.array(values, np.int64), np.array(others, np.int64)
    assert distinct(one).tolist() == np.unique(one).tolist()
    assert are_among(one, two).tolist() == np.isin(one, two).tolist()
