"""What a place in the tree is for: the product, or tests, examples, documentation, benchmarks,
vendored code.

Continuous integration counts as `test`: what it names is there to check the product, and no user of
the product gets it.
"""

from __future__ import annotations

_WORDS = {
    "test": "test",
    "tests": "test",
    "testing": "test",
    "unittests": "test",
    "unit_tests": "test",
    "integration_tests": "test",
    "e2e": "test",
    "fixtures": "test",
    "testdata": "test",
    "test_data": "test",
    "example": "example",
    "examples": "example",
    "sample": "example",
    "samples": "example",
    "demo": "example",
    "demos": "example",
    "tutorial": "example",
    "tutorials": "example",
    "notebooks": "example",
    "cookbook": "example",
    "doc": "docs",
    "docs": "docs",
    "documentation": "docs",
    "website": "docs",
    "benchmark": "benchmark",
    "benchmarks": "benchmark",
    "bench": "benchmark",
    "third_party": "vendored",
    "third-party": "vendored",
    "thirdparty": "vendored",
    "3rdparty": "vendored",
    "vendor": "vendored",
    "vendored": "vendored",
    "_vendor": "vendored",
    "extern": "vendored",
    "external": "vendored",
    **dict.fromkeys(
        (
            ".github",
            ".gitlab",
            ".circleci",
            ".buildkite",
            ".azure-pipelines",
            ".azuredevops",
            ".jenkins",
            ".travis",
        ),
        "test",
    ),
    **dict.fromkeys(
        (
            ".ci",
            ".woodpecker",
            ".drone",
            ".teamcity",
            ".tekton",
            ".semaphore",
            ".devcontainer",
            ".vscode",
        ),
        "test",
    ),
}

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


def path_role(path: str) -> str:
    """`product|test|example|docs|benchmark|vendored`, by the outermost folder whose name
    says so.
    """
    *folders, name = path.split("/")
    for folder in folders:
        role = _WORDS.get(folder.lower()) or (
            "test" if folder.lower().startswith(("tests_", "tests-")) else None
        )
        if role:
            return role
    lowered = name.lower()
    if lowered in _CI_FILES:
        return "test"
    if lowered.endswith(".py") and (
        lowered.startswith(("bench_", "benchmark_"))
        or lowered.endswith(("_bench.py", "_benchmark.py"))
    ):
        return "benchmark"
    if lowered == "conftest.py" or (
        lowered.endswith(".py") and (lowered.startswith("test_") or lowered.endswith("_test.py"))
    ):
        return "test"
    if any(word in lowered for word in ("requirements", "constraints")):
        stem = lowered.rpartition(".")[0].replace("_", "-")
        for word, role in (
            ("test", "test"),
            ("doc", "docs"),
            ("example", "example"),
            ("bench", "benchmark"),
        ):
            if any(part.startswith(word) for part in stem.split("-")):
                return role
    return "product"
