"""Tokenizers: the files that libraries look for by name, and files of any name that hold one, by
their contents.

Told apart are the JSON of the `tokenizers` library, SentencePiece models, tiktoken's lists of
base64, and lists of merges. A list of words under any other name is no tokenizer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.models import hub, tokenizer_files
from aisbom.collect.models.tokenizer_files import Found
from aisbom.model import Evidence, Gap, Observation, Row, Technique, facts
from aisbom.source.faults import fault
from aisbom.source.tree import File, Unreadable

NAME = "tokenizers"

_NAMED = {
    "tokenizer.json": "tokenizers",
    "tokenizer.model": "sentencepiece",
    "vocab.json": "vocabulary",
    "vocab.txt": "vocabulary",
    "merges.txt": "merges",
}
# Lists that any program may have: they are a tokenizer's only beside its other files.
_LISTS = frozenset({"vocab.json", "vocab.txt", "merges.txt"})
_BESIDE = frozenset({"tokenizer_config.json", "config.json"})

_HEAD = 16 * 1024
_KEYS = re.compile(
    rb'"(truncation|padding|added_tokens|normalizer|pre_tokenizer|post_processor|decoder)"\s*:'
)
_MERGES = (b"#version: ", b'"bpe_simple_vocab')
"""How lists of merges begin, that of CLIP too."""
_ENOUGH = 3
"""So many keys of a `tokenizer.json` in its first bytes tell it from other JSON."""


def collect(file: File) -> Iterator[Row]:
    """A sighting of a tokenizer, by what its file holds."""
    named = file.name in _NAMED
    if file.name in _LISTS and not _BESIDE & set(file.siblings()):
        return  # a list of words of some other program
    pointed = hub.pointer(file)
    if pointed and (named or file.name.endswith(".tiktoken")):
        form = _NAMED.get(file.name, "tiktoken")
        yield Gap(NAME, file.at(), "only a pointer is here: tokenizer not examined")
        told = (("hash", f"sha256:{pointed[0]}"), ("lfs", "yes"), ("size", pointed[1]))
        yield _observation(file, [*told, ("format", form)], "filename")
        return
    form = _NAMED[file.name] if named else _form(file)
    if not form:
        return
    found: Found = [("size", file.size), ("format", form)]
    held: Found = []
    try:
        held = tokenizer_files.facts_of(file, form)
    except RecursionError:
        yield Gap(NAME, file.at(), "nested too deeply: its vocabulary is not read")
    except (Unreadable, ValueError) as error:
        if form == "sentencepiece" and not named:
            return  # the first bytes of another message
        words = fault(error)
        yield Gap(NAME, file.at(), f"its vocabulary cannot be read: {words}")
    if not named:
        found.append(("file-kind", "tokenizer"))
    if held or file.name in ("tokenizer.json", "tokenizer.model"):
        yield _observation(file, [*found, *held], "filename" if named else "binary-analysis")


def _form(file: File) -> str:
    """The format of a file of another name, by its first bytes; `""` for anything else."""
    head = file.head(_HEAD)
    if file.name.endswith(".gz"):
        return "merges" if tokenizer_files.decompress_gzip(head, _HEAD).startswith(_MERGES) else ""
    if file.name.endswith(".json"):
        keys = set(_KEYS.findall(head)) if head.lstrip()[:1] == b"{" else set()
        return "tokenizers" if len(keys) >= _ENOUGH else ""
    if head.startswith(_MERGES) and b"\n" in head:
        return "merges"
    if head.startswith(b"\n") and tokenizer_files.begins_pieces(head):
        return "sentencepiece"
    return "tiktoken" if tokenizer_files.begins_ranks(head) else ""


def _observation(file: File, found: Found, technique: Technique) -> Observation:
    name, version, _, model = hub.identity(file)
    return Observation(
        # A tokenizer is a part of a model: it must not share the model's package URL.
        "tokenizer",
        name,
        version,
        "",
        Evidence(NAME, technique, "high", file.at(), file.name),
        facts(*found, model_id=model),
    )


COLLECTOR = get_collector(NAME)
