"""What every reader of a manifest or lock must survive: whatever a file does to it becomes a gap,
and quickly.
"""

from __future__ import annotations

import contextlib
import json
import tomllib
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.collect.collector import Collector
from aisbom.collect.conda import environment_yml, pixi, pixi_lock
from aisbom.collect.python import (
    pdm_lock,
    pipfile,
    poetry_lock,
    pylock,
    pyproject,
    requirements,
    setup_cfg,
    setup_py,
    uv_lock,
)
from aisbom.model import Observation, Row
from aisbom.source.tree import Tree, Unreadable
from tests.collect.rows import gaps, observed
from tests.conftest import MakeTree, collect

H = "a" * 64
SAMPLES: dict[str, tuple[Collector, str]] = {
    "requirements.txt": (
        requirements.COLLECTOR,
        "torch==2.5.1\nnumpy>=1 \\\n  --hash=sha256:" + H + "\n",
    ),
    "pyproject.toml": (
        pyproject.COLLECTOR,
        (
            '[project]\nname = "p"\nversion = "1"\ndependencies ='
            ' ["torch==2.5.1"]\n[tool.poetry.dependencies]\nx = "^1"\n[dependency-groups]\nd ='
            ' ["y"]\n'
        ),
    ),
    "setup.cfg": (
        setup_cfg.COLLECTOR,
        "[metadata]\nname = p\n[options]\ninstall_requires =\n    torch==2.5.1\n",
    ),
    "setup.py": (
        setup_py.COLLECTOR,
        "from setuptools import setup\nsetup(name='p', install_requires=['torch==2.5.1'])\n",
    ),
    "poetry.lock": (
        poetry_lock.COLLECTOR,
        (
            '[[package]]\nname = "torch"\nversion = "2.5.1"\nfiles = [\n    {file = "t", hash ='
            f' "sha256:{H}"}},\n]\n'
        ),
    ),
    "uv.lock": (
        uv_lock.COLLECTOR,
        (
            '[[package]]\nname = "torch"\nversion = "2.5.1"\nsdist = { url = "u", hash ='
            f' "sha256:{H}" }}\n'
        ),
    ),
    "pdm.lock": (
        pdm_lock.COLLECTOR,
        '[[package]]\nname = "torch"\nversion = "2.5.1"\ndependencies = ["x"]\n',
    ),
    "Pipfile": (pipfile.COLLECTOR, '[packages]\ntorch = "==2.5.1"\n'),
    "Pipfile.lock": (
        pipfile.LOCK_COLLECTOR,
        '{"_meta": {}, "default": {"torch": {"version": "==2.5.1", "hashes": ["sha256:1"]}}}\n',
    ),
    "pylock.toml": (pylock.COLLECTOR, '[[packages]]\nname = "torch"\nversion = "2.5.1"\n'),
    "environment.yml": (
        environment_yml.COLLECTOR,
        "dependencies:\n- torch==2.5.1\n- pip:\n  - x\n",
    ),
    "pixi.toml": (pixi.COLLECTOR, '[pypi-dependencies]\ntorch = "==2.5.1"\n'),
    "pixi.lock": (
        pixi_lock.COLLECTOR,
        (
            "version: 6\npackages:\n- pypi: https://h/torch-2.5.1.whl\n  name: torch\n  version:"
            " 2.5.1\n"
        ),
    ),
}
NAMES = sorted(SAMPLES)
TOML = [
    "pyproject.toml",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "Pipfile",
    "pylock.toml",
    "pixi.toml",
]
TABLES = {
    "pyproject.toml": [
        "project",
        "build-system",
        "dependency-groups",
        "tool",
        *(
            f"project.{k}"
            for k in (
                "name",
                "version",
                "license",
                "authors",
                "urls",
                "classifiers",
                "dependencies",
                "optional-dependencies",
                "license-files",
                "dynamic",
            )
        ),
        *(
            f"tool.{k}"
            for k in (
                "poetry",
                "uv",
                "pdm",
                "hatch",
                "flit",
                "pixi",
                "rye",
                "setuptools",
                "uv.sources",
                "uv.index",
                "poetry.dependencies",
                "poetry.group",
            )
        ),
        *(
            f"tool.{k}"
            for k in (
                "poetry.extras",
                "poetry.source",
                "pdm.dev-dependencies",
                "hatch.envs",
                "hatch.version",
                "hatch.build.targets",
                "flit.metadata",
            )
        ),
        *(
            f"tool.{k}"
            for k in (
                "pixi.feature",
                "pixi.target",
                "pixi.workspace",
                "pixi.dependencies",
                "setuptools.dynamic",
                "setuptools.dynamic.dependencies",
                "poetry.name",
            )
        ),
        *(
            f"tool.{k}"
            for k in (
                "poetry.group.g",
                "hatch.envs.e",
                "uv.dev-dependencies",
                "pdm.resolution",
                "setuptools.dynamic.version",
                "poetry.dependencies.x.version",
            )
        ),
        *(
            f"tool.{k}"
            for k in (
                "uv.sources.x",
                "poetry.authors",
                "pdm.version.source",
                "pixi.feature.f",
                "flit.metadata.requires-extra",
                "poetry.dependencies.python",
            )
        ),
    ],
    "poetry.lock": [
        "package",
        "metadata",
        "metadata.files",
        *(
            f"package.{k}"
            for k in (
                "name",
                "version",
                "files",
                "source",
                "dependencies",
                "extras",
                "groups",
                "markers",
                "category",
            )
        ),
    ],
    "uv.lock": [
        "package",
        "distribution",
        *(
            f"package.{k}"
            for k in (
                "name",
                "version",
                "source",
                "sdist",
                "wheels",
                "dependencies",
                "optional-dependencies",
                "metadata",
                "dev-dependencies",
            )
        ),
    ],
    "pdm.lock": [
        "package",
        "metadata",
        "metadata.files",
        *(
            f"package.{k}"
            for k in ("name", "version", "path", "files", "dependencies", "groups", "git", "marker")
        ),
    ],
    "Pipfile": [
        "packages",
        "source",
        "dev-packages",
        "packages.x",
        "packages.x.version",
        "packages.x.extras",
    ],
    "pylock.toml": [
        "packages",
        *(
            f"packages.{k}"
            for k in (
                "name",
                "version",
                "vcs",
                "directory",
                "archive",
                "wheels",
                "sdist",
                "dependencies",
                "index",
                "archive.hashes",
            )
        ),
    ],
    "pixi.toml": [
        "workspace",
        "dependencies",
        "pypi-dependencies",
        "feature",
        "target",
        "package",
        "workspace.channels",
        "workspace.name",
        "dependencies.x",
        "pypi-dependencies.x.extras",
    ],
}
VALUES = [
    "5",
    "true",
    '"text"',
    "[]",
    "[1, [2], {}]",
    "{}",
    "{a = 1}",
    '{a = [{b = "c"}]}',
    "1.5",
    "2024-01-01",
    '["x"]',
    "[{name = 1}]",
    '[{name = "x", version = []}]',
]


def _made(path: str, value: str) -> str:
    """TOML that sets `path` to `value`; entries of an array of tables have a name unless it is what
    is set.
    """
    parts = path.split(".")
    if parts[0] in ("package", "packages", "distribution") and len(parts) > 1:
        name = (
            ""
            if parts[1] == "name"
            else 'name = "x"\nversion = "1"\n'
            if parts[1] != "version"
            else 'name = "x"\n'
        )
        return (
            f"[[{parts[0]}]]\n{name}{'.'.join(parts[1:])} = {value}\n[[{parts[0]}]]\nname ="
            ' "last"\nversion = "2"\n'
        )
    return f"{path} = {value}\n"


def _wrong() -> Iterator[tuple[str, str]]:
    for name, paths in TABLES.items():
        for path in paths:
            yield name, path


def _survives(make_tree: MakeTree, name: str, data: str | bytes) -> tuple[Row, ...]:
    """The rows, after making sure that the reader raises only what it may: its parser's errors and
    Unreadable.
    """
    collector, _ = SAMPLES[name]
    root = make_tree({name: data})
    file = Tree(root).get(name)
    assert file
    with contextlib.suppress(
        Unreadable,
        tomllib.TOMLDecodeError,
        json.JSONDecodeError,
        yaml.YAMLError,
        SyntaxError,
        RecursionError,
        MemoryError,
    ):
        for _ in collector.collect(file):
            pass
    return collect(root, collector)


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_itself_is_read(make_tree: MakeTree, name: str) -> None:
    collector, text = SAMPLES[name]
    rows = collect(make_tree({name: text}), collector)
    assert gaps(rows) == []
    assert observed(rows)["torch"].version == "2.5.1"


@pytest.mark.parametrize(("name", "path"), list(_wrong()))
def test_the_wrong_type_at_any_level(make_tree: MakeTree, name: str, path: str) -> None:
    for value in VALUES:
        rows = _survives(make_tree, name, _made(path, value))
        assert all(str(g).startswith(f"{name}:") for g in gaps(rows)), gaps(rows)
        if (
            name in ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
            and "." in path
            and path.split(".", maxsplit=1)[0] in ("package", "packages")
        ):
            assert observed(rows)["last"].version == "2"


@pytest.mark.parametrize("name", ["Pipfile.lock", "environment.yml", "pixi.lock"])
@pytest.mark.parametrize(
    "value",
    [
        "[]",
        "5",
        '"x"',
        "null",
        '{"default": []}',
        '{"default": {"x": 1}}',
        '{"default": {"x": {"version": [], "hashes": {}, "git": 1}}}',
        '{"_meta": []}',
    ],
)
def test_the_wrong_type_in_json_and_yaml(make_tree: MakeTree, name: str, value: str) -> None:
    _survives(make_tree, name, value)


@pytest.mark.parametrize(
    "value",
    [
        "{packages: {}}",
        (
            "{packages: [1, [], {pypi: []}, {conda: {}}, {kind: conda}, {kind: pypi, name: []},"
            " {pypi: x, name: x, requires_dist: {}}]}"
        ),
        "{environments: [], packages: [{pypi: u, name: ok, version: '1'}]}",
        "{environments: {default: {packages: {linux-64: [1, {a: []}]}}}}",
        (
            "{packages: [{conda: 'https://h/c/linux-64/a-1-0.conda', depends: [1, {}, '=bad'],"
            " sha256: []}]}"
        ),
    ],
)
def test_the_wrong_type_inside_a_pixi_lock(make_tree: MakeTree, value: str) -> None:
    _survives(make_tree, "pixi.lock", value)


@pytest.mark.parametrize("name", NAMES)
def test_cut_off_anywhere(make_tree: MakeTree, name: str) -> None:
    _, text = SAMPLES[name]
    for end in range(0, len(text), 3):
        _survives(make_tree, name, text[:end])


@pytest.mark.parametrize("name", NAMES)
def test_empty_null_byte_and_binary(make_tree: MakeTree, name: str) -> None:
    collector, text = SAMPLES[name]
    assert not any(
        isinstance(row, Observation) for row in collect(make_tree({name: ""}), collector)
    )
    middle = len(text) // 2
    for data in (
        text[:middle].encode() + b"\0" + text[middle:].encode(),
        b"\0" * 500,
        bytes(range(256)) * 8,
        b"\xff\xfe\x00",
        b"PK\x03\x04" + b"\x80" * 300,
    ):
        _survives(make_tree, name, data)
    assert (
        gaps(
            collect(
                make_tree({name: text[:middle].encode() + b"\0" + text[middle:].encode()}),
                collector,
            )
        )
        != []
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_other_encodings(make_tree: MakeTree, name: str, codec: str) -> None:
    collector, text = SAMPLES[name]
    rows = collect(make_tree({name: text.encode(codec)}), collector)
    assert (observed(rows)["torch"].version, gaps(rows)) == ("2.5.1", [])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("depth", [12, 100_000])
def test_depth(make_tree: MakeTree, name: str, depth: int) -> None:
    if name in TOML:
        texts = [
            "x = " + "[" * depth + "]" * depth,
            "x = " + "{a=" * depth + "1" + "}" * depth,
            "[" + "a." * depth + "b]\n",
            "a." * depth + "b = 1\n",
        ]
        texts += [
            "packages = " + "[" * depth + "]" * depth,
            "project.dependencies = " + "[" * depth + "]" * depth,
        ]
    elif name.endswith((".yml", "pixi.lock")):
        texts = [
            "dependencies: " + "[" * depth + "]" * depth,
            "packages: " + "{a: " * depth + "}" * depth,
            "- " * depth,
        ]
    elif name == "Pipfile.lock":
        texts = ["[" * depth + "]" * depth, '{"default":' * depth + "1" + "}" * depth]
    else:
        texts = [
            "(" * depth + ")" * depth,
            "x" + "[" * depth + "]" * depth + "\n",
            "setup(x=" * depth,
            "a" * depth,
            "-r " * depth,
        ]
    for text in texts:
        _survives(make_tree, name, text)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(NAMES),
    st.binary(max_size=200)
    | st.text(max_size=150).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
def test_random_bytes(make_tree: MakeTree, name: str, data: bytes) -> None:
    _survives(make_tree, name, data)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(NAMES), st.data())
def test_a_sample_with_pieces_changed(make_tree: MakeTree, name: str, data: st.DataObject) -> None:
    _, text = SAMPLES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(at, min(len(text), at + 6)))
        text = (
            text[:at]
            + data.draw(
                st.sampled_from(
                    [
                        "",
                        '"',
                        "'",
                        "[",
                        "]",
                        "{",
                        "}",
                        "=",
                        ",",
                        "\n",
                        ":",
                        "- ",
                        "1",
                        "null",
                        ".",
                        "x",
                        " ",
                        "#",
                        "\\",
                        "é",
                        "@",
                        "[[a]]\n",
                    ]
                )
            )
            + text[end:]
        )
    _survives(make_tree, name, text)
