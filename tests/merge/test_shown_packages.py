"""What a README shows beside a manifest, and is needed."""

from __future__ import annotations

from aisbom.pipeline import Options, scan
from tests.conftest import MakeTree

README = "# Norae\n\n```\npip install numpy timm==0.3.2 opencv-python vllm\n```\n"


def packages(make_tree: MakeTree, files: dict[str, str]) -> dict[str, set[str]]:
    found = scan(
        make_tree({"README.md": README, "requirements.txt": "numpy\n", **files}), Options()
    )
    return {
        c.name: {o.evidence.at.path for o in c.observations}
        for c in found.components
        if c.purl.startswith("pkg:pypi/")
    }


def test_what_the_product_imports_and_nothing_asks_for_is_needed(make_tree: MakeTree) -> None:
    code = "import cv2\nfrom timm.models import x\nimport numpy\n"
    assert packages(make_tree, {"norae/a.py": code}) == {
        "numpy": {"requirements.txt"},
        "timm": {"README.md"},
        "opencv-python": {"README.md"},
    }


def test_what_tests_alone_import_is_not(make_tree: MakeTree) -> None:
    assert set(packages(make_tree, {"tests/a.py": "import timm\n"})) == {"numpy"}


def test_a_needed_package_is_asked_for_at_run_time(make_tree: MakeTree) -> None:
    found = scan(
        make_tree({"README.md": README, "requirements.txt": "numpy\n", "a.py": "import timm\n"}),
        Options(),
    )
    (edge,) = (r for r in found.relations if r.target.startswith("pkg:pypi/timm"))
    assert edge.source == found.root
    assert edge.fact("group") == "runtime"
