"""`attest` and `verify-attestation`: what was signed holds, and whatever was done to it is said."""

from __future__ import annotations

import base64
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from tests.program import ROOT, run

INPUT = ROOT / "fixtures" / "small-stack" / "input"
KINDS = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
}


def write_key(folder: Path, name: str, key: Any) -> None:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (folder / f"{name}.pem").write_bytes(private)
    (folder / f"{name}.pem").chmod(0o600)
    (folder / f"{name}.pub").write_bytes(public)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed")
    shutil.copytree(INPUT, folder / "tree")
    write_key(folder, "mine", ed25519.Ed25519PrivateKey.generate())
    write_key(folder, "other", ed25519.Ed25519PrivateKey.generate())
    assert run("generate", "tree", "-o", "bom.json", cwd=folder).returncode == 0
    done = run("attest", "bom.json", "--key", "mine.pem", "--tree", "tree", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(signed: Path, tmp_path: Path) -> Path:
    shutil.copytree(signed, tmp_path / "copy")
    return tmp_path / "copy"


def verify(folder: Path, key: str = "mine.pub") -> tuple[int, str]:
    done = run(
        *("verify-attestation", "bom.json.intoto.jsonl", "--key", key),
        *("--sbom", "bom.json", "--tree", "tree"),
        cwd=folder,
    )
    return done.returncode, done.stdout + done.stderr


def envelopes(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "bom.json.intoto.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_what_was_signed_holds(folder: Path) -> None:
    code, said = verify(folder)
    assert code == 0, said
    assert "document, tree" in said
    bom, verdict = (json.loads(base64.b64decode(row["payload"])) for row in envelopes(folder))
    assert bom["predicate"] == json.loads((folder / "bom.json").read_bytes())
    assert verdict["predicate"]["result"] in ("PASSED", "WARNED", "FAILED")
    assert bom["subject"] == verdict["subject"]
    names = {row["name"] for row in bom["subject"]}
    assert names == {"bom.json"} | {
        path.relative_to(INPUT).as_posix() for path in INPUT.rglob("*") if path.is_file()
    }


def change_file(folder: Path) -> None:
    with (folder / "tree" / "requirements.txt").open("a") as stream:
        stream.write("# more\n")


def remove_file(folder: Path) -> None:
    (folder / "tree" / "requirements.txt").unlink()


def add_file(folder: Path) -> None:
    (folder / "tree" / "extra.bin").write_bytes(b"1")


def change_document(folder: Path) -> None:
    data = json.loads((folder / "bom.json").read_bytes())
    data["version"] += 1
    (folder / "bom.json").write_text(json.dumps(data))


def change_payload(folder: Path) -> None:
    rows = envelopes(folder)
    text = base64.b64decode(rows[0]["payload"]).replace(b"requirements.txt", b"requirementz.txt")
    rows[0]["payload"] = base64.b64encode(text).decode()
    write_rows(folder, rows)


def swap_signatures(folder: Path) -> None:
    rows = envelopes(folder)
    rows[0]["signatures"], rows[1]["signatures"] = rows[1]["signatures"], rows[0]["signatures"]
    write_rows(folder, rows)


def drop_signatures(folder: Path) -> None:
    write_rows(folder, [row | {"signatures": []} for row in envelopes(folder)])


def cut_off(folder: Path) -> None:
    path = folder / "bom.json.intoto.jsonl"
    path.write_bytes(path.read_bytes()[:-400])


def empty(folder: Path) -> None:
    (folder / "bom.json.intoto.jsonl").write_bytes(b"\n")


def exchange_files(folder: Path) -> None:
    """Two files under each other's name: nothing is missing, and nothing is more."""
    one, other = folder / "tree" / "requirements.txt", folder / "tree" / "LICENSE"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def give_another_envelope(folder: Path) -> None:
    """Signed with the same key, about another submission."""
    shutil.copytree(folder / "tree", folder / "theirs")
    (folder / "theirs" / "requirements.txt").write_text("numpy==2.1.0\n")
    words = ("generate", "theirs", "-q", "--no-cache", "-o", "theirs.json")
    assert run(*words, cwd=folder).returncode == 0
    words = ("attest", "theirs.json", "--key", "mine.pem", "--tree", "theirs")
    assert run(*words, cwd=folder).returncode == 0
    (folder / "theirs.json.intoto.jsonl").rename(folder / "bom.json.intoto.jsonl")


def write_rows(folder: Path, rows: list[dict[str, Any]]) -> None:
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    (folder / "bom.json.intoto.jsonl").write_text(text)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (change_file, "requirements.txt: changed since it was attested"),
        (remove_file, "requirements.txt: attested, and not there"),
        (add_file, "extra.bin: is there, and was not attested"),
        (exchange_files, "LICENSE: changed since it was attested"),
        (give_another_envelope, "bom.json: is not the document that was attested"),
        (change_document, "bom.json: is not the document that was attested"),
        (change_payload, "line 1: was changed after it was signed"),
        (swap_signatures, "line 2: was changed after it was signed"),
        (drop_signatures, "bears no signature"),
        (cut_off, "line 2: is no DSSE envelope"),
        (empty, "holds no envelope"),
    ],
)
def test_whatever_was_done_is_said_in_its_own_words(folder: Path, act: Any, words: str) -> None:
    act(folder)
    code, said = verify(folder)
    assert code == 5
    assert words in said
    assert "Traceback" not in said


def test_a_foreign_key_is_said(folder: Path) -> None:
    code, said = verify(folder, "other.pub")
    assert code == 5
    assert "signed with another key" in said


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [(-20, -10, "ended on"), (10, 20, "begins on"), (-10, 10, "")],
)
def test_a_certificate_has_an_end(folder: Path, starts: int, ends: int, words: str) -> None:
    write_certificate(folder, starts, ends)
    code, said = verify(folder, "mine.crt")
    assert code == (5 if words else 0), said
    assert words in said


def write_certificate(folder: Path, starts: int, ends: int) -> None:
    """`mine.crt` with the public key of `mine.pem`, from one day to another, counted from today."""
    key = serialization.load_pem_private_key((folder / "mine.pem").read_bytes(), None)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "maker.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())  # type: ignore[arg-type]
        .serial_number(1)
        .not_valid_before(now + timedelta(days=starts))
        .not_valid_after(now + timedelta(days=ends))
        .sign(key, None)  # type: ignore[arg-type]
    )
    (folder / "mine.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_keys_of_all_kinds_sign(folder: Path, kind: str) -> None:
    write_key(folder, kind, KINDS[kind]())
    done = run("attest", "bom.json", "--key", f"{kind}.pem", "--tree", "tree", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert verify(folder, f"{kind}.pub")[0] == 0


def test_the_same_input_and_key_give_the_same_bytes(folder: Path) -> None:
    before = (folder / "bom.json.intoto.jsonl").read_bytes()
    run("attest", "bom.json", "--key", "mine.pem", "--tree", "tree", cwd=folder)
    assert (folder / "bom.json.intoto.jsonl").read_bytes() == before


def test_a_key_that_others_can_read_is_refused(folder: Path) -> None:
    (folder / "mine.pem").chmod(0o644)
    done = run("attest", "bom.json", "--key", "mine.pem", cwd=folder)
    assert done.returncode == 2
    assert "chmod 600" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("attest", "bom.json", "--key", "none.pem"), "cannot be read"),
        (("attest", "bom.json", "--key", "mine.pub"), "others can read it"),
        (("attest", "none.json", "--key", "mine.pem"), "none.json"),
        (("attest", "tree", "--key", "mine.pem"), "tree"),
        (("attest", "bom.json", "--key", "mine.pem", "--tree", "none"), "no such folder"),
        (("verify-attestation", "none", "--key", "mine.pub"), "cannot be read"),
        (("verify-attestation", "bom.json.intoto.jsonl", "--key", "mine.pem"), "private key"),
        (("verify-attestation", "bom.json.intoto.jsonl", "--key", "tree/LICENSE"), "no public key"),
    ],
)
def test_usage_errors_are_one_line(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2, done.stdout
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_encrypted_key_is_refused_by_name(folder: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"word"),
    )
    (folder / "locked.pem").write_bytes(data)
    (folder / "locked.pem").chmod(0o600)
    done = run("attest", "bom.json", "--key", "locked.pem", cwd=folder)
    assert done.returncode == 2
    assert "encrypted" in done.stderr
