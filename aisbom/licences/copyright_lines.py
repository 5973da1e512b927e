"""Copyright lines: who is named, as the line says it, without years, addresses and formulas.
Templates and code name nobody.
"""

from __future__ import annotations

import re

from aisbom.lazy_module import compile_later

_LONGEST = 400
_YEAR = r"(?:19|20)\d\d"
_YEARS = (
    rf"{_YEAR}(?:\s*(?:[-–—,/&]|and|to)\s*(?:{_YEAR}|\d\d\b|present|now|today|current))*"
    r"\s*+[-–—+]?+"
)
_MARK = r"(?:\(c\)|©|&copy;)"

_LABEL = compile_later(r"SPDX-(?:FileCopyrightText|SnippetCopyrightText)\s*:\s*", re.IGNORECASE)
_WORD = compile_later(r"\bcopyrights?\b(?![-_/\\])", re.IGNORECASE)
_BARE_MARK = compile_later(rf"(?:^|(?<=[\s:.;]))(?:©\s*|\(c\)\s*(?={_YEAR}))", re.IGNORECASE)
_SHOWN = compile_later(rf"\s*+(?:[,:]\s*+)?(?:{_MARK}|{_YEAR})", re.IGNORECASE)
_FORMULA = compile_later(rf"{_MARK}|{_YEAR}", re.IGNORECASE)
_LEAD = compile_later(
    rf"[\s,:.]*(?:(?:{_MARK}|copyright|{_YEARS}|by\b|authors?\s*:)[\s,:.]*)*", re.IGNORECASE
)
# Words that may stand before the notice on its line.
_BEFORE = compile_later(
    r"(?:(?:portions?|parts?|modifications?|additions?|some|all|original|the|this|code|file|source|work|contents?|of|is|are|and|with|"
    r"license[ds]?|mit|bsd|apache|changes|made|by)\b[\s,:()\-]*+|[\s,:()\-\"'*•]++)*+",
    re.IGNORECASE,
)
# What follows the word where it speaks of copyright instead of stating one.
_SPEAKS_OF = frozenset(
    {
        "a",
        "above",
        "act",
        "all",
        "an",
        "and",
        "any",
        "applicable",
        "are",
        "as",
        "assignment",
        "attribution",
        "be",
        "belongs",
        "by",
        "can",
        "check",
        "checks",
        "claim",
        "claims",
        "comment",
        "comments",
        "date",
        "detection",
        "disclaimer",
        "disclaimers",
        "for",
        "from",
        "has",
        "have",
        "header",
        "headers",
        "held",
        "holder",
        "holders",
        "if",
        "in",
        "info",
        "information",
        "infringement",
        "interest",
        "interests",
        "is",
        "it",
        "its",
        "law",
        "laws",
        "legend",
        "licence",
        "licences",
        "license",
        "licensed",
        "licenses",
        "line",
        "lines",
        "material",
        "may",
        "must",
        "notice",
        "notices",
        "of",
        "on",
        "or",
        "owned",
        "owner",
        "owners",
        "ownership",
        "pages",
        "permission",
        "protected",
        "protection",
        "registration",
        "remains",
        "right",
        "rights",
        "section",
        "shall",
        "should",
        "statement",
        "statements",
        "string",
        "symbol",
        "tag",
        "tags",
        "template",
        "text",
        "that",
        "this",
        "to",
        "treaties",
        "treaty",
        "under",
        "was",
        "were",
        "which",
        "will",
        "with",
        "work",
        "works",
        "year",
        "years",
    }
)
_END = compile_later(
    r"(?:\ball rights? (?:are )?reserved|\brights reserved|\ball(?: rights?)?$|\b(?:is )?licensed"
    r" under|\breleased under|"
    r"\bdistributed under|\bunder the\b|\bthis"
    r" (?:file|source|code|software|program|work|product|project|library)\b|\buse of this\b|"
    r"\bsee (?:the )?(?:accompanying |file )?(?:licen|copying|notice|authors)|\bpermission"
    r" is|https?://|\bwww\.|\bspdx-|"
    r"(?<=\w\w)\.\s+(?:developed|written|created|maintained|contributed|originally|portions)\b|"
    r"\b(?:MIT|Apache|BSD) licen|\bfor (?:more )?licens|\*/|-->|\"\"\"|''').*$",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = compile_later(
    r"(?:(?<!\s)\s++)?+"
    r"(?:<[^<>]*>|\([^()]*@[^()]*\)|[^\s@]{1,100}+@[\w\-]+\.[\w.\-]+|\[[^\[\]]*@[^\[\]]*\])"
)
_CONTRIBUTORS = compile_later(
    r",? ?(?:and|&) (?:its |the |other |all |individual |open source )*contributors?$",
    re.IGNORECASE,
)
_WRITERS = compile_later(r"(?<=\w|\.)[ \t]?\(authors?[ \t]?:[^()]*\)?[ \t.]*$", re.IGNORECASE)
_WRITERS_ALONE = compile_later(r"^[ \t]*\(authors?[ \t]?:", re.IGNORECASE)
_TEMPLATE = compile_later(
    r"(?<![\[{<(%$])[\[{<(%$]++\s*+(?:yyyy|yy\b|year|date|first year|full"
    r" ?name|name|author(?!s?\s*:)|owner|copyright|holder|organi[sz]ation|company|project|your|"
    r"pub|version)|\byyyy\b|\bYEAR\b|\byour name\b|\bname of (?:the"
    r" )?(?:author|copyright|owner)|\bXXXX\b|%[sd]\b|\\[dsw][+*{]|\(\?[:P]|"
    r"\[\^|\.\*|\{\}|\{\w*\}",
    re.IGNORECASE,
)
_CODE = compile_later(r"\s*(?:=|\+=|\(\)|\[|\{|\)|\]|\.\w|->|=>|[:,]\s*[\"'\[{]|\"|')")
# Words of a sentence: whoever is named by one is nobody. Names that a person or an organisation
# bears (`May`, `IS`) are written with a capital where the line has small letters at all.
_SENTENCE = compile_later(
    r"(?:^|[\s(])(?:is|are|be|been|was|were|shall|must|may|not|will|can|hereby|whether|any|such|which"
    r"|that|those|explicit|written|permission|considerations|warrant(?:y|ies)|liability|liable"
    r"|damages|notices?|or other|rights?|trademark|event|infringement)(?=[\s.,;)]|$)"
)
_EDGES = " .,;:*/#-–—'\"\\|("
_TRAILING_YEARS = compile_later(rf"(?<![\s,(])[\s,(]++{_YEARS}[\s)]*+$", re.IGNORECASE)


def holder(text: str) -> str | None:
    """Who the notice in `text` names: a name, `""` if it goes on in the next line, None if there is
    no notice.

    `text` is one line without its comment marks.

    >>> holder("Copyright (c) 2019-2021, Some Company. All rights reserved.")
    'Some Company'
    """
    text = text[:_LONGEST]
    label = _LABEL.match(text)
    rest = text[label.end() :] if label else _after_word(text)
    if rest is None:
        return None
    lead = _LEAD.match(rest)
    marked = bool(label or (lead and _FORMULA.search(lead[0])) or _BARE_MARK.search(text))
    if _TEMPLATE.search(rest):
        return None
    named = rest[lead.end() :] if lead else rest
    if not marked and not _states(named):
        return None
    return clean_holder(named)


def _after_word(text: str) -> str | None:
    """The text behind the word or sign that begins a notice."""
    found = _WORD.search(text)
    if found:
        rest = text[found.end() :]
        if _CODE.match(rest):
            return None
        # In the middle of a line only a year or the sign shows that this is a notice.
        return rest if _BEFORE.fullmatch(text, 0, found.start()) or _SHOWN.match(rest) else None
    mark = _BARE_MARK.search(text)
    return text[mark.end() :] if mark else None


def _states(named: str) -> bool:
    """Whether words without year or sign read as a name."""
    word = re.split(r"[\s,.;:]", named, maxsplit=1)[0]
    return (
        bool(word)
        and word.lower() not in _SPEAKS_OF
        and (word[0].isupper() or word.lower() in ("contributors", "the"))
    )


def clean_holder(named: str) -> str:
    """A holder's name out of the text behind the years; `""` if nothing is left. A path names
    nobody.
    """
    if named.lstrip().startswith(("/", "\\", "~")):
        return ""
    name = _END.sub("", _ADDRESS.sub("", named))
    if "(author" in name.lower():
        # `Acme Inc (authors: ...)`: who wrote it is not who holds it, where a line names both.
        name = _WRITERS_ALONE.sub("", _WRITERS.sub("", name) or name)
    name = _TRAILING_YEARS.sub("", name.strip())
    name = _CONTRIBUTORS.sub("", " ".join(name.split()).strip(_EDGES))
    name = name.strip(_EDGES)
    if name.count(")") > name.count("("):
        name = name.rstrip(_EDGES + ")")
    name = name[:200].rstrip(_EDGES)
    if _SENTENCE.search(name.lower() if name.isupper() and name.count(" ") > 2 else name):
        return ""
    return name if sum(character.isalpha() for character in name) >= 2 else ""


def goes_on(text: str) -> bool:
    """Whether a notice's line ends in the middle of its list of names."""
    return bool(re.search(r"(?:,|&|\band|\bby)\s*$", text, re.IGNORECASE))
