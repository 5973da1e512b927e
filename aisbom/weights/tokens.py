"""Which row of an embedding stands for which text: the vocabulary of a tokenizer beside the
weights, or inside a GGUF file.

Read are `tokenizer.json`, `vocab.json`, `vocab.txt`, SentencePiece models and the token list of
GGUF. Each is data; no tokenizer is built.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from aisbom.weights.read import gguf
from aisbom.weights.read.protobuf import Walk
from aisbom.weights.read.source import Disk, Memory

MAX_READ = 64 * 1024 * 1024
MAX_TOKENS = 2_000_000
FILES = ("tokenizer.json", "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model")
"""Names of vocabularies; the first that is there counts."""

Table = dict[str, int]
"""The number of each token."""


def beside(files: Sequence[Path], form: str) -> tuple[Table, str]:  # noqa: PLR0911
    """(vocabulary, what it was read from) of a checkpoint in these files, (empty, why) without one:
    "" where there simply is none.
    """
    if not files:
        return {}, ""
    if form == "gguf":
        try:
            source = Disk(files[0])
            try:
                return number_texts(gguf.tokens(source, MAX_TOKENS)), files[0].name
            finally:
                source.close()
        except ValueError as error:
            return {}, f"{files[0].name}: its tokens are not read: {error}"
    path = next((p for name in FILES if (p := files[0].parent / name).is_file()), None)
    if path is None:
        return {}, ""
    try:
        if path.stat().st_size > MAX_READ:
            raise ValueError(f"larger than {MAX_READ:,} bytes")
        return table(path.name, path.read_bytes()), path.name
    except OSError as error:
        return {}, f"{path.name}: cannot be read: {error.strerror}"
    except (ValueError, RecursionError) as error:
        return {}, f"{path.name}: its tokens are not read: {str(error).splitlines()[0][:200]}"


def table(name: str, data: bytes) -> Table:
    """The vocabulary in a file of one of these names. Raises ValueError (RecursionError for nested
    JSON) for what is none.
    """
    if name.endswith(".model"):
        return number_texts(pieces(data))
    text = data.decode("utf-8")
    if name == "vocab.txt":
        return lines(text)
    found = json.loads(text)
    return plain(found) if name == "vocab.json" else tokenizers(found)


def tokenizers(data: Any) -> Table:
    """That of a `tokenizer.json`: the model's, with the added tokens; empty for another
    document.
    """
    model = data.get("model") if isinstance(data, dict) else None
    if not isinstance(model, dict):
        return {}
    vocabulary = model.get("vocab")
    if isinstance(vocabulary, list):  # a Unigram model: [token, score] in the order of their ids
        found = number_texts(
            [
                row[0]
                for row in vocabulary
                if isinstance(row, list) and row and isinstance(row[0], str)
            ]
        )
    else:
        found = plain(vocabulary)
    added = data.get("added_tokens")
    for row in added if isinstance(added, list) else []:
        if (
            isinstance(row, dict)
            and isinstance(row.get("content"), str)
            and isinstance(row.get("id"), int)
        ):
            found.setdefault(row["content"], row["id"])
    return found


def plain(data: Any) -> Table:
    """What of a table are numbers; empty for anything else."""
    if not isinstance(data, dict):
        return {}
    return {
        token: number
        for token, number in data.items()
        if isinstance(number, int) and not isinstance(number, bool)
    }


def lines(text: str) -> Table:
    """That of a `vocab.txt`."""
    return {token: number for number, token in enumerate(text.split("\n")) if token}


def ranks(text: str) -> Table:
    """That of tiktoken's list, `<base64 of the bytes> <number>` a line, spelled as byte-level BPE
    spells bytes. Raises ValueError for another text.
    """
    letters = _byte_letters()
    found = {}
    for line in text.split("\n"):
        if line.strip():
            coded, _, number = line.strip().partition(" ")
            raw = base64.b64decode(coded, validate=True)
            found["".join(letters[byte] for byte in raw)] = int(number)
    return found


@cache
def _byte_letters() -> tuple[str, ...]:
    """The letter for each byte in the vocabularies of byte-level BPE (GPT-2): printable ones stand
    for themselves, the others for letters from U+0100 on.
    """
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    table = {byte: chr(byte) for byte in shown}
    table |= {byte: chr(0x100 + number) for number, byte in enumerate(hidden)}
    return tuple(table[byte] for byte in range(256))


def pieces(data: bytes) -> list[str]:
    """The pieces of a SentencePiece ModelProto: 1 pieces (repeated: 1 piece, 2 score, 3 type).
    Raises ValueError for anything else.
    """
    walk = Walk(Memory(data))
    # Twice over: a message that is walked while its parent is would move the reader.
    held = [field for field in walk.fields() if field.number == 1 and field.wire == 2]
    found = []
    for field in held[:MAX_TOKENS]:
        texts = [
            inner
            for inner in walk.fields(field.value, field.size)
            if inner.number == 1 and inner.wire == 2
        ]
        found += [walk.text(inner, 4096) for inner in texts[:1]]
    return found


def number_texts(texts: Sequence[str]) -> Table:
    """Texts by their place; of equal ones the last counts."""
    return {token: number for number, token in enumerate(texts)}
