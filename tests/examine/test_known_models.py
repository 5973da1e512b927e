"""Known models inside a tree, by content: hits under any name and format, and silence where there
is nothing to find.
"""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from aisbom.bom.build import build
from aisbom.cache import digests as cache_digests
from aisbom.emit import emit
from aisbom.examine import known_models
from aisbom.model.ledger import resolve
from aisbom.pipeline import Options, measure, scan
from aisbom.weights import sketch
from aisbom.weights.references import SHIPPED as SHIPPED_REFERENCES
from aisbom.weights.side import of_checkpoint
from tests.program import every_component, properties, run
from tests.weights.arrays import Arrays, model, write

SHIPPED = len(list(SHIPPED_REFERENCES.glob("*.sketch")))
BASE = "pkg:huggingface/acme/base"
WAVES = np.arange(128)[:, None] / 10000 ** (np.arange(0, 64, 2) / 64)
TABLE = np.concatenate([np.sin(WAVES), np.cos(WAVES)], axis=1).astype(np.float32)
KNOWN = {**model(1), "positions": TABLE}


@pytest.fixture
def references(tmp_path, monkeypatch):
    folder = tmp_path / "references"
    folder.mkdir()
    (folder / "base.sketch").write_bytes(
        sketch.write(of_checkpoint(Arrays(KNOWN), "acme base"), BASE, "MIT")
    )
    monkeypatch.setenv("AISBOM_REFERENCES", str(folder))
    return folder


@pytest.fixture
def tree(tmp_path, references):
    root = tmp_path / "tree"
    root.mkdir()
    return root


def _noisy(tables, share=0.3):
    dice = np.random.default_rng(3)
    return {
        k: (v + dice.normal(size=v.shape) * v.std() * share).astype(np.float32)
        for k, v in tables.items()
    }


def _claims(scanned, attribute, kind="machine-learning-model"):
    refs = {c.ref for c in scanned.components if c.kind == kind}
    return [c for c in scanned.claims if c.attribute == attribute and c.subject in refs]


def _document(scanned):
    return json.loads(emit(build(scanned, measure(scanned, "model")), "json", "1.6"))


def _identities(document):
    return [
        i["concludedValue"]
        for c in every_component(document)
        for i in c["evidence"].get("identity", [])
    ]


def _nothing_found(scanned):
    (claim,) = _claims(scanned, "weights-from")
    assert (claim.value, claim.evidence[0].confidence) == ("unknown", "low")
    held = f"held against {SHIPPED + 1} references: nothing equal found"
    assert held in claim.evidence[0].excerpt
    assert not [c for c in scanned.claims if c.attribute in ("match.weights", "same-values")]
    document = _document(scanned)
    assert "annotations" not in document
    assert BASE not in _identities(document)
    assert not [c for c in scanned.claims if c.value in ("frozen", "pretrained")]


def test_an_organiser_keeps_a_sketch_and_a_renamed_copy_in_another_format_is_named(tmp_path):
    write(tmp_path / "base.safetensors", model(1))
    (tmp_path / "tree" / "assets").mkdir(parents=True)
    np.savez(
        tmp_path / "tree" / "assets" / "blob.npz",
        **{f"t{n}": v for n, v in enumerate(reversed(model(1).values()))},
    )
    kept = {"AISBOM_REFERENCES": str(tmp_path / "kept")}
    made = (
        "weights",
        "sketch",
        "base.safetensors",
        "-o",
        "base.sketch",
        "--name",
        "acme base",
        "--source",
        BASE,
        "--license",
        "MIT",
    )
    assert run(*made, cwd=tmp_path).returncode == 0
    assert run("weights", "reference", "add", "base.sketch", cwd=tmp_path, **kept).returncode == 0
    done = run("generate", "tree", "-o", "s.json", cwd=tmp_path, **kept)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "s.json").read_text())
    (whole,) = [c for c in every_component(document) if c["type"] == "machine-learning-model"]
    assert properties(whole, "aisbom:weights-from") == [BASE]
    assert properties(whole, "aisbom:initialisation") == ["frozen"]
    assert properties(whole, "aisbom:weights:budget") == [str(known_models.BUDGET)]
    assert properties(whole, "aisbom:weights:examined")[0].endswith(" bytes (1.0000)") or whole
    (identity,) = [i for i in whole["evidence"]["identity"] if i["concludedValue"] == BASE]
    assert (identity["confidence"], identity["methods"][0]["technique"]) == (1, "hash-comparison")
    (found,) = [
        e
        for e in document["declarations"]["evidence"]
        if e["propertyName"] == "aisbom:weights-from"
    ]
    assert (
        "100.0% of its and 100.0% of these evidential values equal (identical)"
        in found["description"]
    )
    assert f"0 of {SHIPPED} other references equal" in found["description"]
    # Without the reference the same tree says that nothing known was found.
    assert (
        run(
            "generate",
            "tree",
            "-o",
            "t.json",
            cwd=tmp_path,
            AISBOM_REFERENCES=str(tmp_path / "none"),
        ).returncode
        == 0
    )
    assert "weights-from=unknown" in (tmp_path / "t.json").read_text()


@pytest.mark.parametrize(
    ("change", "confidence"),
    [
        (lambda t: t, "high"),
        (lambda t: {k: np.ascontiguousarray(v.T) for k, v in t.items()}, "high"),
        (lambda t: {k: v[::-1].copy() for k, v in t.items()}, "high"),
        (lambda t: {k: v.astype(np.float16).astype(np.float32) for k, v in t.items()}, "medium"),
        (lambda t: {k: v for k, v in t.items() if "layers.0" in k}, "high"),
        (
            lambda t: {
                **{k: v for k, v in t.items() if "layers.0" in k},
                **{f"x{k}": v for k, v in model(5).items()},
            },
            "medium",
        ),
    ],
    ids=["same", "transposed", "reordered", "rounded", "a part", "a part among others"],
)
def test_equal_values_are_named_and_only_equal_digests_are_sure(tree, change, confidence):
    write(tree / "core.safetensors", change(model(1)))
    scanned = scan(tree, Options())
    (claim,) = _claims(scanned, "weights-from")
    assert (claim.value, claim.evidence[0].confidence, claim.evidence[0].technique) == (
        BASE,
        confidence,
        "hash-comparison",
    )
    assert "annotations" not in _document(scanned)


def test_a_retrained_copy_is_similarity_with_its_null_and_never_identity(tree):
    write(tree / "core.safetensors", _noisy(model(1)))
    scanned = scan(tree, Options())
    (claim,) = _claims(scanned, "match.weights")
    assert claim.value == f"common-origin with {BASE}"
    for words in (
        "64 of 64 units in place, p < 10^-",
        "relabelled 1,000 times",
        "unrelated references",
        "seed ",
    ):
        assert words in claim.evidence[0].excerpt
    answer = resolve(_claims(scanned, "weights-from"))
    assert (answer.state, [c.value for c in answer.against]) == ("unknown", [BASE])
    document = _document(scanned)
    assert BASE not in _identities(document)
    notes = document["annotations"]
    assert notes
    assert {note["timestamp"] for note in notes} == {document["metadata"]["timestamp"]}
    assert all(
        "not identical" in note["text"] and "which of the two came first" in note["text"]
        for note in notes
    )
    assert "aisbom:match:weights" in {
        e["propertyName"] for e in document["declarations"]["evidence"]
    }
    assert not [p for c in every_component(document) for p in properties(c, "aisbom:weights-from")]
    assert properties(every_component(document)[1], "aisbom:initialisation") == ["unknown"]


@pytest.mark.parametrize(
    "tables",
    [
        model(2),
        {**model(2), "positions": TABLE},
        {**model(2), **{k: v for k, v in model(1).items() if v.ndim == 1}},
        {k: np.zeros_like(v) for k, v in model(1).items()},
        {k: np.full_like(v, np.nan) for k, v in model(1).items()},
    ],
    ids=[
        "independent",
        "a shared table of waves",
        "equal normalisation weights",
        "zeros",
        "no numbers",
    ],
)
def test_silence_about_models_of_the_same_architecture(tree, tables):
    write(tree / "core.safetensors", tables)
    _nothing_found(scan(tree, Options()))


def test_another_architecture_is_told_by_its_header_alone(tree):
    write(tree / "core.safetensors", model(1, width=41, units=83, tokens=311))
    scanned = scan(tree, Options())
    _nothing_found(scanned)
    whole = every_component(_document(scanned))[1]
    assert properties(whole, "aisbom:weights:examined")[0].startswith("0 of ")


def test_nothing_is_said_where_nothing_was_looked_at(tree):
    write(tree / "core.safetensors", model(1))
    (tree / "other.safetensors").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 123456\n"
    )
    without = scan(tree, Options(hash="none"))
    assert not [c for c in without.claims if c.attribute == "weights-from"]
    told = scan(tree, Options())
    assert {c.subject for c in _claims(told, "weights-from")} == {"model:core.safetensors"}


def test_a_model_under_its_own_name_is_no_copy_of_itself(tree):
    folder = tree / "hub" / "models--acme--base" / "snapshots" / ("0" * 40)
    folder.mkdir(parents=True)
    write(folder / "model.safetensors", model(1))
    (folder / "config.json").write_text('{"model_type": "llama"}')
    (claim,) = _claims(scan(tree, Options()), "weights-from")
    assert claim.value == "unknown"
    assert "equal only to the reference of its own name" in claim.evidence[0].excerpt


def test_copies_in_one_tree_are_told_whatever_their_format(tree):
    write(tree / "a.safetensors", model(7))
    np.savez(tree / "b.npz", **{f"t{n}": v.T for n, v in enumerate(model(7).values())})
    write(tree / "c.safetensors", model(8))
    scanned = scan(tree, Options())
    same = {c.subject: c.value for c in _claims(scanned, "same-values")}
    assert same == {"model:a.safetensors": "b.npz", "model:b.npz": "a.safetensors"}
    document = _document(scanned)
    assert [
        properties(c, "aisbom:weights:same_values")
        for c in document["components"]
        if c["name"] == "b.npz"
    ] == [["a.safetensors"]]


def test_shards_are_one_checkpoint(tree):
    rows = list(model(1).items())
    for number, chunk in enumerate((rows[:9], rows[9:]), 1):
        write(tree / f"model-0000{number}-of-00002.safetensors", dict(chunk))
    (claim,) = _claims(scan(tree, Options()), "weights-from")
    assert claim.value == BASE
    assert "100.0% of its and 100.0% of these" in claim.evidence[0].excerpt


def test_what_does_not_fit_the_budget_is_said_and_not_taken_for_equal(tree, monkeypatch):
    write(tree / "core.safetensors", model(1))
    monkeypatch.setattr(known_models, "BUDGET", 60_000)
    cut = scan(tree, Options())
    whole = every_component(_document(cut))[1]
    assert properties(whole, "aisbom:weights:left") == ["3 tensors beyond the budget"]
    assert BASE not in _identities(_document(cut))
    assert {c.evidence[0].confidence for c in _claims(cut, "weights-from") if c.value == BASE} == {
        "medium"
    }
    (full,) = _claims(scan(tree, Options(hash="full")), "weights-from")
    assert full.evidence[0].confidence == "high"


def test_what_was_read_is_kept_until_the_file_or_the_references_change(
    tree, references, tmp_path, monkeypatch
):
    monkeypatch.setenv("AISBOM_CACHE_DIR", str(tmp_path / "cache"))
    write(tree / "core.safetensors", _noisy(model(1)))
    os.utime(tree / "core.safetensors", (1, 1))
    monkeypatch.setattr(cache_digests, "is_settled", lambda _: True)
    first = scan(tree, Options(cached=True))
    with monkeypatch.context() as patch:
        patch.setattr(known_models, "_read", lambda *_: pytest.fail("read again"))
        assert scan(tree, Options(cached=True)) == first
    assert scan(tree, Options()) == first
    (references / "base.sketch").unlink()
    assert not _claims(scan(tree, Options(cached=True)), "match.weights")


@pytest.mark.parametrize("jobs", [1, 3])
def test_order_and_jobs_do_not_matter(tree, jobs):
    for name, tables in (
        ("z", model(1)),
        ("a", _noisy(model(1))),
        ("m", model(2)),
        ("k", model(1)),
    ):
        write(tree / f"{name}.safetensors", tables)
    assert scan(tree, Options(jobs=jobs)) == scan(tree, Options(jobs=2))


def test_a_file_that_ends_early_and_a_bad_reference_are_gaps(tree, references):
    (references / "broken.sketch").write_bytes(b"\x1f\x8bno")
    write(tree / "core.safetensors", model(1))
    coarse = (model(1)["model.embed_tokens.weight"].view(np.uint32) & 0xFFF00000).view(np.float32)
    np.savez_compressed(tree / "b.npz", **{"embed.weight": coarse})
    data = bytearray((tree / "b.npz").read_bytes())
    data[400:900] = bytes(500)
    (tree / "b.npz").write_bytes(data)
    gaps = {(g.at.path, g.by) for g in scan(tree, Options()).gaps}
    assert ("", known_models.NAME) in gaps
    assert any(path == "b.npz" for path, _ in gaps)
