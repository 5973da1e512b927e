"""Bytes of a manifest to text, whatever encoding it was saved in."""

from __future__ import annotations


def decode(data: bytes) -> str:
    """Text of a manifest: byte-order marks, UTF-16 without one, UTF-8, Korean CP949 where it reads
    as Hangul, else Latin-1.
    """
    for mark, codec in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            body = data[3:] if codec == "utf-8" else data
            return _lines(body.decode(codec, "replace"))
    sample = data[:512]
    if sample.count(0) > len(sample) // 3:
        codec = "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"
        return _lines(data.decode(codec, "replace"))
    try:
        return _lines(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    try:
        korean = data.decode("cp949")
        if any("가" <= character <= "힣" for character in korean):
            return _lines(korean)
    except UnicodeDecodeError:
        pass
    return _lines(data.decode("latin-1"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
