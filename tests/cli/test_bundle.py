"""`bundle` and `verify-bundle`: found again elsewhere, and whatever was done to it is said."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from aisbom.attest import archive
from tests.cli.test_attest import write_certificate, write_key
from tests.program import ROOT, run

INPUT = ROOT / "fixtures" / "honest" / "input"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundled")
    shutil.copytree(INPUT, folder / "tree")
    write_key(folder, "mine", ed25519.Ed25519PrivateKey.generate())
    write_key(folder, "other", ed25519.Ed25519PrivateKey.generate())
    words = ("--home", "KR", "--policy", "eu", "--key", "mine.pem")
    done = run("bundle", "tree", "-o", "b.zip", *words, cwd=folder, SOURCE_DATE_EPOCH="")
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def folder(signed: Path, tmp_path: Path) -> Path:
    shutil.copytree(signed, tmp_path / "elsewhere")
    return tmp_path / "elsewhere"


def verify(folder: Path, key: str = "mine.pub", tree: str = "tree", **more: str) -> tuple[int, str]:
    done = run("verify-bundle", "b.zip", "--tree", tree, "--key", key, cwd=folder, **more)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_it_holds_under_another_path_name_locale_and_day(folder: Path) -> None:
    (folder / "tree").rename(folder / "given to a judge")
    code, said = verify(
        folder, tree="given to a judge", LC_ALL="ko_KR.UTF-8", HOME="/nowhere", SOURCE_DATE_EPOCH=""
    )
    assert (code, said.splitlines()[0]) == (0, "holds: 16 files, as the manifest lists them")
    assert "the same bytes" in said


def test_what_is_in_it(signed: Path) -> None:
    with zipfile.ZipFile(signed / "b.zip") as bundle:
        names = set(bundle.namelist())
        pages = [bundle.read(f"read-me-first.{one}.html").decode() for one in ("en", "ko")]
        manifest = json.loads(bundle.read("manifest.json"))
        text = "".join(
            bundle.read(name).decode() for name in names if name.endswith(("html", "json", "txt"))
        )
    assert names >= {
        "attestation.intoto.jsonl",
        "bom.cdx.json",
        "evidence/evidence/train.jsonl",
        "knowledge.txt",
        "report.en.html",
        "report.ko.html",
        "sketches/models/onnuri-3b/model.safetensors.sketch",
        "verdict.json",
    }
    assert "Under the policy eu@" in pages[0]
    assert "판단할 수 없음" in pages[1] or "충족" in pages[1]
    assert manifest["question"]["home"] == "KR"
    assert str(signed) not in text


def test_two_bundles_of_one_tree_are_the_same_bytes(folder: Path) -> None:
    words = ("--home", "KR", "--policy", "eu", "--key", "mine.pem")
    for name in ("one.zip", "two.zip"):
        assert run("bundle", "tree", "-o", name, *words, cwd=folder).returncode == 0
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()


def rewritten(change: Callable[[dict[str, bytes]], None], whole: bool) -> Callable[[Path], None]:
    """Change files of the bundle; `whole`: with a manifest that fits again."""

    def apply(folder: Path) -> None:
        path = folder / "b.zip"
        with zipfile.ZipFile(path) as bundle:
            files = {name: bundle.read(name) for name in bundle.namelist()}
        change(files)
        if whole:
            manifest = json.loads(files.pop("manifest.json"))
            path.write_bytes(archive.write(manifest, files))
            return
        with zipfile.ZipFile(path, "w") as bundle:
            for name, data in files.items():
                bundle.writestr(name, data)

    return apply


def _document(files: dict[str, bytes]) -> None:
    files["bom.cdx.json"] = files["bom.cdx.json"].replace(b"KR", b"CN")


def _envelope(files: dict[str, bytes]) -> None:
    files["attestation.intoto.jsonl"] = files["attestation.intoto.jsonl"].replace(b"A", b"B")


def _report(files: dict[str, bytes]) -> None:
    files["report.en.html"] += b"<p>all is well</p>"


def _missing(files: dict[str, bytes]) -> None:
    del files["verdict.json"]


def _added(files: dict[str, bytes]) -> None:
    files["more.txt"] = b""


def _cut(folder: Path) -> None:
    (folder / "b.zip").write_bytes((folder / "b.zip").read_bytes()[:-40])


def _weights(folder: Path) -> None:
    file = folder / "tree" / "models" / "onnuri-3b" / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\x01")


def _swapped(folder: Path) -> None:
    (folder / "tree" / "evidence" / "data.md").rename(folder / "tree" / "evidence" / "other.md")


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (rewritten(_document, whole=False), "bom.cdx.json: was changed after the bundle was made"),
        (rewritten(_document, whole=True), "speaks of another document than bom.cdx.json"),
        (rewritten(_envelope, whole=True), "the signature does not fit"),
        (rewritten(_report, whole=True), "report.en.html: a new scan of the tree does not give"),
        (rewritten(_missing, whole=False), "verdict.json: is in the manifest and not in the bund"),
        (rewritten(_added, whole=False), "more.txt: was added after the bundle was made"),
        (rewritten(_added, whole=True), "more.txt: a new scan of the tree does not give it so"),
        (_cut, "is no archive, or was cut off or overwritten"),
        (_weights, "models/onnuri-3b/model.safetensors: changed since it was attested"),
        (_swapped, "evidence/data.md: attested, and not there"),
    ],
)
def test_whatever_was_done_to_it_is_said(
    tamper: Callable[[Path], None], words: str, folder: Path
) -> None:
    tamper(folder)
    code, said = verify(folder)
    assert code == 5
    assert said.startswith("does not hold: ")
    assert words in said


@pytest.mark.parametrize("form", ["zip", "gztar"])
def test_an_archive_is_bundled_and_verified_under_another_name(form: str, folder: Path) -> None:
    archive_of = Path(shutil.make_archive(str(folder / "entry"), form, folder / "tree"))
    words = ("--home", "KR", "--policy", "eu", "--key", "mine.pem")
    done = run("bundle", archive_of.name, "-o", "b.zip", *words, cwd=folder, SOURCE_DATE_EPOCH="")
    assert (done.returncode, done.stderr) == (0, "")
    elsewhere = archive_of.rename(folder / f"renamed{''.join(archive_of.suffixes)}")
    code, said = verify(folder, tree=elsewhere.name, LC_ALL="ko_KR.UTF-8", SOURCE_DATE_EPOCH="")
    assert (code, said.splitlines()[0].split(":")[0]) == (0, "holds")
    _weights(folder)
    shutil.make_archive(str(folder / "renamed"), form, folder / "tree")
    code, said = verify(folder, tree=elsewhere.name)
    assert code == 5
    assert "models/onnuri-3b/model.safetensors: changed since it was attested" in said


def test_a_clone_is_bundled_and_found_again_in_another_checkout(folder: Path) -> None:
    git = ("git", "-c", "user.name=n", "-c", "user.email=n@example.org", "-C", "tree")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        subprocess.run([*git, *words], cwd=folder, check=True, timeout=60)
    url = f"file://{folder}/tree"
    done = run("bundle", url, "-o", "b.zip", "--key", "mine.pem", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert verify(folder, tree=url)[0] == 0
    subprocess.run(["git", "clone", "-q", url, "other"], cwd=folder, check=True, timeout=60)
    assert verify(folder, tree="other")[0] == 0


@pytest.mark.parametrize(("starts", "ends", "words"), [(-20, -10, "ended on"), (-10, 10, "")])
def test_a_certificate_that_ended_is_said(folder: Path, starts: int, ends: int, words: str) -> None:
    write_certificate(folder, starts, ends)
    code, said = verify(folder, "mine.crt")
    assert code == (5 if words else 0), said
    assert words in said


def test_a_foreign_key_is_said(folder: Path) -> None:
    assert verify(folder, "other.pub")[0] == 5
    assert "signed with another key" in verify(folder, "other.pub")[1]


def test_a_policy_of_ones_own_travels_with_it(folder: Path) -> None:
    shipped = ROOT / "aisbom" / "knowledge" / "policies" / "no-undeclared-parts.toml"
    text = shipped.read_text("utf-8").replace('name = "no-undeclared-parts"', 'name = "own"')
    (folder / "own.toml").write_text(text, "utf-8")
    done = run("bundle", "tree", "-o", "b.zip", "--policy", "own.toml", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "own.toml").unlink()
    assert run("verify-bundle", "b.zip", "--tree", "tree", cwd=folder).returncode == 0


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_bundle_is_one_line(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(data)
    done = run("verify-bundle", "b.zip", cwd=tmp_path)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (5, "", 1)
