"""What a place in the tree is for: the product, or tests, examples, documentation, benchmarks,
vendored code.

Continuous integration counts as `test`: what it names is there to check the product, and no user of
the product gets it. An evaluation counts as `benchmark`: what it names is measured or measures, and
is no part of what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

_TEST = "test tests testing unittest unittests e2e fixture fixtures testdata"
_EXAMPLE = "example examples demo demos tutorial tutorials cookbook playground quickstart"
_EVALUATION = (
    "bench benchmark benchmarks benchmarking eval evals evaluate evaluation evaluations evaluator"
    " baseline baselines leaderboard"
)
_DOCS = "doc docs documentation"
_TRAINING = frozenset({"train", "training", "trainer", "pretrain", "finetune", "finetuning", "sft"})

_WORDS: dict[str, str] = {
    word: role
    for words, role in (
        (_TEST, "test"),
        (_EXAMPLE, "example"),
        (_EVALUATION, "benchmark"),
        (_DOCS, "docs"),
        ("3rdparty thirdparty vendor vendored extern external", "vendored"),
    )
    for word in words.split()
}
# Only where the whole name says so: `vendor_id`, `sample_rate` and `notebooks_api` are no such
# places.
_ALONE = frozenset(
    {"vendor", "vendored", "extern", "external", "doc", "testing", "bench", "playground"}
)
_WHOLE: dict[str, str] = {
    "sample": "example",
    "samples": "example",
    # What a metric loads measures the product, and is no part of it.
    "metrics": "benchmark",
    "notebooks": "example",
    "website": "docs",
    "third_party": "vendored",
    "_vendor": "vendored",
    **dict.fromkeys(
        (
            *(".github", ".gitlab", ".circleci", ".buildkite", ".azure-pipelines", ".azuredevops"),
            *(".jenkins", ".travis", ".ci", ".woodpecker", ".drone", ".teamcity", ".tekton"),
            *(".semaphore", ".devcontainer", ".vscode"),
        ),
        "test",
    ),
}
# A checkout inside the tree; a repository of models is where servers keep the product itself.
_REPOSITORY = re.compile(r"(?!.*models?_repo$)\w+_repo")
_TOOLS = frozenset({"scripts", "script", "tools"})
_VALIDATION = frozenset({"validation", "validate", "verification", "verify"})
"""Below the folder of tools these check the product; elsewhere they may be a part of it."""
_MAKING = frozenset({"generate", "create", "make", "build", "gen"})
_NO_EVALUATION = ("retrieval", "medieval", "primeval", "coeval", "upheaval")

_CI_FILES = frozenset(
    {
        ".gitlab-ci.yml",
        ".travis.yml",
        ".drone.yml",
        ".woodpecker.yml",
        ".pre-commit-config.yaml",
        "azure-pipelines.yml",
        "appveyor.yml",
    }
)
_PROGRAMS = frozenset(
    (
        *("py", "pyi", "ipynb", "sh", "bash", "js", "ts"),
        *("mjs", "cjs", "jsx", "tsx", "go", "rs"),
    )
)
_SETTINGS = frozenset(["yaml", "yml", "json", "jsonnet", "toml", "ini", "cfg"])
# `config.example.yaml` is a template of the product's own settings.
_CHANGES = frozenset({"changelog", "changes", "history"})  # of what was, not of what is
_TEMPLATE = frozenset({"example", "sample", "template", "dist"})


def path_role(path: str, own: Collection[str] = ()) -> str:
    """`product|test|example|docs|benchmark|vendored`, by the outermost folder whose name says so,
    else by the name of the file.

    `own` are the names of the projects of the tree: the package of an evaluation harness is its
    product.
    """
    *folders, name = path.split("/")
    above = ""
    for folder in folders:
        if folder.lower().replace("-", "_") not in own and (role := _folder_role(folder)):
            return role
        if folder.lower() in _VALIDATION and above in _TOOLS:
            return "test"
        above = folder.lower()
    return _file_role(name)


@cache
def _folder_role(folder: str) -> str:
    lowered = folder.lower()
    plain = lowered.replace("-", "_")
    whole = _WHOLE.get(lowered) or _WHOLE.get(plain) or _WORDS.get(plain)
    if whole:
        return whole
    if "third_party" in plain or "3rdparty" in plain or _REPOSITORY.fullmatch(plain):
        return "vendored"
    return _role_of(_words(folder))


def _words(name: str) -> list[str]:
    """The words of a name, `OwlEval` and `owl_eval` alike."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]


def _role_of(words: list[str]) -> str:
    """The role that one of several words gives: `web_demos`, `eval_mm`, `model_fixtures`. What
    makes tiny models (`generate_tiny_models`) makes what tests load.
    """
    if "tiny" in words and not _MAKING.isdisjoint(words):
        return "test"
    # `test` says so at either end (`tests_v1`, `unit_tests`), not inside (`ab_test_service`).
    for word in (words[0], words[-1]) if words else ():
        if _WORDS.get(word) == "test" and word not in _ALONE and words[1:2] != ["time"]:
            return "test"
    for word in words:
        role = _WORDS.get(word, "")
        if role and role != "test" and word not in _ALONE:
            return role
        if len(word) > 4 and word.endswith(("eval", "evals")) and word not in _NO_EVALUATION:
            return "benchmark"
    return ""


@cache
def _file_role(name: str) -> str:
    lowered = name.lower()
    if lowered in _CI_FILES or lowered == "conftest.py":
        return "test"
    stem, _, suffix = lowered.rpartition(".")
    if suffix in _PROGRAMS or suffix in _SETTINGS:
        return _program_role(name.rpartition(".")[0], suffix)
    if (_words(stem or suffix) or [""])[0] in _CHANGES:
        return "docs"
    return _list_role(stem)


def _program_role(stem: str, suffix: str) -> str:
    """The role of a program or of its settings."""
    if set(stem.lower().split(".")[1:]) & _TEMPLATE:
        return "product"
    words = _words(stem)
    if words[-1:] == ["spec"] and suffix in ("js", "ts", "jsx", "tsx"):
        return "test"
    if "bench" in (words[:1] + words[-1:]):
        return "benchmark"
    role = _role_of(words)
    # What trains is the product, also where it evaluates in between.
    return "product" if role == "benchmark" and _TRAINING & set(words) else role or "product"


def _list_role(stem: str) -> str:
    """The role of a list of requirements, by the words of its name."""
    if not any(word in stem for word in ("requirements", "constraints")):
        return "product"
    for word, role in (
        ("test", "test"),
        ("doc", "docs"),
        ("example", "example"),
        ("bench", "benchmark"),
        ("eval", "benchmark"),
        ("demo", "example"),
    ):
        if any(part.startswith(word) for part in stem.replace("_", "-").split("-")):
            return role
    return "product"
