"""The composite action, step by step, as the runner would: expressions resolved outside of the
shell, files for outputs and summary.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.program import server

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
FIXTURES = ROOT / "fixtures"
SUMMARY_LIMIT = 1024 * 1024

SHELL = """$(touch x)`touch x`"; touch x; ";'; touch x; ' && touch x || ${{ github.token }} $HOME
touch x
"""
OPTION = "--config=/etc/hostname"
OUTPUT = "a\nEOF\nverdict=pass\nstatus=0"
EVERY = (
    "path",
    "policy",
    "profile",
    "home",
    "output",
    "format",
    "spec-version",
    "sarif",
    "strict",
    "tree-says",
    "comment-token",
    "args",
)
HOSTILE = [
    *((name, value) for name in EVERY for value in (SHELL, OPTION)),
    ("output", OUTPUT),
    ("sarif", OUTPUT),
]


@dataclass
class Run:
    """What a run of the action left behind."""

    code: int
    outputs: dict[str, str]
    summary: str
    log: str
    workspace: Path
    steps: dict[str, dict[str, str]] = field(default_factory=dict)


class Runner:
    """As much of a runner as a composite action of shell steps needs."""

    def __init__(self, case: Path, scratch: Path, installed: bool = False) -> None:
        self.workspace = scratch / "work" / "repo"
        shutil.copytree(case, self.workspace, symlinks=True)
        self.temp = scratch / "temp"
        self.temp.mkdir()
        self.files = {
            name: scratch / name.lower()
            for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")
        }
        self.bin = scratch / "bin"
        self.bin.mkdir()
        # What `pip install` would put on the path, or what is as good: both console scripts do not
        # look into the working folder.
        lines = [f"#!{sys.executable} -I", "import os, sys", f"sys.path.insert(0, {str(ROOT)!r})"]
        if installed:
            lines += ["from aisbom.cli import main", "sys.exit(main())"]
        else:
            asked = f"{server()!r}, sys.argv[1:], os.getcwd(), dict(os.environ)"
            lines += ["from tests.zygote import ask", f"sys.exit(ask({asked}))"]
        script = "\n".join([*lines, ""])
        for name, text in (
            ("aisbom", script),
            ("python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'),
        ):
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)
        self.inputs: dict[str, str] = {}
        self.github = {"action_path": str(ROOT), "event.pull_request.number": ""}
        self.api = ""
        self.steps: dict[str, dict[str, str]] = {}

    def run(self, **inputs: str) -> Run:
        given = {key.replace("_", "-"): value for key, value in inputs.items()}
        # Most cases are trees of whoever judges them: their own policy counts.
        given.setdefault("tree-says", "everything")
        assert set(given) <= set(ACTION["inputs"])
        self.inputs = {
            name: given.get(name, row.get("default", "")) for name, row in ACTION["inputs"].items()
        }
        code, log = 0, ""
        for step in ACTION["runs"]["steps"]:
            if "uses" in step or "pip install" in step["run"]:
                continue  # the interpreter and the package are here already
            done, outputs = self._step(step)
            log += done.stdout + done.stderr
            if "id" in step:
                self.steps[step["id"]] = outputs
            if done.returncode:
                code = done.returncode
                break
        summary = self.files["GITHUB_STEP_SUMMARY"]
        outputs = {name: self.resolved(row["value"]) for name, row in ACTION["outputs"].items()}
        return Run(
            code,
            outputs,
            summary.read_text("utf-8") if summary.exists() else "",
            log,
            self.workspace,
            self.steps,
        )

    def _step(
        self, step: Mapping[str, Any]
    ) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
        assert step["shell"] == "bash"
        script = self.temp / "step.sh"
        script.write_text(step["run"], "utf-8")
        self.files["GITHUB_OUTPUT"].write_text("")
        environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "AISBOM_CACHE_DIR": os.devnull,
            "SOURCE_DATE_EPOCH": "1767225600",
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "GITHUB_API_URL": self.api,
            "GITHUB_REPOSITORY": "owner/repo",
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
            **{name: str(path) for name, path in self.files.items()},
            **{name: self.resolved(value) for name, value in step.get("env", {}).items()},
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(
            command,
            cwd=self.workspace,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done, _outputs(self.files["GITHUB_OUTPUT"].read_text("utf-8"))

    def resolved(self, value: str) -> str:
        """A value with its `${{ }}` expressions replaced, once: what they give is not looked at
        again.
        """

        def expression(match: re.Match[str]) -> str:
            path = match[1].split(".")
            if path[0] == "inputs":
                return self.inputs[path[1]]
            if path[0] == "github":
                return self.github[".".join(path[1:])]
            if path[0] == "steps" and path[2] == "outputs":
                return self.steps.get(path[1], {}).get(path[3], "")
            raise AssertionError(f"unknown expression {match[0]}")

        return re.sub(r"\$\{\{\s*([a-z0-9_.\-]+)\s*\}\}", expression, str(value))


def _outputs(text: str) -> dict[str, str]:
    """GITHUB_OUTPUT as the runner reads it: `name=value`, or `name<<delimiter`, lines,
    delimiter.
    """
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, equals, value = line.partition("=")
        heredoc, mark, delimiter = line.partition("<<")
        if mark and (not equals or len(heredoc) < len(name)):
            rows = []
            for row in lines:
                if row == delimiter:
                    break
                rows.append(row)
            else:
                raise AssertionError(f"no end of {heredoc}")
            found[heredoc] = "\n".join(rows)
        else:
            assert equals, line
            found[name] = value
    return found


def commands(log: str) -> list[str]:
    """The workflow commands that a runner would carry out: none between stop-commands and its
    token.
    """
    found, stopped = [], ""
    for line in log.split("\n"):
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif line.startswith("::"):
            found.append(line)
    assert not stopped
    return found


@pytest.mark.parametrize(
    ("case", "verdict", "code", "strict"),
    [
        ("gate-compliant", "pass", 0, 0),
        ("gate-undecided", "unknown", 0, 1),
        ("gate-violating", "fail", 1, 1),
    ],
)
def test_a_submission(case: str, verdict: str, code: int, strict: int, tmp_path: Path) -> None:
    done = Runner(
        FIXTURES / case / "input", tmp_path / "a", installed=case == "gate-violating"
    ).run()
    assert (done.code, done.outputs["verdict"]) == (code, verdict), done.log
    assert done.outputs["sbom-path"] == "aisbom.cdx.json"
    bom = json.loads((done.workspace / done.outputs["sbom-path"]).read_text("utf-8"))
    assert bom["specVersion"] == "1.6"
    assert 0 <= float(done.outputs["score-low"]) <= float(done.outputs["score-high"]) <= 1
    assert f"**{verdict.upper()}**" in done.summary
    assert len(done.summary.encode()) < SUMMARY_LIMIT
    run = json.loads((done.workspace / done.outputs["sarif-path"]).read_text("utf-8"))["runs"][0]
    assert run["properties"]["verdict"] == verdict
    for row in run["results"]:
        assert (
            done.workspace / row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        ).is_file()
    errors = [line for line in commands(done.log) if line.startswith("::error ")]
    assert bool(errors) == (verdict == "fail")
    if verdict == "fail":
        assert errors[0].startswith("::error file=models/dami-mini/README.md,line=2,")
    again = Runner(FIXTURES / case / "input", tmp_path / "b").run(strict="true")
    assert again.code == strict
    assert again.outputs["verdict"] == verdict


def test_inputs_reach_the_program(tmp_path: Path) -> None:
    runner = Runner(FIXTURES / "gate-undecided" / "input", tmp_path)
    done = runner.run(
        policy="eu",
        home="KR",
        output="out.xml",
        format="xml",
        spec_version="1.7",
        sarif="",
        args="--hash=none\n--jobs=1\n",
    )
    assert done.code == 0, done.log
    assert "http://cyclonedx.org/schema/bom/1.7" in (done.workspace / "out.xml").read_text("utf-8")
    assert done.outputs["sbom-path"] == "out.xml"
    assert done.outputs["sarif-path"] == ""
    assert not (done.workspace / "aisbom.sarif").exists()
    assert "home KR" in done.summary


class Service(BaseHTTPRequestHandler):
    """As much of the service as comments need: they are listed, written and changed."""

    comments: ClassVar[list[dict[str, Any]]] = []
    writable: ClassVar[bool] = True
    broken: ClassVar[bool] = False
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        if self.path == "/user":
            return self._answer(403, {})
        path, _, query = self.path.partition("?")
        assert path == "/repos/owner/repo/issues/7/comments"
        page = int(query.rpartition("page=")[2])
        return self._answer(200, self.comments[(page - 1) * 100 : page * 100])

    def do_POST(self) -> None:
        assert self.path == "/repos/owner/repo/issues/7/comments"
        if self._may():
            self.comments.append(comment("github-actions[bot]", self._body()))
            self._answer(201, {})

    def do_PATCH(self) -> None:
        number = int(self.path.removeprefix("/repos/owner/repo/issues/comments/"))
        if self._may():
            next(row for row in self.comments if row["id"] == number)["body"] = self._body()
            self._answer(200, {})

    def _may(self) -> bool:
        self.asked.append(self.command)
        assert self.headers["Authorization"] == "Bearer secret-token"
        if self.broken or not self.writable:
            self._answer(502 if self.broken else 403, {})
            return False
        return True

    def _body(self) -> str:
        return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

    def _answer(self, code: int, value: Any) -> None:
        data = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def comment(login: str, body: str) -> dict[str, Any]:
    return {"id": len(Service.comments) + 1, "user": {"login": login}, "body": body}


@pytest.fixture
def service() -> Iterator[str]:
    """Its address."""
    Service.comments, Service.asked = [], []
    Service.writable, Service.broken = True, False
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as one:
        thread = Thread(target=one.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{one.server_address[1]}"
        one.shutdown()
        thread.join()


def commented(case: str, scratch: Path, api: str) -> Run:
    runner = Runner(FIXTURES / case / "input", scratch)
    runner.api, runner.github["event.pull_request.number"] = api, "7"
    return runner.run(comment_token="secret-token")


def test_the_comment_is_written_once_and_updated(tmp_path: Path, service: str) -> None:
    marker = "<!-- aisbom check -->"
    Service.comments += [comment("stranger", f"{marker}\nmine") for _ in range(120)]
    Service.comments.append(comment("github-actions[bot]", "of another workflow"))
    first = commented("gate-violating", tmp_path / "a", service)
    assert first.code == 1  # the gate still decides
    (own,) = [row for row in Service.comments if row["id"] == 122]
    assert own["body"].startswith(f"{marker}\n") and "**FAIL**" in own["body"]
    second = commented("gate-compliant", tmp_path / "b", service)
    assert second.code == 0, second.log
    assert "**PASS**" in own["body"] and len(Service.comments) == 122
    assert commented("gate-compliant", tmp_path / "c", service).code == 0
    assert Service.asked == ["POST", "PATCH"]  # nothing new, nothing written
    assert all(row["body"] == f"{marker}\nmine" for row in Service.comments[:120])
    assert "secret-token" not in first.log + second.log


def test_a_token_that_may_not_write_fails_nothing(tmp_path: Path, service: str) -> None:
    """That of a pull request from a fork."""
    Service.writable = False
    done = commented("gate-compliant", tmp_path / "a", service)
    assert (done.code, Service.comments) == (0, [])
    (said,) = [line for line in commands(done.log) if line.startswith("::notice title=aisbom::")]
    assert "the token may not comment here" in said
    Service.broken = True
    broken = commented("gate-compliant", tmp_path / "b", service)
    assert broken.code == 0
    assert any("the service answered 502" in line for line in commands(broken.log))
    nowhere = commented("gate-violating", tmp_path / "c", "http://127.0.0.1:1")
    assert nowhere.code == 1
    assert any(
        line.startswith("::warning title=aisbom::no comment") for line in commands(nowhere.log)
    )


def test_no_comment_without_a_token_or_a_pull_request(tmp_path: Path, service: str) -> None:
    runner = Runner(FIXTURES / "gate-compliant" / "input", tmp_path)
    runner.api = service
    assert runner.run(comment_token="secret-token").code == 0
    assert Service.comments == []


def test_a_subfolder_is_named_from_the_workspace(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "gate-violating" / "input", tmp_path / "mono" / "part")
    done = Runner(tmp_path / "mono", tmp_path / "run").run(path="part")
    assert (done.code, done.outputs["verdict"]) == (1, "fail")  # the policy of part/aisbom.toml
    assert any(
        "file=part/models/dami-mini/README.md,line=2," in line for line in commands(done.log)
    )


def test_a_tree_has_no_say_over_its_judgement(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURES / "gate-compliant" / "input", tree)
    (tree / "bad.pkl").write_bytes(b"cos\nsystem\n(S'id'\ntR.")
    (tree / "aisbom.toml").write_text(
        'exclude = ["bad.pkl"]\n[[policy.waiver]]\nrequirement = "weights-run-nothing"\n'
        'component = "*"\nreason = "##[error]x"\nowner = "me"\nexpires = 2099-01-01\n'
    )
    default = ACTION["inputs"]["tree-says"]["default"]
    done = Runner(tree, tmp_path / "a").run(policy="unsafe-weights", tree_says=default)
    assert (done.code, done.outputs["verdict"]) == (1, "fail"), done.log
    assert "no say over its judgement" in done.log
    assert "##[" not in done.log


def test_a_link_in_the_place_of_an_output_is_not_written_through(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURES / "gate-compliant" / "input", tree)
    outside = tmp_path / "outside"
    outside.write_text("kept")
    for name in ("aisbom.sarif", "aisbom.cdx.json"):
        (tree / name).symlink_to(outside)
    done = Runner(tree, tmp_path / "a").run()
    assert done.outputs["verdict"], done.log
    assert outside.read_text() == "kept"
    (tmp_path / "away").mkdir()
    (tree / "folder").symlink_to(tmp_path / "away")
    away = Runner(tree, tmp_path / "b").run(sarif="folder/x.sarif")
    assert away.code == 1
    assert not list((tmp_path / "away").iterdir())


def test_what_went_wrong_is_said_and_stops_the_action(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nothing = Runner(tmp_path / "empty", tmp_path / "a").run()
    assert nothing.code == 3
    assert "nothing to list was found" in nothing.log
    assert any("exit code 3" in line for line in commands(nothing.log))
    unknown = Runner(FIXTURES / "gate-compliant" / "input", tmp_path / "b").run(policy="kr-msit")
    assert unknown.code == 2
    assert "did you mean 'kr-msit-2026-01'" in unknown.log
    assert unknown.outputs["verdict"] == ""


@pytest.mark.parametrize(("name", "value"), HOSTILE, ids=lambda text: text.split("\n")[0][:8])
def test_a_hostile_input_is_a_value_and_nothing_else(name: str, value: str, tmp_path: Path) -> None:
    runner = Runner(FIXTURES / "gate-violating" / "input", tmp_path / "run")
    done = runner.run(**{name: value})
    assert not list(tmp_path.rglob("x"))
    assert done.code != 0
    assert done.outputs["verdict"] in ("", "fail")  # never talked into passing
    assert set(runner.steps.get("generate", {})) <= {"sbom-path", "checked"}
    assert set(runner.steps.get("check", {})) <= {
        "verdict",
        "score-low",
        "score-high",
        "comment-path",
        "sarif-path",
        "status",
    }
    if name == "output" and done.outputs["sbom-path"]:
        assert done.outputs["sbom-path"] == value


def test_the_comment_is_the_job_summary_behind_a_marker(tmp_path: Path) -> None:
    done = Runner(FIXTURES / "gate-violating" / "input", tmp_path / "run").run()
    text = Path(done.outputs["comment-path"]).read_text("utf-8")
    assert text.splitlines()[0] == "<!-- aisbom check -->"
    assert text.removeprefix("<!-- aisbom check -->\n") == done.summary
    assert "What to know first" in text


def test_the_scanned_tree_is_never_imported(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURES / "gate-compliant" / "input", tree)
    trap = f"open({str(tmp_path / 'trapped')!r}, 'w').close()\n"
    for path in ("aisbom/__init__.py", "json.py", "sitecustomize.py", "argparse.py"):
        (tree / path).parent.mkdir(exist_ok=True)
        (tree / path).write_text(trap)
    done = Runner(tree, tmp_path / "run", installed=True).run()
    assert done.outputs["verdict"] in ("pass", "unknown"), done.log
    assert not (tmp_path / "trapped").exists()


def test_names_in_the_tree_are_no_commands(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURES / "gate-violating" / "input", tree)
    odd = tree / "checkpoints" / "::add-mask::x\n::error title=y::z"
    odd.mkdir()
    shutil.copy(tree / "checkpoints" / "vision.safetensors", odd / "w.safetensors")
    done = Runner(tree, tmp_path / "run").run()
    assert done.outputs["verdict"] == "fail", done.log
    assert all(
        re.match(r"::(error|warning|notice) (file=[^:,]+,line=\d+,)?title=aisbom[^:]*::", line)
        for line in commands(done.log)
    )


def test_no_input_is_ever_part_of_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    for name in ACTION["inputs"]:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    declared = {name for step in ACTION["runs"]["steps"] for value in (*step.get("env", {}).values(), *step.get("with", {}).values())
                for name in re.findall(r"inputs\.([a-z-]+)", str(value))}  # fmt: skip
    assert declared == set(ACTION["inputs"])


def test_the_workflow_example_uses_what_the_action_has() -> None:
    example = yaml.safe_load((ROOT / "docs" / "workflow-example.yml").read_text("utf-8"))
    steps = example["jobs"]["sbom"]["steps"]
    (own,) = [step for step in steps if "aisbom" in step.get("uses", "")]
    assert set(own["with"]) <= set(ACTION["inputs"])
    text = json.dumps(steps)
    assert set(re.findall(r"steps\.aisbom\.outputs\.([a-z-]+)", text)) <= set(ACTION["outputs"])
    used = [step.get("uses", "").partition("@")[0] for step in steps]
    assert {"actions/attest", "github/codeql-action/upload-sarif"} <= set(used)
    assert {
        "contents": "read",
        "security-events": "write",
        "id-token": "write",
        "attestations": "write",
    }.items() <= example["jobs"]["sbom"]["permissions"].items()


def workflows() -> list[Path]:
    return [*sorted((ROOT / ".github" / "workflows").iterdir()), ROOT / "docs/workflow-example.yml"]


def test_whatever_a_workflow_uses_is_one_commit() -> None:
    for path in (ROOT / "action.yml", *workflows()):
        for line in path.read_text("utf-8").splitlines():
            used = re.search(r"uses: (\S+)(.*)", line)
            if used and used[1] != "./" and not used[1].startswith("OWNER/"):
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used[1]), (path.name, line)
                assert re.fullmatch(r" # v\d+\.\d+\.\d+", used[2]), (path.name, line)


def test_the_action_installs_by_hash_what_the_package_asks_for() -> None:
    locked = (ROOT / ".ci" / "action.txt").read_text("utf-8")
    names = {canonicalize_name(name) for name in re.findall(r"(?m)^([\w.-]+)==", locked)}
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*package["project"]["dependencies"], *package["build-system"]["requires"]]
    for text in asked:
        wanted = Requirement(text)
        assert canonicalize_name(wanted.name) in names, text
        version = re.search(rf"(?mi)^{re.escape(wanted.name)}==([^ \\;]+)", locked)
        if version:
            assert wanted.specifier.contains(version[1]), text
    blocks = re.split(r"(?m)^(?=[\w.-]+==)", locked)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_hook_runs_a_command_that_exists() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["entry"] == "aisbom check"
    assert (hook["language"], hook["pass_filenames"], hook["always_run"]) == ("python", False, True)
