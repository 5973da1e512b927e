"""Trees that would rather judge themselves."""

from __future__ import annotations

from pathlib import Path

from tests.hostile import case
from tests.hostile.parsers import write
from tests.weights.unsafe.test_pickles import SYSTEM

WAIVER = (
    '[[policy.waiver]]\nrequirement = "*"\ncomponent = "*"\nreason = "because"\nowner = "me"\n'
    "expires = 2099-01-01\n"
)


@case(
    runs=("bad.pkl",),
    words=("--tree-says", "declarations"),
    policy="unsafe-weights",
    verdict="fail",
)
def waiver_of_the_requirement(root: Path) -> None:
    write(root, "bad.pkl", SYSTEM)
    write(root, "aisbom.toml", WAIVER.replace('"*"', '"weights-run-nothing"', 1))


@case(
    runs=("bad.pkl",),
    words=("--tree-says", "declarations"),
    policy="unsafe-weights",
    verdict="fail",
)
def exclude_of_the_file(root: Path) -> None:
    write(root, "bad.pkl", SYSTEM)
    write(root, "aisbom.toml", 'exclude = ["*.pkl", "bad.pkl", "**"]\n')


@case(
    runs=("bad.pkl",),
    words=("--tree-says", "declarations"),
    policy="unsafe-weights",
    verdict="fail",
)
def policy_and_waiver_of_pyproject(root: Path) -> None:
    write(root, "bad.pkl", SYSTEM)
    own = WAIVER.replace("[[policy", "[[tool.aisbom.policy").replace(
        '"*"', '"weights-run-nothing"', 1
    )
    write(root, "pyproject.toml", '[tool.aisbom]\nhome = "KR"\nexclude = ["bad.pkl"]\n' + own)


@case(
    runs=("bad.pkl",),
    words=("--tree-says", "declarations"),
    policy="unsafe-weights",
    verdict="fail",
)
def role_that_takes_it_out_of_the_product(root: Path) -> None:
    write(root, "bad.pkl", SYSTEM)
    write(
        root,
        "aisbom.toml",
        '[[role]]\ncomponent = "*"\nrole = "tooling"\nreason = "ours"\n[[claim]]\n'
        'component = "*"\ndeclared-by = "me"\nlicence = "MIT"\n',
    )


@case(runs=("bad.pkl",), policy="unsafe-weights", verdict="fail")
def document_that_says_it_is_clean(root: Path) -> None:
    write(root, "bad.pkl", SYSTEM)
    for name in ("aisbom.cdx.json", "sub/aisbom.cdx.json", "bom.json"):
        write(root, name, '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[]}')


@case(runs=("model/m.pt",), policy="unsafe-weights", verdict="fail")
def parts_called_tests_and_examples(root: Path) -> None:
    for folder in ("tests", "examples", "docs", "model"):
        write(root, f"{folder}/m.pt", SYSTEM)


@case(runs=("m.pkl",), policy="unsafe-weights", verdict="unknown")
def model_that_is_cut(root: Path) -> None:
    write(root, "m.pkl", b"\x80\x04\x95\x05\0\0\0\0\0\0\0}")


@case(runs=("m.pkl",), policy="unsafe-weights", verdict="unknown")
def model_that_is_a_pointer(root: Path) -> None:
    write(
        root,
        "m.pkl",
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 9\n",
    )
