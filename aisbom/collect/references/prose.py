"""What documents and comments say in words: from what a model was made, which data sets, which
hosted services.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from aisbom.collect.models import card_prose
from aisbom.collect.models.base_statements import statements
from aisbom.collect.references import data_words, service_sentences
from aisbom.collect.references.rows import Source
from aisbom.lazy_module import Module, compile_later
from aisbom.model import Location, Observation, Row, facts

_INSTRUCTS = re.compile(
    r"\b(?:if|to|you|your|can|could|how|run|script|option\w*|either|let's|support\w*|whether|example"
    r"|other|others|they|their|it'?s possible|baselines?|ablat\w*|paper)\b"
    r"|\b(?:train|training|trains)\b[^.]{0,80}?\bfrom[ -]scratch"
    r"|(?:하려면|하고 싶|할 수|경우|하는 방법|如果|可以|如何|若要|想要|场合|場合|には|たい|方法)",
    re.IGNORECASE,
)
"""`To train from scratch, run`: how it is done, and no word on what was done."""
_OF_DATA = compile_later(
    r"^(?:task_categories|task_ids|size_categories|dataset_info|annotations_creators)[ \t]*:",
    re.MULTILINE,
)
"""A key that only the card of a data set has."""
_OF_SETS = re.compile(r"(?:.*[/_\-])?data_?sets?(?:_(?:config|list|paths))?\.ya?ml")
"""Settings of nothing but data sets."""
MAX_DECLARED = 20
_EXAMPLES = ("_KEY", "_TOKEN", "_SECRET", "--", "download", "wget", "ollama")
"""One of these is in a document that shows a command or a key."""
examples = Module("aisbom.collect.references.examples")

Line = Callable[[int], Location]
"""Where a line is."""


def of_document(text: str, source: Source, line: Line, matter: str = "") -> Iterator[Row]:
    """The rows of a Markdown text. Behind the front `matter` of a card the reader of cards tells
    how the model began, and what a card of data was made with is no part of a model.
    """
    lines = text.split("\n")
    skip = matter.count("\n") + 2 if matter else 0
    for base in statements(text, skip) if not _OF_DATA.search(matter) else ():
        words = lines[base.line - 1].strip()
        yield from source.base(base.name, line(base.line), words, base.words, base.part)
    yield from _beginnings(text, source, line) if not matter else ()
    for data in data_words.of_document(text):
        words = lines[data.line - 1].strip()
        by = "list" if data.listed else "text"
        yield from source.dataset(data.text, line(data.line), words, named_by=by)
    yield from of_folders(text, source, line)
    if any(word in text for word in _EXAMPLES):
        yield from examples.rows(lines, source, line)
    for said in service_sentences.find_service_mentions(text):
        more = {"endpoint": said.name} if said.how == "host" else {"model": said.name}
        name, words = said.name.partition(":")[0], lines[said.line - 1].strip()
        yield from source.service(name, said.how, line(said.line), words, named_by="text", **more)


def _beginnings(text: str, source: Source, line: Line) -> Iterator[Row]:
    """What a document says of how a model began: from scratch, and beside that from what else."""
    if not card_prose.may_tell_of_scratch(text):
        return
    told = [
        one for one in card_prose.read_prose(text) if one.kind in ("from-scratch", "taken-over")
    ]
    declared = [
        one for one in told if one.kind == "from-scratch" and not _INSTRUCTS.search(one.text)
    ]
    others = [one for one in told if one.kind == "taken-over"] if declared else []
    for one in [*declared[:MAX_DECLARED], *others[:MAX_DECLARED]]:
        seen = source.evidence(line(one.line), one.text, "low")
        yield Observation("credit", "", "", "", seen, facts((one.kind, one.text)))


def of_comments(text: str, source: Source, line: Line, path: str) -> Iterator[Row]:
    """The rows of the comments and folders in code and settings at `path`."""
    lines = text.split("\n")
    for data in data_words.of_comments(text, path):
        words = lines[data.line - 1].strip()
        yield from source.dataset(data.text, line(data.line), words, named_by="text")
    for data in data_words.of_keys(text) if _OF_SETS.fullmatch(path) else ():
        words, by = lines[data.line - 1].strip(), "path" if data.path else "key"
        yield from source.dataset(data.text, line(data.line), words, named_by=by)
    yield from of_folders(text, source, line)


def of_folders(text: str, source: Source, line: Line) -> Iterator[Row]:
    """The folders of data that a text names."""
    lines = text.split("\n")
    for data in data_words.of_paths(text):
        words = lines[data.line - 1].strip()
        yield from source.dataset(data.text, line(data.line), words, named_by="path")
