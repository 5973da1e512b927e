"""A hazard is told of what the file is, never of what it names."""

from __future__ import annotations

from pathlib import Path

from aisbom.pipeline import Options, scan
from tests.conftest import MakeTree

LOADS = "# Copyright 2024 Some Body Ltd.\nimport transformers\nm = transformers.AutoModel.from_pretrained('meta-llama/Llama-2-7b', trust_remote_code=True)\n"


def told(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for claim in scan(root, Options(name="x")).claims:
        if claim.attribute.startswith("runs-code"):
            found.setdefault(claim.subject, []).append(claim.value)
    return found


def test_code_that_loads_a_model_and_not_the_model(make_tree: MakeTree) -> None:
    assert list(told(make_tree({"src/a.py": LOADS}))) == ["code:src"]


def test_settings_belong_to_the_model_and_a_lone_file_to_nobody(make_tree: MakeTree) -> None:
    files = {
        "m/config.json": '{"model_type": "llama", "auto_map": {"AutoModel": "x.X"}}',
        "m/chat_template.jinja": "{{ x.__class__ }}",
        "data/lone.pkl": b"cos\nsystem\n(S'id'\ntR.",
        "prompts/other.jinja": "{{ x.__class__ }}",
    }
    assert told(make_tree(files)) == {
        "model:m": ["template: reaches __class__", "remote-code: asks for x.X"],
        "file:data/lone.pkl": ["pickle: calls os.system"],
        "project:x": ["template: reaches __class__"],
    }
