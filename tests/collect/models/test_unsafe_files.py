"""What can run code is a finding of its component, a gap, and a violation of `unsafe-weights`."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from aisbom.collect.models.unsafe_files import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.model.facts import HAZARD, Hazard
from tests.conftest import MakeTree, collect
from tests.program import every_component, properties, run
from tests.weights.unsafe.test_pickles import SYSTEM, call

STATE = pickle.dumps({"a": 1}, 2)


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("m/data.pkl", data)
    return out.getvalue()


@pytest.mark.parametrize("name", ["model.pkl", "pytorch_model.bin", "m.PT", "training_args.bin"])
def test_a_sighting_and_a_gap_for_each_call(make_tree: MakeTree, name: str) -> None:
    rows = collect(make_tree({name: SYSTEM}), COLLECTOR)
    (seen,) = [row for row in rows if isinstance(row, Observation)]
    (gap,) = [row for row in rows if isinstance(row, Gap)]
    assert seen.get(HAZARD) == (Hazard("pickle", "calls os.system", 0, True),)
    assert gap.reason == "can run code when it is loaded: calls os.system"


def test_harmless_files_say_nothing(make_tree: MakeTree) -> None:
    files = {"a.pkl": STATE, "b.pt": zipped(STATE), "c.bin": b"\0" * 40, "d.pt": b"words\n"}
    assert collect(make_tree(files), COLLECTOR) == ()


NAMES = ("model_final", "vocab.txt", "m.ckpt-100", "m.safetensors", "m.pt.old", "logo.png", "m.th")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["plain", "text", "zip", "tar", "gzip", "zlib"])
def test_a_pickle_is_known_by_how_it_begins(make_tree: MakeTree, name: str, how: str) -> None:
    """Whoever calls `torch.load` or `pickle.load` may give a file any name."""
    packed = {
        "plain": SYSTEM,
        "text": b"cos\nsystem\n(S'id'\ntR.",
        "zip": zipped(SYSTEM),
        "tar": tarred(SYSTEM),
        "gzip": gzip.compress(SYSTEM),
        "zlib": zlib.compress(SYSTEM),
    }
    document = made(make_tree({f"a/{name}": packed[how], "requirements.txt": "x\n"}))
    told = [w for row in every_component(document) for w in properties(row, "aisbom:runs-code")]
    assert told == ["pickle: calls os.system"]


def test_an_environment_inside_the_tree_hides_no_pickle(make_tree: MakeTree) -> None:
    path = "venv/lib/python3.11/site-packages/maru/logo.png"
    document = made(make_tree({path: SYSTEM, "requirements.txt": "x\n"}))
    told = [w for row in every_component(document) for w in properties(row, "aisbom:runs-code")]
    assert told == ["pickle: calls os.system"]


def test_what_only_begins_like_one_is_none(make_tree: MakeTree) -> None:
    """`c` and two lines, or a protocol, are no pickle yet."""
    files = {
        "requirements.txt": "click\nnumpy\n",
        "words.lst": "click\nnumpy\npandas\n",
        "NOTES": "(c) 2020 somebody\n(dp0 is a word)\n",
        "scan.raw": b"\x80\x02\xff\xff" + bytes(range(256)),
        "page.docx": zipped(b"<xml/>"),
        "log.gz": gzip.compress(b"\x80 words"),
        "a.dat": b"1 2 3\n4 5 6\n",
        "b.bin": b"}q\x00U" + b"\xff" * 60,
        "empty.pkl": b"",
    }
    rows = collect(make_tree(files), COLLECTOR)
    assert [row.reason for row in rows if isinstance(row, Gap)] == [".gz files are not opened"]
    assert len(rows) == 1


def made(root: Path) -> dict[str, Any]:
    done = run("generate", str(root), "-q", "-o", "-")
    assert (done.returncode, done.stderr) == (0, "")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def tarred(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("pickle")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def checked(root: Path, *more: str) -> dict[str, object]:
    done = run("check", str(root), "--policy", "unsafe-weights", "--format", "json", *more)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_the_policy_and_the_document(make_tree: MakeTree, tmp_path: Path) -> None:
    root = make_tree(
        {
            "model/config.json": '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}',
            "model/pytorch_model.bin": zipped(call("torch.utils.collect_env", "run")),
            "data/table.pkl": SYSTEM,
            "good/state.pt": zipped(STATE),
        }
    )
    assert checked(root)["verdict"] == "fail"
    done = run("generate", str(root), "-o", str(tmp_path / "o.json"), "-q")
    assert done.returncode == 0
    document = json.loads((tmp_path / "o.json").read_text("utf-8"))
    told = {
        row["name"]: properties(row, "aisbom:runs-code")
        for row in every_component(document)
        if properties(row, "aisbom:runs-code")
    }
    assert told["model"] == ["pickle: calls torch.utils.collect_env.run"]
    assert told["table.pkl"] == ["pickle: calls os.system"]
    assert checked(tmp_path / "o.json")["verdict"] == "fail"
    sarif = run("check", str(root), "--policy", "unsafe-weights", "--format", "sarif").stdout
    assert "torch.utils.collect_env.run" in sarif


def test_what_was_not_followed_never_passes(make_tree: MakeTree) -> None:
    assert checked(make_tree({"m.pkl": STATE[:-1]}))["verdict"] == "unknown"


def test_a_tree_of_harmless_files_passes(make_tree: MakeTree) -> None:
    assert checked(make_tree({"m.pkl": STATE, "README.md": "x\n"}))["verdict"] == "pass"


def test_the_summary_says_it(make_tree: MakeTree) -> None:
    root = make_tree({"a.pkl": SYSTEM, "b.pkl": STATE[:-1], "requirements.txt": "x\n"})
    told = run("generate", str(root), "-o", str(root / "o.json")).stdout
    assert "Loading it can run code: a.pkl: a pickle in it calls os.system\n" in told
    assert "Loading it can run code: b.pkl: " in told and "(a hint)" in told
