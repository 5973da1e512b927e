"""What a place in the tree is for: the product, or tests, examples, documentation, benchmarks, vendored code."""

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
}


def path_role(path: str) -> str:
    """`product|test|example|docs|benchmark|vendored`, by the outermost folder whose name says so."""
    *folders, name = path.split("/")
    for folder in folders:
        role = _WORDS.get(folder.lower()) or ("test" if folder.lower().startswith(("tests_", "tests-")) else None)
        if role:
            return role
    lowered = name.lower()
    if lowered == "conftest.py" or (lowered.endswith(".py") and (lowered.startswith("test_") or lowered.endswith("_test.py"))):
        return "test"
    if any(word in lowered for word in ("requirements", "constraints")):
        stem = lowered.rpartition(".")[0].replace("_", "-")
        for word, role in (("test", "test"), ("doc", "docs"), ("example", "example"), ("bench", "benchmark")):
            if any(part.startswith(word) for part in stem.split("-")):
                return role
    return "product"
