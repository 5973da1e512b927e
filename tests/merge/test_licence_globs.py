from __future__ import annotations

from aisbom.model.facts import LICENCE_SCOPE
from tests.conftest import MakeTree
from tests.identify.test_contradictions import DECODER, config
from tests.merge.test_models import merged

TABLE = """version = 1
[[annotations]]
path = "**"
SPDX-License-Identifier = "LicenseRef-Ours"
[[annotations]]
path = "*.py"
SPDX-License-Identifier = "MIT"
[[annotations]]
path = "vision_encoder/**"
SPDX-License-Identifier = "Apache-2.0"
"""


def test_the_last_annotation_of_the_nearest_table_counts(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {
        "REUSE.toml": TABLE.replace("LicenseRef-Ours", "GPL-3.0-only"),
        "m/REUSE.toml": TABLE,
        "m/config.json": config(),
        "m/model.safetensors": DECODER,
        "m/vision_encoder/model.safetensors": DECODER,
        "n/config.json": config(),
    }
    scan = merged(make_tree, files)
    said = {
        c.ref: {scope.expression for scope, _ in c.get(LICENCE_SCOPE)}
        for c in scan.components
        if c.ref.startswith("model:")
    }
    assert said == {
        "model:m": {"LicenseRef-Ours"},
        "model:m/vision_encoder": {"Apache-2.0"},
        "model:n": {"GPL-3.0-only"},
    }


def test_without_a_table_nothing_is_scoped(make_tree: MakeTree) -> None:
    scan = merged(make_tree, {"m/config.json": config()})
    assert not any(c.get(LICENCE_SCOPE) for c in scan.components)


def test_a_star_stays_in_its_folder(make_tree: MakeTree) -> None:
    table = '[[annotations]]\npath = "m/*"\nSPDX-License-Identifier = "MIT"\n'
    scan = merged(
        make_tree, {"REUSE.toml": table, "m/config.json": config(), "m/inner/config.json": config()}
    )
    assert {c.ref for c in scan.components if c.get(LICENCE_SCOPE)} == {"model:m"}
