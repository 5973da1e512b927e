"""The licence of a project holds for what lies below it, unless something nearer speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.model.ledger import Ledger
from aisbom.pipeline import Options, scan
from tests.conftest import MakeTree
from tests.licences.texts import apache, mit


def answers(root: Path) -> dict[str, tuple[str, ...]]:
    """{ref: the licence that counts} of every code tree."""
    found = scan(root, Options(name="whole"))
    ledger = Ledger(found.claims)
    return {
        c.ref: ledger.licence(c.ref).values for c in found.components if c.ref.startswith("code:")
    }


def test_a_licence_file_at_the_root_holds_for_every_folder(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "LICENSE": mit(),
            "src/plain/mod.py": "x = 1\n",
            "tests/test_mod.py": "x = 1\n",
            "scripts/run.sh": "echo\n",
        }
    )
    assert answers(root) == {
        "code:src/plain": ("MIT",),
        "code:tests": ("MIT",),
        "code:scripts": ("MIT",),
    }


@pytest.mark.parametrize(("tagged", "value"), [(1, "MIT"), (3, "Apache-2.0")])
def test_a_tag_speaks_for_a_tree_only_where_it_covers_most_of_it(
    make_tree: MakeTree, tagged: int, value: str
) -> None:
    tag = "# SPDX-License-Identifier: Apache-2.0\n"
    files = {f"a/{n}.py": (tag if n < tagged else "# plain\n") + "x = 1\n" for n in range(4)}
    assert answers(make_tree({"LICENSE": mit(), **files})) == {"code:a": (value,)}


def test_a_licence_file_speaks_for_its_own_folder(make_tree: MakeTree) -> None:
    root = make_tree(
        {
            "LICENSE": mit(),
            "a/LICENSE": apache(),
            "a/one.py": "x = 1\n",
            "b/two.py": "x = 1\n",
            "b/deep/LICENSE": apache(),
            "b/deep/three.py": "x = 1\n",
        }
    )
    assert answers(root) == {"code:a": ("Apache-2.0",), "code:b": ("MIT",)}


def test_a_nested_project_s_own_licence_is_nearer_than_the_root_s(make_tree: MakeTree) -> None:
    nested = '[project]\nname = "inner"\nversion = "1"\nlicense = "Apache-2.0"\n'
    root = make_tree(
        {
            "LICENSE": mit(),
            "inner/pyproject.toml": nested,
            "inner/inner/__init__.py": "x = 1\n",
            "other/pyproject.toml": '[project]\nname = "other"\nversion = "1"\n',
            "other/other/__init__.py": "x = 1\n",
        }
    )
    assert answers(root) == {"code:inner/inner": ("Apache-2.0",), "code:other/other": ("MIT",)}


def root_licence(root: Path) -> tuple[str, ...]:
    found = scan(root, Options(name="whole"))
    return Ledger(found.claims).licence(found.root).values


NAMED = '[project]\nname = "x"\nversion = "1"\n'


@pytest.mark.parametrize(
    ("files", "value"),
    [
        ({"LICENCE": "MIT"}, "MIT"),
        ({"COPYING": "MIT"}, "MIT"),
        ({"LICENSE.md": "MIT"}, "MIT"),
        ({"MIT-LICENSE.txt": "MIT"}, "MIT"),
        ({"LICENSES/MIT.txt": "MIT"}, "MIT"),
        ({"LICENSE-MIT": "MIT", "LICENSE-APACHE": "Apache"}, "Apache-2.0 OR MIT"),
        ({"LICENSE-CODE": "MIT", "LICENSE-MODEL": "Apache"}, "MIT"),
        ({"CODE_LICENSE": "MIT", "DATA_LICENSE": "Apache"}, "MIT"),
        ({"LICENSE": "MIT", "THIRD_PARTY_LICENSES": "Apache"}, "MIT"),
        ({"LICENSE": "MIT", "LICENSES/Apache-2.0.txt": "Apache"}, "MIT"),
        (
            {"README.md": "# X\n\n## License\n\nThis project is licensed under Apache 2.0.\n"},
            "Apache-2.0",
        ),
        (
            {"LICENSE": "The code is under the MIT license, the weights under CC-BY-NC 4.0.\n"},
            "MIT",
        ),
        ({"pyproject.toml": NAMED + 'license = {text = "MIT License"}\n'}, "MIT"),
        ({"pyproject.toml": NAMED + 'license = {file = "LICENSE"}\n', "LICENSE": "MIT"}, "MIT"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else value,
)
def test_where_the_licence_of_a_project_stands(
    make_tree: MakeTree, files: dict[str, str], value: str
) -> None:
    texts = {"MIT": mit(), "Apache": apache()}
    tree = make_tree({name: texts.get(text, text) for name, text in files.items()})
    assert root_licence(tree) == (value,)


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "It uses a model, which is licensed under Apache 2.0.\n"},
        {"README.md": "Based on llama, the code of which is licensed under MIT License.\n"},
        {"THIRD_PARTY_NOTICES": "MIT"},
        {"LICENSE": "MIT", "COPYING": "Apache"},
    ],
    ids=["of a model", "of what it is based on", "of third parties", "two texts"],
)
def test_what_is_not_the_licence_of_a_project(make_tree: MakeTree, files: dict[str, str]) -> None:
    texts = {"MIT": mit(), "Apache": apache()}
    assert root_licence(make_tree({n: texts.get(t, t) for n, t in files.items()})) == ()


_MODEL = "https://huggingface.co/upstage/Norae-1"


@pytest.mark.parametrize(
    ("words", "model", "expected"),
    [
        ("The model is released under CC-BY-NC-4.0.", _MODEL, ("CC-BY-NC-4.0",)),
        ("모델 가중치는 CC BY-NC 4.0을 따릅니다.", _MODEL, ("CC-BY-NC-4.0",)),
        # The code is another thing, and so are models of others.
        ("The code is released under MIT.", _MODEL, ()),
        ("The model is released under CC-BY-NC-4.0.", "https://huggingface.co/norae/Norae-1", ()),
        # Two licences: nothing says which of them this one is under.
        (
            "Our model is released under CC-BY-NC-4.0.\n\nThe models are released under MIT.",
            _MODEL,
            (),
        ),
    ],
)
def test_what_a_readme_says_of_its_weights_holds_for_models_of_its_maker(
    make_tree: MakeTree, words: str, model: str, expected: tuple[str, ...]
) -> None:
    root = make_tree(
        {
            "LICENSE": f"Copyright (c) 2025 Upstage Co., Ltd.\n\n{mit()}",
            "README.md": f"# Norae\n\n[the model]({model})\n\n## License\n\n{words}\n",
            "run.py": "x = 1\n",
        }
    )
    found = scan(root, Options(name="whole"))
    named = next(c for c in found.components if c.purl.startswith("pkg:huggingface/"))
    assert Ledger(found.claims).licence(named.ref).values == expected


def test_weights_in_a_project_of_the_tree_are_under_the_licence_of_that_project(
    make_tree: MakeTree,
) -> None:
    config = '{"architectures": ["NoraeForCausalLM"], "model_type": "norae"}'
    root = make_tree(
        {
            "sub/LICENSE": apache(),
            "sub/pyproject.toml": '[project]\nname = "sori"\nversion = "1"\n',
            "sub/sori/a.py": "x = 1\n",
            "sub/lora/one/config.json": config,
            "sub/lora/one/model.safetensors": "no weights",
            "other/config.json": config,
            "other/model.safetensors": "no weights",
        }
    )
    found = scan(root, Options(name="whole"))
    ledger = Ledger(found.claims)
    assert ledger.licence("model:sub/lora/one").values == ("Apache-2.0",)
    assert not ledger.claims("model:sub/lora/one", "licence.conflict")
    assert ledger.licence("model:other").state == "unknown"
    assert ledger.claims("model:other", "licence.conflict")
