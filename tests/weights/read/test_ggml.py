"""K types: the decoder against the layout that the format publishes, value by value, and a
quantiser's output against what went in.
"""

from __future__ import annotations

import struct

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aisbom.weights.read import ggml


def _half(data, at):
    return struct.unpack_from("<e", data, at)[0]


def _q4_k(b):
    """`block_q4_K`: d, dmin, 12 bytes of 6-bit scales and minima, 128 bytes of nibbles; two runs of
    32 values share 32 bytes.
    """
    d, least = _half(b, 0), _half(b, 2)
    scales, out = b[4:16], []
    for run in range(8):
        if run < 4:
            sc, mn = scales[run] & 63, scales[run + 4] & 63
        else:
            sc = scales[run + 4] & 15 | (scales[run - 4] >> 6) << 4
            mn = scales[run + 4] >> 4 | (scales[run] >> 6) << 4
        for n in range(32):
            byte = b[16 + run // 2 * 32 + n]
            out.append(
                np.float32(d) * np.float32(sc) * np.float32(byte >> 4 if run % 2 else byte & 15)
                - np.float32(least) * np.float32(mn)
            )
    return out


def _q6_k(b):
    """`block_q6_K`: 128 bytes of lower nibbles, 64 of upper two bits, 16 signed scales, d; halves
    of 128 values.
    """
    d, out = _half(b, 208), [np.float32(0)] * 256
    for half in range(2):
        low, high, scales = (
            b[64 * half :],
            b[128 + 32 * half :],
            np.frombuffer(b[192 + 8 * half : 200 + 8 * half], np.int8),
        )
        for n in range(32):
            codes = [low[n] & 15, low[n + 32] & 15, low[n] >> 4, low[n + 32] >> 4]
            for run, code in enumerate(codes):
                q = (code | (high[n] >> 2 * run & 3) << 4) - 32
                out[128 * half + 32 * run + n] = (
                    np.float32(d) * np.float32(scales[2 * run + n // 16]) * np.float32(q)
                )
    return out


@given(
    st.binary(min_size=210, max_size=210), st.floats(-8, 8, width=16), st.floats(-8, 8, width=16)
)
@settings(max_examples=50)
def test_k_types_are_decoded_as_their_layout_says(data, d, least):
    q4 = struct.pack("<ee", d, least) + data[:140]
    q6 = data[:208] + struct.pack("<e", d)
    for name, block, slow in (("Q4_K", q4, _q4_k), ("Q6_K", q6, _q6_k)):
        found = np.frombuffer(ggml.floats(name, block), "<f4")
        np.testing.assert_allclose(found, np.array(slow(block), np.float32), rtol=1e-5, atol=1e-5)
