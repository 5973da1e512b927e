"""What is compared with the index of known code, and what is not worth a gap."""

from __future__ import annotations

from aisbom.codeprint import identity
from aisbom.collect.ownership.code_index import collector
from aisbom.collect.ownership.copied_code import MAX_READ
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect


def test_large_data_is_compared_by_identity_and_large_code_is_a_gap(make_tree: MakeTree) -> None:
    data = b"[" + b"1," * (MAX_READ // 2) + b"1]"
    rows = collect(
        make_tree({"data/rows.yaml": data, "big.py": b"x = 1\n" * (MAX_READ // 6 + 1)}), collector()
    )
    assert [row.at.path for row in rows if isinstance(row, Gap)] == ["big.py"]
    (found,) = (row for row in rows if isinstance(row, Observation))
    assert (found.evidence.at.path, found.fact("blob")) == (
        "data/rows.yaml",
        identity.blob(data).hex(),
    )
