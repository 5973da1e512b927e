"""What a command loads before it does anything: its help comes at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aisbom import __version__
from tests.program import ROOT, start

HEAVY = {
    "packaging", "yaml", "git", "lxml", "jsonschema_rs", "cyclonedx", "license_expression",
    "packageurl", "numpy", "orjson", "multiprocessing", "sqlite3", "rich", "platformdirs",
    "blake3", "numba", "pydantic", "importlib.metadata", "dask", "distributed", "pyarrow", "duckdb", "fsspec",
}  # fmt: skip
COMMANDS = (
    "", "--help", "generate --help", "score --help", "check --help", "explain --help",
    "code --help", "code index build --help", "weights compare --help", "knowledge show --help",
    "fleet scan --help", "fleet query --help", "no-such-command", "generate --no-such-option",
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_help_loads_typer_and_nothing_heavier(words: str, tmp_path: Path) -> None:
    """Typer is capped in pyproject.toml because 0.29 imports pydantic for every command. Install a
    newer one over the cap: where this test passes (`.ci/run` tries it), the cap can go.
    """
    code = (
        f"import sys; from aisbom.cli import main\nmain({words.split()!r})\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = done.stderr.split()
    assert not HEAVY & {part for name in loaded for part in (name, name.partition(".")[0])}


def test_only_the_command_that_is_called_is_loaded() -> None:
    code = (
        "import sys; from aisbom.cli import main\nmain(['--help'])\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {name for name in done.stderr.split() if name.startswith("aisbom")} == {
        "aisbom",
        "aisbom.__version__",
        "aisbom.cli",
        "aisbom.cli.commands",
        "aisbom.cli.exit_codes",
        "aisbom.cli.output",
        "aisbom.cli.signals",
        "aisbom.errors",
    }


@pytest.mark.parametrize("words", ["--version", "-V"])
def test_the_version(words: str, tmp_path: Path) -> None:
    done = start(words, cwd=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (0, f"aisbom {__version__}\n")
    assert done.stderr == b""


def test_the_module_and_the_script_are_the_same_program(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("aisbom")
    by_script = subprocess.run([script, "--help"], cwd=tmp_path, capture_output=True, check=True)
    assert by_script.stdout == start("--help", cwd=tmp_path).stdout


def test_a_distribution_with_our_files_is_named(tmp_path: Path) -> None:
    """`aisbom-cli` on PyPI installs a command and a folder of the same name."""
    info = tmp_path / "aisbom_cli-1.7.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: aisbom-cli\nVersion: 1.7.0\n")
    done = start("--version", cwd=tmp_path, PYTHONPATH=f"{ROOT}:{tmp_path}")
    assert (done.returncode, done.stdout.decode()) == (0, f"aisbom {__version__}\n")
    assert "the distribution aisbom-cli 1.7.0 is installed" in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
