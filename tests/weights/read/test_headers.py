"""Headers that are looked at in a faster way than entry by entry: the answer is that of the slow
way.
"""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights.read import gguf
from aisbom.weights.read.reader import open_source
from aisbom.weights.read.source import Cursor, Memory


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from(
                [b"", b"\0" * 7, b"\x05" + b"\0" * 7, b"a" * 255, b"b" * 256, b"c" * 70_000]
            ),
        )
    )
)
@settings(max_examples=60)
def test_a_vocabulary_is_passed_as_if_text_by_text(texts):
    data = (
        b"".join(struct.pack("<Q", len(text)) + text for text in texts)
        + b"\x07"
        + bytes(7)
        + b"behind"
    )
    before = gguf._MANY, gguf._STEPS, gguf._BLOCK
    gguf._MANY, gguf._STEPS, gguf._BLOCK = 0, 1, 1000
    try:
        source = Memory(data)
        cursor = Cursor(source)
        gguf._pass_texts(cursor, source, 8, len(texts))
    finally:
        gguf._MANY, gguf._STEPS, gguf._BLOCK = before
    assert cursor.at == len(data) - 14


_ENTRY = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"a":{_ENTRY},"a":{_ENTRY}}}',
        f'{{"a":{{}},"a":{_ENTRY}}}',
        f'{{"a":{_ENTRY},"\\u0061":{_ENTRY}}}',
        f'{{"__metadata__":{{"k":"v","k":"w"}},"a":{_ENTRY}}}',
        f'{{"__metadata__":{{"k":"{{"}},"__metadata__":{{"k":"v"}},"a":{_ENTRY}}}',
        '{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    ],
)
def test_the_same_name_twice_is_refused_however_it_is_written(text):
    raw = text.encode()
    data = struct.pack("<Q", len(raw)) + raw + bytes(4)
    with pytest.raises(ValueError, match="same name twice"):
        open_source(Memory(data), "x.safetensors", lambda _: None)
