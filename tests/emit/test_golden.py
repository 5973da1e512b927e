"""Whole outputs in every form, as they were last read by a person: documents in XML and CycloneDX
1.7, verdicts as SARIF, Markdown, annotations and text.

`python -m pytest tests/emit/test_golden.py --accept` writes them anew; read the difference before
committing it. What changes with every row of knowledge and every release stands as `<...>`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aisbom.__version__ import __version__
from tests.program import run

FIXTURES = Path(__file__).parents[2] / "fixtures"
DOCUMENTS = (("xml", "1.6"), ("json", "1.7"))
VERDICTS = ("sarif", "markdown", "github", "text")
POLICY = "no-undeclared-parts"
_ALWAYS_NEW = (
    (r"(urn:uuid:)[0-9a-f-]{36}", r"\1<serial>"),
    (r"(knowledge:digest\D*sha256:)[0-9a-f]{64}", r"\1<digest>"),
    (r"(profile_digest\D*sha256:)[0-9a-f]{64}", r"\1<digest>"),
    (re.escape(__version__), "<version>"),
    (r"(The index of known code )[^<\"]*", r"\1<size>"),
    (r"[\w./-]+\.csv:\d+", "<row>"),
)


def steady(text: str) -> str:
    """The text without what is always new."""
    for pattern, words in _ALWAYS_NEW:
        text = re.sub(pattern, words, text)
    return text


def hold(path: Path, text: str, accept: bool) -> None:
    """The text against the file, or into it."""
    if accept:
        path.parent.mkdir(exist_ok=True)
        path.write_text(steady(text), "utf-8")
    assert steady(text) == path.read_text("utf-8")


@pytest.mark.parametrize("case", ["gate-violating", "conan-lock"])
@pytest.mark.parametrize(("form", "version"), DOCUMENTS)
def test_documents(case: str, form: str, version: str, request: pytest.FixtureRequest) -> None:
    words = ("--format", form, "--spec-version", version, "-o", "-", "-q", "--no-cache")
    done = run("generate", FIXTURES / case / "input", *words)
    assert (done.returncode, done.stderr) == (0, "")
    path = FIXTURES / case / "golden" / f"{version}.cdx.{form}"
    hold(path, done.stdout, request.config.getoption("--accept"))


@pytest.mark.parametrize("form", VERDICTS)
def test_verdicts(form: str, request: pytest.FixtureRequest) -> None:
    case = FIXTURES / "gate-violating"
    words = ("--policy", POLICY, "--format", form, "--no-cache")
    done = run("check", ".", *words, cwd=case / "input")
    assert done.stderr == ""
    hold(case / "golden" / f"check.{form}", done.stdout, request.config.getoption("--accept"))
