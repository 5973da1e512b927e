"""Commands that Python gives to a shell."""

from __future__ import annotations

import pytest

from aisbom.collect.references import python_references
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("os.system('wget https://e.org/norae_big.pth')", ["norae_big.pth"]),
        ("os.system(f'wget -P {out} https://e.org/norae_big.pth')", ["norae_big.pth"]),
        ("subprocess.run(['wget', 'https://e.org/norae_big.pth'])", ["norae_big.pth"]),
        ("subprocess.run(['hf', 'download', 'own/llm'], check=True)", ["own/llm"]),
        (
            (
                "for one in ['norae_a1.onnx', 'norae_b2.onnx']:\n"
                "    os.system(f'wget -P {out} https://e.org/{one}')"
            ),
            ["norae_a1.onnx", "norae_b2.onnx"],
        ),
        (
            "os.system('wget https://huggingface.co/own/llm/resolve/main/sub/norae_v2.onnx')",
            ["norae_v2.onnx", "own/llm"],
        ),
        ("os.system(command)", []),
        ("os.system('rm norae_big.pth')", []),
        ("print('wget https://e.org/norae_big.pth')", []),
    ],
)
def test_commands(make_tree: MakeTree, text: str, told: list[str]) -> None:
    module = f"import os, subprocess\n{text}\n"
    found = collect(make_tree({"m.py": module}), python_references.COLLECTOR)
    assert sorted(
        {r.name for r in found if isinstance(r, Observation) and r.kind == "reference"}
    ) == sorted(told)
