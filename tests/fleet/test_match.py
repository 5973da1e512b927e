"""Who shares what with whom: found where it is so, silent where it is not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.errors import UsageError
from aisbom.fleet import query, sign_bits
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.key_table import KeyTable
from aisbom.fleet.match import Findings, match
from aisbom.fleet.question import Question
from aisbom.weights import sketch
from aisbom.weights.side import of_checkpoint
from tests.fleet.conftest import scan_list, write_list
from tests.weights.arrays import Arrays, model

A = model(1)
OWN = """
def blend(first, second, rate, steps, mask=None):
    total = first * rate + second * (1 - rate)
    for step in range(steps):
        total = total - rate * (total - second) / (step + 3)
        if mask is not None:
            total = total * mask + first * (1 - mask)
    return total.clamp(min=-7, max=11) if steps > 5 else total
"""
OTHER = """
def schedule(epoch, warm, peak, floor=0.01):
    if epoch < warm:
        return peak * (epoch + 1) / warm
    left = max(0, 90 - epoch) / max(1, 90 - warm)
    shaped = left * left * (3 - 2 * left)
    return floor + (peak - floor) * shaped if epoch < 90 else floor / 2
"""


def safetensors(tables: dict[str, np.ndarray]) -> bytes:
    header, data = {}, b""
    for name, value in sorted(tables.items()):
        raw = np.ascontiguousarray(value, np.float32).tobytes()
        places = [len(data), len(data) + len(raw)]
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": places}
        data += raw
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def noisy(tables, share, seed):
    dice = np.random.default_rng(seed)
    return {
        k: (v + dice.normal(size=v.shape) * v.std() * share).astype(np.float32)
        for k, v in tables.items()
    }


def fleet_of(tmp_path: Path, contents: dict[str, dict[str, str | bytes]]) -> Catalogue:
    places = {}
    for name, files in contents.items():
        for path, content in files.items():
            target = tmp_path / "in" / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        places[name] = tmp_path / "in" / name
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    for outcome in scan_list(write_list(tmp_path / "list.csv", places), catalogue):
        assert outcome.state == "scanned", outcome
    return catalogue


def told(catalogue: Catalogue, found: Findings) -> set[tuple[str, str, str]]:
    names = {entry.unit: entry.submission for entry in catalogue.entries()}
    rows = [*found.weights, *found.code, *found.files]
    return {(*sorted((names[row.a], names[row.b])), row.verdict) for row in rows}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("models")
    contents = {
        "base": A,
        "copy": A,
        "tuned": noisy(A, 0.3, 5),
        "other": model(2),
        "third": model(3),
    }
    return fleet_of(
        folder, {n: {"model.safetensors": safetensors(tables)} for n, tables in contents.items()}
    )


def test_relatives_are_found_and_others_are_not_named(models: Catalogue) -> None:
    found = match(models)
    assert found.weight_pairs == 10
    assert told(models, found) == {
        ("base", "copy", "identical"),
        ("base", "tuned", "common-origin"),
        ("copy", "tuned", "common-origin"),
    }
    assert all(row.log10_p < -9 and row.pairs == 10 for row in found.weights)
    rows = query.query(models, "SELECT verdict FROM matches").rows
    assert sorted(row[0] for row in rows) == ["common-origin", "common-origin", "identical"]


def test_what_was_handed_out_is_nobodys(models: Catalogue, tmp_path: Path) -> None:
    shutil.copytree(models.store.path(""), tmp_path / "c")
    catalogue = Catalogue.open(str(tmp_path / "c"))
    found = match(catalogue, ["base"])
    assert all("base" not in pair for pair in told(catalogue, found))
    assert not any(row.kind == "tensor" and row.verdict == "identical" for row in found.weights)
    with pytest.raises(UsageError, match="no submission of this name"):
        match(catalogue, ["nobody"])


def test_a_chance_is_corrected_for_every_pair_of_the_catalogue(models: Catalogue) -> None:
    """A pair that stands alone may fall among a hundred million others."""
    from aisbom.fleet.match_weights import _Model, _row

    one = _Model("a", "m", "s", "x", b"")
    answer = {"verdict": "common-origin", "log10_p": -12.0, "summary": "S."}
    alone = _row(one, one, answer, equal=0, distance=900, pairs=10)
    among = _row(one, one, answer, equal=0, distance=900, pairs=10**8)
    assert (alone.verdict, alone.log10_p) == ("common-origin", -11.0)
    assert (among.verdict, among.log10_p) == ("inconclusive", -4.0)
    assert "common" not in among.words


def test_functions_alike_are_found_with_their_lines(tmp_path: Path) -> None:
    catalogue = fleet_of(
        tmp_path,
        {
            "one": {"a.py": "import torch\n" + OWN},
            "two": {"deep/b.py": "import numpy\nimport torch\n" + OWN + OTHER},
            "three": {"c.py": OTHER.replace("90", "70").replace("floor / 2", "floor / 5")},
        },
    )
    found = match(catalogue)
    assert told(catalogue, found) == {("one", "two", "alike")}
    (row,) = found.code
    assert (row.shared, row.pairs) == (1, 6)
    assert "blend (a.py:3)" in row.words or "blend (deep/b.py:4)" in row.words
    assert "does not show who had it first" in row.words


def test_a_starter_kit_and_what_everybody_has_name_nobody(tmp_path: Path) -> None:
    contents = {f"s{number}": {"a.py": OWN, "n.txt": str(number)} for number in range(9)}
    catalogue = fleet_of(tmp_path, contents)
    assert match(catalogue).code == ()
    (tmp_path / "more").mkdir()
    few = fleet_of(tmp_path / "more", {n: contents[n] for n in ("s0", "s1", "s2")})
    assert len(match(few).code) == 3
    assert match(few, ["s2"]).code == ()


def test_the_same_tree_under_two_names_is_found(tmp_path: Path) -> None:
    for team in ("one", "two"):
        (tmp_path / team / "input").mkdir(parents=True)
        (tmp_path / team / "input" / "a.py").write_text(OTHER)
    places = {team: tmp_path / team / "input" for team in ("one", "two")}
    catalogue = Catalogue.make(str(tmp_path / "c"), Question())
    scan_list(write_list(tmp_path / "list.csv", places), catalogue)
    (row,) = match(catalogue).same
    assert (row.verdict, row.shared) == ("identical", 2)
    assert row.words.startswith("one, two: the same files")


def test_rounds_of_one_submission_are_no_pair(tmp_path: Path) -> None:
    catalogue = fleet_of(tmp_path, {"one": {"a.py": OWN, "n.txt": "1"}})
    (tmp_path / "in" / "one" / "n.txt").write_text("2")
    scan_list(tmp_path / "list.csv", catalogue, "2")
    assert len({entry.unit for entry in catalogue.entries()}) == 2
    assert match(catalogue).code == ()


@given(st.integers(0, 2**32), st.integers(0, 4096))
def test_the_distance_is_the_number_of_bits_that_differ(seed: int, count: int) -> None:
    dice = np.random.default_rng(seed)
    one = dice.integers(0, 2, 4096, dtype=np.uint8)
    other = one.copy()
    other[dice.permutation(4096)[:count]] ^= 1
    table = sign_bits.table([np.packbits(one).tobytes(), np.packbits(other).tobytes()])
    assert sign_bits.distances(np.packbits(one).tobytes(), table).tolist() == [0, count]


def test_counting_bits_by_masks_is_counting_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    words = np.random.default_rng(1).integers(0, 2**63, 1000, np.uint64)
    words[:3] = 0, 2**64 - 1, 2**63
    expected = [int(word).bit_count() for word in words]
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    assert sign_bits._count(words).tolist() == expected


def test_bits_of_a_sketch_are_those_of_its_checkpoint() -> None:
    side = of_checkpoint(Arrays(A), "a")
    held = sketch.read(sketch.write(side))
    signature, bits = sign_bits.bits(side)
    assert sign_bits.bits(held)[0] == signature
    away = sign_bits.distances(sign_bits.bits(held)[1], sign_bits.table([bits]))
    assert away[0] < 200  # values of a sketch have four bits


def test_unrelated_models_differ_in_half_of_their_bits() -> None:
    bits = [sign_bits.bits(of_checkpoint(Arrays(model(seed)), "m"))[1] for seed in range(1, 7)]
    table = sign_bits.table(bits)
    for at, one in enumerate(bits):
        away = np.delete(sign_bits.distances(one, table), at)
        assert (away > sign_bits.LIMIT).all()


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), max_size=60),
)
def test_a_key_table_finds_every_owner(rows: list[tuple[int, int]]) -> None:
    import tempfile

    keys = np.array([key for key, _ in rows], np.uint64)
    owners = np.array([owner for _, owner in rows], np.int32)
    with tempfile.TemporaryDirectory() as folder:
        table = KeyTable.build(Path(folder), [(keys, owners)])
        by_key: dict[int, set[int]] = {}
        for key, owner in rows:
            by_key.setdefault(key, set()).add(owner)
        for key, held in by_key.items():
            assert set(table.owners_of(np.array([key], np.uint64)).tolist()) == held
        several = {key: sorted(held) for key, held in by_key.items() if len(held) > 1}
        assert {key: held.tolist() for key, held in table.groups()} == several
        assert table.owners_of(np.array([99], np.uint64)).size == 0


def source(seed: int, edited: float = 0.0) -> str:
    """A file of 24 functions of names and numbers of its own; of a copy, a share of the lines has
    another number, so that no function is the same one.
    """
    dice, changes = np.random.default_rng(seed), np.random.default_rng(1000 + seed)
    words = [f"{chr(97 + seed % 26)}{'aeiou'[i % 5]}{i}" for i in range(60)]
    lines = ["import math", ""]
    for number in range(24):
        lines.append(f"def step_{words[number]}({', '.join(dice.choice(words, 3))}):")
        for _ in range(8):
            left, one, two = dice.choice(words, 3)
            sign, value = dice.choice(list("+-*/%")), int(dice.integers(1000))
            value += int(changes.random() < edited)
            lines.append(f"    {left} = {one} {sign} math.sqrt({two} + {value})")
        lines += [f"    return {dice.choice(words)}", ""]
    return "\n".join(lines)


def test_a_file_that_was_changed_in_every_function_is_found(tmp_path: Path) -> None:
    catalogue = fleet_of(
        tmp_path,
        {
            "one": {"a.py": source(1)},
            "two": {"deep/b.py": source(1, edited=0.12)},
            "three": {"c.py": source(2)},
            "four": {"d.py": source(3)},
        },
    )
    found = match(catalogue)
    assert told(catalogue, found) == {("one", "two", "alike")}
    (row,) = found.files
    assert (row.kind, row.shared, row.pairs) == ("file", 1, 6)
    assert row.log10_p < -100
    assert "does not show who had it first" in row.words
    kinds = query.query(catalogue, "SELECT kind FROM matches").rows
    assert ("file",) in kinds


def test_files_that_many_have_or_that_were_handed_out_name_nobody(tmp_path: Path) -> None:
    many = fleet_of(tmp_path / "m", {f"s{n}": {"a.py": source(1, 0.02 * n)} for n in range(10)})
    assert match(many).files == ()
    three = {n: {"a.py": source(1, 0.02 * at)} for at, n in enumerate(("kit", "one", "two"))}
    few = fleet_of(tmp_path / "f", three)
    assert len(match(few).files) == 3
    assert match(few, ["kit"]).files == ()


def test_files_that_share_little_name_nobody(tmp_path: Path) -> None:
    """A third of one file in another one: less than unrelated files of one library may share."""
    third = "\n".join(source(1).splitlines()[:90])
    catalogue = fleet_of(tmp_path, {"one": {"a.py": source(1)}, "two": {"b.py": third + source(2)}})
    assert match(catalogue).files == ()
