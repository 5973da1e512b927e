"""A README speaks of one file: so does the component that holds it, and no other."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import MakeTree
from tests.program import run

README = "# Norae\n\n- [model/one.py](./model/one.py) from https://github.com/lab/norae (MIT)\n"
CODE = "class Norae:\n    def forward(self, hidden):\n        return hidden\n"


def test_the_code_that_holds_it_is_from_there(make_tree: MakeTree, tmp_path: Path) -> None:
    root = make_tree({"README.md": README, "model/one.py": CODE, "data/two.py": CODE})
    output = tmp_path / "out.json"
    run("generate", root, "-o", output, "-q")
    document = json.loads(output.read_text("utf-8"))
    said = {
        claim["target"]: claim["predicate"]
        for claim in document.get("declarations", {}).get("claims", [])
        if "github/lab/norae" in json.dumps(claim)
    }
    assert set(said) == {"code:model"}
