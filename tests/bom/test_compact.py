"""A document without routine claims decides what the whole one decides, and is small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aisbom.emit.cyclonedx.read import read
from tests.conftest import MakeTree
from tests.program import every_component, properties, run

LIBRARY = ".venv/lib/python3.11/site-packages"


def environment(count: int) -> dict[str, str | bytes]:
    """`count` installed distributions, each with an SBOM of five crates inside."""
    files: dict[str, str | bytes] = {
        "requirements.txt": "part-0\n",
        ".venv/pyvenv.cfg": "home = /\n",
    }
    for number in range(count):
        folder = f"{LIBRARY}/part_{number}-1.0.dist-info"
        needs = f"Requires-Dist: part-{number + 1}\n" if number + 1 < count else ""
        files[f"{folder}/METADATA"] = (
            f"Metadata-Version: 2.4\nName: part-{number}\nVersion: 1.0\nLicense-Expression: MIT\n"
            f"Author: Somebody\nSummary: one of many\n{needs}"
        )
        files[f"{folder}/RECORD"] = ""
        crates = [
            {
                "type": "library",
                "bom-ref": f"c{number}-{crate}",
                "name": f"crate-{number}-{crate}",
                "version": "1.0.0",
                "purl": f"pkg:cargo/crate-{number}-{crate}@1.0.0",
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
            }
            for crate in range(5)
        ]
        files[f"{folder}/sboms/rust.cyclonedx.json"] = json.dumps(
            {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": crates}
        )
    return files


def document(tree: Path, *words: str) -> tuple[Path, dict[str, Any]]:
    target = tree.parent / ("-".join(("bom", *words)).replace("/", "") + ".json")
    done = run("generate", tree, "-o", target, "-q", "--no-cache", "--home", "KR", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return target, json.loads(target.read_text("utf-8"))


def test_an_environment_is_small_and_grows_with_its_parts(tmp_path: Path) -> None:
    sizes = []
    for count in (20, 40):
        for name, content in environment(count).items():
            target = tmp_path / str(count) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(str(content), "utf-8")
        target, made = document(tmp_path / str(count))
        assert len(every_component(made)) > 6 * count
        sizes.append(target.stat().st_size)
    assert sizes[1] - sizes[0] < 20 * 600_000 / 92
    assert sizes[1] < 2.1 * sizes[0]


@pytest.mark.parametrize("command", [("score",), ("check", "--policy", "no-undeclared-parts")])
def test_the_same_is_decided_of_both(command: tuple[str, ...], make_tree: MakeTree) -> None:
    tree = make_tree(environment(4))
    answers = []
    for words in ((), ("--claims", "all")):
        target, _ = document(tree, *words)
        name, *rest = command
        said = json.loads(run(name, target, *rest, "--format", "json").stdout)
        answers.append(json.dumps(_without_claims(said)))
    assert answers[0] == answers[1]


def test_the_score_of_a_document_cites_the_claims_of_the_tree(make_tree: MakeTree) -> None:
    files = environment(3)
    tree = make_tree({name: text for name, text in files.items() if "/sboms/" not in name})
    said = [
        json.loads(run("score", what, "--format", "json", "--home", "KR").stdout)
        for what in (tree, document(tree)[0])
    ]
    assert said[0] == said[1]


def _without_claims(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_claims(item) for item in value]
    if isinstance(value, dict):
        left_out = ("claims", "places", "message", "found", "why")
        return {k: _without_claims(v) for k, v in value.items() if k not in left_out}
    return value


def test_what_an_sbom_inside_lists_is_listed_once_and_short(make_tree: MakeTree) -> None:
    _, made = document(make_tree(environment(2)))
    (crate,) = (row for row in every_component(made) if row["name"] == "crate-1-3")
    assert sorted(crate) == [
        "bom-ref",
        "licenses",
        "name",
        "purl",
        "supplier",
        "type",
        "version",
    ]
    assert properties(made["metadata"], "aisbom:listed:role") == ["peripheral"]
    assert properties(made["metadata"], "aisbom:claims") == ["core"]
    claims = made.get("declarations", {}).get("claims", [])
    assert not [row for row in claims if row["target"] == crate["bom-ref"]]


def test_what_somebody_declares_keeps_its_claims(make_tree: MakeTree) -> None:
    files = environment(2)
    files["why.md"] = "We wrote it.\n"
    files["aisbom.toml"] = (
        '[[claim]]\ncomponent = "pkg:pypi/part-0@1.0"\ndeclared-by = "us"\n'
        'evidence = ["why.md"]\norigin.developed = "KR"\n'
    )
    _, made = document(make_tree(files))
    kept = [
        row["predicate"]
        for row in made["declarations"]["claims"]
        if row["target"] == "pkg:pypi/part-0@1.0"
    ]
    assert "origin.developed=KR" in kept


def test_a_compact_bill_is_read_back_as_one(make_tree: MakeTree) -> None:
    tree = make_tree(environment(2))
    short, whole = read(document(tree)[0]), read(document(tree, "--claims", "all")[0])
    assert (short.compact, whole.compact) == (True, False)
    assert len(short.claims) < len(whole.claims)
    assert [part.ref for part in short.parts] == [part.ref for part in whole.parts]
    roles = [[part.value("component.role") for part in bom.parts] for bom in (short, whole)]
    assert roles[0] == roles[1]


def test_a_compact_document_holds_for_its_tree(make_tree: MakeTree) -> None:
    tree = make_tree(environment(3))
    target, _ = document(tree)
    done = run("verify", tree, "--sbom", target)
    assert (done.returncode, done.stderr) == (0, "")
