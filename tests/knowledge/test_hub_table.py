"""The rows about the hub: their form, their contradictions, and what the tool reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aisbom.knowledge import hub_check, hub_table
from aisbom.knowledge.hub_table import TABLE, fitting, of_owners
from aisbom.knowledge.read import DATA
from aisbom.knowledge.rows import HubFamily

ROOT = Path(__file__).resolve().parents[2]


def family(pattern: str, licence: str = "MIT", base: str = "") -> HubFamily:
    return HubFamily(pattern, licence, base, "https://huggingface.co/x", "2026-01", "", 5)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (family("bert"), "neither owner/name nor owner/name*"),
        (family("*/x"), "neither owner/name nor owner/name*"),
        (family("x/*"), "neither owner/name nor owner/name*"),
        (family("x/y*z"), "neither owner/name nor owner/name*"),
        (family("x/y", "see the card"), "is no expression"),
        (family("x/y", base="bert"), "is not owner/name"),
        (family("x/y", base="X/Y"), "is its own base"),
        (family("intfloat/*", "Apache-2.0"), "neither owner/name"),
        (family("intfloat/multi*", "Apache-2.0"), "but mteb says MIT of intfloat/multilingual"),
    ],
)
def test_a_row_is_refused(row: HubFamily, message: str) -> None:
    assert any(message in problem for problem in hub_check.families([row]))


def test_a_row_of_its_own_settles_a_contradiction() -> None:
    names = ("large", "large-instruct", "base", "small")
    rows = [family("intfloat/multilingual-e5-*", "Apache-2.0")]
    rows += [family(f"intfloat/multilingual-e5-{name}") for name in names]
    assert not [p for p in hub_check.families(rows) if "multilingual-e5-base:" in p]


def test_a_row_that_differs_from_a_source_says_why() -> None:
    row = family("intfloat/multilingual-e5-small", "Apache-2.0")
    sources = {said.source for said in hub_table.statements(row.pattern) if said.what == "licence"}
    problems = list(hub_check.families([row]))
    assert len(problems) == len(sources) > 0
    assert all("its note must say why" in problem for problem in problems)
    note = " and ".join(f"{one} has the licence of the code" for one in sorted(sources))
    assert list(hub_check.families([row._replace(note=note)])) == []


def test_each_row_is_compared_with_what_a_source_says() -> None:
    row = family("intfloat/multilingual-e5-*")
    compared = list(hub_check.pair_statements([row, family("nobody/none")]))
    assert {one.pattern for one, _ in compared} == {row.pattern}
    assert {said.source for _, said in compared} >= {"mteb"}


def read(reader: str, folder: Path) -> str:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\nimport hub_sources\nfrom aisbom.knowledge import load\n"
        "found = hub_sources.READERS[sys.argv[3]](Path(sys.argv[2]), load())\n"
        "print(sorted((row.id, row.value) for row in found))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "tools"), str(folder), reader],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_a_list_of_models_gives_the_licence_of_each_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(
        "| Model | Date | Checkpoints | Paper | Size | Context | Licence | Try |\n|---|\n"
        "| A | 2024 | [a](https://huggingface.co/lab/a), [b](https://huggingface.co/lab/b) | p | 1"
        " | 2 | [MIT](https://x.example) | |\n"
        "| B | 2024 | [c](https://huggingface.co/lab/c) | p | 1 | 2 | Custom | |\n",
        "utf-8",
    )
    assert read("open-llms", tmp_path) == "[('lab/a', 'MIT'), ('lab/b', 'MIT')]"


def test_a_gallery_says_nothing_of_what_an_entry_takes_over(tmp_path: Path) -> None:
    (tmp_path / "gallery").mkdir()
    (tmp_path / "gallery" / "index.yaml").write_text(
        "- &a\n  license: mit\n  urls: [https://huggingface.co/lab/a]\n"
        "- <<: *a\n  urls: [https://huggingface.co/lab/b]\n"
        "- license: apache-2.0\n  urls:\n  - https://github.com/lab/c\n"
        "  - https://huggingface.co/lab/c\n",
        "utf-8",
    )
    assert read("localai", tmp_path) == "[('lab/a', 'MIT'), ('lab/c', 'Apache-2.0')]"


def test_an_identifier_of_a_licence_is_read_as_words(tmp_path: Path) -> None:
    ids = {"a": "llama_3_1_community_license", "b": "proprietary", "c": "apache_2_0"}
    for name, word in ids.items():
        folder = tmp_path / "data" / "organizations" / "lab" / "models" / name
        folder.mkdir(parents=True)
        link = f"https://huggingface.co/lab/{name}"
        text = json.dumps({"license_id": word, "source_weights_link": link})
        (folder / "model.json").write_text(text, "utf-8")
    said = "[('lab/a', 'LicenseRef-Llama-3.1'), ('lab/c', 'Apache-2.0')]"
    assert read("llm-stats", tmp_path) == said


def test_the_longest_glob_and_before_it_the_exact_row_answers() -> None:
    rows = of_owners([family("x/a*"), family("x/a-2*", "ISC"), family("x/a-2b", "0BSD")])
    answers = [fitting(rows, f"X/{name}") for name in ("a-1", "A-2c", "a-2b", "b")]
    assert [row.licence if row else "" for row in answers] == ["MIT", "ISC", "0BSD", ""]


def test_the_shipped_table_holds() -> None:
    assert list(hub_check.table()) == []


@pytest.mark.parametrize(
    "line",
    ["x/y\tlicence\tMIT", "x\tlicence\tMIT\tmteb", "x/y\tfolder\tMIT\tmteb", "X/y\tbase\ta/b\tz"],
)
def test_a_malformed_line_is_refused(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "hub_table.tsv"
    table.write_text(f"id\twhat\tvalue\tsource\n{line}\n", "utf-8")
    monkeypatch.setattr(hub_check, "TABLE", table)
    assert list(hub_check.table())


def test_every_source_is_described() -> None:
    lines = (DATA / "hub_sources.csv").read_text("utf-8").splitlines()
    described = {line.partition(",")[0] for line in lines if not line.startswith("#")}
    assert {row.source for row in hub_check.statements()} <= described


def test_the_table_is_what_the_tool_writes() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "hub_table.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_source_is_read_without_being_run(tmp_path: Path) -> None:
    folder = tmp_path / "mteb" / "models"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text(
        "import sys\nsys.exit(3)\n"
        'm = ModelMeta(name="lab/one", license="mit", adapted_from="lab/base")\n'
        'n = ModelMeta(name="lab/two", license="mit", modalities=["audio"])\n'
        'o = ModelMeta(name="lab/api", license="mit", open_weights=False)\n'
        'p = ModelMeta(name="lab/" + x, license="mit")\n'
        'q = ModelMeta(name="lab/four", license="not specified")\n',
        "utf-8",
    )
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\nfrom hub_sources import mteb\nfrom aisbom.knowledge import load\n"
        "print([tuple(row) for row in mteb(Path(sys.argv[2]), load())])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "tools"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == (
        "[('lab/one', 'licence', 'MIT', 'mteb'), ('lab/one', 'base', 'lab/base', 'mteb')]"
    )


def test_names_are_found_whatever_their_case() -> None:
    assert TABLE.is_file()
    assert hub_table.statements("INTFLOAT/multilingual-e5-base")
