"""What a stranger types: one line that blames the right word and says what to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aisbom import cli
from aisbom.cli.path_hint import explain_missing
from aisbom.judge import policy_file, profile
from tests.cli.test_cli import one_line
from tests.conftest import MakeTree
from tests.program import run


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["genrate", "."], "no command 'genrate' in `aisbom`; did you mean 'generate'?"),
        (["scan", "."], "no command 'scan' in `aisbom`; did you mean 'generate'?"),
        (["help"], "did you mean '--help'?"),
        (["zzz"], "one of generate, score, check"),
        (["knowledge", "shw", "x"], "no command 'shw' in `aisbom knowledge`; did you mean 'show'?"),
        (["code", "index", "biuld"], "did you mean 'build'?"),
        (["generate", "--ouput", "x.json", "."], "no option --ouput; did you mean --output?"),
        (["generate", "--ouput=x.json", "."], "no option --ouput; did you mean --output?"),
        (["check", "--fromat", "json"], "no option --fromat; did you mean --format?"),
        (["score", "--qqqqq"], "no option --qqqqq; see `aisbom score --help`"),
        (["--verson"], "no option --verson; did you mean --version?"),
        (["generate", "a", "b"], "argument(s) (b); see `aisbom generate --help`"),
        (["generate", "-o"], "'-o' requires an argument"),
        (["generate", "--format", "spdx"], "--format: 'spdx' is not one of 'json', 'xml'"),
        (["generate", "--jobs", "many"], "--jobs: 'many' is not a valid int"),
        (["explain", "."], "missing argument 'QUERY'"),
        (["explain", ".", " "], "QUERY is empty"),
        (["explain", ".", "nmpy"], "did you mean 'numpy'?"),
        (["code", "index", "build", "x", "-o", "y"], "missing option '--project'"),
        (["weights", "compare", "a"], "missing argument 'B'"),
        (["generate", "requirements.txt"], "give the folder that holds it: ."),
        (["generate", "sub/requirements.txt"], "give the folder that holds it: sub"),
        (["generate", "bom.json"], "a document is read by `aisbom score`, `check` and `explain`"),
        (["generate", "-"], "a document on standard input is read by `aisbom score`"),
        (["generate", "--profile", "modle"], "--profile modle: no such profile; did you mean 'model'"),
        (["check", "--policy", "no-undeclared"], "did you mean 'no-undeclared-parts'?"),
        (["generate", "--home", "Korea"], "did you mean KP (Korea, Democratic"),
        (["generate", "--home", "South Korea"], "did you mean KP (Korea, Democratic"),
        (["generate", "--home", "UK"], "--home UK: not an ISO 3166-1 alpha-2 code or a group (EU); did you mean GB (United"),
        (["generate", "--home", "KR,USA"], "--home USA: not an ISO 3166-1 alpha-2 code or a group (EU); did you mean US (United"),
        (["generate", "--home", "Germny"], "did you mean DE (Germany)?"),
        (["knowledge", "show", "huggingfce"], "did you mean 'huggingface'?"),
        (["knowledge", "show", "qzxv"], "qzxv: nothing is known of it"),
    ],
)  # fmt: skip
def test_the_right_word_is_blamed(make_tree: MakeTree, arguments: list[str], says: str) -> None:
    root = make_tree(
        {"requirements.txt": "numpy==1.0\n", "sub/requirements.txt": "", "bom.json": "{}"}
    )
    done = run(*arguments, cwd=root)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert says in done.stderr
    assert one_line(done.stderr)
    assert sorted(path.name for path in root.iterdir()) == ["bom.json", "requirements.txt", "sub"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("github.com/o/r", "needs its scheme: https://github.com/o/r"),
        ("www.gitlab.com/o/r", "needs its scheme: https://www.gitlab.com/o/r"),
        ("gh:o/r", "https://github.com/o/r"),
        ("hf://o/m", "hf download o/m"),
        (
            "no-such-owner/Model-7B",
            "if it is a model: download it (hf download no-such-owner/Model",
        ),
        ("python:3.12", "images are not read"),
        ("ghcr.io/o/r:latest", "images are not read"),
        ("docker://python", "images are not read"),
        ("pkg:pypi/requests", "pip download --no-deps requests"),
        ("pkg:pypi/requests@2.1", "pip download --no-deps requests==2.1"),
        ("pkg:npm/left-pad@1", "a package URL names no files"),
        (r"C:\Users\me\proj", "under WSL it is /mnt/c/Users/me/proj"),
        ("s3://bucket/key", "only those of git"),
        ("tests/nothing-here", ""),
        ("nothing-here", ""),
        ("./a/b/c", ""),
    ],
)
def test_what_was_meant_by_a_path_that_is_not_there(given: str, says: str) -> None:
    hint = explain_missing(given)
    assert says in hint
    assert bool(says) == bool(hint)
    assert "\n" not in hint


def test_help_lists_profiles_and_policies_and_says_the_exit_codes(tmp_path: Path) -> None:
    told = run("check", "--help", cwd=tmp_path, COLUMNS="200").stdout
    for name in (*policy_file.list_policies(), *profile.list_profiles()):
        assert name in told
    assert "Examples:\n  aisbom check" in told
    assert "  3 nothing, or less than the required coverage, could be collected" in told


@pytest.mark.parametrize(
    "words",
    ["", "generate", "score", "check", "explain", "code", "code compare", "code index build",
     "code index add", "code index info", "weights", "weights inspect", "weights sketch",
     "weights compare", "weights reference add", "weights reference list", "knowledge show",
     "knowledge check"],
)  # fmt: skip
def test_every_command_has_help_in_plain_text(words: str, tmp_path: Path) -> None:
    for option in ("--help", "-h"):
        done = run(*words.split(), option, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"Usage: aisbom {words}".rstrip())
        assert "\x1b" not in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 100


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    for words in ((), ("code",), ("weights", "reference")):
        done = run(*words, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == run(*words, "--help", cwd=tmp_path).stdout


def test_an_output_that_ends_in_xml_is_xml_unless_something_else_is_asked(
    make_tree: MakeTree,
) -> None:
    root = make_tree({"requirements.txt": "numpy==1.0\n"})
    assert run("generate", "-q", "-o", "a.xml", cwd=root).returncode == 0
    assert run("generate", "-q", "-o", "b.json", "--format", "xml", cwd=root).returncode == 0
    assert run("generate", "-q", "-o", "c.XML", cwd=root).returncode == 0
    assert run("generate", "-q", "-o", "d.xml", "--format", "json", cwd=root).returncode == 0
    assert run("generate", "-q", "--format", "xml", cwd=root).returncode == 0
    for name in ("a.xml", "b.json", "c.XML", "aisbom.cdx.xml"):
        assert (root / name).read_text("utf-8").startswith("<?xml"), name
    assert json.loads((root / "d.xml").read_text("utf-8"))["bomFormat"] == "CycloneDX"


def test_what_is_excluded_on_the_command_line_is_left_out_and_said(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "requirements.txt": "numpy==1.0\n",
            "old/requirements.txt": "torch==1.0\n",
            "data/requirements.txt": "pandas==1.0\n",
            "more/requirements.txt": "scipy==1.0\n",
            "aisbom.toml": 'exclude = "more"\n',
        }
    )
    done = run("generate", "-q", "-o", "-", "--exclude", "old", "--exclude", "da*", cwd=root)
    document = json.loads(done.stdout)
    names = {row["name"] for row in document["components"]}
    assert "numpy" in names
    assert not names & {"torch", "pandas", "scipy"}
    gaps = [p["value"] for p in document["metadata"]["properties"] if p["name"] == "aisbom:gap"]
    assert [gap.partition(":")[0] for gap in gaps] == ["data", "more", "old"]


def test_explaining_an_empty_folder_is_nothing_collected(tmp_path: Path) -> None:
    done = run("explain", ".", "foo", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "nothing to explain was found in 0 files" in done.stderr


def test_several_components_of_one_name_are_counted(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy==1.0\n", "b/requirements.txt": "numpy==2.0\n"})
    told = run("explain", ".", "numpy", cwd=root).stdout
    assert told.startswith("2 components are called so:\n")


def test_a_home_that_is_wrong_is_said_before_a_file_is_read(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy\n", "aisbom.toml": 'home = "Korea"\n'})
    done = run("generate", "-o", "-", cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Korea: not an ISO 3166-1 alpha-2 code" in done.stderr


def test_what_a_shell_asks_for_is_completed(tmp_path: Path) -> None:
    def complete(*words: str) -> list[str]:
        line = " ".join(("aisbom", *words))
        done = run(
            cwd=tmp_path,
            _AISBOM_COMPLETE="complete_bash",
            COMP_WORDS=line,
            COMP_CWORD=str(len(words)),
            _TYPER_COMPLETE_ARGS=line,
        )
        return done.stdout.split()

    assert complete("gen") == ["generate"]
    assert "--home" in complete("generate", "--ho")
    assert complete("generate", "--profile", "kr-") == ["kr-msit-2025-07", "kr-msit-2026-01"]
    assert complete("check", "--policy", "no-") == ["no-undeclared-parts"]
    assert complete("check", "--format", "sa") == ["sarif"]
    assert complete("code", "index", "b") == ["build"]


def test_a_document_is_known_by_its_beginning_whatever_it_is_called(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy==1.0\n", "notes": "words\n"})
    assert run("generate", "-q", "-o", "../sbom", cwd=root).returncode == 0
    assert run("score", "../sbom", cwd=root).returncode == 0
    done = run("score", "notes", cwd=root)
    assert (done.returncode, one_line(done.stderr)) == (2, True)
    assert "neither a folder nor an archive" in done.stderr


def test_a_shell_that_cannot_be_completed_for_is_no_violated_policy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: None)
    assert cli.main(["--show-completion"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "not supported" in err
