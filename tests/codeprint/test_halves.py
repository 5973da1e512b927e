"""Functions are told apart by 64 bits; an index that was made with 32 still answers by those."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from aisbom.codeprint.container import Container, write
from aisbom.codeprint.corpus import Corpus
from aisbom.codeprint.corpus_arrays import join_tables
from aisbom.codeprint.derive import derive
from aisbom.codeprint.fingerprint_table import Table
from aisbom.codeprint.fingerprints import HALF, Prints, of_file
from aisbom.codeprint.project import Project
from tests.codeprint.made import index, project, sample, table

PATH = "src/lantern/models/lantern.py"
LOW = ("print_function_low", "print_common_low")


def prints() -> Prints:
    found = of_file("entry.py", sample("lantern").encode())
    assert found is not None
    return found


def arrays() -> dict[str, Any]:
    return table([(0, PATH, sample("lantern").encode())])


def functions_found(of: Mapping[str, Any]) -> set[tuple[str, bool]]:
    known = Corpus(join_tables([Table(of)]))
    same = known.evidence(prints()).same
    return {(one.ours.name, one.renamed) for one in known.functions_at(prints(), same, 0)}


def test_lower_halves_are_kept_and_never_zero() -> None:
    held = Table(arrays()).functions
    every = {one.hash for one in prints().functions}
    assert set(held["hash"].tolist()) == every
    assert all(hash_ & HALF for hash_ in every)


def test_an_index_without_lower_halves_answers_by_the_upper_ones() -> None:
    old = {name: array for name, array in arrays().items() if name not in LOW}
    assert not any(hash_ & HALF for hash_ in Table(old).functions["hash"].tolist())
    assert functions_found(old) == functions_found(arrays()) != set()
    files = {PATH: sample("lantern")}
    new = project("lantern", files)
    packed = new._container
    members = {name: packed.read(name) for name in ("about.json", "paths.txt")}
    kept = {name: array for name, array in packed.arrays().items() if name not in LOW}
    narrow = Project(Container(write(members, kept)))
    assert derive(prints(), index(narrow)) == derive(prints(), index(new))


@pytest.mark.parametrize("bit", [0, 31])
def test_a_function_that_agrees_in_32_bits_alone_is_another_one(bit: int) -> None:
    changed = arrays()
    width, planes = int(changed[LOW[0]][0]), changed[LOW[0]][1:].copy()
    rows = planes.reshape(width, -1)
    rows[bit // 8] ^= np.uint8(1 << bit % 8)
    changed[LOW[0]] = np.concatenate([changed[LOW[0]][:1], rows.ravel()])
    # But for the names they are alike: that is known by 32 bits, as it is never shown alone.
    assert all(renamed for _, renamed in functions_found(changed))


def test_a_common_function_of_either_kind_is_common() -> None:
    hashes = np.array([one.hash for one in prints().functions], np.uint64)
    known = Corpus(join_tables([Table(arrays())]))
    for held in (hashes, hashes & np.uint64(HALF << 32)):
        one = type(known.functions)(
            known.functions.hashes, known.functions.path, np.sort(held), True
        )
        assert one.is_common(hashes).all()
        assert not one.is_common(hashes ^ np.uint64(1 << 40)).any()
