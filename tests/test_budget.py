"""What a scan may cost, counted as work and not as time: a machine under load changes nothing.

Files opened, syntax trees parsed, patterns compiled and modules imported by the real program on
fixed trees. A number that grows has a reason, or is a regression.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aisbom.cache.store import SETTLED
from tests.conftest import MakeTree

COUNTER = """
import json, re._parser, sys
root, output = sys.argv[1:3]
opened, parsed, patterns = {}, [], []
def hook(event, given):
    if event == "open" and isinstance(given[0], str):
        if given[0].endswith("/.git"):
            pass  # whether there is one
        elif given[0].startswith(root) or given[0].endswith(".codeindex"):
            opened[given[0]] = opened.get(given[0], 0) + 1
    elif event == "compile" and given[1] == "<unknown>" and len(given[0] or "") > 200:
        parsed.append(1)
parse_pattern = re._parser.parse
def compiled(*given):
    patterns.append(1)
    return parse_pattern(*given)
re._parser.parse = compiled
sys.addaudithook(hook)
from aisbom.cli import main
code = main(sys.argv[3:])
told = {"code": code, "opened": opened, "parsed": len(parsed), "patterns": len(patterns)}
with open(output, "w") as file:
    json.dump({**told, "modules": sorted(sys.modules)}, file)
"""

CODE = '''
from transformers import AutoModel

def build(name="acme/encoder-7b"):
    """The encoder."""
    return AutoModel.from_pretrained(name, trust_remote_code=True)

class Head:
    def __init__(self, width, depth):
        self.layers = [Layer(width, number) for number in range(depth)]

    def forward(self, hidden, mask=None):
        for layer in self.layers:
            hidden = layer(hidden, mask) + hidden
        return hidden
'''
PLAIN = "def total_{0}(values):\n    return sum(value * {0} for value in values)\n"

FOUR = {
    "README.md": "# A demo\n\nBuilt on acme/encoder-7b.\n",
    "LICENSE": "MIT License\n\nCopyright (c) 2026 Acme Labs Inc.\n",
    "requirements.txt": "numpy==2.1.0\ntorch>=2.3\n",
    "main.py": CODE,
}


@dataclass(frozen=True)
class Work:
    """What one run did. `opened` counts by path, the index's own files included; `parsed` are
    texts of more than 200 characters.
    """

    opened: Mapping[str, int]
    parsed: int
    patterns: int
    modules: frozenset[str]
    own: int = field(default=0)


Count = Callable[..., Work]


@pytest.fixture(scope="module")
def count(tmp_path_factory: pytest.TempPathFactory) -> Count:
    """Run the program and count its work, with an index that an earlier scan put together."""
    scratch = tmp_path_factory.mktemp("budget")
    environment = {**os.environ, "AISBOM_CACHE_DIR": str(scratch / "cache")}

    def run(root: Path, *arguments: str) -> Work:
        output = scratch / "work.json"
        command = [sys.executable, "-c", COUNTER, str(root), str(output), *arguments]
        subprocess.run(command, check=True, env=environment, cwd=scratch, stdout=subprocess.DEVNULL)
        told = json.loads(output.read_text("utf-8"))
        assert told["code"] == 0
        modules = frozenset(told["modules"])
        own = sum(name.partition(".")[0] == "aisbom" for name in modules)
        return Work(told["opened"], told["parsed"], told["patterns"], modules, own)

    first = scratch / "first"
    first.mkdir()
    (first / "main.py").write_text(CODE, "utf-8")
    run(first, "generate", str(first), "-o", str(scratch / "first.json"), "-q")
    return run


def generate(count: Count, root: Path, *more: str) -> Work:
    output = str(root.parent / "out.cdx.json")
    return count(root, "generate", str(root), "-o", output, "-q", "--no-cache", *more)


def libraries(work: Work) -> set[str]:
    heavy = {"numpy", "yaml", "lxml", "multiprocessing", "concurrent", "git", "rich"}
    return heavy & set(work.modules)


def test_four_files(count: Count, make_tree: MakeTree) -> None:
    root = make_tree(FOUR)
    work = generate(count, root)
    files = {path.removeprefix(f"{root}/"): times for path, times in work.opened.items()}
    assert files == dict.fromkeys(FOUR, 1)  # each once, and no file of the index
    assert work.parsed == 1
    assert libraries(work) <= {"numpy"}  # a fingerprint needs it
    assert "numpy.ma" not in work.modules
    assert work.patterns <= 492
    assert work.own <= 339
    assert len(work.modules) <= 674


def test_patterns_are_compiled_once(count: Count, make_tree: MakeTree) -> None:
    """Of some 480, a second scan compiles the few of the command line again."""
    command = ("generate", str(make_tree(FOUR)), "-o", "out.cdx.json", "-q")
    count(make_tree({}), *command)
    assert count(make_tree({}), *command, "--profile", "full-stack").patterns <= 35


def test_a_tree_without_code_needs_no_numpy(count: Count, make_tree: MakeTree) -> None:
    texts = {name: text for name, text in FOUR.items() if name != "main.py"}
    work = generate(count, make_tree({**texts, "config.json": '{"model_type": "bert"}'}))
    assert not libraries(work)
    assert work.parsed == 0
    assert len(work.modules) <= 587


def test_what_a_library_is_for_brings_it_in(count: Count, make_tree: MakeTree) -> None:
    """The names above are those of libraries that the program does use."""
    work = generate(count, make_tree({"environment.yml": "dependencies:\n  - numpy\n"}))
    assert "yaml" in libraries(work)


def test_two_hundred_files(count: Count, make_tree: MakeTree) -> None:
    """Every file is opened once, and only one that may name something is parsed, once."""
    files = {f"pkg/part_{n}.py": PLAIN.format(n) for n in range(190)}
    files |= {f"pkg/model_{n}.py": CODE.replace("Head", f"Head{n}") for n in range(10)}
    root = make_tree(files)
    work = generate(count, root, "--jobs", "1")
    opened = {path.removeprefix(f"{root}/"): times for path, times in work.opened.items()}
    assert opened == dict.fromkeys(files, 1)
    assert work.parsed == 10


def test_one_changed_file(count: Count, make_tree: MakeTree) -> None:
    """It alone is opened and parsed again."""
    files = {f"pkg/model_{n}.py": CODE.replace("Head", f"Head{n}") for n in range(30)}
    root = make_tree(files)
    time.sleep(SETTLED + 0.1)
    command = ("generate", str(root), "-o", str(root.parent / "out.cdx.json"), "-q")
    assert count(root, *command, "--jobs", "1").parsed == 30
    (root / "pkg/model_3.py").write_text(CODE.replace("Head", "Other"), "utf-8")
    work = count(root, *command, "--jobs", "1")
    assert work.parsed == 1
    opened = {path.removeprefix(f"{root}/"): times for path, times in work.opened.items()}
    assert opened.pop("pkg/model_3.py") <= 2
    assert not opened


def test_nothing_changed(count: Count, make_tree: MakeTree) -> None:
    """No file is opened, and nothing is imported that makes a document."""
    root = make_tree(FOUR)
    time.sleep(SETTLED + 0.1)
    command = ("generate", str(root), "-o", str(root.parent / "out.cdx.json"), "-q")
    count(root, *command)
    work = count(root, *command)
    assert not work.opened
    assert work.parsed == 0
    assert not libraries(work)
    assert not {"aisbom.emit", "aisbom.judge", "aisbom.merge"} & work.modules
    assert work.own <= 84
    assert len(work.modules) <= 270
    assert work.patterns <= 35


def test_a_module_that_others_import(count: Count, make_tree: MakeTree) -> None:
    """Where it changes, those are read again that looked at its bytes, not all that import it."""
    code = CODE.replace("def build(", "from pkg.shared import log\n\ndef build(")
    files = {f"pkg/model_{n}.py": code.replace("Head", f"Head{n}") for n in range(20)}
    files["pkg/shared.py"] = 'def log(text):\n    """Nothing."""\n' + "    print(text)\n" * 10
    uses = "from pkg.shared import log\nfrom transformers import AutoModel\n\n"
    files["pkg/uses.py"] = uses + 'log("acme/encoder-7b")\n' + "# nothing more\n" * 20
    root = make_tree(files)
    time.sleep(SETTLED + 0.1)
    command = ("generate", str(root), "-o", str(root.parent / "out.cdx.json"), "-q")
    count(root, *command, "--jobs", "1")
    (root / "pkg/shared.py").write_text(files["pkg/shared.py"] + "# changed\n", "utf-8")
    assert 1 <= count(root, *command, "--jobs", "1").parsed <= 2  # what uses it, and it itself


INHERITS = CODE.replace("class Head:", "class Head(LlamaModel):").replace(
    "from transformers import AutoModel\n",
    "from transformers.models.llama.modeling_llama import LlamaModel\n",
)


def test_an_inherited_class(count: Count, make_tree: MakeTree) -> None:
    """Which file it comes from, a table says that an earlier scan made of all paths of the index:
    of its hundred files only those are opened that hold such a path.
    """
    root = make_tree({"model.py": INHERITS})
    generate(count, root)
    work = generate(count, root)
    assert sum(path.endswith(".codeindex") for path in work.opened) <= 4


def test_help(count: Count, tmp_path: Path) -> None:
    work = count(tmp_path, "--help")
    assert not libraries(work)
    assert work.own <= 9
    assert len(work.modules) <= 165
    assert work.patterns <= 26
