"""Keys under which names, hosts and licence words are looked up: what differs only in writing has
one key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from aisbom.knowledge.rows import Organisation

_YEARS = r"(?:19|20)\d\d\b(?:\s*[-–]\s*(?:(?:19|20)?\d\d\b(?![.-])|present\b)?)?"
_LEAD = re.compile(
    rf"^(?:(?:spdx-filecopyrighttext:|copyright\b|©|\(c\)|by\b|{_YEARS})[\s:,.]*)+", re.IGNORECASE
)
_TAIL = re.compile(
    r"(?:(?<![\s,.;])[\s,.;]++)?+(?:all rights? reserved|rights reserved"
    r"|(?:and|or|and/or|&) its affiliates|and affiliates"
    r"|and (?:all |other |individual |the )?(?:its )?contributors|and others|et al)[\s.]*+$",
    re.IGNORECASE,
)
# A second holder that transformers adds to every file, whoever wrote the model.
_SECOND = re.compile(
    r"(?:(?<![\s,])[\s,]++)?+(?:and|&) (?:the )?hugging ?face(?:,? inc\.?)?"
    r"(?: team(?:s)?)?[\s.]*+$",
    re.IGNORECASE,
)
# What the three above may take away has one of these words in it; most names have none.
_TRIMMED = re.compile(
    r"copyright|©|\(c\)|\bby\b|\d{4}|reserved|affiliates|contributors|others|et al|hugging",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"(?: (?:incorporated|inc|llc|ltd|limited|corp|corporation|co|company|gmbh|ag|se|sas|sa|bv|nv"
    r"|plc|pbc|kk|pvt|pte|oy|ab|sro)){1,6}$"
)
_WORD = re.compile(r"[^\w&+]+")
_LICENCE = re.compile(r"[^\w.+]+")


def holder(text: str) -> str:
    """The holder in a copyright line: without years, the word copyright, and what every line says
    after the name.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if not _TRIMMED.search(text):
        return text
    text = _LEAD.sub("", text)
    for _ in range(4):
        shorter = _TAIL.sub("", text).strip()
        cut = _SECOND.sub("", shorter).strip()
        if cut:
            shorter = cut
        if shorter == text or not shorter:
            break
        text = shorter
    return text


def key(text: str) -> str:
    """The key of a name of an organisation: case, punctuation, accents' composition and a leading
    article do not count.
    """
    words = _WORD.sub(" ", _plain(text)).strip()
    return words[4:] if words.startswith("the ") else words


def code_project(kind: str, name: str) -> str:
    """The key of what files call a project of code: a comment writes a name as the project does, a
    copyright line as it likes.
    """
    return key(holder(name)) if kind == "notice" else name


def bare(name: str) -> str:
    """A key without its legal form (`upstage co ltd` -> `upstage`)."""
    return _SUFFIX.sub("", name)


def licence(text: str) -> str:
    """The key of the words of a licence field."""
    words = _LICENCE.sub(" ", _plain(text).replace("licence", "license")).strip(" .")
    return words[4:] if words.startswith("the ") else words


def package(name: str) -> str:
    """The name of a package as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _plain(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def owners(row: Organisation) -> Iterator[tuple[str, str]]:
    """The accounts of a row as (host, key)."""
    for host, accounts in (
        ("github", row.github),
        ("gitlab", row.gitlab),
        ("gitee", row.gitee),
        ("hub", row.hub),
    ):
        for account in accounts:
            yield host, account.casefold()


def signatures(row: Organisation) -> Iterable[str]:
    """The keys of the names under which a row signs, each once. A name in brackets (`X (Y)`) is for
    the reader only.
    """
    name = row.name.partition(" (")[0] if "(" in row.name else row.name
    texts = [name, *row.aliases, *row.holders]
    texts += [short for text in row.holders if (short := holder(text)) != text]
    return dict.fromkeys(one for one in map(key, texts) if one)
