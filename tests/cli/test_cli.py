"""The contract of the command line: exit codes, one-line errors, where output goes."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import MakeTree
from tests.licences.texts import apache
from tests.program import every_component, properties, run

SMALL = Path(__file__).parents[2] / "fixtures" / "small-stack" / "input"


def one_line(text: str) -> bool:
    return text.startswith("aisbom: ") and text.count("\n") == 1 and "Traceback" not in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["generate", "--nope"], "--nope"),
        (["generate", "no/such/folder"], "no/such/folder: no such file or folder"),
        (["generate", "--profile", "nope"], "nope: no such profile; one of"),
        (["generate", "--home", "XX"], "XX: not an ISO 3166-1 alpha-2 code"),
        (["generate", "--jobs", "-1"], "--jobs -1"),
        (["generate", "--python", "nowhere"], "nowhere"),
        (["generate", "-o", "no/such/out.json"], "no/such/out.json"),
        (["generate", "-o", "."], "is a folder"),
        (["generate", "--config", "none.toml"], "none.toml"),
        (["generate", "--spec-version", "2.0"], "2.0"),
        (["explain", ".", "no-such-thing"], "no-such-thing"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_usage_errors_name_the_thing_on_one_line_and_exit_2(
    make_tree: MakeTree, arguments: list[str], says: str
) -> None:
    root = make_tree({"requirements.txt": "numpy==1.0\n"})
    done = run(*arguments, cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert one_line(done.stderr)
    assert sorted(path.name for path in root.iterdir()) == ["requirements.txt"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('hme = "KR"\n', "aisbom.toml:1: unknown key 'hme'; did you mean 'home'?"),
        ("home = 3\n", "aisbom.toml:1: 'home'"),
        ("[[[", "aisbom.toml: not valid TOML"),
    ],
)
def test_a_bad_configuration_is_a_usage_error(make_tree: MakeTree, text: str, says: str) -> None:
    done = run("generate", ".", cwd=make_tree({"aisbom.toml": text, "requirements.txt": "numpy\n"}))
    assert done.returncode == 2
    assert says in done.stderr
    assert one_line(done.stderr)


def test_an_empty_folder_is_never_an_empty_success(tmp_path: Path) -> None:
    done = run("generate", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert "nothing" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_generate_writes_beside_the_tree_and_says_what_it_found(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy==2.0.0\nrequests>=2\n"})
    done = run("generate", cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 parts in 1 file" in done.stdout
    document = json.loads((root / "aisbom.cdx.json").read_text("utf-8"))
    found = {row["name"]: row for row in every_component(document)[1:]}
    assert found["numpy"]["version"] == "2.0.0"
    assert "version" not in found["requests"]  # a range is never a version
    assert properties(found["requests"], "aisbom:requirement:specifier") == [">=2"]
    assert sorted(path.name for path in root.iterdir()) == ["aisbom.cdx.json", "requirements.txt"]


def test_dash_writes_only_the_document_to_standard_output(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy\n"})
    done = run("generate", "-o", "-", cwd=root)
    assert json.loads(done.stdout)["bomFormat"] == "CycloneDX"
    assert "1 part in 1 file" in done.stderr
    assert run("generate", "-o", "-", "--quiet", cwd=root).stderr == ""


def test_an_unreadable_file_is_a_gap_and_strict_makes_it_count(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy\n", "poetry.lock": "[[package]\nname = "})
    done = run("generate", "-o", "-", "--quiet", cwd=root)
    assert done.returncode == 0
    meta = json.loads(done.stdout)["metadata"]
    assert properties(meta, "aisbom:gap:count") == ["1"]
    assert properties(meta, "aisbom:gap")[0].startswith("poetry.lock")
    strict = run("generate", "-o", "-", "--quiet", "--strict", cwd=root)
    assert strict.returncode == 3
    assert "--strict" in strict.stderr


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind this user"
)
def test_a_forbidden_file_is_a_gap(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy\n", "setup.cfg": "[metadata]\nname = x\n"})
    (root / "setup.cfg").chmod(0)
    done = run("generate", "-o", "-", "--quiet", cwd=root)
    assert done.returncode == 0
    assert properties(json.loads(done.stdout)["metadata"], "aisbom:gap:count") == ["1"]


def test_a_missing_requirements_file_is_a_gap_naming_file_and_line(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy\n-r other/missing.txt\n"})
    gaps = properties(
        json.loads(run("generate", "-o", "-", "-q", cwd=root).stdout)["metadata"], "aisbom:gap"
    )
    assert [gap.startswith("requirements.txt:2: ") and "missing.txt" in gap for gap in gaps] == [
        True
    ]


def test_the_same_input_gives_the_same_bytes_whatever_ran_before(
    make_tree: MakeTree, tmp_path: Path
) -> None:
    outputs = []
    for number, jobs in enumerate(("1", "8", "8")):
        output = tmp_path / f"{number}.json"
        run("generate", SMALL, "-o", output, "-q", "--jobs", jobs, cache=tmp_path / "cache")
        outputs.append(output.read_bytes())
    assert outputs[0] == outputs[1] == outputs[2]


def test_an_earlier_output_in_the_tree_changes_nothing(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy\n"})
    run("generate", "-o", "sbom.json", cwd=root)
    first = (root / "sbom.json").read_bytes()
    run("generate", "-o", "sbom.json", cwd=root)
    assert (root / "sbom.json").read_bytes() == first


def test_the_time_is_that_of_the_epoch_else_of_the_commit_else_now(make_tree: MakeTree) -> None:
    root = make_tree({"requirements.txt": "numpy\n"})

    def stamped(epoch: str) -> tuple[str, str]:
        done = run("generate", "-o", "-", "-q", cwd=root, SOURCE_DATE_EPOCH=epoch)
        document = json.loads(done.stdout)
        return document["metadata"]["timestamp"], document["serialNumber"]

    given, serial = stamped("1767225600")
    now, serial_now = stamped("")
    assert given == "2026-01-01T00:00:00Z"
    assert abs(datetime.now(UTC) - datetime.fromisoformat(now)) < timedelta(minutes=5)
    assert serial_now == serial
    committed = {"GIT_COMMITTER_DATE": "2026-02-03T04:05:06Z", "GIT_CONFIG_GLOBAL": os.devnull}
    who = ("-c", "user.name=n", "-c", "user.email=n@h.example")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "first")):
        subprocess.run(["git", *words], cwd=root, check=True, env={**os.environ, **committed})
    assert stamped("")[0] == "2026-02-03T04:05:06Z"
    wrong = run("generate", "-o", "-", "-q", cwd=root, SOURCE_DATE_EPOCH="soon")
    assert (wrong.returncode, one_line(wrong.stderr)) == (2, True)


def test_nothing_of_the_machine_is_in_the_output(make_tree: MakeTree) -> None:
    files = {
        "requirements.txt": (
            "-e /home/zebedee/pkg\nfoo @ git+https://me:s3cret@host.example/o/foo.git@v1\nbar @"
            " file:///srv/w/bar-1.0.tar.gz\n"
        )
    }
    root = make_tree(files)
    for form in ("json", "xml"):
        done = run("generate", "-o", "-", "--format", form, cwd=root)
        assert done.returncode == 0
        for secret in (str(root), "/home/", "zebedee", "s3cret", "/srv/"):
            assert secret not in done.stdout
            assert secret not in done.stderr


def test_a_wheel_is_its_own_root(tmp_path: Path) -> None:
    wheel = tmp_path / "demo-1.5-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("demo/__init__.py", "import numpy\n")
        archive.writestr(
            "demo-1.5.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: demo\nVersion: 1.5\nRequires-Dist: numpy>=1\n",
        )
        archive.writestr("demo-1.5.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("demo-1.5.dist-info/RECORD", "")
    document = json.loads(run("generate", wheel, "-o", "-", "-q").stdout)
    assert document["metadata"]["component"]["purl"] == "pkg:pypi/demo@1.5"
    assert [row["purl"] for row in document["components"] if "purl" in row] == ["pkg:pypi/numpy"]


@pytest.mark.parametrize("command", ["score", "explain"])
def test_a_document_answers_like_the_tree_it_describes(tmp_path: Path, command: str) -> None:
    output = tmp_path / "sbom.json"
    run("generate", SMALL, "-o", output, "-q", "--home", "KR")
    if command == "score":
        tree = run("score", SMALL, "--format", "json", "--home", "KR")
        for home in (["--home", "KR"], []):  # the document remembers the home that it was made with
            assert json.loads(run("score", output, "--format", "json", *home).stdout) == json.loads(
                tree.stdout
            )
    else:
        shown = run("explain", output, "torch").stdout
        assert "requirements.txt:2" in shown
        assert "pyproject.toml" in shown


def test_score_json_has_the_names_of_the_contract() -> None:
    found = json.loads(run("score", SMALL, "--format", "json").stdout)
    assert {
        "profile",
        "home",
        "overall",
        "core",
        "peripheral",
        "coverage",
        "weakest",
        "contributions",
        "moves",
    } <= set(found)
    for role in ("overall", "core", "peripheral"):
        assert all(
            0 <= found[role][leg][0] <= found[role][leg][1] <= 1
            for leg in ("origin", "control", "attribution")
        )


def test_a_foreign_document_is_one_clear_line(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(
        json.dumps(
            {
                "bomFormat": "CycloneDX",
                "specVersion": "1.6",
                "metadata": {"component": {"bom-ref": "a", "name": "a", "type": "library"}},
            }
        )
    )
    for content in (None, "{", "[]", "{}"):
        if content is not None:
            other.write_text(content)
        done = run("score", other)
        assert (done.returncode, one_line(done.stderr)) == (2, True)


def repository(folder: Path) -> str:
    """A git repository with one commit, a tag and a remote that carries a credential; returns the
    commit.
    """
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@t.example", "-C", str(folder)]
    remote = "https://me:s3cret@github.com/acme/demo.git"
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["commit", "-qm", "x"],
        ["tag", "v1.0"],
        ["remote", "add", "origin", remote],
    ):
        subprocess.run([*git, *command], check=True)
    return subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_a_checkout_is_named_by_its_remote_and_commit_without_the_credential(
    make_tree: MakeTree,
) -> None:
    root = make_tree({"requirements.txt": "numpy==1.26.4\n"})
    commit = repository(root)
    for path, cwd in ((".", root), (root.name, root.parent), (str(root), None)):
        done = run("generate", path, "-o", "-", "-q", cwd=cwd)
        head = json.loads(done.stdout)["metadata"]["component"]
        assert head["purl"] == f"pkg:github/acme/demo@{commit}"
        assert properties(head, "aisbom:vcs:tag") == ["v1.0"]
        assert properties(head, "aisbom:vcs:dirty") == ["no"]
        assert "s3cret" not in done.stdout
    (root / "requirements.txt").write_text("numpy==1.26.5\n")
    head = json.loads(run("generate", root, "-o", "-", "-q").stdout)["metadata"]["component"]
    assert properties(head, "aisbom:vcs:dirty") == ["yes"]


def test_a_bare_repository_and_its_url_give_the_same_document_and_leave_nothing_behind(
    make_tree: MakeTree, tmp_path: Path
) -> None:
    root = make_tree({"requirements.txt": "numpy==1.26.4\n"})
    repository(root)
    bare, scratch = tmp_path / "demo.git", tmp_path / "scratch"
    scratch.mkdir()
    subprocess.run(["git", "clone", "-q", "--bare", str(root), str(bare)], check=True)
    found = [
        run("generate", source, "-o", "-", "-q", TMPDIR=str(scratch))
        for source in (str(bare), bare.as_uri())
    ]
    assert [done.returncode for done in found] == [0, 0]
    assert found[0].stdout == found[1].stdout
    assert str(tmp_path) not in found[0].stdout
    assert list(scratch.iterdir()) == []
    assert json.loads(found[0].stdout)["metadata"]["component"]["name"] == "demo"


def test_a_repository_that_cannot_be_cloned_is_one_line_without_its_credential() -> None:
    done = run("generate", "https://me:s3cret@host.invalid/o/r.git", "-o", "-")
    assert (done.returncode, one_line(done.stderr)) == (2, True)
    assert "s3cret" not in done.stderr


def test_licence_files_of_an_environment_are_read(make_tree: MakeTree) -> None:
    site = "env/lib/python3.11/site-packages"
    root = make_tree(
        {
            f"{site}/one-1.0.dist-info/METADATA": (
                "Metadata-Version: 2.4\nName: one\nVersion: 1.0\nLicense-Expression: MIT\n"
            ),
            f"{site}/one-1.0.dist-info/licenses/LICENSE": apache(),
            f"{site}/one-1.0.dist-info/licenses/vendor/LICENSE": "SPDX-License-Identifier: ISC\n",
            f"{site}/two-1.0.dist-info/METADATA": (
                "Metadata-Version: 2.4\nName: two\nVersion: 1.0\n"
            ),
            f"{site}/two-1.0.dist-info/LICENSE": apache(),
            f"{site}/two/LICENSE": "SPDX-License-Identifier: MIT\n",
        }
    )
    done = run("generate", "-o", "-", "-q", cwd=root)
    assert done.returncode == 0
    found = {row["name"]: row for row in every_component(json.loads(done.stdout))}
    assert found["one"]["licenses"] == [{"license": {"id": "MIT", "acknowledgement": "declared"}}]
    assert {choice["license"]["id"] for choice in found["one"]["evidence"]["licenses"]} == {
        "Apache-2.0",
        "ISC",
    }
    (conflict,) = properties(found["one"], "aisbom:contradiction")
    assert f"{site}/one-1.0.dist-info/METADATA:2 declares MIT" in conflict
    assert f"{site}/one-1.0.dist-info/licenses/LICENSE:2 holds the text of Apache-2.0" in conflict
    assert properties(found["one"], "aisbom:licence:scope") == [
        f"ISC {site}/one-1.0.dist-info/licenses/vendor/LICENSE"
    ]
    assert found["two"]["licenses"] == [
        {"license": {"id": "Apache-2.0", "acknowledgement": "concluded"}}
    ]
    told = run("explain", ".", "one", cwd=root)
    assert "why: MIT by licence/license-expression (high): one rule alone" in told.stdout
    assert "knowledge: licences.csv:" in told.stdout


def test_the_licence_beside_a_model_card_is_the_models(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "m/README.md": (
                "---\nlicense: other\nlicense_name: o\nlicense_link:"
                " https://ai.google.dev/gemma/terms\npipeline_tag: x\n---"
            ),
            "m/LICENSE": apache(),
        }
    )
    document = json.loads(run("generate", "-o", "-", "-q", cwd=root).stdout)
    model = next(
        row for row in every_component(document) if row["type"] == "machine-learning-model"
    )
    assert model["licenses"] == [{"expression": "LicenseRef-Gemma", "acknowledgement": "declared"}]
    assert model["evidence"]["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert "holds the text of Apache-2.0" in properties(model, "aisbom:contradiction")[0]
    assert properties(model, "aisbom:licence:steward")


@pytest.mark.parametrize("name", ["README.md", "LICENSE"])
def test_a_folder_of_words_gets_a_document_that_answers(make_tree: MakeTree, name: str) -> None:
    root = make_tree({name: "# words\n"})
    done = run("generate", "-q", "-o", "../bom.json", cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads((root.parent / "bom.json").read_text("utf-8"))
    assert document["metadata"]["component"]["name"] == "tree"
    for source in (".", "../bom.json"):
        assert run("score", source, cwd=root).returncode == 0
        assert run("check", source, cwd=root).returncode == 0
        assert run("explain", source, "tree", cwd=root).returncode == 0


@pytest.mark.parametrize("command", ["generate", "score", "check", "explain"])
@pytest.mark.parametrize("files", [{}, {"photo.jpg": b"\xff\xd8"}], ids=["nothing", "unread"])
def test_where_no_file_was_read_nothing_is_said_of_it(
    make_tree: MakeTree, tmp_path: Path, command: str, files: dict[str, bytes]
) -> None:
    root = make_tree(files) if files else tmp_path
    for more in ([], ["--no-cache"]):
        words = [command, ".", *(["x"] if command == "explain" else []), *more]
        done = run(*words, cwd=root, cache=tmp_path.parent / "cache")
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith("aisbom: .: nothing to ")
        assert sorted(path.name for path in root.iterdir()) == sorted(files)
