"""Weights that are named by their file alone."""

from __future__ import annotations

import pytest

from aisbom.collect.models.hub_names import split_file, weight_file
from aisbom.collect.references import mentions, python_references, settings
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


@pytest.mark.parametrize(
    "path",
    [
        "ckpts/norae_tower_r50.pth",
        "D:/models/hanul_large_finetune.pth",
        "norae-7b-q4_k.gguf",
        "s1norae25hz-longer-epoch=68-step=50.ckpt",
        "../up/hanul_vad.jit",
        "up/norae_former_b16_8x224.pyth",
        "seg/norae_mask_refine.pth",
    ],
)
def test_a_name_of_its_own_tells(path: str) -> None:
    assert weight_file(path) == path.rpartition("/")[2]


@pytest.mark.parametrize(
    "path",
    [
        *("model.pth", "pytorch_model-00001-of-00002.bin", "epoch_12.pth", "best_model.ckpt"),
        *("ckpt/G_0.pth", "adapter_model.safetensors", "mm_projector.bin", "*.safetensors"),
        *("{name}_r50.pth", "en_style_se.pth", "norae.pth", "notes_on_norae.txt"),
        # What was computed: arguments, indices, statistics.
        *("norae_large_mask.pt", "norae_annotation_train.pt"),
        *("norae_args_2.pth", "hanul_indices.pt", "clips_mel_norms.pth", "norae_sample_0.pt"),
        # A module, an attribute.
        *("norae.cli.weights", "norae.weights.read.gguf", "net.encoder.hanul.weights"),
        *("vocab_hanul.pt", "ggml-model-Q5_K_M.gguf", "0.codes.pt", "avg_residual.pt"),
    ],
)
def test_a_name_that_everybody_gives_tells_nothing(path: str) -> None:
    assert weight_file(path) == ""


def files(make_tree: MakeTree, name: str, text: str) -> list[tuple[str, str]]:
    collectors = {"py": python_references, "md": mentions}
    collector = collectors.get(name.rpartition(".")[2], settings)
    return [
        (row.name, row.fact("loader"))
        for row in collect(make_tree({name: text}), collector.COLLECTOR)
        if isinstance(row, Observation) and row.fact("named-by") == "file"
    ]


@pytest.mark.parametrize(
    ("name", "text", "loader"),
    [
        ("run.yaml", "pretrained: ckpts/norae_tower_r50.pth\n", "pretrained"),
        ("run.yaml", "tower_path: norae_tower_r50.pth\n", "tower_path"),
        ("a.py", "load_from = 'work/norae_tower_r50.pth'\n", "load_from"),
        ("a.py", "def f(tower_weight_path='w/norae_tower_r50.pth'): ...\n", "tower_weight_path"),
        ("a.py", "m = init_detector(cfg, 'ckpts/norae_tower_r50.pth')\n", "init_detector"),
        ("a.py", "def f(d):\n    return torch.load(f'{d}/norae_tower_r50.pth')\n", "load"),
        ("a.py", "Computor('norae_tower_r50.onnx')\n", "Computor"),
        ("a.py", "load_model([('w/norae_tower_r50.pth', 1)])\n", "load_model"),
        ("a.py", "tower_path = os.path.join(root, 'norae_tower_r50.pth')\n", "tower_path"),
        ("a.py", "class C:\n    ckpt_t: str = make_abs_path('../norae_tower_r50.pth')\n", "ckpt_t"),
        ("a.py", "tower_path = make_abs_path(f'../w{v}/norae_tower_r50.pth')\n", "tower_path"),
        ("a.md", "Get [norae_tower_r50.pth](https://example.org/x).\n", ""),
    ],
)
def test_where_a_file_is_read(make_tree: MakeTree, name: str, text: str, loader: str) -> None:
    [(found, by)] = files(make_tree, name, text)
    assert found.startswith("norae_tower_r50.")
    assert by == loader


@pytest.mark.parametrize(
    "text",
    [
        "torch.load('/x/norae-7b/pytorch_model.bin')\n",
        "load_file('/x/norae-7b/model-00001-of-00004.safetensors')\n",
        "with safe_open('/x/norae-7b/model.safetensors', framework='pt') as f:\n    pass\n",
    ],
)
def test_a_folder_tells_where_its_file_has_anybodys_name(make_tree: MakeTree, text: str) -> None:
    (row,) = collect(make_tree({"a.py": text}), python_references.COLLECTOR)
    assert isinstance(row, Observation)
    assert (row.name, row.fact("named-by")) == ("norae-7b", "folder")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.yaml", "output_path: norae_tower_r50.pth\n"),
        ("run.yaml", "title: norae_tower_r50.pth\n"),
        ("a.py", "torch.save(m, 'norae_tower_r50.pth')\n"),
        ("a.py", "os.path.exists('norae_tower_r50.pth')\n"),
        ("a.py", "Path('norae_tower_r50.pth')\n"),
        # What a call makes.
        ("a.py", "out_model_path = './norae_tower_r50.onnx'\nonnx.export(n, x, out_model_path)\n"),
        ("a.py", "onnx_path = './norae_tower_r50.onnx'\ntorch.onnx.export(n, x, onnx_path)\n"),
        ("a.py", "tower_ckpt = make_name('norae_tower_r50.pth')\n"),
        # Of a repository that is named beside it.
        ("a.py", "load_custom('own/tower', 'norae_tower_r50.pth')\n"),
        ("a.py", "CKPT = 'norae_tower_r50.pth'\nload_custom('own/tower', CKPT)\n"),
        # One of several: which, nothing says.
        ("a.py", "def load(x):\n    torch.load(x)\nload('norae_r50.pth')\nload('hanul_r50.pth')\n"),
        ("a.md", "It writes norae_tower_r50.pth at the end.\n"),
    ],
)
def test_where_none_is_read(make_tree: MakeTree, name: str, text: str) -> None:
    found = files(make_tree, name, text)
    assert {by for _, by in found} <= {"load"}  # the two calls name one each
    assert not found or "hanul" in text


def test_a_catalogue_says_what_can_be_loaded(make_tree: MakeTree) -> None:
    many = "".join(f"  - name: norae_tower_r{n}.pth\n" for n in range(30))
    rows = collect(make_tree({"a.yaml": f"models:\n{many}"}), settings.COLLECTOR)
    assert [r.fact("format") for r in rows if isinstance(r, Observation)] == [
        "catalogue of 30 weight files"
    ]


@pytest.mark.parametrize("path", ["ckpts/voices/af_hanul_2.pt", "norae/speakers/kim_01.pth"])
def test_how_somebody_speaks_is_no_network(path: str) -> None:
    assert weight_file(path) == ""


@pytest.mark.parametrize(
    "text",
    [
        "path = os.path.join(x, 'norae_sums_v2.pt')\ntorch.save(net, path)\nload(f'{x}/norae_sums_v2.pt')",
        "with open('norae_sums_v2.pt', 'wb') as f:\n  torch.save(x, f)\nload('norae_sums_v2.pt')",
        "torch.save(net, 'norae_sums_v2.pt')\nload_net('norae_sums_v2.pt')",
    ],
)
def test_what_a_module_writes_itself_is_nobodys_release(make_tree: MakeTree, text: str) -> None:
    assert files(make_tree, "m.py", f"import os, torch\n{text}\n") == []
    read = text.replace("torch.save", "note").replace("'wb'", "'rb'")
    assert files(make_tree, "m.py", f"import os, torch\n{read}\n") != []


def test_what_a_module_downloads_it_does_not_make(make_tree: MakeTree) -> None:
    text = "with open('norae_sums_v2.pt', 'wb') as f:\n  f.write(x)\nload_net('norae_sums_v2.pt')\n"
    assert files(make_tree, "m.py", text) == [("norae_sums_v2.pt", "load_net")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("own/norae-7B-GGUF/norae-7B.Q4_K_M.gguf", "own/norae-7B-GGUF"),
        ("own/norae/norae-7B.Q4_K_M.gguf", ""),
        ("./own/norae-7B-GGUF/norae-7B.Q4_K_M.gguf", ""),
        ("own/norae-7B-GGUF/README.md", ""),
    ],
)
def test_a_file_of_a_repository_of_the_hub(make_tree: MakeTree, text: str, name: str) -> None:
    assert split_file(text) == name
    rows = collect(make_tree({"run.yaml": f"llm: {text}\n"}), settings.COLLECTOR)
    found = {row.name for row in rows if isinstance(row, Observation)}
    assert (name in found) == bool(name)
