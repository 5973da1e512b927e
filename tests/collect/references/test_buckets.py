"""Weights in buckets of object stores: found where something reads them, and nowhere else."""

from __future__ import annotations

import pytest

from aisbom.collect.references import python_references, scripts, settings
from aisbom.collect.references.buckets import find_stored
from aisbom.model import Observation
from tests.conftest import MakeTree, collect

ALL = (python_references.COLLECTOR, scripts.COLLECTOR, settings.COLLECTOR)


@pytest.mark.parametrize(
    ("address", "name", "part"),
    [
        ("gs://lab-assets/checkpoints/norae_base/params", "norae_base", "weights"),
        ("gs://lab-assets/checkpoints/norae_base/assets/", "norae_base", "weights"),
        ("s3://lab/models/norae-7b/step_1000", "norae-7b", "weights"),
        ("s3://lab/models/norae-7b/step1000-unsharded", "norae-7b", "weights"),
        ("gs://lab/norae/pt_224.npz", "pt_224.npz", "weights"),
        ("oss://lab/norae.ckpt", "norae.ckpt", "weights"),
        ("gs://lab/norae_tokenizer.model", "norae_tokenizer.model", "tokenizer"),
    ],
)
def test_a_model_in_a_bucket(address: str, name: str, part: str) -> None:
    found = find_stored(address)
    assert found and (found.name, found.part) == (name, part)


@pytest.mark.parametrize(
    "address",
    [
        "gs://my-bucket/checkpoints/norae_base",
        "s3://your-bucket-name/models/norae-7b",
        "gs://lab/checkpoints/<model>/params",
        "gs://lab/checkpoints/{name}/params",
        "s3://lab/data/norae_base/train.parquet",
        "s3://lab/norae_base/logs",
        "gs://lab/checkpoints/latest",
        "gs://lab/checkpoints/run_1/metrics.json",
        "gs://",
        "https://lab.example/checkpoints/norae_base",
    ],
)
def test_what_is_no_model_of_anybody(address: str) -> None:
    assert find_stored(address) is None


NORAE = "gs://lab-assets/checkpoints/norae_base/params"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.py", f"weights = CheckpointWeightLoader('{NORAE}')\n"),
        ("a.yaml", f"model_path: {NORAE}\n"),
        ("a.sh", f"python train.py --init_from={NORAE}\n"),
        ("a.sh", f"gsutil -m cp -r {NORAE} ./here\n"),
    ],
)
def test_what_reads_one_names_it(make_tree: MakeTree, name: str, text: str) -> None:
    rows = [r for r in collect(make_tree({name: text}), *ALL) if isinstance(r, Observation)]
    assert {(r.name, r.fact("url")) for r in rows} == {
        ("norae_base", "gs://lab-assets/checkpoints/norae_base")
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.py", f"train(output_dir='{NORAE}')\n"),
        ("m.py", f'"""Loads {NORAE}."""\n'),
        ("m.py", "folder = f'gs://lab/checkpoints/norae_base/{run}'\n"),
        ("a.yaml", f"output_dir: {NORAE}\n"),
        ("a.sh", f"python train.py --output_dir={NORAE}\n"),
        ("a.sh", f"gsutil cp -r ./here {NORAE}\n"),
    ],
)
def test_what_a_training_writes_is_no_part(make_tree: MakeTree, name: str, text: str) -> None:
    rows = [r for r in collect(make_tree({name: text}), *ALL) if isinstance(r, Observation)]
    assert not [r for r in rows if r.kind == "reference"]
