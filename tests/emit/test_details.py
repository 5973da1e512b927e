"""What --verbose tells counts what is of the product, and says apart what only tests and documents name."""

from __future__ import annotations

import pytest

from tests.conftest import MakeTree
from tests.program import run

TESTED = """from transformers import AutoModel
AutoModel.from_pretrained("Qwen/Qwen2.5-7B-Instruct")
"""


@pytest.fixture
def lines(make_tree: MakeTree) -> dict[str, str]:
    root = make_tree(
        {
            "pyproject.toml": '[project]\nname = "norae"\nversion = "1"\ndependencies = ["numpy"]\n',
            "norae/__init__.py": "def answer() -> int:\n    return 42\n",
            "tests/test_models.py": TESTED,
            "README.md": "# Norae\n\nEvaluated on the VQAv2 and ScienceQA data sets.\n",
        }
    )
    printed = run("generate", root, "-o", root / "bom.json", "--no-cache", "-v").stdout
    rows = (line.partition(": ") for line in printed.splitlines())
    return {title.split(" ")[0]: rest for title, _, rest in rows}


def test_what_only_tests_and_documents_name_stands_apart(lines: dict[str, str]) -> None:
    assert "model" not in lines["parts"] and "data set" not in lines["parts"]
    assert "models 1" in lines["only"] and "data sets 2" in lines["only"]


def test_origins_are_those_of_the_product(lines: dict[str, str]) -> None:
    """Whose the model of a test is, is no news about the product."""
    assert "CN" not in lines["origins"]
    assert lines["origins"] == "international 1, unknown 1"
