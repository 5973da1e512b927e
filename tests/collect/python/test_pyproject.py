from __future__ import annotations

from aisbom.collect.python.pyproject import COLLECTOR
from tests.collect.rows import all_observed, edges, gaps, observed, relations
from tests.conftest import MakeTree, collect

FULL = """\
[build-system]
requires = ["hatchling>=1.25", "cython==3.0"]

[project]
name = "Our.Thing"
version = "1.2"
description = "What it is"
license = "MIT AND Apache-2.0"
license-files = ["LICEN[CS]E*", "NOTICE"]
requires-python = ">=3.10"
authors = [{name = "A Company", email = "x@example.org"}]
classifiers = ["License :: OSI Approved :: MIT License", "Topic :: Security", "Programming Language :: Python"]
dynamic = ["readme"]
dependencies = [
    "torch==2.5.1",
    'numpy>=1.26; python_version < "3.13"',  # markers
]

[project.urls]
Homepage = "https://example.org"
Source = "https://example.org/src"

[project.optional-dependencies]
gpu = ["triton"]
cpu = ["onnxruntime==1.20"]
all = ["our_thing[gpu,cpu]", "extra-one"]

[dependency-groups]
test = ["pytest>=8", "our-thing[gpu]"]
lint = ["ruff"]
dev = [{include-group = "test"}, {include-group = "lint"}, "ipython"]
"""


def test_a_whole_project(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"app/pyproject.toml": FULL}), COLLECTOR)
    assert gaps(rows) == []
    project = observed(rows, "project")["Our.Thing"]
    assert (project.version, project.purl, str(project.evidence.at)) == (
        "1.2",
        "pkg:pypi/our-thing@1.2",
        "app/pyproject.toml:5",
    )
    assert project.fact("license-expression") == "MIT AND Apache-2.0"
    assert project.all("license-file") == ("LICEN[CS]E*", "NOTICE")
    assert project.all("classifier") == (
        "License :: OSI Approved :: MIT License",
        "Topic :: Security",
    )
    assert project.all("project-url") == (
        "Homepage, https://example.org",
        "Source, https://example.org/src",
    )
    assert (project.fact("author"), project.fact("author-email"), project.fact("home-page")) == (
        "A Company",
        "x@example.org",
        "https://example.org",
    )
    assert (project.fact("requires-python"), project.fact("summary"), project.fact("dynamic")) == (
        ">=3.10",
        "What it is",
        "readme",
    )
    seen = observed(rows, "requirement")
    assert (
        seen["torch"].version,
        seen["torch"].evidence.at.line,
        seen["torch"].evidence.excerpt,
    ) == ("2.5.1", 15, '"torch==2.5.1",')
    assert (seen["numpy"].evidence.at.line, seen["numpy"].fact("marker")) == (
        16,
        'python_version < "3.13"',
    )
    assert seen["cython"].all("group") == ("build",)
    assert set(seen["triton"].all("group")) == {"extra:gpu", "extra:all", "group:test", "group:dev"}
    assert set(seen["onnxruntime"].all("group")) == {"extra:cpu", "extra:all"}
    assert set(seen["pytest"].all("group")) == {"group:test", "group:dev"}
    assert seen["ipython"].all("group") == ("group:dev",)
    # the project does not depend on itself
    assert not any("our-thing" in target for _, target in edges(rows))
    assert ("project:app", "pkg:pypi/torch@2.5.1") in edges(rows)


def test_circles_of_groups(make_tree: MakeTree) -> None:
    text = '[dependency-groups]\na = ["x", {include-group = "b"}]\nb = [\n  {include-group = "a"},\n  {include-group = "none"},\n  {other = 1},\n  "y",\n]\n'
    rows = collect(make_tree({"pyproject.toml": text}), COLLECTOR)
    assert set(observed(rows)) == {"x", "y"}
    found = gaps(rows)
    assert any("each other" in g for g in found)
    assert any(g.startswith("pyproject.toml:5: ") and "there is no group none" in g for g in found)
    assert any(g.startswith("pyproject.toml:6: ") for g in found)


def test_a_circle_of_extras_is_harmless(make_tree: MakeTree) -> None:
    text = (
        '[project]\nname = "p"\n[project.optional-dependencies]\na = ["p[b]", "x"]\nb = ["p[a]",'
        ' "y"]\n'
    )
    rows = collect(make_tree({"pyproject.toml": text}), COLLECTOR)
    assert "p" not in observed(rows, "requirement")
    assert {"x", "y"} <= set(observed(rows))


def test_a_pyproject_of_settings_alone_is_no_project(make_tree: MakeTree) -> None:
    assert (
        collect(
            make_tree({"pyproject.toml": "[tool.ruff]\nline-length = 100\n[tool.black]\n"}),
            COLLECTOR,
        )
        == ()
    )


def test_wrong_types_leave_the_rest(make_tree: MakeTree) -> None:
    text = """\
build-system = []
dependency-groups = "x"
[project]
name = "p"
version = 1.2
license = ["MIT"]
authors = "me"
classifiers = {a = 1}
dependencies = ["good==1", 5, ["deep"], "not a requirement", ""]
optional-dependencies = ["x"]
urls = [1]
"""
    rows = collect(make_tree({"pyproject.toml": text}), COLLECTOR)
    assert observed(rows)["good"].version == "1"
    assert observed(rows, "project")["p"].version == ""
    found = "\n".join(gaps(rows))
    for line, key in (
        (1, "build-system"),
        (2, "dependency-groups"),
        (5, "project.version"),
        (6, "project.license"),
        (7, "project.authors"),
    ):
        assert f"pyproject.toml:{line}: {key}: " in found
    assert "pyproject.toml:9: project.dependencies[1]: a string is expected, not a number" in found
    assert "pyproject.toml:9: project.dependencies[3]: not a requirement" in found


def test_a_project_without_a_name(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"pyproject.toml": '[project]\ndependencies = ["x"]\n'}), COLLECTOR)
    assert gaps(rows) == ["pyproject.toml:1: project.name: missing"]
    assert set(observed(rows)) == {"x"}


def test_bad_toml_is_one_gap_with_its_place(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"pyproject.toml": '[project]\nname = "x\n'}), COLLECTOR)
    assert len(rows) == 1
    assert "line 2" in gaps(rows)[0]


def test_licence_tables(make_tree: MakeTree) -> None:
    files = {
        "a/pyproject.toml": '[project]\nname="a"\nlicense = {text = "\\nMIT License\\nmore"}\n',
        "b/pyproject.toml": '[project]\nname="b"\nlicense = {file = "LICENSE.md"}\n',
    }
    seen = observed(collect(make_tree(files), COLLECTOR))
    assert (
        seen["a"].fact("license"),
        seen["a"].fact("license-expression"),
        seen["b"].fact("license-file"),
    ) == (
        "MIT License",
        "",
        "LICENSE.md",
    )


def test_a_literal_version_is_followed_and_a_computed_one_not(make_tree: MakeTree) -> None:
    files = {
        "a/pyproject.toml": (
            '[project]\nname="a"\ndynamic=["version"]\n[tool.hatch.version]\npath = "a.py"\n'
        ),
        "a/a.py": 'import os\n__version__ = "3.1"\n',
        "b/pyproject.toml": (
            '[project]\nname="b"\ndynamic=["version"]\n[tool.setuptools.dynamic]\nversion = {attr ='
            ' "b.__version__"}\n'
        ),
        "b/src/b/__init__.py": '__version__ = open("v").read()\n',
    }
    seen = observed(collect(make_tree(files), COLLECTOR))
    assert (seen["a"].version, seen["b"].version) == ("3.1", "")


def test_uv_tables(make_tree: MakeTree) -> None:
    text = """\
[project]
name = "p"
dependencies = ["torch>=2", "member", "forked"]
[tool.uv]
dev-dependencies = ["pytest"]
constraint-dependencies = ["grpcio<1.65"]
override-dependencies = ["werkzeug==2.3.0"]
[tool.uv.sources]
torch = [{index = "cu", marker = "sys_platform == 'linux'"}]
member = {workspace = true}
forked = {git = "https://github.com/o/forked", rev = "abc"}
[[tool.uv.index]]
name = "cu"
url = "https://download.pytorch.org/whl/cu124"
"""
    rows = collect(make_tree({"pyproject.toml": text}), COLLECTOR)
    seen = observed(rows, "requirement")
    assert gaps(rows) == []
    assert seen["torch"].fact("index") == "https://download.pytorch.org/whl/cu124"
    assert seen["member"].fact("workspace") == "yes"
    assert seen["forked"].fact("vcs-url") == "git+https://github.com/o/forked@abc"
    assert (
        seen["pytest"].fact("group"),
        seen["grpcio"].fact("group"),
        seen["werkzeug"].fact("override"),
    ) == ("dev", "constraint", "yes")
    assert not {t for _, t in edges(rows)} & {"pkg:pypi/grpcio", "pkg:pypi/werkzeug@2.3.0"}


def test_pdm_hatch_flit_and_setuptools_tables(make_tree: MakeTree) -> None:
    files = {
        "pdm/pyproject.toml": (
            '[tool.pdm.dev-dependencies]\ntest = ["pytest==8.0", "-e'
            ' file:///${PROJECT_ROOT}/sub#egg=sub"]\n'
        ),
        "hatch/pyproject.toml": (
            '[tool.hatch.envs.docs]\ndependencies = ["mkdocs"]\nextra-dependencies = ["mike"]\n'
        ),
        "flit/pyproject.toml": (
            '[tool.flit.metadata]\nmodule = "f"\nrequires ='
            ' ["requests"]\n[tool.flit.metadata.requires-extra]\nt = ["pytest"]\n'
        ),
        "st/pyproject.toml": (
            '[tool.setuptools.dynamic]\ndependencies = {file = ["deps.txt", "none.txt"]}\n'
        ),
        "st/deps.txt": "from-file==1\n",
    }
    rows = collect(make_tree(files), COLLECTOR)
    seen = observed(rows)
    assert (seen["sub"].fact("editable"), seen["sub"].fact("path"), seen["sub"].fact("group")) == (
        "yes",
        "pdm/sub",
        "group:test",
    )
    assert {r.fact("group") for r in all_observed(rows, "mkdocs") + all_observed(rows, "mike")} == {
        "group:docs"
    }
    assert seen["f"].kind == "project"
    assert seen["requests"].fact("group") == "runtime"
    assert str(seen["from-file"].evidence.at) == "st/deps.txt:1"
    assert gaps(rows) == [
        (
            "st/pyproject.toml:2: tool.setuptools.dynamic.dependencies.file[1]: there is no file"
            " none.txt"
        )
    ]


def test_lines_of_names_that_begin_alike(make_tree: MakeTree) -> None:
    text = (
        '[project]\nname = "p"\ndependencies = [\n  "torchvision",\n  # "torch",\n  "torch",\n\n '
        ' "torchaudio", "tor",\n]\n'
    )
    seen = observed(collect(make_tree({"pyproject.toml": text}), COLLECTOR))
    assert {
        name: seen[name].evidence.at.line for name in ("torchvision", "torch", "torchaudio", "tor")
    } == {
        "torchvision": 4,
        "torch": 6,
        "torchaudio": 8,
        "tor": 8,
    }


def test_a_key_of_many_parts_is_refused_at_once(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"pyproject.toml": "a = 1\n" + "a." * 50_000 + "b = 1\n"}), COLLECTOR)
    assert gaps(rows) == ["pyproject.toml: line 2: a key of more than 64 parts: not read"]


def test_relations_name_the_group(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"pyproject.toml": FULL}), COLLECTOR)
    assert {r.all("group") for r in relations(rows) if r.target == "pkg:pypi/cython@3.0"} == {
        ("build",)
    }
