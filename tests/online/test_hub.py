"""`--online` against a hub of our own on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.online.servers import Index, endless, huge, respond
from tests.program import run

COMMIT = "0123456789abcdef0123456789abcdef01234567"
MODEL = "zq-lab/zq-thing"
ADDRESS = f"/api/models/{MODEL}"
LOADED = f'from transformers import AutoModel\nm = AutoModel.from_pretrained("{MODEL}")\n'


def card(name: str = MODEL, sha: str = COMMIT, **fields: Any) -> bytes:
    return json.dumps({"id": name, "sha": sha, "cardData": fields}).encode()


def scan(root: Path, hub: Index, *more: str, cache: Path | None = None) -> tuple[Any, str]:
    endpoint = hub.url.removesuffix("/simple")
    variables = {"HF_ENDPOINT": endpoint, "PIP_INDEX_URL": hub.url, "HF_TOKEN": "hf_" + "a" * 34}
    done = run("generate", ".", "-o", "-", "--online", *more, cwd=root, cache=cache, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def part(found: Any, name: str = "zq-thing") -> dict[str, Any]:
    return next(dict(row) for row in found["components"] if row["name"] == name)


def words(row: dict[str, Any], name: str) -> list[str]:
    return [p["value"] for p in row["properties"] if p["name"] == f"aisbom:{name}"]


def licences(row: dict[str, Any]) -> list[str]:
    return [one["license"].get("id", "") for one in row.get("licenses", [])]


def gaps(found: Any) -> list[str]:
    return [p["value"] for p in found["metadata"]["properties"] if p["name"] == "aisbom:gap"]


def test_licence_and_base_come_from_the_hub(make_tree: Any, index: Index) -> None:
    index.answers[ADDRESS] = respond(
        card(license="apache-2.0", base_model=["Qwen/Qwen2.5-7B"], base_model_relation="finetune")
    )
    found, said = scan(make_tree({"serve.py": LOADED}), index, "--online-report")
    row = part(found)
    assert licences(row) == ["Apache-2.0"]
    assert words(row, "weights-from") == ["Qwen/Qwen2.5-7B"]
    text = json.dumps(found)
    assert "declared by the registry" in text and f"{ADDRESS} at {COMMIT[:12]} on 20" in text
    assert index.asked == [ADDRESS]
    assert "1 repositories asked" in said and ADDRESS in said


def test_no_token_is_sent(make_tree: Any, index: Index) -> None:
    sent: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        sent.extend(handler.headers.keys())
        respond(card(license="mit"))(handler)

    index.answers[ADDRESS] = answer
    scan(make_tree({"serve.py": LOADED}), index)
    assert sent and "authorization" not in {name.casefold() for name in sent}


def test_the_pinned_revision_is_asked_for(make_tree: Any, index: Index) -> None:
    index.answers[f"{ADDRESS}/revision/{COMMIT}"] = respond(card(license="mit"))
    pinned = LOADED.replace('")', f'", revision="{COMMIT}")')
    found, _ = scan(make_tree({"serve.py": pinned}), index)
    assert licences(part(found)) == ["MIT"]
    assert index.asked == [f"{ADDRESS}/revision/{COMMIT}"]


def test_a_data_set(make_tree: Any, index: Index) -> None:
    code = 'from datasets import load_dataset\nd = load_dataset("zq-lab/zq-rows")\n'
    index.answers["/api/datasets/zq-lab/zq-rows"] = respond(
        card("zq-lab/zq-rows", license="cc-by-4.0")
    )
    found, _ = scan(make_tree({"train.py": code}), index)
    assert licences(part(found, "zq-rows")) == ["CC-BY-4.0"]


def test_a_licence_of_its_own_stays_one(make_tree: Any, index: Index) -> None:
    index.answers[ADDRESS] = respond(card(license="other", license_name="qwen-research"))
    found, _ = scan(make_tree({"serve.py": LOADED}), index)
    (one,) = part(found)["licenses"]
    assert "LicenseRef-Qwen-Research" in json.dumps(one)


@pytest.mark.parametrize(
    "files",
    [
        {"serve.py": 'm = "Qwen/Qwen2.5-7B-Instruct"\n' + LOADED.replace(MODEL, "Qwen/Qwen2.5-7B")},
        {"model/README.md": f"---\nlicense: mit\nmodel_name: {MODEL}\n---\n"},
        {"serve.py": LOADED.replace(MODEL, "./local/model")},
    ],
)
def test_what_is_answered_or_lies_here_is_not_asked(
    make_tree: Any, index: Index, files: dict[str, str]
) -> None:
    scan(make_tree(files), index)
    assert index.asked == []


def test_without_the_flag_nothing_is_asked(make_tree: Any, index: Index) -> None:
    endpoint = index.url.removesuffix("/simple")
    done = run("generate", "-o", "-", cwd=make_tree({"serve.py": LOADED}), HF_ENDPOINT=endpoint)
    assert done.returncode == 0 and index.asked == []


FAULTS: list[tuple[str, Callable[[BaseHTTPRequestHandler], None], str]] = [
    ("no such repository", respond(b"{}", status=404), "answers 404"),
    ("private or gated", respond(b"{}", status=401), "answers 401"),
    ("html bomb", respond(b"<div>" * 200_000, "text/html"), "not JSON"),
    ("too deep", respond(b"[" * 100_000, "application/json"), "not JSON"),
    ("another shape", respond(b"[]", "application/json"), "no table"),
    ("another repository", respond(card("zq-lab/other", license="mit")), "another repository"),
    ("another host", respond(b"", status=307, Location="http://localhost:1/x"), "another host"),
    ("ten gigabytes", huge, "more than"),
    ("rate limit", respond(b"", status=429, Retry_After="0"), "answers 429"),
    ("never ends", endless, "does not come to an end"),
]


@pytest.mark.parametrize(("answer", "reason"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_hub_that_fails_or_lies_leaves_a_gap(
    make_tree: Any, index: Index, answer: Callable[[BaseHTTPRequestHandler], None], reason: str
) -> None:
    index.answers[ADDRESS] = answer
    found, _ = scan(make_tree({"serve.py": LOADED}), index)
    assert any(reason in gap for gap in gaps(found)), gaps(found)
    assert "licenses" not in part(found)


def test_another_commit_than_the_pinned_one_is_refused(make_tree: Any, index: Index) -> None:
    pinned = LOADED.replace('")', f'", revision="{COMMIT}")')
    index.answers[f"{ADDRESS}/revision/{COMMIT}"] = respond(card(sha="f" * 40, license="mit"))
    found, _ = scan(make_tree({"serve.py": pinned}), index)
    assert any("another commit" in gap for gap in gaps(found))
    assert "licenses" not in part(found)


@pytest.mark.parametrize(
    "fields",
    [
        {"license": ["mit", 3, None, {"x": "y"}]},
        {"license": {"a": "b"}, "base_model": 7},
        {"base_model": ["x" * 10_000] * 1_000},
        {"license": "mit\nAuthorization: hf_" + "b" * 34},
    ],
)
def test_fields_of_any_shape(make_tree: Any, index: Index, fields: dict[str, Any]) -> None:
    index.answers[ADDRESS] = respond(card(**fields))
    found, _ = scan(make_tree({"serve.py": LOADED}), index)
    text = json.dumps(found)
    assert "hf_" + "b" * 34 not in text and "x" * 1_000 not in text


def test_an_answer_for_a_commit_is_kept(make_tree: Any, index: Index, tmp_path: Path) -> None:
    index.answers[f"{ADDRESS}/revision/{COMMIT}"] = respond(card(license="mit"))
    root = make_tree({"serve.py": LOADED.replace('")', f'", revision="{COMMIT}")')})
    for _ in range(2):
        found, _ = scan(root, index, cache=tmp_path)
        assert licences(part(found)) == ["MIT"]
    assert len(index.asked) == 1
