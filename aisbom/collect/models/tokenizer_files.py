"""Vocabulary and merges of a tokenizer file, as digests and as sketches that two files can be
compared by without their tokens.

Read are the JSON of the `tokenizers` library, vocabularies and merges as lists, tiktoken's lists
and SentencePiece models. A tokenizer says nothing about weights: labs share tokenizers, and models
trained from scratch use public ones.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable
from aisbom.weights import tokens
from aisbom.weights.token_sketch import sketch
from aisbom.weights.tokens import MAX_TOKENS

MAX_READ = 32 * 1024 * 1024

Found = list[tuple[str, str | int | None]]


def facts_of(file: File, form: str) -> Found:
    """The facts of one tokenizer file in the format `form`. Raises Unreadable or ValueError for
    what is too large or no tokenizer.
    """
    data = file.read(MAX_READ)
    ending = file.name.rpartition(".")[2]
    # A tree holds the same vocabulary beside each of its models.
    key = hashlib.blake2b(data).digest(), form, ending
    if key not in _READ:
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        _READ[key] = _facts(data, form, ending)
    return list(_READ[key])


_READ: dict[tuple[bytes, str, str], Found] = {}
_MOST_READ = 256


def _facts(data: bytes, form: str, ending: str) -> Found:
    if form == "tokenizers":
        return _tokenizers(json.loads(decode(data)))
    if form == "vocabulary":
        text = decode(data)
        return _vocabulary(
            tokens.plain(json.loads(text)) if ending == "json" else tokens.lines(text)
        )
    if form == "merges":
        text = decode(_whole(data) if ending == "gz" else data)
        rows = [
            line for line in text.split("\n") if line and not line.startswith(("#version", '"bpe_'))
        ]
        return _merges(rows)
    if form == "tiktoken":
        return _vocabulary(tokens.ranks(decode(data)))
    return _sentencepiece(data)


def decompress_gzip(data: bytes, most: int) -> bytes:
    """The first `most` bytes that gzip packed into these; nothing for what is no gzip."""
    try:
        return zlib.decompressobj(_GZIP).decompress(data, most)
    except zlib.error:
        return b""


def _whole(packed: bytes) -> bytes:
    data = decompress_gzip(packed, MAX_READ + 1)
    if len(data) > MAX_READ:
        raise Unreadable(f"larger than {MAX_READ:,} bytes once it is unpacked: not read")
    return data


_GZIP = 31
"""To zlib: a gzip header, and the largest window."""

_PIECE = re.compile(rb"\n[\x02-\x7f]\n[\x01-\x7f]")
_RANK = re.compile(rb"[A-Za-z0-9+/]{1,400}={0,2} \d{1,8}")


def begins_pieces(head: bytes) -> bool:
    """Whether bytes begin like a SentencePiece model: messages of a text and a score, the first of
    which is short.
    """
    length = head[1] if len(head) > 1 else 0
    # The message: 1 the text (0x0a), 2 the score (0x15, four bytes), 3 what kind it is.
    inner = head[2 : 2 + length]
    return (
        bool(_PIECE.match(head))
        and len(inner) == length
        and inner[2 + inner[1] : 3 + inner[1]] == b"\x15"
        and head[2 + length : 3 + length] == b"\n"
    )


def begins_ranks(head: bytes) -> bool:
    """Whether bytes begin like tiktoken's list: a token in base64 and its number on each line."""
    rows = head.split(b"\n")[:-1][:20]
    return len(rows) >= _ROWS and all(_RANK.fullmatch(row.rstrip(b"\r")) for row in rows)


_ROWS = 8


def _tokenizers(data: Any) -> Found:
    model = data.get("model") if isinstance(data, dict) else None
    if not isinstance(model, dict):
        return []
    merges = model.get("merges")
    rows = (
        [" ".join(row) if isinstance(row, list) else row for row in merges]
        if isinstance(merges, list)
        else []
    )
    kind = model.get("type")
    found: Found = [("tokenizer-model", kind[:40] if isinstance(kind, str) else "")]
    return (
        found
        + _vocabulary(tokens.tokenizers(data))
        + _merges([row for row in rows if isinstance(row, str)])
    )


def _sentencepiece(data: bytes) -> Found:
    try:
        return _vocabulary(tokens.number_texts(tokens.pieces(data)))
    except ValueError as error:
        raise Unreadable(f"not a SentencePiece model: {error}") from error


def _vocabulary(table: Mapping[str, int]) -> Found:
    if not table or len(table) > MAX_TOKENS:
        return []
    lines = sorted(f"{number}\0{token}\n" for token, number in table.items())
    return [
        ("vocabulary", len(table)),
        ("vocabulary-digest", _digest(lines)),
        ("vocabulary-sketch", sketch(table)),
    ]


def _merges(rows: Sequence[str]) -> Found:
    if not rows or len(rows) > MAX_TOKENS:
        return []
    return [
        ("merges", len(rows)),
        ("merges-digest", _digest(f"{row}\n" for row in rows)),
        ("merges-sketch", sketch(rows)),
    ]


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
