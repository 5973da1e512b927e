"""`--online` against an index of our own on this machine: what is asked, what is never asked, and
what a server can do wrong.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from aisbom.online import fetch, package_index
from aisbom.online.fetch import Clock, FetchError
from tests.online.servers import DIGEST, WHEEL, Index, endless, huge, respond
from tests.program import run


def lock(index: str, name: str = "zq-thing") -> str:
    return (
        f'version = 1\n[[package]]\nname = "{name}"\nversion = "1.0"\n'
        f'source = {{ registry = "{index}" }}\n'
    )


def scan(root: Path, index: Index, *more: str) -> tuple[dict[str, Any], str]:
    done = run("generate", ".", "-o", "-", "--online", *more, cwd=root, PIP_INDEX_URL=index.url)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def component(found: dict[str, Any], name: str = "zq-thing") -> dict[str, Any]:
    return next(dict(row) for row in found["components"] if row["name"] == name)


def country(row: dict[str, Any]) -> list[str]:
    return [p["value"] for p in row["properties"] if p["name"] == "aisbom:origin:developed:country"]


def test_licence_and_maker_come_from_the_index_with_address_and_day(
    make_tree: Any, index: Index
) -> None:
    index.serve()
    found, said = scan(make_tree({"uv.lock": lock(index.url)}), index, "--online-report")
    row = component(found)
    assert [one["license"]["id"] for one in row["licenses"]] == ["MIT"]
    assert row["licenses"][0]["license"]["acknowledgement"] == "declared"
    assert country(row) == ["US"]
    text = json.dumps(found)
    assert "declared by the registry" in text and f"{WHEEL}.metadata on 20" in text
    assert "1 packages asked" in said and f"{WHEEL}.metadata" in said
    assert index.asked == ["/simple/zq-thing/", f"/files/{WHEEL}.metadata"]


def test_an_index_of_pages_is_read_too(make_tree: Any, index: Index) -> None:
    index.serve()
    page = f'<a href="../../files/{WHEEL}#sha256=0" data-core-metadata="sha256={DIGEST}">x</a>'
    index.answers["/simple/zq-thing/"] = respond(page.encode(), "text/html")
    found, _ = scan(make_tree({"uv.lock": lock(index.url)}), index)
    assert "licenses" in component(found)


def test_without_the_flag_nothing_is_asked(make_tree: Any, index: Index) -> None:
    index.serve()
    done = run(
        "generate", "-o", "-", cwd=make_tree({"uv.lock": lock(index.url)}), PIP_INDEX_URL=index.url
    )
    assert done.returncode == 0 and index.asked == []


@pytest.mark.parametrize(
    "files",
    [
        {"uv.lock": lock("https://corp.example/simple", "secret-lib")},
        {"uv.lock": lock("https://pypi.org/simple", "secret-lib")},
        {"requirements.txt": "secret-lib==1.0\n"},
        {"pyproject.toml": '[project]\nname = "secret-lib"\nversion = "1"\n'},
        {"requirements.txt": "secret-lib @ git+https://github.com/o/secret-lib@v1\n"},
        {"requirements.txt": "-e ./secret-lib\n"},
        {
            "secret_lib-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: secret-lib\n"
            "Version: 1.0\n"
        },
    ],
)
def test_a_name_that_no_lock_takes_from_this_index_is_never_sent(
    make_tree: Any, index: Index, files: dict[str, str]
) -> None:
    index.serve()
    scan(make_tree(files), index)
    assert index.asked == []


def test_what_the_tables_answer_is_not_asked(make_tree: Any, index: Index) -> None:
    index.serve()
    lock_of_pypi = lock("https://pypi.org/simple", "diffusers")
    scan(make_tree({"uv.lock": lock_of_pypi}), index)
    assert index.asked == []


FAULTS: list[tuple[str, Callable[[Index], None], str]] = [
    ("no such page", lambda index: index.answers.clear(), "answers 404"),
    (
        "html bomb",
        lambda index: index.answers.update(
            {"/simple/zq-thing/": respond(b"<div>" * 200_000, "text/html")}
        ),
        "lists no file",
    ),
    (
        "json of another shape",
        lambda index: index.answers.update(
            {"/simple/zq-thing/": respond(b"[[[]]]", "application/json")}
        ),
        "no list of files",
    ),
    (
        "json too deep",
        lambda index: index.answers.update(
            {"/simple/zq-thing/": respond(b"[" * 100_000, "application/json")}
        ),
        "not JSON",
    ),
    (
        "wrong digest",
        lambda index: index.serve(**{"core-metadata": {"sha256": "0" * 64}}),
        "digest is not the one it states",
    ),
    (
        "another host",
        lambda index: index.answers.update(
            {
                "/simple/zq-thing/": respond(
                    b"", status=302, Location="http://localhost:1/simple/zq-thing/"
                )
            }
        ),
        "another host",
    ),
    (
        "ten gigabytes",
        lambda index: index.answers.update({"/simple/zq-thing/": huge}),
        "more than",
    ),
    (
        "always busy",
        lambda index: index.answers.update(
            {"/simple/zq-thing/": respond(b"", status=503, Retry_After="0")}
        ),
        "answers 503",
    ),
    (
        "another package's wheel",
        lambda index: index.serve(filename="other-1.0-py3-none-any.whl"),
        "lists no file",
    ),
    ("a local file", lambda index: index.serve(url="file:///etc/passwd"), "lists no file"),
]


@pytest.mark.parametrize(("fault", "reason"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_server_that_fails_or_lies_leaves_a_gap(
    make_tree: Any, index: Index, fault: Callable[[Index], None], reason: str
) -> None:
    index.serve()
    fault(index)
    found, _ = scan(make_tree({"uv.lock": lock(index.url)}), index)
    gaps = [p["value"] for p in found["metadata"]["properties"] if p["name"] == "aisbom:gap"]
    assert any(reason in gap for gap in gaps), gaps
    assert "licenses" not in component(found)


def test_a_server_that_never_ends_is_left(index: Index) -> None:
    index.answers["/simple/x/"] = endless
    start = time.monotonic()
    with pytest.raises(FetchError, match="does not come to an end"):
        fetch.get(f"{index.url}/x/", Clock(1.0), 1_000_000, {})
    assert time.monotonic() - start < 5


def test_a_busy_server_is_asked_again(index: Index) -> None:
    times = iter([respond(b"", status=503, Retry_After="0"), respond(b"fine")])

    def answer(handler: BaseHTTPRequestHandler) -> None:
        next(times)(handler)

    index.answers["/simple/x/"] = answer
    assert fetch.get(f"{index.url}/x/", Clock(10), 100, {})[0] == b"fine"
    assert index.asked == ["/simple/x/"] * 2


def test_an_answer_is_kept(make_tree: Any, index: Index, tmp_path: Path) -> None:
    index.serve()
    root = make_tree({"uv.lock": lock(index.url)})
    for _ in range(2):
        done = run(
            "generate", "-o", "-", "--online", cwd=root, cache=tmp_path, PIP_INDEX_URL=index.url
        )
        assert "MIT" in done.stdout
    assert len(index.asked) == 2


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "data:text/plain,x"])
def test_only_the_web_is_asked(url: str) -> None:
    with pytest.raises(FetchError):
        fetch.get(url, Clock(1), 100, {})


def test_the_configured_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://u:p@corp.example/simple/?a=b\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    assert package_index.get_index_address() == "https://u:p@corp.example/simple/?a=b"
    assert (
        package_index.redact_address(package_index.get_index_address())
        == "https://corp.example/simple"
    )
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple/")
    assert package_index.get_index_address() == "https://other.example/simple"


def test_a_report_needs_the_flag(make_tree: Any) -> None:
    done = run("generate", "--online-report", cwd=make_tree({"a": ""}))
    assert done.returncode == 2 and "--online" in done.stderr
