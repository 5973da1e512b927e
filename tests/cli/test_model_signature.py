"""Signatures of OpenSSF model signing are verified by its library, and what was done to the model
is said. Skipped where that is not installed; what is said then is tested without it.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.cli.test_attest import write_key
from tests.program import ROOT, run

library = pytest.mark.skipif(
    not find_spec("model_signing"), reason="model-signing is not installed"
)


def signature(**more: object) -> str:
    """A bundle that nobody signed."""
    statement = {"predicate": {"resources": [{"name": "a"}], "serialization": more}}
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    return json.dumps({"dsseEnvelope": {"payload": payload, "signatures": []}})


def verify(folder: Path, key: str = "mine.pub", *more: str) -> tuple[int, str]:
    """In a process of its own: what the library imports looks for IPv6 with a socket, which the
    processes of other tests must not make.
    """
    words = ("verify-attestation", "model.sig", "--key", key, "--tree", "model", *more)
    done = subprocess.run(
        [sys.executable, "-m", "aisbom", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from model_signing import signing

    folder = tmp_path_factory.mktemp("model")
    (folder / "model").mkdir()
    (folder / "model" / "config.json").write_text("{}")
    (folder / "model" / "model.safetensors").write_bytes(bytes(4096))
    for name in ("mine", "other"):
        write_key(folder, name, ec.generate_private_key(ec.SECP256R1()))
    config = signing.Config().use_elliptic_key_signer(private_key=folder / "mine.pem")
    config.sign(folder / "model", folder / "model.sig")
    return folder


@pytest.fixture
def folder(signed: Path, tmp_path: Path) -> Path:
    shutil.copytree(signed, tmp_path / "copy")
    return tmp_path / "copy"


@library
def test_what_was_signed_holds(folder: Path) -> None:
    assert verify(folder) == (0, "holds: the 2 files of the model that the signature covers\n")
    assert verify(folder, "mine.pub", "--lang", "ko") == (
        0,
        "성립함: 서명이 대상으로 하는 모델 파일 2개\n",
    )


def change(folder: Path) -> None:
    (folder / "model" / "config.json").write_text('{"a": 1}')


def add(folder: Path) -> None:
    (folder / "model" / "added.bin").write_bytes(b"x")


def remove(folder: Path) -> None:
    (folder / "model" / "config.json").unlink()


def rewrite(folder: Path) -> None:
    data = json.loads((folder / "model.sig").read_bytes())
    statement = json.loads(base64.b64decode(data["dsseEnvelope"]["payload"]))
    statement["predicate"]["resources"][0]["digest"] = "0" * 64
    data["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    (folder / "model.sig").write_text(json.dumps(data))


@library
@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (change, "the files are not the ones that were signed"),
        (add, "added.bin"),
        (remove, "config.json"),
        (rewrite, "was changed after it was signed: the signature does not fit"),
    ],
)
def test_what_was_done_is_said(folder: Path, deed: Callable[[Path], None], said: str) -> None:
    deed(folder)
    code, text = verify(folder)
    assert (code, text.startswith("does not hold: ")) == (5, True), text
    assert said in text
    assert str(folder) not in text


@library
def test_a_foreign_key_and_what_is_no_key(folder: Path) -> None:
    assert verify(folder, "other.pub") == (
        5,
        "does not hold: is signed with another key than the one given\n",
    )
    assert verify(folder, "model.sig")[0] == 2
    assert verify(folder, "nowhere")[0] == 2


@library
def test_links_are_not_followed(folder: Path) -> None:
    (folder / "model.sig").write_text(signature(allow_symlinks=True))
    code, text = verify(folder)
    assert (code, "links that were followed: not verified" in text) == (5, True)
    (folder / "model.sig").write_text(signature())
    assert verify(folder)[0] == 5
    (folder / "model.sig").write_text('{"dsseEnvelope": {}}')
    assert "lists no files of a model" in verify(folder)[1]


def test_it_needs_a_folder(tmp_path: Path) -> None:
    write_key(tmp_path, "mine", ec.generate_private_key(ec.SECP256R1()))
    (tmp_path / "model.sig").write_text(signature())
    done = run("verify-attestation", "model.sig", "--key", "mine.pub", cwd=tmp_path)
    assert (done.returncode, "name the folder of the model with --tree" in done.stderr) == (2, True)
    if not find_spec("model_signing"):
        (tmp_path / "model").mkdir()
        code, text = verify(tmp_path)
        assert (code, "pip install 'aisbom[model-signing]'" in text) == (2, True)
