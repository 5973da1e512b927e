from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aisbom.bom.scan import scan_of
from aisbom.emit.cyclonedx import read
from aisbom.pipeline import Options, measure, scan
from tests.conftest import MakeTree
from tests.program import properties, run

APP = """
import os
from openai import OpenAI
from transformers import AutoModel, AutoTokenizer, AutoProcessor
from datasets import load_dataset
from sentence_transformers import SentenceTransformer
AutoModel.from_pretrained(os.environ.get("MODEL", "Qwen/Qwen2.5-7B-Instruct"))
AutoModel.from_pretrained("models/own")
AutoModel.from_pretrained("foo")
AutoTokenizer.from_pretrained("bert-base-uncased")
AutoProcessor.from_pretrained("openai/whisper-base")
SentenceTransformer("all-MiniLM-L6-v2")
OpenAI(api_key=os.environ["KEY"])
OpenAI(base_url="https://api.deepseek.com/v1?key=SECRET", api_key="x")
OpenAI(base_url="http://localhost:1/v1")
load_dataset("squad")
"""
FILES = {
    "app/main.py": APP,
    "app/again.py": (
        "from transformers import"
        ' AutoModel\nAutoModel.from_pretrained("Qwen/Qwen2.5-7B-Instruct")\n'
    ),
    "tests/test_x.py": (
        'from transformers import AutoModel\nAutoModel.from_pretrained("own/fixture-model")\n'
    ),
    "models/own/config.json": '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}',
    "models/own/README.md": "---\nlibrary_name: transformers\ndatasets:\n- allenai/c4\n---\n",
}


@pytest.fixture
def document(make_tree: MakeTree, tmp_path: Path) -> dict[str, Any]:
    output = tmp_path / "out.json"
    done = run("generate", make_tree(FILES), "-o", output, "--quiet", "--home", "KR")
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(output.read_text("utf-8"))
    loaded["_path"] = str(output)
    return loaded


def test_one_component_an_id_with_all_its_places(document: dict[str, Any]) -> None:
    parts = {c["bom-ref"]: c for c in document["components"]}
    assert {ref: c["type"] for ref, c in parts.items() if ref.startswith("pkg:")} == {
        "pkg:huggingface/Qwen/Qwen2.5-7B-Instruct": "machine-learning-model",
        "pkg:huggingface/own/fixture-model": "machine-learning-model",
        "pkg:huggingface/sentence-transformers/all-MiniLM-L6-v2": "machine-learning-model",
        "pkg:huggingface/google-bert/bert-base-uncased": "file",
        "pkg:huggingface/datasets/allenai/c4": "data",
        "pkg:huggingface/datasets/rajpurkar/squad": "data",
    }
    model = parts["pkg:huggingface/Qwen/Qwen2.5-7B-Instruct"]
    assert [(o["location"], o["line"]) for o in model["evidence"]["occurrences"]] == [
        ("app/again.py", 2),
        ("app/main.py", 7),
    ]
    assert model["manufacturer"]["address"] == {"country": "CN"}
    assert "licenses" not in parts["pkg:huggingface/own/fixture-model"], (
        "an owner says nothing of it"
    )
    assert properties(parts["pkg:huggingface/own/fixture-model"], "aisbom:component:path_role") == [
        "test"
    ]
    assert properties(parts["pkg:huggingface/own/fixture-model"], "aisbom:component:role") == [
        "tooling"
    ]


def test_data_sets_are_training_data_only_where_something_says_so(document: dict[str, Any]) -> None:
    parts = {c["bom-ref"]: c for c in document["components"]}
    assert properties(parts["pkg:huggingface/datasets/allenai/c4"], "aisbom:component:class") == [
        "training-data"
    ]
    assert (
        properties(parts["pkg:huggingface/datasets/rajpurkar/squad"], "aisbom:component:class")
        == []
    )
    [where] = parts["pkg:huggingface/datasets/allenai/c4"]["externalReferences"]
    assert where["url"] == "https://huggingface.co/datasets/allenai/c4"
    edges = {row["ref"]: row["dependsOn"] for row in document["dependencies"]}
    assert "pkg:huggingface/datasets/allenai/c4" in edges["model:models/own"]
    assert "model:models/own" in edges["project:tree"]


def test_services(document: dict[str, Any]) -> None:
    services = {s["bom-ref"]: s for s in document["services"]}
    assert set(services) == {"service:openai", "service:deepseek", "service:self-hosted"}
    row = services["service:deepseek"]
    assert row["provider"]["address"] == {"country": "CN"}
    assert row["endpoints"] == ["https://api.deepseek.com"]
    assert (row["authenticated"], row["x-trust-boundary"]) == (True, True)
    assert properties(row, "aisbom:origin:operated:country") == ["CN"]
    assert properties(row, "aisbom:component:class") == ["service"]
    assert "SECRET" not in json.dumps(document["services"])


def test_a_processor_is_a_format_and_no_model(document: dict[str, Any]) -> None:
    tree = next(c for c in document["components"] if c["bom-ref"] == "code:app")
    assert properties(tree, "aisbom:format") == ["processor of openai/whisper-base"]


def test_score_and_explain_say_the_same_of_tree_and_document(
    document: dict[str, Any], tmp_path: Path
) -> None:
    path = Path(document["_path"])
    tree = tmp_path / "tree"
    from_tree = measure(scan(tree, Options(profile="full-stack")), "full-stack", ("KR",))
    from_document = measure(scan_of(read.read(path)), "full-stack", ("KR",))
    assert from_document.score.legs == from_tree.score.legs
    told = run("explain", path, "DeepSeek API").stdout
    assert "origin.operated: CN" in told
    assert "app/main.py:14" in told


def test_the_same_bytes_twice_and_in_xml(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree(FILES)
    for name in ("a.xml", "b.xml"):
        assert (
            run("generate", tree, "-o", tmp_path / name, "--format", "xml", "--quiet").returncode
            == 0
        )
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()
    assert b'<service bom-ref="service:openai">' in (tmp_path / "a.xml").read_bytes()


def test_a_reference_to_a_model_of_the_tree_joins_it(make_tree: MakeTree) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    folder = f"hub/models--own--llm/snapshots/{commit}"
    tree = make_tree(
        {
            f"{folder}/config.json": '{"model_type": "llama"}',
            "a/m.py": "AutoModel.from_pretrained('own/llm')\n",
        }
    )
    scanned = scan(tree)
    models = [c for c in scanned.components if c.kind == "machine-learning-model"]
    assert [c.ref for c in models] == [f"model:{folder}"]
    assert {o.kind for o in models[0].observations} == {"model", "reference"}
