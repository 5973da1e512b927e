"""A frozen class is what the standard library's decorator would have made of it."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from aisbom.frozen import dataclass


def _made(decorator: Callable[..., Any], **options: bool) -> Any:
    @decorator(frozen=True, **options)
    class Point:
        """A place."""

        x: int
        y: int = 2
        names: list[str] = dataclasses.field(default_factory=list, compare=False)
        seen: dict[str, int] = dataclasses.field(
            default_factory=dict, init=False, repr=False, compare=False
        )
        colour: str = dataclasses.field(default="red", kw_only=True)

        def far(self) -> int:
            return self.x + self.y

    return Point


@pytest.mark.parametrize(
    "options", [{}, {"slots": True}, {"slots": True, "order": True}, {"eq": False}]
)
def test_both_decorators_agree(options: dict[str, bool]) -> None:
    ours, theirs = _made(dataclass, **options), _made(dataclasses.dataclass, **options)
    for one in (ours, theirs):
        point = one(1, names=["n"])
        assert (point.x, point.y, point.names, point.seen, point.colour, point.far()) == (
            1,
            2,
            ["n"],
            {},
            "red",
            3,
        )
        assert (one(1) == one(1, 2, ["m"])) is options.get("eq", True)
        assert one(1) != one(1, colour="blue")
        assert one(1) != theirs(1) or one is theirs
        assert dataclasses.replace(point, y=5).far() == 6
        assert dataclasses.asdict(point)["names"] == ["n"]
        with pytest.raises(dataclasses.FrozenInstanceError):
            point.x = 3
        with pytest.raises(dataclasses.FrozenInstanceError):
            del point.x
        with pytest.raises(TypeError):
            one()
        with pytest.raises(TypeError):
            one(1, 2, [], "blue")
        assert hasattr(point, "__dict__") is not options.get("slots", False)
        if options.get("order"):
            assert sorted([one(2), one(1, 9), one(1)]) == [one(1), one(1, 9), one(2)]
            assert one(1) <= one(1) < one(1, 3)
    assert repr(ours(1)) == repr(theirs(1))
    assert ours.__match_args__ == theirs.__match_args__
    if options.get("eq", True):
        assert len({ours(1), ours(1), ours(2)}) == 2


@dataclass(frozen=True, slots=True)
class Pair:
    first: str
    second: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.first:
            raise ValueError("no first")


@dataclass(frozen=True, slots=True)
class Triple(Pair):
    third: int = 0


def test_an_instance_with_slots_is_pickled_and_inherited_from() -> None:
    assert pickle.loads(pickle.dumps(Pair("a", (1,)))) == Pair("a", (1,))  # noqa: S301, TID251
    assert Triple("a", (1,), 2).third == 2
    assert Triple("a") != Pair("a")
    with pytest.raises(ValueError, match="no first"):
        Pair("")


def test_a_class_that_is_not_frozen_is_left_to_the_standard_library() -> None:
    @dataclass(slots=True)
    class Counter:
        total: int = 0

    counter = Counter()
    counter.total += 1
    assert counter == Counter(1)
