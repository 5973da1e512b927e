"""Rows of the user's own: from the configuration or the command line, cited as such, never stronger
than what is known.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import MakeTree
from tests.knowledge.test_knowledge import HEADER, own_row
from tests.program import run

PROJECT = '[project]\nname = "p"\nversion = "1"\nlicense = "MIT"\ndependencies = ["x"]\n'
META = "Metadata-Version: 2.4\nName: x\nVersion: 1\nProject-URL: Source, https://github.com/example-lab/x\n"
ROW = own_row(github="example-lab", ultimate_parent_country="KR")


def tree(
    make_tree: MakeTree, config: str = 'knowledge = "known"\n', row: str = ROW, **files: str
) -> Path:
    made = {"pyproject.toml": PROJECT, "env/x-1.dist-info/METADATA": META, "aisbom.toml": config}
    return make_tree({**made, "known/organisations.csv": f"{HEADER}\n{row}\n", **files})


def document(root: Path, *more: str) -> dict[str, str]:
    """The properties of the dependency and of the document, the last of each name."""
    done = run("generate", root, "-o", "-", "--quiet", *more)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    rows = [*found["metadata"]["properties"]]
    for component in found["components"]:
        if component["name"] == "x":
            rows += component["properties"]
    return {row["name"]: row["value"] for row in rows}


def test_an_own_row_answers_and_is_cited(make_tree: MakeTree) -> None:
    root = tree(make_tree)
    told = run("explain", root, "x")
    assert "known/organisations.csv:2 example-lab" in told.stdout, told.stderr
    own, without = document(root), document(tree(make_tree, ""))
    assert own["aisbom:origin:developed:country"] == "KR"
    assert without["aisbom:origin:developed:country"] == "ZZ"
    assert own["aisbom:knowledge:digest"] != without["aisbom:knowledge:digest"]
    assert own["aisbom:declared"].startswith("origin.developed=KR")


def test_the_command_line_names_another_folder(make_tree: MakeTree, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "organisations.csv").write_text(
        f"{HEADER}\n{own_row(github='example-lab', legal_seat='JP')}\n", "utf-8"
    )
    assert (
        document(tree(make_tree), "--knowledge", str(folder))["aisbom:origin:developed:country"]
        == "JP"
    )


def test_an_own_row_does_not_outweigh_what_is_known(make_tree: MakeTree) -> None:
    """Metadata that names a known maker too: both stand, and the answer is contested."""
    meta = META + "Author: Google LLC\n"
    assert (
        document(tree(make_tree, **{"env/x-1.dist-info/METADATA": meta}))[
            "aisbom:origin:developed:country"
        ]
        == "contested"
    )


@pytest.mark.parametrize(
    ("config", "row", "words"),
    [
        (
            'knowledge = "known"\n',
            own_row(github="huggingface"),
            "organisations.csv:2: the github account 'huggingface' is taken by",
        ),
        (
            'knowledge = "known"\n',
            own_row(legal_seat="XX"),
            "organisations.csv:2: unknown country code 'XX'",
        ),
        (
            '\nknowledge = "nowhere"\n',
            ROW,
            "aisbom.toml:2: 'knowledge' cannot be nowhere: is no folder",
        ),
        (
            'knowledge = "../known"\n',
            ROW,
            "aisbom.toml:1: 'knowledge' cannot be ../known: lies outside",
        ),
        ("knowledge = 3\n", ROW, "aisbom.toml:1: 'knowledge' must be the path of a folder"),
        ('knowledge = "env"\n', ROW, "env: holds no organisations.csv"),
    ],
)
def test_what_is_refused_names_the_place(
    make_tree: MakeTree, config: str, row: str, words: str
) -> None:
    done = run("generate", tree(make_tree, config, row), "-o", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_other_tables_are_refused(make_tree: MakeTree) -> None:
    done = run("generate", tree(make_tree, **{"known/licences.csv": "id\n"}), "-o", "-")
    assert done.returncode == 2
    assert (
        "known/licences.csv: a folder of your own may hold organisations.csv, no other table"
        in done.stderr
    )


def test_a_link_is_not_followed(make_tree: MakeTree, tmp_path: Path) -> None:
    root = tree(make_tree)
    secret = tmp_path / "secret.txt"
    secret.write_text("a word that nobody may see\n", "utf-8")
    (root / "known" / "organisations.csv").unlink()
    (root / "known" / "organisations.csv").symlink_to(secret)
    done = run("generate", root, "-o", "-")
    assert (done.returncode, "nobody may see" in done.stderr) == (2, False)
    assert "aisbom.toml:1: 'knowledge' cannot be known: holds a link" in done.stderr


def test_a_file_beyond_all_measure_is_refused(make_tree: MakeTree) -> None:
    done = run(
        "generate",
        tree(make_tree, **{"known/organisations.csv": "x" * (16 * 2**20 + 1)}),
        "-o",
        "-",
    )
    assert (done.returncode, done.stderr) == (2, "aisbom: organisations.csv: larger than 16 MiB\n")


def test_a_folder_that_is_not_there(make_tree: MakeTree) -> None:
    done = run("score", tree(make_tree), "--knowledge", "nowhere")
    assert (done.returncode, done.stderr) == (
        2,
        "aisbom: --knowledge nowhere: no such folder; it holds an organisations.csv of your own\n",
    )
