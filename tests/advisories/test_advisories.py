"""Known vulnerabilities: the same as pip-audit finds, and honest where nobody could be asked."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from aisbom.advisories import cvss, vex
from aisbom.advisories.records import matching, merge_aliases
from aisbom.advisories.store import Store
from aisbom.errors import UsageError
from tests.conftest import MakeTree
from tests.program import run

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def record(name: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    row = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges}
    return {"id": "GHSA-1", "modified": "2024-02-01T00:00:00Z", "affected": [row], **more}


FIXED = record(
    "Some.Package",
    {"introduced": "1.0"},
    {"fixed": "1.5"},
    {"introduced": "2.0"},
    {"fixed": "2.1"},
    aliases=["CVE-2024-0001", "PYSEC-2024-1"],
    summary="reads any file",
    severity=[{"type": "CVSS_V3", "score": VECTOR}],
    published="2024-01-01T00:00:00Z",
)


@pytest.mark.parametrize(
    ("version", "about"),
    [
        ("0.9", False),
        ("1.0", True),
        ("1.4.9", True),
        ("1.5", False),
        ("2.0rc1", False),
        ("2.0", True),
        ("2.1", False),
    ],
)
def test_ranges(version: str, about: bool) -> None:
    found = matching(FIXED, "some-package", Version(version), "x")
    assert (found is not None) is about
    last = record("a", {"introduced": "0"}, {"last_affected": "1.2"})
    assert matching(last, "a", Version("1.2"), "x")
    assert not matching(last, "a", Version("1.2.1"), "x")


def test_a_vulnerability_in_full() -> None:
    found = matching(FIXED, "some-package", Version("1.2"), "db")
    assert found is not None
    assert (found.id, found.aliases) == ("PYSEC-2024-1", ("CVE-2024-0001", "GHSA-1"))
    assert (found.level, found.vector, found.fixed) == ("critical", VECTOR, ("1.5", "2.1"))
    other = record("a", {"introduced": "0"}, database_specific={"severity": "MODERATE"})
    assert matching(other, "a", Version("1"), "x").level == "medium"  # type: ignore[union-attr]
    withdrawn = {**FIXED, "withdrawn": "2024-03-01T00:00:00Z"}
    assert matching(withdrawn, "some-package", Version("1.2"), "x") is None
    assert matching(FIXED, "other", Version("1.2"), "x") is None
    assert matching([], "a", Version("1"), "x") is None


def test_aliases_are_one() -> None:
    same = {**FIXED, "id": "PYSEC-2024-1", "aliases": ["GHSA-1"], "severity": []}
    found = [matching(row, "some-package", Version("1.2"), "x") for row in (FIXED, same)]
    (one,) = merge_aliases(row for row in found if row is not None)
    assert (one.id, one.level) == ("PYSEC-2024-1", "critical")


def test_scores_of_the_standard() -> None:
    """Examples of first.org/cvss/v3.1/examples."""
    for vector, score in (
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8),
    ):
        assert cvss.score(vector) == score
    assert cvss.score("CVSS:4.0/AV:N") is None
    assert cvss.score("CVSS:3.1/AV:N") is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "osv"
    place.mkdir()
    (place / "a.json").write_text(json.dumps(FIXED))
    (place / "broken.json").write_text("{")
    return place


def test_a_zip_is_as_good_as_a_folder(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for path in folder.iterdir():
            packed.write(path, path.name)
    for place in (folder, tmp_path / "all.zip"):
        store = Store(place)
        assert [one.id for one in store.ask("some-package", Version("1.2"))] == ["PYSEC-2024-1"]
        assert (store.ask("other", Version("1")), store.broken) == ([], 1)
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        Store(folder / "a.json")


STACK = "some-package==1.2\nother==1.0\nunpinned\n"


def checked(root: Path, *words: str) -> dict[str, Any]:
    done = run("check", str(root), "--policy", "known-vulnerabilities", "--format", "json", *words)
    assert done.stdout, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def test_nothing_asked_is_nothing_known(make_tree: MakeTree) -> None:
    assert checked(make_tree({"requirements.txt": "other==1.0\n"}))["verdict"] == "unknown"


def test_offline(make_tree: MakeTree, folder: Path, tmp_path: Path) -> None:
    root = make_tree({"requirements.txt": STACK})
    made = checked(root, "--advisories", str(folder))
    assert made["verdict"] == "fail"
    words = {row["name"]: row["verdict"] for row in made["requirements"][0]["findings"]}
    assert words == {"some-package": "fail", "other": "pass", "unpinned": "unknown"}
    for form in ("json", "xml"):
        out = tmp_path / f"o.{form}"
        assert (
            run("generate", str(root), "--advisories", str(folder), "-o", str(out)).returncode == 0
        )
        assert checked(out)["verdict"] == "fail"
    document = json.loads((tmp_path / "o.json").read_text("utf-8"))
    (one,) = document["vulnerabilities"]
    assert (one["id"], one["ratings"][0]["score"]) == ("PYSEC-2024-1", 9.8)
    assert one["affects"] == [{"ref": "pkg:pypi/some-package@1.2"}]
    assert "no exact version is known" in json.dumps(document["metadata"])


OPENVEX = {
    "statements": [
        {
            "vulnerability": {"name": "CVE-2024-0001"},
            "products": [{"@id": "pkg:pypi/some-package@1.2"}],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
        }
    ]
}
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "vulnerabilities": [
        {
            "id": "GHSA-1",
            "analysis": {"state": "not_affected", "detail": "not called"},
            "affects": [{"ref": "pkg:pypi/some-package"}],
        }
    ],
}


@pytest.mark.parametrize("document", [OPENVEX, CYCLONEDX])
def test_vex(make_tree: MakeTree, folder: Path, tmp_path: Path, document: object) -> None:
    (tmp_path / "vex.json").write_text(json.dumps(document))
    root = make_tree({"requirements.txt": "some-package==1.2\n"})
    words = ("--advisories", str(folder), "--vex", str(tmp_path / "vex.json"))
    assert checked(root, *words)["verdict"] == "pass"
    out = tmp_path / "o.json"
    assert run("generate", str(root), *words, "-o", str(out)).returncode == 0
    (one,) = json.loads(out.read_text("utf-8"))["vulnerabilities"]
    assert one["analysis"]["state"] == "not_affected"
    with pytest.raises(UsageError, match="no statements"):
        (tmp_path / "vex.json").write_text("{}")
        vex.read(tmp_path / "vex.json")


@pytest.fixture
def service() -> Iterator[tuple[str, dict[str, Any]]]:
    """A service of OSV on this machine; `answers` is by name of the package."""
    answers: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = answers.get(asked["package"]["name"], {})
            status, body = answer if isinstance(answer, tuple) else (200, json.dumps(answer))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query", answers
    server.shutdown()


def test_the_same_as_pip_audit(
    make_tree: MakeTree, tmp_path: Path, service: tuple[str, dict[str, Any]]
) -> None:
    osv = pytest.importorskip("pip_audit._service.osv")
    interface = pytest.importorskip("pip_audit._service.interface")
    url, answers = service
    second = record("some-package", {"introduced": "0"}, {"fixed": "3.0"}, id="GHSA-2")
    answers["some-package"] = {"vulns": [FIXED | {"affected": _lower(FIXED)}, second]}
    asked = interface.ResolvedDependency("some-package", Version("1.2"))
    _, theirs = osv.OsvService(osv_url=url).query(asked)
    out = tmp_path / "o.json"
    root = make_tree({"requirements.txt": STACK})
    done = run("generate", str(root), "--vulnerabilities", "--osv-url", url, "-o", str(out))
    assert done.returncode == 0, done.stderr
    ours = json.loads(out.read_text("utf-8"))["vulnerabilities"]
    assert {row["id"] for row in ours} == {str(row.id) for row in theirs}
    for row in ours:
        other = next(r for r in theirs if r.id == row["id"])
        assert {r["id"] for r in row.get("references", [])} == set(other.aliases)
        fixed = {p["value"] for p in row["properties"]}
        assert fixed == {str(v) for v in other.fix_versions}


def _lower(row: dict[str, Any]) -> list[Any]:
    return [{**a, "package": {**a["package"], "name": "some-package"}} for a in row["affected"]]


@pytest.mark.parametrize(
    "answer", [(404, ""), (500, "no"), (200, "rubbish"), (200, "[]"), (200, '{"vulns": [{}]}')]
)
def test_a_service_that_fails_is_no_answer(
    make_tree: MakeTree, service: tuple[str, dict[str, Any]], answer: tuple[int, str]
) -> None:
    pytest.importorskip("pip_audit")
    url, answers = service
    answers["some-package"] = answer
    root = make_tree({"requirements.txt": "some-package==1.2\n"})
    made = checked(root, "--vulnerabilities", "--osv-url", url)
    assert (made["verdict"], made["gaps"]) == ("unknown", 1)


def test_nobody_there(make_tree: MakeTree) -> None:
    pytest.importorskip("pip_audit")
    root = make_tree({"requirements.txt": "".join(f"p{n}==1.0\n" for n in range(9))})
    made = checked(root, "--vulnerabilities", "--osv-url", "http://127.0.0.1:9/v1/query")
    assert made["verdict"] == "unknown"


def test_no_pip_of_the_scanned_tree_is_run(make_tree: MakeTree, tmp_path: Path) -> None:
    """pip-audit asks `python -m pip` for its version, from the folder where the user stands."""
    pytest.importorskip("pip_audit")
    planted = f"open({str(tmp_path / 'executed')!r}, 'w')\n"
    names = (
        "pip/__init__.py",
        "pip/__main__.py",
        "sitecustomize.py",
        "packaging.py",
        "requests.py",
    )
    root = make_tree({**dict.fromkeys(names, planted), "requirements.txt": "p==1.0\n"})
    words = ("--vulnerabilities", "--osv-url", "http://127.0.0.1:9/v1/query")
    assert run("generate", ".", *words, "-q", "-o", "-", cwd=root).returncode == 0
    assert not (tmp_path / "executed").exists()


def test_options_that_do_not_go_together(make_tree: MakeTree, folder: Path) -> None:
    root = str(make_tree({"requirements.txt": "x==1\n"}))
    for words in (
        ("--osv-url", "http://x"),
        ("--vex", str(folder / "a.json")),
        ("--vulnerabilities", "--advisories", str(folder)),
        ("--advisories", "nowhere"),
    ):
        assert run("generate", root, *words, "-o", "-").returncode == 2
