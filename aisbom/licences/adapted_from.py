"""What a source file itself says of where its code came from: `adapted from`, `copied from`, `based
on` and their like, and addresses of code, anywhere in its comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.lazy_module import Function, compile_later
from aisbom.licences import code_addresses
from aisbom.licences.comments import line_at, marks
from aisbom.source.text import decode

MAX_ADAPTED = 60
_REACH = 500

_FROM = (
    b"adapted",
    b"copied",
    b"modified",
    b"borrowed",
    b"ported",
    b"taken",
    b"forked",
    b"derived",
    b"based ",
    b"adopted",
    b"extracted",
    b"sourced",
    b"started",
    b"part of",
    b"copy",
    b"stolen",
    b"revised ",
)
_BEHIND = {
    b"revised ": (b"from", b"on top of"),
    b"based ": (b"on", b"upon"),
    b"copy": (b" from", b"-paste", b" paste", b"paste", b"/paste"),
}
"""What has to follow some of these words."""
_BREAK = r"(?:[ \t]*\n[ \t]*(?:#+|//+|\*+)?[ \t]*|[ \t]+)"
_SOURCE = compile_later(
    rf"(?P<verb>adapted|adopted|copied|copy[ /-]?pasted?|copy|stolen|modified|borrowed|ported|taken"
    rf"|forked|derived|extracted|sourced|started|based|part|revised)"
    rf"(?:(?:{_BREAK}|,"
    r"[ \t]*|/)(?:and|or|&|with|modifications?|modified|adapted|copied"
    r"|heavily|directly|mostly|almost|verbatim|partly|"
    rf"partially|slightly|entirely|largely|code|parts?|exactly|over|changes?))*"
    rf"{_BREAK}(?:from|on(?:[ \t]top[ \t]of)?|upon|of)\b[ \t]*:?{_BREAK}?"
    # A line without words may stand before an address: `... is based on the following:`.
    r"(?P<what>[^\n]*(?:(?<=:)[ \t]*\n[ \t]*(?:#+|//+|\*+)?[ \t]*(?=\n))?(?:\n[^\n]*)?)",
    re.IGNORECASE,
)
_URL = compile_later(r"https?://[^\s<>\"'`,;|\\{}]+")
_THIS_LIBRARY = b"implementations in this library"
# Words that may open the sentence before the verb: then what follows is a source even without an
# address.
_OPENING = compile_later(
    r"(?:(?:this|api|templates|the|these|those|following|codes?|file|class|classes|functions?|methods?|module|implementation|kernels?|script|version|logic|"
    r"parts?|portions?|contains?|much|that|which|initially|originally|almost|here|is|was|are|were|has|been|be|below|above|implemented|notes?|most|mostly|heavily|largely|partially|partly|slightly|directly|some|all|"
    r"of|in|it|and|copy|tests?|types?|utility|layer|model|snippet|section|definitions?|\w+\.py|\(\w+\))(?!\w)[\s,:()\-]*+)*+",
    re.IGNORECASE,
)
_THING = compile_later(
    r"[`'\"(\[]*((?:the |an? |original |official |some |early |codes? |from"
    r" )*(?:\.{0,2}/)?[A-Za-z0-9@][\w./@\-]*[\w/](?:(?:'s)? [A-Z0-9][\w./\-]*[\w/])*)"
)
_OF_AN_OWNER = compile_later(r"[A-Za-z][\w\-]{1,40}'s ([a-z][\w\-]*(?:\.\w+)+)")
"""`somebody's norae.core.attend`: the name stands behind its owner."""
_IN_A_PAPER = compile_later(
    r"(?:'s)?(?: [\w\-]+){0,2} (?:in|of|from) (?:the )?"
    r"(?:paper|appendix|algorithm|section|figure|listing)\b",
    re.IGNORECASE,
)
_RELEASE = compile_later(
    rb"^[ \t]*(?:#|//)[ \t]*from ([a-z][\w\-]{2,40}) v?\d+(?:\.\d+)+[ \t]*\.?\r?$", re.MULTILINE
)
_FIND_PAGES = Function("aisbom.licences.written_after", "find_pages")
_AFTER = tuple(word.encode() for word in code_addresses.WRITTEN_AFTER)
_LIBRARIES = frozenset(
    """
    accelerate allennlp deepspeed detectron diffusers espnet fairseq keras mmcv mmdet mmengine
    mmpose mmseg numpy peft pycocotools pytorch scipy sglang sklearn tensorflow timm torchaudio
    torchtext torchvision transformers trl vllm xformers
    """.split()  # noqa: SIM905
)
"""Projects that everybody writes in lower case, as no other word is meant by it."""

_RUNTIME = frozenset(
    {
        "cpu",
        "gpu",
        "cuda",
        "host",
        "device",
        "self",
        "cls",
        "i",
        "it",
        "here",
        "there",
        "http",
        "https",
        "above",
        "below",
    }
)


class SourceComment(NamedTuple):
    """A comment that says where code came from: its line (from 1), the text of that line, the
    source as it is written, and whether it stands above all code and so speaks of the whole file.
    """

    line: int
    text: str
    source: str
    whole: bool


def find_source_comments(data: bytes, low: bytes) -> Iterator[SourceComment]:
    """What `data` says of its sources, in order, each once; `low` is `data` in lower case."""
    named: set[str] = set()
    code = -1
    rows = []
    pages = _FIND_PAGES(data) if any(word in data for word in _AFTER) else ()
    for address in (*code_addresses.find_addresses(data, low), *pages):
        named.add(address.url.rstrip("/"))
        rows.append(SourceComment(*address))
    said = (*_sentences(data, low), *_of_this_library(data, low), *_of_releases(data, low))
    for start, text, source in said:
        if source.rstrip("/") not in named:
            named.add(source.rstrip("/"))
            code = code_addresses.code_starts(data) if code < 0 else code
            rows.append(SourceComment(low.count(b"\n", 0, start) + 1, text, source, start < code))
    yield from sorted(rows)[:MAX_ADAPTED]


def _sentences(data: bytes, low: bytes) -> Iterator[tuple[int, str, str]]:
    """(where the line begins, its text, source) of each comment with one of the verbs."""
    named: set[str] = set()
    places: set[int] = set()
    for word in _FROM:
        behind = _BEHIND.get(word, b"")
        at = low.find(word)
        while at >= 0 and len(places) < 5000:
            if low.startswith(behind, at + len(word)):
                places.add(at)
            at = low.find(word, at + len(word))
    for at in sorted(places):
        # The start of the line; a comment does not run on for longer than this.
        start = low.rfind(b"\n", max(0, at - _REACH), at) + 1
        if not start and at > _REACH:
            continue
        before = _comment_before(data[start:at])
        match = (
            _SOURCE.match(re.sub(r"[ \t]+", " ", data[at : at + _REACH].decode("utf-8", "replace")))
            if before is not None
            else None
        )
        if before is None or not match:
            continue
        opens = _opens(before) and bool(match["verb"].lower() != "based" or before)
        # `Adapted from name`, and no more, is how a project is named.
        source = _source_name(
            match["what"], opens, not before and match["verb"].lower() == "adapted"
        )
        if source and source not in named:
            named.add(source)
            yield start, line_at(data, start).strip(), source
        if len(named) >= MAX_ADAPTED:
            return


def _of_this_library(data: bytes, low: bytes) -> Iterator[tuple[int, str, str]]:
    """The same for `the A and B implementations in this library`: a file that says so was written
    as part of the library that has these.
    """
    at = low.find(_THIS_LIBRARY)
    if at < 0:
        return
    lines = data[max(0, at - _REACH) : at].decode("utf-8", "replace").split("\n")
    words = [word for line in lines for word in line[marks(line) :].split()]
    names: list[str] = []
    while words and (words[-1] == "and" or words[-1][:1].isupper()):
        names.insert(0, words.pop())
    start = low.rfind(b"\n", 0, at) + 1
    if names and names[0] != "and" and _comment_before(data[start:at]) is not None:
        yield start, line_at(data, start).strip(), " ".join((*names, _THIS_LIBRARY.decode()))


def _of_releases(data: bytes, low: bytes) -> Iterator[tuple[int, str, str]]:
    """The same for `from norae 0.6` alone in a comment: the release of a library."""
    for match in _RELEASE.finditer(low) if b" from " in low else ():
        yield match.start(), line_at(data, match.start()).strip(), match[1].decode()


def _opens(before: str) -> bool:
    """Whether the words before the verb are how a sentence about a source begins; a bracket behind
    other words (`Copyright 2023 Norae Labs (modified from ...)`) begins one of its own.
    """
    inside = before.rpartition("(")[2] if before.count("(") > before.count(")") else before
    return bool(_OPENING.fullmatch(before) or _OPENING.fullmatch(inside))


def _comment_before(before: bytes) -> str | None:
    """The words between the comment mark and this place of the line; None where the place is in
    code.
    """
    text = decode(before)
    start = marks(text)
    if text[:start].strip():
        return text[start:].strip()
    for mark in ("#", "//", "/*"):
        code, found, rest = text.partition(mark)
        if found and code.count('"') % 2 == 0 and code.count("'") % 2 == 0:
            return rest.strip()
    # Plain words with no mark before them are no code: the text of a docstring or of a block
    # comment.
    return (
        text.strip()
        if re.fullmatch(r"[\w\s,.:\-/()]*", text) and not re.search(r"\w\(|=|\w\.\w", text)
        else None
    )


def _source_name(what: str, opens: bool, alone: bool) -> str:
    """An address in this line or at the start of the next, else the name of a thing where the
    sentence opens with it.
    """
    first, *rest = what.split("\n")
    if opens and (owned := _OF_AN_OWNER.match(first.strip())):
        return owned[1][:160]
    second = rest[-1][marks(rest[-1]) :] if rest else ""
    url = _URL.search(first)
    if not url and len(first.strip(" :.")) <= 60:
        url = _URL.match(second)
    if url:
        return code_addresses.trim_address(url[0])
    thing = _THING.match(first.strip() or second) if opens else None
    if not thing or _IN_A_PAPER.match(thing.string, thing.end()):
        return ""
    name = re.sub(
        r"^(?:the |an? |original |official |some |early |codes? |from )+",
        "",
        thing[1],
        flags=re.IGNORECASE,
    )
    plain = name.split(" ")[0]
    if not plain[:1].isupper():
        name = plain
    distinct = (
        bool(re.search(r"[A-Z/]|\w\.\w|_|\d", plain))
        or plain in _LIBRARIES
        or (alone and name == thing[1] == first.strip(" .:`'\""))
    )
    return (
        name[:160]
        if distinct and len(plain) > 2 and plain.lower().partition(".")[0] not in _RUNTIME
        else ""
    )
