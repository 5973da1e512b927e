from __future__ import annotations

import pytest

from aisbom.collect.python.setup_py import COLLECTOR
from aisbom.model import Observation
from tests.collect.rows import all_observed, edges, gaps, observed
from tests.conftest import MakeTree, collect


def _groups(rows: tuple[object, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        if isinstance(row, Observation) and row.kind == "requirement":
            found.setdefault(row.name, set()).update(row.all("group"))
    return found


def test_plain_literals(make_tree: MakeTree) -> None:
    text = """\
from setuptools import setup, find_packages
VERSION = "1." + "2"
setup(
    name="thing", version=VERSION, license="MIT",
    classifiers=["License :: OSI Approved :: MIT License"],
    packages=find_packages(),
    install_requires=[
        "torch==2.5.1",
        "numpy>=1.26; python_version < '3.13'",
    ],
    setup_requires="wheel",
    extras_require={"gpu": ["triton"], "old:python_version<'3.8'": ["dataclasses"], ":os_name=='nt'": "pywin32"},
)
"""
    rows = collect(make_tree({"app/setup.py": text}), COLLECTOR)
    project = observed(rows, "project")["thing"]
    assert (
        project.version,
        project.fact("license"),
        project.fact("classifier"),
        str(project.evidence.at),
    ) == (
        "1.2",
        "MIT",
        "License :: OSI Approved :: MIT License",
        "app/setup.py:4",
    )
    assert project.evidence.technique == "source-code-analysis"
    seen = observed(rows, "requirement")
    assert (
        seen["torch"].version,
        seen["torch"].evidence.at.line,
        seen["torch"].evidence.excerpt,
    ) == ("2.5.1", 8, '"torch==2.5.1",')
    assert _groups(rows) == {
        "torch": {"runtime"},
        "numpy": {"runtime"},
        "wheel": {"build"},
        "triton": {"extra:gpu"},
        "dataclasses": {"extra:old"},
        "pywin32": {"runtime"},
    }
    assert (seen["dataclasses"].fact("marker"), seen["pywin32"].fact("marker")) == (
        'python_version < "3.8"',
        'os_name == "nt"',
    )
    assert ("project:app", "pkg:pypi/torch@2.5.1") in edges(rows)
    assert gaps(rows) == []


def test_a_table_of_dependencies_with_helpers(make_tree: MakeTree) -> None:
    """The way several large libraries of the field write it."""
    text = """\
import os, re, sys
from setuptools import setup
_deps = [
    "Pillow>=10.0",
    "accelerate>=0.29",
    "jax>=0.4.1",
    "numpy",
    "unused<2",
    "python>=3.8.0",
]
deps = {b: a for a, b in (re.findall(r"^(([^!=<>~ ]+)(?:[!=<>~ ].*)?$)", x)[0] for x in _deps)}
def deps_list(*pkgs):
    return [deps[pkg] for pkg in pkgs]
extras = {}
extras["torch"] = deps_list("accelerate")
if os.name == "nt":
    extras["flax"] = []
else:
    extras["flax"] = deps_list("jax")
extras["dev"] = extras["torch"] + extras["flax"]
install_requires = [deps["numpy"], deps["Pillow"]]
if sys.platform == "linux":
    install_requires.append("uvloop")
setup(name="d", version="1", install_requires=list(install_requires), extras_require=extras)
"""
    rows = collect(make_tree({"setup.py": text}), COLLECTOR)
    assert gaps(rows) == []
    assert _groups(rows) == {
        "Pillow": {"runtime"},
        "numpy": {"runtime"},
        "uvloop": {"runtime"},
        "accelerate": {"extra:torch", "extra:dev"},
        "jax": {"extra:flax", "extra:dev"},
        "unused": set(),
    }
    assert observed(rows)["uvloop"].evidence.confidence == "medium"  # one branch only
    assert observed(rows)["unused"].evidence.confidence == "low"
    assert not any("unused" in target or "python" in target for _, target in edges(rows))
    assert observed(rows)["Pillow"].evidence.at.line == 4


@pytest.mark.parametrize(
    "expression",
    [
        '["x"] + ["y"]',
        '"x\\ny".split("\\n")',
        '"x y".split()',
        'sorted({"x", "y"})',
        '[n for n in ("x", "y")]',
        'A["all"]',
        "[*B, 'y']",
        "list(A['all'])",
        "f()",
        'sum([["x"], ["y"]], [])',
        "'''\nx\ny\n'''",
        "g('x', 'y')",
    ],
)
def test_ways_to_write_a_list(make_tree: MakeTree, expression: str) -> None:
    text = f"import setuptools\nA = dict(all=['x', 'y'])\nB = ['x']\ndef f():\n    found = []\n    for n in ['x', 'y']:\n        found += [n]\n    return found\ndef g(*names):\n    return list(names)\nsetuptools.setup(install_requires={expression})\n"
    rows = collect(make_tree({"setup.py": text}), COLLECTOR)
    assert (_groups(rows), gaps(rows)) == ({"x": {"runtime"}, "y": {"runtime"}}, [])


def test_arguments_by_a_table_and_a_call_inside_a_function(make_tree: MakeTree) -> None:
    files = {
        "a/setup.py": (
            "from setuptools import setup\nargs = {'name': 'a', 'install_requires':"
            " ['x']}\nargs.update(version='3')\nsetup(**args)\n"
        ),
        "b/setup.py": (
            "from setuptools import setup\ndef main():\n    setup(name='b',"
            " install_requires=['y'])\nif __name__ == '__main__':\n    main()\n"
        ),
        "c/setup.py": (
            "from setuptools import setup\nclass X:\n    pass\ndef run(v):\n    setup(name='c',"
            " version=v, install_requires=['z'])\n"
        ),
    }
    rows = collect(make_tree(files), COLLECTOR)
    assert observed(rows)["a"].version == "3"
    assert edges(rows) == {
        ("project:a", "pkg:pypi/x"),
        ("project:b", "pkg:pypi/y"),
        ("project:c", "pkg:pypi/z"),
    }


def test_what_is_computed_is_said(make_tree: MakeTree) -> None:
    text = "from setuptools import setup\nimport os\nsetup(name=os.environ['N'],\n      install_requires=os.listdir('.') + ['kept'],\n      extras_require=make())\nsetup(**os.environ)\n"
    rows = collect(make_tree({"setup.py": text}), COLLECTOR)
    assert set(observed(rows)) == {"kept"}
    assert gaps(rows) == [
        "setup.py:3: the name is computed: not read",
        "setup.py:4: install_requires is computed: not read",
        "setup.py:5: extras_require is computed: not read",
        "setup.py:6: arguments of setup are computed: not read",
    ]


@pytest.mark.parametrize(
    "reading",
    [
        "open('requirements.txt').read().splitlines()",
        "read()",
        "lines",
        "[r for r in open(os.path.join(here, 'requirements.txt'))]",
    ],
)
def test_a_requirements_file_that_is_read_needs_no_gap(make_tree: MakeTree, reading: str) -> None:
    text = f"import os\nfrom setuptools import setup\nhere = os.path.dirname(__file__)\ndef read():\n    with open('requirements.txt') as f:\n        return f.read().split()\nwith open('requirements.txt') as f:\n    lines = f.readlines()\nsetup(name='p', install_requires={reading})\n"
    rows = collect(make_tree({"setup.py": text, "requirements.txt": "x==1\n"}), COLLECTOR)
    assert (gaps(rows), str(observed(rows)["x"].evidence.at)) == ([], "requirements.txt:1")
    alone = collect(make_tree({"other/setup.py": text}), COLLECTOR)
    assert any("install_requires is computed" in gap for gap in gaps(alone))


def test_nothing_is_executed(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "setup.py": (
                "from setuptools import setup\nopen('made',"
                " 'w').write('x')\nsetup(name='p')\nimport sys; sys.exit(3)\n"
            )
        }
    )
    assert set(observed(collect(root, COLLECTOR))) == {"p"}
    assert not (root / "made").exists()


def test_a_script_that_is_no_setup_says_nothing(make_tree: MakeTree) -> None:
    assert (
        collect(make_tree({"setup.py": "deps = ['torch>=1', 'numpy']\nprint(deps)\n"}), COLLECTOR)
        == ()
    )


@pytest.mark.parametrize(
    "text",
    [
        "x = ['a']\n"
        + "x = x + x\n" * 60
        + "from setuptools import setup\nsetup(install_requires=x)\n",
        "x = 'a'\n"
        + "x = x + x\n" * 60
        + "from setuptools import setup\nsetup(install_requires=[x])\n",
        "def f():\n    return f() + f()\nsetup(install_requires=f())\n",
        "def f(x):\n    return [f(x), f(x), f(x)]\nsetup(install_requires=f(1))\n",
        "x = [" + "1," * 3000 + "]\nsetup(install_requires=[a for a in x for b in x for c in x])\n",
        "if a:\n  b=1\n" * 3000 + "setup(install_requires=b)\n",
        "x = {}\n"
        + "".join(f"x['{n}'] = 1\n" for n in range(3000))
        + "setup(install_requires=x)\n",
    ],
)
def test_growth_is_bounded(make_tree: MakeTree, text: str) -> None:
    assert gaps(collect(make_tree({"setup.py": text}), COLLECTOR)) != []


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "-" * 100_000 + "1",
        "1+" * 100_000 + "1",
        "a." * 50_000 + "b",
        "def f(:\n",
        "x = \0\n",
    ],
)
def test_what_is_no_python_is_a_gap(make_tree: MakeTree, text: str) -> None:
    assert len(gaps(collect(make_tree({"setup.py": text}), COLLECTOR))) == 1


def test_one_requirement_in_many_groups(make_tree: MakeTree) -> None:
    text = "base = ['x']\nsetup(name='p', install_requires=base, extras_require={'a': base})\n"
    assert {
        r.fact("group")
        for r in all_observed(collect(make_tree({"setup.py": text}), COLLECTOR), "x")
    } == {"runtime", "extra:a"}
