from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aisbom.weights import structure
from aisbom.weights.read.stored import TensorInfo, plain


def model(width: int, layers: int, prefix: str = "model.", dtype: str = "F16") -> list[TensorInfo]:
    rows = [plain(f"{prefix}embed.weight", dtype, (1000, width))]
    for n in range(layers):
        rows += [
            plain(f"{prefix}layers.{n}.up.weight", dtype, (4 * width, width)),
            plain(f"{prefix}layers.{n}.norm", dtype, (width,)),
        ]
    return rows


def test_sizes_of_one_architecture_have_one_structure() -> None:
    assert structure.digest(model(64, 2)) == structure.digest(model(128, 12, dtype="BF16"))
    assert structure.digest(model(64, 2)) != structure.digest(
        [*model(64, 2), plain("head", "F16", (64, 1000))]
    )
    # An up-projection of twice the width is another design, unless both widths are new letters.
    assert structure.digest([plain("a", "F16", (4, 4))]) != structure.digest(
        [plain("a", "F16", (4, 8))]
    )


def test_names_and_shapes_are_one_digest_in_every_precision_and_another_for_every_shard() -> None:
    assert structure.names_digest(model(64, 2)) == structure.names_digest(model(64, 2, dtype="F32"))
    first, second = model(64, 2)[1:3], model(64, 2)[3:]
    assert structure.digest(first) == structure.digest(second)
    assert structure.names_digest(first) != structure.names_digest(second)


def test_parts_and_what_they_are_usually_called() -> None:
    rows = [
        *model(64, 2, "model.language_model."),
        *model(32, 1, "model.visual."),
        *model(16, 1, "audio_tower."),
        plain("mm_projector.0", "F16", (2, 2)),
    ]
    parts = structure.submodels(rows)
    assert [(part.prefix, part.role) for part in parts] == [
        ("model.language_model", "language model"),
        ("model.visual", "vision encoder"),
        ("audio_tower", "audio encoder"),
        ("mm_projector", "projector"),
    ]
    assert sum(part.parameters for part in parts) == sum(row.numel for row in rows)
    # A part that was only renamed, or moved below another prefix, has the same structure.
    renamed = structure.submodels(model(32, 1, "backbone."))[0]
    assert renamed.digest == next(part.digest for part in parts if part.prefix == "model.visual")
    assert renamed.role == ""


def test_words_that_any_network_may_use_have_no_role() -> None:
    assert [structure.role(word) for word in ("encoder", "decoder", "layers", "conv#", "")] == [
        ""
    ] * 5


@given(st.permutations(model(64, 3)))
def test_order_does_not_matter(rows: list[TensorInfo]) -> None:
    assert structure.digest(rows) == structure.digest(model(64, 3))
    assert structure.submodels(rows) == structure.submodels(model(64, 3))
