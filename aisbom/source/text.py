"""Bytes of a manifest to text, whatever encoding it was saved in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


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
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def lines_with(words: Iterable[str], text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold one of the words, in order, each with its number from 1. Where few do,
    that is many times as fast as to look at every line.
    """
    starts: set[int] = set()
    for word in words:
        at = text.find(word)
        while at >= 0:
            starts.add(text.rfind("\n", 0, at) + 1)
            end = text.find("\n", at)
            at = text.find(word, end) if end >= 0 else -1
    number, last = 1, 0
    for start in sorted(starts):
        number += text.count("\n", last, start)
        last = start
        end = text.find("\n", start)
        yield number, text[start : end if end >= 0 else len(text)]
