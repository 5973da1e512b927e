"""Classes of networks that code inherits from or builds; which files are parsed for them."""

from __future__ import annotations

import pytest

from aisbom.collect.references import network_classes
from aisbom.collect.references.network_classes import COLLECTOR
from aisbom.collect.run import rows_of
from aisbom.model import Observation
from aisbom.source.tree import Tree
from tests.conftest import MakeTree

USES = {
    "from transformers import LlamaModel\nclass Own(LlamaModel):\n    pass\n": "LlamaModel",
    "from transformers import (\n    AutoConfig,\n    LlamaModel,\n)\nnet = LlamaModel(1)\n": (
        "LlamaModel"
    ),
    "from transformers import AutoConfig, \\\n    MptModel\nnet = MptModel(1)\n": "MptModel",
    "from transformers.models.clip import CLIPVisionModel as Eyes\nclass Own(Eyes): pass\n": (
        "CLIPVisionModel"
    ),
    "import transformers\nnet = transformers.T5EncoderModel(1)\n": "T5EncoderModel",
    "from transformers import models\nnet = models.LlamaModel(1)\n": "LlamaModel",
    "from transformers import LlamaConfig\nclass Own(\n    Mixin,\n    LlamaConfig,\n): pass\n": (
        "LlamaConfig"
    ),
    "from transformers import (  # networks (and more)\n    A,\n    GPT2LMHeadModel)\n"
    "net = GPT2LMHeadModel (1)\n": "GPT2LMHeadModel",
    "def build():\n    from transformers import LlamaModel; return LlamaModel(1)\n": "LlamaModel",
}
NO_USE = [
    "from transformers import AutoModel\nnet = AutoModel(1)\n",
    "from transformers import LlamaConfig\ndef size(config: LlamaConfig): ...\n",
    "from transformers import LlamaModel\nnet: LlamaModel\n",
    "# from transformers import LlamaModel\nnet = LlamaModel(1)\n",
    "from .transformers import LlamaModel\nnet = LlamaModel(1)\n",
]


def find(make_tree: MakeTree, text: str) -> list[str]:
    tree = Tree(make_tree({"net.py": text}))
    (entry,) = tree.listing[0]
    return [row.name for row in rows_of(tree, entry, COLLECTOR) if isinstance(row, Observation)]


@pytest.mark.parametrize("text", USES)
def test_a_use(make_tree: MakeTree, text: str) -> None:
    """What is looked for in bytes leaves none out that the syntax tree shows."""
    assert find(make_tree, text) == [USES[text]]


@pytest.mark.parametrize("text", NO_USE)
def test_no_use(make_tree: MakeTree, text: str) -> None:
    assert find(make_tree, text) == []


def test_a_name_for_a_type_alone_is_not_parsed(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_classes.python_trees, "nodes", None)
    assert find(make_tree, NO_USE[1]) == []
