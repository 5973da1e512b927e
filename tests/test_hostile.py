"""Broken and malicious input, through the real program: a gap that names the file, the others still
read, nothing half written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MakeTree
from tests.program import every_component, properties, run

A = "0" * 64
UV = f"""version = 1
[[package]]
name = "good-uv"
version = "1.0"
source = {{ registry = "https://pypi.org/simple" }}
sdist = {{ url = "https://files.example/good_uv-1.0.tar.gz", hash = "sha256:{A}" }}
"""
FORMATS = {
    "pyproject.toml": (
        '[project]\nname = "app"\nversion = "1"\ndependencies = ["good-pyproject>=1"]\n'
    ),
    "setup.cfg": "[options]\ninstall_requires =\n    good-setup-cfg>=1\n",
    "setup.py": "from setuptools import setup\nsetup(install_requires=['good-setup-py>=1'])\n",
    "requirements.txt": "good-requirements==1.0\n",
    "uv.lock": UV,
    "poetry.lock": (
        '[[package]]\nname = "good-poetry"\nversion = "1.0"\nfiles = []\n[metadata]\nlock-version ='
        ' "2.0"\n'
    ),
    "pdm.lock": (
        '[metadata]\nlock_version = "4.5.0"\n[[package]]\nname = "good-pdm"\nversion = "1.0"\nfiles'
        " = []\n"
    ),
    "Pipfile": '[packages]\ngood-pipfile = "*"\n',
    "Pipfile.lock": (
        '{"_meta": {}, "default": {"good-pipfile-lock": {"version": "==1.0"}}, "develop": {}}\n'
    ),
    "pylock.toml": (
        'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "good-pylock"\nversion ='
        ' "1.0"\n'
    ),
    "environment.yml": "name: x\ndependencies:\n  - good-conda=1.0\n",
    "pixi.lock": (
        "version: 6\nenvironments: {}\npackages:\n- pypi:"
        " https://files.example/good_pixi-1.0-py3-none-any.whl\n  name: good-pixi\n  version:"
        " '1.0'\n"
    ),
    "models/m/config.json": '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}',
    "models/c/README.md": "---\nlicense: mit\npipeline_tag: text-generation\n---\n# card\n",
    "lib/python3.11/site-packages/good_dist-1.0.dist-info/METADATA": (
        "Metadata-Version: 2.1\nName: good-dist\nVersion: 1.0\n"
    ),
    "sbom.cdx.json": (
        '{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"type": "library",'
        ' "name": "g", "purl": "pkg:cargo/g@1"}]}'
    ),
}


def deep(name: str, text: str) -> str:
    many = 100_000
    if name.endswith((".json", "Pipfile.lock")):
        return "[" * many + "]" * many
    if name.endswith((".yml", "pixi.lock", "README.md")):
        body = "a: " + "[" * many + "]" * many + "\n"
        return f"---\nlicense: mit\n{body}---\n" if name.endswith(".md") else body
    if name == "setup.py":
        return "setup(install_requires=" + "[" * many + "]" * many + ")\n"
    if name.endswith((".txt", ".cfg", "METADATA")):
        return text.rstrip("\n") + " ; " + "(" * many + "\n"
    return "a = " + "[" * many + "]" * many + "\n"


WRONG = {
    ".json": "[1, 2]",
    "Pipfile.lock": '{"default": [1], "develop": {"x": 3}}',
    ".toml": "project = 3\npackages = 4\n",
    ".lock": "package = 3\npackages = 4\n",
    "Pipfile": "packages = 3\n",
    ".yml": "- 1\n- 2\n",
    ".md": "---\n- license: mit\n- base_model\n---\n",
    ".py": "setup(install_requires={1: object()})\n",
}


def wrong(name: str, text: str) -> str:
    return next((content for end, content in WRONG.items() if name.endswith(end)), "= = =\n")


DAMAGES: dict[str, Callable[[str, str], str | bytes]] = {
    "truncated": lambda name, text: text[: len(text) * 2 // 3],
    "null-byte": lambda name, text: text.replace("good", "go\0od"),
    "wrong-type": wrong,
    "deep": deep,
    "binary": lambda name, text: bytes(range(256)) * 40,
    "empty": lambda name, text: "",
}


def generate(root: Path) -> dict[str, object]:
    before = sorted(path.name for path in root.iterdir())
    done = run("generate", "-o", "out.json", "--quiet", cwd=root)
    assert done.stderr == ""
    assert done.returncode == 0
    assert sorted(path.name for path in root.iterdir()) == sorted([*before, "out.json"])
    document: dict[str, object] = json.loads((root / "out.json").read_text("utf-8"))
    return document


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_every_format_damaged_at_once_costs_only_itself(make_tree: MakeTree, damage: str) -> None:
    broken = {
        f"bad/{n}/{name}": DAMAGES[damage](name, text)
        for n, (name, text) in enumerate(FORMATS.items())
    }
    good = {f"good/{n}/{name}": text for n, (name, text) in enumerate(FORMATS.items())}
    document = generate(make_tree({**broken, **good}))
    seen = {
        o["location"] for row in every_component(document) for o in row["evidence"]["occurrences"]
    }
    assert {path for path in good if path not in seen} == set()
    gaps = properties(document["metadata"], "aisbom:gap")  # type: ignore[arg-type]
    assert all(gap.startswith("bad/") for gap in gaps), [
        gap for gap in gaps if not gap.startswith("bad/")
    ]
    if damage in ("deep", "binary"):
        # Every format but those where a long line is only text must say that it could not be read.
        silent = [
            path
            for path in broken
            if not any(gap.startswith(path) for gap in gaps) and path not in seen
        ]
        assert not [p for p in silent if not p.endswith(("README.md", "config.json"))], silent


def test_includes_in_a_circle_are_a_gap_and_end(make_tree: MakeTree) -> None:
    files = {
        "requirements.txt": "-r requirements-b.txt\nfirst==1\n",
        "requirements-b.txt": "-r requirements-c.txt\nsecond==1\n",
        "requirements-c.txt": "-r requirements.txt\n-c requirements-c.txt\nthird==1\n",
    }
    document = generate(make_tree(files))
    assert {row["name"] for row in every_component(document)[1:]} == {"first", "second", "third"}
    assert all("requirements" in gap for gap in properties(document["metadata"], "aisbom:gap"))  # type: ignore[arg-type]
    assert properties(document["metadata"], "aisbom:gap")  # type: ignore[arg-type]


def test_includes_out_of_the_tree_are_not_followed(make_tree: MakeTree, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("stolen==1\n")
    root = make_tree(
        {"requirements.txt": f"-r ../outside.txt\n-r {tmp_path}/outside.txt\nkept==1\n"}
    )
    (root / "link.txt").symlink_to("../outside.txt")
    (root / "requirements-link.txt").symlink_to("../outside.txt")
    document = generate(root)
    assert {row["name"] for row in every_component(document)[1:]} == {"kept"}
    assert str(tmp_path) not in json.dumps(document)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_and_folders_named_like_manifests_do_not_hang(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "kept==1\n", "uv.lock/inner.txt": "", "setup.py/x": ""})
    os.mkfifo(root / "poetry.lock")
    os.mkfifo(root / "model.safetensors")
    document = generate(root)
    assert {row["name"] for row in every_component(document)[1:]} == {"kept"}


def test_names_made_to_break_a_document_do_not(make_tree: MakeTree) -> None:
    names = [
        'we"ird<&>.py',
        "한글 폴더/모델.py",
        "new\nline.py",
        "a#b?c@1.py",
        "-o",
        "%2e%2e.py",
        "x" * 200 + ".py",
    ]
    files: dict[str, str | bytes] = dict.fromkeys(names, "# Copyright 2024 Some Body Ltd.\nx = 1\n")
    root = make_tree({**files, "requirements.txt": "kept==1\n"})
    for form in ("json", "xml"):
        for version in ("1.6", "1.7"):
            done = run(
                "generate",
                ".",
                "-o",
                "-",
                "-q",
                "--format",
                form,
                "--spec-version",
                version,
                cwd=root,
            )
            assert (done.returncode, done.stderr) == (0, "")


def test_text_made_to_break_a_document_does_not(make_tree: MakeTree) -> None:
    evil = "\\ud800\\u0000\\u202e]]><script>"
    files = {
        "Pipfile.lock": (
            f'{{"default": {{"good": {{"version": "==1.0", "markers": "{evil}"}}, "ba d{evil}":'
            f' {{"version": "=={evil}"}}}}}}'
        ),
        "models/m/config.json": (
            f'{{"model_type": "{evil}", "architectures": ["{evil}"], "_name_or_path": "{evil}"}}'
        ),
        "models/m/README.md": (
            '---\nlicense: "\\ud800 ]]> \\0"\npipeline_tag: \'<&>\'\nbase_model: ["\\x1b", {a:'
            " b}]\n---\n"
        ),
        "pyproject.toml": (
            '[project]\nname = "x"\nversion = "1"\ndescription = "\\u001b[31m ]]>'
            ' \\uFFFF"\n[project.urls]\nHome = "javascript:alert(1)"\nA = "http://[bad"\n'
        ),
    }
    root = make_tree(files)
    for form in ("json", "xml"):
        done = run("generate", ".", "-o", "-", "-q", "--format", form, cwd=root)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\x1b" not in done.stdout


def test_nothing_scanned_is_executed(make_tree: MakeTree, tmp_path: Path) -> None:
    flag = tmp_path / "executed"
    touch = f"open({str(flag)!r}, 'w')"
    root = make_tree(
        {
            "setup.py": (
                f"{touch}\nfrom setuptools import setup\nsetup(install_requires=['kept'])\n"
            ),
            "conftest.py": touch,
            "sitecustomize.py": touch,
            "aisbom.py": touch,
            "yaml.py": touch,
            "evil.pth": f"import os; {touch}\n",
            "model.pt": b"\x80\x02cposix\nsystem\nq\x00X\x05\x00\x00\x00touchq\x01\x85q\x02Rq\x03.",
            "environment.yml": f"dependencies: !!python/object/apply:os.system ['touch {flag}']\n",
        }
    )
    done = run("generate", ".", "-o", "-", "-q", cwd=root.parent)
    assert done.returncode == 0
    run("generate", root, "-o", "-", "-q")
    assert not flag.exists()
