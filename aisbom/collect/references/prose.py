"""What documents and comments say in words: from what a model was made, which data sets, which
hosted services.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aisbom.collect.models.base_statements import statements
from aisbom.collect.references import data_words, service_sentences
from aisbom.collect.references.rows import Source
from aisbom.model import Location, Row

Line = Callable[[int], Location]
"""Where a line is."""


def of_document(text: str, source: Source, line: Line, *, bases: bool = True) -> Iterator[Row]:
    """The rows of a Markdown text; without `bases` where a reader of cards tells of those."""
    lines = text.split("\n")
    for base in statements(text) if bases else ():
        words = lines[base.line - 1].strip()
        yield from source.base(base.name, line(base.line), words, base.words, base.part)
    for data in data_words.of_document(text):
        words = lines[data.line - 1].strip()
        yield from source.dataset(data.text, line(data.line), words, named_by="text")
    yield from of_folders(text, source, line)
    for said in service_sentences.said(text):
        more = {"endpoint": said.name} if said.how == "host" else {"model": said.name}
        name, words = said.name.partition(":")[0], lines[said.line - 1].strip()
        yield from source.service(name, said.how, line(said.line), words, named_by="text", **more)


def of_comments(text: str, source: Source, line: Line, path: str) -> Iterator[Row]:
    """The rows of the comments and folders in code and settings at `path`."""
    lines = text.split("\n")
    for data in data_words.of_comments(text, path):
        words = lines[data.line - 1].strip()
        yield from source.dataset(data.text, line(data.line), words, named_by="text")
    yield from of_folders(text, source, line)


def of_folders(text: str, source: Source, line: Line) -> Iterator[Row]:
    """The folders of data that a text names."""
    lines = text.split("\n")
    for data in data_words.of_paths(text):
        words = lines[data.line - 1].strip()
        yield from source.dataset(data.text, line(data.line), words, named_by="path")
