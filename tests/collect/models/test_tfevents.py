from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.collect.models.tfevents import scalars
from tests.collect.models.test_training_log import event, record


def test_scalars_in_order_and_a_long_record_is_passed_over() -> None:
    data = (
        event(1.0, 1, "loss", 2.0)
        + record(bytes(2 * 1024 * 1024))
        + event(2.0, 2, "loss", 1.0, tensor=True)
    )
    assert [(s.step, s.tag, s.value) for s in scalars(io.BytesIO(data), 2**30)] == [
        (1, "loss", 2.0),
        (2, "loss", 1.0),
    ]
    assert len(list(scalars(io.BytesIO(data), 1000))) == 1


@given(st.binary(max_size=200))
def test_any_bytes_end(data: bytes) -> None:
    for wrapped in (data, record(data)):
        try:
            list(scalars(io.BytesIO(wrapped), 2**20))
        except ValueError as error:
            assert "no event file" in str(error)


def test_a_first_record_that_is_too_long_is_no_event_file() -> None:
    with pytest.raises(ValueError, match="no event file"):
        list(scalars(io.BytesIO(b"\xff" * 64), 2**20))
