from __future__ import annotations

import json
from typing import Any

import pytest

from aisbom.collect.references import notebook
from aisbom.model import Gap, Observation
from tests.collect.rows import gaps
from tests.conftest import MakeTree, collect


def written(*cells: Any) -> str:
    return json.dumps({"cells": list(cells), "nbformat": 4}, indent=1)


def code(source: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source,
        "outputs": [{"text": "AutoModel.from_pretrained('no/output')"}],
    }


def test_cells_share_names_and_have_places_of_their_own(make_tree: MakeTree) -> None:
    text = written(
        code(["%pip install transformers\n", "!vllm serve own/served\n", "M = 'own/llm'\n"]),
        {"cell_type": "markdown", "source": "AutoModel.from_pretrained('no/prose')"},
        code(
            "from transformers import"
            " AutoModel\n\nAutoModel.from_pretrained(M)\nAutoModel.from_pretrained('own/other')"
        ),
    )
    rows = collect(make_tree({"a/nb.ipynb": text}), notebook.COLLECTOR)
    assert {(r.name, str(r.evidence.at)) for r in rows if isinstance(r, Observation)} == {
        ("own/served", "a/nb.ipynb!/cell-1:2"),
        ("own/llm", "a/nb.ipynb!/cell-1:3"),
        ("no/prose", "a/nb.ipynb!/cell-2:1"),
        ("own/other", "a/nb.ipynb!/cell-3:4"),
    }
    (prose,) = [r for r in rows if isinstance(r, Observation) and r.name == "no/prose"]
    assert prose.fact("named-by") == "link", "an example of use in a document"


def test_a_cell_that_is_no_python_is_a_gap_and_the_rest_is_read(make_tree: MakeTree) -> None:
    text = written(
        code("def broken(:\n"),
        code("%%html\n<b>"),
        code("AutoModel.from_pretrained('own/llm')"),
        code("%%bash\nvllm serve own/two"),
    )
    rows = collect(make_tree({"nb.ipynb": text}), notebook.COLLECTOR)
    assert {r.name for r in rows if isinstance(r, Observation)} == {"own/llm", "own/two"}
    assert [text.partition(": ")[0] for text in gaps(rows)] == ["nb.ipynb!/cell-1"]


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": [from_pretrained("own/llm"',
        '{"cells": 3, "x": "AutoModel.from_pretrained(\'own/llm\')"}',
        "[\"AutoModel.from_pretrained('own/llm')\"]",
        '{"cells": ' + "[" * 100_000 + "'AutoModel.from_pretrained(\"own/llm\")'",
    ],
)
def test_broken_notebooks_are_gaps(make_tree: MakeTree, text: str) -> None:
    assert [type(r) for r in collect(make_tree({"nb.ipynb": text}), notebook.COLLECTOR)] == [Gap]


def test_wrong_types_everywhere(make_tree: MakeTree) -> None:
    text = written(
        1,
        None,
        {"cell_type": "code"},
        code([1, None]),
        code({"a": 1}),
        "AutoModel.from_pretrained('own/llm')",
    )
    assert collect(make_tree({"nb.ipynb": text}), notebook.COLLECTOR) == ()


def test_files_that_cells_write_and_assignments_from_magics(make_tree: MakeTree) -> None:
    cells = [
        "%%writefile app.py\nfrom transformers import AutoModel\nAutoModel.from_pretrained('own/aa')",
        "%%writefile run.sh\nhf download own/bb",
        "from transformers import AutoModel\nfiles = !ls\nAutoModel.from_pretrained('own/cc')",
        "x = )broken",
    ]
    text = written(
        *(code(one) for one in cells),
        {"cell_type": "markdown", "source": "https://huggingface.co/own/d-1"},
    )
    rows = collect(make_tree({"n.ipynb": text}), notebook.COLLECTOR)
    found = {(r.name, r.evidence.at.path) for r in rows if isinstance(r, Observation)}
    assert {("own/aa", "n.ipynb!/cell-1"), ("own/bb", "n.ipynb!/cell-2")} <= found
    assert {("own/cc", "n.ipynb!/cell-3"), ("own/d-1", "n.ipynb!/cell-5")} <= found
    assert any(isinstance(r, Gap) and "cell-4" in r.at.path for r in rows)


def test_comments_in_cells_are_read_as_those_of_code(make_tree: MakeTree) -> None:
    tree = make_tree({"n.ipynb": written(code("# trained on Common Voice data\nx = 1\n"))})
    told = {r.name for r in collect(tree, notebook.COLLECTOR) if isinstance(r, Observation)}
    assert "Common Voice" in told
