from __future__ import annotations

from aisbom.collect.models.weight_parts import group_tensors, shapes
from aisbom.weights.read.stored import TensorInfo


def tensors(**shaped: tuple[int, ...]) -> list[TensorInfo]:
    return [
        TensorInfo(name.replace("__", "."), "F32", shape, 0, True) for name, shape in shaped.items()
    ]


def test_parts_with_their_widths() -> None:
    found = {
        part.part: dict(part.facts())
        for part in group_tensors(
            tensors(
                vision_tower__layers__0__norm__weight=(24,),
                vision_tower__layers__1__norm__weight=(24,),
                multi_modal_projector__linear_10__weight=(64, 32),
                multi_modal_projector__linear_2__weight=(32, 48),
                language_model__embed_tokens__weight=(100, 64),
            )
        )
    }
    assert set(found) == {"vision-encoder", "projector", "language-model"}
    assert (found["vision-encoder"]["width"], found["vision-encoder"]["layers"]) == (24, 2)
    assert (found["projector"]["in-width"], found["projector"]["out-width"]) == (48, 64)
    assert found["language-model"]["table-rows"] == 100


def test_one_network_has_no_parts() -> None:
    assert list(group_tensors(tensors(vision_model__a=(4,), vision_model__b=(4,)))) == []
    assert list(group_tensors(tensors(text_model__a=(4,), head=(4,)))) == []
    assert (
        list(group_tensors(tensors(encoder__layers__0__w=(4, 4), decoder__layers__0__w=(4, 4))))
        == []
    )
    assert list(group_tensors([])) == []


def test_an_encoder_beside_an_unnamed_rest_is_a_part() -> None:
    assert [part.part for part in group_tensors(tensors(visual__a=(4,), layers__0__w=(4, 4)))] == [
        "vision-encoder"
    ]


def test_layers_and_tables_are_only_told_where_there_is_one() -> None:
    assert shapes(tensors(encoder__layers__3__w=(2,), decoder__layers__1__w=(2,))) == []
    assert dict(shapes(tensors(model__layers__3__w=(2,), wte__weight=(7, 3)))) == {
        "layers": 4,
        "table": "wte.weight",
        "table-rows": 7,
        "table-width": 3,
    }
    assert shapes(tensors(a__wte__weight=(7, 3), b__wte__weight=(9, 3))) == []
