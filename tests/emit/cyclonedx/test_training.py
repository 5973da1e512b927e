from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.conftest import MakeTree
from tests.identify.test_contradictions import config
from tests.program import every_component, properties, run

LOG = (
    '{"step": 1, "loss": 3.9, "time": "2026-03-01"}\n{"step": 900, "loss": 2, "time":'
    ' "2026-03-09"}\n'
)
CLAIM = """[[claim]]
component = "models/m"
declared-by = "Byeolmaru Labs, training team"
evidence = ["proof/run.jsonl", "proof/letter.md"]
initialisation = "random"
"""


def made(
    make_tree: MakeTree, files: dict[str, str | bytes]
) -> tuple[dict[str, Any], dict[str, Any]]:
    done = run("generate", make_tree(files), "-o", "-", "--quiet", "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    (row,) = (row for row in every_component(document) if row["type"] == "machine-learning-model")
    return document, row


def test_declared_logs_are_references_and_workflows_with_who_says_so(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {
        "models/m/config.json": config(),
        "aisbom.toml": CLAIM,
        "proof/run.jsonl": LOG,
        "proof/letter.md": "We did.\n",
    }
    document, row = made(make_tree, files)
    references = {reference["url"]: reference for reference in row["externalReferences"]}
    assert {url: (r["type"], r["comment"]) for url, r in references.items()} == {
        "proof/run.jsonl": ("log", "declared by Byeolmaru Labs, training team"),
        "proof/letter.md": ("evidence", "declared by Byeolmaru Labs, training team"),
    }
    assert references["proof/run.jsonl"]["hashes"] == [
        {"alg": "SHA-256", "content": hashlib.sha256(LOG.encode()).hexdigest()}
    ]
    (workflow,) = document["formulation"][0]["workflows"]
    assert (
        "steps 1 to 900, loss 3.9 to 2, 2026-03-01 to 2026-03-09; the loss begins at the level of"
        " random weights" in workflow["description"]
    )
    assert workflow["outputs"] == [{"type": "artifact", "resource": {"ref": "model:models/m"}}]
    assert workflow["properties"] == [
        {"name": "aisbom:training:said_by", "value": "Byeolmaru Labs, training team"}
    ]
    # Said, and no more than said: nothing that the program derives says how the weights began.
    (claim,) = (
        c for c in document["declarations"]["claims"] if c["predicate"] == "initialisation=random"
    )
    assert claim["reasoning"].startswith("declared")


def test_a_log_beside_a_model_is_told_without_anybody_declaring_it(make_tree: MakeTree) -> None:
    document, row = made(make_tree, {"models/m/config.json": config(), "models/m/run.jsonl": LOG})
    (workflow,) = document["formulation"][0]["workflows"]
    assert (workflow["timeStart"], workflow["timeEnd"]) == (
        "2026-03-01T00:00:00Z",
        "2026-03-09T00:00:00Z",
    )
    assert workflow["properties"][0]["value"] == "the log, which nobody declares"
    assert properties(row, "aisbom:initialisation") == ["unknown"]


def test_without_logs_there_is_no_formulation(make_tree: MakeTree) -> None:
    document, _ = made(make_tree, {"models/m/config.json": config(), "data/run.jsonl": LOG})
    assert "formulation" not in document
