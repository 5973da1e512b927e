"""Vocabulary and merges of a tokenizer file, as digests and as sketches that two files can be
compared by without their tokens.

Read are `tokenizer.json`, `vocab.json`, `vocab.txt`, `merges.txt` and SentencePiece models. A
tokenizer says nothing about weights: labs share tokenizers, and models trained from scratch use
public ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aisbom.source.tree import File, Unreadable
from aisbom.weights import tokens
from aisbom.weights.token_sketch import sketch
from aisbom.weights.tokens import MAX_TOKENS

MAX_READ = 32 * 1024 * 1024

Found = list[tuple[str, str | int | None]]


def facts_of(file: File) -> Found:
    """The facts of one tokenizer file. Raises Unreadable for what is too large or no tokenizer."""
    if file.name == "tokenizer.json":
        return _tokenizers(json.loads(file.text(MAX_READ)))
    if file.name == "vocab.json":
        return _vocabulary(tokens.plain(json.loads(file.text(MAX_READ))))
    if file.name == "vocab.txt":
        return _vocabulary(tokens.lines(file.text(MAX_READ)))
    if file.name == "merges.txt":
        rows = [
            line
            for line in file.text(MAX_READ).split("\n")
            if line and not line.startswith("#version")
        ]
        return _merges(rows)
    return _sentencepiece(file.read(MAX_READ))


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
        return _vocabulary(tokens.numbered(tokens.pieces(data)))
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
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
