from __future__ import annotations

from aisbom.collect.ownership.reuse import COLLECTOR
from aisbom.model import Gap, Observation
from aisbom.model.facts import ANNOTATION, Annotation
from tests.conftest import MakeTree, collect

TABLE = """version = 1
[[annotations]]
path = ["a/**", "b/*"]
SPDX-License-Identifier = "MIT"

[[annotations]]
path = "*.py"
SPDX-License-Identifier = ["MIT", "Apache-2.0"]

[[annotations]]
path = 3
"""


def test_annotations_in_order_with_lines(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"m/REUSE.toml": TABLE}), COLLECTOR)
    (found,) = (row for row in rows if isinstance(row, Observation))
    assert found.get(ANNOTATION) == (
        Annotation(1, "a/**", "MIT", 3),
        Annotation(2, "b/*", "MIT", 3),
        Annotation(3, "*.py", "MIT AND Apache-2.0", 7),
    )
    assert [row.at.line for row in rows if isinstance(row, Gap)] == [11]


def test_bad_tables_are_gaps(make_tree: MakeTree) -> None:
    assert [type(row) for row in collect(make_tree({"REUSE.toml": "= 3"}), COLLECTOR)] == [Gap]
    assert collect(make_tree({"REUSE.toml": "version = 1"}), COLLECTOR) == ()
