"""The architecture is a test: import contracts, what --help may load, and the rules that no linter
knows.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "aisbom").rglob("*.py"))


TOP = frozenset(
    """
    aisbom tests schemas fixtures docs benchmarks tools pyproject.toml README.md LICENSE SECURITY.md
    CHANGELOG.md CONTRIBUTING.md action.yml .ci .github .gitignore .pre-commit-hooks.yaml
    """.split()  # noqa: SIM905
)


def test_the_top_of_the_tree_holds_what_belongs_there() -> None:
    """What a command has written beside the sources, bills of other projects above all, is not
    committed.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    assert {path.partition("/")[0] for path in listed.stdout.split("\0") if path} == TOP


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_help_loads_no_heavy_module() -> None:
    """`aisbom --help` stays under 150 ms because imports live inside commands; docs/architecture.md
    has the measured figure.
    """
    code = (
        "import sys; from aisbom.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    heavy = {
        "packaging",
        "yaml",
        "git",
        "lxml",
        "jsonschema_rs",
        "cyclonedx",
        "license_expression",
        "packageurl",
        "numpy",
        "multiprocessing",
    }
    assert not loaded & heavy
    own = {name for name in done.stderr.split() if name.startswith("aisbom")}
    assert own <= {
        "aisbom",
        "aisbom.__version__",
        "aisbom.cli",
        "aisbom.cli.signals",
        "aisbom.cli.commands",
        "aisbom.cli.exit_codes",
        "aisbom.cli.output",
        "aisbom.errors",
    }


def test_catch_alls_stand_where_anything_may_go_wrong() -> None:
    """Whatever a file does to its reader becomes a gap where collectors run, and whatever a
    submission does to its worker a failure; a library behind a URL may raise anything;
    whatever else goes wrong is said to be a defect where the program ends.
    """
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None
                or (isinstance(node.type, ast.Name) and node.type.id == "Exception")
            ):
                found.append(path.relative_to(ROOT).as_posix())
    names = ("catalogue", "catalogue", "sources", "sources", "unit", "watch")
    fleet = [f"aisbom/fleet/{name}.py" for name in names]
    assert found == ["aisbom/cli/__init__.py", "aisbom/collect/run.py", *fleet]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_nothing_scanned_is_ever_run(path: Path) -> None:
    banned = {"eval", "exec", "compile", "__import__"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in banned, f"{path.name}:{node.lineno}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            assert not {"pickle", "marshal", "shelve"} & set(names), f"{path.name}:{node.lineno}"


def test_every_public_name_is_documented() -> None:
    missing = []
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree):
            missing.append(f"{path.name}: module")
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                missing.append(f"{path.name}: {node.name}")
    assert missing == []


@pytest.mark.parametrize("room", ["judge", "classify", "bom", "emit", "merge"])
def test_nobody_behind_a_reader_asks_for_its_name(room: str) -> None:
    """Rules and classes ask what a reader sees, never who it is: a new collector is then judged as
    it says of itself.
    """
    asked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "aisbom" / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (
            isinstance(node, ast.Compare)
            and any(
                isinstance(s, ast.Attribute) and s.attr == "by"
                for s in (node.left, *node.comparators)
            )
        )
        or (
            isinstance(node, ast.Attribute)
            and node.attr in ("endswith", "startswith")
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "by"
        )
    ]
    assert not asked
