from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.source import resumable

needed = pytest.mark.skipif(
    resumable.start() is None, reason="the library whose state can be written down is not here"
)


@needed
@given(st.binary(max_size=2000), st.integers(0, 30))
def test_a_digest_through_a_written_state_is_that_of_hashlib(data: bytes, blocks: int) -> None:
    first = resumable.start()
    assert first is not None
    done = min(blocks * resumable.BLOCK, len(data) // resumable.BLOCK * resumable.BLOCK)
    first.update(data[:done])
    second = resumable.resume_digest(first.state(), done)
    assert second is not None
    second.update(data[done:])
    assert second.hexdigest() == second.hexdigest() == hashlib.sha256(data).hexdigest()


@needed
@given(st.binary(min_size=100, max_size=120), st.integers(-64, 2**61))
def test_bytes_that_are_no_state_are_refused(state: bytes, done: int) -> None:
    assert resumable.resume_digest(state, done) is None


@needed
def test_a_state_of_another_length_is_refused() -> None:
    running = resumable.start()
    assert running is not None
    running.update(bytes(128))
    assert resumable.resume_digest(running.state(), 64) is None
    assert resumable.resume_digest(running.state(), 128) is not None
